/* The fourteen gates: what closes each, what does not, and in which order. */
#include "base/instant.h"
#include "io/yaml.h"
#include "rules/gate.h"
#include "unit.h"

#include <string.h>

#define NUMBER "+12065550101"
#define NOON 1795608000 /* 2026-11-25T12:00:00Z, a Wednesday */
#define HOUR 3600
#define DAY 86400

static const char house[] =
	"re_permission: {on: true, approved_by: Dana}\n"
	"test_recipients: ['+12065550100']\n"
	"channels: {sms: {max_segments: 2}}\n"
	"caps: {exempt: [security]}\n"
	"budget: {per_day: 10, per_month: 100}\n"
	"quiet_hours:\n"
	"  rules: [{country: US, region: TX, from: '00:00', until: '24:00'}]\n";

/* A message for which every gate is open, and what is changed of it. */
typedef struct {
	JrGateFacts facts;
	JrWorkflow workflow;
	JrMessageStep message;
	JrPolicySender sender;
	JrQuietPlace place;
	JrGateCap cap;
	gint64 times_s[3];
	JrZones *zones;
	JrPolicy *policy;
	JrArena *arena;
} World;

static void open_world(World *w)
{
	const JrVal *doc;

	memset(w, 0, sizeof(*w));
	w->arena = jr_arena_new(1 << 20);
	doc = jr_yaml_parse(w->arena, house, strlen(house), NULL, NULL);
	w->policy = jr_policy_new(doc, NULL, NULL);
	ck_assert_ptr_nonnull(w->policy);
	w->zones = jr_zones_new();
	w->workflow = (JrWorkflow){ .name = "w",
				    .enabled = TRUE,
				    .approved_by = "Dana",
				    .approved_on = "2026-10-12",
				    .why_sms = "it matters" };
	w->message = (JrMessageStep){ .channel = JR_CHANNEL_SMS,
				      .purpose = JR_PURPOSE_MARKETING };
	w->sender = (JrPolicySender){ .name = (char *)"main",
				      .type = JR_SENDER_10DLC,
				      .channel = JR_CHANNEL_SMS,
				      .registered = TRUE };
	w->place = (JrQuietPlace){ .zone = jr_zones_get(w->zones, "UTC", NULL),
				   .country = "US",
				   .region = "WA" };
	w->cap = (JrGateCap){ "sms", { 1, DAY }, w->times_s, 0 };
	w->facts = (JrGateFacts){ .message_id = "m_1",
				  .now_s = NOON,
				  .policy = w->policy,
				  .workflow = &w->workflow,
				  .message = &w->message,
				  .filter_holds = TRUE,
				  .step_holds = TRUE,
				  .person_exists = TRUE,
				  .consent = JR_CONSENT_YES,
				  .consent_number = NUMBER,
				  .channel_subscribed = TRUE,
				  .topic_subscribed = TRUE,
				  .address = NUMBER,
				  .devices = 1,
				  .sender = &w->sender,
				  .title = "t",
				  .body = "b",
				  .places = &w->place,
				  .n_places = 1,
				  .caps = &w->cap,
				  .n_caps = 1,
				  .day_ends_s = NOON + 12 * HOUR,
				  .month_ends_s = NOON + 6 * DAY };
}

static void close_world(World *w)
{
	jr_policy_free(w->policy);
	jr_zones_free(w->zones);
	jr_arena_free(w->arena);
}

#define A_LONG_TEXT                                                            \
	"0123456789012345678901234567890123456789012345678901234567890123"     \
	"0123456789012345678901234567890123456789012345678901234567890123"     \
	"0123456789012345678901234567890123456789012345678901234567890123"

/* What each row changes; facts (f), message (m), sender (s) and so on. */
#define CHANGE(name, ...)                                                      \
	static void name(World *w)                                             \
	{                                                                      \
		JrGateFacts *f G_GNUC_UNUSED = &w->facts;                      \
		JrMessageStep *m G_GNUC_UNUSED = &w->message;                  \
		JrPolicySender *s G_GNUC_UNUSED = &w->sender;                  \
		__VA_ARGS__;                                                   \
	}

