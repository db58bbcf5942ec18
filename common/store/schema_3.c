/*
 * schema_3.c - what version 3 adds: sums by day of what reports would otherwise
 * count from every row, and journeys counted on the day they began.
 *
 *   question                                     answered by
 *   what gates said, by day                      verdicts (day, ...)
 *   how long messages took, by day               latencies (day, ...)
 */
#include "store/schema.h"

#define JOURNEYS(counted, where)                                               \
	"INSERT /* all */ INTO counters SELECT entered_s / 86400, workflow,"   \
	" '', '', 0, '', '', " counted ", COUNT(*), 0, 0 FROM enrolments"      \
	" WHERE " where " GROUP BY 1, 2"

const char *const jr_schema_3[] = {
	"ALTER TABLE decisions ADD COLUMN channel SMALLINT NOT NULL DEFAULT 0",
	"UPDATE decisions SET channel = COALESCE((SELECT m.channel"
	" FROM messages m WHERE m.id = decisions.message), 0)",
	"CREATE TABLE verdicts (day BIGINT NOT NULL, workflow TEXT NOT NULL,"
	" step TEXT NOT NULL, channel SMALLINT NOT NULL, gate TEXT NOT NULL,"
	" verdict TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (day,"
	" workflow, step, channel, gate, verdict)) $CLUSTERED",
	"CREATE TABLE latencies (day BIGINT NOT NULL, workflow TEXT NOT NULL,"
	" step TEXT NOT NULL, channel SMALLINT NOT NULL,"
	" took_s BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (day,"
	" workflow, step, channel, took_s)) $CLUSTERED",
	"INSERT /* all */ INTO verdicts SELECT at_s / 86400,"
	" COALESCE(workflow, ''), COALESCE(step, ''), channel,"
	" COALESCE(gate, ''), COALESCE(verdict, ''), COUNT(*)"
	" FROM decisions GROUP BY 1, 2, 3, 4, 5, 6",
	"INSERT /* all */ INTO latencies SELECT day, workflow, step, channel,"
	" CASE WHEN took <= 0 THEN 0 WHEN took <= 60 THEN took"
	"  WHEN took <= 600 THEN (took + 9) / 10 * 10"
	"  WHEN took <= 3600 THEN (took + 59) / 60 * 60"
	"  WHEN took <= 86400 THEN (took + 599) / 600 * 600"
	"  ELSE (took + 3599) / 3600 * 3600 END, COUNT(*) FROM (SELECT t.day"
	" AS day, m.workflow AS workflow, COALESCE(m.step, '') AS step,"
	" m.channel AS channel, m.accepted_s - m.trigger_s AS took"
	" FROM metrics t JOIN messages m ON m.id = t.message"
	" WHERE t.metric = 1 AND t.first = 1 AND m.trigger_s > 0) AS each_one"
	" GROUP BY 1, 2, 3, 4, 5",
	"DELETE /* all */ FROM counters WHERE counted >= 32",
	JOURNEYS("32", "state > 0"),
	JOURNEYS("33", "state = 2"),
	JOURNEYS("34", "goal_s > 0"),
	JOURNEYS("35", "state = 4"),
	NULL,
};
