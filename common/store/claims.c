/* claims.c - the part of messages.h about handing over: claim, settle. */
#include "store/key.h"
#include "store/message_row.h"

const JrField jr_attempt_fields[] = {
	JR_TEXT(JrAttempt, message),
	JR_INT64(JrAttempt, attempt),
	JR_INT64(JrAttempt, device),
	JR_INT64(JrAttempt, started_s),
	JR_INT64(JrAttempt, ended_s),
	JR_INT(JrAttempt, state),
	JR_TEXT(JrAttempt, provider),
	JR_TEXT(JrAttempt, provider_id),
	JR_TEXT(JrAttempt, code),
	JR_TEXT(JrAttempt, reason),
	JR_INT64(JrAttempt, cost_micros),
	JR_TEXT(JrAttempt, currency),
	JR_FIELD_END,
};
static const JrShape attempt_shape = { jr_attempt_fields, sizeof(JrAttempt) };

/* What claiming and settling look at: all but the texts that were rendered.
 * @arena NULL: only numbers are to be looked at. */
static gboolean read_message(JrDb *db, const char *id, JrArena *arena,
			     JrMessage *message, gboolean *found,
			     GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		arena ? "SELECT id, workflow, step, variant, person, channel,"
			" purpose, state, trigger_s, wake_s, country, segments,"
			" cost_micros, currency, attempts, accepted_s, provider"
			" FROM messages WHERE id = $id"
		      : "SELECT person, channel, purpose, state, wake_s,"
			" attempts, accepted_s FROM messages WHERE id = $id",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	*message = (JrMessage){ 0 };
	return jr_stmt_read_one(st, jr_message_fields, message, arena, found,
				error);
}

static gboolean can_claim(const JrMessage *message, gint64 now_s)
{
	return message->state == JR_MESSAGE_OFFERED ||
	       (message->state == JR_MESSAGE_WAITING &&
		message->wake_s <= now_s);
}

static gboolean is_forbidden(JrDb *db, const char *id, gboolean *yes,
			     GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT id FROM forbidden WHERE id = $id", error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	return jr_stmt_row(st, yes, error);
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

static gboolean write_attempts(JrDb *db, const JrClaim *claim, gint64 attempt,
			       GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO attempts (message, attempt, device, started_s,"
		" ended_s, state, provider, cost_micros) VALUES ($message,"
		" $attempt, $device, $started_s, 0, 3, $provider, -1)",
		error);
	gsize i = 0;

	if (!st)
		return FALSE;
	do {
		JrAttempt row = {
			.message = claim->id,
			.attempt = attempt,
			.device = claim->n_devices ? claim->devices[i] : 0,
			.started_s = claim->now_s,
			.provider = claim->providers ? claim->providers[i]
						     : claim->provider,
		};

		jr_stmt_again(st);
		jr_stmt_bind(st, jr_attempt_fields, &row);
		if (!jr_stmt_run(st, error))
			return FALSE;
	} while (++i < claim->n_devices);
	return TRUE;
}

static gboolean write_claim(JrDb *db, const JrClaim *claim, gint64 attempt,
			    GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET state = 3, wake_s = $limit,"
		" counted_s = $now, attempts = $attempt, provider = $provider"
		" WHERE id = $id",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", claim->id);
	jr_stmt_set_int(st, "now", claim->now_s);
	jr_stmt_set_int(st, "limit", claim->now_s + claim->limit_s);
	jr_stmt_set_int(st, "attempt", attempt);
	jr_stmt_set_text(st, "provider", claim->provider);
	return jr_stmt_run(st, error);
}

gboolean jr_message_claim(JrDb *db, const JrClaim *claim, JrClaimResult *result,
			  gint64 *attempt, GError **error)
{
	JrMessage message;
	gboolean found, forbidden;

	if (!read_message(db, claim->id, NULL, &message, &found, error))
		return FALSE;
	*result = found ? JR_CLAIM_TOO_LATE : JR_CLAIM_ABSENT;
	if (!found || !can_claim(&message, claim->now_s))
		return TRUE;
	if (!is_forbidden(db, claim->id, &forbidden, error))
		return FALSE;
	*result = forbidden ? JR_CLAIM_FORBIDDEN : JR_CLAIM_TAKEN;
	if (forbidden)
		return TRUE;
	*attempt = message.attempts + 1;
	return (message.purpose != JR_PURPOSE_RE_PERMISSION ||
		use_re_permission(db, claim->id, error)) &&
	       write_attempts(db, claim, *attempt, error) &&
	       write_claim(db, claim, *attempt, error);
}

/* *@done: it was under way, or unknown. */
static gboolean write_outcome(JrDb *db, const JrAttempt *attempt,
			      gboolean *done, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE attempts SET state = $state, ended_s = $ended_s,"
		" provider_id = $provider_id, code = $code, reason = $reason,"
		" cost_micros = $cost_micros, currency = $currency"
		" WHERE message = $message AND attempt = $attempt"
		" AND device = $device AND state IN (3, 7) RETURNING device",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_attempt_fields, attempt);
	return jr_stmt_row(st, done, error);
}

