#include "store/counters.h"
#include "store/stmt.h"

#define SECONDS_A_DAY 86400

gint64 jr_day_of(gint64 at_s)
{
	gint64 day = at_s / SECONDS_A_DAY;

	return at_s % SECONDS_A_DAY < 0 ? day - 1 : day;
}

static const JrField counter_fields[] = {
	JR_INT64(JrCounter, day),	  JR_TEXT(JrCounter, workflow),
	JR_TEXT(JrCounter, step),	  JR_TEXT(JrCounter, variant),
	JR_INT(JrCounter, channel),	  JR_TEXT(JrCounter, provider),
	JR_TEXT(JrCounter, country),	  JR_INT(JrCounter, counted),
	JR_INT64(JrCounter, n),		  JR_INT64(JrCounter, segments),
	JR_INT64(JrCounter, cost_micros), JR_FIELD_END,
};

gboolean jr_counter_add(JrDb *db, const JrCounter *counter, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO counters (day, workflow, step, variant, channel,"
		" provider, country, counted, n, segments, cost_micros)"
		" VALUES ($day, COALESCE($workflow, ''), COALESCE($step, ''),"
		" COALESCE($variant, ''), $channel, COALESCE($provider, ''),"
		" COALESCE($country, ''), $counted, $n, $segments,"
		" $cost_micros) ON CONFLICT (day, workflow, step, variant,"
		" channel, provider, country, counted) DO UPDATE SET"
		" n = counters.n + $n,"
		" segments = counters.segments + $segments,"
		" cost_micros = counters.cost_micros + $cost_micros",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, counter_fields, counter);
	return jr_stmt_run(st, error);
}
