/* settle.c - the part of messages.h about what came of handing over. */
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

/* What belongs to one call. */
typedef struct {
	JrDb *db;
	JrArena *arena; /* of texts that are read */
	JrAside *aside;
} Settling;

/* All but the texts that were rendered. */
static gboolean read_message(JrDb *db, const char *id, JrArena *arena,
			     JrMessage *message, gboolean *found,
			     GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT message_row, id, workflow, version, step, variant,"
		" person, channel, purpose, state, trigger_s, wake_s, country,"
		" segments,"
		" cost_micros, currency, attempts, accepted_s, provider"
		" FROM messages WHERE id = $id",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	*message = (JrMessage){ 0 };
	return jr_stmt_read_one(st, jr_message_fields, message, arena, found,
				error);
}

/* What may have changed of @message since it was claimed; who it is of changes
 * when people are merged. */
static gboolean read_changes(JrDb *db, JrMessage *message, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT person, state, segments, cost_micros, attempts,"
		" accepted_s FROM messages WHERE message_row = $message_row",
		error);
	gboolean found;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "message_row", message->row);
	return jr_stmt_read_one(st, jr_message_fields, message, NULL, &found,
				error);
}

/* *@done: it was under way, or unknown. */
static gboolean write_outcome(Settling *to, const JrMessage *message,
			      const JrAttempt *attempt, gboolean *done,
			      GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		to->db,
		"UPDATE attempts SET state = $state, ended_s = $ended_s,"
		" provider_id = $provider_id, code = $code, reason = $reason,"
		" cost_micros = $cost_micros, currency = $currency"
		" WHERE message_row = $message_row AND attempt = $attempt"
		" AND device = $device AND (state = 3 OR state = 7)",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_attempt_fields, attempt);
	jr_stmt_set_int(st, "message_row", message->row);
	if (!jr_stmt_run(st, error))
		return FALSE;
	*done = jr_stmt_changed(st) > 0;
	return TRUE;
}

/* The attempt of @message that decides: one still under way, else the best. */
static gboolean find_best(Settling *to, const JrMessage *message,
			  JrAttempt *best, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		to->db,
		"SELECT * FROM attempts WHERE message_row = $message_row"
		" AND attempt = $attempts ORDER BY CASE state WHEN 3 THEN 0"
		" WHEN 4 THEN 1 WHEN 7 THEN 2 WHEN 5 THEN 3 ELSE 4 END, device"
		" LIMIT 1",
		error);
	gboolean found;

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_message_fields, message);
	*best = (JrAttempt){ 0 };
	if (!jr_stmt_read_one(st, jr_attempt_fields, best, to->arena, &found,
			      error))
		return FALSE;
	g_assert(found);
	return TRUE;
}

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
	" WHERE message_row = $message_row"

static gboolean write_verdict(Settling *to, const JrMessage *message,
			      const JrAttempt *best, gint64 wake_s,
			      GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(to->db,
					  takes_place(best->state)
						  ? VERDICT("")
						  : VERDICT(" counted_s = 0,"),
					  error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_attempt_fields, best);
	jr_stmt_set_int(st, "message_row", message->row);
	jr_stmt_set_int(st, "wake",
			best->state == JR_MESSAGE_WAITING ? wake_s : 0);
	return jr_stmt_run(st, error);
}

/* What a verdict means in reports, of @message as it was before. */
static gboolean count_verdict(Settling *to, const JrAttempt *best,
			      JrMessage *message, GError **error)
{
	const gboolean accepted = best->state == JR_MESSAGE_ACCEPTED;
	/* What was sent has been accepted at some time. */
	const gboolean none = accepted && !message->accepted_s;
	gboolean fresh;

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
		.none = none,
		.aside = to->aside,
	};
	return jr_metric_put(to->db, &row, &fresh, error);
}

