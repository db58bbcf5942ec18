/* What came of a simulation, by day, channel and workflow; and the sums. */
#include "base/instant.h"
#include "flow/simulate/impl.h"
#include "store/outcome.h"

#include <string.h>

#define DATE_LEN 10 /* of an instant as text */
#define RUNS 2

/* Gates, as decisions name them. */
#define CAPS "cap"
#define QUIET_HOURS "quiet_hours"

/* What is counted in one row of one run.  Sets of texts of tally->texts. */
typedef struct {
	gint64 messages, segments, cost_micros;
	GHashTable *people;  /* who got something */
	GHashTable *capped;  /* people whom a cap kept from it, or for later */
	GHashTable *delayed; /* messages that quiet hours put off */
} Counts;

typedef struct {
	char day[16];	      /* "2026-11-02", or "all" */
	JrChannel channel;    /* 0: all */
	const char *workflow; /* NULL: all */
	Counts runs[RUNS];
} Row;

struct _JrTally {
	const JrSimulateAsk *ask;
	const char *currency;
	GStringChunk *texts;
	GHashTable *rows;  /* key to Row * */
	GPtrArray *sorted; /* Row *; owned */
};

static void row_free(gpointer data)
{
	Row *row = data;

	for (guint i = 0; i < RUNS; i++) {
		g_hash_table_unref(row->runs[i].people);
		g_hash_table_unref(row->runs[i].capped);
		g_hash_table_unref(row->runs[i].delayed);
	}
	g_free(row);
}

JrTally *jr_tally_new(const JrSimulateAsk *ask, const char *currency)
{
	JrTally *tally = g_new0(JrTally, 1);

	tally->ask = ask;
	tally->currency = currency;
	tally->texts = g_string_chunk_new(4096);
	tally->rows =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	tally->sorted = g_ptr_array_new_with_free_func(row_free);
	return tally;
}

void jr_tally_free(JrTally *tally)
{
	if (!tally)
		return;
	g_ptr_array_unref(tally->sorted);
	g_hash_table_unref(tally->rows);
	g_string_chunk_free(tally->texts);
	g_free(tally);
}

static Row *row_new(JrTally *tally, const char *day, JrChannel channel,
		    const char *workflow)
{
	Row *row = g_new0(Row, 1);

	g_strlcpy(row->day, day, sizeof row->day);
	row->channel = channel;
	row->workflow =
		workflow ? g_string_chunk_insert_const(tally->texts, workflow)
			 : NULL;
	for (guint i = 0; i < RUNS; i++) {
		row->runs[i].people = g_hash_table_new(NULL, NULL);
		row->runs[i].capped = g_hash_table_new(NULL, NULL);
		row->runs[i].delayed = g_hash_table_new(NULL, NULL);
	}
	g_ptr_array_add(tally->sorted, row);
	return row;
}

static Row *row_of(JrTally *tally, const char *day, JrChannel channel,
		   const char *workflow)
{
	g_autofree char *key = g_strdup_printf("%s %d %s", day, channel,
					       workflow ? workflow : "");
	Row *row = g_hash_table_lookup(tally->rows, key);

	if (!row) {
		row = row_new(tally, day, channel, workflow);
		g_hash_table_insert(tally->rows, g_steal_pointer(&key), row);
	}
	return row;
}

/* One outcome counts for its day, and for the sums. */
typedef struct {
	JrTally *tally;
	guint run;
	void (*count)(JrTally *tally, Counts *counts, const JrOutcome *outcome);
} Counting;

static gboolean is_counted(const JrOutcome *outcome)
{
	return !outcome->gate || g_str_equal(outcome->gate, CAPS) ||
	       g_str_equal(outcome->gate, QUIET_HOURS);
}