CHANGE(nothing, (void)0)
/* the journey */
CHANGE(no_workflow, f->workflow = NULL)
CHANGE(disabled, w->workflow.enabled = FALSE)
CHANGE(no_approver, w->workflow.approved_by = NULL)
CHANGE(no_approval_day, w->workflow.approved_on = NULL)
CHANGE(no_why, w->workflow.why_sms = NULL)
CHANGE(push_unapproved, m->channel = JR_CHANNEL_PUSH;
       w->workflow.approved_by = NULL)
CHANGE(planned, f->state = JR_MESSAGE_PLANNED)
CHANGE(offered, f->state = JR_MESSAGE_OFFERED)
CHANGE(waiting, f->state = JR_MESSAGE_WAITING)
CHANGE(claimed, f->state = JR_MESSAGE_CLAIMED)
CHANGE(accepted, f->state = JR_MESSAGE_ACCEPTED)
CHANGE(refused, f->state = JR_MESSAGE_REFUSED)
CHANGE(unknown, f->state = JR_MESSAGE_UNKNOWN)
CHANGE(delivered, f->state = JR_MESSAGE_DELIVERED)
CHANGE(failed, f->state = JR_MESSAGE_FAILED)
CHANGE(cancelled, f->state = JR_MESSAGE_CANCELLED)
CHANGE(as_another, f->sent_before = TRUE)
CHANGE(deadline_now, f->deadline_s = NOON)
CHANGE(deadline_past, f->deadline_s = NOON - 1)
CHANGE(exited, f->exited = TRUE)
CHANGE(exited_by_goal, f->exited = TRUE; f->exit_reason = "goal")
CHANGE(filtered, f->filter_holds = FALSE)
CHANGE(step_fails, f->step_holds = FALSE)
/* the person */
CHANGE(erased, f->person_exists = FALSE)
CHANGE(suppressed, f->suppressed = TRUE)
CHANGE(blocked, f->number_blocked = TRUE)
CHANGE(blocked_push, f->number_blocked = TRUE; m->channel = JR_CHANNEL_PUSH)
CHANGE(consent_none, f->consent = 0)
CHANGE(consent_no, f->consent = JR_CONSENT_NO)
CHANGE(consent_other, f->consent_number = "+12065550102")
CHANGE(consent_nowhere, f->consent_number = NULL)
CHANGE(no_address, f->address = NULL; f->consent_number = NULL)
CHANGE(security_no_consent, f->consent = 0; m->purpose = JR_PURPOSE_SECURITY)
CHANGE(whatsapp_none, f->consent = 0; m->channel = JR_CHANNEL_WHATSAPP)
CHANGE(push_none, f->consent = 0; m->channel = JR_CHANNEL_PUSH;
       f->address = NULL)
CHANGE(email_none, f->consent = JR_CONSENT_NO; m->channel = JR_CHANNEL_EMAIL;
       f->address = "ana@example.com")
CHANGE(ask, m->purpose = JR_PURPOSE_RE_PERMISSION; f->consent = 0;
       f->consent_number = NULL; f->email_consent = TRUE)
