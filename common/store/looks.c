/* looks.c - when people are to be looked at again: a part of segments.h. */
#include "store/segments.h"
#include "store/stmt.h"

static const JrField look_fields[] = {
	JR_INT64(JrLook, person),
	JR_INT64(JrLook, due_s),
	JR_FIELD_END,
};
static const JrShape look_shape = { look_fields, sizeof(JrLook) };

static const char set[] = "INSERT INTO members (person, segment, since_s)"
			  " VALUES ($person, 0, $due_s)"
			  " ON CONFLICT (person, segment)"
			  " DO UPDATE SET since_s = $due_s";

static const char unset[] = "DELETE FROM members WHERE person = $person"
			    " AND segment = 0";

gboolean jr_looks_set(JrDb *db, const JrLook *looks, gsize n, GError **error)
{
	for (gsize i = 0; i < n; i++) {
		gboolean on = looks[i].due_s != 0;
		g_autoptr(JrStmt) st = jr_db_stmt(db, on ? set : unset, error);

		if (!st)
			return FALSE;
		jr_stmt_set_int(st, "person", looks[i].person);
		if (on)
			jr_stmt_set_int(st, "due_s", looks[i].due_s);
		if (!jr_stmt_run(st, error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_looks_due(JrDb *db, gint64 now_s, guint limit, GArray *looks,
		      GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT person, since_s AS due_s FROM members"
			   " WHERE segment = 0 AND since_s <= $now"
			   " ORDER BY since_s, person LIMIT $limit",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "now", now_s);
	jr_stmt_set_int(st, "limit", limit);
	return jr_stmt_read_all(st, &look_shape, NULL, looks, error);
}
