/*
 * The fourteen gates: each alone, in their order, and what no setting opens.
 *
 * A case begins with facts that pass every gate, and spoils some of them.
 */
#include "base/error.h"
#include "io/yaml.h"
#include "rules/gate.h"
#include "unit.h"

#include <string.h>

#define NOW 1793800000 /* 2026-11-04T13:46:40Z, 08:46 in New York */
#define NIGHT (NOW - 8 * 3600)
#define H 3600
#define US "+12065550101"
#define GB "+447911123456"

#define WORKFLOW                                                               \
	"approved_by: a\napproved_on: 2026-01-01\nwhy_sms: b\n"                \
	"trigger: {event: X}\nfilter: plan == 'pro'\n"                         \
	"steps:\n- sms: {body: hi}\n"

/* All that a case may spoil, and what it is made of. */
typedef struct {
	JrGateFacts f;
	JrPolicy *policy;
	JrWorkflow *workflow;
	JrMessageStep message;
	JrPolicySender sender;
	JrQuietPlace places[2];
	JrGateCap caps[2];
	gint64 times_s[4];
	JrZones *zones;
} World;

static JrWorkflow *workflow(void)
{
	JrArena *arena = jr_arena_new(1 << 20);
	const JrVal *doc =
		jr_yaml_parse(arena, WORKFLOW, strlen(WORKFLOW), "w", NULL);
	const JrWorkflowSource source = { .file = "w",
					  .text = WORKFLOW,
					  .len = strlen(WORKFLOW),
					  .doc = doc,
					  .arena = arena };
	JrWorkflow *w = jr_workflow_new(&source, NULL);

	ck_assert_ptr_nonnull(w);
	return w;
}

/* Facts at which every gate says yes. */
static World *world_new(void)
{
	World *w = g_new0(World, 1);

	w->zones = jr_zones_new();
	w->policy = jr_policy_new(NULL, NULL, NULL);
	w->workflow = workflow();
	w->message = *w->workflow->steps[0].message;
	w->sender = (JrPolicySender){ .name = (char *)"main",
				      .from = (char *)"+12065550199",
				      .type = JR_SENDER_10DLC,
				      .channel = JR_CHANNEL_SMS,
				      .registered = TRUE };
	w->places[0].zone = jr_zones_get(w->zones, "America/New_York", NULL);
	w->f = (JrGateFacts){
		.message_id = "m_1",
		.now_s = NOW,
		.policy = w->policy,
		.workflow = w->workflow,
		.message = &w->message,
		.state = JR_MESSAGE_PLANNED,
		.filter_holds = TRUE,
		.step_holds = TRUE,
		.person_exists = TRUE,
		.consent = JR_CONSENT_YES,
		.consent_s = NOW - 86400,
		.consent_number = US,
		.channel_subscribed = TRUE,
		.topic_subscribed = TRUE,
		.address = US,
		.sender = &w->sender,
		.body = "hi",
		.places = w->places,
		.n_places = 1,
		.caps = w->caps,
	};
	return w;
}

static void world_free(World *w)
{
	jr_policy_free(w->policy);
	jr_workflow_free(w->workflow);
	jr_zones_free(w->zones);
	g_free(w);
}

/* --- ways to spoil --- */

static void nothing(World *w)
{
	(void)w;
}

static void gone(World *w)
{
	w->f.workflow = NULL;
}

static void off(World *w)
{
	w->workflow->enabled = FALSE;
}

static void not_approved(World *w)
{
	w->workflow->approved_by = NULL;
}

static void no_reason(World *w)
{
	w->workflow->why_sms = NULL;
}

static void accepted(World *w)
{
	w->f.state = JR_MESSAGE_ACCEPTED;
}

static void unknown(World *w)
{
	w->f.state = JR_MESSAGE_UNKNOWN;
}

static void waiting(World *w)
{
	w->f.state = JR_MESSAGE_WAITING;
}

static void late(World *w)
{
	w->f.deadline_s = NOW - 1;
}

