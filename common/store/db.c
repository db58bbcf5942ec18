#include "store/conn.h"
#include "store/counters.h"
#include "store/schema.h"
#include "base/crash.h"
#include "base/error.h"
#include "base/hash.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define SECRET_BYTES 32

/* Which places are which database's; the last row takes what is left. */
static const struct {
	const char *prefix;
	const JrDriver *driver; /* NULL: not in this build */
} places[] = {
	{ "postgres://", NULL },
	{ "postgresql://", NULL },
	{ "", &jr_sqlite },
};

static const JrDriver *find_driver(const char *where, GError **error)
{
	guint i = 0;

	while (!g_str_has_prefix(where, places[i].prefix))
		i++;
	if (!places[i].driver)
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "state '%s…': this build has the SQLite driver "
			    "only: write the path of a file",
			    places[i].prefix);
	return places[i].driver;
}

static gboolean ask_secret(JrDb *db, gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT value FROM meta WHERE name = 'secret'", error);
	gsize len;

	if (!st || !jr_stmt_row(st, found, error))
		return FALSE;
	if (*found)
		g_strlcpy(db->secret, jr_stmt_text(st, 0, &len),
			  sizeof db->secret);
	return TRUE;
}

static gboolean draw_secret(char hex[JR_SECRET_SIZE], GError **error)
{
	guint8 bytes[SECRET_BYTES];

	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "the system has no random bytes: %s",
			    g_strerror(errno));
		return FALSE;
	}
	for (guint i = 0; i < SECRET_BYTES; i++)
		g_snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	return TRUE;
}

static gboolean make_secret(JrDb *db, gpointer data, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO meta (name, value) VALUES ('secret', $secret)"
		" ON CONFLICT (name) DO NOTHING",
		error);
	gboolean found;

	(void)data;
	if (!st || !draw_secret(db->secret, error))
		return FALSE;
	jr_stmt_set_text(st, "secret", db->secret);
	return jr_stmt_run(st, error) && ask_secret(db, &found, error);
}

static gboolean load_secret(JrDb *db, GError **error)
{
	gboolean found;

	if (!ask_secret(db, &found, error))
		return FALSE;
	return found || db->read_only ||
	       jr_db_write(db, make_secret, NULL, error);
}

/* Run @sql, a word of the driver that begins or ends a transaction. */
static gboolean say(JrDb *db, const char *sql, GError **error)
{
	g_autoptr(JrStmt) st = jr_stmt_lend(db, sql, error);

	return st && jr_stmt_run(st, error);
}

/* One transaction for all: a commit would cost more than what is written. */
static gboolean begin_scratch(JrDb *db, GError **error)
{
	db->cursors =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return say(db, db->driver->begin_write, error);
}

JrDb *jr_db_open(const char *where, const JrDbOptions *options, GError **error)
{
	static const JrDbOptions none = { 0 };
	const JrDriver *driver = find_driver(where, error);

	if (!options)
		options = &none;
	gpointer conn = driver ? driver->open(where, options, error) : NULL;
	if (!conn)
		return NULL;
	g_autoptr(JrDb) db = g_new0(JrDb, 1);
	db->driver = driver;
	db->conn = conn;
	db->where = g_strdup(where);
	db->read_only = options->read_only;
	db->moving = options->moving;
	db->moving_user = options->user;
	db->shelves = jr_stmts_new();
	db->scratch = options->scratch;
	if ((db->scratch && !begin_scratch(db, error)) ||
	    !jr_migrate(db, jr_migrations, jr_migrations_n, error) ||
	    !load_secret(db, error))
		return NULL;
	return g_steal_pointer(&db);
}

void jr_db_close(JrDb *db)
{
	if (!db)
		return;
	jr_counters_drop(db);
	g_hash_table_unref(db->shelves);
	g_clear_pointer(&db->cursors, g_hash_table_unref);
	g_clear_pointer(&db->aims, g_hash_table_unref);
	db->driver->close(db->conn);
	g_clear_pointer(&db->mac, g_hmac_unref);
	g_free(db->last_text);
	g_free(db->where);
	g_free(db);
}

/* End what begin began: @good keeps it. */
static gboolean end(JrDb *db, gboolean good, GError **error)
{
	if (good && say(db, "COMMIT", error))
		return TRUE;
	/* This may fail too, but the first error is the one to tell. */
	say(db, "ROLLBACK", NULL);
	return FALSE;
}

gboolean jr_db_write(JrDb *db, JrDbBody body, gpointer data, GError **error)
{
	gboolean good;

	g_assert(!db->writing && !db->read_only);
	if (!db->scratch && !say(db, db->driver->begin_write, error))
		return FALSE;
	db->writing = TRUE;
	good = body(db, data, error) &&
	       (db->scratch || jr_counters_flush(db, error));
	db->writing = FALSE;
	if (db->scratch)
		return good;
	jr_counters_drop(db);
	if (good)
		jr_crash_point("db-commit");
	good = end(db, good, error);
	if (good)
		jr_crash_point("db-committed");
	return good;
}

gboolean jr_db_note(JrDb *db, JrDbBody body, gpointer data, GError **error)
{
	gboolean good;

	if (db->scratch)
		return jr_db_write(db, body, data, error);
	if (!say(db, db->driver->wait_not, error))
		return FALSE;
	good = jr_db_write(db, body, data, error);
	/* Without this nothing would be sure to stay any more. */
	return say(db, db->driver->wait, good ? error : NULL) && good;
}

gboolean jr_db_read(JrDb *db, JrDbBody body, gpointer data, GError **error)
{
	g_assert(!db->writing);
	if (db->scratch)
		return body(db, data, error);
	if (!say(db, db->driver->begin_read, error))
		return FALSE;
	return end(db, body(db, data, error), error);
}

gboolean jr_db_seen(JrDb *db, gint64 *mark, GError **error)
{
	g_autoptr(JrStmt) st = NULL;
	gboolean row;

	if (db->scratch) { /* nobody else can */
		*mark = 1;
		return TRUE;
	}
	st = jr_stmt_lend(db, db->driver->seen, error);
	if (!st || !jr_stmt_row(st, &row, error))
		return FALSE;
	g_assert(row);
	*mark = jr_stmt_int(st, 0);
	return TRUE;
}

gboolean jr_db_check(JrDb *db, GError **error)
{
	return db->driver->check(db->conn, error);
}

gboolean jr_db_is_scratch(JrDb *db)
{
	return db->scratch;
}

gboolean jr_db_writing(JrDb *db)
{
	return db->writing;
}

const char *jr_db_secret(JrDb *db)
{
	return db->secret;
}
