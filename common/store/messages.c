/* messages.c - messages until they are claimed, and looking them up. */
#include "store/message_row.h"
#include "store/key.h"

const JrField jr_message_fields[] = {
	{ "message_row", JR_FIELD_INT64, G_STRUCT_OFFSET(JrMessage, row), 0 },
	JR_TEXT(JrMessage, id),
	JR_INT64(JrMessage, enrolment),
	JR_TEXT(JrMessage, workflow),
	JR_TEXT(JrMessage, version),
	JR_TEXT(JrMessage, step),
	JR_TEXT(JrMessage, variant),
	JR_INT64(JrMessage, person),
	JR_INT(JrMessage, channel),
	JR_INT(JrMessage, purpose),
	JR_INT64(JrMessage, priority),
	JR_INT(JrMessage, state),
	JR_INT64(JrMessage, trigger_s),
	JR_INT64(JrMessage, due_s),
	JR_INT64(JrMessage, wake_s),
	JR_INT64(JrMessage, deadline_s),
	JR_TEXT(JrMessage, address),
	JR_TEXT(JrMessage, scope),
	JR_TEXT(JrMessage, sender),
	JR_TEXT(JrMessage, country),
	JR_TEXT(JrMessage, content),
	JR_INT64(JrMessage, segments),
	JR_INT64(JrMessage, cost_micros),
	JR_TEXT(JrMessage, currency),
	JR_INT64(JrMessage, counted_s),
	JR_INT64(JrMessage, attempts),
	JR_INT64(JrMessage, accepted_s),
	JR_INT64(JrMessage, settled_s),
	JR_TEXT(JrMessage, provider),
	JR_TEXT(JrMessage, provider_id),
	JR_TEXT(JrMessage, code),
	JR_TEXT(JrMessage, reason),
	JR_FIELD_END,
};
const JrShape jr_message_shape = { jr_message_fields, sizeof(JrMessage) };

gboolean jr_message_plan(JrDb *db, const JrMessage *message, gboolean *fresh,
			 GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO messages (id, enrolment, workflow, version, step,"
		" variant, person, channel, purpose, priority, state,"
		" trigger_s, due_s, wake_s, deadline_s, segments, cost_micros,"
		" counted_s, attempts, accepted_s, settled_s) VALUES ($id,"
		" $enrolment, $workflow, $version, $step, $variant, $person,"
		" $channel, $purpose, $priority, 1, $trigger_s, $due_s,"
		" $wake_s, $deadline_s, 0, 0, 0, 0, 0, 0)"
		" ON CONFLICT (id) DO NOTHING",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_message_fields, message);
	return jr_stmt_did(st, fresh, error);
}

gboolean jr_message_outline(JrDb *db, const char *id, JrArena *arena,
			    JrMessage *message, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT message_row, channel, sender, segments"
			   " FROM messages"
			   " WHERE id = $id",
			   error);
	gboolean found;

	*message = (JrMessage){ 0 };

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	return jr_stmt_read_one(st, jr_message_fields, message, arena, &found,
				error);
}

gboolean jr_message_get(JrDb *db, const char *id, JrArena *arena,
			JrMessage *message, gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db, "SELECT * FROM messages WHERE id = $id", error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	*message = (JrMessage){ 0 };
	return jr_stmt_read_one(st, jr_message_fields, message, arena, found,
				error);
}

gboolean jr_message_at(JrDb *db, gint64 row, JrArena *arena, JrMessage *message,
		       gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT * FROM messages WHERE message_row = $row", error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "row", row);
	*message = (JrMessage){ 0 };
	return jr_stmt_read_one(st, jr_message_fields, message, arena, found,
				error);
}

/* Append the first column of each row, a text, to @ids. */
static gboolean read_ids(JrStmt *st, JrArena *arena, GPtrArray *ids,
			 GError **error)
{
	static const JrField fields[] = {
		{ "id", JR_FIELD_TEXT, 0, 0 },
		JR_FIELD_END,
	};
	gboolean row;
	char *id;

	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		if (!jr_stmt_read(st, fields, &id, arena, error))
			return FALSE;
		g_ptr_array_add(ids, id);
	}
	return FALSE;
}

