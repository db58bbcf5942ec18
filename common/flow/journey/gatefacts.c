#include "flow/journey/gatefacts_impl.h"
#include "store/consents.h"
#include "store/devices.h"
#include "store/suppress.h"

JrGateDesk *jr_gate_desk_new(JrJourneys *journeys)
{
	JrGateDesk *desk = g_new0(JrGateDesk, 1);

	desk->journeys = journeys;
	desk->places = g_array_new(FALSE, FALSE, sizeof(JrQuietPlace));
	desk->caps = g_array_new(FALSE, FALSE, sizeof(JrGateCap));
	desk->all_times = g_array_new(FALSE, FALSE, sizeof(gint64));
	desk->own_times = g_array_new(FALSE, FALSE, sizeof(gint64));
	desk->senders = g_hash_table_new_full(g_direct_hash, g_direct_equal,
					      NULL, g_free);
	desk->holds =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return desk;
}

void jr_gate_desk_free(JrGateDesk *desk)
{
	if (!desk)
		return;
	g_array_unref(desk->places);
	g_array_unref(desk->caps);
	g_array_unref(desk->all_times);
	g_array_unref(desk->own_times);
	g_hash_table_unref(desk->senders);
	g_hash_table_unref(desk->holds);
	g_free(desk);
}

static gboolean goes_to_number(JrChannel channel)
{
	return channel == JR_CHANNEL_SMS || channel == JR_CHANNEL_WHATSAPP;
}

/* Gates 1 to 5: the journey. */
static gboolean ask_journey(JrGateDesk *desk, const JrGateAsk *ask,
			    JrGateFacts *facts, GError **error)
{
	JrRun *run = ask->run;
	JrRunAsk filter = { .expr = run->workflow->filter };
	JrRunAsk test = { .expr = ask->step->test };
	int yes;

	facts->exited = run->called_off;
	facts->exit_reason = run->row.end_reason;
	yes = jr_run_holds(desk->journeys, run, &filter, NULL, error);
	if (yes < 0)
		return FALSE;
	facts->filter_holds = yes;
	yes = jr_run_holds(desk->journeys, run, &test, NULL, error);
	facts->step_holds = yes > 0;
	return yes >= 0;
}

static gboolean is_suppressed(JrGateDesk *desk, JrSuppressKind kind,
			      const char *value, gboolean *yes, GError **error)
{
	/* As the list has addresses; in numbers there is nothing to change. */
	g_autofree char *low = g_utf8_strdown(value, -1);
	JrSuppress ask = { .kind = kind, .value = low };

	return jr_suppress_has(desk->journeys->flow->db, &ask,
			       desk->journeys->arena, yes, error);
}

/* Two people who became one may both have been on the way: each step is for one
 * of their runs, unless one person might have had both. */
static gboolean ask_sent(JrGateDesk *desk, const JrGateAsk *ask,
			 JrGateFacts *facts, GError **error)
{
	const JrWorkflow *workflow = ask->run->workflow;
	gint64 after_s = G_MININT64;

	switch (workflow->reentry) {
	case JR_REENTRY_ALWAYS:
		return TRUE;
	case JR_REENTRY_EVERY:
		after_s = ask->run->row.entered_s -
			  jr_span_seconds(&workflow->reentry_span);
		break;
	case JR_REENTRY_ONCE:
		break;
	}
	return jr_message_sent_before(desk->journeys->flow->db,
				      ask->run->row.enrolment, ask->step->id,
				      after_s, &facts->sent_before, error);
}

/* What is on record of the number and the sender it would come from. */
static gboolean ask_consent(JrGateDesk *desk, const JrGateAsk *ask,
			    JrGateFacts *facts, GError **error)
{
	const JrVal *email =
		jr_val_get(ask->run->who.attributes, "email_consent");
	JrConsentKey key = { .person = ask->run->row.person,
			     .number = facts->address,
			     .channel = facts->message->channel,
			     .scope = facts->sender ? facts->sender->scope
						    : NULL };
	JrConsentNow now;

	facts->email_consent =
		email && email->type == JR_VAL_BOOL && email->yes;
	if (!facts->address)
		return TRUE;
	if (!jr_consent_state(desk->journeys->flow->db, &key, &now, error) ||
	    !is_suppressed(desk, JR_SUPPRESS_NUMBER, facts->address,
			   &facts->number_blocked, error))
		return FALSE;
	if (now.in)
		facts->consent = JR_CONSENT_YES;
	else if (now.out_s > 0)
		facts->consent = JR_CONSENT_NO;
	facts->consent_s = now.in ? now.in_s : now.out_s;
	facts->consent_number = facts->address;
	if (facts->message->purpose != JR_PURPOSE_RE_PERMISSION)
		return TRUE;
	return jr_message_asked(desk->journeys->flow->db, facts->address,
				facts->message_id, &facts->re_permission_sent,
				error);
}

