/* timers.c - what falls due without an event: the last part of segments.h. */
#include "store/segments.h"
#include "store/stmt.h"

static const JrField timer_fields[] = {
	JR_INT(JrTimer, kind),	   JR_TEXT(JrTimer, owner),
	JR_INT64(JrTimer, person), JR_INT64(JrTimer, due_s),
	JR_TEXT(JrTimer, note),	   JR_FIELD_END,
};
static const JrShape timer_shape = { timer_fields, sizeof(JrTimer) };

static const char set[] =
	"INSERT INTO timers (kind, owner, person, due_s, note)"
	" VALUES ($kind, $owner, $person, $due_s, $note)"
	" ON CONFLICT (kind, owner, person)"
	" DO UPDATE SET due_s = $due_s, note = $note";

static const char unset[] = "DELETE FROM timers WHERE kind = $kind"
			    " AND owner = $owner AND person = $person";

gboolean jr_timers_set(JrDb *db, const JrTimer *timers, gsize n, GError **error)
{
	for (gsize i = 0; i < n; i++) {
		g_autoptr(JrStmt) st =
			jr_db_stmt(db, timers[i].due_s ? set : unset, error);

		if (!st)
			return FALSE;
		jr_stmt_bind(st, timer_fields, &timers[i]);
		if (!jr_stmt_run(st, error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_timers_due(JrDb *db, JrTimerKind kind, gint64 now_s, guint limit,
		       JrArena *arena, GArray *timers, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT * FROM timers WHERE kind = $kind AND due_s <= $now"
		" ORDER BY due_s, owner, person LIMIT $limit",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "kind", kind);
	jr_stmt_set_int(st, "now", now_s);
	jr_stmt_set_int(st, "limit", limit);
	return jr_stmt_read_all(st, &timer_shape, arena, timers, error);
}

gboolean jr_timers_drop(JrDb *db, JrTimerKind kind, const char *owner,
			GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "DELETE FROM timers WHERE kind = $kind AND owner = $owner",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "kind", kind);
	jr_stmt_set_text(st, "owner", owner);
	return jr_stmt_run(st, error);
}
