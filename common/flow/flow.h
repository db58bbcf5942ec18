/*
 * flow.h - what every use case works with, and what it leaves behind.
 *
 * A command opens a JrFlow, calls the use cases of its header, and closes it:
 * opening reads the configuration and the state and begins a row in `runs`,
 * closing ends that row with the exit code and the counts.
 */
#pragma once

#include "base/clock.h"
#include "io/cli.h"
#include "io/config.h"
#include "io/ndjson.h"
#include "rules/policy.h"
#include "store/db.h"

/* What expressions asked of the store and may ask again (facts_store.h). */
typedef struct _JrFactCache JrFactCache;

typedef struct {
	const char *command; /* "jr-ingest" */
	JrClock clock;	     /* the system's, or --now */
	const JrConfig *config;
	const JrPolicy *policy;
	JrZones *zones;
	int cache_mib; /* of the state's pages; 0: as many as most want */
	JrDb *db;
	JrFactCache *facts;
	JrWriter *out;	    /* records go here after the commit; NULL: none */
	GHashTable *counts; /* name to gint64, see jr_flow_count() */
	gboolean (*stop)(void); /* whether to end soon, in good order */
	gboolean dry_run;	/* nothing is written to the store */
	gint64 run;		/* its row in `runs`; 0: it has none */
	char *note;		/* for that row; owned; or NULL */
} JrFlow;

/* What a command does with the state; 0 is what most do. */
typedef enum {
	JR_FLOW_WRITES,	   /* made when it is not there; a row in `runs` */
	JR_FLOW_DRY_RUN,   /* must be there, is not written; dry_run is set */
	JR_FLOW_REHEARSES, /* the same, but its transactions are begun, and
			    * rolled back */
	JR_FLOW_READS,	   /* must be there, is not written */
	JR_FLOW_LOOKS,	   /* the same, when it is there; else db is NULL */
	JR_FLOW_STATELESS, /* no state at all: db is NULL */
} JrFlowWay;

/*
 * Open @flow, which is zeroed, for the command of @cli, whose options are
 * parsed; records go to stdout, and what is wrong in a file of segments or
 * workflows is shown by @cli in its place.  FALSE and JR_ERROR_CONFIG,
 * JR_ERROR_IO or JR_ERROR_BUSY; jr_flow_close() is due in either case.
 */
gboolean jr_flow_open(JrFlow *flow, JrCli *cli, JrFlowWay way, GError **error);

/*
 * End the row of this run with @exit_code, and free all.  FALSE and an error
 * when the row could not be written.
 */
gboolean jr_flow_close(JrFlow *flow, int exit_code, GError **error);

/* Now, in seconds since 1970 UTC. */
gint64 jr_flow_now(const JrFlow *flow);

/*
 * Add @n to the count @name, a literal in the field's words ("accepted",
 * "duplicate", "rejected", "offered"): it goes into the row of this run unless
 * it comes back to 0.
 */
void jr_flow_count(JrFlow *flow, const char *name, gint64 n);

/* "12 accepted, 1 rejected", for whoever watches; "nothing to do".  Owned. */
char *jr_flow_summary(const JrFlow *flow);

/* Text to be known of this run, beside its counts: added to its note. */
void jr_flow_note(JrFlow *flow, const char *text);
