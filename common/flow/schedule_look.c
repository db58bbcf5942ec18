#include "flow/schedule_look.h"
#include "base/error.h"
#include "flow/segment_file.h"
#include "rules/graph.h"
#include "rules/lint.h"
#include "store/report.h"

#include <string.h>

/* ---- --check ---- */

typedef struct {
	JrWriter *out;
	GError *error; /* of writing */
} Findings;

static const char *const levels[] = {
	[JR_LINT_ADVICE] = "note",
	[JR_LINT_WARNING] = "warning",
};

static void write_finding(gpointer user, const JrLint *lint)
{
	Findings *findings = user;
	g_autofree char *line = g_strdup_printf(
		"%s:%u:%u: %s: %s [%s]", lint->file, lint->line, lint->column,
		levels[lint->level], lint->message, lint->code);

	if (!findings->error)
		jr_writer_line(findings->out, line, strlen(line),
			       &findings->error);
}

/* The segments there are; NULL when there is no file, or it is wrong. */
static JrSegmentFile *load_segments(const JrFlow *flow, JrJourneyWrongFn wrong,
				    gpointer user)
{
	g_autoptr(GError) why = NULL;
	JrSegmentFile *file;

	if (!g_file_test(flow->config->segments, G_FILE_TEST_EXISTS))
		return NULL;
	file = jr_segment_file_load(flow->config->segments, &why);
	if (!file)
		wrong(user, why);
	return file;
}

static gboolean segment_known(gpointer user, const char *name)
{
	return user && jr_segment_file_find(user, name) != NULL;
}

gboolean jr_schedule_check(const JrFlow *flow, JrJourneyWrongFn wrong,
			   gpointer user, GError **error)
{
	g_autoptr(JrJourneyFiles) files =
		jr_journey_files_check(flow, wrong, user, error);
	g_autoptr(JrSegmentFile) segments = load_segments(flow, wrong, user);
	const JrLintAsk ask = { .policy = flow->policy,
				.segment_known = segment_known,
				.known_user = segments };
	Findings findings = { .out = flow->out };
	const GPtrArray *all;

	if (!files)
		return FALSE;
	all = jr_journey_files_all(files);
	for (guint i = 0; i < all->len; i++)
		jr_workflow_lint(all->pdata[i], &ask, write_finding, &findings);
	if (findings.error) {
		g_propagate_error(error, findings.error);
		return FALSE;
	}
	return jr_writer_flush(flow->out, error);
}

/* ---- --graph ---- */

/* How many people rest at each step: "WORKFLOW\nSTEP" to a number. */
static gboolean count_active(const JrCounter *counter, gpointer user)
{
	g_autofree char *key =
		g_strconcat(counter->workflow, "\n", counter->step, NULL);
	const gint64 *before = g_hash_table_lookup(user, key);
	gint64 n = counter->n + (before ? *before : 0);

	g_hash_table_insert(user, g_steal_pointer(&key),
			    g_memdup2(&n, sizeof n));
	return TRUE;
}

typedef struct {
	const char *workflow;
	GHashTable *active;
} Notes;

static void note(gpointer user, const char *id, GString *out)
{
	const Notes *notes = user;
	g_autofree char *key = g_strconcat(notes->workflow, "\n", id, NULL);
	const gint64 *n = g_hash_table_lookup(notes->active, key);

	if (n)
		g_string_append_printf(out, "%" G_GINT64_FORMAT " here", *n);
}

static gboolean write_graph(const JrFlow *flow, const JrWorkflow *workflow,
			    GHashTable *active, GError **error)
{
	g_autoptr(GString) dot = g_string_new(NULL);
	Notes notes = { workflow->name, active };
	g_auto(GStrv) lines = NULL;

	jr_workflow_graph(workflow, note, &notes, dot);
	g_string_set_size(dot, strlen(g_strchomp(dot->str)));
	lines = g_strsplit(dot->str, "\n", -1);
	for (char **line = lines; *line; line++)
		if (!jr_writer_line(flow->out, *line, strlen(*line), error))
			return FALSE;
	return TRUE;
}

gboolean jr_schedule_graph(const JrFlow *flow, const char *name, GError **error)
{
	const JrReportQuery query = { .by = JR_BY_WORKFLOW | JR_BY_STEP };
	g_autoptr(JrJourneyFiles) files = jr_journey_files_load(flow, error);
	g_autoptr(GHashTable) active =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	const GPtrArray *all;

	if (!files)
		return FALSE;
	all = jr_journey_files_all(files);
	if (name && !jr_journey_files_want(files, name, error))
		return FALSE;
	if (flow->db &&
	    !jr_report_active(flow->db, &query, count_active, active, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrWorkflow *workflow = all->pdata[i];

		if ((!name || strcmp(workflow->name, name) == 0) &&
		    !write_graph(flow, workflow, active, error))
			return FALSE;
	}
	return jr_writer_flush(flow->out, error);
}