static gboolean count_all(const JrOutcome *outcome, gpointer user)
{
	const Counting *counting = user;
	JrTally *tally = counting->tally;
	char day[JR_INSTANT_SIZE];
	const struct {
		const char *day;
		JrChannel channel;
		const char *workflow;
	} rows[] = {
		{ day, outcome->channel, outcome->workflow },
		{ "all", outcome->channel, outcome->workflow },
		{ "all", outcome->channel, NULL },
		{ "all", 0, NULL },
	};

	if (!is_counted(outcome))
		return TRUE;
	jr_instant_format(outcome->at_s, day);
	day[DATE_LEN] = '\0';
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Row *row = row_of(tally, rows[i].day, rows[i].channel,
				  rows[i].workflow);

		counting->count(tally, &row->runs[counting->run], outcome);
	}
	return TRUE;
}

static void keep(JrTally *tally, GHashTable *set, const char *text)
{
	g_hash_table_add(set, g_string_chunk_insert_const(tally->texts, text));
}

static void count_sent(JrTally *tally, Counts *counts, const JrOutcome *outcome)
{
	counts->messages++;
	counts->segments += outcome->segments;
	counts->cost_micros += outcome->cost_micros;
	keep(tally, counts->people, outcome->person);
}

static void count_decided(JrTally *tally, Counts *counts,
			  const JrOutcome *outcome)
{
	if (g_str_equal(outcome->gate, CAPS))
		keep(tally, counts->capped, outcome->person);
	if (g_str_equal(outcome->gate, QUIET_HOURS))
		keep(tally, counts->delayed, outcome->message);
}

gboolean jr_tally_add(JrTally *tally, JrDb *db, guint run, GError **error)
{
	const JrOutcomeQuery query = { tally->ask->from_s,
				       tally->ask->until_s };
	Counting sent = { tally, run, count_sent };
	Counting decided = { tally, run, count_decided };

	/* There is a sum when there is nothing else. */
	row_of(tally, "all", 0, NULL);
	return jr_outcomes_sent(db, &query, count_all, &sent, error) &&
	       jr_outcomes_decided(db, &query, count_all, &decided, error);
}

/* ---- the table ---- */

/* Days first, sums after them, the sum of all last. */
static gint compare(gconstpointer a, gconstpointer b)
{
	const Row *one = *(Row *const *)a, *two = *(Row *const *)b;
	int order = strcmp(one->day, two->day);

	if (order != 0)
		return order;
	if (one->channel != two->channel) {
		if (one->channel == 0 || two->channel == 0)
			return one->channel == 0 ? 1 : -1;
		return one->channel < two->channel ? -1 : 1;
	}
	if (!one->workflow || !two->workflow)
		return (one->workflow == NULL) - (two->workflow == NULL);
	return strcmp(one->workflow, two->workflow);
}

/* How many of @one are not in @two. */
static gint64 only_in(GHashTable *one, GHashTable *two)
{
	GHashTableIter iter;
	gpointer text;
	gint64 n = 0;

	g_hash_table_iter_init(&iter, one);
	while (g_hash_table_iter_next(&iter, &text, NULL))
		n += !g_hash_table_contains(two, text);
	return n;
}

static void put_name(JrTable *table, const Row *row)
{
	jr_table_text(table, row->day);
	jr_table_text(table,
		      row->channel ? jr_channel_name(row->channel) : "all");
	jr_table_text(table, row->workflow ? row->workflow : "all");
}

static const JrColumn columns[] = {
	{ .key = "day", .title = "day", .kind = JR_CELL_TEXT },
	{ .key = "channel", .title = "channel", .kind = JR_CELL_TEXT },
	{ .key = "workflow", .title = "workflow", .kind = JR_CELL_TEXT },
	{ .key = "messages", .title = "messages", .kind = JR_CELL_COUNT },
	{ .key = "people", .title = "people", .kind = JR_CELL_COUNT },
	{ .key = "capped", .title = "capped", .kind = JR_CELL_COUNT },
	{ .key = "quiet_hours", .title = "quiet hours", .kind = JR_CELL_COUNT },
	{ .key = "segments", .title = "segments", .kind = JR_CELL_COUNT },
	{ .key = "cost", .title = "cost", .kind = JR_CELL_MONEY },
};

