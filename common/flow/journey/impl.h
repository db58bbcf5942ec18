/*
 * impl.h - how the parts of the engine work together; for them alone.
 */
#pragma once

#include "flow/journey/journey.h"
#include "rules/gate.h"

/* What came of a step. */
typedef enum {
	JR_STEP_FAILED, /* error is set */
	JR_STEP_RESTS,	/* here, until row.due_s or something happens */
	JR_STEP_LEAVES, /* the journey: run->leaves says why */
	JR_STEP_GOES,	/* on to the step in *next */
} JrStepDone;

/*
 * A kind of step.  @next holds step->next when it is called.
 * begin: the run comes to it.  resume: it rested here and is due by time.
 * happened: it rests here and @row happened to its person; JR_STEP_RESTS when
 * that does not concern it.  NULL: cannot be.
 */
typedef struct {
	JrStepDone (*begin)(JrJourneys *journeys, JrRun *run,
			    const JrStep *step, int *next, GError **error);
	JrStepDone (*resume)(JrJourneys *journeys, JrRun *run,
			     const JrStep *step, int *next, GError **error);
	JrStepDone (*happened)(JrJourneys *journeys, JrRun *run,
			       const JrStep *step, const JrLogRow *row,
			       int *next, GError **error);
} JrStepActs;

extern const JrStepActs jr_step_acts[JR_STEP_LAST + 1];

/* message.c, acts.c: begin and resume of these kinds. */
JrStepDone jr_step_message_begin(JrJourneys *journeys, JrRun *run,
				 const JrStep *step, int *next, GError **error);
JrStepDone jr_step_message_resume(JrJourneys *journeys, JrRun *run,
				  const JrStep *step, int *next,
				  GError **error);
JrStepDone jr_step_set(JrJourneys *journeys, JrRun *run, const JrStep *step,
		       int *next, GError **error);
JrStepDone jr_step_track(JrJourneys *journeys, JrRun *run, const JrStep *step,
			 int *next, GError **error);
JrStepDone jr_step_emit(JrJourneys *journeys, JrRun *run, const JrStep *step,
			int *next, GError **error);

/* Let it rest at @step until @due_s. */
JrStepDone jr_journey_rest(JrRun *run, const JrStep *step, gint64 due_s);

/* From when a pause that begins here counts: run->at_s, or now when late. */
gint64 jr_journey_base(const JrJourneys *journeys, const JrRun *run);

/* Run on from @step, which may be JR_STEP_END, until it rests or ends; save. */
gboolean jr_journey_go(JrJourneys *journeys, JrRun *run, int step,
		       GError **error);

/* Where the end of the filter is that of the run: whether it holds, and if time
 * alone may end it, row.due_s is no later. */
gboolean jr_journey_watch(JrJourneys *journeys, JrRun *run, gboolean *holds,
			  GError **error);

/* Do as @done, what a step's function answered, says. */
gboolean jr_journey_follow(JrJourneys *journeys, JrRun *run, JrStepDone done,
			   int next, GError **error);

/* @row may have moved the person of @run, which has not begun: its hour, if it
 * is of a broadcast, is by the clocks there. */
gboolean jr_journey_moved(JrJourneys *journeys, JrRun *run, const JrLogRow *row,
			  GError **error);

/* Begin with the first step, if the filter (still) holds. */
gboolean jr_journey_begin(JrJourneys *journeys, JrRun *run, GError **error);

/* An event's properties as a value: NULL without; or with error, when broken.
 */
gboolean jr_journey_row_data(JrJourneys *journeys, const JrLogRow *row,
			     const JrVal **data, GError **error);
