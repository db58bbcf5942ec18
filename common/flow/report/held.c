/* held.c - what the gates held back, and how long the rest took. */
#include "flow/report/break.h"

#define EXAMPLES 5000 /* decisions that an example is looked for in */
#define SEPARATOR "\x1f"

/* A row, told apart by names; the last of them may be the gate. */
typedef struct {
	char *names;
	gint64 later, no;
	char *example;
	GHashTable *times; /* seconds that it took, to gint64: how many did */
} Row;

typedef struct {
	gint64 took_s, n;
} Time;

typedef struct {
	guint by;
	GPtrArray *rows; /* Row; in the order of their names */
	GHashTable *known;
	GString *names; /* of the row asked for */
} Rows;

static void free_row(gpointer data)
{
	Row *row = data;

	g_free(row->names);
	g_free(row->example);
	if (row->times)
		g_hash_table_unref(row->times);
	g_free(row);
}

static void init_rows(Rows *rows, guint by)
{
	rows->by = by;
	rows->rows = g_ptr_array_new_with_free_func(free_row);
	rows->known = g_hash_table_new(g_str_hash, g_str_equal);
	rows->names = g_string_new(NULL);
}

static void clear_rows(Rows *rows)
{
	g_hash_table_unref(rows->known);
	g_ptr_array_unref(rows->rows);
	g_string_free(rows->names, TRUE);
}

/* The row of @counter and, unless it is NULL, @gate. */
static Row *row_of(Rows *rows, const JrCounter *counter, const char *gate)
{
	GString *names = g_string_truncate(rows->names, 0);
	Row *row;

	for (const JrDimension *d = jr_dimensions; d->key; d++) {
		if (!(rows->by & d->bit))
			continue;
		g_autofree char *text = d->text(counter);
		g_string_append(names, text);
		g_string_append(names, SEPARATOR);
	}
	if (gate)
		g_string_append(names, gate);
	row = g_hash_table_lookup(rows->known, names->str);
	if (row)
		return row;
	row = g_new0(Row, 1);
	row->names = g_strdup(names->str);
	g_ptr_array_add(rows->rows, row);
	g_hash_table_insert(rows->known, row->names, row);
	return row;
}

static int by_names(gconstpointer a, gconstpointer b)
{
	const Row *const *x = a, *const *y = b;

	return g_strcmp0((*x)->names, (*y)->names);
}

/* A table whose first columns are what its rows are told apart by. */
static JrTable *table_of(const Rows *rows, const char *name, const char *title,
			 const JrColumn *columns, guint n)
{
	g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(JrColumn));

	for (const JrDimension *d = jr_dimensions; d->key; d++) {
		const JrColumn column = { .key = d->key, .title = d->key };

		if (rows->by & d->bit)
			g_array_append_val(all, column);
	}
	g_array_append_vals(all, columns, n);
	g_ptr_array_sort(rows->rows, by_names);
	return jr_table_new(name, title, (JrColumn *)all->data, all->len);
}

static void put_names(JrTable *table, const Row *row, gboolean with_gate)
{
	g_auto(GStrv) names = g_strsplit(row->names, SEPARATOR, -1);

	/* The last is the gate, or nothing. */
	for (char **name = names; name[1]; name++)
		jr_table_text(table, **name ? *name : NULL);
	if (with_gate)
		jr_table_text(table, names[g_strv_length(names) - 1]);
}

static guint store_by(guint by)
{
	gboolean time = by & (JR_BY_DAY | JR_BY_WEEK | JR_BY_MONTH);

	return (by & 0xffff) | (time ? JR_BY_DAY : 0);
}

/* ---- held ---- */

static const JrColumn held_columns[] = {
	{ .key = "gate", .title = "gate" },
	{ .key = "put_off",
	  .title = "put off",
	  .kind = JR_CELL_COUNT,
	  .plot = JR_PLOT_BAR },
	{ .key = "not_sent",
	  .title = "not sent",
	  .kind = JR_CELL_COUNT,
	  .plot = JR_PLOT_BAR },
	{ .key = "example", .title = "for example" },
};

static gboolean add_verdict(const JrVerdictCount *v, gpointer user)
{
	const JrCounter counter = { .day = v->day,
				    .workflow = v->workflow,
				    .step = v->step,
				    .channel = v->channel };
	Row *row = row_of(user, &counter, v->gate);

	if (g_str_equal(v->verdict, "later"))
		row->later += v->n;
	else
		row->no += v->n;
	return TRUE;
}

/* Newest first: the first one stays. */
static gboolean add_reason(const char *workflow, const char *gate,
			   const char *reason, gpointer user)
{
	g_autofree char *key =
		g_strdup_printf("%s" SEPARATOR "%s", workflow, gate);
	GHashTable *reasons = user;

	if (!g_hash_table_contains(reasons, key))
		g_hash_table_insert(reasons, g_steal_pointer(&key),
				    g_strdup(reason));
	return TRUE;
}

