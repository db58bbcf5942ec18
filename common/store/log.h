/*
 * log.h - the one ordered log of all that came in, and cursors over it.
 *
 * Every accepted record, and what jr itself makes of it (people entering and
 * leaving segments, tracked events), is a row with a sequence number that only
 * grows.  Events are rows of the log too: there is no second copy.
 */
#pragma once

#include "store/db.h"

/* Stored: add at the end, never renumber.  Names are in jr_log_kind_name(). */
typedef enum {
	JR_LOG_IDENTIFY = 1, /* data: attributes as given */
	JR_LOG_EVENT,	     /* name: the event's; data: its properties */
	JR_LOG_PAGE,	     /* likewise */
	JR_LOG_SCREEN,	     /* likewise */
	JR_LOG_DEVICE,	     /* name: "added" or "removed" */
	JR_LOG_CONSENT,	     /* name: channel; data: without the number */
	JR_LOG_SUBSCRIPTION, /* name: topic */
	JR_LOG_SUPPRESS,
	JR_LOG_UNSUPPRESS,
	JR_LOG_MERGE, /* person: the one that stays */
	JR_LOG_ERASE,
	JR_LOG_SEGMENT_ENTERED, /* name: the segment's */
	JR_LOG_SEGMENT_LEFT,	/* likewise */
	JR_LOG_METRIC,	 /* name: the metric; data: message, device … */
	JR_LOG_INBOUND,	 /* a reply; name: the word it was taken for */
	JR_LOG_TRIGGER,	 /* name: workflow; data: what it was given */
	JR_LOG_CONTROL,	 /* name: what a person ordered: release … */
	JR_LOG_LISTED,	 /* name: the segment they were put on the list of */
	JR_LOG_UNLISTED, /* likewise: taken off */
	JR_LOG_DEFINED,	 /* name: a segment; data: why, entered, left … */
} JrLogKind;
#define JR_LOG_LAST JR_LOG_DEFINED

#define JR_LOG_BIT(kind) (1u << (kind))
/* What a condition on events means when it does not say otherwise. */
#define JR_LOG_EVENTS                                                          \
	(JR_LOG_BIT(JR_LOG_EVENT) | JR_LOG_BIT(JR_LOG_PAGE) |                  \
	 JR_LOG_BIT(JR_LOG_SCREEN))

const char *jr_log_kind_name(JrLogKind kind); /* NULL for none */
JrLogKind jr_log_kind_of(const char *name);   /* 0 for none */

enum {
	JR_LOG_HISTORY = 1, /* old news: changes people, triggers nothing */
};

typedef struct {
	gint64 seq; /* from 1 */
	JrLogKind kind;
	guint flags;
	gint64 person;	   /* 0: nobody known */
	const char *name;  /* see the kinds; NULL: none */
	gint64 at_s;	   /* when it happened */
	gint64 received_s; /* when jr took it */
	const char *id;	   /* the record's own, or made of its content; NULL:
			    * ours, which nobody sends twice */
	const char *data;  /* JSON, or NULL */
	gsize data_len;	   /* bytes of it */
	gboolean fresh;	   /* see jr_log_admit() */
} JrLogRow;

/*
 * The first of two steps for @n records, in the order they came: row by row,
 * looking at nothing but its id, say whether it is @fresh (no earlier one,
 * here or in the store, has its id) and give those that are their @seq, in
 * order.  Ids are compared whole: two with the same hash are two.  A fresh row
 * that is not appended afterwards leaves a gap, and is not fresh again.
 */
gboolean jr_log_admit(JrDb *db, JrLogRow *rows, gsize n, GError **error);

/*
 * The second step: write those of @rows that are @fresh, complete now.  In the
 * transaction of the first; both may be called with 10,000 rows or so at once,
 * which is what makes them fast.
 */
gboolean jr_log_append(JrDb *db, const JrLogRow *rows, gsize n, GError **error);