CHANGE(ask_off, ask(w); w->policy->re_permission.on = FALSE)
CHANGE(ask_yes, ask(w); f->consent = JR_CONSENT_YES)
CHANGE(ask_no, ask(w); f->consent = JR_CONSENT_NO)
CHANGE(ask_twice, ask(w); f->re_permission_sent = TRUE)
CHANGE(ask_unbased, ask(w); f->email_consent = FALSE)
CHANGE(ask_blocked, ask(w); f->number_blocked = TRUE)
CHANGE(ask_whatsapp, ask(w); m->channel = JR_CHANNEL_WHATSAPP)
CHANGE(channel_off, f->channel_subscribed = FALSE)
CHANGE(topic_off, f->topic_subscribed = FALSE; m->topic = "news")
CHANGE(bad_number, f->address = f->consent_number = "+1206")
CHANGE(bad_email, m->channel = JR_CHANNEL_EMAIL; f->address = "ana@")
CHANGE(no_email, m->channel = JR_CHANNEL_EMAIL; f->address = NULL)
CHANGE(two_emails, m->channel = JR_CHANNEL_EMAIL; f->address = "a@b.c,d@e.f")
CHANGE(no_device, m->channel = JR_CHANNEL_PUSH; f->devices = 0)
/* the message */
CHANGE(no_sender, f->sender = NULL)
CHANGE(no_sender_abroad, f->sender = NULL;
       f->address = f->consent_number = "+4915123456789")
CHANGE(named_sender, m->sender = "promo"; f->sender = NULL)
CHANGE(unregistered, s->registered = FALSE)
CHANGE(found_unregistered, f->sender_found = -1)
CHANGE(found_registered, s->registered = FALSE; f->sender_found = 1)
CHANGE(toll_free, s->type = JR_SENDER_TOLL_FREE)
CHANGE(toll_free_not, s->type = JR_SENDER_TOLL_FREE; s->registered = FALSE)
CHANGE(short_code, s->type = JR_SENDER_SHORT_CODE)
CHANGE(short_code_not, s->type = JR_SENDER_SHORT_CODE; s->registered = FALSE)
CHANGE(long_code, s->type = JR_SENDER_LONG_CODE)
CHANGE(alphanumeric, s->type = JR_SENDER_ALPHANUMERIC)
CHANGE(alphanumeric_abroad, s->type = JR_SENDER_ALPHANUMERIC;
       f->address = f->consent_number = "+4915123456789")
CHANGE(wrong_template, f->render_error = "body: no 'name'")
CHANGE(no_body, f->body = NULL)
CHANGE(empty_body, f->body = "")
CHANGE(silent_push, m->channel = JR_CHANNEL_PUSH; f->silent = TRUE;
       f->body = NULL)
CHANGE(silent_sms, f->silent = TRUE; f->body = NULL)
CHANGE(template_only, f->body = NULL; m->channel = JR_CHANNEL_WHATSAPP;
       m->tmpl = "HX1")
CHANGE(two_segments, f->body = A_LONG_TEXT)
CHANGE(three_segments, f->body = A_LONG_TEXT A_LONG_TEXT)
CHANGE(long_title, m->channel = JR_CHANNEL_PUSH; f->title = A_LONG_TEXT)
CHANGE(long_push, m->channel = JR_CHANNEL_PUSH; f->body = A_LONG_TEXT)
CHANGE(long_email, m->channel = JR_CHANNEL_EMAIL; f->address = "a@b.c";
       f->body = A_LONG_TEXT A_LONG_TEXT)
/* time and money */
CHANGE(night, f->now_s = NOON + 9 * HOUR)
CHANGE(evening, f->now_s = NOON + 9 * HOUR - 1)
CHANGE(morning, f->now_s = NOON - 4 * HOUR)
CHANGE(night_push, night(w); m->channel = JR_CHANNEL_PUSH)
CHANGE(night_email, night(w); m->channel = JR_CHANNEL_EMAIL;
       f->address = "a@b.c")
CHANGE(night_security, night(w); m->purpose = JR_PURPOSE_SECURITY)
CHANGE(night_security_asks, night_security(w); m->ignore_quiet = TRUE)
CHANGE(night_receipt_asks, night(w); m->purpose = JR_PURPOSE_TRANSACTIONAL;
       m->ignore_quiet = TRUE)