#define FEW 64 /* messages that are sorted here */

/* What the order of those that are due depends on. */
typedef struct {
	gint64 row, priority, due_s;
} Due;

static const JrField due_fields[] = {
	{ "message_row", JR_FIELD_INT64, G_STRUCT_OFFSET(Due, row), 0 },
	JR_INT64(Due, priority),
	JR_INT64(Due, due_s),
	JR_FIELD_END,
};
static const JrShape due_shape = { due_fields, sizeof(Due) };

static int compare_due(gconstpointer a, gconstpointer b)
{
	const Due *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	if (x->due_s != y->due_s)
		return x->due_s < y->due_s ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/*
 * Those that are due, when there are fewer than FEW and @limit, as at most
 * ticks; TRUE in *@all then.  SQLite would make a table to sort them.
 */
static gboolean few_due(JrDb *db, gint64 now_s, guint limit, GArray *rows,
			gboolean *all, GError **error)
{
#define DUE(state)                                                             \
	"SELECT message_row, priority, due_s FROM messages"                    \
	" WHERE state = " state " AND wake_s <= $now"
	g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(Due));
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   DUE("1") " UNION ALL " DUE("2") " UNION ALL " DUE(
				   "5") " LIMIT $limit",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "now", now_s);
	jr_stmt_set_int(st, "limit", FEW);
	if (!jr_stmt_read_all(st, &due_shape, NULL, due, error))
		return FALSE;
	*all = due->len < MIN(limit, FEW);
	if (!*all)
		return TRUE;
	g_array_sort(due, compare_due);
	for (guint i = 0; i < due->len; i++)
		g_array_append_val(rows, g_array_index(due, Due, i).row);
	return TRUE;
}

static gboolean sort_due(JrDb *db, gint64 now_s, guint limit, GArray *rows,
			 GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT message_row FROM messages"
			   " WHERE " JR_SQL_OPEN " AND wake_s <= $now"
			   " ORDER BY priority DESC, due_s, message_row"
			   " LIMIT $limit",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "now", now_s);
	jr_stmt_set_int(st, "limit", limit);
	return jr_stmt_numbers(st, rows, error);
}

gboolean jr_messages_due(JrDb *db, gint64 now_s, guint limit, GArray *rows,
			 GError **error)
{
	gboolean all = FALSE;

	return few_due(db, now_s, limit, rows, &all, error) &&
	       (all || sort_due(db, now_s, limit, rows, error));
}

gboolean jr_messages_over(JrDb *db, gint64 now_s, JrArena *arena,
			  GPtrArray *ids, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT id FROM messages WHERE state = 3 AND wake_s <= $now"
		" ORDER BY wake_s, id",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "now", now_s);
	return read_ids(st, arena, ids, error);
}

static gboolean has_number(JrChannel channel)
{
	switch (channel) {
	case JR_CHANNEL_SMS:
	case JR_CHANNEL_WHATSAPP:
		return TRUE;
	case JR_CHANNEL_PUSH:
	case JR_CHANNEL_EMAIL:
		break;
	}
	return FALSE;
}

gboolean jr_message_offer(JrDb *db, const JrMessage *message, gint64 now_s,
			  gboolean *done, GError **error)
{
	char key[JR_SHA256_SIZE];
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET state = 2, wake_s = $wake_s,"
		" counted_s = $now, settled_s = 0, address = $address,"
		" number_key = $number_key, scope = $scope, sender = $sender,"
		" country = $country, content = $content,"
		" segments = $segments, cost_micros = $cost_micros,"
		" currency = $currency, code = NULL, reason = NULL"
		" WHERE message_row = COALESCE(NULLIF($message_row, 0),"
		"  (SELECT m.message_row FROM messages m WHERE m.id = $id))"
		" AND " JR_SQL_IS_OPEN " AND wake_s <= $now",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_message_fields, message);
	jr_stmt_set_int(st, "now", now_s);
	if (message->address && has_number(message->channel)) {
		jr_key(db, "number", message->address, key);
		jr_stmt_set_text(st, "number_key", key);
	}
	return jr_stmt_did(st, done, error);
}

