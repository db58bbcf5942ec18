/*
 * facts.h - what an expression may ask about a person.
 *
 * The language is pure: it asks through this table of functions, and whoever
 * evaluates fills it, from the store or from a test's own data.
 */
#pragma once

#include "base/val.h"
#include "base/zone.h"

/* One event, as it is shown to a condition.  Borrowed during the call. */
typedef struct {
	gint64 at_s;
	const JrVal *data; /* its properties, a map; NULL when not asked for */
} JrFactEvent;

/* TRUE to be shown the next one. */
typedef gboolean (*JrFactEventFn)(const JrFactEvent *event, gpointer user);

typedef struct {
	const char *name;	/* exact name, or NULL with @prefix */
	const char *prefix;	/* names that begin so (all: ""), or NULL */
	gint64 from_s, until_s; /* both inclusive; 0 and G_MAXINT64: all */
	gboolean newest_first;	/* else oldest first; ties by arrival */
	gboolean with_data;	/* whether the condition looks at properties */
} JrFactEventQuery;

/* What happened to messages: only fields that are not NULL restrict. */
typedef struct {
	const char *metric;	/* a word of jr_metric_name(); never NULL */
	const char *workflow;	/* name */
	const char *step;	/* its id in the workflow */
	const char *channel;	/* a word of jr_channel_name() */
	gint64 from_s, until_s; /* as above */
} JrFactMessageQuery;

/*
 * Each may fail (FALSE, error set) when the store does.  A source that cannot
 * answer a question leaves its function NULL: then evaluation fails with
 * JR_ERROR_CONFIG that says so.
 *
 * An event may lie in the future (clocks of apps are wrong): it is asked for
 * and shown like any other, and counts when its time has come.
 */
typedef struct {
	/*
	 * Show the events of @query to @each until it has enough.  @each may
	 * itself ask for events, one level deep ("followed by"), and what it
	 * was shown must outlive that.
	 */
	gboolean (*events)(gpointer data, const JrFactEventQuery *query,
			   JrFactEventFn each, gpointer user, GError **error);
	/* When each such thing happened, newest first, to @each; no data. */
	gboolean (*messages)(gpointer data, const JrFactMessageQuery *query,
			     JrFactEventFn each, gpointer user, GError **error);
	gboolean (*in_segment)(gpointer data, const char *segment,
			       gboolean *yes, GError **error);
	/* Live devices: "any", "ios", "android", "web". */
	gboolean (*has_device)(gpointer data, const char *platform,
			       gboolean *yes, GError **error);
	/* Whether topic (or channel) is subscribed; default when never set. */
	gboolean (*subscribed)(gpointer data, const char *topic_or_channel,
			       gboolean *yes, GError **error);
} JrFactSource;

typedef struct {
	const char *person_id; /* "id", and for stable buckets; NULL: nobody */
	const JrVal *person;   /* attributes, a map */
	const JrVal *event;    /* the event at hand, or NULL */
	gint64 now_s;
	JrZone *zone;		    /* the person's, or the default; not NULL */
	const JrFactSource *source; /* NULL: attributes only */
	gpointer data;		    /* first argument of @source's functions */
	const JrVal *trigger;	    /* the event that started the journey;
				     * NULL: the event at hand did */
	gint64 event_at_s;	    /* when @event happened; 0: not known */
	gint64 trigger_at_s;	    /* when @trigger happened; 0: not known */
} JrFacts;