static void just_in_time(World *w)
{
	w->f.deadline_s = NOW;
}

static void left(World *w)
{
	w->f.exited = TRUE;
	w->f.exit_reason = "goal";
}

static void filter_fails(World *w)
{
	w->f.filter_holds = FALSE;
}

static void step_fails(World *w)
{
	w->f.step_holds = FALSE;
}

static void erased(World *w)
{
	w->f.person_exists = FALSE;
}

static void suppressed(World *w)
{
	w->f.suppressed = TRUE;
}

static void never_asked(World *w)
{
	w->f.consent = 0;
	w->f.consent_number = NULL;
}

static void said_no(World *w)
{
	w->f.consent = JR_CONSENT_NO;
}

static void other_number(World *w)
{
	w->f.consent_number = "+12065550102";
}

static void blocked(World *w)
{
	w->f.number_blocked = TRUE;
}

static void channel_off(World *w)
{
	w->f.channel_subscribed = FALSE;
}

static void topic_off(World *w)
{
	w->message.topic = "news";
	w->f.topic_subscribed = FALSE;
}

static void set_number(World *w, const char *number)
{
	w->f.address = number;
	w->f.consent_number = number;
}

static void bad_number(World *w)
{
	set_number(w, "+1206555");
}

static void unregistered(World *w)
{
	w->sender.registered = FALSE;
}

static void named(World *w)
{
	w->sender.type = JR_SENDER_ALPHANUMERIC;
}

static void long_code(World *w)
{
	w->sender.type = JR_SENDER_LONG_CODE;
}

static void no_sender(World *w)
{
	w->f.sender = NULL;
}

static void named_abroad(World *w)
{
	set_number(w, GB);
	w->sender.type = JR_SENDER_ALPHANUMERIC;
	w->sender.registered = FALSE;
}

static void default_sender_abroad(World *w)
{
	set_number(w, GB);
	w->f.sender = NULL;
}

static void lost_sender_abroad(World *w)
{
	set_number(w, GB);
	w->f.sender = NULL;
	w->message.sender = "gone";
}

static void no_text(World *w)
{
	w->f.body = "";
}

static void does_not_render(World *w)
{
	w->f.render_error = "1:4: missing customer.first_name";
}

static void too_many_segments(World *w)
{
	w->policy->sms_max_segments = 1;
	w->f.body = "0123456789 0123456789 0123456789 0123456789 0123456789 "
		    "0123456789 0123456789 0123456789 0123456789 0123456789 "
		    "0123456789 0123456789 0123456789 0123456789 0123456789";
}

static void at_night(World *w)
{
	w->f.now_s = NIGHT;
}

static void no_zone(World *w)
{
	w->f.n_places = 0;
}

static void asleep_in_the_west(World *w)
{
	w->places[1].zone = jr_zones_get(w->zones, "America/Los_Angeles", NULL);
	w->f.n_places = 2;
}

static void excused_at_night(World *w)
{
	at_night(w);
	w->message.ignore_quiet = TRUE;
	w->message.purpose = JR_PURPOSE_SECURITY;
}

static void excused_without_zone(World *w)
{
	no_zone(w);
	w->message.ignore_quiet = TRUE;
	w->message.purpose = JR_PURPOSE_TRANSACTIONAL;
}

static void marketing_asks_too(World *w)
{
	at_night(w);
	w->message.ignore_quiet = TRUE;
}

static void night_over_deadline(World *w)
{
	at_night(w);
	w->f.deadline_s = NIGHT + H;
}

static void one_today(World *w)
{
	w->times_s[0] = NOW - 2 * H;
	w->caps[0] = (JrGateCap){ "sms", { 1, 86400 }, w->times_s, 1 };
	w->f.n_caps = 1;
}

static void one_today_deferred(World *w)
{
	one_today(w);
	w->message.cap = JR_CAP_DEFER;
}

