/* --graph: workflows as pictures, with how many people are and were where. */
#include "base/error.h"
#include "flow/schedule/look.h"
#include "rules/graph.h"
#include "store/paths.h"
#include "store/report.h"

#include <string.h>

typedef struct {
	guint counted;
	const char *words;
} Words;

/* What is said, in this order: of a step, of the beginning, of the end. */
static const Words of_coming[] = {
	{ JR_COUNT_CAME, "came" },
	{ 0, NULL },
};
static const Words of_step[] = {
	{ JR_METRIC_SENT, "sent" },
	{ JR_METRIC_DELIVERED, "delivered" },
	{ JR_METRIC_CLICKED, "clicked" },
	{ JR_METRIC_CONVERTED, "converted" },
	{ JR_METRIC_UNSUBSCRIBED, "opted out" },
	{ 0, NULL },
};
static const Words of_begin[] = {
	{ JR_COUNT_ENTERED, "entered" },
	{ 0, NULL },
};
static const Words of_end[] = {
	{ JR_COUNT_DONE, "came to the end" },
	{ JR_COUNT_GOAL, "reached the goal" },
	{ JR_COUNT_EXITED, "left before" },
	{ 0, NULL },
};

/* Numbers by a text of what they are of. */
typedef struct {
	const char *workflow;
	GHashTable *active;  /* "WORKFLOW\nSTEP": who rests there */
	GHashTable *counted; /* "COUNTED\nSTEP" of the workflow at hand, and
			      * "STEP\tWAY" */
} Notes;

static void add(GHashTable *numbers, char *key, gint64 n)
{
	const gint64 *before = g_hash_table_lookup(numbers, key);

	n += before ? *before : 0;
	g_hash_table_insert(numbers, key, g_memdup2(&n, sizeof n));
}

static gboolean add_active(const JrCounter *counter, gpointer user)
{
	add(user, g_strconcat(counter->workflow, "\n", counter->step, NULL),
	    counter->n);
	return TRUE;
}

static char *way_key(const char *step, const char *way)
{
	return g_strconcat(step, "\t", way, NULL);
}

static gboolean add_counter(const JrCounter *counter, gpointer user)
{
	add(user,
	    counter->counted == JR_COUNT_WENT
		    ? way_key(counter->step, counter->variant)
		    : g_strdup_printf("%u\n%s", counter->counted,
				      counter->step),
	    counter->n);
	return TRUE;
}

static void say(GString *out, const gint64 *n, const char *words)
{
	if (n && *n > 0)
		g_string_append_printf(out, "%s%" G_GINT64_FORMAT " %s",
				       out->len > 0 ? ", " : "", *n, words);
}

static void say_counted(const Notes *notes, const Words *words,
			const char *step, GString *out)
{
	for (; words->words; words++) {
		g_autofree char *key =
			g_strdup_printf("%u\n%s", words->counted, step);

		say(out, g_hash_table_lookup(notes->counted, key),
		    words->words);
	}
}

static void note_step(const Notes *notes, const char *id, GString *out)
{
	g_autofree char *here = g_strconcat(notes->workflow, "\n", id, NULL);
	g_autofree char *over = way_key(id, JR_PATH_OVER);

	say_counted(notes, *id ? of_coming : of_begin, id, out);
	say(out, g_hash_table_lookup(notes->active, here), "here");
	if (!*id)
		return;
	say_counted(notes, of_step, id, out);
	say(out, g_hash_table_lookup(notes->counted, over), "passed over");
}

static void note(gpointer user, const char *id, const char *way, GString *out)
{
	const Notes *notes = user;
	g_autofree char *key = way ? way_key(id, way) : NULL;

	if (!id)
		say_counted(notes, of_end, "", out);
	else if (way)
		say(out, g_hash_table_lookup(notes->counted, key), "went");
	else
		note_step(notes, id, out);
}

/* All that was ever counted of @workflow, by step. */
static gboolean count(const JrFlow *flow, const JrWorkflow *workflow,
		      GHashTable *counted, GError **error)
{
	const JrReportQuery query = { .workflow = workflow->name,
				      .by = JR_BY_STEP | JR_BY_VARIANT };

	g_hash_table_remove_all(counted);
	return !flow->db || jr_report_counters(flow->db, &query, add_counter,
					       counted, error);
}

static gboolean write_graph(const JrFlow *flow, const JrWorkflow *workflow,
			    Notes *notes, GError **error)
{
	g_autoptr(GString) dot = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;

	notes->workflow = workflow->name;
	if (!count(flow, workflow, notes->counted, error))
		return FALSE;
	jr_workflow_graph(workflow, note, notes, dot);
	g_string_set_size(dot, strlen(g_strchomp(dot->str)));
	lines = g_strsplit(dot->str, "\n", -1);
	for (char **line = lines; *line; line++)
		if (!jr_writer_line(flow->out, *line, strlen(*line), error))
			return FALSE;
	return TRUE;
}

static gboolean write_graphs(const JrFlow *flow, const GPtrArray *all,
			     const char *name, Notes *notes, GError **error)
{
	const JrReportQuery query = { .by = JR_BY_WORKFLOW | JR_BY_STEP };

	if (flow->db && !jr_report_active(flow->db, &query, add_active,
					  notes->active, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrWorkflow *workflow = all->pdata[i];

		if ((!name || strcmp(workflow->name, name) == 0) &&
		    !write_graph(flow, workflow, notes, error))
			return FALSE;
	}
	return jr_writer_flush(flow->out, error);
}

gboolean jr_schedule_graph(const JrFlow *flow, const char *name, GError **error)
{
	g_autoptr(JrJourneyFiles) files = jr_journey_files_load(flow, error);
	g_autoptr(GHashTable) active =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GHashTable) counted =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	Notes notes = { .active = active, .counted = counted };

	if (!files || (name && !jr_journey_files_want(files, name, error)))
		return FALSE;
	return write_graphs(flow, jr_journey_files_all(files), name, &notes,
			    error);
}
