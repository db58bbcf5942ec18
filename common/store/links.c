/* links.c - short links and their clicks: the last part of receipts.h. */
#include "store/receipts.h"
#include "store/stmt.h"

static const JrField link_fields[] = {
	JR_TEXT(JrLink, token),	     JR_TEXT(JrLink, message),
	JR_TEXT(JrLink, url),	     JR_INT64(JrLink, created_s),
	JR_INT64(JrLink, expires_s), JR_FIELD_END,
};

static const JrField click_fields[] = {
	JR_TEXT(JrClick, token), JR_INT64(JrClick, at_s),
	JR_TEXT(JrClick, agent), JR_INT(JrClick, bot),
	JR_INT64(JrClick, seq),	 JR_FIELD_END,
};

gboolean jr_link_put(JrDb *db, const JrLink *link, gboolean *fresh,
		     GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO links (token, message, url, created_s,"
		" expires_s) VALUES ($token, $message, $url, $created_s,"
		" $expires_s) ON CONFLICT (token) DO NOTHING",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, link_fields, link);
	return jr_stmt_did(st, fresh, error);
}

gboolean jr_link_get(JrDb *db, const char *token, JrArena *arena, JrLink *link,
		     gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT * FROM links WHERE token = $token", error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "token", token);
	*link = (JrLink){ 0 };
	return jr_stmt_read_one(st, link_fields, link, arena, found, error);
}

gboolean jr_links_each(JrDb *db, gint64 now_s, JrLinkFn each, gpointer user,
		       GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT /* all */ * FROM links"
		" WHERE expires_s = 0 OR expires_s > $now ORDER BY token",
		error);
	gboolean row;
	JrLink link;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "now", now_s);
	do {
		if (!jr_stmt_read_one(st, link_fields, &link, NULL, &row,
				      error))
			return FALSE;
	} while (row && each(&link, user));
	return TRUE;
}

static gboolean insert_click(JrDb *db, const JrClick *click, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "INSERT INTO clicks (token, at_s, agent, bot, seq)"
			   " VALUES ($token, $at_s, $agent, $bot, $seq)",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, click_fields, click);
	return jr_stmt_run(st, error);
}

gboolean jr_click_add(JrDb *db, const JrClick *click, JrArena *arena,
		      char **message, gboolean *first, GError **error)
{
	JrLink link;
	gboolean found;

	*message = NULL;
	*first = FALSE;
	if (!jr_link_get(db, click->token, arena, &link, &found, error))
		return FALSE;
	if (!found)
		return TRUE;
	*message = (char *)link.message;
	if (!insert_click(db, click, error))
		return FALSE;
	if (click->bot)
		return TRUE;
	JrReceipt receipt = {
		.message = link.message,
		.metric = JR_METRIC_CLICKED,
		.at_s = click->at_s,
		.seq = click->seq,
		.cost_micros = -1,
		.segments = -1,
	};
	return jr_receipt_add(db, &receipt, first, error);
}
