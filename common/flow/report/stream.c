/* stream.c - the story of one run, told by the records in its pipe. */
#include "flow/report/report.h"

#include <unistd.h>

struct _JrStreamTally {
	GTree *counts; /* "message\nsms" to gint64 */
	gint64 bad;
};

/*
 * What a record is, and what tells records of its kind apart.  Deliveries have
 * an object_type; all others a type.
 */
static const struct {
	const char *type, *show; /* as in "type"; what the report calls it */
	const char *what;	 /* the key whose value is told apart */
} kinds[] = {
	{ "person", "taken in", "action" },
	{ "delivery", "taken in", "name" },
	{ "segment", "segment", "change" },
	{ "message", "message", "channel" },
	{ "decision", "held back", "gate" },
};

static int by_name(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return g_strcmp0(a, b);
}

JrStreamTally *jr_stream_tally_new(void)
{
	JrStreamTally *tally = g_new0(JrStreamTally, 1);

	tally->counts = g_tree_new_full(by_name, NULL, g_free, g_free);
	return tally;
}

void jr_stream_tally_free(JrStreamTally *tally)
{
	g_tree_unref(tally->counts);
	g_free(tally);
}

static void count(JrStreamTally *tally, const char *kind, const char *what)
{
	g_autofree char *key =
		g_strdup_printf("%s\n%s", kind, what ? what : "other");
	gint64 *n = g_tree_lookup(tally->counts, key);

	if (!n) {
		n = g_new0(gint64, 1);
		g_tree_insert(tally->counts, g_steal_pointer(&key), n);
	}
	++*n;
}

void jr_stream_tally_add(JrStreamTally *tally, const JrVal *record)
{
	const char *type = jr_val_get_text(record, "type");

	if (jr_val_get(record, "object_type")) {
		g_autofree char *what = g_strdup_printf(
			"%s %s", jr_val_get_text(record, "object_type"),
			jr_val_get_text(record, "metric"));

		count(tally, "delivery", what);
		return;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i].type, type) == 0) {
			count(tally, kinds[i].show,
			      jr_val_get_text(record, kinds[i].what));
			return;
		}
	count(tally, "other", type);
}

void jr_stream_tally_bad(JrStreamTally *tally)
{
	tally->bad++;
}

static const JrColumn columns[] = {
	{ .key = "record", .title = "record" },
	{ .key = "what", .title = "what" },
	{ .key = "count",
	  .title = "count",
	  .kind = JR_CELL_COUNT,
	  .plot = JR_PLOT_BAR },
};

static gboolean put_row(gpointer key, gpointer value, gpointer user)
{
	g_auto(GStrv) names = g_strsplit(key, "\n", 2);

	jr_table_text(user, names[0]);
	jr_table_text(user, names[1]);
	jr_table_num(user, *(gint64 *)value);
	return FALSE; /* go on */
}

JrTable *jr_stream_tally_table(const JrStreamTally *tally)
{
	JrTable *table =
		jr_table_new("run", "This run", columns, G_N_ELEMENTS(columns));

	table->empty = "nothing came in, nothing was due";
	g_tree_foreach(tally->counts, put_row, table);
	if (tally->bad > 0) {
		jr_table_text(table, "no record");
		jr_table_text(table, NULL);
		jr_table_num(table, tally->bad);
	}
	return table;
}

/* It reads to the end: the run is over then. */
JrTable *jr_report_run(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");
	g_autoptr(JrStreamTally) tally = jr_stream_tally_new();
	JrRecord record;
	JrRead read;

	(void)flow;
	(void)ask;
	while ((read = jr_reader_next(in, &record, error)) != JR_READ_END) {
		if (read == JR_READ_FAILED)
			return NULL;
		if (read == JR_READ_BAD)
			jr_stream_tally_bad(tally);
		else
			jr_stream_tally_add(tally, record.val);
		jr_reader_release(in);
	}
	return jr_stream_tally_table(tally);
}