CHANGE(night_marketing_asks, night(w); m->ignore_quiet = TRUE)
CHANGE(texas, w->place.region = "TX")
CHANGE(nowhere, f->n_places = 0)
CHANGE(nowhere_asks, f->n_places = 0; m->purpose = JR_PURPOSE_SECURITY;
       m->ignore_quiet = TRUE)
CHANGE(nowhere_email, f->n_places = 0; m->channel = JR_CHANNEL_EMAIL;
       f->address = "a@b.c")
CHANGE(night_in_time, night(w); f->deadline_s = NOON + 20 * HOUR)
CHANGE(night_too_late, night(w); f->deadline_s = NOON + 20 * HOUR - 1)
CHANGE(texas_in_time, texas(w); f->deadline_s = NOON + HOUR)
CHANGE(nowhere_in_time, nowhere(w); f->deadline_s = NOON + HOUR)
CHANGE(capped, w->cap.n_times = 1; w->times_s[0] = NOON - HOUR)
CHANGE(capped_defer, capped(w); m->cap = JR_CAP_DEFER)
CHANGE(capped_exempt, capped(w); m->purpose = JR_PURPOSE_SECURITY)
CHANGE(cap_opens_now, w->cap.n_times = 1; w->times_s[0] = NOON - DAY;
       m->cap = JR_CAP_DEFER)
CHANGE(cap_of_none, w->cap.cap.count = 0; m->cap = JR_CAP_DEFER)
CHANGE(cap_too_late, capped_defer(w); f->deadline_s = NOON + 23 * HOUR - 1)
CHANGE(no_caps, capped(w); f->n_caps = 0)
CHANGE(free_of_charge, f->spent_day_micros = 11000000)
CHANGE(day_spent, f->spent_day_micros = 9990001; f->cost_micros = 10000)
CHANGE(day_just, f->spent_day_micros = 9990000; f->cost_micros = 10000)
CHANGE(month_spent, f->spent_month_micros = 100000000; f->cost_micros = 1)
CHANGE(both_spent, day_spent(w); f->spent_month_micros = 100000000)
CHANGE(day_too_late, day_spent(w); f->deadline_s = NOON + HOUR)
CHANGE(braked, f->braked = TRUE)
CHANGE(braked_why, f->braked = TRUE; f->brake_reason = "4 of 100 opted out")
CHANGE(braked_deadline, f->braked = TRUE; f->deadline_s = NOON + HOUR)
/* two at once: the first decides */
CHANGE(disabled_and_sent, disabled(w); accepted(w))
CHANGE(late_and_exited, deadline_past(w); exited(w))
CHANGE(suppressed_and_no, suppressed(w); consent_no(w))
CHANGE(no_and_night, consent_no(w); night(w))
CHANGE(night_and_capped, night(w); w->cap.n_times = 1; w->times_s[0] = NOON;
       m->cap = JR_CAP_SKIP)
CHANGE(capped_and_braked, capped(w); braked(w))

#define NEVER G_MAXINT64