/* Two caps are closed: the one that opens last decides. */
static void two_caps_deferred(World *w)
{
	one_today_deferred(w);
	w->caps[1] = (JrGateCap){ "w", { 1, 3 * 86400 }, w->times_s, 1 };
	w->f.n_caps = 2;
}

static void capped_beyond_deadline(World *w)
{
	one_today_deferred(w);
	w->f.deadline_s = NOW + H;
}

static void exempt(World *w)
{
	one_today(w);
	w->message.purpose = JR_PURPOSE_SECURITY;
	w->policy->caps_exempt = 1 << JR_PURPOSE_SECURITY;
}

static void braked(World *w)
{
	w->f.braked = TRUE;
}

static void day_spent(World *w)
{
	w->policy->budget.per_day_micros = 1000000;
	w->f.spent_day_micros = 999000;
	w->f.cost_micros = 2000;
	w->f.day_ends_s = NOW + 5 * H;
	w->f.month_ends_s = NOW + 500 * H;
}

static void month_spent(World *w)
{
	day_spent(w);
	w->policy->budget.per_month_micros = 5000000;
	w->f.spent_month_micros = 4999000;
}

static void costs_the_rest(World *w)
{
	day_spent(w);
	w->f.cost_micros = 1000;
}

static void asks_again(World *w)
{
	never_asked(w);
	w->message.purpose = JR_PURPOSE_RE_PERMISSION;
	w->policy->re_permission.on = TRUE;
	w->policy->re_permission.approved_by = g_strdup("Dana");
	w->f.email_consent = TRUE;
}

static void asks_again_off(World *w)
{
	asks_again(w);
	w->policy->re_permission.on = FALSE;
}

static void asks_again_without_approval(World *w)
{
	asks_again(w);
	g_clear_pointer(&w->policy->re_permission.approved_by, g_free);
}

static void asks_twice(World *w)
{
	asks_again(w);
	w->f.re_permission_sent = TRUE;
}

static void asks_who_said_no(World *w)
{
	asks_again(w);
	said_no(w);
}

static void asks_who_said_stop(World *w)
{
	asks_again(w);
	blocked(w);
}

static void asks_without_email(World *w)
{
	asks_again(w);
	w->f.email_consent = FALSE;
}

static void push(World *w)
{
	never_asked(w);
	w->message.channel = JR_CHANNEL_PUSH;
	w->f.address = NULL;
	w->f.sender = NULL;
	w->f.title = "t";
	w->f.devices = 1;
}

static void push_without_device(World *w)
{
	push(w);
	w->f.devices = 0;
}

static void push_too_long(World *w)
{
	push(w);
	w->f.title = "0123456789 0123456789 0123456789 0123456789 0123456789 "
		     "0123456789 0";
}

static void push_at_night(World *w)
{
	push(w);
	at_night(w);
}

static void email(World *w)
{
	never_asked(w);
	w->message.channel = JR_CHANNEL_EMAIL;
	w->f.address = "ana@example.com";
}

static void email_at_night(World *w)
{
	email(w);
	at_night(w);
}

static void email_to_nobody(World *w)
{
	email(w);
	w->f.address = "ana@";
}

static void email_to_two(World *w)
{
	email(w);
	w->f.address = "a@example.com,b@example.com";
}

static void whatsapp(World *w)
{
	w->message.channel = JR_CHANNEL_WHATSAPP;
	w->message.tmpl = "HX1";
	w->f.body = NULL;
}

static void whatsapp_without_consent(World *w)
{
	whatsapp(w);
	never_asked(w);
}

/* Several gates are closed: the first names the decision. */
static void off_late_and_blocked(World *w)
{
	off(w);
	late(w);
	blocked(w);
}

static void late_and_capped(World *w)
{
	late(w);
	one_today(w);
}

static void asleep_and_capped(World *w)
{
	at_night(w);
	one_today_deferred(w);
}

#define CASE(spoil) spoil, #spoil

