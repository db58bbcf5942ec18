/*
 * run.h - a run in hand: its enrolment, workflow, person and trigger.
 */
#pragma once

#include "flow/facts_store.h"
#include "flow/journey/files.h"
#include "flow/journey/met.h"
#include "flow/journey/person.h"
#include "store/enrolments.h"
#include "store/messages.h"

#include <jansson.h>

/* What a tick of the engine works with. */
typedef struct {
	JrFlow *flow;
	JrJourneyFiles *files;
	gint64 now_s;
	JrMet *met;	/* borrowed; NULL: everybody is read each time */
	JrArena *arena; /* of the run in hand: reset before the next */
	GString *lines; /* records, to be written after the commit */
} JrJourneys;

/*
 * A context for @flow, as of now.  @files is borrowed.  Owned; free with
 * jr_journeys_free(), which gives back what has not been written, too.
 */
JrJourneys *jr_journeys_new(JrFlow *flow, JrJourneyFiles *files);
void jr_journeys_free(JrJourneys *journeys);

/* Gather @record, to be written after the commit. */
void jr_journeys_tell(JrJourneys *journeys, const json_t *record);

/*
 * Write the records gathered since the commit before, and flush.  After the
 * commit that makes them true.  FALSE and JR_ERROR_IO.
 */
gboolean jr_journeys_write(JrJourneys *journeys, GError **error);

/* All of it lives in journeys->arena. */
typedef struct {
	JrEnrolment row;
	JrEnrolment was;	    /* row as the store has it */
	const JrWorkflow *workflow; /* by its version; of files */
	JrTraveller who;
	gboolean gone;		/* nobody is there any more */
	const JrVal *event;	/* data of what started it, or NULL */
	const char *event_name; /* of an event; or NULL */
	const char *event_id;	/* its own id; or NULL */
	gint64 at_s;		/* where it is in time: see journey.h */
	/* What it remembers; stored in row.vars. */
	const char *variant;	/* of the last split; or NULL */
	gint64 from_s, until_s; /* of the pause it rests in; 0: none */
	gboolean called_off;	/* it ended by jr_run_call_off() */
	const char *path;	/* stored in row.path: see store/paths.h */
	gboolean met, loaded;	/* its person is here; and its trigger */
	const char *leaves;	/* why a step had it leave */
} JrRun;

/*
 * The version to go on by: a file that says `migrate: true` takes over those
 * on the way whose step it still has.
 */
void jr_run_migrate(const JrJourneys *journeys, JrRun *run);

/*
 * Take @row (its texts are copied) in hand: its workflow and what it remembers
 * at once, its person and trigger by jr_run_load(), which does it once.
 */
gboolean jr_run_take(JrJourneys *journeys, const JrEnrolment *row, JrRun *run,
		     GError **error);
gboolean jr_run_load(JrJourneys *journeys, JrRun *run, GError **error);

/* Load @person as they are met: see met.h, or jr_traveller_load(). */
gboolean jr_journeys_meet(JrJourneys *journeys, gint64 person, JrTraveller *who,
			  gboolean *found, GError **error);

/* Write it back; its texts and vars from the fields above. */
gboolean jr_run_save(JrJourneys *journeys, JrRun *run, GError **error);

/*
 * End it of its own accord, DONE or EXITED: what was offered before may still
 * go.  Saved.
 */
gboolean jr_run_end(JrJourneys *journeys, JrRun *run, JrEnrolmentState state,
		    const char *reason, GError **error);

/*
 * Call it off, GOAL or EXITED: what has not been handed over is cancelled, and
 * will not go.  Saved.
 */
gboolean jr_run_call_off(JrJourneys *journeys, JrRun *run,
			 JrEnrolmentState state, const char *reason,
			 GError **error);

/*
 * It has ended, and is called off after all: what has not been handed over is
 * cancelled, and will not go.  Saved.
 */
gboolean jr_run_recall(JrJourneys *journeys, JrRun *run, const char *reason,
		       GError **error);

/* Remember, in its path, that it came to @step, at run->at_s, and passed it
 * over if @passed; and that it left @step by @arm, or by none (NULL). */
void jr_run_came(JrJourneys *journeys, JrRun *run, const JrStep *step,
		 gboolean passed);
void jr_run_went(JrJourneys *journeys, JrRun *run, const JrStep *step,
		 const JrArm *arm);

/* What a condition is asked about: NULL event means what started the run. */
typedef struct {
	const JrExpr *expr;
	const JrVal *event;
	gint64 event_at_s;
} JrRunAsk;

/*
 * Whether @ask->expr (NULL: TRUE) holds: 0 or 1; -1 and error when a fact could
 * not be had.  @next_s as jr_expr_holds().
 */
int jr_run_holds(JrJourneys *journeys, JrRun *run, const JrRunAsk *ask,
		 gint64 *next_s, GError **error);

/*
 * Take the run that @message belongs to in hand, with its person (the trigger
 * is jr_run_load()'s still), and the step of its version that it is.  *@step is
 * NULL when either is there no longer.
 */
gboolean jr_run_of_message(JrJourneys *journeys, const JrMessage *message,
			   JrRun *run, const JrStep **step, GError **error);

/* The step it rests at, or NULL: before the first, or gone from the file. */
const JrStep *jr_run_step(const JrRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrJourneys, jr_journeys_free)
