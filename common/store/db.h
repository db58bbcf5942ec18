/*
 * db.h - a connection to the state, and transactions on it.
 *
 * This much of the database the layers above may see; SQL stands in store/
 * alone (stmt.h), and what databases do differently in its drivers (driver.h).
 *
 * What holds in all headers of store/:
 *   - A function returns FALSE with JR_ERROR_BUSY (another has the lock; the
 *     same again later will do) or JR_ERROR_IO, where it names no other error.
 *     "Not there" is never a failure: it is said by an out parameter.
 *   - A function that writes is called in the body of jr_db_write(): it
 *     asserts so.  What must be true together is done by one function.
 *   - Texts that go in are borrowed during the call, NULL is "none".  Texts
 *     that come out live in the @arena given, or until a callback returns.
 *   - A GArray that takes rows is made by the caller for the type named, and
 *     appended to.  An arena that is full is JR_ERROR_IO.
 *   - Instants are seconds since 1970 UTC (_ms: milliseconds); 0 is never or
 *     none, G_MAXINT64 for ever.  The store never asks what time it is.
 *   - A gint64 `person` is a number of the store's own, never shown to anyone;
 *     0 is nobody.  Money is millionths (_micros) of the account's currency.
 *   - A callback may read, but not write, the store; FALSE ends the walk.
 */
#pragma once

#include "base/arena.h"

typedef struct _JrDb JrDb;

#define JR_DB_WAIT_MS 10000 /* how long commands wait for the lock */
#define JR_DB_CACHE_MIB 64  /* of pages */

/* All 0 is what most want. */
typedef struct {
	int wait_ms;	     /* for the lock; 0: JR_DB_WAIT_MS, below 0: not */
	int cache_mib;	     /* 0: JR_DB_CACHE_MIB */
	gboolean must_exist; /* else it is made, readable by its owner only */
	gboolean read_only;  /* then jr_db_write() is not to be called */
	/* Empty, in memory, for this connection alone, and gone with it: @where
	 * is for messages.  Nothing is ever rolled back: whoever is told of a
	 * failure closes it.  What a simulation does not ask for is not kept:
	 * sums for reports (latencies, verdicts, how segments grow), history
	 * but of events, and which records were seen: it has each once. */
	gboolean scratch;
	/* Told, before each of the @of statements that bring the schema of a
	 * state forward, to which @version it leads and how many are @done; or
	 * NULL.  With millions of messages one may take a minute. */
	void (*moving)(int version, guint done, guint of, gpointer user);
	gpointer user;
} JrDbOptions;

/*
 * Open the state at @where, a path; a schema of an earlier version is brought
 * forward.  @options NULL: all 0.  Owned.  NULL and
 *   JR_ERROR_CONFIG: a newer version of jr made it (both versions are named),
 *     it is no state of jr's, @where names a database that this build cannot
 *     speak to, or it is not there and must be;
 *   JR_ERROR_IO: it cannot be read or written, or it is damaged;
 *   JR_ERROR_BUSY: another held the lock all the time.
 */
JrDb *jr_db_open(const char *where, const JrDbOptions *options, GError **error);
void jr_db_close(JrDb *db);

/* Whether to go on; FALSE has set the error. */
typedef gboolean (*JrDbBody)(JrDb *db, gpointer data, GError **error);

/*
 * Run @body with @data in one write transaction: TRUE commits it (it is on the
 * disk when this returns TRUE), FALSE rolls it back.  It waits for the lock
 * first, so that @body decides on what is true.  Others wait meanwhile,
 * perhaps one at the other end of our pipe: @body makes no request, touches no
 * pipe, and does not call this again.
 */
gboolean jr_db_write(JrDb *db, JrDbBody body, gpointer data, GError **error);

/*
 * As jr_db_write(), but without waiting for the disk: what @body writes
 * outlives this process, however it ends, and a power cut once the next
 * jr_db_write() has returned.  For what no one acts upon.
 */
gboolean jr_db_note(JrDb *db, JrDbBody body, gpointer data, GError **error);

/*
 * In a body: set *@mark, 0 at first, to a number that is another if anybody
 * else has written since it was set last.  What was read before may have
 * changed then; if not, only by our own hand.
 */
gboolean jr_db_seen(JrDb *db, gint64 *mark, GError **error);

/* Run @body, which only reads, with one unchanging view of the data. */
gboolean jr_db_read(JrDb *db, JrDbBody body, gpointer data, GError **error);

/* Whether it is scratch: nobody but us ever writes it, so that what we read
 * once, and did not write, is so still. */
gboolean jr_db_is_scratch(JrDb *db);

/*
 * Check every page and index of the file: slow.  FALSE and JR_ERROR_IO with
 * the first thing found.
 */
gboolean jr_db_check(JrDb *db, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrDb, jr_db_close)
