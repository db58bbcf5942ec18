#include "base/error.h"
#include "flow/journey/impl.h"

#include <string.h>

/* ---- wait ---- */

/* When the pause that began at @from_s ends by what is known now. */
static gboolean wait_ends(const JrRun *run, const JrStep *step, gint64 from_s,
			  gint64 *ends_s, GError **error)
{
	const JrWaitFacts facts = { .person = run->who.attributes,
				    .event = run->event,
				    .zone = run->who.zone,
				    .at_s = from_s };

	return jr_wait_ends(&step->wait, &facts, ends_s, error);
}

/* Its date is missing, or none: in doubt the journey is over. */
static JrStepDone leave_without_date(JrJourneys *journeys, JrRun *run,
				     const JrStep *step, const GError *why)
{
	g_autofree char *text =
		g_strdup_printf("wait '%s': %s", step->id, why->message);

	run->leaves = jr_arena_text(journeys->arena, text, strlen(text));
	return JR_STEP_LEAVES;
}

/* Rest until the end of the pause that began at run->from_s, or go on. */
static JrStepDone wait_out(JrJourneys *journeys, JrRun *run, const JrStep *step)
{
	const JrWait *wait = &step->wait;
	g_autoptr(GError) why = NULL;
	gint64 ends_s = 0;

	if (!wait_ends(run, step, run->from_s, &ends_s, &why))
		return leave_without_date(journeys, run, step, why);
	/* Who comes late finds the window shut again. */
	if (wait->windowed && ends_s < journeys->now_s - JR_JOURNEY_LATE_S)
		ends_s = jr_window_next(&wait->window, wait->weekdays,
					run->who.zone, journeys->now_s);
	if (ends_s > journeys->now_s) {
		run->until_s = ends_s;
		return jr_journey_rest(run, step, ends_s);
	}
	/* What shortened it meanwhile did not end it before. */
	run->at_s = MAX(ends_s, run->at_s);
	return JR_STEP_GOES;
}

static JrStepDone wait_begin(JrJourneys *journeys, JrRun *run,
			     const JrStep *step, int *next G_GNUC_UNUSED,
			     GError **error G_GNUC_UNUSED)
{
	run->from_s = jr_journey_base(journeys, run);
	return wait_out(journeys, run, step);
}

/* Anew from its beginning: zone and date may be others now. */
static JrStepDone wait_resume(JrJourneys *journeys, JrRun *run,
			      const JrStep *step, int *next G_GNUC_UNUSED,
			      GError **error G_GNUC_UNUSED)
{
	return wait_out(journeys, run, step);
}

/* Another zone or date moves the end of the pause. */
static JrStepDone wait_happened(JrJourneys *journeys, JrRun *run,
				const JrStep *step, const JrLogRow *row,
				int *next G_GNUC_UNUSED, GError **error)
{
	if (row->kind != JR_LOG_IDENTIFY && row->kind != JR_LOG_MERGE)
		return JR_STEP_RESTS;
	if (!jr_run_load(journeys, run, error))
		return JR_STEP_FAILED;
	return wait_out(journeys, run, step);
}

/* Go on by @arm, or by none of them. */
static void take(JrJourneys *journeys, JrRun *run, const JrStep *step,
		 const JrArm *arm, int *next)
{
	*next = arm ? arm->to : step->otherwise;
	jr_run_went(journeys, run, step, arm);
}

/* ---- wait_for ---- */

/* Which arm's condition holds as things are: *next is where it leads. */
static int find_state(JrJourneys *journeys, JrRun *run, const JrStep *step,
		      gint64 *next_s, int *next, GError **error)
{
	for (guint i = 0; i < step->n_arms; i++) {
		const JrArm *arm = &step->arms[i];
		JrRunAsk ask = { .expr = arm->test };
		int yes;

		if (arm->event)
			continue;
		yes = jr_run_holds(journeys, run, &ask, next_s, error);
		if (yes > 0)
			take(journeys, run, step, arm, next);
		if (yes != 0)
			return yes;
	}
	return FALSE;
}

/* Whether @row is the event that an arm waits for. */
static int find_event(JrJourneys *journeys, JrRun *run, const JrStep *step,
		      const JrLogRow *row, int *next, GError **error)
{
	JrRunAsk ask = { .event_at_s = row->at_s };

	/* Cron may have been away: what came when time was up came too late. */
	if (!(JR_LOG_BIT(row->kind) & JR_LOG_EVENTS) ||
	    row->at_s >= run->until_s)
		return FALSE;
	for (guint i = 0; i < step->n_arms; i++) {
		const JrArm *arm = &step->arms[i];
		int yes;

		if (g_strcmp0(arm->event, row->name) != 0 || !arm->event)
			continue;
		if (!jr_journey_row_data(journeys, row, &ask.event, error))
			return -1;
		ask.expr = arm->test;
		yes = jr_run_holds(journeys, run, &ask, NULL, error);
		if (yes > 0)
			take(journeys, run, step, arm, next);
		if (yes != 0)
			return yes;
	}
	return FALSE;
}

