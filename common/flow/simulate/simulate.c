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

static void tell(Simulation *simulation, gint64 at_s)
{
	const JrSimulateAsk *ask = simulation->ask;
	gint64 begun_s = ask->from_s - ask->warm_up_s;

	if (!ask->progress)
		return;
	simulation->told_ms = jr_clock_ticks_ms();
	ask->progress(ask->user, at_s,
		      (double)(at_s - begun_s) /
			      (double)MAX(ask->until_s - begun_s, 1),
		      simulation->run + 1, simulation->runs);
}

static gboolean go_on(gpointer user, gint64 at_s, GError **error)
{
	Simulation *simulation = user;
	const JrFlow *flow = simulation->flow;

	if (jr_clock_ticks_ms() - simulation->told_ms >= PROGRESS_MS)
		tell(simulation, at_s);
	if (!flow->stop || !flow->stop())
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_BUSY, "the simulation was ended");
	return FALSE;
}

/* However short it is, its begin and its end are told. */
static gboolean run(Simulation *simulation, const char *folder, GError **error)
{
	const JrSimulateAsk *ask = simulation->ask;
	g_autoptr(JrWorld) world =
		jr_world_new(simulation->flow, folder, error);

	if (!world)
		return FALSE;
	tell(simulation, ask->from_s - ask->warm_up_s);
	if (!jr_world_live(world, ask, go_on, simulation, error))
		return FALSE;
	tell(simulation, ask->until_s);
	return jr_tally_add(simulation->tally, world->flow.db, simulation->run,
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
				  .runs = ask->against ? 2 : 1 };

	if (!jr_db_read(flow->db, run_all, &simulation, error))
		return NULL;
	return jr_tally_table(tally);
}
