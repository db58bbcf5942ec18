#include "flow/report/break.h"
#include "base/instant.h"
#include "store/paths.h"

#include <string.h>

#define LAST_COUNTED 63
#define WEEK 7
#define SEPARATOR "\x1f" /* between the names of a row; in none of them */

static char *text_of_day(const JrCounter *counter)
{
	return jr_report_day(counter->day);
}

/* The Monday on or before it: day 0 was a Thursday. */
static char *text_of_week(const JrCounter *counter)
{
	return jr_report_day(counter->day - (counter->day + 3) % WEEK);
}

static char *text_of_month(const JrCounter *counter)
{
	g_autofree char *day = jr_report_day(counter->day);

	return g_strndup(day, 7);
}

static char *text_of_workflow(const JrCounter *counter)
{
	return g_strdup(counter->workflow);
}

static char *text_of_step(const JrCounter *counter)
{
	return g_strdup(counter->step);
}

static char *text_of_way(const JrCounter *counter)
{
	return g_strdup(g_str_equal(counter->variant, JR_PATH_OVER)
				? "passed over"
				: counter->variant);
}

static char *text_of_variant(const JrCounter *counter)
{
	return g_strdup(counter->variant);
}

static char *text_of_channel(const JrCounter *counter)
{
	const char *name = jr_channel_name(counter->channel);

	return g_strdup(name ? name : "");
}

static char *text_of_provider(const JrCounter *counter)
{
	return g_strdup(counter->provider);
}

static char *text_of_country(const JrCounter *counter)
{
	return g_strdup(counter->country);
}

const JrDimension jr_dimensions[] = {
	{ JR_BY_DAY, "day", text_of_day },
	{ JR_BY_WEEK, "week", text_of_week },
	{ JR_BY_MONTH, "month", text_of_month },
	{ JR_BY_CHANNEL, "channel", text_of_channel },
	{ JR_BY_WORKFLOW, "workflow", text_of_workflow },
	{ JR_BY_STEP, "step", text_of_step },
	{ JR_BY_WAY, "way", text_of_way },
	{ JR_BY_VARIANT, "variant", text_of_variant },
	{ JR_BY_PROVIDER, "provider", text_of_provider },
	{ JR_BY_COUNTRY, "country", text_of_country },
	{ 0, NULL, NULL },
};

#define BY_TIME (JR_BY_DAY | JR_BY_WEEK | JR_BY_MONTH)

/* What has been counted of one row. */
typedef struct {
	gint64 n[LAST_COUNTED + 1];
	gint64 segments, cost_micros;
	guint64 seen; /* JR_OF() what */
} Tally;

typedef struct {
	const JrBreakdown *what;
	guint by;
	GTree *rows;	    /* names, joined, to Tally */
	GHashTable *groups; /* names but the last, joined, to Tally */
	gint64 first_day, last_day;
	JrTable *table;
	Tally total;
	guint n_rows;
} Work;

static char *name_of(const Work *work, const JrCounter *counter)
{
	GString *name = g_string_new(NULL);
	const char *between = "";

	for (const JrDimension *d = jr_dimensions; d->key; d++) {
		if (!(work->by & d->bit))
			continue;
		g_autofree char *text = d->text(counter);
		g_string_append_printf(name, "%s%s", between, text);
		between = SEPARATOR;
	}
	return g_string_free(name, FALSE);
}

static Tally *tally_of(Work *work, const JrCounter *counter)
{
	char *name = name_of(work, counter);
	Tally *tally = g_tree_lookup(work->rows, name);

	if (tally) {
		g_free(name);
		return tally;
	}
	tally = g_new0(Tally, 1);
	g_tree_insert(work->rows, name, tally);
	return tally;
}

/* What all rows come to whose last name alone is another. */
static Tally *group_of(Work *work, const char *name)
{
	const char *last = strrchr(name, *SEPARATOR);
	g_autofree char *group =
		g_strndup(name, last ? (gsize)(last - name) : 0);
	Tally *tally = g_hash_table_lookup(work->groups, group);

	if (!tally) {
		tally = g_new0(Tally, 1);
		g_hash_table_insert(work->groups, g_steal_pointer(&group),
				    tally);
	}
	return tally;
}

static void add_to(Tally *tally, const JrCounter *counter)
{
	tally->n[counter->counted] += counter->n;
	tally->segments += counter->segments;
	tally->cost_micros += counter->cost_micros;
	if (counter->counted == JR_COUNT_ENTERED)
		tally->n[JR_COUNT_AIMED] += counter->aimed;
	if (counter->counted == JR_METRIC_SENT)
		tally->n[JR_COUNT_AIMED_SENT] += counter->aimed;
	if (counter->n)
		tally->seen |= JR_OF(counter->counted);
}

static gboolean add(const JrCounter *counter, gpointer user)
{
	Work *work = user;
	const JrBreakdown *what = work->what;
	Tally *tally;

	g_assert(counter->counted < JR_COUNT_AIMED);
	if ((what->in_variants && !*counter->variant) ||
	    (what->only && !(what->only & JR_OF(counter->counted))))
		return TRUE;
	tally = tally_of(work, counter);
	add_to(tally, counter);
	if (tally->seen & what->seen) {
		work->first_day = MIN(work->first_day, counter->day);
		work->last_day = MAX(work->last_day, counter->day);
	}
	return TRUE;
}

static int by_name(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return g_strcmp0(a, b);
}

/* ---- the table ---- */

static gint64 sum_of(const Tally *tally, guint64 set)
{
	gint64 sum = 0;

	for (guint i = 0; i <= LAST_COUNTED; i++)
		if (set & JR_OF(i))
			sum += tally->n[i];
	return sum;
}