static gboolean give_verdict(Settling *to, const JrAttempt *best, gint64 wake_s,
			     JrMessage *message, GError **error)
{
	message->state = best->state;
	return write_verdict(to, message, best, wake_s, error) &&
	       count_verdict(to, best, message, error);
}

/* Give @message the verdict of the devices of its last attempt, if all have
 * one. */
static gboolean settle_devices(Settling *to, gint64 wake_s, JrMessage *message,
			       GError **error)
{
	JrAttempt best;

	if (!find_best(to, message, &best, error))
		return FALSE;
	return best.state == JR_MESSAGE_CLAIMED ||
	       give_verdict(to, &best, wake_s, message, error);
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

/* What has become of the message of @s by now. */
static gboolean load(Settling *to, const JrSettlement *s, JrMessage *message,
		     GError **error)
{
	gboolean found;

	if (!s->message) /* row 0 when there is none */
		return read_message(to->db, s->attempt.message, to->arena,
				    message, &found, error);
	*message = *s->message;
	return read_changes(to->db, message, error);
}

static gboolean settle_one(Settling *to, JrSettlement *s, GError **error)
{
	const JrAttempt *attempt = &s->attempt;
	JrMessage message;
	gboolean done, good = TRUE;

	if (!load(to, s, &message, error) ||
	    !write_outcome(to, &message, attempt, &done, error))
		return FALSE;
	if (done && !is_open(&message, attempt))
		good = write_late(to->db, attempt, &message, error);
	else if (done && s->alone)
		good = give_verdict(to, attempt, s->wake_s, &message, error);
	else if (done)
		good = settle_devices(to, s->wake_s, &message, error);
	s->state = message.state;
	return good;
}

gboolean jr_attempts_settle(JrDb *db, JrSettlement *all, gsize n,
			    GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	g_autoptr(JrAside) aside = jr_aside_new();
	Settling to = { db, arena, aside };

	for (gsize i = 0; i < n; i++)
		if (!settle_one(&to, &all[i], error))
			return FALSE;
	return jr_aside_write(aside, db, error);
}

gboolean jr_attempt_settle(JrDb *db, const JrAttempt *attempt, gint64 wake_s,
			   JrMessageState *state, GError **error)
{
	JrSettlement s = { .attempt = *attempt, .wake_s = wake_s };
	gboolean good = jr_attempts_settle(db, &s, 1, error);

	*state = s.state;
	return good;
}

gboolean jr_attempts_of(JrDb *db, const char *message, JrArena *arena,
			GArray *attempts, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT m.id AS message, a.* FROM messages m"
			   " JOIN attempts a ON a.message_row = m.message_row"
			   " WHERE m.id = $message"
			   " ORDER BY a.attempt, a.device",
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
			   " code = 'limit' WHERE message_row ="
			   " (SELECT message_row FROM messages"
			   "  WHERE id = $id) AND state = 3",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "id", id);
	jr_stmt_set_int(st, "now", now_s);
	return jr_stmt_run(st, error);
}

/* The last attempt's verdict; perhaps another device was accepted. */
static gboolean expire(Settling *to, const char *id, gint64 now_s,
		       GError **error)
{
	JrMessage message;
	gboolean found;

	if (!expire_attempts(to->db, id, now_s, error) ||
	    !read_message(to->db, id, to->arena, &message, &found, error))
		return FALSE;
	return settle_devices(to, now_s, &message, error);
}

gboolean jr_messages_expire(JrDb *db, gint64 now_s, JrArena *arena,
			    GPtrArray *ids, GError **error)
{
	g_autoptr(JrAside) aside = jr_aside_new();
	Settling to = { db, arena, aside };
	guint first = ids->len;

	if (!jr_messages_over(db, now_s, arena, ids, error))
		return FALSE;
	for (guint i = first; i < ids->len; i++)
		if (!expire(&to, ids->pdata[i], now_s, error))
			return FALSE;
	return jr_aside_write(aside, db, error);
}
