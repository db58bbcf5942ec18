#include "store/conn.h"
#include "store/log.h"

#include <string.h>

gboolean jr_cursor_get(JrDb *db, const char *name, gint64 *seq, GError **error)
{
	g_autoptr(JrStmt) st = NULL;
	gboolean row;

	if (db->cursors) {
		const gint64 *at = g_hash_table_lookup(db->cursors, name);

		*seq = at ? *at : 0;
		return TRUE;
	}
	st = jr_db_stmt(db, "SELECT seq FROM cursors WHERE name = $name",
			error);
	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "name", name);
	if (!jr_stmt_row(st, &row, error))
		return FALSE;
	*seq = row ? jr_stmt_int(st, 0) : 0;
	return TRUE;
}

gboolean jr_cursor_put(JrDb *db, const char *name, gint64 seq, GError **error)
{
	g_autoptr(JrStmt) st = NULL;

	if (db->cursors) {
		g_hash_table_insert(db->cursors, g_strdup(name),
				    g_memdup2(&seq, sizeof seq));
		return TRUE;
	}
	st = jr_db_stmt(db,
			"INSERT INTO cursors (name, seq) VALUES ($name, $seq)"
			" ON CONFLICT (name) DO UPDATE SET seq = $seq",
			error);
	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "name", name);
	jr_stmt_set_int(st, "seq", seq);
	return jr_stmt_run(st, error);
}

gboolean jr_cursor_set(JrDb *db, const char *name, gint64 seq, GError **error)
{
	g_assert(!g_str_equal(name, "log")); /* the log's own end */
	return jr_cursor_put(db, name, seq, error);
}

gboolean jr_cursor_behind(JrDb *db, const char *name, gboolean *yes,
			  GError **error)
{
	gint64 at, last;

	if (!jr_cursor_get(db, name, &at, error) ||
	    !jr_log_last(db, &last, error))
		return FALSE;
	*yes = at < last;
	return TRUE;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The same of a scratch. */
static void names_of_scratch(const JrDb *db, const char *prefix,
			     GPtrArray *names)
{
	GHashTableIter iter;
	gpointer name, at;

	g_hash_table_iter_init(&iter, db->cursors);
	while (g_hash_table_iter_next(&iter, &name, &at))
		if (g_str_has_prefix(name, prefix) && *(gint64 *)at != 0)
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_name);
}

gboolean jr_cursors_named(JrDb *db, const char *prefix, GPtrArray *names,
			  GError **error)
{
	g_autoptr(JrStmt) st = NULL;
	g_autofree char *behind = g_strdup(prefix);
	JrStep step;

	if (db->cursors) {
		names_of_scratch(db, prefix, names);
		return TRUE;
	}
	st = jr_db_stmt(db,
			"SELECT name FROM cursors WHERE name >= $prefix AND"
			" name < $behind AND seq <> 0 ORDER BY name",
			error);
	if (!st)
		return FALSE;
	behind[strlen(behind) - 1]++;
	jr_stmt_set_text(st, "prefix", prefix);
	jr_stmt_set_text(st, "behind", behind);
	while ((step = jr_stmt_step(st, error)) == JR_STEP_ROW) {
		gsize len = 0;
		const char *name = jr_stmt_text(st, 0, &len);

		g_ptr_array_add(names, g_strndup(name, len));
	}
	return step == JR_STEP_DONE;
}
