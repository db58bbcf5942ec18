#include "store/suppress.h"
#include "store/key.h"
#include "store/stmt.h"

static const JrField suppress_fields[] = {
	JR_INT(JrSuppress, kind),
	JR_INT64(JrSuppress, at_s),
	JR_TEXT(JrSuppress, reason),
	JR_TEXT(JrSuppress, source),
	JR_FIELD_END,
};

/* What a value is hashed as.  A number's is the ledger's, so that the schema
 * can compare them. */
static const char *const uses[] = {
	[JR_SUPPRESS_NUMBER] = "number",
	[JR_SUPPRESS_EMAIL] = "email",
	[JR_SUPPRESS_IDENTITY] = "identity",
};

/* @sql with kind, key and the other fields of @suppress bound; and its key,
 * which must live as long. */
static JrStmt *ask(JrDb *db, const char *sql, const JrSuppress *suppress,
		   char key[JR_SHA256_SIZE], GError **error)
{
	JrStmt *st = jr_db_stmt(db, sql, error);

	if (!st)
		return NULL;
	jr_key(db, uses[suppress->kind], suppress->value, key);
	jr_stmt_bind(st, suppress_fields, suppress);
	jr_stmt_set_text(st, "value_key", key);
	return st;
}

gboolean jr_suppress_add(JrDb *db, const JrSuppress *suppress, gboolean *fresh,
			 GError **error)
{
	char key[JR_SHA256_SIZE];
	g_autoptr(JrStmt) st =
		ask(db,
		    "INSERT INTO suppressions (kind, value_key, at_s, reason,"
		    " source) VALUES ($kind, $value_key, $at_s, $reason,"
		    " $source) ON CONFLICT (kind, value_key) DO NOTHING",
		    suppress, key, error);

	return st && jr_stmt_did(st, fresh, error);
}

gboolean jr_suppress_remove(JrDb *db, const JrSuppress *suppress, gboolean *was,
			    GError **error)
{
	char key[JR_SHA256_SIZE];
	g_autoptr(JrStmt) st = ask(db,
				   "DELETE FROM suppressions WHERE kind = $kind"
				   " AND value_key = $value_key",
				   suppress, key, error);

	return st && jr_stmt_did(st, was, error);
}

gboolean jr_suppress_has(JrDb *db, JrSuppress *asked, JrArena *arena,
			 gboolean *yes, GError **error)
{
	char key[JR_SHA256_SIZE];
	g_autoptr(JrStmt) st = ask(db,
				   "SELECT * FROM suppressions"
				   " WHERE kind = $kind"
				   " AND value_key = $value_key",
				   asked, key, error);

	return st &&
	       jr_stmt_read_one(st, suppress_fields, asked, arena, yes, error);
}

gboolean jr_suppress_any(JrDb *db, JrSuppressKind kind, gboolean *yes,
			 GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT kind FROM suppressions WHERE kind = $kind LIMIT 1",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "kind", kind);
	return jr_stmt_row(st, yes, error);
}

static const JrField subscription_fields[] = {
	JR_INT64(JrSubscription, person),
	JR_TEXT(JrSubscription, topic),
	{ "subscribed", JR_FIELD_INT, G_STRUCT_OFFSET(JrSubscription, on), 0 },
	JR_INT64(JrSubscription, at_s),
	JR_FIELD_END,
};
static const JrShape subscription_shape = { subscription_fields,
					    sizeof(JrSubscription) };

gboolean jr_subscription_set(JrDb *db, const JrSubscription *subscription,
			     gboolean *changed, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO subscriptions (person, topic, subscribed, at_s)"
		" VALUES ($person, $topic, $subscribed, $at_s)"
		" ON CONFLICT (person, topic) DO UPDATE SET"
		" subscribed = $subscribed, at_s = $at_s"
		" WHERE subscriptions.at_s <= $at_s",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, subscription_fields, subscription);
	return jr_stmt_did(st, changed, error);
}

gboolean jr_subscription_get(JrDb *db, gint64 person, const char *topic,
			     JrWish *wish, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT subscribed FROM subscriptions"
			   " WHERE person = $person AND topic = $topic",
			   error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	jr_stmt_set_text(st, "topic", topic);
	if (!jr_stmt_row(st, &row, error))
		return FALSE;
	*wish = !row		     ? JR_WISH_NONE
		: jr_stmt_int(st, 0) ? JR_WISH_ON
				     : JR_WISH_OFF;
	return TRUE;
}

gboolean jr_subscriptions_of(JrDb *db, gint64 person, JrArena *arena,
			     GArray *all, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM subscriptions WHERE person = $person"
			   " ORDER BY topic",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_read_all(st, &subscription_shape, arena, all, error);
}

static const JrField review_fields[] = {
	JR_INT64(JrReview, review), JR_INT64(JrReview, person),
	JR_TEXT(JrReview, number),  JR_INT64(JrReview, at_s),
	JR_TEXT(JrReview, text),    JR_INT64(JrReview, log_seq),
	JR_INT64(JrReview, done_s), JR_TEXT(JrReview, done_by),
	JR_TEXT(JrReview, verdict), JR_FIELD_END,
};
static const JrShape review_shape = { review_fields, sizeof(JrReview) };

gboolean jr_review_add(JrDb *db, JrReview *review, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO reviews (person, number, at_s, text, log_seq,"
		" done_s, done_by, verdict) VALUES ($person, $number, $at_s,"
		" $text, $log_seq, $done_s, $done_by, $verdict)"
		" RETURNING review",
		error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_bind(st, review_fields, review);
	return jr_stmt_read_one(st, review_fields, review, NULL, &row, error);
}

gboolean jr_review_done(JrDb *db, const JrReview *review, gboolean *was,
			GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE reviews SET done_s = $done_s, done_by = $done_by,"
		" verdict = $verdict WHERE review = $review AND done_s = 0"
		" RETURNING review",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, review_fields, review);
	return jr_stmt_row(st, was, error);
}

gboolean jr_review_get(JrDb *db, gint64 number, JrArena *arena,
		       JrReview *review, gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT * FROM reviews WHERE review = $review", error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "review", number);
	*review = (JrReview){ 0 };
	return jr_stmt_read_one(st, review_fields, review, arena, found, error);
}

gboolean jr_reviews_count(JrDb *db, gint64 *n, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT COUNT(*) FROM reviews WHERE done_s = 0", error);
	gboolean row;

	if (!st || !jr_stmt_row(st, &row, error))
		return FALSE;
	*n = jr_stmt_int(st, 0);
	return TRUE;
}

gboolean jr_reviews_open(JrDb *db, guint limit, JrArena *arena, GArray *reviews,
			 GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM reviews WHERE done_s = 0"
			   " ORDER BY review LIMIT $limit",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "limit", limit);
	return jr_stmt_read_all(st, &review_shape, arena, reviews, error);
}