static const struct {
	void (*spoil)(World *w);
	const char *name;
	JrVerdict verdict;
	JrGate gate;
	gint64 opens_s;
	const char *reason; /* a part of it */
} cases[] = {
	{ CASE(nothing), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(gone), JR_VERDICT_NO, JR_GATE_WORKFLOW, 0, "gone" },
	{ CASE(off), JR_VERDICT_NO, JR_GATE_WORKFLOW, 0, "not enabled" },
	{ CASE(not_approved), JR_VERDICT_NO, JR_GATE_WORKFLOW, 0, "approved" },
	{ CASE(no_reason), JR_VERDICT_NO, JR_GATE_WORKFLOW, 0, "approved" },
	{ CASE(accepted), JR_VERDICT_NO, JR_GATE_SENT, 0, "accepted already" },
	{ CASE(unknown), JR_VERDICT_NO, JR_GATE_SENT, 0, "unknown already" },
	{ CASE(waiting), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(late), JR_VERDICT_NO, JR_GATE_DEADLINE, 0, "passed" },
	{ CASE(just_in_time), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(left), JR_VERDICT_NO, JR_GATE_EXIT, 0, "goal" },
	{ CASE(filter_fails), JR_VERDICT_NO, JR_GATE_FILTER, 0, "filter" },
	{ CASE(step_fails), JR_VERDICT_NO, JR_GATE_FILTER, 0, "step" },
	{ CASE(erased), JR_VERDICT_NO, JR_GATE_SUPPRESSED, 0, "erased" },
	{ CASE(suppressed), JR_VERDICT_NO, JR_GATE_SUPPRESSED, 0,
	  "suppressed" },
	{ CASE(never_asked), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "no consent on record" },
	{ CASE(said_no), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "person opted out" },
	{ CASE(other_number), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "another number" },
	{ CASE(blocked), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "number opted out" },
	{ CASE(channel_off), JR_VERDICT_NO, JR_GATE_SUBSCRIBED, 0, "sms" },
	{ CASE(topic_off), JR_VERDICT_NO, JR_GATE_SUBSCRIBED, 0, "topic" },
	{ CASE(bad_number), JR_VERDICT_NO, JR_GATE_REACHABLE, 0, "number" },
	{ CASE(unregistered), JR_VERDICT_NO, JR_GATE_SENDER, 0,
	  "not registered" },
	{ CASE(named), JR_VERDICT_NO, JR_GATE_SENDER, 0, "+1" },
	{ CASE(long_code), JR_VERDICT_NO, JR_GATE_SENDER, 0, "+1" },
	{ CASE(no_sender), JR_VERDICT_NO, JR_GATE_SENDER, 0, "+1" },
	{ CASE(named_abroad), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(default_sender_abroad), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(lost_sender_abroad), JR_VERDICT_NO, JR_GATE_SENDER, 0, "gone" },
	{ CASE(no_text), JR_VERDICT_NO, JR_GATE_CONTENT, 0, "empty" },
	{ CASE(does_not_render), JR_VERDICT_NO, JR_GATE_CONTENT, 0,
	  "missing customer.first_name" },
	{ CASE(too_many_segments), JR_VERDICT_NO, JR_GATE_CONTENT, 0,
	  "2 segments" },
	{ CASE(at_night), JR_VERDICT_LATER, JR_GATE_QUIET, 1793797200,
	  "21:00 to 08:00 in America/New_York" },
	{ CASE(no_zone), JR_VERDICT_LATER, JR_GATE_QUIET, G_MAXINT64,
	  "time zone is unknown" },
	{ CASE(asleep_in_the_west), JR_VERDICT_LATER, JR_GATE_QUIET, 1793808000,
	  "21:00 to 08:00 in America/Los_Angeles" },
	{ CASE(excused_at_night), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(excused_without_zone), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(marketing_asks_too), JR_VERDICT_LATER, JR_GATE_QUIET, 1793797200,
	  "21:00" },
	{ CASE(night_over_deadline), JR_VERDICT_NO, JR_GATE_QUIET, 0,
	  "opens after the deadline" },
	{ CASE(one_today), JR_VERDICT_NO, JR_GATE_CAPS, 0, "sms: 1 per 24h" },
	{ CASE(one_today_deferred), JR_VERDICT_LATER, JR_GATE_CAPS,
	  NOW + 22 * H, "sms: 1 per 24h" },
	{ CASE(two_caps_deferred), JR_VERDICT_LATER, JR_GATE_CAPS, NOW + 70 * H,
	  "w: 1 per 3d" },
	{ CASE(capped_beyond_deadline), JR_VERDICT_NO, JR_GATE_CAPS, 0,
	  "opens after the deadline" },
	{ CASE(exempt), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(braked), JR_VERDICT_LATER, JR_GATE_BUDGET, G_MAXINT64, "brake" },
	{ CASE(day_spent), JR_VERDICT_LATER, JR_GATE_BUDGET, NOW + 5 * H,
	  "day" },
	{ CASE(month_spent), JR_VERDICT_LATER, JR_GATE_BUDGET, NOW + 500 * H,
	  "month" },
	{ CASE(costs_the_rest), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(asks_again), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(asks_again_off), JR_VERDICT_NO, JR_GATE_CONSENT, 0, "off" },
	{ CASE(asks_again_without_approval), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "off" },
	{ CASE(asks_twice), JR_VERDICT_NO, JR_GATE_CONSENT, 0, "before" },
	{ CASE(asks_who_said_no), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "opted out" },
	{ CASE(asks_who_said_stop), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "opted out" },
	{ CASE(asks_without_email), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "email consent" },
	{ CASE(push), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(push_without_device), JR_VERDICT_NO, JR_GATE_REACHABLE, 0,
	  "device" },
	{ CASE(push_too_long), JR_VERDICT_NO, JR_GATE_CONTENT, 0, "title" },
	{ CASE(push_at_night), JR_VERDICT_LATER, JR_GATE_QUIET, 1793797200,
	  "21:00" },
	{ CASE(email), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(email_at_night), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(email_to_nobody), JR_VERDICT_NO, JR_GATE_REACHABLE, 0, "email" },
	{ CASE(email_to_two), JR_VERDICT_NO, JR_GATE_REACHABLE, 0, "email" },
	{ CASE(whatsapp), JR_VERDICT_GO, 0, 0, NULL },
	{ CASE(whatsapp_without_consent), JR_VERDICT_NO, JR_GATE_CONSENT, 0,
	  "no consent" },
	{ CASE(off_late_and_blocked), JR_VERDICT_NO, JR_GATE_WORKFLOW, 0,
	  "not enabled" },
	{ CASE(late_and_capped), JR_VERDICT_NO, JR_GATE_DEADLINE, 0, "passed" },
	{ CASE(asleep_and_capped), JR_VERDICT_LATER, JR_GATE_QUIET, 1793797200,
	  "21:00" },
};

