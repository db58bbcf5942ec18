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
	g_autoptr(JrStmt) st = jr_db_stmt(
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
	g_autoptr(JrStmt) st = jr_db_stmt(
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
