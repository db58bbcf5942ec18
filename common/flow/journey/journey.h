/*
 * journey.h - people's ways through workflows: the engine.
 *
 * A run is one person's way through one workflow, an enrolment of the store.
 * It rests at a step (a wait, a wait_for, a message that has not gone yet; ""
 * is the pause before the first) and moves when it is due, when something
 * happens to its person, or when its message has gone or will never go.
 * Whatever moves it runs on until it rests again or ends, in one transaction,
 * so that no other position is ever stored.
 *
 * Where it is in time: a step begins when the one before it ended, not when
 * cron came by, so that pauses do not drift; but who comes more than an hour
 * late counts pauses from then on, so that after an outage nothing bursts out.
 *
 * To add a kind of step: a row in the table of steps.c, its functions,
 * a paragraph in jr-workflow(5), its cases in tests/cli/03*.sh.
 */
#pragma once

#include "flow/journey/files.h"
#include "flow/journey/run.h"
#include "store/log.h"

/* What is late by more than this is counted from now on. */
#define JR_JOURNEY_LATE_S 3600

/* What may start a run. */
typedef struct {
	const JrWorkflow *workflow;
	gint64 person;
	gint64 at_s;	     /* when what starts it happened */
	const JrLogRow *row; /* the row that starts it, with data; or NULL */
	/* Broadcasts: not before, and when it began by the first clocks of the
	 * world; 0: at once. */
	gint64 begins_s, world_s;
} JrJourneyEntry;

/*
 * Let the person enter if trigger condition, filter and re-entry allow it.
 * Old news (JR_LOG_HISTORY, or older than max_age) starts nothing.
 */
gboolean jr_journey_enter(JrJourneys *journeys, const JrJourneyEntry *entry,
			  GError **error);

/* Go on with a run that is due by time. */
gboolean jr_journey_resume(JrJourneys *journeys, const JrEnrolment *row,
			   GError **error);

/*
 * Row @row of the log says that something happened: goals, exits and what runs
 * wait for.  To be told before anyone enters by it: what begins a run does not
 * end it.
 */
gboolean jr_journey_happened(JrJourneys *journeys, const JrLogRow *row,
			     GError **error);

/* What became of the message that a run rests at. */
typedef enum {
	JR_JOURNEY_WENT,    /* it was offered */
	JR_JOURNEY_WONT_GO, /* a gate said no, for good */
} JrJourneyFate;

/*
 * @message's fate is known: go on with @run if it rests there, or leave as
 * `on_unsendable: exit` says.  @run has been loaded, and is saved.
 */
gboolean jr_journey_message(JrJourneys *journeys, JrRun *run,
			    const JrMessage *message, JrJourneyFate fate,
			    GError **error);