static JrTable *held_table(const Rows *rows, GHashTable *reasons,
			   const JrReportAsk *ask)
{
	JrTable *table = table_of(rows, "held", "Not sent, or put off, and why",
				  held_columns, G_N_ELEMENTS(held_columns));

	table->empty = jr_report_empty(ask, "no message was held back");
	for (guint i = 0; i < rows->rows->len; i++) {
		const Row *row = rows->rows->pdata[i];

		put_names(table, row, TRUE);
		jr_table_num(table, row->later);
		jr_table_num(table, row->no);
		jr_table_text(table, g_hash_table_lookup(reasons, row->names));
	}
	return table;
}

JrTable *jr_report_held(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	guint by = ask->by ? ask->by : JR_BY_WORKFLOW;
	const JrReportQuery query = jr_report_query(ask, store_by(by));
	g_autoptr(GHashTable) reasons =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	JrTable *table = NULL;
	Rows rows;

	init_rows(&rows, by);
	if (jr_report_verdicts(flow->db, &query, add_verdict, &rows, error) &&
	    (by != JR_BY_WORKFLOW ||
	     jr_report_reasons(flow->db, &query, EXAMPLES, add_reason, reasons,
			       error)))
		table = held_table(&rows, reasons, ask);
	clear_rows(&rows);
	return table;
}

/* ---- latency ---- */

static const JrColumn latency_columns[] = {
	{ .key = "messages", .title = "messages", .kind = JR_CELL_COUNT },
	{ .key = "median", .title = "median", .kind = JR_CELL_SECONDS },
	{ .key = "p95", .title = "95 %", .kind = JR_CELL_SECONDS },
	{ .key = "slowest", .title = "slowest", .kind = JR_CELL_SECONDS },
	{ .key = "in_10_min", .title = "within 10 min", .kind = JR_CELL_RATE },
};

#define SOON_S (10 * 60) /* within which a failed payment should be told */

static void add_time(Row *row, gint64 took_s, gint64 n)
{
	gint64 *sum;

	if (!row->times)
		row->times = g_hash_table_new_full(g_int64_hash, g_int64_equal,
						   g_free, g_free);
	sum = g_hash_table_lookup(row->times, &took_s);
	if (sum) {
		*sum += n;
		return;
	}
	g_hash_table_insert(row->times, g_memdup2(&took_s, sizeof(took_s)),
			    g_memdup2(&n, sizeof(n)));
}

static gboolean add_latency(const JrLatency *l, gpointer user)
{
	const JrCounter counter = { .day = l->day,
				    .workflow = l->workflow,
				    .step = l->step,
				    .channel = l->channel };

	add_time(row_of(user, &counter, NULL), l->took_s, l->n);
	return TRUE;
}

static int by_length(gconstpointer a, gconstpointer b)
{
	const Time *x = a, *y = b;

	return (x->took_s > y->took_s) - (x->took_s < y->took_s);
}

/* How long the message took that stands at @place, from 0, of all sorted. */
static gint64 time_at(const GArray *times, gint64 place)
{
	for (guint i = 0; i < times->len; i++) {
		const Time *time = &g_array_index(times, Time, i);

		if (place < time->n)
			return time->took_s;
		place -= time->n;
	}
	return -1;
}

/* The times of @row (Time), the shortest first; owned. */
static GArray *times_of(const Row *row)
{
	GArray *times = g_array_new(FALSE, FALSE, sizeof(Time));
	gpointer took_s, n;
	GHashTableIter iter;

	g_hash_table_iter_init(&iter, row->times);
	while (g_hash_table_iter_next(&iter, &took_s, &n)) {
		const Time time = { *(gint64 *)took_s, *(gint64 *)n };

		g_array_append_val(times, time);
	}
	g_array_sort(times, by_length);
	return times;
}

static void put_latency(JrTable *table, const Row *row)
{
	g_autoptr(GArray) times = times_of(row);
	gint64 n = 0, soon = 0;

	for (guint i = 0; i < times->len; i++) {
		const Time *time = &g_array_index(times, Time, i);

		n += time->n;
		soon += time->took_s <= SOON_S ? time->n : 0;
	}
	put_names(table, row, FALSE);
	jr_table_num(table, n);
	jr_table_num(table, time_at(times, n / 2));
	jr_table_num(table, time_at(times, n - 1 - n / 20));
	jr_table_num(table, time_at(times, n - 1));
	jr_table_rate(table, soon, n);
}

JrTable *jr_report_latency_table(JrFlow *flow, const JrReportAsk *ask,
				 GError **error)
{
	guint by = ask->by ? ask->by : JR_BY_WORKFLOW | JR_BY_STEP;
	const JrReportQuery query = jr_report_query(ask, store_by(by));
	JrTable *table = NULL;
	Rows rows;

	init_rows(&rows, by);
	if (jr_report_latency(flow->db, &query, add_latency, &rows, error)) {
		table = table_of(&rows, "latency", "From trigger to hand-over",
				 latency_columns,
				 G_N_ELEMENTS(latency_columns));
		table->empty =
			jr_report_empty(ask, "no message was handed over yet");
		for (guint i = 0; i < rows.rows->len; i++)
			put_latency(table, rows.rows->pdata[i]);
	}
	clear_rows(&rows);
	return table;
}
