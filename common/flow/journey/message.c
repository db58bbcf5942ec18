#include "base/error.h"
#include "base/hash.h"
#include "flow/journey/impl.h"

#include <string.h>

/* A run that rests at its message is looked at once a day in any case. */
#define LOOK_AGAIN_S 86400

/* The same work done twice makes the same id, and so one message. */
static const char *message_id(JrJourneys *journeys, const JrRun *run,
			      const JrStep *step)
{
	char number[24];
	const char *const parts[] = { run->row.workflow,
				      run->who.row.id,
				      run->row.key ? run->row.key : "",
				      number,
				      step->id,
				      NULL };
	g_autofree char *id = NULL;

	g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, run->row.run);
	id = jr_hash_id("m_", parts);
	return jr_arena_text(journeys->arena, id, strlen(id));
}

static gint64 deadline(const JrRun *run, const JrMessageStep *message)
{
	if (!message->has_deadline)
		return 0;
	return jr_span_add(run->at_s, &message->deadline, run->who.zone);
}

/* What the message says of itself before anyone looked at gates. */
static JrMessage draft(JrJourneys *journeys, const JrRun *run,
		       const JrStep *step)
{
	const JrMessageStep *message = step->message;

	return (JrMessage){ .id = message_id(journeys, run, step),
			    .enrolment = run->row.enrolment,
			    .workflow = run->row.workflow,
			    .version = run->row.version,
			    .step = step->id,
			    .variant = run->variant,
			    .person = run->row.person,
			    .channel = message->channel,
			    .purpose = message->purpose,
			    .priority = run->workflow->priority,
			    .state = JR_MESSAGE_PLANNED,
			    .trigger_s = run->row.trigger_s,
			    .due_s = run->at_s,
			    .wake_s = run->at_s,
			    .deadline_s = deadline(run, message) };
}

JrStepDone jr_step_message_begin(JrJourneys *journeys, JrRun *run,
				 const JrStep *step, int *next G_GNUC_UNUSED,
				 GError **error)
{
	JrMessage message = draft(journeys, run, step);
	gboolean fresh = FALSE;

	if (!jr_message_plan(journeys->flow->db, &message, &fresh, error))
		return JR_STEP_FAILED;
	/* It is there when the person came here before they were merged. */
	if (!fresh)
		return JR_STEP_GOES;
	jr_flow_count(journeys->flow, "planned", 1);
	return jr_journey_rest(run, step, journeys->now_s + LOOK_AGAIN_S);
}

/*
 * The message moves its run; this is the second belt.  While it is planned the
 * run stays.
 */
JrStepDone jr_step_message_resume(JrJourneys *journeys, JrRun *run,
				  const JrStep *step, int *next G_GNUC_UNUSED,
				  GError **error)
{
	const char *id = message_id(journeys, run, step);
	JrMessage message;
	gboolean found = FALSE;

	if (!jr_message_get(journeys->flow->db, id, journeys->arena, &message,
			    &found, error))
		return JR_STEP_FAILED;
	if (!found || message.state != JR_MESSAGE_PLANNED)
		return JR_STEP_GOES;
	return jr_journey_rest(run, step, journeys->now_s + LOOK_AGAIN_S);
}

/* Whether @run rests at @message's step. */
static gboolean rests_there(const JrRun *run, const JrMessage *message)
{
	const JrStep *step = jr_run_step(run);

	return run->row.state == JR_ENROLMENT_LIVE && step &&
	       step->kind == JR_STEP_MESSAGE &&
	       strcmp(step->id, message->step) == 0;
}

gboolean jr_journey_message(JrJourneys *journeys, JrRun *run,
			    const JrMessage *message, JrJourneyFate fate,
			    GError **error)
{
	const char *why = "its message could not be sent";

	if (run->row.state != JR_ENROLMENT_LIVE)
		return TRUE;
	if (fate == JR_JOURNEY_WONT_GO && run->workflow->exit_on_unsendable)
		return jr_run_end(journeys, run, JR_ENROLMENT_EXITED, why,
				  error);
	if (!rests_there(run, message))
		return TRUE;
	run->at_s = CLAMP(message->wake_s, message->due_s, journeys->now_s);
	return jr_journey_go(journeys, run, jr_run_step(run)->next, error);
}
