/* runs.c - how the commands fare, what waits, and whom push reaches. */
#include "base/arena.h"
#include "flow/report/report.h"
#include "flow/report/runs.h"
#include "store/decisions.h"
#include "store/devices.h"
#include "store/erase.h"
#include "store/messages.h"
#include "store/suppress.h"

#include <sysexits.h>

#define ROWS 20		  /* of a list, unless more are asked for */
#define ARENA (16u << 20) /* bytes for the texts of a list */

const char *const jr_commands[] = { "jr-ingest",    "jr-segment",
				    "jr-schedule",  "jr-send-sms",
				    "jr-send-push", NULL };

/* ---- runs ---- */

static const JrColumn run_columns[] = {
	{ .key = "started", .title = "started", .kind = JR_CELL_INSTANT },
	{ .key = "command", .title = "command" },
	{ .key = "seconds", .title = "took", .kind = JR_CELL_SECONDS },
	{ .key = "exit", .title = "exit" },
	{ .key = "counts", .title = "counts" },
	{ .key = "note", .title = "note" },
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

/* ---- health ---- */

gboolean jr_run_newest(JrFlow *flow, const char *command, JrArena *arena,
		       JrRun *run, gboolean *found, GError **error)
{
	g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(JrRun));

	if (!jr_runs_newest(flow->db, command, 1, arena, runs, error))
		return FALSE;
	*found = runs->len > 0;
	if (*found)
		*run = g_array_index(runs, JrRun, 0);
	return TRUE;
}

const char *jr_exit_meaning(int code)
{
	static const struct {
		int code;
		const char *meaning;
	} meanings[] = {
		{ EX_OK, "done" },
		{ EX_USAGE, "its command line was wrong" },
		{ EX_DATAERR, "some records were wrong" },
		{ EX_UNAVAILABLE, "refused for good" },
		{ EX_SOFTWARE, "a bug of jr's" },
		{ EX_IOERR, "something could not be read or written" },
		{ EX_TEMPFAIL, "to be tried again later" },
		{ EX_CONFIG, "the configuration is wrong" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(meanings); i++)
		if (meanings[i].code == code)
			return meanings[i].meaning;
	return "died";
}

static const JrColumn health_columns[] = {
	{ .key = "command", .title = "command" },
	{ .key = "started", .title = "last run", .kind = JR_CELL_INSTANT },
	{ .key = "ago", .title = "ago", .kind = JR_CELL_SECONDS },
	{ .key = "seconds", .title = "took", .kind = JR_CELL_SECONDS },
	{ .key = "exit", .title = "exit", .kind = JR_CELL_TEXT },
	{ .key = "means", .title = "which means" },
	{ .key = "counts", .title = "counts" },
};

static void put_health(JrTable *table, const JrRun *run, gint64 now_s)
{
	gboolean ended = run->ended_ms > 0;
	g_autofree char *code = g_strdup_printf("%d", run->exit_code);

	jr_table_text(table, run->command);
	jr_table_num(table, run->started_ms / 1000);
	jr_table_num(table, MAX(0, now_s - run->started_ms / 1000));
	jr_table_num(table,
		     ended ? (run->ended_ms - run->started_ms) / 1000 : -1);
	jr_table_text(table, ended ? code : NULL);
	jr_table_text(table, ended ? jr_exit_meaning(run->exit_code)
				   : "under way, or it died");
	jr_table_text(table, run->counts);
}

JrTable *jr_report_health(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);
	g_autoptr(JrTable) table =
		jr_table_new("health", "The commands' last runs",
			     health_columns, G_N_ELEMENTS(health_columns));

	(void)ask;
	table->empty = "no command has run yet";
	for (guint i = 0; jr_commands[i]; i++) {
		gboolean found;
		JrRun run;

		if (!jr_run_newest(flow, jr_commands[i], arena, &run, &found,
				   error))
			return NULL;
		if (found)
			put_health(table, &run, jr_flow_now(flow));
	}
	return g_steal_pointer(&table);
}

/* ---- waiting ---- */