/* Both steps for one row. */
gboolean jr_log_add(JrDb *db, JrLogRow *row, GError **error);

/* The newest sequence number; 0 while there is none. */
gboolean jr_log_last(JrDb *db, gint64 *seq, GError **error);

typedef struct {
	gint64 after;	    /* the cursor: rows behind it */
	gint64 until;	    /* the last row to look at; 0: all there are */
	guint kinds;	    /* bits; 0: all */
	guint limit;	    /* rows to return; 0: all */
	gboolean with_data; /* else @data of the rows is NULL */
} JrLogQuery;

/*
 * Append to @rows (JrLogRow) what @query asks for, in order.  *@last is where
 * the cursor may stand afterwards: the last row looked at, which kinds not
 * asked for may have been; query->after when there is nothing behind it.
 */
gboolean jr_log_read(JrDb *db, const JrLogQuery *query, JrArena *arena,
		     GArray *rows, gint64 *last, GError **error);

/* The row @seq; *@found says whether there is one. */
gboolean jr_log_get(JrDb *db, gint64 seq, JrArena *arena, JrLogRow *row,
		    gboolean *found, GError **error);

/* Append to @people (gint64) whom rows after @after until @until are about,
 * each once, in rising order. */
gboolean jr_log_touched(JrDb *db, gint64 after, gint64 until, GArray *people,
			GError **error);

/*
 * Where the reader @name ("segment", "schedule") stands; 0 at first.  Set it
 * in the transaction that writes what was made of the rows before it.
 */
gboolean jr_cursor_get(JrDb *db, const char *name, gint64 *seq, GError **error);
gboolean jr_cursor_set(JrDb *db, const char *name, gint64 seq, GError **error);

/* Whether the log has rows behind the cursor @name. */
gboolean jr_cursor_behind(JrDb *db, const char *name, gboolean *yes,
			  GError **error);

/* Append to @names those, owned, that begin with @prefix (ASCII, not empty) and
 * are not at 0; in their order. */
gboolean jr_cursors_named(JrDb *db, const char *prefix, GPtrArray *names,
			  GError **error);

/* Events of one person. */
typedef struct {
	gint64 person;
	const char *name;	/* exact; or NULL */
	const char *prefix;	/* names that begin so; or NULL: any name */
	guint kinds;		/* bits; 0: JR_LOG_EVENTS */
	gint64 from_s, until_s; /* both inclusive */
	gint64 until_seq;	/* not after this row of the log; 0: any */
	gboolean newest_first;	/* else oldest; ties by arrival */
	gboolean with_data;	/* else a row has but seq, kind, person, name,
				 * at_s */
} JrEventQuery;

typedef gboolean (*JrLogFn)(const JrLogRow *row, gpointer user);

/* Show @each the rows of @query, with seq, kind, flags and person alone and in
 * their order, until it returns FALSE. */
gboolean jr_log_each(JrDb *db, const JrLogQuery *query, JrLogFn each,
		     gpointer user, GError **error);

/* Show @each the events asked for, until it returns FALSE. */
gboolean jr_events_each(JrDb *db, const JrEventQuery *query, JrLogFn each,
			gpointer user, GError **error);

/*
 * A walk along the events of people from @first to @last, ordered by person,
 * name, time and arrival: what asking for each would tell, in one go.  It keeps
 * a view of the data until it is freed; NULL and error as all else.
 */
typedef struct _JrEventWalk JrEventWalk;
JrEventWalk *jr_event_walk_new(JrDb *db, gint64 first, gint64 last,
			       GError **error);
void jr_event_walk_free(JrEventWalk *walk);

/* The next one: seq, kind, person, name and at_s, borrowed until the one after
 * it; *@found is FALSE behind the last. */
gboolean jr_event_walk_next(JrEventWalk *walk, JrLogRow *row, gboolean *found,
			    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrEventWalk, jr_event_walk_free)
