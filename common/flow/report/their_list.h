/*
 * their_list.h - a provider's list of messages, read for reconcile.c.
 *
 * It is NDJSON, a message of the provider's a line, as jr-send-sms --list
 * prints them or the provider's interface gives them: see ids and so on in
 * their_list.c for the names that are understood.
 */
#pragma once

#include "base/zone.h"

#include <glib.h>

/* How far a message is in any provider's words. */
typedef enum {
	JR_FATE_OTHER, /* a word that we do not know */
	JR_FATE_UNDER_WAY,
	JR_FATE_DELIVERED,
	JR_FATE_FAILED,
} JrFate;

/* A message of theirs. */
typedef struct {
	char *id, *status, *unit;
	JrFate fate;
	gint64 micros;	 /* -1: not said */
	gint64 segments; /* -1: not said */
	gint64 at_s;	 /* 0: not said */
	gboolean seen;	 /* we have it */
} JrTheirs;

typedef struct _JrTheirList JrTheirList;
struct _JrTheirList {
	JrZones *zones;	       /* borrowed */
	GHashTable *all;       /* id to JrTheirs */
	GHashTable *providers; /* set of names that the list has; or empty */
	/* Told of a line that is "no record" or "no message". */
	void (*bad)(JrTheirList *list, const char *what, const char *line);
	gpointer user;
};

/* An empty list, and the end of it. */
void jr_their_list_init(JrTheirList *list, JrZones *zones);
void jr_their_list_clear(JrTheirList *list);

/* Read the file @path, or stdin (NULL, "-").  FALSE and JR_ERROR_IO. */
gboolean jr_their_list_read(JrTheirList *list, const char *path,
			    GError **error);
