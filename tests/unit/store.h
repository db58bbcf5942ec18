/*
 * store.h - a state of its own for each case of tests/unit/test_store_*.c.
 *
 * close_state() asks SQLite how it would run every statement that the case
 * used, and fails on one that looks at whole tables and does not say so.
 */
#pragma once

#include "base/error.h"
#include "store/conn.h"
#include "store/counters.h"
#include "store/people.h"
#include "ok.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

static char *state_dir, *state_path;
static JrDb *db;
/* What is said of messages stands by their ids again, as before version 9; what
 * else the migration writes anew may stay. */
#define BEFORE_9                                                               \
	"DROP INDEX messages_id;"                                              \
	"CREATE TABLE a AS SELECT m.id AS message, x.* FROM attempts x"        \
	" JOIN messages m ON m.message_row = x.message_row;"                   \
	"CREATE TABLE t AS SELECT m.id AS message, x.* FROM metrics x"         \
	" JOIN messages m ON m.message_row = x.message_row;"                   \
	"DROP TABLE attempts; ALTER TABLE a RENAME TO attempts;"               \
	"DROP TABLE metrics; ALTER TABLE t RENAME TO metrics;"

static JrArena *arena;

/* The same in a transaction, of its own unless the case began one. */
#define WRITE(call)                                                            \
	do {                                                                   \
		gboolean own_ = !db->writing;                                  \
		if (own_)                                                      \
			begin_write();                                         \
		OK(call);                                                      \
		if (own_)                                                      \
			end_write("COMMIT");                                   \
	} while (0)

static void G_GNUC_UNUSED begin_write(void)
{
	OK(jr_stmt_run_text(db, db->driver->begin_write, &failed));
	db->writing = TRUE;
}

static void G_GNUC_UNUSED end_write(const char *how)
{
	if (g_str_equal(how, "COMMIT"))
		OK(jr_counters_flush(db, &failed));
	jr_counters_drop(db);
	db->writing = FALSE;
	OK(jr_stmt_run_text(db, how, &failed));
}

/* Run @sql past all of the store, as someone with the shell would. */
static void G_GNUC_UNUSED meddle(const char *sql)
{
	sqlite3 *conn;
	char *why = NULL;

	ck_assert_int_eq(sqlite3_open(state_path, &conn), SQLITE_OK);
	sqlite3_exec(conn, sql, NULL, NULL, &why);
	ck_assert_msg(!why, "%s: %s", sql, why);
	sqlite3_close(conn);
}

/* What a store of version 6 does not have. */
#define LESS_THAN_VERSION_7                                                    \
	"DROP TABLE removals;"                                                 \
	"DROP TABLE last_clicks;"                                              \
	"DELETE FROM counters WHERE counted IN (36, 37, 48, 49, 50);"          \
	"ALTER TABLE counters DROP COLUMN aimed;"                              \
	"ALTER TABLE enrolments DROP COLUMN path;"                             \
	"ALTER TABLE versions DROP COLUMN aims;"

/* The number that @sql asks for, as meddle() would ask. */
static gint64 G_GNUC_UNUSED number_of(const char *sql)
{
	sqlite3 *conn;
	sqlite3_stmt *st = NULL;
	gint64 number;

	ck_assert_int_eq(sqlite3_open(state_path, &conn), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(conn, sql, -1, &st, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	number = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(conn);
	return number;
}

#define ROWS(type) g_array_new(FALSE, FALSE, sizeof(type))

/* A live person named @id. */
static gint64 G_GNUC_UNUSED make_person(const char *id)
{
	JrPerson person = {
		.id = id,
		.state = JR_PERSON_LIVE,
		.attributes = "{}",
		.times = "{}",
		.created_s = 1,
		.updated_s = 1,
	};

	WRITE(jr_people_add(db, &person, 1, &failed));
	return person.person;
}

static void open_state(void)
{
	state_dir = g_dir_make_tmp("jr-unit-XXXXXX", NULL);
	state_path = g_build_filename(state_dir, "jr.db", NULL);
	arena = jr_arena_new(64 * 1024 * 1024);
	OK((db = jr_db_open(state_path, NULL, &failed)) != NULL);
}

static void check_plan(const char *sql, gpointer conn)
{
	g_autofree char *question =
		g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
	sqlite3_stmt *st = NULL;

	if (strstr(sql, "/* all */") || strstr(sql, "sqlite_schema"))
		return;
	ck_assert_int_eq(sqlite3_prepare_v2(conn, question, -1, &st, NULL),
			 SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(st, 3);

		/* Rows that are given are no table. */
		ck_assert_msg(!g_str_has_prefix(step, "SCAN ") ||
				      strstr(step, " CONSTANT ROW"),
			      "%s: %s", step, sql);
	}
	sqlite3_finalize(st);
}

static void close_state(void)
{
	static const char *const files[] = { "jr.db", "jr.db-wal",
					     "jr.db-shm" };
	sqlite3 *conn;

	ck_assert_int_eq(sqlite3_open(state_path, &conn), SQLITE_OK);
	jr_db_statements(db, check_plan, conn);
	sqlite3_close(conn);
	jr_db_close(db);
	jr_arena_free(arena);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_build_filename(state_dir, files[i], NULL);

		g_unlink(path);
	}
	g_rmdir(state_dir);
	g_free(state_path);
	g_free(state_dir);
}