START_TEST(the_first_gate_that_is_closed_decides)
{
	World *w = world_new();
	g_auto(JrDecision) d = { 0 };
	g_autoptr(JrPermit) permit = NULL;

	cases[_i].spoil(w);
	permit = jr_gate_run(&w->f, &d);
	ck_assert_msg(
		d.verdict == cases[_i].verdict && d.gate == cases[_i].gate,
		"%s: %s at %s: %s", cases[_i].name, jr_verdict_name(d.verdict),
		jr_gate_name(d.gate), d.reason);
	ck_assert(!!permit == (d.verdict == JR_VERDICT_GO));
	ck_assert_int_eq(d.opens_s, cases[_i].opens_s);
	ck_assert(json_is_object(d.details));
	ck_assert(!d.reason == !cases[_i].reason);
	if (d.reason) {
		ck_assert_msg(!!strstr(d.reason, cases[_i].reason), "%s: %s",
			      cases[_i].name, d.reason);
		ck_assert_ptr_null(strstr(d.reason, "2065550"));
	} else {
		ck_assert_str_eq(jr_permit_message(permit), "m_1");
	}
	world_free(w);
}
END_TEST

/* Whatever is configured and asked for: without a yes for it, no SMS. */
START_TEST(nothing_turns_consent_off)
{
	const JrPurpose purposes[] = { JR_PURPOSE_MARKETING,
				       JR_PURPOSE_TRANSACTIONAL,
				       JR_PURPOSE_SECURITY };
	void (*const no_consent[])(World *) = { never_asked, said_no, blocked,
						other_number };

	for (guint i = 0; i < G_N_ELEMENTS(purposes); i++)
		for (guint j = 0; j < G_N_ELEMENTS(no_consent); j++) {
			World *w = world_new();
			g_auto(JrDecision) d = { 0 };

			w->message.purpose = purposes[i];
			w->message.ignore_quiet = TRUE;
			w->policy->caps_exempt = ~0u;
			w->policy->quiet_channels = 0;
			w->policy->re_permission.on = TRUE;
			no_consent[j](w);
			ck_assert_ptr_null(jr_gate_run(&w->f, &d));
			ck_assert_int_eq(d.gate, JR_GATE_CONSENT);
			ck_assert_int_eq(d.verdict, JR_VERDICT_NO);
			world_free(w);
		}
}
END_TEST