/* Nobody said otherwise: subscribed. */
static gboolean is_subscribed(JrGateDesk *desk, gint64 person,
			      const char *topic, gboolean *yes, GError **error)
{
	JrWish wish = JR_WISH_NONE;

	if (!jr_subscription_get(desk->journeys->flow->db, person, topic, &wish,
				 error))
		return FALSE;
	*yes = wish != JR_WISH_OFF;
	return TRUE;
}

static gboolean ask_wishes(JrGateDesk *desk, const JrGateAsk *ask,
			   JrGateFacts *facts, GError **error)
{
	g_autofree char *channel = g_strconcat(
		"channel:", jr_channel_name(facts->message->channel), NULL);
	gint64 person = ask->run->row.person;

	facts->topic_subscribed = TRUE;
	return is_subscribed(desk, person, channel, &facts->channel_subscribed,
			     error) &&
	       (!facts->message->topic ||
		is_subscribed(desk, person, facts->message->topic,
			      &facts->topic_subscribed, error));
}

static gboolean count_devices(JrGateDesk *desk, const JrGateAsk *ask,
			      JrGateFacts *facts, GError **error)
{
	g_autoptr(GArray) own =
		ask->devices ? g_array_ref(ask->devices)
			     : g_array_new(FALSE, FALSE, sizeof(JrDevice));

	if (!jr_push_devices(desk->journeys->flow, ask->run->row.person,
			     ask->devices ? ask->arena : desk->journeys->arena,
			     own, error))
		return FALSE;
	facts->devices = own->len;
	return TRUE;
}

/* Where the message goes to: a number, an address, or devices. */
static gboolean ask_address(JrGateDesk *desk, const JrGateAsk *ask,
			    JrGateFacts *facts, GError **error)
{
	const JrTraveller *who = &ask->run->who;
	const char *email = jr_val_get_text(who->attributes, "email");

	switch (facts->message->channel) {
	case JR_CHANNEL_PUSH:
		return count_devices(desk, ask, facts, error);
	case JR_CHANNEL_EMAIL:
		facts->address = email;
		return !email || is_suppressed(desk, JR_SUPPRESS_EMAIL, email,
					       &facts->number_blocked, error);
	case JR_CHANNEL_SMS:
	case JR_CHANNEL_WHATSAPP:
		if (jr_traveller_number(desk->journeys->flow, who,
					facts->message->channel, desk->number))
			facts->address = desk->number;
		break;
	}
	return ask_consent(desk, ask, facts, error);
}

gboolean jr_gate_desk_person(JrGateDesk *desk, const JrGateAsk *ask,
			     JrGateFacts *facts, GError **error)
{
	const JrPolicy *policy = desk->journeys->flow->policy;
	const JrMessageStep *message = ask->step->message;

	*facts = (JrGateFacts){ .message_id = ask->message->id,
				.now_s = desk->journeys->now_s,
				.policy = policy,
				.workflow = ask->run->workflow,
				.message = message,
				.state = ask->message->state,
				.deadline_s = ask->message->deadline_s,
				.person_exists = !ask->run->gone };
	if (!ask_journey(desk, ask, facts, error) ||
	    !ask_sent(desk, ask, facts, error))
		return FALSE;
	if (ask->run->gone)
		return TRUE;
	facts->suppressed = ask->run->who.row.state == JR_PERSON_SUPPRESSED;
	facts->sender = ask->sender ? ask->sender
				    : jr_policy_sender(policy, message->channel,
						       message->sender);
	if (!jr_gate_desk_sender(desk, facts, error))
		return FALSE;
	return ask_address(desk, ask, facts, error) &&
	       ask_wishes(desk, ask, facts, error);
}

gboolean jr_gate_desk_first(JrGateDesk *desk, const JrGateFacts *facts,
			    gboolean *first, GError **error)
{
	gboolean any = FALSE;

	*first = FALSE;
	if (!goes_to_number(facts->message->channel) || !facts->address)
		return TRUE;
	if (!jr_message_reached(desk->journeys->flow->db, facts->address,
				facts->message->channel, facts->now_s, &any,
				error))
		return FALSE;
	*first = !any;
	return TRUE;
}
