/*
 * simulate.h - what would have been: stored history once more, in virtual time,
 * through the same engine, touching nothing.
 *
 * A world is made: an empty state of its own, and a clock that we turn.  What
 * people told us is taken in when it happened, segments and journeys tick as
 * cron would have them, and every message offered counts as accepted.  Between
 * instants at which something comes in or falls due the clock jumps.  The real
 * state is read only, and as it was when the simulation began.
 */
#pragma once

#include "flow/flow.h"
#include "flow/table/table.h"

typedef struct {
	gint64 from_s, until_s; /* what is counted: from inclusive */
	gint64 warm_up_s;	/* how long before from it begins, for caps and
				 * those on the way */
	gint64 every_s;		/* from one tick of cron to the next */
	gboolean plodding;	/* stop at each tick of cron, whether anything
				 * is due or not: the same comes of it, late */
	const char *against;	/* folder with another version of the files: of
				 * workflows, or with a folder of that name and
				 * perhaps snippets and segments.yaml; NULL */
	/* Told now and then, at the begin and at the end of each run, how far
	 * it is, in [0, 1], of which run (from 1) of how many; or NULL. */
	void (*progress)(gpointer user, gint64 at_s, double done, guint run,
			 guint runs);
	gpointer user;
} JrSimulateAsk;

/*
 * Simulate, and make the table of it: a row for each day (UTC), channel and
 * workflow, then sums.  Owned.  NULL and
 *   JR_ERROR_CONFIG: a workflow or segment file is wrong, or cannot be read;
 *   JR_ERROR_BUSY: flow->stop() asked to end;
 *   JR_ERROR_IO.
 */
JrTable *jr_simulate(JrFlow *flow, const JrSimulateAsk *ask, GError **error);

/* The same as it is asked for on a command line; NULL: not said. */
typedef struct {
	char *from;    /* "2026-01-01", or "90d" ago */
	char *until;   /* likewise; NULL: now */
	char *warm_up; /* "30d" */
	char *every;   /* "1m" */
	char *against; /* a folder */
	char *form;    /* "table", "ndjson", "csv" */
} JrSimulateWords;

/*
 * Simulate as @words say, @ask says where to tell of progress (the rest of it
 * is filled), and write the table to flow->out.  FALSE as jr_simulate(), and
 * JR_ERROR_USAGE.
 */
gboolean jr_simulate_words(JrFlow *flow, const JrSimulateWords *words,
			   JrSimulateAsk *ask, GError **error);

/* Free its texts. */
void jr_simulate_words_clear(JrSimulateWords *words);
