#include "flow/simulate/impl.h"
#include "base/error.h"
#include "flow/facts_store.h"
#include "store/log.h"
#include "store/outcome.h"

/* @name in @folder if it is there, else @otherwise.  Owned. */
static char *find_file(const char *folder, const char *name,
		       const char *otherwise)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path)
						     : g_strdup(otherwise);
}

/* The places of the files: as configured, or what @folder has of them. */
static void place_files(JrWorld *world, const char *folder)
{
	const JrConfig *now = world->source->config;

	world->files = *now;
	if (folder) {
		world->workflows = find_file(folder, "workflows", folder);
		world->snippets = find_file(folder, "snippets", now->snippets);
		world->segments =
			find_file(folder, "segments.yaml", now->segments);
		world->files.workflows = world->workflows;
		world->files.snippets = world->snippets;
		world->files.segments = world->segments;
	}
}

static gboolean open_flow(JrWorld *world, GError **error)
{
	const JrDbOptions scratch = { .scratch = TRUE };
	const JrFlow *source = world->source;

	world->flow = (JrFlow){
		.command = source->command,
		.clock.fixed = TRUE,
		.config = &world->files,
		.policy = source->policy,
		.zones = source->zones,
		.facts = jr_fact_cache_new(),
		.counts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						g_free),
		.stop = source->stop,
		.db = jr_db_open("simulation", &scratch, error),
	};
	return world->flow.db != NULL;
}

static gboolean open_segments(JrWorld *world, GError **error)
{
	const JrSegmentOptions options = { 0 };

	if (!g_file_test(world->files.segments, G_FILE_TEST_EXISTS))
		return TRUE;
	world->segment_file =
		jr_segment_file_load(world->files.segments, error);
	if (!world->segment_file)
		return FALSE;
	world->segmenter =
		jr_segmenter_new(&world->flow, world->segment_file, &options);
	return TRUE;
}

JrWorld *jr_world_new(JrFlow *source, const char *folder, GError **error)
{
	g_autoptr(JrWorld) world = g_new0(JrWorld, 1);

	world->source = source;
	place_files(world, folder);
	if (!open_flow(world, error) || !open_segments(world, error))
		return NULL;
	world->schedule = jr_schedule_new(&world->flow, error);
	if (!world->schedule)
		return NULL;
	jr_schedule_accept_all(world->schedule);
	world->replay = jr_replay_new(source, &world->flow, error);
	return world->replay ? g_steal_pointer(&world) : NULL;
}

void jr_world_free(JrWorld *world)
{
	if (!world)
		return;
	jr_replay_free(world->replay);
	jr_schedule_free(world->schedule);
	jr_segmenter_free(world->segmenter);
	jr_segment_file_free(world->segment_file);
	jr_db_close(world->flow.db);
	g_clear_pointer(&world->flow.facts, jr_fact_cache_free);
	g_clear_pointer(&world->flow.counts, g_hash_table_unref);
	g_free(world->flow.note);
	g_free(world->workflows);
	g_free(world->snippets);
	g_free(world->segments);
	g_free(world);
}

static gboolean run_segmenter(JrWorld *world, const JrNext *due, GError **error)
{
	gboolean behind = FALSE;

	if (!world->segmenter)
		return TRUE;
	if (due->segments_s > jr_flow_now(&world->flow)) {
		if (!jr_segmenter_behind(world->segmenter, &behind, error))
			return FALSE;
		if (!behind)
			return TRUE;
	}
	return jr_segmenter_tick(world->segmenter, error);
}

static gboolean run_schedule(JrWorld *world, const JrNext *due, GError **error)
{
	JrDb *db = world->flow.db;
	gint64 before, after;
	gboolean behind = FALSE;

	if (due->journeys_s > jr_flow_now(&world->flow)) {
		if (!jr_schedule_behind(world->schedule, &behind, error))
			return FALSE;
		if (!behind)
			return TRUE;
	}
	if (!jr_log_last(db, &before, error) ||
	    !jr_schedule_tick(world->schedule, error) ||
	    !jr_log_last(db, &after, error))
		return FALSE;
	/* As in the pipe: what journeys raised is looked at once more. */
	return after == before || jr_schedule_tick(world->schedule, error);
}

/* All commands have something to do. */
static const JrNext at_once = { 0 };

/*
 * Let it be @at_s: take in what happened until then, and let those commands run
 * that find anything new, or @due.
 */
static gboolean tick(JrWorld *world, gint64 at_s, const JrNext *due,
		     GError **error)
{
	world->flow.clock.fixed_ms = at_s * 1000;
	return (jr_replay_next(world->replay) > at_s ||
		jr_replay_take(world->replay, at_s, FALSE, error)) &&
	       run_segmenter(world, due, error) &&
	       run_schedule(world, due, error);
}

/* What happened before @at_s, as old news; then tick. */
static gboolean begin(JrWorld *world, gint64 at_s, GError **error)
{
	world->flow.clock.fixed_ms = at_s * 1000;
	return jr_replay_take(world->replay, at_s - 1, TRUE, error) &&
	       tick(world, at_s, &at_once, error);
}

/* The first tick of cron not before @at_s, and after @last_s. */
static gint64 next_tick(gint64 at_s, gint64 last_s, gint64 every_s)
{
	gint64 after_s = MAX(at_s, last_s + 1) - 1;

	return (after_s / every_s + 1) * every_s;
}

/*
 * Leave out what neither segments nor journeys listen to.  The first tick hears
 * all: for those who are in a segment already then, any record is news.
 */
static void heed_all(const JrWorld *world, gint64 begun_s)
{
	const GPtrArray *all =
		jr_journey_files_all(jr_schedule_files(world->schedule));
	g_autoptr(JrHeed) heed = jr_heed_new();

	for (guint i = 0; i < all->len; i++)
		jr_heed_workflow(heed, all->pdata[i]);
	for (guint i = 0;
	     world->segment_file && i < world->segment_file->defs->len; i++) {
		const JrSegmentDef *def = &g_array_index(
			world->segment_file->defs, JrSegmentDef, i);

		if (def->expr)
			jr_heed_expr(heed, def->expr);
	}
	jr_replay_heed(world->replay, heed, begun_s);
}

gboolean jr_world_live(JrWorld *world, const JrSimulateAsk *ask, JrWorldFn told,
		       gpointer user, GError **error)
{
	gint64 at_s = ask->from_s - ask->warm_up_s, next_s;
	JrNext due = at_once;

	if (!ask->plodding)
		heed_all(world, at_s);
	if (!begin(world, at_s, error))
		return FALSE;
	for (;;) {
		if (!ask->plodding &&
		    !jr_outcome_next(world->flow.db, &due, error))
			return FALSE;
		next_s = MIN(MIN(due.segments_s, due.journeys_s),
			     jr_replay_next(world->replay));
		if (next_s > ask->until_s)
			return TRUE;
		at_s = next_tick(next_s, at_s, ask->every_s);
		if (at_s > ask->until_s)
			return TRUE;
		if (!told(user, at_s, error) || !tick(world, at_s, &due, error))
			return FALSE;
	}
}
