#include "rules/gate_checks.h"

#include <string.h>

/* No for good, for the reason that the format and what follows make. */
static JrVerdict no(JrDecision *d, const char *format, ...) G_GNUC_PRINTF(2, 3);

static JrVerdict no(JrDecision *d, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	d->reason = g_strdup_vprintf(format, args);
	va_end(args);
	return JR_VERDICT_NO;
}

static JrVerdict later(JrDecision *d, gint64 opens_s)
{
	d->opens_s = opens_s;
	return JR_VERDICT_LATER;
}

/* Nothing is kept of it where there are no details, as in jr_gate_stops(). */
static void saw(JrDecision *d, const char *key, json_t *value)
{
	if (d->details)
		json_object_set_new(d->details, key, value);
	else
		json_decref(value);
}

static void saw_time(JrDecision *d, const char *key, gint64 at_s)
{
	if (d->details)
		saw(d, key, json_integer(at_s));
}

static void saw_text(JrDecision *d, const char *key, const char *text)
{
	if (d->details)
		saw(d, key, text ? json_string(text) : json_null());
}

/* Whether the message goes to a telephone number. */
static gboolean is_to_number(const JrGateFacts *f)
{
	return f->message->channel == JR_CHANNEL_SMS ||
	       f->message->channel == JR_CHANNEL_WHATSAPP;
}

/* --- the journey --- */

JrVerdict jr_gate_enabled(const JrGateFacts *f, JrDecision *d)
{
	const JrWorkflow *w = f->workflow;

	if (!w)
		return no(d, "its workflow is gone");
	saw(d, "enabled", json_boolean(w->enabled));
	if (!w->enabled)
		return no(d, "the workflow is not enabled");
	if (f->message->channel != JR_CHANNEL_SMS)
		return JR_VERDICT_GO;
	saw_text(d, "approved_by", w->approved_by);
	saw_text(d, "approved_on", w->approved_on);
	if (!w->approved_by || !w->approved_on || !w->why_sms)
		return no(d, "the workflow's SMS are not approved");
	return JR_VERDICT_GO;
}

JrVerdict jr_gate_sent(const JrGateFacts *f, JrDecision *d)
{
	switch (f->state) {
	case JR_MESSAGE_CLAIMED:
	case JR_MESSAGE_ACCEPTED:
	case JR_MESSAGE_REFUSED:
	case JR_MESSAGE_UNKNOWN:
	case JR_MESSAGE_DELIVERED:
	case JR_MESSAGE_FAILED:
	case JR_MESSAGE_CANCELLED:
		saw_text(d, "state", jr_message_state_name(f->state));
		return no(d, "the message is %s already",
			  jr_message_state_name(f->state));
	case JR_MESSAGE_PLANNED:
	case JR_MESSAGE_OFFERED:
	case JR_MESSAGE_WAITING:
		break;
	}
	if (f->sent_before)
		return no(d, "it was sent before, when the person was known as "
			     "two");
	return JR_VERDICT_GO;
}

JrVerdict jr_gate_deadline(const JrGateFacts *f, JrDecision *d)
{
	if (f->deadline_s == 0 || f->now_s <= f->deadline_s)
		return JR_VERDICT_GO;
	saw_time(d, "deadline", f->deadline_s);
	saw_time(d, "now", f->now_s);
	return no(d, "its deadline has passed");
}

JrVerdict jr_gate_exited(const JrGateFacts *f, JrDecision *d)
{
	if (!f->exited)
		return JR_VERDICT_GO;
	saw_text(d, "exit", f->exit_reason);
	return no(d, "the person left the journey: %s",
		  f->exit_reason ? f->exit_reason : "exit");
}

JrVerdict jr_gate_filter(const JrGateFacts *f, JrDecision *d)
{
	if (!f->filter_holds) {
		if (f->workflow->filter)
			saw_text(d, "filter",
				 jr_expr_text(f->workflow->filter));
		return no(d, "the workflow's filter does not hold");
	}
	if (!f->step_holds)
		return no(d, "the step's condition does not hold");
	return JR_VERDICT_GO;
}

