/* report_runs.c - how the commands fared, and how long people waited. */
#include "base/arena.h"
#include "flow/report.h"
#include "store/report.h"
#include "store/runs.h"

#define ROWS 20		  /* of a list, unless more are asked for */
#define ARENA (16u << 20) /* bytes for the texts of a list */

static const JrColumn run_columns[] = {
	{ "started", "started", JR_CELL_INSTANT, { 0, 0 } },
	{ "command", "command", JR_CELL_TEXT, { 0, 0 } },
	{ "seconds", "took", JR_CELL_SECONDS, { 0, 0 } },
	{ "exit", "exit", JR_CELL_TEXT, { 0, 0 } },
	{ "counts", "counts", JR_CELL_TEXT, { 0, 0 } },
	{ "note", "note", JR_CELL_TEXT, { 0, 0 } },
};

static void put_run(JrTable *table, const JrRun *run)
{
	gboolean ended = run->ended_ms > 0;
	g_autofree char *code = g_strdup_printf("%d", run->exit_code);

	jr_table_num(table, run->started_ms / 1000);
	jr_table_text(table, run->command);
	jr_table_num(table,
		     ended ? (run->ended_ms - run->started_ms) / 1000 : -1);
	jr_table_text(table, ended ? code : "not ended");
	jr_table_text(table, run->counts);
	jr_table_text(table, run->note);
}

JrTable *jr_report_runs(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);
	g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(JrRun));
	guint limit = ask->limit > 0 ? ask->limit : ROWS;

	if (!jr_runs_newest(flow->db, NULL, limit, arena, runs, error))
		return NULL;
	JrTable *table = jr_table_new("runs", "Newest runs of the commands",
				      run_columns, G_N_ELEMENTS(run_columns));
	for (guint i = 0; i < runs->len; i++)
		put_run(table, &g_array_index(runs, JrRun, i));
	return table;
}

static const JrColumn latency_columns[] = {
	{ "workflow", "workflow", JR_CELL_TEXT, { 0, 0 } },
	{ "step", "step", JR_CELL_TEXT, { 0, 0 } },
	{ "messages", "messages", JR_CELL_COUNT, { 0, 0 } },
	{ "median", "median", JR_CELL_SECONDS, { 0, 0 } },
	{ "p95", "95 %", JR_CELL_SECONDS, { 0, 0 } },
	{ "slowest", "slowest", JR_CELL_SECONDS, { 0, 0 } },
	{ "in_10_min", "within 10 min", JR_CELL_RATE, { 0, 0 } },
};

#define SOON_S (10 * 60) /* within which a failed payment should be told */

static gboolean add_latency(const char *workflow, const char *step,
			    gint64 trigger_s, gint64 accepted_s, gpointer user)
{
	GTree *all = user;
	g_autofree char *key = g_strdup_printf("%s\n%s", workflow, step);
	GArray *times = g_tree_lookup(all, key);
	gint64 took = MAX(0, accepted_s - trigger_s);

	if (!times) {
		times = g_array_new(FALSE, FALSE, sizeof(gint64));
		g_tree_insert(all, g_steal_pointer(&key), times);
	}
	g_array_append_val(times, took);
	return TRUE;
}

static int by_size(gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

	return (x > y) - (x < y);
}

static gboolean put_latency(gpointer key, gpointer value, gpointer user)
{
	GArray *times = value;
	JrTable *table = user;
	g_auto(GStrv) names = g_strsplit(key, "\n", 2);
	guint n = times->len, soon = 0;

	g_array_sort(times, by_size);
	while (soon < n && g_array_index(times, gint64, soon) <= SOON_S)
		soon++;
	jr_table_text(table, names[0]);
	jr_table_text(table, names[1]);
	jr_table_num(table, n);
	jr_table_num(table, g_array_index(times, gint64, n / 2));
	jr_table_num(table, g_array_index(times, gint64, n - 1 - n / 20));
	jr_table_num(table, g_array_index(times, gint64, n - 1));
	jr_table_rate(table, soon, n);
	return FALSE; /* go on */
}

static int by_name(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return g_strcmp0(a, b);
}

static void free_times(gpointer times)
{
	g_array_unref(times);
}

JrTable *jr_report_latency_table(JrFlow *flow, const JrReportAsk *ask,
				 GError **error)
{
	g_autoptr(GTree) all =
		g_tree_new_full(by_name, NULL, g_free, free_times);
	gint64 until_s = ask->until_s > 0 ? ask->until_s : G_MAXINT64;

	if (!jr_report_latency(flow->db, ask->since_s, until_s, add_latency,
			       all, error))
		return NULL;
	JrTable *table =
		jr_table_new("latency", "From trigger to hand-over",
			     latency_columns, G_N_ELEMENTS(latency_columns));
	table->empty = "no message was handed over yet";
	g_tree_foreach(all, put_latency, table);
	return table;
}
