/* claims.c - the part of messages.h about claiming. */
#include "store/key.h"
#include "store/message_row.h"

/* What claiming looks at. */
typedef struct {
	JrMessage message;
	gboolean forbidden;
} Looked;

static const JrField looked_fields[] = {
	{ "message_row", JR_FIELD_INT64, G_STRUCT_OFFSET(Looked, message.row),
	  0 },
	{ "purpose", JR_FIELD_INT, G_STRUCT_OFFSET(Looked, message.purpose),
	  0 },
	{ "state", JR_FIELD_INT, G_STRUCT_OFFSET(Looked, message.state), 0 },
	{ "wake_s", JR_FIELD_INT64, G_STRUCT_OFFSET(Looked, message.wake_s),
	  0 },
	{ "attempts", JR_FIELD_INT64, G_STRUCT_OFFSET(Looked, message.attempts),
	  0 },
	JR_INT(Looked, forbidden),
	JR_FIELD_END,
};

#define LOOK(forbidden)                                                        \
	"SELECT m.message_row, m.purpose, m.state, m.wake_s, m.attempts,"      \
	" " forbidden " AS forbidden FROM messages m WHERE m.message_row ="    \
	" COALESCE(NULLIF($row, 0), (SELECT i.message_row"                     \
	"  FROM messages i WHERE i.id = $id))"

/* What the schema says of it is asked along; but of scratch, from which nothing
 * goes to anyone, the gates were asked alone. */
static gboolean look(JrDb *db, const JrClaim *claim, Looked *looked,
		     gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		jr_db_is_scratch(db)
			? LOOK("0")
			: LOOK("EXISTS (SELECT 1 FROM forbidden f"
			       "  WHERE f.message_row = m.message_row)"),
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "row", claim->row);
	jr_stmt_set_text(st, "id", claim->id);
	*looked = (Looked){ 0 };
	return jr_stmt_read_one(st, looked_fields, looked, NULL, found, error);
}

static gboolean can_claim(const JrMessage *message, gint64 now_s)
{
	return message->state == JR_MESSAGE_OFFERED ||
	       (message->state == JR_MESSAGE_WAITING &&
		message->wake_s <= now_s);
}

/* The one question for permission that a number is ever asked. */
static gboolean use_re_permission(JrDb *db, const char *id, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "INSERT INTO re_permissions (number_key, message)"
			   " SELECT number_key, id FROM messages WHERE id = $id"
			   " ON CONFLICT (number_key) DO NOTHING",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	return jr_stmt_run(st, error);
}

gboolean jr_message_asked(JrDb *db, const char *number, const char *except,
			  gboolean *yes, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT message FROM re_permissions"
			   " WHERE number_key = $key"
			   " AND ($except IS NULL OR message <> $except)",
			   error);
	char key[JR_SHA256_SIZE];

	if (!st)
		return FALSE;
	jr_key(db, "number", number, key);
	jr_stmt_set_text(st, "key", key);
	jr_stmt_set_text(st, "except", except);
	return jr_stmt_row(st, yes, error);
}

gboolean jr_message_from(JrDb *db, const char *id, const char *sender,
			 const char *scope, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET sender = $sender, scope = $scope"
		" WHERE id = $id",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	jr_stmt_set_text(st, "sender", sender);
	jr_stmt_set_text(st, "scope", scope);
	return jr_stmt_run(st, error);
}

/* @looked: what it will be. */
static gboolean write_attempts(JrDb *db, const JrClaim *claim,
			       const JrMessage *looked, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO attempts (message_row, attempt, device, started_s,"
		" ended_s, state, provider, cost_micros) VALUES ($message_row,"
		" $attempt, $device, $started_s, 0, 3, $provider, -1)",
		error);
	gsize i = 0;

	if (!st)
		return FALSE;
	do {
		JrAttempt row = {
			.attempt = looked->attempts,
			.device = claim->n_devices ? claim->devices[i] : 0,
			.started_s = claim->now_s,
			.provider = claim->providers ? claim->providers[i]
						     : claim->provider,
		};

		jr_stmt_again(st);
		jr_stmt_bind(st, jr_attempt_fields, &row);
		jr_stmt_set_int(st, "message_row", looked->row);
		if (!jr_stmt_run(st, error))
			return FALSE;
	} while (++i < claim->n_devices);
	return TRUE;
}

static gboolean write_claim(JrDb *db, const JrClaim *claim,
			    const JrMessage *looked, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET state = 3, wake_s = $limit,"
		" counted_s = $now, attempts = $attempt, provider = $provider"
		" WHERE message_row = $row",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "row", looked->row);
	jr_stmt_set_int(st, "now", claim->now_s);
	jr_stmt_set_int(st, "limit", claim->now_s + claim->limit_s);
	jr_stmt_set_int(st, "attempt", looked->attempts);
	jr_stmt_set_text(st, "provider", claim->provider);
	return jr_stmt_run(st, error);
}

gboolean jr_message_claim(JrDb *db, const JrClaim *claim, JrClaimResult *result,
			  gint64 *attempt, GError **error)
{
	Looked looked;
	gboolean found;

	if (!look(db, claim, &looked, &found, error))
		return FALSE;
	*result = found ? JR_CLAIM_TOO_LATE : JR_CLAIM_ABSENT;
	if (!found || !can_claim(&looked.message, claim->now_s))
		return TRUE;
	*result = looked.forbidden ? JR_CLAIM_FORBIDDEN : JR_CLAIM_TAKEN;
	if (looked.forbidden)
		return TRUE;
	*attempt = ++looked.message.attempts;
	return (looked.message.purpose != JR_PURPOSE_RE_PERMISSION ||
		use_re_permission(db, claim->id, error)) &&
	       write_attempts(db, claim, &looked.message, error) &&
	       write_claim(db, claim, &looked.message, error);
}
