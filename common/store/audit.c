#include "store/audit.h"
#include "store/stmt.h"

static const JrField message_fields[] = {
	JR_INT64(JrAuditMessage, person),
	JR_TEXT(JrAuditMessage, workflow),
	JR_INT64(JrAuditMessage, priority),
	JR_INT64(JrAuditMessage, due_s),
	JR_INT(JrAuditMessage, state),
	JR_INT64(JrAuditMessage, accepted_s),
	JR_TEXT(JrAuditMessage, code),
	JR_FIELD_END,
};

/* A message as messages_person has it, without a look at itself. */
typedef struct {
	gint64 row, person, due_s;
	guint place; /* among those to be shown */
} Due;

static const JrField due_fields[] = {
	{ "message_row", JR_FIELD_INT64, G_STRUCT_OFFSET(Due, row), 0 },
	JR_INT64(Due, person),
	JR_INT64(Due, due_s),
	JR_FIELD_END,
};

static void take(GArray *near, Due *due)
{
	due->place = near->len;
	g_array_append_val(near, *due);
}

/* Those (Due) that stand near another of the same person, in order: of so many
 * messages few do. */
static gboolean find_near(JrDb *db, const JrAuditSpan *span, GArray *near,
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT /* all */ message_row, person, due_s FROM messages"
		" WHERE due_s BETWEEN $from AND $until"
		" ORDER BY person, due_s, message_row",
		error);
	gint64 taken = 0; /* the last of @near */
	Due last = { 0 }, due = { 0 };
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "from", span->from_s);
	jr_stmt_set_int(st, "until", span->until_s);
	for (;; last = due) {
		if (!jr_stmt_read_one(st, due_fields, &due, NULL, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		if (due.person != last.person || !last.row ||
		    due.due_s - last.due_s > span->apart_s)
			continue;
		if (taken != last.row)
			take(near, &last);
		take(near, &due);
		taken = due.row;
	}
}

static int by_row(gconstpointer a, gconstpointer b)
{
	const Due *x = a, *y = b;

	return (x->row > y->row) - (x->row < y->row);
}

/* Read each of @near to its place in @messages; those of other channels, or
 * cancelled, stay empty.  Row after row, or the disk seeks for each. */
static gboolean read_near(JrDb *db, const JrAuditSpan *span, GArray *near,
			  JrArena *arena, JrAuditMessage *messages,
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT person, workflow, priority, due_s, state, accepted_s,"
		" code FROM messages WHERE message_row = $row AND state <> 10"
		" AND ($channel = 0 OR channel = $channel)",
		error);
	gboolean row;

	if (!st)
		return FALSE;
	g_array_sort(near, by_row);
	for (guint i = 0; i < near->len; i++) {
		const Due *due = &g_array_index(near, Due, i);

		jr_stmt_again(st);
		jr_stmt_set_int(st, "row", due->row);
		jr_stmt_set_int(st, "channel", span->channel);
		if (!jr_stmt_read_one(st, message_fields, &messages[due->place],
				      arena, &row, error))
			return FALSE;
	}
	return TRUE;
}

#define ARENA ((gsize)1 << 30) /* bytes for names: ten million messages' */

gboolean jr_audit_messages(JrDb *db, const JrAuditSpan *span,
			   JrAuditMessageFn each, gpointer user, GError **error)
{
	g_autoptr(GArray) near = g_array_new(FALSE, FALSE, sizeof(Due));
	g_autofree JrAuditMessage *messages = NULL;
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);

	if (!find_near(db, span, near, error))
		return FALSE;
	messages = g_new0(JrAuditMessage, near->len);
	if (!read_near(db, span, near, arena, messages, error))
		return FALSE;
	for (guint i = 0; i < near->len; i++)
		if (messages[i].workflow && !each(&messages[i], user))
			break;
	return TRUE;
}

static const JrField idle_fields[] = {
	JR_TEXT(JrAuditIdle, id),      JR_TEXT(JrAuditIdle, number),
	JR_INT64(JrAuditIdle, in_s),   JR_INT64(JrAuditIdle, sent),
	JR_INT64(JrAuditIdle, last_s), JR_FIELD_END,
};

/* A yes stands as in consents.h.  Channel 1 is SMS.  What
 * took a place under the caps is known from their index alone. */
static const char idle_people[] =
	"SELECT /* all */ p.id AS id, c.number AS number, s.in_s AS in_s,"
	" (SELECT COUNT(*) FROM messages m WHERE m.person = s.person"
	"  AND m.channel = 1 AND m.counted_s > 0 AND m.counted_s > s.in_s)"
	"  AS sent,"
	" COALESCE((SELECT MAX(m.counted_s) FROM messages m"
	"  WHERE m.person = s.person AND m.channel = 1 AND m.counted_s > 0"
	"  AND m.counted_s > s.in_s), 0) AS last_s"
	" FROM consent_state s"
	" JOIN people p ON p.person = s.person AND p.state = 1"
	" JOIN consents c ON c.consent_row = s.in_row"
	" WHERE s.channel = 1 AND s.in_s > 0 AND s.in_s <= $before"
	" AND c.number IS NOT NULL"
	" AND s.in_s > COALESCE((SELECT MAX(n.out_s) FROM consent_state n"
	"  WHERE n.number_key = s.number_key AND n.channel = 1"
	"  AND n.scope IN ('', s.scope)), 0)"
	" AND s.in_s > COALESCE((SELECT MAX(o.out_s) FROM consent_state o"
	"  WHERE o.number_key = '' AND o.channel = 1"
	"  AND o.scope IN ('', s.scope) AND o.person = s.person), 0)"
	" AND NOT EXISTS (SELECT 1 FROM consent_state y"
	"  WHERE y.person = s.person AND y.channel = 1 AND y.in_s > $before)"
	" AND NOT EXISTS (SELECT 1 FROM last_clicks k"
	"  WHERE k.person = s.person AND k.channel = 1 AND k.at_s >= s.in_s)"
	" ORDER BY p.id, c.number, s.scope";

gboolean jr_audit_idle(JrDb *db, gint64 before_s, JrAuditIdleFn each,
		       gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, idle_people, error);
	JrAuditIdle idle = { 0 };
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "before", before_s);
	do {
		if (!jr_stmt_read_one(st, idle_fields, &idle, NULL, &row,
				      error))
			return FALSE;
	} while (row && each(&idle, user));
	return TRUE;
}

static const JrField send_fields[] = {
	JR_TEXT(JrAuditSend, id),	    JR_TEXT(JrAuditSend, workflow),
	JR_INT(JrAuditSend, state),	    JR_TEXT(JrAuditSend, provider),
	JR_TEXT(JrAuditSend, provider_id),  JR_INT64(JrAuditSend, segments),
	JR_INT64(JrAuditSend, cost_micros), JR_TEXT(JrAuditSend, currency),
	JR_INT64(JrAuditSend, at_s),	    JR_FIELD_END,
};

gboolean jr_audit_sends(JrDb *db, gint64 from_s, gint64 until_s,
			JrAuditSendFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT id, workflow, state, provider, provider_id, segments,"
		" cost_micros, currency, accepted_s AS at_s FROM messages"
		" WHERE accepted_s BETWEEN $from AND $until AND accepted_s > 0"
		" AND channel IN (1, 4) ORDER BY accepted_s, id",
		error);
	JrAuditSend send = { 0 };
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "from", from_s);
	jr_stmt_set_int(st, "until", until_s);
	do {
		if (!jr_stmt_read_one(st, send_fields, &send, NULL, &row,
				      error))
			return FALSE;
	} while (row && each(&send, user));
	return TRUE;
}
