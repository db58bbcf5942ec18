/*
 * recount.c - counting anew what was counted along the way.
 *
 * A message counts on the day of its metric "sent"; a journey, with all that
 * becomes of it, on the day on which it began.
 */
#include "store/counters.h"
#include "store/paths.h"
#include "store/stmt.h"

#define COUNTERS                                                               \
	"INSERT /* all */ INTO counters (day, workflow, step, variant,"        \
	" channel, provider, country, counted, n, segments, cost_micros,"      \
	" aimed)"
#define JOURNEYS(counted, aimed, where)                                        \
	COUNTERS " SELECT e.entered_s / 86400, e.workflow, '', '', 0, '', ''," \
		 " " counted ", COUNT(*), 0, 0, " aimed " FROM enrolments e"   \
		 " LEFT JOIN versions v ON v.hash = e.version"                 \
		 " WHERE " where " GROUP BY 1, 2"

static const char *const recounts[] = {
	"DELETE /* all */ FROM counters",
	COUNTERS
	" SELECT t.day, m.workflow, COALESCE(m.step, ''),"
	" COALESCE(m.variant, ''), m.channel, COALESCE(t.provider, ''),"
	" COALESCE(t.country, ''), t.metric, COUNT(*),"
	" SUM(CASE WHEN t.metric = 1 THEN m.segments ELSE 0 END),"
	" SUM(CASE WHEN t.metric = 1 THEN m.cost_micros ELSE 0 END),"
	" SUM(CASE WHEN t.metric = 1 AND v.aims = 1 THEN 1 ELSE 0 END)"
	" FROM metrics t JOIN messages m ON m.message_row = t.message_row"
	" LEFT JOIN versions v ON v.hash = m.version"
	" WHERE t.first = 1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8",
	JOURNEYS("32",
		 "SUM(CASE WHEN e.goal_s > 0 OR v.aims = 1 THEN 1 ELSE 0 END)",
		 "e.state > 0"),
	JOURNEYS("33", "0", "e.state = 2"),
	JOURNEYS("34", "0", "e.goal_s > 0"),
	JOURNEYS("35", "0", "e.state = 4"),
	COUNTERS
	" SELECT e.entered_s / 86400, e.workflow, COALESCE(e.step, ''), '', 0,"
	" '', '', CASE WHEN e.goal_s > 0 THEN 50 WHEN v.aims = 1 THEN 49"
	" ELSE 48 END, COUNT(*), 0, 0, 0 FROM enrolments e"
	" LEFT JOIN versions v ON v.hash = e.version WHERE e.state = 1"
	" GROUP BY 1, 2, 3, 8",
	"DELETE /* all */ FROM last_clicks",
	"INSERT /* all */ INTO last_clicks (person, channel, at_s)"
	" SELECT t.person, m.channel, MAX(t.at_s) FROM metrics t"
	" JOIN messages m ON m.message_row = t.message_row"
	" WHERE t.metric = 4 GROUP BY 1, 2",
	"DELETE /* all */ FROM verdicts",
	/* Of what an erasure took away nothing is known any more. */
	"INSERT /* all */ INTO verdicts SELECT at_s / 86400,"
	" COALESCE(workflow, ''), COALESCE(step, ''), channel,"
	" COALESCE(gate, ''), COALESCE(verdict, ''), COUNT(*)"
	" FROM decisions GROUP BY 1, 2, 3, 4, 5, 6",
	"DELETE /* all */ FROM latencies",
	/* As jr_latency_round() does. */
	"INSERT /* all */ INTO latencies SELECT day, workflow, step, channel,"
	" CASE WHEN took <= 0 THEN 0 WHEN took <= 60 THEN took"
	"  WHEN took <= 600 THEN (took + 9) / 10 * 10"
	"  WHEN took <= 3600 THEN (took + 59) / 60 * 60"
	"  WHEN took <= 86400 THEN (took + 599) / 600 * 600"
	"  ELSE (took + 3599) / 3600 * 3600 END, COUNT(*) FROM (SELECT t.day"
	" AS day, m.workflow AS workflow, COALESCE(m.step, '') AS step,"
	" m.channel AS channel, m.accepted_s - m.trigger_s AS took"
	" FROM metrics t JOIN messages m ON m.message_row = t.message_row"
	" WHERE t.metric = 1 AND t.first = 1 AND m.trigger_s > 0) AS each_one"
	" GROUP BY 1, 2, 3, 4, 5",
};

/* Each step that each run came to. */
static gboolean recount_paths(JrDb *db, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT /* all */ entered_s, workflow, path FROM enrolments"
		" WHERE path IS NOT NULL",
		error);
	gboolean row;
	gsize len;

	if (!st)
		return FALSE;
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		const JrCounter run = { .day = jr_day_of(jr_stmt_int(st, 0)),
					.workflow = jr_stmt_text(st, 1, &len) };

		jr_path_count(db, &run, jr_stmt_text(st, 2, &len), 0);
	}
	return FALSE;
}

gboolean jr_report_recount(JrDb *db, GError **error)
{
	jr_counters_drop(db); /* it is in the rows */
	for (guint i = 0; i < G_N_ELEMENTS(recounts); i++) {
		g_autoptr(JrStmt) st = jr_db_stmt(db, recounts[i], error);

		if (!st || !jr_stmt_run(st, error))
			return FALSE;
	}
	return recount_paths(db, error) && jr_counters_flush(db, error);
}