gboolean jr_message_import(JrDb *db, const JrMessage *message, gboolean *fresh,
			   GError **error)
{
	char key[JR_SHA256_SIZE];
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO messages (id, enrolment, workflow, step, person,"
		" channel, purpose, priority, state, trigger_s, due_s, wake_s,"
		" deadline_s, address, number_key, content, segments,"
		" cost_micros, counted_s, attempts, accepted_s, settled_s,"
		" provider) VALUES ($id, 0, $workflow, $step, $person,"
		" $channel, $purpose, 0, 6, 0, $due_s, 0, 0, $address,"
		" $number_key, $content, 0, 0, 0, 1, 0, $due_s, $provider)"
		" ON CONFLICT (id) DO NOTHING",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_message_fields, message);
	if (message->address && has_number(message->channel)) {
		jr_key(db, "number", message->address, key);
		jr_stmt_set_text(st, "number_key", key);
	}
	return jr_stmt_did(st, fresh, error);
}

static const JrField put_off_fields[] = {
	JR_TEXT(JrPutOff, id),
	JR_INT(JrPutOff, state),
	JR_INT64(JrPutOff, wake_s),
	JR_INT64(JrPutOff, at_s),
	JR_TEXT(JrPutOff, code),
	JR_TEXT(JrPutOff, reason),
	JR_FIELD_END,
};

gboolean jr_message_put_off(JrDb *db, const JrPutOff *put_off, gboolean *done,
			    GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET state = $state, counted_s = 0,"
		" wake_s = CASE WHEN $state = 1 THEN $wake_s ELSE 0 END,"
		" settled_s = CASE WHEN $state = 1 THEN 0 ELSE $at_s END,"
		" code = $code, reason = $reason"
		" WHERE id = $id AND " JR_SQL_IS_OPEN,
		error);

	g_assert(put_off->state == JR_MESSAGE_PLANNED ||
		 put_off->state == JR_MESSAGE_REFUSED ||
		 put_off->state == JR_MESSAGE_CANCELLED);
	if (!st)
		return FALSE;
	jr_stmt_bind(st, put_off_fields, put_off);
	return jr_stmt_did(st, done, error);
}

gboolean jr_messages_wake(JrDb *db, gint64 person, gint64 now_s, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET wake_s = $now WHERE person = $person"
		" AND +state = 1 AND +wake_s > $now",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	jr_stmt_set_int(st, "now", now_s);
	return jr_stmt_run(st, error);
}

gboolean jr_messages_wake_held(JrDb *db, const char *workflow, gint64 now_s,
			       GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "UPDATE messages SET wake_s = $now WHERE state = 1"
			   " AND wake_s > $now AND workflow = $workflow"
			   " AND code = 'budget'",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "workflow", workflow);
	jr_stmt_set_int(st, "now", now_s);
	return jr_stmt_run(st, error);
}

gboolean jr_messages_cancel(JrDb *db, gint64 enrolment, gint64 at_s,
			    const char *reason, guint *n, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET state = 10, counted_s = 0, wake_s = 0,"
		" settled_s = $at, code = 'exited', reason = $reason"
		" WHERE enrolment = $enrolment AND " JR_SQL_IS_OPEN,
		error);

	g_assert(enrolment);
	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "enrolment", enrolment);
	jr_stmt_set_int(st, "at", at_s);
	jr_stmt_set_text(st, "reason", reason);
	if (!jr_stmt_run(st, error))
		return FALSE;
	*n = (guint)jr_stmt_changed(st);
	return TRUE;
}

gboolean jr_messages_segments(JrDb *db, const char *sender, gint64 since_s,
			      gint64 *n, GError **error)
{
	g_autoptr(GArray) sums = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT COALESCE(SUM(segments), 0) FROM messages"
			   " WHERE sender = $sender AND counted_s >= $since"
			   " AND counted_s > 0",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "sender", sender);
	jr_stmt_set_int(st, "since", since_s);
	if (!jr_stmt_numbers(st, sums, error))
		return FALSE;
	*n = sums->len > 0 ? g_array_index(sums, gint64, 0) : 0;
	return TRUE;
}