static const JrColumn waiting_columns[] = {
	{ .key = "what", .title = "what" },
	{ .key = "workflow", .title = "workflow" },
	{ .key = "channel", .title = "channel" },
	{ .key = "count", .title = "count", .kind = JR_CELL_COUNT },
	{ .key = "for", .title = "waits for" },
};

static const char *const clears[] = {
	[JR_MESSAGE_PLANNED] = "its time, or a gate",
	[JR_MESSAGE_OFFERED] = "a sender, or the end of its lease",
	[JR_MESSAGE_CLAIMED] = "its sender, or the end of the limit",
	[JR_MESSAGE_WAITING] = "the provider, as it asked",
	[JR_MESSAGE_UNKNOWN] = "a receipt, the reconciliation, or you",
	[JR_MESSAGE_LAST] = NULL,
};

typedef struct {
	JrTable *table;
	const JrReportAsk *ask;
} Waiting;

static gboolean add_state(const char *workflow, JrChannel channel,
			  JrMessageState state, gint64 n, gpointer user)
{
	const Waiting *waiting = user;
	const JrReportAsk *ask = waiting->ask;

	if ((ask->workflow && !g_str_equal(ask->workflow, workflow)) ||
	    (ask->channel && ask->channel != channel))
		return TRUE;
	jr_table_text(waiting->table, jr_message_state_name(state));
	jr_table_text(waiting->table, workflow);
	jr_table_text(waiting->table, jr_channel_name(channel));
	jr_table_num(waiting->table, n);
	jr_table_text(waiting->table, clears[state]);
	return TRUE;
}

JrTable *jr_report_waiting(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrTable) table =
		jr_table_new("waiting", "What waits, and for whom",
			     waiting_columns, G_N_ELEMENTS(waiting_columns));
	Waiting waiting = { table, ask };
	gint64 reviews = 0;

	table->empty = jr_report_empty(ask, "nothing waits");
	if (!jr_report_states(flow->db, add_state, &waiting, error) ||
	    !jr_reviews_count(flow->db, &reviews, error))
		return NULL;
	if (reviews > 0 && !ask->workflow && !ask->channel) {
		jr_table_text(table, "replies to review");
		jr_table_text(table, NULL);
		jr_table_text(table, "sms");
		jr_table_num(table, reviews);
		jr_table_text(table, "you: may they be opt-outs?");
	}
	return g_steal_pointer(&table);
}

/* ---- devices ---- */

static const JrColumn device_columns[] = {
	{ .key = "kind", .title = "kind" },
	{ .key = "platform", .title = "platform" },
	{ .key = "devices",
	  .title = "devices",
	  .kind = JR_CELL_COUNT,
	  .plot = JR_PLOT_BAR },
	{ .key = "live", .title = "live", .kind = JR_CELL_RATE },
	{ .key = "off", .title = "push is off", .kind = JR_CELL_RATE },
	{ .key = "dead", .title = "dead tokens", .kind = JR_CELL_RATE },
};

static gboolean add_device(const JrDeviceCount *count, gpointer user)
{
	gint64 all = count->live + count->off + count->gone;
	JrTable *table = user;

	jr_table_text(table, count->kind);
	jr_table_text(table, *count->platform ? count->platform : NULL);
	jr_table_num(table, all);
	jr_table_rate(table, count->live, all);
	jr_table_rate(table, count->off, all);
	jr_table_rate(table, count->gone, all);
	return TRUE;
}

JrTable *jr_report_devices(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrTable) table =
		jr_table_new("devices", "Devices", device_columns,
			     G_N_ELEMENTS(device_columns));

	(void)ask;
	table->empty = "no device was registered yet";
	if (!jr_devices_count(flow->db, add_device, table, error))
		return NULL;
	return g_steal_pointer(&table);
}

/* ---- dump ---- */

static gboolean put_line(const char *line, gsize len, gpointer out)
{
	return jr_writer_line(out, line, len, NULL);
}

/* The store, row by row; the writer remembers what went wrong. */
gboolean jr_report_dump(JrFlow *flow, const JrReportAsk *ask, GString *out,
			GError **error)
{
	(void)ask;
	(void)out;
	return jr_store_dump(flow->db, 0, 0, put_line, flow->out, error) &&
	       jr_writer_flush(flow->out, error);
}
