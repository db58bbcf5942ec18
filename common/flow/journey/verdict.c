#include "flow/journey/verdict.h"
#include "base/error.h"

#define LOOK_AGAIN_S 3600 /* at what only a person can open */

void jr_at_gates_clear(JrAtGates *at)
{
	jr_decision_clear(&at->decision);
}

static gboolean put_off(JrJourneys *journeys, const JrAtGates *at,
			JrMessageState state, gint64 wake_s, GError **error)
{
	const JrPutOff put = { .id = at->message.id,
			       .state = state,
			       .wake_s = wake_s,
			       .at_s = journeys->now_s,
			       .code = jr_gate_name(at->decision.gate),
			       .reason = at->decision.reason };
	gboolean done = FALSE;

	if (!jr_message_put_off(journeys->flow->db, &put, &done, error))
		return FALSE;
	if (done)
		return TRUE;
	/* It was open in this transaction. */
	g_set_error(error, JR_ERROR, JR_ERROR_IO,
		    "message '%s' cannot be put off", at->message.id);
	return FALSE;
}

static gboolean is_open(const JrMessage *message)
{
	return message->state == JR_MESSAGE_PLANNED ||
	       message->state == JR_MESSAGE_OFFERED ||
	       message->state == JR_MESSAGE_WAITING;
}

gboolean jr_at_gates_follow(JrJourneys *journeys, JrAtGates *at, GError **error)
{
	if (!jr_run_of_message(journeys, &at->message, &at->run, &at->step,
			       error))
		return FALSE;
	if (at->step || !is_open(&at->message))
		return TRUE;
	at->decision.gate = JR_GATE_EXIT;
	at->decision.reason = g_strdup("its journey is gone");
	return put_off(journeys, at, JR_MESSAGE_CANCELLED, 0, error);
}

gboolean jr_at_gates_stopped(JrAtGates *at)
{
	/* What the gates behind these see is not here yet. */
	return jr_gate_stops(&at->facts, JR_GATE_REACHABLE, &at->decision);
}

/* Look again when it opens, and at the deadline in any case. */
static gboolean later(JrJourneys *journeys, const JrAtGates *at, GError **error)
{
	gint64 opens_s = at->decision.opens_s, now_s = journeys->now_s;
	gint64 deadline_s = at->message.deadline_s;

	if (opens_s == G_MAXINT64)
		opens_s = now_s + LOOK_AGAIN_S;
	if (deadline_s)
		opens_s = MIN(opens_s, deadline_s + 1);
	return put_off(journeys, at, JR_MESSAGE_PLANNED,
		       MAX(opens_s, now_s + 1), error);
}

static gboolean never(JrJourneys *journeys, JrAtGates *at, GError **error)
{
	JrMessageState state = at->decision.gate == JR_GATE_EXIT
				       ? JR_MESSAGE_CANCELLED
				       : JR_MESSAGE_REFUSED;
	JrRun *run = &at->run;

	if (!put_off(journeys, at, state, 0, error))
		return FALSE;
	if (at->decision.gate == JR_GATE_FILTER && !at->facts.filter_holds &&
	    run->workflow->exit.on_filter &&
	    run->row.state == JR_ENROLMENT_LIVE)
		return jr_run_call_off(journeys, run, JR_ENROLMENT_EXITED,
				       "filter", error);
	return jr_journey_message(journeys, run, &at->message,
				  JR_JOURNEY_WONT_GO, error);
}

gboolean jr_at_gates_put_off(JrJourneys *journeys, JrAtGates *at,
			     GError **error)
{
	const JrAbout about = { &at->run, at->step, &at->message };

	if (!jr_journey_decide(journeys, &about, &at->decision, error))
		return FALSE;
	return at->decision.verdict == JR_VERDICT_LATER
		       ? later(journeys, at, error)
		       : never(journeys, at, error);
}
