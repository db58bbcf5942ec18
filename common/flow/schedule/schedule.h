/*
 * schedule.h - the use case of jr-schedule: one look at all that is new or due.
 */
#pragma once

#include "flow/flow.h"
#include "flow/journey/files.h"

typedef struct _JrSchedule JrSchedule;

/*
 * A scheduler for @flow with the workflows of the configured folder.  NULL and
 * JR_ERROR_CONFIG when one of them is wrong.  Owned.
 */
JrSchedule *jr_schedule_new(JrFlow *flow, GError **error);
void jr_schedule_free(JrSchedule *schedule);

/* The workflows it goes by; borrowed. */
const JrJourneyFiles *jr_schedule_files(const JrSchedule *schedule);

/*
 * From now on every message that is offered counts as taken and accepted at
 * once, whatever its channel: for simulations.
 */
void jr_schedule_accept_all(JrSchedule *schedule);

/*
 * One tick, as of now: what came in since the last one, timers and runs that
 * are due, and messages that may be offered.  Work is committed in chunks, and
 * the records of a chunk (message, decision, what `emit` gives) are written to
 * flow->out after its commit.  With flow->dry_run nothing is kept, and the
 * records are what would have been.  It costs what is new and due, not what
 * there is.  Ends early, in good order, when flow->stop() says so.  FALSE and
 * JR_ERROR_IO, JR_ERROR_BUSY, or JR_ERROR_CONFIG (a condition asks for what
 * does not exist).
 */
gboolean jr_schedule_tick(JrSchedule *schedule, GError **error);

/* Whether the log has rows that it has not looked at. */
gboolean jr_schedule_behind(JrSchedule *schedule, gboolean *yes,
			    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSchedule, jr_schedule_free)
