/*
 * lists.h - people listed by name: the members of manual segments, as records
 * say.  A list is there as soon as someone is put on it.
 */
#pragma once

#include "store/db.h"

typedef struct {
	const char *name; /* of the list */
	gint64 person;
	gboolean listed; /* or taken off */
	gint64 at_s;	 /* when that was said */
} JrListed;

/* Put @listed's person on the list, or take them off; what is older than what
 * is known changes nothing. */
gboolean jr_list_put(JrDb *db, const JrListed *listed, GError **error);

/* Whether @person is on the list @name. */
gboolean jr_list_has(JrDb *db, const char *name, gint64 person, gboolean *yes,
		     GError **error);

/* Append to @people (gint64) at most @limit on the list @name, behind person
 * @after, in rising order. */
gboolean jr_list_page(JrDb *db, const char *name, gint64 after, guint limit,
		      GArray *people, GError **error);