/* Facts that nobody gathered open nothing. */
START_TEST(forgotten_facts_close)
{
	World *w = world_new();
	g_auto(JrDecision) d = { 0 };
	const JrGateFacts bare = { .message_id = "m_1",
				   .policy = w->policy,
				   .workflow = w->workflow,
				   .message = &w->message };

	ck_assert_ptr_null(jr_gate_run(&bare, &d));
	ck_assert_int_eq(d.verdict, JR_VERDICT_NO);
	world_free(w);
}
END_TEST

/* An ask to be sent in quiet hours stands in the decision, for the audit. */
START_TEST(asks_to_ignore_quiet_hours_are_kept)
{
	World *w = world_new();
	g_auto(JrDecision) d = { 0 };
	g_autoptr(JrPermit) permit = NULL;

	excused_at_night(w);
	permit = jr_gate_run(&w->f, &d);
	ck_assert_ptr_nonnull(permit);
	ck_assert(json_is_true(
		json_object_get(d.details, "ignored_quiet_hours")));
	ck_assert(json_is_true(json_object_get(d.details, "quiet")));
	world_free(w);
}
END_TEST

START_TEST(a_test_goes_to_listed_recipients_only)
{
	JrPolicy *policy = jr_policy_new(NULL, NULL, NULL);
	g_autoptr(JrPermit) permit = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(jr_gate_test(policy, "m_1", US, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	ck_assert_ptr_null(strstr(error->message, "2065550"));
	g_strfreev(policy->test_recipients);
	policy->test_recipients = g_strsplit(US " " GB, " ", -1);
	permit = jr_gate_test(policy, "m_1", GB, NULL);
	ck_assert_str_eq(jr_permit_message(permit), "m_1");
	jr_policy_free(policy);
}
END_TEST

/* Records and manuals know them by these. */
START_TEST(gates_have_the_names_of_the_manual)
{
	const char *names[] = { NULL,	       "enabled", "sent",
				"deadline",    "exited",  "filter",
				"suppressed",  "consent", "subscribed",
				"reachable",   "sender",  "content",
				"quiet_hours", "cap",	  "budget" };

	for (guint i = 0; i <= JR_GATE_LAST; i++)
		ck_assert_pstr_eq(jr_gate_name((JrGate)i), names[i]);
	ck_assert_ptr_null(jr_gate_name((JrGate)(JR_GATE_LAST + 1)));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, the_first_gate_that_is_closed_decides, 0,
			    G_N_ELEMENTS(cases));
	tcase_add_test(tc, nothing_turns_consent_off);
	tcase_add_test(tc, forgotten_facts_close);
	tcase_add_test(tc, asks_to_ignore_quiet_hours_are_kept);
	tcase_add_test(tc, a_test_goes_to_listed_recipients_only);
	tcase_add_test(tc, gates_have_the_names_of_the_manual);
}