static const struct {
	void (*change)(World *w);
	const char *said; /* "VERDICT GATE"; the reason begins with */
	const char *reason;
	gint64 opens_s;
} cases[] = {
	{ nothing, "go", NULL, 0 },
	{ no_workflow, "no enabled", "its workflow is gone", 0 },
	{ disabled, "no enabled", "the workflow is not enabled", 0 },
	{ no_approver, "no enabled", "the workflow's SMS are not app", 0 },
	{ no_approval_day, "no enabled", "the workflow's SMS are not app", 0 },
	{ no_why, "no enabled", "the workflow's SMS are not approved", 0 },
	{ push_unapproved, "go", NULL, 0 },
	{ planned, "go", NULL, 0 },
	{ offered, "go", NULL, 0 },
	{ waiting, "go", NULL, 0 },
	{ claimed, "no sent", "the message is claimed already", 0 },
	{ accepted, "no sent", "the message is accepted already", 0 },
	{ refused, "no sent", "the message is refused already", 0 },
	{ unknown, "no sent", "the message is unknown already", 0 },
	{ delivered, "no sent", "the message is delivered already", 0 },
	{ failed, "no sent", "the message is failed already", 0 },
	{ cancelled, "no sent", "the message is cancelled already", 0 },
	{ as_another, "no sent", "it was sent before", 0 },
	{ deadline_now, "go", NULL, 0 },
	{ deadline_past, "no deadline", "its deadline has passed", 0 },
	{ exited, "no exited", "the person left the journey: exit", 0 },
	{ exited_by_goal, "no exited", "the person left the journey: goal", 0 },
	{ filtered, "no filter", "the workflow's filter does not hold", 0 },
	{ step_fails, "no filter", "the step's condition does not hold", 0 },
	{ erased, "no suppressed", "the person is erased or unknown", 0 },
	{ suppressed, "no suppressed", "the person is suppressed", 0 },
	{ blocked, "no consent", "the number opted out", 0 },
	{ blocked_push, "go", NULL, 0 },
	{ consent_none, "no consent", "there is no consent on record", 0 },
	{ consent_no, "no consent", "the person opted out", 0 },
	{ consent_other, "no consent", "the consent is for another numb", 0 },
	{ consent_nowhere, "no consent", "the consent is for another nu", 0 },
	{ no_address, "no consent", "the consent is for another number", 0 },
	{ security_no_consent, "no consent", "there is no consent on r", 0 },
	{ whatsapp_none, "no consent", "there is no consent on record", 0 },
	{ push_none, "go", NULL, 0 },
	{ email_none, "go", NULL, 0 },
	{ ask, "go", NULL, 0 },
	{ ask_off, "no consent", "re-permission by SMS is off", 0 },
	{ ask_yes, "no consent", "the person has answered already", 0 },
	{ ask_no, "no consent", "the person opted out", 0 },
	{ ask_twice, "no consent", "the number was asked before", 0 },
	{ ask_unbased, "no consent", "there is no email consent to buil", 0 },
	{ ask_blocked, "no consent", "the number opted out", 0 },
	{ ask_whatsapp, "no consent", "re-permission is for SMS only", 0 },
	{ channel_off, "no subscribed", "the person turned sms off", 0 },
	{ topic_off, "no subscribed", "the person is not subscribed to", 0 },
	{ bad_number, "no reachable", "there is no valid number", 0 },
	{ bad_email, "no reachable", "there is no valid email address", 0 },
	{ no_email, "no reachable", "there is no valid email address", 0 },
	{ two_emails, "no reachable", "there is no valid email address", 0 },
	{ no_device, "no reachable", "there is no live device", 0 },
	{ no_sender, "no sender", "no sender is configured for +1", 0 },
	{ no_sender_abroad, "go", NULL, 0 },
	{ named_sender, "no sender", "its sender 'promo' is not configured",
	  0 },
	{ unregistered, "no sender", "its sender is not registered for +1", 0 },
	/* What the provider says of it goes before the configuration. */
	{ found_unregistered, "no sender", "its sender is not registered", 0 },
	{ found_registered, "go", NULL, 0 },
	{ toll_free, "go", NULL, 0 },
	{ toll_free_not, "no sender", "its sender is not registered for", 0 },
	{ short_code, "go", NULL, 0 },
	{ short_code_not, "no sender", "its sender is not registered for", 0 },
	{ long_code, "no sender", "its sender cannot be used for +1", 0 },
	{ alphanumeric, "no sender", "its sender cannot be used for +1", 0 },
	{ alphanumeric_abroad, "go", NULL, 0 },
	{ wrong_template, "no content", "it does not render: body: no 'nam",
	  0 },
	{ no_body, "no content", "its body is empty", 0 },
	{ empty_body, "no content", "its body is empty", 0 },
	{ silent_push, "go", NULL, 0 },
	{ silent_sms, "no content", "its body is empty", 0 },
	{ template_only, "go", NULL, 0 },
	{ two_segments, "go", NULL, 0 },
	{ three_segments, "no content", "it has 3 segments, more than 2", 0 },
	{ long_title, "no content",
	  "its title has 192 characters, more than "
	  "65",
	  0 },
	{ long_push, "no content", "its body has 192 characters, more than 178",
	  0 },
	{ long_email, "go", NULL, 0 },
	{ night, "later quiet_hours", "21:00 to 08:00 in UTC",
	  NOON + 20 * HOUR },
	{ evening, "go", NULL, 0 },
	{ morning, "go", NULL, 0 },
	{ night_push, "later quiet_hours", "21:00 to 08:00 in UTC",
	  NOON + 20 * HOUR },
	{ night_email, "go", NULL, 0 },
	{ night_security, "later quiet_hours", "21:00 to 08:00 in UTC",
	  NOON + 20 * HOUR },
	{ night_security_asks, "go", NULL, 0 },
	{ night_receipt_asks, "go", NULL, 0 },
	{ night_marketing_asks, "later quiet_hours", "21:00 to 08:00 in UTC",
	  NOON + 20 * HOUR },
	{ texas, "later quiet_hours", "not on this day in UTC", NEVER },
	{ nowhere, "later quiet_hours", "the time zone is unknown", NEVER },
	{ nowhere_asks, "go", NULL, 0 },
	{ nowhere_email, "go", NULL, 0 },
	{ night_in_time, "later quiet_hours", "21:00 to 08:00 in UTC",
	  NOON + 20 * HOUR },
	{ night_too_late, "no quiet_hours",
	  "21:00 to 08:00 in UTC; it opens after the deadline", 0 },
	{ texas_in_time, "later quiet_hours", "not on this day in UTC", NEVER },
	{ nowhere_in_time, "later quiet_hours", "the time zone is unknown",
	  NEVER },
	{ capped, "no cap", "sms: 1 per 24h", 0 },
	{ capped_defer, "later cap", "sms: 1 per 24h", NOON + 23 * HOUR },
	{ capped_exempt, "go", NULL, 0 },
	{ cap_opens_now, "go", NULL, 0 },
	{ cap_of_none, "later cap", "sms: 0 per 24h", NEVER },
	{ cap_too_late, "no cap", "sms: 1 per 24h; it opens after the deadline",
	  0 },
	{ no_caps, "go", NULL, 0 },
	{ free_of_charge, "go", NULL, 0 },
	{ day_spent, "later budget", "the budget of this day is spent",
	  NOON + 12 * HOUR },
	{ day_just, "go", NULL, 0 },
	{ month_spent, "later budget", "the budget of this month is spent",
	  NOON + 6 * DAY },
	{ both_spent, "later budget", "the budget of this month is spent",
	  NOON + 6 * DAY },
	{ day_too_late, "no budget",
	  "the budget of this day is spent; it "
	  "opens after the deadline",
	  0 },
	{ braked, "later budget",
	  "the brake holds the workflow: too many opt out", NEVER },
	{ braked_why, "later budget",
	  "the brake holds the workflow: 4 of 100 opted out", NEVER },
	{ braked_deadline, "later budget", "the brake holds the workflow",
	  NEVER },
	{ disabled_and_sent, "no enabled", "the workflow is not enabled", 0 },
	{ late_and_exited, "no deadline", "its deadline has passed", 0 },
	{ suppressed_and_no, "no suppressed", "the person is suppressed", 0 },
	{ no_and_night, "no consent", "the person opted out", 0 },
	{ night_and_capped, "later quiet_hours", "21:00 to 08:00",
	  NOON + 20 * HOUR },
	{ capped_and_braked, "no cap", "sms: 1 per 24h", 0 },
};

