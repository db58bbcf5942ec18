#include "store/report.h"
#include "store/counters.h"

/* Shown as counters; columns that a statement has not stay as they are. */
static gboolean each_counter(JrStmt *st, JrCounter counter, JrCounterFn each,
			     gpointer user, GError **error)
{
	gboolean row;

	do {
		if (!jr_stmt_read_one(st, jr_counter_fields, &counter, NULL,
				      &row, error))
			return FALSE;
	} while (row && each(&counter, user));
	return TRUE;
}

static void bind_query(JrStmt *st, const JrReportQuery *query)
{
	jr_stmt_set_int(st, "by", query->by);
	jr_stmt_set_int(st, "from", query->from_day);
	jr_stmt_set_int(st, "until",
			query->until_day ? query->until_day : G_MAXINT64);
	jr_stmt_set_text(st, "workflow", query->workflow);
	jr_stmt_set_int(st, "channel", query->channel);
}

/* What is not told apart is the same for all, so that one statement does. */
#define TOLD_APART                                                             \
	" CASE WHEN ($by & 1) <> 0 THEN day ELSE 0 END AS day,"                \
	" CASE WHEN ($by & 2) <> 0 THEN workflow ELSE '' END AS workflow,"     \
	" CASE WHEN ($by & 4) <> 0 THEN step ELSE '' END AS step,"             \
	" CASE WHEN ($by & 16) <> 0 THEN channel ELSE 0 END AS channel,"
#define AS_ASKED                                                               \
	" c WHERE c.day BETWEEN $from AND $until"                              \
	" AND ($workflow IS NULL OR c.workflow = $workflow)"                   \
	" AND ($channel = 0 OR c.channel = $channel)"

static const char sums[] =
	"SELECT day, workflow, step, variant, channel, provider, country,"
	" counted, SUM(n) AS n, SUM(segments) AS segments,"
	" SUM(cost_micros) AS cost_micros, SUM(aimed) AS aimed FROM (SELECT" TOLD_APART
	"  CASE WHEN ($by & 8) <> 0 THEN variant ELSE '' END AS variant,"
	"  CASE WHEN ($by & 32) <> 0 THEN provider ELSE '' END AS provider,"
	"  CASE WHEN ($by & 64) <> 0 THEN country ELSE '' END AS country,"
	"  counted, n, segments, cost_micros, aimed FROM counters" AS_ASKED
	" AND c.counted BETWEEN $least AND $most) AS told"
	" GROUP BY day, workflow, step, variant, channel, provider, country,"
	" counted ORDER BY day, workflow, step, variant, channel, provider,"
	" country, counted";

/* The sums of what is counted as @least to @most. */
static gboolean each_sum(JrDb *db, const JrReportQuery *query, guint least,
			 guint most, JrCounterFn each, gpointer user,
			 GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, sums, error);

	if (!st)
		return FALSE;
	bind_query(st, query);
	jr_stmt_set_int(st, "least", least);
	jr_stmt_set_int(st, "most", most);
	return each_counter(st, (JrCounter){ 0 }, each, user, error);
}

gboolean jr_report_counters(JrDb *db, const JrReportQuery *query,
			    JrCounterFn each, gpointer user, GError **error)
{
	return each_sum(db, query, 0, JR_COUNT_ACTIVE - 1, each, user, error);
}

gboolean jr_report_active(JrDb *db, const JrReportQuery *query,
			  JrCounterFn each, gpointer user, GError **error)
{
	JrReportQuery runs = *query;

	runs.channel = 0; /* they have none */
	return each_sum(db, &runs, JR_COUNT_ACTIVE, JR_COUNT_ACTIVE_GOAL, each,
			user, error);
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

	if (!st || !jr_counters_settle(db, error))
		return FALSE;
	jr_stmt_set_int(st, "from", from_day);
	jr_stmt_set_text(st, "workflow", workflow);
	jr_stmt_set_int(st, "channel", channel);
	return jr_stmt_read_one(st, spent_fields, spent, NULL, &row, error);
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

static const JrField latency_fields[] = {
	JR_INT64(JrLatency, day),
	JR_TEXT(JrLatency, workflow),
	JR_TEXT(JrLatency, step),
	JR_INT(JrLatency, channel),
	JR_INT64(JrLatency, took_s),
	JR_INT64(JrLatency, n),
	JR_FIELD_END,
};

static const char latencies[] =
	"SELECT /* all */" TOLD_APART " took_s, n FROM latencies" AS_ASKED;

gboolean jr_report_latency(JrDb *db, const JrReportQuery *query,
			   JrLatencyFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, latencies, error);
	JrLatency latency;
	gboolean row;

	if (!st)
		return FALSE;
	bind_query(st, query);
	do {
		if (!jr_stmt_read_one(st, latency_fields, &latency, NULL, &row,
				      error))
			return FALSE;
	} while (row && each(&latency, user));
	return TRUE;
}

static const JrField verdict_fields[] = {
	JR_INT64(JrVerdictCount, day), JR_TEXT(JrVerdictCount, workflow),
	JR_TEXT(JrVerdictCount, step), JR_INT(JrVerdictCount, channel),
	JR_TEXT(JrVerdictCount, gate), JR_TEXT(JrVerdictCount, verdict),
	JR_INT64(JrVerdictCount, n),   JR_FIELD_END,
};

static const char verdicts[] =
	"SELECT day, workflow, step, channel, gate, verdict, SUM(n) AS n"
	" FROM (SELECT" TOLD_APART "  gate, verdict, n FROM verdicts" AS_ASKED
	") AS told GROUP BY day, workflow, step, channel, gate, verdict"
	" ORDER BY day, workflow, step, channel, gate, verdict";

gboolean jr_report_verdicts(JrDb *db, const JrReportQuery *query,
			    JrVerdictCountFn each, gpointer user,
			    GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, verdicts, error);
	JrVerdictCount verdict;
	gboolean row;

	if (!st)
		return FALSE;
	bind_query(st, query);
	do {
		if (!jr_stmt_read_one(st, verdict_fields, &verdict, NULL, &row,
				      error))
			return FALSE;
	} while (row && each(&verdict, user));
	return TRUE;
}

gboolean jr_report_reasons(JrDb *db, const JrReportQuery *query, guint limit,
			   JrReasonFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT workflow, gate, reason, channel FROM decisions"
		" WHERE at_s >= $from AND at_s < $until AND reason IS NOT NULL"
		" AND workflow IS NOT NULL AND gate IS NOT NULL"
		" ORDER BY at_s DESC, decision DESC LIMIT $limit",
		error);
	gboolean row;
	gsize len;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "from", query->from_day * 86400);
	jr_stmt_set_int(st, "until",
			query->until_day ? (query->until_day + 1) * 86400
					 : G_MAXINT64);
	jr_stmt_set_int(st, "limit", limit);
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		if (query->channel && jr_stmt_int(st, 3) != query->channel)
			continue;
		if (!each(jr_stmt_text(st, 0, &len), jr_stmt_text(st, 1, &len),
			  jr_stmt_text(st, 2, &len), user))
			return TRUE;
	}
	return FALSE;
}
