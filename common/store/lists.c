#include "store/lists.h"
#include "store/stmt.h"

static const JrField listed_fields[] = {
	JR_TEXT(JrListed, name),
	JR_INT64(JrListed, person),
	JR_INT(JrListed, listed),
	JR_INT64(JrListed, at_s),
	JR_FIELD_END,
};

gboolean jr_list_put(JrDb *db, const JrListed *listed, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO lists (name, person, listed, at_s)"
		" VALUES ($name, $person, $listed, $at_s)"
		" ON CONFLICT (name, person) DO UPDATE SET listed = $listed,"
		" at_s = $at_s WHERE lists.at_s <= $at_s",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, listed_fields, listed);
	return jr_stmt_run(st, error);
}

gboolean jr_list_has(JrDb *db, const char *name, gint64 person, gboolean *yes,
		     GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT person FROM lists WHERE name = $name"
			   " AND person = $person AND listed = 1",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "name", name);
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_row(st, yes, error);
}

gboolean jr_list_page(JrDb *db, const char *name, gint64 after, guint limit,
		      GArray *people, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT person FROM lists WHERE name = $name"
			   " AND person > $after AND listed = 1"
			   " ORDER BY person LIMIT $limit",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "name", name);
	jr_stmt_set_int(st, "after", after);
	jr_stmt_set_int(st, "limit", limit);
	return jr_stmt_numbers(st, people, error);
}
