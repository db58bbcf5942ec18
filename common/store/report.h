/*
 * report.h - numbers for reports, from counters kept by day as things happen.
 *
 * A message counts on the UTC day on which it was accepted (or, never
 * accepted, failed), whatever day its receipts come in: so of a day's sends
 * never more are delivered than were sent.  A journey counts on the day of
 * what is counted.
 */
#pragma once

#include "base/terms.h"
#include "store/db.h"

/* What is counted: a JrMetric, or one of these.  Stored: add at the end. */
typedef enum {
	JR_COUNT_ENTERED = 32,
	JR_COUNT_DONE,
	JR_COUNT_GOAL,	 /* reached the goal, on the way or in its window */
	JR_COUNT_EXITED, /* left before the end, without the goal */
} JrCount;

/* One counter; texts are "" where they do not apply. */
typedef struct {
	gint64 day; /* days since 1970-01-01, UTC */
	const char *workflow, *step, *variant;
	JrChannel channel; /* 0: a journey's */
	const char *provider, *country;
	guint counted;	    /* JrMetric or JrCount */
	gint64 n;	    /* messages (push: not devices), or people */
	gint64 segments;    /* of "sent": SMS parts */
	gint64 cost_micros; /* of "sent" */
} JrCounter;

enum { /* by what to tell apart; what is not named is summed up */
       JR_BY_DAY = 1,
       JR_BY_WORKFLOW = 2,
       JR_BY_STEP = 4,
       JR_BY_VARIANT = 8,
       JR_BY_CHANNEL = 16,
       JR_BY_PROVIDER = 32,
       JR_BY_COUNTRY = 64,
};

typedef struct {
	gint64 from_day, until_day; /* both inclusive; until 0: no end */
	const char *workflow;	    /* NULL: all */
	JrChannel channel;	    /* 0: all, and journeys */
	guint by;		    /* bits; what is counted always is one */
} JrReportQuery;

typedef gboolean (*JrCounterFn)(const JrCounter *counter, gpointer user);

/* Show @each the sums, ordered by all that is told apart. */
gboolean jr_report_counters(JrDb *db, const JrReportQuery *query,
			    JrCounterFn each, gpointer user, GError **error);

/*
 * What was sent since @from_day, with what it cost: the budget's and brake's
 * question, cheap enough for every tick.  @workflow NULL: all; @channel 0: all.
 */
typedef struct {
	gint64 sent, unsubscribed, segments, cost_micros;
} JrSpent;
gboolean jr_report_spent(JrDb *db, const char *workflow, JrChannel channel,
			 gint64 from_day, JrSpent *spent, GError **error);

/* How many live runs a workflow has, by step. */
typedef gboolean (*JrActiveFn)(const char *workflow, const char *step, gint64 n,
			       gpointer user);
gboolean jr_report_active(JrDb *db, JrActiveFn each, gpointer user,
			  GError **error);

/* How many messages are in which state now, of the states that something or
 * someone still must clear: planned, offered, claimed, waiting, unknown. */
typedef gboolean (*JrStatesFn)(const char *workflow, JrChannel channel,
			       JrMessageState state, gint64 n, gpointer user);
gboolean jr_report_states(JrDb *db, JrStatesFn each, gpointer user,
			  GError **error);

/* From what triggered it to the hand-over, for each message accepted. */
typedef gboolean (*JrLatencyFn)(const char *workflow, const char *step,
				gint64 trigger_s, gint64 accepted_s,
				gpointer user);
gboolean jr_report_latency(JrDb *db, gint64 from_s, gint64 until_s,
			   JrLatencyFn each, gpointer user, GError **error);

/* Count all anew from messages, metrics and journeys, into the same rows: for
 * tests that counting along the way is right, and after repairs. */
gboolean jr_report_recount(JrDb *db, GError **error);