static gint64 most_of(const Tally *tally, guint64 set)
{
	gint64 most = 0;

	for (guint i = 0; i <= LAST_COUNTED; i++)
		if (set & JR_OF(i))
			most = MAX(most, tally->n[i]);
	return most;
}

static gint64 value_of(const JrMeasure *m, const Tally *tally)
{
	gint64 of;

	switch (m->kind) {
	case JR_MEASURE_SUM:
	case JR_MEASURE_SHARE:
		return sum_of(tally, m->n) - sum_of(tally, m->minus);
	case JR_MEASURE_MOST:
		return most_of(tally, m->n);
	case JR_MEASURE_SEGMENTS:
		return tally->segments;
	case JR_MEASURE_COST:
		return tally->cost_micros;
	case JR_MEASURE_COST_PER:
		of = sum_of(tally, m->of);
		return of > 0 ? tally->cost_micros / of : JR_CELL_NOTHING;
	}
	g_assert_not_reached();
}

/* A row of @tally, one of those that come to @group. */
static void put_measures(Work *work, const Tally *tally, const Tally *group)
{
	for (guint i = 0; i < work->what->n_measures; i++) {
		const JrMeasure *m = &work->what->measures[i];
		const Tally *of = m->kind == JR_MEASURE_SHARE ? group : tally;

		if (m->column.kind == JR_CELL_RATE)
			jr_table_rate(work->table, value_of(m, tally),
				      sum_of(of, m->of));
		else
			jr_table_num(work->table, value_of(m, tally));
	}
}

static void add_up(Tally *sum, const Tally *tally)
{
	for (guint i = 0; i <= LAST_COUNTED; i++)
		sum->n[i] += tally->n[i];
	sum->segments += tally->segments;
	sum->cost_micros += tally->cost_micros;
}

static gboolean add_to_group(gpointer key, gpointer value, gpointer user)
{
	add_up(group_of(user, key), value);
	return FALSE; /* go on */
}

static gboolean put_row(gpointer key, gpointer value, gpointer user)
{
	g_auto(GStrv) names = g_strsplit(key, SEPARATOR, -1);
	const Tally *tally = value;
	Work *work = user;

	if (!(tally->seen & work->what->seen))
		return FALSE; /* go on */
	for (char **name = names; *name; name++)
		jr_table_text(work->table, **name ? *name : NULL);
	put_measures(work, tally, group_of(work, key));
	add_up(&work->total, tally);
	work->n_rows++;
	return FALSE;
}

static void put_total(Work *work)
{
	gboolean first = TRUE;

	if (!work->what->all || work->n_rows < 2)
		return;
	for (const JrDimension *d = jr_dimensions; d->key; d++)
		if (work->by & d->bit) {
			jr_table_text(work->table,
				      first ? work->what->all : NULL);
			first = FALSE;
		}
	put_measures(work, &work->total, &work->total);
	work->table->summed = TRUE;
}

/* Days on which nothing happened are a part of what happened. */
static void fill_in(Work *work)
{
	if (!work->by || work->by & ~(guint)BY_TIME)
		return;
	for (gint64 day = work->first_day; day <= work->last_day; day++) {
		const JrCounter nothing = { .day = day };

		tally_of(work, &nothing)->seen |= work->what->seen;
	}
}

static JrTable *empty_table(const JrBreakdown *what, guint by,
			    const JrReportAsk *ask, const JrPolicy *policy)
{
	g_autoptr(GArray) columns = g_array_new(FALSE, TRUE, sizeof(JrColumn));

	for (const JrDimension *d = jr_dimensions; d->key; d++) {
		const JrColumn column = { .key = d->key, .title = d->key };

		if (by & d->bit)
			g_array_append_val(columns, column);
	}
	for (guint i = 0; i < what->n_measures; i++)
		g_array_append_val(columns, what->measures[i].column);
	JrTable *table = jr_table_new(what->name, what->title,
				      (JrColumn *)columns->data, columns->len);
	table->currency = policy->currency;
	table->empty = jr_report_empty(ask, what->empty);
	table->note = what->note;
	return table;
}

static gboolean count(Work *work, JrFlow *flow, const JrReportAsk *ask,
		      GError **error)
{
	guint by = work->by & 0xffff;
	JrReportQuery query =
		jr_report_query(ask, work->by & BY_TIME ? by | JR_BY_DAY : by);

	if (work->by & JR_BY_WAY)
		query.by |= JR_BY_VARIANT;
	if (work->what->channel)
		query.channel = work->what->channel;
	return jr_report_counters(flow->db, &query, add, work, error) &&
	       (!work->what->with_active ||
		jr_report_active(flow->db, &query, add, work, error));
}

JrTable *jr_breakdown(JrFlow *flow, const JrReportAsk *ask,
		      const JrBreakdown *breakdown, GError **error)
{
	g_autoptr(GTree) rows = g_tree_new_full(by_name, NULL, g_free, g_free);
	g_autoptr(GHashTable) groups =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	Work work = { .what = breakdown,
		      .by = ask->by ? ask->by : breakdown->by,
		      .rows = rows,
		      .groups = groups,
		      .first_day = G_MAXINT64,
		      .last_day = G_MININT64 };

	if (!count(&work, flow, ask, error))
		return NULL;
	fill_in(&work);
	work.table = empty_table(breakdown, work.by, ask, flow->policy);
	g_tree_foreach(rows, add_to_group, &work);
	g_tree_foreach(rows, put_row, &work);
	put_total(&work);
	return work.table;
}