static void put_row(JrTable *table, const Row *row)
{
	const Counts *counts = &row->runs[0];

	put_name(table, row);
	jr_table_num(table, counts->messages);
	jr_table_num(table, g_hash_table_size(counts->people));
	jr_table_num(table, g_hash_table_size(counts->capped));
	jr_table_num(table, g_hash_table_size(counts->delayed));
	jr_table_num(table, counts->segments);
	jr_table_num(table, counts->cost_micros);
}

static const JrColumn against_columns[] = {
	{ .key = "day", .title = "day", .kind = JR_CELL_TEXT },
	{ .key = "channel", .title = "channel", .kind = JR_CELL_TEXT },
	{ .key = "workflow", .title = "workflow", .kind = JR_CELL_TEXT },
	{ .key = "messages", .title = "messages", .kind = JR_CELL_COUNT },
	{ .key = "messages_before", .title = "before", .kind = JR_CELL_COUNT },
	{ .key = "people", .title = "people", .kind = JR_CELL_COUNT },
	{ .key = "people_before", .title = "before", .kind = JR_CELL_COUNT },
	{ .key = "people_added", .title = "added", .kind = JR_CELL_COUNT },
	{ .key = "people_removed", .title = "removed", .kind = JR_CELL_COUNT },
	{ .key = "capped", .title = "capped", .kind = JR_CELL_COUNT },
	{ .key = "capped_before", .title = "before", .kind = JR_CELL_COUNT },
	{ .key = "quiet_hours", .title = "quiet hours", .kind = JR_CELL_COUNT },
	{ .key = "quiet_hours_before",
	  .title = "before",
	  .kind = JR_CELL_COUNT },
	{ .key = "segments", .title = "segments", .kind = JR_CELL_COUNT },
	{ .key = "segments_before", .title = "before", .kind = JR_CELL_COUNT },
	{ .key = "cost", .title = "cost", .kind = JR_CELL_MONEY },
	{ .key = "cost_before", .title = "before", .kind = JR_CELL_MONEY },
	{ .key = "cost_change", .title = "change", .kind = JR_CELL_MONEY },
};

static void put_pair(JrTable *table, gint64 now, gint64 before)
{
	jr_table_num(table, now);
	jr_table_num(table, before);
}

static void put_change(JrTable *table, const Row *row)
{
	const Counts *now = &row->runs[0], *before = &row->runs[1];

	put_name(table, row);
	put_pair(table, now->messages, before->messages);
	put_pair(table, g_hash_table_size(now->people),
		 g_hash_table_size(before->people));
	put_pair(table, only_in(now->people, before->people),
		 only_in(before->people, now->people));
	put_pair(table, g_hash_table_size(now->capped),
		 g_hash_table_size(before->capped));
	put_pair(table, g_hash_table_size(now->delayed),
		 g_hash_table_size(before->delayed));
	put_pair(table, now->segments, before->segments);
	put_pair(table, now->cost_micros, before->cost_micros);
	jr_table_num(table, now->cost_micros - before->cost_micros);
}

JrTable *jr_tally_table(const JrTally *tally)
{
	gboolean against = tally->ask->against != NULL;
	JrTable *table =
		against ? jr_table_new("simulation",
				       "What would have been sent, and before",
				       against_columns,
				       G_N_ELEMENTS(against_columns))
			: jr_table_new("simulation",
				       "What would have been sent", columns,
				       G_N_ELEMENTS(columns));

	table->currency = tally->currency;
	table->note = "people are counted once in each row";
	g_ptr_array_sort(tally->sorted, compare);
	for (guint i = 0; i < tally->sorted->len; i++)
		(against ? put_change : put_row)(table,
						 tally->sorted->pdata[i]);
	return table;
}
