/* sqlite.c - the state in one SQLite file. */
#include "store/driver.h"
#include "base/error.h"

#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/*
 * Of a state that is made; one that is there keeps what it has.  Each page is
 * written by a system call or three: of 4 KiB they cost a batch of jr-ingest
 * a third more, and of 16 KiB whoever changes single rows would write more.
 */
#define PAGE_BYTES 8192

/*
 * Pages of the write-ahead log after which it is copied to the file: a page
 * that many batches change is then copied once.  256 MiB.
 */
#define CHECKPOINT_PAGES 32768

/* What kinds of trouble are to whoever started the command. */
static JrError kind_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return JR_ERROR_BUSY;
	case SQLITE_NOTADB:
		return JR_ERROR_CONFIG;
	default:
		return JR_ERROR_IO;
	}
}

static const char *explain(int code, const char *otherwise)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "another command holds the lock: try again later";
	case SQLITE_NOTADB:
		return "this is no state of jr: name another path";
	case SQLITE_CORRUPT:
		return "the file is damaged: restore it from a backup";
	case SQLITE_FULL:
		return "the disk is full";
	case SQLITE_READONLY:
		return "it may not be written";
	default:
		return otherwise;
	}
}

static JrStep fail(sqlite3 *conn, GError **error)
{
	int code = sqlite3_extended_errcode(conn);
	const char *path = sqlite3_db_filename(conn, "main");

	g_set_error(error, JR_ERROR, (int)kind_of(code), "state '%s': %s",
		    path ? path : "", explain(code, sqlite3_errmsg(conn)));
	return kind_of(code) == JR_ERROR_BUSY ? JR_STEP_BUSY : JR_STEP_FAILED;
}

static void close_conn(gpointer conn)
{
	int code = sqlite3_close(conn);

	g_assert(code == SQLITE_OK); /* else a statement was never done */
}

/* Make the file, so that nobody but its owner ever could read it. */
static gboolean make_file(const char *path, GError **error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		return close(fd) == 0;
	if (errno == EEXIST)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_IO, "state '%s': %s", path,
		    g_strerror(errno));
	return FALSE;
}

/* A file that is not there is a slip in the configuration, not a failure. */
static gboolean find_file(const char *path, const JrDbOptions *options,
			  GError **error)
{
	if (!options->must_exist && !options->read_only)
		return make_file(path, error);
	if (access(path, F_OK) == 0)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
		    "state '%s': %s: jr-ingest makes it", path,
		    g_strerror(errno));
	return FALSE;
}