/* --- the person --- */

JrVerdict jr_gate_suppressed(const JrGateFacts *f, JrDecision *d)
{
	if (!f->person_exists)
		return no(d, "the person is erased or unknown");
	if (f->suppressed)
		return no(d, "the person is suppressed");
	return JR_VERDICT_GO;
}

/* Asking by SMS whether one may: off by default, and once per number ever. */
static JrVerdict may_ask_again(const JrGateFacts *f, JrDecision *d)
{
	const JrRePermission *ask = &f->policy->re_permission;

	saw_text(d, "approved_by", ask->approved_by);
	saw(d, "email_consent", json_boolean(f->email_consent));
	if (f->message->channel != JR_CHANNEL_SMS)
		return no(d, "re-permission is for SMS only");
	if (!ask->on || !ask->approved_by)
		return no(d, "re-permission by SMS is off");
	if (f->consent != 0)
		return no(d, "the person has answered already");
	if (f->re_permission_sent)
		return no(d, "the number was asked before");
	if (!f->email_consent)
		return no(d, "there is no email consent to build on");
	return JR_VERDICT_GO;
}

JrVerdict jr_gate_consent(const JrGateFacts *f, JrDecision *d)
{
	if (!is_to_number(f))
		return JR_VERDICT_GO;
	saw_text(d, "consent", jr_consent_state_name(f->consent));
	if (f->consent_s)
		saw_time(d, "consent_at", f->consent_s);
	if (f->number_blocked)
		return no(d, "the number opted out");
	if (f->consent == JR_CONSENT_NO)
		return no(d, "the person opted out");
	if (f->message->purpose == JR_PURPOSE_RE_PERMISSION)
		return may_ask_again(f, d);
	if (f->consent != JR_CONSENT_YES)
		return no(d, "there is no consent on record");
	if (!f->address || g_strcmp0(f->consent_number, f->address) != 0)
		return no(d, "the consent is for another number");
	return JR_VERDICT_GO;
}

JrVerdict jr_gate_subscribed(const JrGateFacts *f, JrDecision *d)
{
	const char *channel = jr_channel_name(f->message->channel);

	if (!f->channel_subscribed) {
		saw_text(d, "channel", channel);
		return no(d, "the person turned %s off", channel);
	}
	if (!f->topic_subscribed) {
		saw_text(d, "topic", f->message->topic);
		return no(d, "the person is not subscribed to its topic");
	}
	return JR_VERDICT_GO;
}

static gboolean is_email(const char *address)
{
	const char *at = address ? strrchr(address, '@') : NULL;

	return at && at > address && at[1] && !strpbrk(address, " \t\r\n,;<>");
}

JrVerdict jr_gate_reachable(const JrGateFacts *f, JrDecision *d)
{
	switch (f->message->channel) {
	case JR_CHANNEL_SMS:
	case JR_CHANNEL_WHATSAPP:
		if (!jr_phone_valid(f->address))
			return no(d, "there is no valid number");
		break;
	case JR_CHANNEL_EMAIL:
		if (!is_email(f->address))
			return no(d, "there is no valid email address");
		break;
	case JR_CHANNEL_PUSH:
		saw(d, "devices", json_integer(f->devices));
		if (f->devices == 0)
			return no(d, "there is no live device");
		break;
	}
	return JR_VERDICT_GO;
}

/* --- the message --- */

/* Carriers of +1 take texts from registered senders only. */
JrVerdict jr_gate_sender(const JrGateFacts *f, JrDecision *d)
{
	const JrPolicySender *s = f->sender;
	gboolean registered;

	if (f->message->sender && !s)
		return no(d, "its sender '%s' is not configured",
			  f->message->sender);
	if (f->message->channel != JR_CHANNEL_SMS ||
	    !g_str_has_prefix(f->address, "+1"))
		return JR_VERDICT_GO;
	if (!s)
		return no(d, "no sender is configured for +1");
	registered = f->sender_found ? f->sender_found > 0 : s->registered;
	saw_text(d, "sender", s->name);
	saw_text(d, "type", jr_sender_type_name(s->type));
	saw(d, "registered", json_boolean(registered));
	if (f->sender_found)
		saw_time(d, "verified", f->sender_found_s);
	switch (s->type) {
	case JR_SENDER_10DLC:
	case JR_SENDER_TOLL_FREE:
	case JR_SENDER_SHORT_CODE:
		if (!registered)
			return no(d, "its sender is not registered for +1");
		return JR_VERDICT_GO;
	case JR_SENDER_LONG_CODE:
	case JR_SENDER_ALPHANUMERIC:
		break;
	}
	return no(d, "its sender cannot be used for +1");
}