START_TEST(a_gate_answers)
{
	World w;
	g_auto(JrDecision) d = { 0 };
	g_autoptr(JrPermit) permit = NULL;
	g_autofree char *said = NULL;

	open_world(&w);
	cases[_i].change(&w);
	permit = jr_gate_run(&w.facts, &d);
	said = g_strjoin(" ", jr_verdict_name(d.verdict),
			 d.gate ? jr_gate_name(d.gate) : NULL, NULL);
	ck_assert_msg(g_str_equal(said, cases[_i].said), "%s: %s", said,
		      d.reason);
	ck_assert_int_eq(permit != NULL, d.verdict == JR_VERDICT_GO);
	if (permit)
		ck_assert_str_eq(jr_permit_message(permit), "m_1");
	ck_assert_ptr_nonnull(d.details);
	ck_assert_int_eq(d.opens_s, cases[_i].opens_s);
	if (cases[_i].reason)
		ck_assert_msg(d.reason && g_str_has_prefix(d.reason,
							   cases[_i].reason),
			      "%s", d.reason);
	else
		ck_assert_ptr_null(d.reason);
	/* Whom it is about is no one's business who reads decisions. */
	if (d.reason)
		ck_assert_ptr_null(strstr(d.reason, NUMBER));
	close_world(&w);
}
END_TEST

