/*
 * flow.h - what every use case works with, and what it leaves behind.
 *
 * A command opens a JrFlow, calls the use cases of its header, and closes it:
 * opening reads the configuration and the state and begins a row in `runs`,
 * closing ends that row with the exit code and the counts.
 */
#pragma once

#include "base/clock.h"
#include "io/config.h"
#include "io/ndjson.h"
#include "rules/policy.h"
#include "store/db.h"

typedef struct {
	const char *command; /* "jr-ingest" */
	JrClock clock;	     /* the system's, or --now */
	const JrConfig *config;
	const JrPolicy *policy;
	JrZones *zones;
	JrDb *db;
	JrWriter *out;	    /* records go here after the commit; NULL: none */
	GHashTable *counts; /* name to gint64, see jr_flow_count() */
	gboolean (*stop)(void); /* whether to end soon, in good order */
	gboolean dry_run;	/* nothing is written to the store */
} JrFlow;

/* Now, in seconds since 1970 UTC. */
gint64 jr_flow_now(const JrFlow *flow);

/*
 * Add @n to the count @name, a literal in the field's words ("accepted",
 * "duplicate", "rejected", "offered"): it goes into the row of this run, and is
 * told on stderr at the end on a terminal.
 */
void jr_flow_count(JrFlow *flow, const char *name, gint64 n);