static JrVerdict fits_sms(const JrGateFacts *f, JrDecision *d)
{
	JrSmsCount count = jr_sms_count(f->body);

	saw(d, "segments", json_integer(count.segments));
	saw_text(d, "encoding", jr_sms_encoding_name(count.encoding));
	if (count.segments > f->policy->sms_max_segments)
		return no(d, "it has %u segments, more than %u", count.segments,
			  f->policy->sms_max_segments);
	return JR_VERDICT_GO;
}

static JrVerdict fits_push(const JrGateFacts *f, JrDecision *d)
{
	JrPushMeasure m = jr_push_measure(&f->policy->push, f->title, f->body);

	saw(d, "title_length", json_integer(m.title));
	saw(d, "body_length", json_integer(m.body));
	if (m.title_fit == JR_PUSH_TOO_LONG)
		return no(d, "its title has %u characters, more than %u",
			  m.title, f->policy->push.title_max);
	if (m.body_fit == JR_PUSH_TOO_LONG)
		return no(d, "its body has %u characters, more than %u", m.body,
			  f->policy->push.body_max);
	return JR_VERDICT_GO;
}

JrVerdict jr_gate_content(const JrGateFacts *f, JrDecision *d)
{
	JrChannel channel = f->message->channel;

	if (f->render_error) {
		saw_text(d, "error", f->render_error);
		return no(d, "it does not render: %s", f->render_error);
	}
	if (channel == JR_CHANNEL_WHATSAPP && f->message->tmpl)
		return JR_VERDICT_GO;
	if (channel == JR_CHANNEL_PUSH && f->silent)
		return JR_VERDICT_GO;
	if (!f->body || !f->body[0])
		return no(d, "its body is empty");
	if (channel == JR_CHANNEL_SMS)
		return fits_sms(f, d);
	return channel == JR_CHANNEL_PUSH ? fits_push(f, d) : JR_VERDICT_GO;
}

/* --- time and money --- */

/* "21:00 to 08:00 in Europe/Paris" */
static char *quiet_words(const JrQuietRule *rule, const JrQuietPlace *place)
{
	const JrWindow *w = &rule->allowed;
	const char *zone = jr_zone_id(place->zone);

	if (w->from == w->until)
		return g_strdup_printf("not on this day in %s", zone);
	return g_strdup_printf("%02d:%02d to %02d:%02d in %s", w->until / 60,
			       w->until % 60, w->from / 60, w->from % 60, zone);
}

static json_t *zone_names(const JrGateFacts *f)
{
	json_t *names = json_array();

	for (guint i = 0; i < f->n_places; i++)
		json_array_append_new(
			names, json_string(jr_zone_id(f->places[i].zone)));
	return names;
}

/* Only these may ask, and each ask is kept. */
static gboolean is_excused(const JrGateFacts *f)
{
	return f->message->ignore_quiet &&
	       (f->message->purpose == JR_PURPOSE_SECURITY ||
		f->message->purpose == JR_PURPOSE_TRANSACTIONAL);
}

