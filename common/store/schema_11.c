/*
 * schema_11.c - what version 11 adds: how many runs are on the way, and at
 * which step, among the counters: kept as they go, so that nobody has to look
 * at each of them to say it.
 *
 * A run counts as 50 when its goal is reached, as 49 when it has one to reach,
 * and as 48 otherwise: JR_COUNT_ACTIVE... of report.h.
 */
#include "store/schema.h"

const char *const jr_schema_11[] = {
	"INSERT /* all */ INTO counters (day, workflow, step, variant,"
	" channel, provider, country, counted, n, segments, cost_micros,"
	" aimed) SELECT e.entered_s / 86400, e.workflow, COALESCE(e.step, ''),"
	" '', 0, '', '', CASE WHEN e.goal_s > 0 THEN 50 WHEN v.aims = 1"
	" THEN 49 ELSE 48 END, COUNT(*), 0, 0, 0 FROM enrolments e"
	" LEFT JOIN versions v ON v.hash = e.version WHERE e.state = 1"
	" GROUP BY 1, 2, 3, 8",
	NULL,
};