/*
 * The attempt of the message that decides: one still under way, else the best.
 * Its texts are borrowed from @st.
 */
static gboolean find_best(JrStmt *st, const JrAttempt *ask, JrAttempt *best,
			  GError **error)
{
	gboolean found;

	jr_stmt_bind(st, jr_attempt_fields, ask);
	*best = (JrAttempt){ 0 };
	if (!jr_stmt_read_one(st, jr_attempt_fields, best, NULL, &found, error))
		return FALSE;
	g_assert(found);
	return TRUE;
}

static const char best_attempt[] =
	"SELECT * FROM attempts WHERE message = $message"
	" AND attempt = $attempt ORDER BY CASE state WHEN 3 THEN 0"
	" WHEN 4 THEN 1 WHEN 7 THEN 2 WHEN 5 THEN 3 ELSE 4 END, device LIMIT 1";

/* Whether a place under the caps stays taken. */
static gboolean takes_place(JrMessageState state)
{
	return jr_message_rank(state) > 0;
}

/* An index is written anew for a column that is named, changed or not. */
#define VERDICT(also)                                                          \
	"UPDATE messages SET state = $state, settled_s = $ended_s,"            \
	" wake_s = $wake," also                                                \
	" accepted_s = CASE WHEN $state = 4 THEN $ended_s"                     \
	"  ELSE accepted_s END,"                                               \
	" provider = COALESCE($provider, provider),"                           \
	" provider_id = $provider_id, code = $code, reason = $reason,"         \
	" cost_micros = CASE WHEN $cost_micros < 0 THEN cost_micros"           \
	"  ELSE $cost_micros END,"                                             \
	" currency = CASE WHEN $cost_micros < 0 THEN currency"                 \
	"  ELSE COALESCE($currency, currency) END"                             \
	" WHERE id = $message"

static gboolean write_verdict(JrDb *db, const JrAttempt *best, gint64 wake_s,
			      GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db,
					  takes_place(best->state)
						  ? VERDICT("")
						  : VERDICT(" counted_s = 0,"),
					  error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_attempt_fields, best);
	jr_stmt_set_int(st, "wake",
			best->state == JR_MESSAGE_WAITING ? wake_s : 0);
	return jr_stmt_run(st, error);
}

/* What a verdict means in reports, of @message as it was before. */
static gboolean count_verdict(JrDb *db, const JrAttempt *best,
			      JrMessage *message, GError **error)
{
	gboolean accepted = best->state == JR_MESSAGE_ACCEPTED, fresh;

	if (!accepted && best->state != JR_MESSAGE_REFUSED)
		return TRUE;
	if (accepted)
		message->accepted_s = best->ended_s;
	if (best->provider)
		message->provider = best->provider;
	if (best->cost_micros >= 0) {
		message->cost_micros = best->cost_micros;
		if (best->currency)
			message->currency = best->currency;
	}
	JrMetricRow row = {
		.message = message,
		.metric = accepted ? JR_METRIC_SENT : JR_METRIC_FAILED,
		.at_s = best->ended_s,
	};
	return jr_metric_put(db, &row, &fresh, error);
}

