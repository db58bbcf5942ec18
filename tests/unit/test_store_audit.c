/* Questions about everyone, and sums by day: what is answered, and that the
 * ones which must not look at whole tables do not. */
#include "store/audit.h"
#include "store/consents.h"
#include "store/counters.h"
#include "store/decisions.h"
#include "store/devices.h"
#include "store/receipts.h"
#include "store.h"

#define DAY_S 86400
#define NUMBER "+12065550101"

static gint64 person;

static void make_world(void)
{
	open_state();
	person = make_person("u_1");
}

/* A message of @workflow due at @due_s; accepted @took_s later unless below 0,
 * when the cap refused it. */
static void make_message(const char *id, const char *workflow, gint64 due_s,
			 gint64 took_s)
{
	const JrMessage message = { .id = id,
				    .workflow = workflow,
				    .step = "s",
				    .person = person,
				    .channel = JR_CHANNEL_SMS,
				    .address = NUMBER,
				    .content = "{}",
				    .due_s = due_s,
				    .wake_s = due_s,
				    .trigger_s = due_s,
				    .segments = 2,
				    .cost_micros = 100 };
	const JrReceipt sent = { .message = id,
				 .metric = JR_METRIC_SENT,
				 .at_s = due_s + took_s,
				 .cost_micros = -1,
				 .segments = -1 };
	const JrPutOff refused = { .id = id,
				   .state = JR_MESSAGE_REFUSED,
				   .at_s = due_s,
				   .code = "cap" };
	gboolean done;

	WRITE(jr_message_plan(db, &message, &done, &failed));
	if (took_s < 0) {
		WRITE(jr_message_put_off(db, &refused, &done, &failed));
		return;
	}
	WRITE(jr_message_offer(db, &message, due_s, &done, &failed));
	WRITE(jr_receipt_add(db, &sent, &done, &failed));
}

static void agree(gint64 at_s, gboolean in)
{
	JrConsent consent = { .person = person,
			      .number = NUMBER,
			      .channel = JR_CHANNEL_SMS,
			      .in = in,
			      .at_s = at_s,
			      .recorded_s = at_s };
	gboolean changed;

	WRITE(jr_consent_add(db, &consent, &changed, &failed));
}

/* ---- messages, sends ---- */

static gboolean note_message(const JrAuditMessage *m, gpointer user)
{
	g_string_append_printf(user, "%s@%d%s%s ", m->workflow, (int)m->due_s,
			       m->accepted_s ? "+" : "-",
			       m->code ? m->code : "");
	return TRUE;
}

static const struct {
	JrAuditSpan span;
	const char *found;
} spans[] = {
	{ { 0, 0, G_MAXINT64, 200 }, "a@100+ b@200-cap a@301+ c@900+ c@900+ " },
	{ { 0, 0, G_MAXINT64, 101 }, "a@100+ b@200-cap a@301+ c@900+ c@900+ " },
	{ { 0, 0, G_MAXINT64, 100 }, "a@100+ b@200-cap c@900+ c@900+ " },
	{ { 0, 0, G_MAXINT64, 99 }, "c@900+ c@900+ " },
	{ { JR_CHANNEL_SMS, 100, 200, 200 }, "a@100+ b@200-cap " },
	{ { JR_CHANNEL_SMS, 101, 301, 200 }, "b@200-cap a@301+ " },
	{ { JR_CHANNEL_SMS, 101, 300, 200 }, "" },
	{ { JR_CHANNEL_PUSH, 0, G_MAXINT64, 200 }, "" },
};

START_TEST(messages_come_as_they_were_due)
{
	g_autoptr(GString) found = g_string_new(NULL);

	make_message("m_3", "a", 301, 5);
	make_message("m_1", "a", 100, 5);
	make_message("m_2", "b", 200, -1);
	make_message("m_4", "c", 900, 5);
	make_message("m_5", "c", 900, 5);
	OK(jr_audit_messages(db, &spans[_i].span, note_message, found,
			     &failed));
	ck_assert_str_eq(found->str, spans[_i].found);
}
END_TEST

