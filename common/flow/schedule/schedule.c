#include "flow/schedule/impl.h"
#include "base/crash.h"
#include "base/error.h"

#define ROWS_ARENA (256 * 1024 * 1024) /* bytes: a chunk of rows of 512 KiB */

struct _JrSchedule {
	JrFlow *flow;
	JrJourneyFiles *files;
	gboolean accept_all;
	gboolean looked; /* at the brake, so that only replies make a change */
};

/* In this order: what came in decides before what is due. */
static const JrPhase *const phases[] = {
	&jr_phase_keep, &jr_phase_renew,      &jr_phase_dates_build,
	&jr_phase_log,	&jr_phase_broadcasts, &jr_phase_dates,
	&jr_phase_due,	&jr_phase_brake,      &jr_phase_offers,
};

JrSchedule *jr_schedule_new(JrFlow *flow, GError **error)
{
	g_autoptr(JrJourneyFiles) files = jr_journey_files_load(flow, error);
	JrSchedule *schedule;

	if (!files)
		return NULL;
	schedule = g_new0(JrSchedule, 1);
	schedule->flow = flow;
	schedule->files = g_steal_pointer(&files);
	return schedule;
}

void jr_schedule_free(JrSchedule *schedule)
{
	if (!schedule)
		return;
	jr_journey_files_free(schedule->files);
	g_free(schedule);
}

const JrJourneyFiles *jr_schedule_files(const JrSchedule *schedule)
{
	return schedule->files;
}

void jr_schedule_accept_all(JrSchedule *schedule)
{
	schedule->accept_all = TRUE;
}

/* A phase's chunk as the body of a transaction. */
typedef struct {
	JrTick *tick;
	const JrPhase *phase;
} Chunk;

static gboolean chunk_body(JrDb *db, gpointer data, GError **error)
{
	Chunk *chunk = data;

	jr_arena_reset(chunk->tick->arena);
	chunk->tick->more = FALSE;
	if (!jr_met_begin(chunk->tick->journeys->met, db, error) ||
	    !chunk->phase->chunk(chunk->tick, error))
		return FALSE;
	jr_crash_point("schedule-chunk");
	return TRUE;
}

static gboolean run_chunk(JrTick *tick, const JrPhase *phase, GError **error)
{
	Chunk chunk = { tick, phase };

	if (tick->flow->dry_run)
		return chunk_body(tick->flow->db, &chunk, error);
	if (!jr_db_write(tick->flow->db, chunk_body, &chunk, error))
		return FALSE;
	jr_crash_point("schedule-committed");
	return jr_journeys_write(tick->journeys, error) &&
	       jr_schedule_settle_piped(tick, error);
}

static gboolean run_phase(JrTick *tick, const JrPhase *phase, GError **error)
{
	gboolean idle = FALSE;

	if (!phase->idle(tick, &idle, error))
		return FALSE;
	if (idle)
		return TRUE;
	do
		if (!run_chunk(tick, phase, error))
			return FALSE;
	while (tick->more && !(tick->flow->stop && tick->flow->stop()));
	return TRUE;
}

static gboolean run_phases(JrTick *tick, GError **error)
{
	if (!jr_log_last(tick->flow->db, &tick->log_until, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(phases); i++)
		if (!run_phase(tick, phases[i], error))
			return FALSE;
	return TRUE;
}

/* A whole tick in one transaction, which is rolled back. */
typedef struct {
	JrTick *tick;
	gboolean done;
} Rehearsal;

static gboolean rehearse(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Rehearsal *rehearsal = data;

	rehearsal->done = run_phases(rehearsal->tick, error);
	if (rehearsal->done)
		g_set_error(error, JR_ERROR, JR_ERROR_BUSY, "a dry run");
	return FALSE;
}

static gboolean run_dry(JrTick *tick, GError **error)
{
	Rehearsal rehearsal = { .tick = tick };
	g_autoptr(GError) why = NULL;

	jr_db_write(tick->flow->db, rehearse, &rehearsal, &why);
	if (rehearsal.done)
		return jr_journeys_write(tick->journeys, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

gboolean jr_schedule_tick(JrSchedule *schedule, GError **error)
{
	g_autoptr(JrJourneys) journeys =
		jr_journeys_new(schedule->flow, schedule->files);
	g_autoptr(JrArena) arena = jr_arena_new(ROWS_ARENA);
	g_autoptr(JrMet) met = jr_met_new();
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GArray) piped = jr_piped_new();
	JrTick tick = { .flow = schedule->flow,
			.journeys = journeys,
			.arena = arena,
			.rows = rows,
			.piped = piped,
			.accept_all = schedule->accept_all,
			.brake_due = !schedule->looked,
			.due.now_s = journeys->now_s,
			.due.limit = JR_SCHEDULE_CHUNK };

	journeys->met = met;
	if (!(schedule->flow->dry_run ? run_dry(&tick, error)
				      : run_phases(&tick, error)))
		return FALSE;
	schedule->looked = TRUE;
	return TRUE;
}

gboolean jr_schedule_behind(JrSchedule *schedule, gboolean *yes, GError **error)
{
	return jr_cursor_behind(schedule->flow->db, JR_SCHEDULE_READER, yes,
				error);
}