/* Give @message the verdict of its attempts, if all have one. */
static gboolean settle_message(JrDb *db, const JrAttempt *attempt,
			       gint64 wake_s, JrMessage *message,
			       GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, best_attempt, error);
	JrAttempt best;

	if (!st || !find_best(st, attempt, &best, error))
		return FALSE;
	if (best.state == JR_MESSAGE_CLAIMED)
		return TRUE;
	message->state = best.state;
	return write_verdict(db, &best, wake_s, error) &&
	       count_verdict(db, &best, message, error);
}

static gboolean write_provider_id(JrDb *db, const JrAttempt *attempt,
				  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages"
		" SET provider_id = COALESCE(provider_id, $provider_id)"
		" WHERE id = $message",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_attempt_fields, attempt);
	return jr_stmt_run(st, error);
}

/* A receipt was faster than the answer, which alone has id and price. */
static gboolean write_late(JrDb *db, const JrAttempt *attempt,
			   const JrMessage *message, GError **error)
{
	const JrReceipt price = {
		.cost_micros = attempt->cost_micros,
		.currency = attempt->currency,
		.segments = -1,
	};

	return write_provider_id(db, attempt, error) &&
	       jr_message_price(db, message, &price, error);
}

static gboolean is_open(const JrMessage *message, const JrAttempt *attempt)
{
	return message->attempts == attempt->attempt &&
	       (message->state == JR_MESSAGE_CLAIMED ||
		message->state == JR_MESSAGE_UNKNOWN);
}

gboolean jr_attempt_settle(JrDb *db, const JrAttempt *attempt, gint64 wake_s,
			   JrMessageState *state, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	JrMessage message;
	gboolean found, done;

	if (!write_outcome(db, attempt, &done, error) ||
	    !read_message(db, attempt->message, arena, &message, &found, error))
		return FALSE;
	if (done && is_open(&message, attempt)) {
		if (!settle_message(db, attempt, wake_s, &message, error))
			return FALSE;
	} else if (done && !write_late(db, attempt, &message, error)) {
		return FALSE;
	}
	*state = message.state;
	return TRUE;
}

gboolean jr_attempts_of(JrDb *db, const char *message, JrArena *arena,
			GArray *attempts, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM attempts WHERE message = $message"
			   " ORDER BY attempt, device",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "message", message);
	return jr_stmt_read_all(st, &attempt_shape, arena, attempts, error);
}

static gboolean expire_attempts(JrDb *db, const char *id, gint64 now_s,
				GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "UPDATE attempts SET state = 7, ended_s = $now,"
			   " code = 'limit' WHERE message = $id AND state = 3",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	jr_stmt_set_int(st, "now", now_s);
	return jr_stmt_run(st, error);
}

/* The last attempt's verdict; perhaps another device was accepted. */
static gboolean expire(JrDb *db, const char *id, gint64 now_s, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	JrAttempt ask = { .message = id };
	JrMessage message;
	gboolean found;

	if (!expire_attempts(db, id, now_s, error) ||
	    !read_message(db, id, arena, &message, &found, error))
		return FALSE;
	ask.attempt = message.attempts;
	return settle_message(db, &ask, now_s, &message, error);
}

gboolean jr_messages_expire(JrDb *db, gint64 now_s, JrArena *arena,
			    GPtrArray *ids, GError **error)
{
	guint first = ids->len;

	if (!jr_messages_over(db, now_s, arena, ids, error))
		return FALSE;
	for (guint i = first; i < ids->len; i++)
		if (!expire(db, ids->pdata[i], now_s, error))
			return FALSE;
	return TRUE;
}
