/*
 * bare.h - the least that writing a batch of rows takes: SQLite alone, with
 * tables as the store's and on the disk when it ends.  What the benchmarks
 * measure jr against.  Nothing is checked: a failure shows in the figures.
 */
#pragma once

#include "base/hash.h"
#include "store/log.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static const char *const bare_tables =
	"PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL;"
	"PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 32768;"
	"CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, kind, flags,"
	" person, name, at_s, received_s, id, data);"
	"CREATE TABLE IF NOT EXISTS history (person, name, at_s, seq, kind,"
	" PRIMARY KEY (person, name, at_s, seq)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS seen (hash INTEGER PRIMARY KEY, seq);";

typedef struct {
	gint64 hash, seq;
} BareSeen;

typedef struct {
	sqlite3 *conn;
	sqlite3_stmt *log, *history, *seen;
	gint64 seq; /* of the newest row */
	BareSeen *ids;
	JrLogRow **sorted;
} Bare;

static int bare_by_person(const void *a, const void *b)
{
	const JrLogRow *x = *(JrLogRow *const *)a, *y = *(JrLogRow *const *)b;
	int names_differ;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	names_differ = strcmp(x->name, y->name);
	return names_differ ? names_differ
			    : (x->seq > y->seq) - (x->seq < y->seq);
}

static int bare_by_hash(const void *a, const void *b)
{
	const BareSeen *x = a, *y = b;

	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static sqlite3_stmt *bare_prepare(Bare *bare, const char *sql)
{
	sqlite3_stmt *st = NULL;

	sqlite3_prepare_v3(bare->conn, sql, -1, SQLITE_PREPARE_PERSISTENT, &st,
			   NULL);
	return st;
}

/* For batches of at most @batch rows. */
static void bare_open(Bare *bare, const char *path, gint64 batch)
{
	sqlite3_stmt *st;

	*bare = (Bare){ 0 };
	sqlite3_open_v2(path, &bare->conn,
			SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				SQLITE_OPEN_NOMUTEX,
			NULL);
	sqlite3_exec(bare->conn, bare_tables, NULL, NULL, NULL);
	bare->log = bare_prepare(bare, "INSERT INTO log VALUES"
				       " (?,?,0,?,?,?,?,?,?)");
	bare->history = bare_prepare(bare, "INSERT INTO history VALUES"
					   " (?,?,?,?,?)");
	bare->seen = bare_prepare(bare, "INSERT INTO seen VALUES (?,?)"
					" ON CONFLICT DO NOTHING");
	bare->ids = g_new(BareSeen, batch);
	bare->sorted = g_new(JrLogRow *, batch);
	st = bare_prepare(bare, "SELECT MAX(seq) FROM log");
	if (sqlite3_step(st) == SQLITE_ROW)
		bare->seq = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
}

static void bare_close(Bare *bare)
{
	sqlite3_finalize(bare->log);
	sqlite3_finalize(bare->seen);
	sqlite3_finalize(bare->history);
	sqlite3_close(bare->conn);
	g_free(bare->ids);
	g_free(bare->sorted);
}

static void bare_begin(Bare *bare)
{
	sqlite3_exec(bare->conn, "BEGIN IMMEDIATE", NULL, NULL, NULL);
}

static void bare_commit(Bare *bare)
{
	sqlite3_exec(bare->conn, "COMMIT", NULL, NULL, NULL);
}

/* Run @st, whose values are bound. */
static void bare_run(sqlite3_stmt *st)
{
	sqlite3_step(st);
	sqlite3_reset(st);
}

static void bare_text(sqlite3_stmt *st, int place, const char *text, gsize len)
{
	sqlite3_bind_text(st, place, text, (int)len, SQLITE_STATIC);
}

static void bare_see(Bare *bare, const JrLogRow *rows, gint64 n)
{
	for (gint64 i = 0; i < n; i++) {
		const char *id = rows[i].id;

		bare->ids[i].hash = (gint64)jr_hash64(id, strlen(id));
		bare->ids[i].seq = rows[i].seq;
	}
	qsort(bare->ids, (gsize)n, sizeof *bare->ids, bare_by_hash);
	for (gint64 i = 0; i < n; i++) {
		sqlite3_bind_int64(bare->seen, 1, bare->ids[i].hash);
		sqlite3_bind_int64(bare->seen, 2, bare->ids[i].seq);
		bare_run(bare->seen);
	}
}

static void bare_log(Bare *bare, const JrLogRow *row)
{
	sqlite3_bind_int64(bare->log, 1, row->seq);
	sqlite3_bind_int64(bare->log, 2, row->kind);
	sqlite3_bind_int64(bare->log, 3, row->person);
	bare_text(bare->log, 4, row->name, strlen(row->name));
	sqlite3_bind_int64(bare->log, 5, row->at_s);
	sqlite3_bind_int64(bare->log, 6, row->received_s);
	bare_text(bare->log, 7, row->id, strlen(row->id));
	bare_text(bare->log, 8, row->data, row->data_len);
	bare_run(bare->log);
}

static void bare_remember(Bare *bare, JrLogRow *rows, gint64 n)
{
	for (gint64 i = 0; i < n; i++)
		bare->sorted[i] = &rows[i];
	qsort(bare->sorted, (gsize)n, sizeof *bare->sorted, bare_by_person);
	for (gint64 i = 0; i < n; i++) {
		const JrLogRow *row = bare->sorted[i];

		sqlite3_bind_int64(bare->history, 1, row->person);
		bare_text(bare->history, 2, row->name, strlen(row->name));
		sqlite3_bind_int64(bare->history, 3, row->at_s);
		sqlite3_bind_int64(bare->history, 4, row->seq);
		sqlite3_bind_int64(bare->history, 5, row->kind);
		bare_run(bare->history);
	}
}

/* Write @n of @rows, who are numbered from the newest on. */
static void bare_rows(Bare *bare, JrLogRow *rows, gint64 n)
{
	for (gint64 i = 0; i < n; i++) {
		rows[i].seq = ++bare->seq;
		bare_log(bare, &rows[i]);
	}
	bare_see(bare, rows, n);
	bare_remember(bare, rows, n);
}
