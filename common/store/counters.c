#include "store/counters.h"
#include "store/conn.h"
#include "store/stmt.h"

#include <string.h>

#define SECONDS_A_DAY 86400

gint64 jr_day_of(gint64 at_s)
{
	gint64 day = at_s / SECONDS_A_DAY;

	return at_s % SECONDS_A_DAY < 0 ? day - 1 : day;
}

const JrField jr_counter_fields[] = {
	JR_INT64(JrCounter, day),
	JR_TEXT(JrCounter, workflow),
	JR_TEXT(JrCounter, step),
	JR_TEXT(JrCounter, variant),
	JR_INT(JrCounter, channel),
	JR_TEXT(JrCounter, provider),
	JR_TEXT(JrCounter, country),
	JR_INT(JrCounter, counted),
	JR_INT64(JrCounter, n),
	JR_INT64(JrCounter, segments),
	JR_INT64(JrCounter, cost_micros),
	JR_INT64(JrCounter, aimed),
	JR_FIELD_END,
};

#define SAME_NAMES                                                             \
	"day = $day AND workflow = COALESCE($workflow, '')"                    \
	" AND step = COALESCE($step, '') AND variant = COALESCE($variant, '')" \
	" AND channel = $channel AND provider = COALESCE($provider, '')"       \
	" AND country = COALESCE($country, '') AND counted = $counted"

/* Where nobody is on the way any more there is no row, as if nobody had ever
 * been: so that two stores that came to the same are the same. */
static gboolean drop_if_none(JrDb *db, const JrCounter *counter, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "DELETE FROM counters WHERE " SAME_NAMES " AND n = 0",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_counter_fields, counter);
	return jr_stmt_run(st, error);
}

static gboolean put(JrDb *db, const JrCounter *counter, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO counters (day, workflow, step, variant, channel,"
		" provider, country, counted, n, segments, cost_micros, aimed)"
		" VALUES ($day, COALESCE($workflow, ''), COALESCE($step, ''),"
		" COALESCE($variant, ''), $channel, COALESCE($provider, ''),"
		" COALESCE($country, ''), $counted, $n, $segments,"
		" $cost_micros, $aimed) ON CONFLICT (day, workflow, step,"
		" variant, channel, provider, country, counted) DO UPDATE SET"
		" n = counters.n + $n,"
		" segments = counters.segments + $segments,"
		" cost_micros = counters.cost_micros + $cost_micros,"
		" aimed = counters.aimed + $aimed",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_counter_fields, counter);
	return jr_stmt_run(st, error) &&
	       (counter->counted < JR_COUNT_ACTIVE || counter->n >= 0 ||
		drop_if_none(db, counter, error));
}

/* ---- many together ---- */

struct _JrCounts {
	GHashTable *set; /* of JrCounter */
};

/* The names of a counter, each a member. */
static const gsize names[] = {
	G_STRUCT_OFFSET(JrCounter, workflow),
	G_STRUCT_OFFSET(JrCounter, step),
	G_STRUCT_OFFSET(JrCounter, variant),
	G_STRUCT_OFFSET(JrCounter, provider),
	G_STRUCT_OFFSET(JrCounter, country),
};
#define NAME(counter, i) G_STRUCT_MEMBER(const char *, counter, names[i])

static guint hash(gconstpointer data)
{
	const JrCounter *counter = data;
	guint sum = (guint)counter->day * 31 + counter->counted;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		sum = sum * 33 +
		      (NAME(counter, i) ? g_str_hash(NAME(counter, i)) : 0);
	return sum * 31 + counter->channel;
}

static gboolean is_same(gconstpointer a, gconstpointer b)
{
	const JrCounter *x = a, *y = b;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_strcmp0(NAME(x, i), NAME(y, i)) != 0)
			return FALSE;
	return x->day == y->day && x->counted == y->counted &&
	       x->channel == y->channel;
}

static void free_counter(gpointer data)
{
	JrCounter *counter = data;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_free(G_STRUCT_MEMBER(char *, counter, names[i]));
	g_free(counter);
}

JrCounts *jr_counts_new(void)
{
	JrCounts *counts = g_new(JrCounts, 1);

	counts->set = g_hash_table_new_full(hash, is_same, free_counter, NULL);
	return counts;
}

void jr_counts_free(JrCounts *counts)
{
	if (!counts)
		return;
	g_hash_table_unref(counts->set);
	g_free(counts);
}

void jr_counts_add(JrCounts *counts, const JrCounter *counter)
{
	JrCounter *own = g_hash_table_lookup(counts->set, counter);

	if (own) {
		own->n += counter->n;
		own->segments += counter->segments;
		own->cost_micros += counter->cost_micros;
		own->aimed += counter->aimed;
		return;
	}
	own = g_memdup2(counter, sizeof(*counter));
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		NAME(own, i) = g_strdup(NAME(counter, i));
	g_hash_table_add(counts->set, own);
}