/* Go on if a condition holds or time is up, else rest until either may be. */
static JrStepDone look(JrJourneys *journeys, JrRun *run, const JrStep *step,
		       int *next, GError **error)
{
	gint64 due_s = run->until_s;
	int yes = find_state(journeys, run, step, &due_s, next, error);

	if (yes < 0)
		return JR_STEP_FAILED;
	if (yes) {
		run->at_s = journeys->now_s;
		return JR_STEP_GOES;
	}
	if (run->until_s > journeys->now_s)
		return jr_journey_rest(run, step, due_s);
	run->at_s = MAX(run->until_s, run->at_s);
	take(journeys, run, step, NULL, next);
	return JR_STEP_GOES;
}

/* When its time is up. */
static gint64 time_out(const JrRun *run, const JrStep *step)
{
	return step->has_timeout
		       ? jr_span_add(run->from_s, &step->timeout, run->who.zone)
		       : G_MAXINT64;
}

static JrStepDone wait_for_begin(JrJourneys *journeys, JrRun *run,
				 const JrStep *step, int *next, GError **error)
{
	run->from_s = jr_journey_base(journeys, run);
	run->until_s = time_out(run, step);
	return look(journeys, run, step, next, error);
}

/* By another version of the file the time may be another. */
static JrStepDone wait_for_resume(JrJourneys *journeys, JrRun *run,
				  const JrStep *step, int *next, GError **error)
{
	run->until_s = time_out(run, step);
	return look(journeys, run, step, next, error);
}

static JrStepDone wait_for_happened(JrJourneys *journeys, JrRun *run,
				    const JrStep *step, const JrLogRow *row,
				    int *next, GError **error)
{
	int yes;

	if (!jr_run_load(journeys, run, error))
		return JR_STEP_FAILED;
	yes = find_event(journeys, run, step, row, next, error);
	if (yes < 0)
		return JR_STEP_FAILED;
	if (!yes)
		return look(journeys, run, step, next, error);
	run->at_s = CLAMP(row->at_s, run->from_s, journeys->now_s);
	return JR_STEP_GOES;
}

/* ---- branch, split, exit ---- */

static JrStepDone branch(JrJourneys *journeys, JrRun *run, const JrStep *step,
			 int *next, GError **error)
{
	const JrArm *taken = NULL;

	for (guint i = 0; !taken && i < step->n_arms; i++) {
		JrRunAsk ask = { .expr = step->arms[i].test };
		int yes = jr_run_holds(journeys, run, &ask, NULL, error);

		if (yes < 0)
			return JR_STEP_FAILED;
		if (yes)
			taken = &step->arms[i];
	}
	take(journeys, run, step, taken, next);
	return JR_STEP_GOES;
}

static JrStepDone split(JrJourneys *journeys, JrRun *run, const JrStep *step,
			int *next, GError **error G_GNUC_UNUSED)
{
	const JrArm *arm =
		jr_workflow_pick(run->workflow, step, run->who.row.id);

	run->variant = arm->name;
	take(journeys, run, step, arm, next);
	return JR_STEP_GOES;
}

static JrStepDone leave(JrJourneys *journeys, JrRun *run, const JrStep *step,
			int *next G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
	g_autofree char *text = g_strdup_printf("step '%s'", step->id);

	run->leaves = jr_arena_text(journeys->arena, text, strlen(text));
	return JR_STEP_LEAVES;
}

const JrStepActs jr_step_acts[JR_STEP_LAST + 1] = {
	[JR_STEP_MESSAGE] = { jr_step_message_begin, jr_step_message_resume,
			      NULL },
	[JR_STEP_WAIT] = { wait_begin, wait_resume, wait_happened },
	[JR_STEP_WAIT_FOR] = { wait_for_begin, wait_for_resume,
			       wait_for_happened },
	[JR_STEP_BRANCH] = { branch, NULL, NULL },
	[JR_STEP_SPLIT] = { split, NULL, NULL },
	[JR_STEP_SET] = { jr_step_set, NULL, NULL },
	[JR_STEP_TRACK] = { jr_step_track, NULL, NULL },
	[JR_STEP_EMIT] = { jr_step_emit, NULL, NULL },
	[JR_STEP_EXIT] = { leave, NULL, NULL },
};
