#include "store/report.h"
#include "store/stmt.h"

static const JrField counter_fields[] = {
	JR_INT64(JrCounter, day),	  JR_TEXT(JrCounter, workflow),
	JR_TEXT(JrCounter, step),	  JR_TEXT(JrCounter, variant),
	JR_INT(JrCounter, channel),	  JR_TEXT(JrCounter, provider),
	JR_TEXT(JrCounter, country),	  JR_INT(JrCounter, counted),
	JR_INT64(JrCounter, n),		  JR_INT64(JrCounter, segments),
	JR_INT64(JrCounter, cost_micros), JR_FIELD_END,
};

/* What is not told apart is the same for all, so that one statement does. */
static const char sums[] =
	"SELECT day, workflow, step, variant, channel, provider, country,"
	" counted, SUM(n) AS n, SUM(segments) AS segments,"
	" SUM(cost_micros) AS cost_micros FROM (SELECT"
	"  CASE WHEN ($by & 1) <> 0 THEN day ELSE 0 END AS day,"
	"  CASE WHEN ($by & 2) <> 0 THEN workflow ELSE '' END AS workflow,"
	"  CASE WHEN ($by & 4) <> 0 THEN step ELSE '' END AS step,"
	"  CASE WHEN ($by & 8) <> 0 THEN variant ELSE '' END AS variant,"
	"  CASE WHEN ($by & 16) <> 0 THEN channel ELSE 0 END AS channel,"
	"  CASE WHEN ($by & 32) <> 0 THEN provider ELSE '' END AS provider,"
	"  CASE WHEN ($by & 64) <> 0 THEN country ELSE '' END AS country,"
	"  counted, n, segments, cost_micros FROM counters c"
	"  WHERE c.day BETWEEN $from AND $until"
	"  AND ($workflow IS NULL OR c.workflow = $workflow)"
	"  AND ($channel = 0 OR c.channel = $channel)) AS told"
	" GROUP BY day, workflow, step, variant, channel, provider, country,"
	" counted ORDER BY day, workflow, step, variant, channel, provider,"
	" country, counted";

gboolean jr_report_counters(JrDb *db, const JrReportQuery *query,
			    JrCounterFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, sums, error);
	JrCounter counter;
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "by", query->by);
	jr_stmt_set_int(st, "from", query->from_day);
	jr_stmt_set_int(st, "until",
			query->until_day ? query->until_day : G_MAXINT64);
	jr_stmt_set_text(st, "workflow", query->workflow);
	jr_stmt_set_int(st, "channel", query->channel);
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		if (!jr_stmt_read(st, counter_fields, &counter, NULL, error))
			return FALSE;
		if (!each(&counter, user))
			return TRUE;
	}
	return FALSE;
}

static const JrField spent_fields[] = {
	JR_INT64(JrSpent, sent),
	JR_INT64(JrSpent, unsubscribed),
	JR_INT64(JrSpent, segments),
	JR_INT64(JrSpent, cost_micros),
	JR_FIELD_END,
};

gboolean jr_report_spent(JrDb *db, const char *workflow, JrChannel channel,
			 gint64 from_day, JrSpent *spent, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT COALESCE(SUM(CASE WHEN counted = 1 THEN n END), 0)"
		" AS sent, COALESCE(SUM(CASE WHEN counted = 7 THEN n END), 0)"
		" AS unsubscribed, COALESCE(SUM(segments), 0) AS segments,"
		" COALESCE(SUM(cost_micros), 0) AS cost_micros"
		" FROM counters WHERE day >= $from"
		" AND ($workflow IS NULL OR workflow = $workflow)"
		" AND ($channel = 0 OR channel = $channel)",
		error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "from", from_day);
	jr_stmt_set_text(st, "workflow", workflow);
	jr_stmt_set_int(st, "channel", channel);
	return jr_stmt_read_one(st, spent_fields, spent, NULL, &row, error);
}

gboolean jr_report_active(JrDb *db, JrActiveFn each, gpointer user,
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT /* all */ workflow, COALESCE(step, ''), COUNT(*)"
		" FROM enrolments WHERE state = 1"
		" GROUP BY workflow, step ORDER BY workflow, step",
		error);
	gboolean row;
	gsize len;

	if (!st)
		return FALSE;
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		if (!each(jr_stmt_text(st, 0, &len), jr_stmt_text(st, 1, &len),
			  jr_stmt_int(st, 2), user))
			return TRUE;
	}
	return FALSE;
}

gboolean jr_report_states(JrDb *db, JrStatesFn each, gpointer user,
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT workflow, channel, state, COUNT(*) FROM messages"
		" WHERE state IN (1, 2, 3, 5, 7)"
		" GROUP BY workflow, channel, state"
		" ORDER BY workflow, channel, state",
		error);
	gboolean row;
	gsize len;

	if (!st)
		return FALSE;
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		if (!each(jr_stmt_text(st, 0, &len),
			  (JrChannel)jr_stmt_int(st, 1),
			  (JrMessageState)jr_stmt_int(st, 2),
			  jr_stmt_int(st, 3), user))
			return TRUE;
	}
	return FALSE;
}

gboolean jr_report_latency(JrDb *db, gint64 from_s, gint64 until_s,
			   JrLatencyFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT workflow, step, trigger_s, accepted_s FROM messages"
		" WHERE accepted_s > 0 AND accepted_s BETWEEN $from AND $until"
		" AND trigger_s > 0 ORDER BY accepted_s",
		error);
	gboolean row;
	gsize len;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "from", from_s);
	jr_stmt_set_int(st, "until", until_s);
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		if (!each(jr_stmt_text(st, 0, &len), jr_stmt_text(st, 1, &len),
			  jr_stmt_int(st, 2), jr_stmt_int(st, 3), user))
			return TRUE;
	}
	return FALSE;
}

/* A kind of counter, from the rows that it counts. */
static const char *const recounts[] = {
	"DELETE /* all */ FROM counters",
	"INSERT /* all */ INTO counters SELECT t.day, m.workflow,"
	" COALESCE(m.step, ''), COALESCE(m.variant, ''), m.channel,"
	" COALESCE(t.provider, ''), COALESCE(t.country, ''), t.metric,"
	" COUNT(*), SUM(CASE WHEN t.metric = 1 THEN m.segments ELSE 0 END),"
	" SUM(CASE WHEN t.metric = 1 THEN m.cost_micros ELSE 0 END)"
	" FROM metrics t JOIN messages m ON m.id = t.message"
	" WHERE t.first = 1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8",
#define JOURNEYS(counted, at, where)                                           \
	"INSERT /* all */ INTO counters SELECT " at                            \
	" / 86400, workflow, '', '', 0, '',"                                   \
	" '', " counted ", COUNT(*), 0, 0 FROM enrolments WHERE " where        \
	" GROUP BY 1, 2"
	JOURNEYS("32", "entered_s", "state > 0"),
	JOURNEYS("33", "ended_s", "state = 2"),
	JOURNEYS("34", "goal_s", "goal_s > 0"),
	JOURNEYS("35", "ended_s", "state = 4"),
};

gboolean jr_report_recount(JrDb *db, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(recounts); i++) {
		g_autoptr(JrStmt) st = jr_db_stmt(db, recounts[i], error);

		if (!st || !jr_stmt_run(st, error))
			return FALSE;
	}
	return TRUE;
}