/* What came and went within one transaction. */
static gboolean is_nothing(const JrCounter *counter)
{
	return counter->n == 0 && counter->segments == 0 &&
	       counter->cost_micros == 0 && counter->aimed == 0;
}

/* Give all that came to something to @take, and begin anew. */
static gboolean give(JrCounts *counts, JrDb *db,
		     gboolean (*take)(JrDb *db, const JrCounter *counter,
				      GError **error),
		     GError **error)
{
	GHashTableIter iter;
	gpointer counter;

	g_hash_table_iter_init(&iter, counts->set);
	while (g_hash_table_iter_next(&iter, &counter, NULL))
		if (!is_nothing(counter) && !take(db, counter, error))
			return FALSE;
	g_hash_table_remove_all(counts->set);
	return TRUE;
}

gboolean jr_counts_write(JrCounts *counts, JrDb *db, GError **error)
{
	return give(counts, db, jr_counter_add, error);
}

void jr_counter_later(JrDb *db, const JrCounter *counter)
{
	g_assert(db->writing);
	if (!db->later)
		db->later = jr_counts_new();
	jr_counts_add(db->later, counter);
}

gboolean jr_counter_add(JrDb *db, const JrCounter *counter, GError **error)
{
	if (!db->scratch)
		return put(db, counter, error);
	jr_counter_later(db, counter);
	return TRUE;
}

gboolean jr_counters_flush(JrDb *db, GError **error)
{
	return !db->later || give(db->later, db, put, error);
}

static gboolean flush_body(JrDb *db, gpointer data G_GNUC_UNUSED,
			   GError **error)
{
	return jr_counters_flush(db, error);
}

gboolean jr_counters_settle(JrDb *db, GError **error)
{
	if (!db->scratch || !db->later)
		return TRUE;
	return db->writing ? jr_counters_flush(db, error)
			   : jr_db_write(db, flush_body, NULL, error);
}

void jr_counters_drop(JrDb *db)
{
	g_clear_pointer(&db->later, jr_counts_free);
}

/* ---- how long, and what gates said ---- */

gint64 jr_latency_round(gint64 took_s)
{
	static const struct {
		gint64 until_s, unit_s;
	} steps[] = {
		{ 60, 1 },	{ 600, 10 },	      { 3600, 60 },
		{ 86400, 600 }, { G_MAXINT64, 3600 },
	};
	guint i = 0;

	if (took_s <= 0)
		return 0;
	while (took_s > steps[i].until_s)
		i++;
	return (took_s + steps[i].unit_s - 1) / steps[i].unit_s *
	       steps[i].unit_s;
}

static const JrField latency_fields[] = {
	JR_INT64(JrLatency, day),
	JR_TEXT(JrLatency, workflow),
	JR_TEXT(JrLatency, step),
	JR_INT(JrLatency, channel),
	JR_INT64(JrLatency, took_s),
	JR_INT64(JrLatency, n),
	JR_FIELD_END,
};

gboolean jr_latency_add(JrDb *db, const JrLatency *latency, GError **error)
{
	g_autoptr(JrStmt) st = NULL;

	if (db->scratch) /* which no report is of */
		return TRUE;
	st = jr_db_stmt(
		db,
		"INSERT INTO latencies (day, workflow, step, channel, took_s,"
		" n) VALUES ($day, $workflow, COALESCE($step, ''), $channel,"
		" $took_s, $n) ON CONFLICT (day, workflow, step, channel,"
		" took_s) DO UPDATE SET n = latencies.n + $n",
		error);
	if (!st)
		return FALSE;
	jr_stmt_bind(st, latency_fields, latency);
	return jr_stmt_run(st, error);
}

gboolean jr_verdict_count(JrDb *db, const JrDecisionRow *decision,
			  GError **error)
{
	g_autoptr(JrStmt) st = NULL;

	if (db->scratch)
		return TRUE;
	st = jr_db_stmt(
		db,
		"INSERT INTO verdicts (day, workflow, step, channel, gate,"
		" verdict, n) VALUES ($day, COALESCE($workflow, ''),"
		" COALESCE($step, ''), $channel, COALESCE($gate, ''),"
		" COALESCE($verdict, ''), 1)"
		" ON CONFLICT (day, workflow, step, channel, gate, verdict)"
		" DO UPDATE SET n = verdicts.n + 1",
		error);
	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "day", jr_day_of(decision->at_s));
	jr_stmt_set_text(st, "workflow", decision->workflow);
	jr_stmt_set_text(st, "step", decision->step);
	jr_stmt_set_int(st, "channel", decision->channel);
	jr_stmt_set_text(st, "gate", decision->gate);
	jr_stmt_set_text(st, "verdict", decision->verdict);
	return jr_stmt_run(st, error);
}