static gboolean exec(sqlite3 *conn, const char *sql, GError **error)
{
	return sqlite3_exec(conn, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       fail(conn, error) == JR_STEP_ROW;
}

/*
 * FULL: commits outlive a power cut.  What is deleted is overwritten at once,
 * so that an erasure leaves nothing.  Nothing in a file that someone gave us
 * is run as code, a misspelt "column" is not the text 'column'.
 */
static gboolean set_up(sqlite3 *conn, const JrDbOptions *options,
		       GError **error)
{
	int cache =
		options->cache_mib > 0 ? options->cache_mib : JR_DB_CACHE_MIB;
	g_autofree char *pragmas = g_strdup_printf(
		"PRAGMA page_size = %d;"
		"PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
		"PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
		/* No files beside ours: what is erased would be in them. */
		"PRAGMA temp_store = MEMORY;"
		"PRAGMA cache_size = -%d; PRAGMA wal_autocheckpoint = %d;"
		"PRAGMA journal_size_limit = %d",
		PAGE_BYTES, cache * 1024, CHECKPOINT_PAGES,
		CHECKPOINT_PAGES * PAGE_BYTES);

	sqlite3_extended_result_codes(conn, 1);
	sqlite3_db_config(conn, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(conn, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(conn, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(conn, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* Plan once: not anew for each value that is bound. */
	sqlite3_db_config(conn, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_busy_timeout(conn, options->wait_ms < 0 ? 0
				   : options->wait_ms	? options->wait_ms
							: JR_DB_WAIT_MS);
	if (!exec(conn, pragmas, error))
		return FALSE;
	/* WAL: one writes while others read.  It lasts once set, and SQLite
	 * never waits to set it: when it cannot, another has. */
	if (!options->read_only)
		sqlite3_exec(conn, "PRAGMA journal_mode = WAL", NULL, NULL,
			     NULL);
	return TRUE;
}

/*
 * In memory, where nothing outlives anything, and nothing is taken back:
 * without a journal no page is put aside before it is changed.
 */
static gboolean set_up_scratch(sqlite3 *conn, GError **error)
{
	sqlite3_db_config(conn, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	return exec(conn,
		    "PRAGMA journal_mode = OFF;"
		    "PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF;"
		    "PRAGMA cell_size_check = OFF",
		    error);
}

static gpointer open_conn(const char *where, const JrDbOptions *options,
			  GError **error)
{
	/* Whole, so that no name means anything special to SQLite. */
	g_autofree char *path = g_canonicalize_filename(where, NULL);
	int flags = options->read_only ? SQLITE_OPEN_READONLY
				       : SQLITE_OPEN_READWRITE;
	sqlite3 *conn = NULL;

	if (!options->scratch && !find_file(path, options, error))
		return NULL;
	/* Nobody asks how much memory is taken: do not count it, which costs a
	 * lock each time.  Refused, and needless, once SQLite is at work. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	int code = sqlite3_open_v2(options->scratch ? ":memory:" : path, &conn,
				   flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK && set_up(conn, options, error) &&
	    (!options->scratch || set_up_scratch(conn, error)))
		return conn;
	if (code != SQLITE_OK)
		g_set_error(error, JR_ERROR, JR_ERROR_IO, "state '%s': %s",
			    path, explain(code, sqlite3_errmsg(conn)));
	sqlite3_close(conn);
	return NULL;
}

/* Copy the write-ahead log into the file and empty it. */
static gboolean empty_log(sqlite3 *conn, GError **error)
{
	int code = sqlite3_wal_checkpoint_v2(
		conn, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	return code == SQLITE_OK || fail(conn, error) == JR_STEP_ROW;
}

/*
 * secure_delete overwrites what is deleted where it stands; but a row that
 * wandered to another page when its own was split has left bytes behind.  Only
 * making all pages anew gets rid of those.
 */
static gboolean scrub(gpointer conn, GError **error)
{
	return empty_log(conn, error) && exec(conn, "VACUUM", error) &&
	       empty_log(conn, error);
}

static gboolean check(gpointer conn, GError **error)
{
	sqlite3_stmt *st = NULL;
	gboolean ok = FALSE;

	if (sqlite3_prepare_v2(conn, "PRAGMA integrity_check(1)", -1, &st,
			       NULL) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW) {
		fail(conn, error);
	} else {
		const char *found = (const char *)sqlite3_column_text(st, 0);

		ok = g_strcmp0(found, "ok") == 0;
		if (!ok)
			g_set_error(error, JR_ERROR, JR_ERROR_IO,
				    "state: damaged: %s", found);
	}
	sqlite3_finalize(st);
	return ok;
}

static gpointer prepare(gpointer conn, const char *sql, GError **error)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v3(conn, sql, -1, SQLITE_PREPARE_PERSISTENT, &st,
			       NULL) != SQLITE_OK)
		fail(conn, error);
	return st;
}

static void finalize(gpointer st)
{
	sqlite3_finalize(st);
}

static void reset(gpointer st)
{
	sqlite3_reset(st); /* says once more how the last step ended */
	sqlite3_clear_bindings(st);
}

static gboolean writes(gpointer st)
{
	return !sqlite3_stmt_readonly(st);
}

static JrStep step(gpointer st, GError **error)
{
	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		return JR_STEP_ROW;
	case SQLITE_DONE:
		return JR_STEP_DONE;
	default:
		return fail(sqlite3_db_handle(st), error);
	}
}

static gint64 changed(gpointer st)
{
	return sqlite3_changes64(sqlite3_db_handle(st));
}

static gint64 key_given(gpointer st)
{
	return sqlite3_last_insert_rowid(sqlite3_db_handle(st));
}

static int value_of(gpointer st, const char *name)
{
	char dollar[64];

	g_snprintf(dollar, sizeof dollar, "$%s", name);
	return sqlite3_bind_parameter_index(st, dollar) - 1;
}

static void set_int(gpointer st, int value, gint64 num)
{
	int code = sqlite3_bind_int64(st, value + 1, num);

	g_assert(code == SQLITE_OK);
}

static void set_text(gpointer st, int value, const char *text, gsize len)
{
	int code = sqlite3_bind_text64(st, value + 1, text, len, SQLITE_STATIC,
				       SQLITE_UTF8);

	g_assert(code == SQLITE_OK);
}

static int columns(gpointer st)
{
	return sqlite3_column_count(st);
}

static const char *column_name(gpointer st, int column)
{
	return sqlite3_column_name(st, column);
}

static gboolean is_int(gpointer st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_INTEGER;
}

static gint64 get_int(gpointer st, int column)
{
	return sqlite3_column_int64(st, column);
}

static const char *get_text(gpointer st, int column, gsize *len)
{
	const char *text = (const char *)sqlite3_column_text(st, column);

	*len = (gsize)sqlite3_column_bytes(st, column);
	return text;
}

#define TRIGGER(name, when)                                                    \
	"DROP TRIGGER IF EXISTS " name, "CREATE TRIGGER " name " " when

/* The rules that hold whatever program writes to the file. */
static const char *const extra[] = {
	TRIGGER("ledger_is_never_deleted",
		"BEFORE DELETE ON consents BEGIN SELECT"
		" RAISE(ABORT, 'the ledger of consents is never deleted');"
		" END"),
	TRIGGER("ledger_is_never_changed",
		"BEFORE UPDATE ON consents WHEN NOT (new.erased = 1"
		" AND new.number IS NULL AND new.ip IS NULL"
		" AND new.agent IS NULL AND new.evidence IS NULL"
		" AND new.nonce IS NULL AND new.consent_row = old.consent_row"
		" AND new.person = old.person"
		" AND new.number_key = old.number_key"
		" AND new.channel = old.channel AND new.scope = old.scope"
		" AND new.agreed = old.agreed AND new.at_s = old.at_s"
		" AND new.recorded_s = old.recorded_s"
		" AND new.source IS old.source"
		" AND new.disclosure IS old.disclosure"
		" AND new.disclosure_sha IS old.disclosure_sha"
		" AND new.method IS old.method AND new.log_seq = old.log_seq"
		" AND new.digest = old.digest AND new.previous = old.previous"
		" AND new.hash = old.hash)"
		" BEGIN SELECT"
		" RAISE(ABORT, 'the ledger of consents is never changed');"
		" END"),
	TRIGGER("claim_needs_consent",
		"BEFORE INSERT ON attempts WHEN EXISTS (SELECT 1 FROM forbidden"
		" WHERE forbidden.message_row = new.message_row) BEGIN SELECT"
		" RAISE(ABORT, 'no consent to send this'); END"),
	TRIGGER("claim_is_only_once",
		"BEFORE INSERT ON attempts WHEN NOT EXISTS (SELECT 1 FROM"
		" messages WHERE messages.message_row = new.message_row"
		" AND messages.state IN (2, 5)) BEGIN SELECT"
		" RAISE(ABORT, 'only what is offered or waits is claimed');"
		" END"),
	NULL,
};

const JrDriver jr_sqlite = {
	.begin_write = "BEGIN IMMEDIATE",
	.begin_read = "BEGIN",
	.wait_not = "PRAGMA synchronous = NORMAL",
	.wait = "PRAGMA synchronous = FULL",
	.seen = "PRAGMA data_version",
	.tables = "SELECT name FROM sqlite_schema WHERE type = 'table'"
		  " AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name",
	.key = "INTEGER PRIMARY KEY",
	.serial = "INTEGER PRIMARY KEY AUTOINCREMENT",
	.clustered = "WITHOUT ROWID",
	.extra = extra,
	.open = open_conn,
	.close = close_conn,
	.scrub = scrub,
	.check = check,
	.prepare = prepare,
	.finalize = finalize,
	.reset = reset,
	.writes = writes,
	.step = step,
	.changed = changed,
	.key_given = key_given,
	.value_of = value_of,
	.set_int = set_int,
	.set_text = set_text,
	.columns = columns,
	.column_name = column_name,
	.is_int = is_int,
	.get_int = get_int,
	.get_text = get_text,
};
