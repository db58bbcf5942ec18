/*
 * report.h - numbers for reports, from counters kept by day as things happen.
 *
 * A message counts on the UTC day on which it was accepted (or, never
 * accepted, failed), whatever day its receipts come in: so of a day's sends
 * never more are delivered than were sent.  A journey counts, with all that
 * becomes of it and each step that it comes to, on the day on which it began:
 * so of those who entered on a day never more reach the goal, or a step, than
 * entered.  A decision counts on its day.
 *
 * A run has a goal to reach when the version of the workflow that it goes by
 * has one (JrVersion), or when it reached one by an earlier version; a message,
 * when its version has one.
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
	JR_COUNT_CAME,	 /* came to the step, and was not passed over there */
	JR_COUNT_WENT,	 /* left the step by one of its ways, named as variant;
			  * JR_PATH_OVER: was passed over */
	/* How many there are now, not how often: jr_report_active()'s. */
	JR_COUNT_ACTIVE = 48, /* on the way, and there is no goal */
	JR_COUNT_ACTIVE_AIMS, /* on the way, the goal not reached */
	JR_COUNT_ACTIVE_GOAL, /* on the way, the goal reached */
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
	gint64 aimed; /* of "sent" and "entered": those with a goal to reach */
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

/* Show @each the sums, ordered by all that is told apart; what
 * jr_report_active() says is none of them. */
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

/*
 * How many live runs there are, by the day on which they began, workflow and
 * step as query->by says; shown as counters of JR_COUNT_ACTIVE, _AIMS and
 * _GOAL.  A channel restricts nothing.
 */
gboolean jr_report_active(JrDb *db, const JrReportQuery *query,
			  JrCounterFn each, gpointer user, GError **error);

/* How many messages are in which state now, of the states that something or
 * someone still must clear: planned, offered, claimed, waiting, unknown. */
typedef gboolean (*JrStatesFn)(const char *workflow, JrChannel channel,
			       JrMessageState state, gint64 n, gpointer user);
gboolean jr_report_states(JrDb *db, JrStatesFn each, gpointer user,
			  GError **error);

/*
 * How many messages took how long, from what triggered the journey to the
 * hand-over: rounded up as jr_latency_round() does.  Told apart by day,
 * workflow, step and channel; in no order, and the same may come more than
 * once: there are too many to sort them while someone waits, and they come to
 * few.
 */
typedef struct {
	gint64 day;
	const char *workflow, *step;
	JrChannel channel;
	gint64 took_s, n;
} JrLatency;
typedef gboolean (*JrLatencyFn)(const JrLatency *latency, gpointer user);
gboolean jr_report_latency(JrDb *db, const JrReportQuery *query,
			   JrLatencyFn each, gpointer user, GError **error);

/* What gates said, told apart by day, workflow, step and channel. */
typedef struct {
	gint64 day;
	const char *workflow, *step;
	JrChannel channel;
	const char *gate, *verdict; /* "cap"; "later" or "no" */
	gint64 n;
} JrVerdictCount;
typedef gboolean (*JrVerdictCountFn)(const JrVerdictCount *verdict,
				     gpointer user);
gboolean jr_report_verdicts(JrDb *db, const JrReportQuery *query,
			    JrVerdictCountFn each, gpointer user,
			    GError **error);

/* The reasons of those among the newest @limit decisions on the days of @query
 * that are of its channel, newest first: for examples. */
typedef gboolean (*JrReasonFn)(const char *workflow, const char *gate,
			       const char *reason, gpointer user);
gboolean jr_report_reasons(JrDb *db, const JrReportQuery *query, guint limit,
			   JrReasonFn each, gpointer user, GError **error);

/* Count all anew from messages, metrics, journeys and decisions, and find the
 * last clicks, into the same rows: for tests that counting along the way is
 * right, and after repairs. */
gboolean jr_report_recount(JrDb *db, GError **error);
