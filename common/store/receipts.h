/*
 * receipts.h - what is heard of a message after it left: delivered, opened,
 * clicked, converted, replied; the short links; and counters by day.
 */
#pragma once

#include "base/terms.h"
#include "store/db.h"

typedef struct {
	const char *message; /* id */
	gint64 device;	     /* 0: not a push, or not said */
	JrMetric metric;
	gint64 at_s;
	gint64 seq; /* the log row it came with; 0: none */
	/* What it says beside the metric; NULL and -1: nothing. */
	const char *code, *reason;
	gint64 cost_micros;
	const char *currency;
	gint64 segments;
	const char *provider_id; /* theirs, for a message that has none yet */
} JrReceipt;

/*
 * Take a receipt: the metric is kept once for a message and device (*@fresh:
 * this was the first), counted in the report, and brings the message's state
 * forward, never back: "delivered" to delivered; "bounced", "undeliverable"
 * and "failed" to failed unless it is delivered (of one device among several
 * they say nothing of the message); "sent", and whatever can only happen to
 * what left, at least to accepted, and it counts as sent then.  Price and
 * segments replace the estimate.  *@fresh is FALSE, and nothing changed, for a
 * message that is not known or was never offered.
 */
gboolean jr_receipt_add(JrDb *db, const JrReceipt *receipt, gboolean *fresh,
			GError **error);

/* What happened to one person's messages; NULL and 0 restrict nothing. */
typedef struct {
	gint64 person;
	JrMetric metric; /* must be given */
	const char *workflow, *step;
	JrChannel channel;
	gint64 from_s, until_s; /* both inclusive */
	gint64 enrolment;
	gboolean oldest_first; /* else newest; of one second, as planned */
} JrMetricQuery;

typedef gboolean (*JrMetricFn)(gint64 at_s, const char *message, gpointer user);

/* Show @each when it happened, and to which message, until it returns FALSE. */
gboolean jr_metrics_each(JrDb *db, const JrMetricQuery *query, JrMetricFn each,
			 gpointer user, GError **error);

/* A short link in one message. */
typedef struct {
	const char *token;
	const char *message;
	const char *url;	     /* where it leads */
	gint64 created_s, expires_s; /* expires 0: never */
} JrLink;

/* Keep @link; one with its token stays as it is and *@fresh is FALSE. */
gboolean jr_link_put(JrDb *db, const JrLink *link, gboolean *fresh,
		     GError **error);
gboolean jr_link_get(JrDb *db, const char *token, JrArena *arena, JrLink *link,
		     gboolean *found, GError **error);

typedef gboolean (*JrLinkFn)(const JrLink *link, gpointer user);
/* Show @each all that lead anywhere at @now_s, by token. */
gboolean jr_links_each(JrDb *db, gint64 now_s, JrLinkFn each, gpointer user,
		       GError **error);

typedef struct {
	const char *token;
	gint64 at_s;
	const char *agent; /* user agent, or NULL */
	gboolean bot;	   /* a preview, not a person */
	gint64 seq;	   /* the log row it came with; 0: none */
} JrClick;

/*
 * Keep a click.  A person's first on a message is its metric "clicked", in the
 * same step.  *@message is its id, or NULL, and nothing kept, when there is no
 * such link; *@first says whether the metric is new.
 */
gboolean jr_click_add(JrDb *db, const JrClick *click, JrArena *arena,
		      char **message, gboolean *first, GError **error);
