/*
 * schema_3.c - what version 3 adds: sums by day of what reports would otherwise
 * count from every row, and journeys counted on the day they began.
 *
 *   question                                     answered by
 *   what gates said, by day                      verdicts (day, ...)
 *   how long messages took, by day               latencies (day, ...)
 */
#include "store/schema.h"
#include "store/sums.h"

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
	JR_SUM_VERDICTS,
	JR_SUM_LATENCIES,
	"DELETE /* all */ FROM counters WHERE counted >= 32",
	JR_SUM_ENTERED,
	JR_SUM_DONE,
	JR_SUM_GOAL,
	JR_SUM_EXITED,
	NULL,
};