/* Who asks some of the gates hears what all would have said, or nothing. */
START_TEST(some_gates_say_what_all_say)
{
	World w;
	g_auto(JrDecision) all = { 0 };

	open_world(&w);
	cases[_i].change(&w);
	jr_permit_free(jr_gate_run(&w.facts, &all));
	for (int last = 1; last <= JR_GATE_LAST; last++) {
		g_auto(JrDecision) some = { 0 };
		gboolean stops = all.gate && (int)all.gate <= last;

		ck_assert_int_eq(jr_gate_stops(&w.facts, (JrGate)last, &some),
				 stops);
		ck_assert_int_eq(some.verdict, stops ? all.verdict : 0);
		ck_assert_int_eq(some.gate, stops ? all.gate : 0);
		ck_assert_int_eq(some.opens_s, stops ? all.opens_s : 0);
		ck_assert_pstr_eq(some.reason, stops ? all.reason : NULL);
		ck_assert_int_eq(json_equal(some.details, all.details), stops);
	}
	close_world(&w);
}
END_TEST

/* One closer for each gate, in their order: the first named that is closed. */
static void (*const closers[JR_GATE_LAST + 1])(World *) = {
	[JR_GATE_WORKFLOW] = disabled,	    [JR_GATE_SENT] = accepted,
	[JR_GATE_DEADLINE] = deadline_past, [JR_GATE_EXIT] = exited,
	[JR_GATE_FILTER] = filtered,	    [JR_GATE_SUPPRESSED] = suppressed,
	[JR_GATE_CONSENT] = consent_no,	    [JR_GATE_SUBSCRIBED] = channel_off,
	[JR_GATE_REACHABLE] = bad_number,   [JR_GATE_SENDER] = named_sender,
	[JR_GATE_CONTENT] = empty_body,	    [JR_GATE_QUIET] = texas,
	[JR_GATE_CAPS] = cap_of_none,	    [JR_GATE_BUDGET] = braked,
};

START_TEST(the_first_that_is_closed_decides)
{
	World w;
	g_auto(JrDecision) d = { 0 };

	open_world(&w);
	for (int gate = _i; gate <= JR_GATE_LAST; gate++)
		closers[gate](&w);
	ck_assert_ptr_null(jr_gate_run(&w.facts, &d));
	ck_assert_int_eq(d.gate, (JrGate)_i);
	close_world(&w);
}
END_TEST

