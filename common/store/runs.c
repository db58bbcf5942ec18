#include "store/runs.h"
#include "store/stmt.h"

static const JrField run_fields[] = {
	JR_INT64(JrRun, run),
	JR_TEXT(JrRun, command),
	JR_TEXT(JrRun, version),
	JR_TEXT(JrRun, host),
	JR_INT64(JrRun, pid),
	JR_INT64(JrRun, started_ms),
	JR_INT64(JrRun, ended_ms),
	JR_INT(JrRun, exit_code),
	JR_TEXT(JrRun, counts),
	JR_TEXT(JrRun, note),
	JR_FIELD_END,
};
static const JrShape run_shape = { run_fields, sizeof(JrRun) };

gboolean jr_run_start(JrDb *db, JrRun *run, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO runs (command, version, host, pid, started_ms,"
		" ended_ms, exit_code, note) VALUES ($command, $version,"
		" $host, $pid, $started_ms, 0, 0, $note) RETURNING run",
		error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_bind(st, run_fields, run);
	return jr_stmt_read_one(st, run_fields, run, NULL, &row, error);
}

gboolean jr_run_finish(JrDb *db, const JrRun *run, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE runs SET ended_ms = $ended_ms,"
		" exit_code = $exit_code, counts = $counts, note = $note"
		" WHERE run = $run",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, run_fields, run);
	return jr_stmt_run(st, error);
}

gboolean jr_runs_newest(JrDb *db, const char *command, guint limit,
			JrArena *arena, GArray *runs, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		command ? "SELECT * FROM runs WHERE command = $command"
			  " ORDER BY run DESC LIMIT $limit"
			: "SELECT * FROM runs WHERE run > 0"
			  " ORDER BY run DESC LIMIT $limit",
		error);

	if (!st)
		return FALSE;
	if (command)
		jr_stmt_set_text(st, "command", command);
	jr_stmt_set_int(st, "limit", limit);
	return jr_stmt_read_all(st, &run_shape, arena, runs, error);
}
