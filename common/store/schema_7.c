/*
 * schema_7.c - what version 7 adds: which versions of workflows have a goal,
 * how much of what was counted belongs to them, and the steps that each run
 * came to, which were among the other things it remembers.
 *
 * Of a version that is kept, its text says whether it has a goal.  The steps of
 * runs that are over are not counted any more; those of others are when they go
 * on.
 */
#include "store/schema.h"

#define COUNTERS                                                               \
	"INSERT /* all */ INTO counters (day, workflow, step, variant,"        \
	" channel, provider, country, counted, n, segments, cost_micros,"      \
	" aimed)"
#define TAKE_AIMED                                                             \
	" ON CONFLICT (day, workflow, step, variant, channel, provider,"       \
	" country, counted) DO UPDATE SET aimed = excluded.aimed"

const char *const jr_schema_7[] = {
	"ALTER TABLE versions ADD COLUMN aims SMALLINT NOT NULL DEFAULT 0",
	"UPDATE versions SET aims = 1 WHERE text LIKE 'goal:%'"
	" OR text LIKE '%\ngoal:%' OR text LIKE '{%goal%'",
	"ALTER TABLE enrolments ADD COLUMN path TEXT",
	"ALTER TABLE counters ADD COLUMN aimed BIGINT NOT NULL DEFAULT 0",
	COUNTERS
	" SELECT entered_s / 86400, workflow, '', '', 0, '', '', 32, 0, 0, 0,"
	" COUNT(*) FROM enrolments WHERE goal_s > 0 OR version IN"
	" (SELECT hash FROM versions WHERE aims = 1) GROUP BY 1, 2" TAKE_AIMED,
	COUNTERS
	" SELECT t.day, m.workflow, COALESCE(m.step, ''),"
	" COALESCE(m.variant, ''), m.channel, COALESCE(t.provider, ''),"
	" COALESCE(t.country, ''), 1, 0, 0, 0, COUNT(*) FROM metrics t"
	" JOIN messages m ON m.id = t.message WHERE t.metric = 1"
	" AND t.first = 1 AND m.version IN"
	" (SELECT hash FROM versions WHERE aims = 1)"
	" GROUP BY 1, 2, 3, 4, 5, 6, 7" TAKE_AIMED,
	NULL,
};
