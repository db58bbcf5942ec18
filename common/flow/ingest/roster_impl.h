/*
 * roster_impl.h - the inside of the roster, for its two files alone.
 */
#pragma once

#include "flow/ingest/roster.h"
#include "io/json.h"

/* A name that is to be written. */
typedef struct {
	JrWho *who;
	JrIdentity identity;
} JrRosterName;

struct _JrRoster {
	JrDb *db;
	JrArena *arena;	  /* of the batch: borrowed */
	JrArena *cache;	  /* JrWho and names: until all is forgotten */
	JrArena *scratch; /* of one merge */
	JrJson *json;
	GHashTable *by_name;   /* JrIdentity * to JrWho *: person 0 and not
				* made: nobody */
	GHashTable *by_number; /* gint64 * to JrWho * */
	gint64 now_s;
	gint64 seq;		 /* of the log, when we last committed */
	gint64 settled;		 /* so far names may have been taken away */
	gboolean taking;	 /* in this batch some may be */
	gboolean believing;	 /* the view of this batch is no older */
	guint unknown;		 /* names of this batch, to us */
	GArray *asks;		 /* JrPersonAsk */
	GPtrArray *wanted;	 /* JrWho to load */
	GPtrArray *touched;	 /* JrWho with data */
	GArray *names;		 /* JrRosterName: to be written */
	GString *values, *times; /* of one merge */
};

/* Remember that @who has @identity; NULL: a new one, nobody for now. */
JrWho *jr_roster_remember(JrRoster *roster, const JrIdentity *identity,
			  JrWho *who);
void jr_roster_remember_number(JrRoster *roster, JrWho *who);

/* @who has @data from now on. */
void jr_roster_touch(JrRoster *roster, JrWho *who, const JrPerson *data);