gboolean jr_messages_counted(JrDb *db, const JrCapQuery *query, GArray *times,
			     GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT counted_s FROM messages WHERE person = $person"
		" AND channel = $channel AND counted_s > $since"
		" AND counted_s > 0"
		" AND ($workflow IS NULL OR workflow = $workflow)"
		" AND ($except IS NULL OR id <> $except) ORDER BY counted_s",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", query->person);
	jr_stmt_set_int(st, "channel", query->channel);
	jr_stmt_set_int(st, "since", query->since_s);
	jr_stmt_set_text(st, "workflow", query->workflow);
	jr_stmt_set_text(st, "except", query->except);
	return jr_stmt_numbers(st, times, error);
}

/* The one text that @st asks for; NULL when there is none. */
static gboolean read_id(JrStmt *st, JrArena *arena, char **id, GError **error)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	if (!read_ids(st, arena, ids, error))
		return FALSE;
	*id = ids->len ? ids->pdata[0] : NULL;
	return TRUE;
}

gboolean jr_message_by_provider(JrDb *db, const char *provider,
				const char *provider_id, JrArena *arena,
				char **id, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT m.id FROM attempts a"
			   " JOIN messages m ON m.message_row = a.message_row"
			   " WHERE a.provider = $provider"
			   " AND a.provider_id = $provider_id"
			   " AND a.provider_id IS NOT NULL"
			   " ORDER BY a.started_s DESC LIMIT 1",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "provider", provider);
	jr_stmt_set_text(st, "provider_id", provider_id);
	return read_id(st, arena, id, error);
}

gboolean jr_message_by_address(JrDb *db, const char *address, JrChannel channel,
			       gint64 since_s, gint64 until_s, JrArena *arena,
			       char **id, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT id FROM messages WHERE address = $address"
			   " AND channel = $channel AND accepted_s > 0"
			   " AND accepted_s BETWEEN $since AND $until"
			   " ORDER BY accepted_s DESC, id LIMIT 1",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "address", address);
	jr_stmt_set_int(st, "channel", channel);
	jr_stmt_set_int(st, "since", since_s);
	jr_stmt_set_int(st, "until", until_s);
	return read_id(st, arena, id, error);
}

gboolean jr_message_reached(JrDb *db, const char *address, JrChannel channel,
			    gint64 until_s, gboolean *yes, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT 1 FROM messages WHERE address = $address"
		" AND channel = $channel AND accepted_s > 0"
		" AND accepted_s <= $until AND address IS NOT NULL LIMIT 1",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "address", address);
	jr_stmt_set_int(st, "channel", channel);
	jr_stmt_set_int(st, "until", until_s);
	return jr_stmt_row(st, yes, error);
}

gboolean jr_message_sent_before(JrDb *db, gint64 enrolment, const char *step,
				gint64 after_s, gboolean *yes, GError **error)
{
	/* Claimed, accepted, unknown, delivered, failed by receipt. */
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT m.id FROM enrolments o"
		" JOIN enrolments e ON e.workflow = o.workflow"
		"  AND e.person = o.person AND e.key = o.key"
		"  AND e.enrolment <> o.enrolment AND e.entered_s > $after"
		" JOIN messages m ON m.enrolment = e.enrolment"
		"  AND m.step = $step AND m.state BETWEEN 3 AND 9"
		"  AND m.state <> 5 AND m.state <> 6"
		" WHERE o.enrolment = $enrolment LIMIT 1",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "enrolment", enrolment);
	jr_stmt_set_text(st, "step", step);
	jr_stmt_set_int(st, "after", after_s);
	return jr_stmt_row(st, yes, error);
}

gboolean jr_messages_of(JrDb *db, gint64 person, JrArena *arena,
			GArray *messages, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM messages WHERE person = $person"
			   " ORDER BY due_s, id",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_read_all(st, &jr_message_shape, arena, messages, error);
}

gboolean jr_messages_in(JrDb *db, JrMessageState state, guint limit,
			JrArena *arena, GArray *messages, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM messages WHERE state = $state"
			   " ORDER BY wake_s, settled_s, id LIMIT $limit",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "state", state);
	jr_stmt_set_int(st, "limit", limit);
	return jr_stmt_read_all(st, &jr_message_shape, arena, messages, error);
}
