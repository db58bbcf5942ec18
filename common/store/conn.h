/* conn.h - what db.c, stmt.c and migrate.c share: what a JrDb is. */
#pragma once

#include "base/hash.h"
#include "store/driver.h"

#define JR_SECRET_SIZE 65

struct _JrDb {
	const JrDriver *driver;
	char *where; /* as given, for messages */
	gpointer conn;
	gboolean read_only;
	gboolean writing;
	gboolean scratch;    /* all is one transaction, which never ends */
	GHashTable *cursors; /* scratch: name to gint64, instead of the table,
			      * since nobody else can move them; else NULL */
	GHashTable *shelves; /* SQL to the JrStmts of it: stmt.c */
	GHashTable *aims;    /* hash of a version to whether it has a goal, of
			      * those seen: it is asked of each run that goes
			      * on, and never changes; or NULL */
	struct _JrCounts *later; /* jr_counter_later()'s; or NULL */
	void (*moving)(int version, guint done, guint of, gpointer user);
	gpointer moving_user; /* as JrDbOptions has them */
	char secret[JR_SECRET_SIZE];
	GHmac *mac;	 /* of the secret, to be copied; or NULL; key.c */
	char *last_text; /* what jr_key() was asked for last, and its hash */
	char last_key[JR_SHA256_SIZE];
};

GHashTable *jr_stmts_new(void);

/* As jr_cursor_set(), of the end of the log, too; log.c. */
gboolean jr_cursor_put(JrDb *db, const char *name, gint64 seq, GError **error);

/* As jr_db_stmt(), for the words that begin and end transactions. */
JrStmt *jr_stmt_lend(JrDb *db, const char *sql, GError **error);

/* Run @sql, which is made up at runtime, once; not by value, ever. */
gboolean jr_stmt_run_text(JrDb *db, const char *sql, GError **error);