JrVerdict jr_gate_quiet(const JrGateFacts *f, JrDecision *d)
{
	JrQuietAnswer answer;

	if (!(f->policy->quiet_channels >> f->message->channel & 1))
		return JR_VERDICT_GO;
	if (is_excused(f))
		saw(d, "ignored_quiet_hours", json_true());
	if (f->n_places == 0) {
		if (is_excused(f))
			return JR_VERDICT_GO;
		d->reason = g_strdup("the time zone is unknown");
		return later(d, G_MAXINT64);
	}
	answer = jr_quiet_ask(&f->policy->quiet, f->places, f->n_places,
			      f->now_s);
	saw(d, "zones", zone_names(f));
	if (answer.opens_s == f->now_s)
		return JR_VERDICT_GO;
	saw(d, "quiet", json_true());
	if (answer.rule->line)
		saw(d, "rule_line", json_integer(answer.rule->line));
	if (is_excused(f))
		return JR_VERDICT_GO;
	d->reason = quiet_words(answer.rule, &f->places[answer.place]);
	return later(d, answer.opens_s);
}

/* The cap that opens last, if any is closed. */
static const JrGateCap *closed_cap(const JrGateFacts *f, gint64 *opens_s)
{
	const JrGateCap *last = NULL;

	*opens_s = f->now_s;
	for (guint i = 0; i < f->n_caps; i++) {
		const JrGateCap *c = &f->caps[i];
		gint64 at_s =
			jr_cap_opens(&c->cap, c->times_s, c->n_times, f->now_s);

		if (at_s <= *opens_s)
			continue;
		*opens_s = at_s;
		last = c;
	}
	return last;
}

JrVerdict jr_gate_cap(const JrGateFacts *f, JrDecision *d)
{
	gint64 opens_s;
	const JrGateCap *cap = closed_cap(f, &opens_s);
	g_autofree char *words = cap ? jr_cap_format(&cap->cap) : NULL;

	if (!cap)
		return JR_VERDICT_GO;
	saw_text(d, "scope", cap->scope);
	saw_text(d, "cap", words);
	if (cap->n_times > 0)
		saw_time(d, "last", cap->times_s[0]);
	if (f->policy->caps_exempt >> f->message->purpose & 1) {
		saw(d, "exempt_from_cap", json_true());
		return JR_VERDICT_GO;
	}
	if (opens_s != G_MAXINT64)
		saw_time(d, "opens_at", opens_s);
	if (f->message->cap == JR_CAP_SKIP)
		return no(d, "%s: %s", cap->scope, words);
	d->reason = g_strdup_printf("%s: %s", cap->scope, words);
	return later(d, opens_s);
}

static JrVerdict over_budget(const JrGateFacts *f, JrDecision *d,
			     const char *period, gint64 ends_s)
{
	saw(d, "cost_micros", json_integer(f->cost_micros));
	saw(d, "spent_day_micros", json_integer(f->spent_day_micros));
	saw(d, "spent_month_micros", json_integer(f->spent_month_micros));
	d->reason = g_strdup_printf("the budget of this %s is spent", period);
	return later(d, ends_s);
}

/* Carriers take so much of a brand a day. */
static gboolean is_over_day(const JrGateFacts *f, JrDecision *d)
{
	const JrPolicySender *s = f->sender;

	if (!s || s->per_day == 0 ||
	    f->sender_day_segments + f->segments <= s->per_day)
		return FALSE;
	saw_text(d, "sender", s->name);
	saw(d, "sender_day_segments", json_integer(f->sender_day_segments));
	saw(d, "per_day", json_integer(s->per_day));
	d->reason = g_strdup("its sender has had its day's segments");
	return TRUE;
}

JrVerdict jr_gate_budget(const JrGateFacts *f, JrDecision *d)
{
	const JrBudget *b = &f->policy->budget;

	if (f->braked) {
		d->reason = g_strdup_printf(
			"the brake holds the workflow: %s",
			f->brake_reason ? f->brake_reason : "too many opt out");
		return later(d, G_MAXINT64);
	}
	if (is_over_day(f, d))
		return later(d, f->sender_day_ends_s);
	if (f->cost_micros == 0)
		return JR_VERDICT_GO;
	if (b->per_month_micros &&
	    f->spent_month_micros + f->cost_micros > b->per_month_micros)
		return over_budget(f, d, "month", f->month_ends_s);
	if (b->per_day_micros &&
	    f->spent_day_micros + f->cost_micros > b->per_day_micros)
		return over_budget(f, d, "day", f->day_ends_s);
	return JR_VERDICT_GO;
}
