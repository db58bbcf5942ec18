/*
 * impl.h - the phases of a tick; for this folder alone.
 */
#pragma once

#include "flow/journey/journey.h"
#include "flow/schedule/schedule.h"
#include "store/messages.h"

/*
 * Rows, runs or messages of one transaction: with fewer, pages that many
 * of them change are written again and again; with more, others wait for longer
 * than half a second.
 */
#define JR_SCHEDULE_CHUNK 2000

#define JR_SCHEDULE_READER "schedule" /* our cursor over the log */

/* One tick. */
typedef struct {
	JrFlow *flow;
	JrJourneys *journeys;
	JrArena *arena;	     /* of the chunk's rows */
	gint64 log_until;    /* rows behind it are the next tick's */
	JrEnrolmentPage due; /* how far phase "due" is */
	GArray *rows;  /* gint64: messages of phase "offers" that are left, the
			* next one last */
	GArray *piped; /* claimed for the pipe: pipe.c */
	gboolean accept_all; /* the pipe takes what is offered, of any kind */
	gboolean brake_due;  /* opt-outs may be others than at the last look */
	gboolean more;	     /* the phase has not done all yet */
} JrTick;

/*
 * A phase does one chunk in a write transaction, and says with tick->more
 * whether there are others.  `idle`, outside of a transaction, says that there
 * is nothing to do: most ticks.
 */
typedef struct {
	const char *name;
	gboolean (*idle)(JrTick *tick, gboolean *idle, GError **error);
	gboolean (*chunk)(JrTick *tick, GError **error);
} JrPhase;

extern const JrPhase jr_phase_keep, jr_phase_renew, jr_phase_log,
	jr_phase_dates_build, jr_phase_dates, jr_phase_broadcasts, jr_phase_due,
	jr_phase_brake, jr_phase_offers;

/*
 * dates.c: @row may have set the date that a workflow is triggered
 * by: set its timer anew.
 */
gboolean jr_schedule_dates_row(JrTick *tick, const JrLogRow *row,
			       GError **error);

/* pipe.c: whether the pipe is the hand-over; claim @message, which was
 * just offered, for it; settle what the pipe has taken. */
GArray *jr_piped_new(void);
gboolean jr_schedule_is_piped(const JrTick *tick, JrChannel channel);
gboolean jr_schedule_pipe(JrTick *tick, const JrMessage *message,
			  GError **error);
gboolean jr_schedule_settle_piped(JrTick *tick, GError **error);

/* brake.c: @row is an order: release a workflow that is held. */
gboolean jr_schedule_obey(JrTick *tick, const JrLogRow *row, GError **error);

/*
 * renew.c: whether the trigger of @workflow is another than when
 * jr_schedule_mark() was called for it last: *@at is 0 then, else what was
 * marked.
 */
gboolean jr_schedule_marked(JrTick *tick, const JrWorkflow *workflow,
			    gint64 *at, GError **error);
gboolean jr_schedule_mark(JrTick *tick, const JrWorkflow *workflow, gint64 at,
			  GError **error);
