#include "base/crash.h"
#include "base/error.h"
#include "flow/journey/impl.h"
#include "io/json.h"

#include <string.h>

JrStepDone jr_journey_rest(JrRun *run, const JrStep *step, gint64 due_s)
{
	run->row.step = step->id;
	run->row.due_s = due_s;
	return JR_STEP_RESTS;
}

gint64 jr_journey_base(const JrJourneys *journeys, const JrRun *run)
{
	gint64 late_s = journeys->now_s - run->at_s;

	return late_s > JR_JOURNEY_LATE_S ? journeys->now_s : run->at_s;
}

gboolean jr_journey_row_data(JrJourneys *journeys, const JrLogRow *row,
			     const JrVal **data, GError **error)
{
	*data = NULL;
	if (!row || !row->data)
		return TRUE;
	*data = jr_json_parse(journeys->arena, row->data, strlen(row->data),
			      error);
	return *data != NULL;
}

/* Whether the step's own condition lets it be; a message's gates ask that. */
static int wanted(JrJourneys *journeys, JrRun *run, const JrStep *step,
		  GError **error)
{
	JrRunAsk ask = { .expr = step->test };

	if (step->kind == JR_STEP_MESSAGE)
		return TRUE;
	return jr_run_holds(journeys, run, &ask, NULL, error);
}

/* Do steps from @at on, until one does not lead to another. */
static JrStepDone walk(JrJourneys *journeys, JrRun *run, int at, GError **error)
{
	JrStepDone done = JR_STEP_GOES;

	/* Jumps lead forward only; the limit is a second belt. */
	for (guint n = 0; at != JR_STEP_END && n < run->workflow->n_steps;
	     n++) {
		const JrStep *step = &run->workflow->steps[at];
		int yes = wanted(journeys, run, step, error);

		if (yes < 0)
			return JR_STEP_FAILED;
		at = step->next;
		jr_run_came(journeys, run, step, !yes);
		if (!yes)
			continue;
		done = jr_step_acts[step->kind].begin(journeys, run, step, &at,
						      error);
		if (done != JR_STEP_GOES)
			return done;
	}
	return JR_STEP_GOES;
}

gboolean jr_journey_go(JrJourneys *journeys, JrRun *run, int step,
		       GError **error)
{
	JrStepDone done;

	if (!jr_run_load(journeys, run, error))
		return FALSE;
	if (run->gone)
		return jr_run_end(journeys, run, JR_ENROLMENT_EXITED,
				  "the person is gone", error);
	run->from_s = run->until_s = 0;
	done = walk(journeys, run, step, error);
	jr_crash_point("journey-walk");
	if (done == JR_STEP_GOES)
		return jr_run_end(journeys, run, JR_ENROLMENT_DONE, NULL,
				  error);
	return jr_journey_follow(journeys, run, done, JR_STEP_END, error);
}

gboolean jr_journey_watch(JrJourneys *journeys, JrRun *run, gboolean *holds,
			  GError **error)
{
	JrRunAsk filter = { .expr = run->workflow->filter };
	int yes = TRUE;

	if (run->workflow->exit.on_filter)
		yes = jr_run_holds(journeys, run, &filter, &run->row.due_s,
				   error);
	*holds = yes > 0;
	return yes >= 0;
}

static gboolean rest(JrJourneys *journeys, JrRun *run, GError **error)
{
	gboolean holds;

	if (!jr_journey_watch(journeys, run, &holds, error))
		return FALSE;
	return holds ? jr_run_save(journeys, run, error)
		     : jr_run_call_off(journeys, run, JR_ENROLMENT_EXITED,
				       "filter", error);
}

gboolean jr_journey_follow(JrJourneys *journeys, JrRun *run, JrStepDone done,
			   int next, GError **error)
{
	switch (done) {
	case JR_STEP_FAILED:
		return FALSE;
	case JR_STEP_RESTS:
		return rest(journeys, run, error);
	case JR_STEP_LEAVES:
		return jr_run_end(journeys, run, JR_ENROLMENT_EXITED,
				  run->leaves, error);
	case JR_STEP_GOES:
		break;
	}
	return jr_journey_go(journeys, run, next, error);
}
