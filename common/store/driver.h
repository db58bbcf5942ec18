/*
 * driver.h - what a database does for db.c.
 *
 * To add one: a file with a JrDriver, and a row in the table of db.c that says
 * which places it knows.  Functions answer as those of db.h and stmt.h do.
 */
#pragma once

#include "store/stmt.h"

typedef struct {
	const char *begin_write; /* begins a transaction that has the lock */
	const char *begin_read;	 /* one with an unchanging view */
	/* From now on a commit does not wait for the disk; it does again. */
	const char *wait_not, *wait;
	const char *seen;   /* asks for a number that others' commits change */
	const char *tables; /* asks for the names of all tables, in order */

	/*
	 * Words of the schema, for what databases spell differently: a table
	 * whose key is one number, given or (serial) taken from a sequence
	 * that never gives one twice; what ends a table that is kept in the
	 * order of its key.
	 */
	const char *key, *serial, *clustered;
	const char *const *extra; /* statements after the schema: triggers */

	gpointer (*open)(const char *where, const JrDbOptions *options,
			 GError **error);
	void (*close)(gpointer conn);
	/* See that nothing deleted is left; see that all is whole. */
	gboolean (*scrub)(gpointer conn, GError **error);
	gboolean (*check)(gpointer conn, GError **error);

	gpointer (*prepare)(gpointer conn, const char *sql, GError **error);
	void (*finalize)(gpointer st);
	void (*reset)(gpointer st); /* its values too */
	gboolean (*writes)(gpointer st);
	JrStep (*step)(gpointer st, GError **error);
	gint64 (*changed)(gpointer st);	  /* rows, by its last run */
	gint64 (*key_given)(gpointer st); /* to the row it inserted last */

	/* Values are known by their place, columns too: from 0. */
	int (*value_of)(gpointer st, const char *name); /* below 0: none */
	void (*set_int)(gpointer st, int value, gint64 num);
	void (*set_text)(gpointer st, int value, const char *text, gsize len);
	int (*columns)(gpointer st);
	const char *(*column_name)(gpointer st, int column);
	gboolean (*is_int)(gpointer st, int column);
	gint64 (*get_int)(gpointer st, int column);
	const char *(*get_text)(gpointer st, int column, gsize *len);
} JrDriver;

extern const JrDriver jr_sqlite;
