/* Going on with a run that is due by time. */
#include "flow/journey/impl.h"

/*
 * The version to go on by: a file that says `migrate: true` takes over those
 * whose step it still has.
 */
static void migrate(JrJourneys *journeys, JrRun *run)
{
	const JrWorkflow *now =
		jr_journey_files_find(journeys->files, run->row.workflow);
	const char *step = run->row.step;

	if (!now || !now->migrate || now == run->workflow)
		return;
	if (step && *step && jr_workflow_find(now, step) < 0)
		return;
	run->workflow = now;
	run->row.version = now->hash;
}

gboolean jr_journey_resume(JrJourneys *journeys, const JrEnrolment *row,
			   GError **error)
{
	JrRun run;
	const JrStep *step;
	JrStepDone done;
	int next;

	if (!jr_run_take(journeys, row, &run, error))
		return FALSE;
	migrate(journeys, &run);
	step = jr_run_step(&run);
	if (!row->step || !*row->step)
		return jr_journey_begin(journeys, &run, error);
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
