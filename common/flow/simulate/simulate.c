#include "flow/simulate/impl.h"
#include "base/error.h"

#define PROGRESS_MS 200 /* between two tellings */

typedef struct {
	JrFlow *flow;
	const JrSimulateAsk *ask;
	JrTally *tally;
	gint64 told_ms;
	guint run, runs;
} Simulation;

static void tell(Simulation *simulation, gint64 begun_s, gint64 at_s)
{
	const JrSimulateAsk *ask = simulation->ask;
	gint64 now_ms = jr_clock_ticks_ms();

	if (!ask->progress || now_ms - simulation->told_ms < PROGRESS_MS)
		return;
	simulation->told_ms = now_ms;
	ask->progress(ask->user, at_s,
		      (double)(at_s - begun_s) /
			      (double)MAX(ask->until_s - begun_s, 1),
		      simulation->run + 1, simulation->runs);
}

static gboolean is_stopped(const Simulation *simulation, GError **error)
{
	const JrFlow *flow = simulation->flow;

	if (!flow->stop || !flow->stop())
		return FALSE;
	g_set_error(error, JR_ERROR, JR_ERROR_BUSY, "the simulation was ended");
	return TRUE;
}

/* The first tick of cron not before @at_s, and after @last_s. */
static gint64 next_tick(gint64 at_s, gint64 last_s, gint64 every_s)
{
	gint64 after_s = MAX(at_s, last_s + 1) - 1;

	return (after_s / every_s + 1) * every_s;
}

/* From the beginning to the end, from one instant that matters to another. */
static gboolean live_through(Simulation *simulation, JrWorld *world,
			     GError **error)
{
	const JrSimulateAsk *ask = simulation->ask;
	gint64 begun_s = ask->from_s - ask->warm_up_s, at_s = begun_s, next_s;

	if (!jr_world_begin(world, at_s, error))
		return FALSE;
	for (;;) {
		if (is_stopped(simulation, error) ||
		    !jr_world_next(world, &next_s, error))
			return FALSE;
		if (next_s > ask->until_s)
			return TRUE;
		at_s = next_tick(next_s, at_s, ask->every_s);
		if (at_s > ask->until_s)
			return TRUE;
		tell(simulation, begun_s, at_s);
		if (!jr_world_tick(world, at_s, error))
			return FALSE;
	}
}

static gboolean run(Simulation *simulation, const char *folder, GError **error)
{
	g_autoptr(JrWorld) world =
		jr_world_new(simulation->flow, folder, error);

	return world && live_through(simulation, world, error) &&
	       jr_tally_add(simulation->tally, world->flow.db, simulation->run,
			    error);
}

/* Both runs see the state as it is at one instant. */
static gboolean run_all(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Simulation *simulation = data;

	if (!run(simulation, NULL, error))
		return FALSE;
	simulation->run = 1;
	return !simulation->ask->against ||
	       run(simulation, simulation->ask->against, error);
}

JrTable *jr_simulate(JrFlow *flow, const JrSimulateAsk *ask, GError **error)
{
	g_autoptr(JrTally) tally = jr_tally_new(ask, flow->policy->currency);
	Simulation simulation = { .flow = flow,
				  .ask = ask,
				  .tally = tally,
				  .told_ms = jr_clock_ticks_ms(),
				  .runs = ask->against ? 2 : 1 };

	if (!jr_db_read(flow->db, run_all, &simulation, error))
		return NULL;
	return jr_tally_table(tally);
}