static gboolean note_send(const JrAuditSend *s, gpointer user)
{
	g_string_append_printf(user, "%s@%d:%d,%d ", s->id, (int)s->at_s,
			       (int)s->segments, (int)s->cost_micros);
	return TRUE;
}

START_TEST(sends_come_as_they_were_accepted)
{
	g_autoptr(GString) found = g_string_new(NULL);

	make_message("m_1", "a", 100, 50);
	make_message("m_2", "b", 120, 5);
	make_message("m_3", "b", 130, -1);
	OK(jr_audit_sends(db, 125, 150, note_send, found, &failed));
	OK(jr_audit_sends(db, 126, 149, note_send, found, &failed));
	ck_assert_str_eq(found->str, "m_2@125:2,100 m_1@150:2,100 ");
}
END_TEST

/* ---- prune ---- */

static gboolean note_idle(const JrAuditIdle *idle, gpointer user)
{
	g_string_append_printf(user, "%s:%d,%d,%d ", idle->id, (int)idle->in_s,
			       (int)idle->sent, (int)idle->last_s);
	return TRUE;
}

/* What happened: y(es) at 100, Y(es) at 500, n(o) at 300, s(ent) at 200,
 * c(licked) at 250, C(licked) at 90. */
static const struct {
	const char *what;
	gint64 before_s;
	const char *found;
} idles[] = {
	{ "", 1000, "" },    { "y", 100, "u_1:100,0,0 " },
	{ "y", 99, "" },     { "ys", 100, "u_1:100,1,190 " },
	{ "ysc", 1000, "" }, { "ysC", 1000, "u_1:100,1,190 " },
	{ "yn", 1000, "" },  { "ynY", 1000, "u_1:500,0,0 " },
	{ "yY", 499, "" },   { "yscY", 1000, "u_1:500,0,0 " },
};

static void click(gint64 at_s)
{
	const JrReceipt receipt = { .message = "m_1",
				    .metric = JR_METRIC_CLICKED,
				    .at_s = at_s,
				    .cost_micros = -1,
				    .segments = -1 };
	gboolean fresh;

	WRITE(jr_receipt_add(db, &receipt, &fresh, &failed));
}

START_TEST(who_never_clicked_is_found)
{
	g_autoptr(GString) found = g_string_new(NULL);

	for (const char *c = idles[_i].what; *c; c++)
		switch (*c) {
		case 'y':
			agree(100, TRUE);
			break;
		case 'Y':
			agree(500, TRUE);
			break;
		case 'n':
			agree(300, FALSE);
			break;
		case 's':
			make_message("m_1", "w", 190, 10);
			break;
		case 'c':
			click(250);
			break;
		case 'C':
			click(90);
			break;
		default:
			ck_abort();
		}
	OK(jr_audit_idle(db, idles[_i].before_s, note_idle, found, &failed));
	ck_assert_str_eq(found->str, idles[_i].found);
}
END_TEST

/* ---- verdicts and reasons ---- */

static gboolean note_verdict(const JrVerdictCount *v, gpointer user)
{
	g_string_append_printf(user, "%d/%s/%d/%s/%s=%d ", (int)v->day,
			       v->workflow, v->channel, v->gate, v->verdict,
			       (int)v->n);
	return TRUE;
}

static gboolean note_reason(const char *workflow, const char *gate,
			    const char *reason, gpointer user)
{
	g_string_append_printf(user, "%s/%s/%s ", workflow, gate, reason);
	return TRUE;
}

static void decide(gint64 at_s, const char *workflow, const char *gate,
		   const char *reason)
{
	JrDecisionRow row = { .at_s = at_s,
			      .person = person,
			      .workflow = workflow,
			      .channel = JR_CHANNEL_SMS,
			      .gate = gate,
			      .verdict = "later",
			      .reason = reason };

	WRITE(jr_decision_add(db, &row, &failed));
}

