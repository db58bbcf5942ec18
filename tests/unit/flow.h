/*
 * flow.h - a state of its own with a jr-ingest before it, for the cases of
 * tests/unit/test_flow_*.c: records go in as text, SQL asks what came of them.
 */
#pragma once

#include "base/error.h"
#include "flow/ingest/ingest.h"
#include "ok.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	char *folder, *state;
	JrFlow flow;
} FlowWorld;

/* A world in which nothing happened, where it is @now_s for ever. */
static FlowWorld *G_GNUC_UNUSED flow_world(gint64 now_s)
{
	FlowWorld *w = g_new0(FlowWorld, 1);
	JrCli cli = { .name = "jr-ingest", .clock = { TRUE, now_s * 1000 } };

	w->folder = g_dir_make_tmp("jr-unit-XXXXXX", NULL);
	cli.state = w->state = g_build_filename(w->folder, "jr.db", NULL);
	OK(jr_flow_open(&w->flow, &cli, JR_FLOW_WRITES, &failed));
	g_ptr_array_unref(cli.shown);
	g_clear_pointer(&w->flow.out, jr_writer_free);
	return w;
}

static void G_GNUC_UNUSED flow_world_end(FlowWorld *w)
{
	static const char *const files[] = { "jr.db", "jr.db-wal", "jr.db-shm",
					     "rejects" };

	OK(jr_flow_close(&w->flow, 0, &failed));
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_build_filename(w->folder, files[i], NULL);

		g_unlink(path);
	}
	g_rmdir(w->folder);
	g_free(w->state);
	g_free(w->folder);
	g_free(w);
}

/* Let jr-ingest take @lines, as one batch.  How many were refused. */
static guint64 G_GNUC_UNUSED flow_take(FlowWorld *w, const char *lines)
{
	g_autofree char *path = g_build_filename(w->folder, "records", NULL);
	g_autofree char *rejects = g_build_filename(w->folder, "rejects", NULL);
	const JrIngestOptions options = { .max_age_s = -1, .rejects = rejects };
	gsize len = strlen(lines);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_msg(fd >= 0, "%s: %s", path, g_strerror(errno));
	ck_assert_int_eq(write(fd, lines, len), (gssize)len);
	lseek(fd, 0, SEEK_SET);
	g_unlink(path);
	g_autoptr(JrReader) reader = jr_reader_new(fd, "records");
	g_autoptr(JrIngest) in = jr_ingest_new(&w->flow, &options, &failed);
	OK(in != NULL);
	OK(jr_ingest_read(in, reader, &failed));
	OK(jr_ingest_finish(in, &failed));
	close(fd);
	return jr_ingest_refused(in);
}

/* Append the first column of all rows of @sql to @out, a line each, past all of
 * the store. */
static void G_GNUC_UNUSED flow_ask(const FlowWorld *w, const char *sql,
				   GString *out)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *conn;
	int got;

	ck_assert_int_eq(sqlite3_open(w->state, &conn), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(conn, sql, -1, &st, NULL) == SQLITE_OK,
		      "%s: %s", sql, sqlite3_errmsg(conn));
	while ((got = sqlite3_step(st)) == SQLITE_ROW)
		g_string_append_printf(
			out, "%s\n", (const char *)sqlite3_column_text(st, 0));
	ck_assert_int_eq(got, SQLITE_DONE);
	sqlite3_finalize(st);
	sqlite3_close(conn);
}