/* What was seen is kept with the decision, numbers and texts are not. */
static const struct {
	void (*change)(World *w);
	const char *details; /* a part of them */
} seen[] = {
	{ nothing, "\"segments\":1" },
	{ deadline_past, "\"deadline\":1795607999" },
	{ exited_by_goal, "\"exit\":\"goal\"" },
	{ consent_no, "\"consent\":\"no\"" },
	{ topic_off, "\"topic\":\"news\"" },
	{ no_device, "\"devices\":0" },
	{ unregistered, "\"registered\":false" },
	{ three_segments, "\"segments\":3" },
	{ long_push, "\"body_length\":192" },
	{ night, "\"zones\":[\"UTC\"]" },
	{ texas, "\"rule_line\":7" },
	{ night_security_asks, "\"ignored_quiet_hours\":true" },
	{ night_too_late, "\"opens_at\":1795680000" },
	{ capped_exempt, "\"exempt_from_cap\":true" },
	{ capped_defer, "\"opens_at\":1795690800" },
	{ day_spent, "\"spent_day_micros\":9990001" },
};

START_TEST(a_decision_says_what_it_saw)
{
	World w;
	g_auto(JrDecision) d = { 0 };
	g_autofree char *text = NULL;

	open_world(&w);
	seen[_i].change(&w);
	jr_permit_free(jr_gate_run(&w.facts, &d));
	text = json_dumps(d.details, JSON_COMPACT);
	ck_assert_msg(strstr(text, seen[_i].details) != NULL, "%s", text);
	ck_assert_ptr_null(strstr(text, NUMBER));
	close_world(&w);
}
END_TEST

START_TEST(of_two_caps_the_one_that_opens_last_decides)
{
	World w;
	g_auto(JrDecision) d = { 0 };
	gint64 three[] = { NOON - HOUR, NOON - 2 * HOUR, NOON - 3 * HOUR };
	const JrGateCap caps[] = { { "sms", { 1, DAY }, three, 3 },
				   { "w", { 3, 30 * DAY }, three, 3 } };

	open_world(&w);
	w.message.cap = JR_CAP_DEFER;
	w.facts.caps = caps;
	w.facts.n_caps = 2;
	ck_assert_ptr_null(jr_gate_run(&w.facts, &d));
	ck_assert_str_eq(d.reason, "w: 3 per 30d");
	ck_assert_int_eq(d.opens_s, NOON - 3 * HOUR + 30 * DAY);
	close_world(&w);
}
END_TEST

START_TEST(a_test_send_goes_to_those_listed_only)
{
	World w;
	g_autoptr(GError) error = NULL;
	g_autoptr(JrPermit) permit = NULL;

	open_world(&w);
	permit = jr_gate_test(w.policy, "m_t", "+12065550100", NULL);
	ck_assert_str_eq(jr_permit_message(permit), "m_t");
	ck_assert_ptr_null(jr_gate_test(w.policy, "m_t", NUMBER, &error));
	ck_assert_str_eq(error->message, "not a test recipient: list it under "
					 "'test_recipients' in jr.yaml");
	close_world(&w);
}
END_TEST

START_TEST(names_are_those_of_the_records)
{
	ck_assert_str_eq(jr_gate_name(JR_GATE_QUIET), "quiet_hours");
	ck_assert_ptr_null(jr_gate_name(0));
	ck_assert_ptr_null(jr_gate_name(JR_GATE_LAST + 1));
	ck_assert_str_eq(jr_verdict_name(JR_VERDICT_LATER), "later");
	ck_assert_ptr_null(jr_verdict_name(JR_VERDICT_NO + 1));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_gate_answers, 0, G_N_ELEMENTS(cases));
	tcase_add_loop_test(tc, some_gates_say_what_all_say, 0,
			    G_N_ELEMENTS(cases));
	tcase_add_loop_test(tc, the_first_that_is_closed_decides, 1,
			    JR_GATE_LAST + 1);
	tcase_add_loop_test(tc, a_decision_says_what_it_saw, 0,
			    G_N_ELEMENTS(seen));
	tcase_add_test(tc, of_two_caps_the_one_that_opens_last_decides);
	tcase_add_test(tc, a_test_send_goes_to_those_listed_only);
	tcase_add_test(tc, names_are_those_of_the_records);
}