START_TEST(verdicts_are_summed_by_day)
{
	const JrReportQuery all = { .by = JR_BY_WORKFLOW };
	const JrReportQuery second = { .from_day = 1,
				       .until_day = 1,
				       .channel = JR_CHANNEL_SMS,
				       .by = JR_BY_DAY | JR_BY_CHANNEL };
	const JrReportQuery push = { .channel = JR_CHANNEL_PUSH };
	g_autoptr(GString) found = g_string_new(NULL);

	decide(10, "w", "cap", "first");
	decide(20, "w", "cap", "second");
	decide(DAY_S, "v", "cap", "third");
	OK(jr_report_verdicts(db, &all, note_verdict, found, &failed));
	OK(jr_report_verdicts(db, &second, note_verdict, found, &failed));
	OK(jr_report_verdicts(db, &push, note_verdict, found, &failed));
	ck_assert_str_eq(found->str, "0/v/0/cap/later=1 0/w/0/cap/later=2 "
				     "1//1/cap/later=1 ");
	g_string_truncate(found, 0);
	OK(jr_report_reasons(db, &all, 2, note_reason, found, &failed));
	OK(jr_report_reasons(db, &second, 9, note_reason, found, &failed));
	OK(jr_report_reasons(db, &push, 9, note_reason, found, &failed));
	ck_assert_str_eq(found->str, "v/cap/third w/cap/second v/cap/third ");
}
END_TEST

/* ---- holds and devices ---- */

static gboolean note_hold(const JrHold *hold, gpointer user)
{
	g_string_append_printf(user, "%s:%s ", hold->workflow, hold->reason);
	return TRUE;
}

START_TEST(holds_that_hold_are_shown)
{
	g_autoptr(GString) found = g_string_new(NULL);
	JrHold w = { .workflow = "w", .held_s = 1, .reason = "high" };
	JrHold a = { .workflow = "a", .held_s = 2, .reason = "too" };
	JrHold free_again = { .workflow = "w", .released_s = 3 };
	gboolean done;

	WRITE(jr_hold_put(db, &w, &done, &failed));
	WRITE(jr_hold_put(db, &a, &done, &failed));
	OK(jr_holds_each(db, note_hold, found, &failed));
	WRITE(jr_hold_release(db, &free_again, &done, &failed));
	OK(jr_holds_each(db, note_hold, found, &failed));
	ck_assert_str_eq(found->str, "a:too w:high a:too ");
}
END_TEST

static gboolean note_devices(const JrDeviceCount *c, gpointer user)
{
	g_string_append_printf(user, "%s/%s:%d,%d,%d ", c->kind, c->platform,
			       (int)c->live, (int)c->off, (int)c->gone);
	return TRUE;
}

START_TEST(devices_are_counted)
{
	static const struct {
		const char *token, *platform;
		gboolean enabled, gone;
	} all[] = { { "1", "ios", TRUE, FALSE },
		    { "2", "ios", FALSE, FALSE },
		    { "3", "ios", TRUE, TRUE },
		    { "4", NULL, TRUE, FALSE } };
	g_autoptr(GString) found = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		JrDevice device = { .person = person,
				    .kind = "apns",
				    .token = all[i].token,
				    .platform = all[i].platform,
				    .enabled = all[i].enabled,
				    .registered_ms = 1 };
		gboolean done;

		WRITE(jr_device_put(db, &device, &done, &failed));
		device.gone_ms = 2;
		if (all[i].gone)
			WRITE(jr_device_gone(db, &device, &done, &failed));
	}
	OK(jr_devices_count(db, note_devices, found, &failed));
	ck_assert_str_eq(found->str, "apns/:1,0,0 apns/ios:1,1,1 ");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, make_world, close_state);
	tcase_add_loop_test(tc, messages_come_as_they_were_due, 0,
			    G_N_ELEMENTS(spans));
	tcase_add_test(tc, sends_come_as_they_were_accepted);
	tcase_add_loop_test(tc, who_never_clicked_is_found, 0,
			    G_N_ELEMENTS(idles));
	tcase_add_test(tc, verdicts_are_summed_by_day);
	tcase_add_test(tc, holds_that_hold_are_shown);
	tcase_add_test(tc, devices_are_counted);
}
