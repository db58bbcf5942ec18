/* Going on with a run that is due by time. */
#include "flow/journey/impl.h"

gboolean jr_journey_resume(JrJourneys *journeys, const JrEnrolment *row,
			   GError **error)
{
	JrRun run;
	const JrStep *step;
	JrStepDone done;
	gboolean holds;
	int next;

	if (!jr_run_take(journeys, row, &run, error))
		return FALSE;
	jr_run_migrate(journeys, &run);
	step = jr_run_step(&run);
	if (!row->step || !*row->step)
		return jr_journey_begin(journeys, &run, error);
	if (!jr_journey_watch(journeys, &run, &holds, error))
		return FALSE;
	if (!holds && !run.gone)
		return jr_run_call_off(journeys, &run, JR_ENROLMENT_EXITED,
				       "filter", error);
	if (!step || !jr_step_acts[step->kind].resume)
		return jr_run_end(journeys, &run, JR_ENROLMENT_EXITED,
				  "its step is gone", error);
	if (!jr_run_load(journeys, &run, error))
		return FALSE;
	next = step->next;
	done = run.gone ? JR_STEP_GOES
			: jr_step_acts[step->kind].resume(journeys, &run, step,
							  &next, error);
	return jr_journey_follow(journeys, &run, done, next, error);
}
