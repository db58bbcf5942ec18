#include "flow/flow.h"
#include "flow/facts_store.h"
#include "io/stop.h"
#include "store/runs.h"

#include <string.h>
#include <unistd.h>

/* "jr-ingest" at "host", process 1234. */
static JrRun describe(const JrFlow *flow)
{
	return (JrRun){
		.run = flow->run,
		.command = flow->command,
		.version = JR_VERSION,
		.host = g_get_host_name(),
		.pid = getpid(),
		.started_ms = jr_clock_now_ms(&flow->clock),
		.note = flow->note,
	};
}

static gboolean start_run(JrDb *db, gpointer data, GError **error)
{
	JrFlow *flow = data;
	JrRun run = describe(flow);

	if (!jr_run_start(db, &run, error))
		return FALSE;
	flow->run = run.run;
	return TRUE;
}

/* Whether @state is a file that is not there. */
static gboolean is_absent(const char *state)
{
	return !strstr(state, "://") && !g_file_test(state, G_FILE_TEST_EXISTS);
}

/* A person at a terminal is not left alone with a new version of jr. */
static void tell_moving(int version, guint done, guint of, gpointer user)
{
	jr_cli_progress(user,
			"bringing the state forward to version %d: step %u of "
			"%u; of millions of messages one takes a minute",
			version, done + 1, of);
}

static gboolean open_state(JrFlow *flow, JrCli *cli, JrFlowWay way,
			   GError **error)
{
	const JrDbOptions options = {
		.cache_mib = flow->cache_mib,
		.must_exist = way != JR_FLOW_WRITES,
		.read_only = way != JR_FLOW_WRITES && way != JR_FLOW_REHEARSES,
		.moving = tell_moving,
		.user = cli,
	};

	if (way == JR_FLOW_STATELESS ||
	    (way == JR_FLOW_LOOKS && is_absent(flow->config->state)))
		return TRUE;
	flow->db = jr_db_open(flow->config->state, &options, error);
	if (!flow->db)
		return FALSE;
	return way != JR_FLOW_WRITES ||
	       jr_db_note(flow->db, start_run, flow, error);
}

gboolean jr_flow_open(JrFlow *flow, JrCli *cli, JrFlowWay way, GError **error)
{
	flow->command = cli->name;
	flow->clock = cli->clock;
	flow->dry_run = way == JR_FLOW_DRY_RUN || way == JR_FLOW_REHEARSES;
	flow->stop = jr_stop_requested;
	flow->counts =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	flow->zones = jr_zones_new();
	flow->facts = jr_fact_cache_new();
	flow->config = jr_config_load(cli->config, cli->state, error);
	if (!flow->config)
		return FALSE;
	jr_cli_show(cli, flow->config->segments, NULL);
	jr_cli_show(cli, flow->config->workflows, NULL);
	flow->policy =
		jr_policy_new(flow->config->doc, flow->config->file, error);
	if (!flow->policy)
		return FALSE;
	flow->out = jr_writer_new(STDOUT_FILENO, "stdout");
	return open_state(flow, cli, way, error);
}

gint64 jr_flow_now(const JrFlow *flow)
{
	return jr_clock_now_s(&flow->clock);
}

void jr_flow_count(JrFlow *flow, const char *name, gint64 n)
{
	gint64 *count = g_hash_table_lookup(flow->counts, name);

	if (n == 0)
		return;
	if (!count) {
		count = g_new0(gint64, 1);
		g_hash_table_insert(flow->counts, (gpointer)name, count);
	}
	*count += n;
	if (*count == 0)
		g_hash_table_remove(flow->counts, name);
}

void jr_flow_note(JrFlow *flow, const char *text)
{
	char *note = flow->note ? g_strconcat(flow->note, "; ", text, NULL)
				: g_strdup(text);

	g_free(flow->note);
	flow->note = note;
}

/* The names of what was counted, sorted; owned list of borrowed texts. */
static GList *sorted_names(const JrFlow *flow)
{
	return g_list_sort(g_hash_table_get_keys(flow->counts),
			   (GCompareFunc)strcmp);
}

static gint64 count_of(const JrFlow *flow, const char *name)
{
	return *(gint64 *)g_hash_table_lookup(flow->counts, name);
}

char *jr_flow_summary(const JrFlow *flow)
{
	g_autoptr(GList) names = sorted_names(flow);
	GString *text = g_string_new(NULL);

	for (GList *at = names; at; at = at->next)
		g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s",
				       text->len ? ", " : "",
				       count_of(flow, at->data),
				       (const char *)at->data);
	if (text->len == 0)
		g_string_assign(text, "nothing to do");
	return g_string_free(text, FALSE);
}

static char *counts_json(const JrFlow *flow)
{
	g_autoptr(GList) names = sorted_names(flow);
	GString *json = g_string_new("{");

	for (GList *at = names; at; at = at->next) {
		if (json->len > 1)
			g_string_append_c(json, ',');
		jr_val_write_text(at->data, strlen(at->data), json);
		g_string_append_printf(json, ":%" G_GINT64_FORMAT,
				       count_of(flow, at->data));
	}
	g_string_append_c(json, '}');
	return g_string_free(json, FALSE);
}

typedef struct {
	JrFlow *flow;
	int exit_code;
} End;

static gboolean finish_run(JrDb *db, gpointer data, GError **error)
{
	const End *end = data;
	JrRun run = describe(end->flow);
	g_autofree char *counts = counts_json(end->flow);

	run.ended_ms = jr_clock_now_ms(&end->flow->clock);
	run.exit_code = end->exit_code;
	run.counts = counts;
	return jr_run_finish(db, &run, error);
}

gboolean jr_flow_close(JrFlow *flow, int exit_code, GError **error)
{
	End end = { flow, exit_code };
	gboolean ok =
		!flow->run || jr_db_note(flow->db, finish_run, &end, error);

	if (flow->db)
		jr_db_close(flow->db);
	g_clear_pointer(&flow->out, jr_writer_free);
	jr_policy_free((JrPolicy *)flow->policy);
	jr_config_free((JrConfig *)flow->config);
	g_clear_pointer(&flow->facts, jr_fact_cache_free);
	g_clear_pointer(&flow->zones, jr_zones_free);
	g_clear_pointer(&flow->counts, g_hash_table_unref);
	g_clear_pointer(&flow->note, g_free);
	*flow = (JrFlow){ 0 };
	return ok;
}
