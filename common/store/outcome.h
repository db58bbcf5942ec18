/*
 * outcome.h - message by message: what was handed over, and what a gate said
 * against it; and when anything falls due next.
 */
#pragma once

#include "base/terms.h"
#include "store/db.h"

typedef struct {
	gint64 at_s;
	const char *message;  /* its id */
	const char *workflow; /* and step */
	const char *step;
	JrChannel channel;
	const char *person; /* as records name them */
	gint64 segments, cost_micros;
	const char *gate, *verdict; /* of a decision; else NULL */
} JrOutcome;

typedef struct {
	gint64 from_s, until_s; /* both inclusive */
} JrOutcomeQuery;

/* FALSE ends the walk. */
typedef gboolean (*JrOutcomeFn)(const JrOutcome *outcome, gpointer user);

/* Show @each the messages accepted within @query, in order of time. */
gboolean jr_outcomes_sent(JrDb *db, const JrOutcomeQuery *query,
			  JrOutcomeFn each, gpointer user, GError **error);

/* Show @each the decisions about messages within @query, in order of time. */
gboolean jr_outcomes_decided(JrDb *db, const JrOutcomeQuery *query,
			     JrOutcomeFn each, gpointer user, GError **error);

/* The first instants, past ones too; G_MAXINT64: never. */
typedef struct {
	gint64 segments_s; /* somebody is to be looked at for segments */
	gint64 journeys_s; /* a timer rings, or a run or a message that is
			    * open falls due */
} JrNext;

gboolean jr_outcome_next(JrDb *db, JrNext *next, GError **error);
