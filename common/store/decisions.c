#include "store/decisions.h"
#include "store/counters.h"
#include "store/stmt.h"

static const JrField decision_fields[] = {
	JR_INT64(JrDecisionRow, decision), JR_INT64(JrDecisionRow, at_s),
	JR_INT64(JrDecisionRow, person),   JR_TEXT(JrDecisionRow, workflow),
	JR_TEXT(JrDecisionRow, step),	   JR_INT64(JrDecisionRow, enrolment),
	JR_TEXT(JrDecisionRow, message),   JR_TEXT(JrDecisionRow, gate),
	JR_TEXT(JrDecisionRow, verdict),   JR_TEXT(JrDecisionRow, reason),
	JR_TEXT(JrDecisionRow, details),   JR_INT64(JrDecisionRow, opens_s),
	JR_INT(JrDecisionRow, channel),	   JR_FIELD_END,
};

static const JrField hold_fields[] = {
	JR_TEXT(JrHold, workflow),
	JR_INT64(JrHold, held_s),
	JR_TEXT(JrHold, held_by),
	JR_TEXT(JrHold, reason),
	JR_INT64(JrHold, released_s),
	JR_TEXT(JrHold, released_by),
	JR_FIELD_END,
};

static const JrField status_fields[] = {
	JR_TEXT(JrSenderStatus, provider),   JR_TEXT(JrSenderStatus, sender),
	JR_TEXT(JrSenderStatus, status),     JR_TEXT(JrSenderStatus, details),
	JR_INT64(JrSenderStatus, checked_s), JR_FIELD_END,
};

gboolean jr_decision_add(JrDb *db, JrDecisionRow *decision, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO decisions (at_s, person, workflow, step,"
		" enrolment, message, gate, verdict, reason, details, opens_s,"
		" channel) VALUES ($at_s, $person, $workflow, $step,"
		" $enrolment, $message, $gate, $verdict, $reason, $details,"
		" $opens_s, $channel)",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, decision_fields, decision);
	if (!jr_stmt_run(st, error))
		return FALSE;
	decision->decision = jr_stmt_key(st);
	return jr_verdict_count(db, decision, error);
}

#define DECISIONS(which)                                                       \
	"SELECT * FROM decisions WHERE " which                                 \
	" AND at_s BETWEEN $from AND $until"                                   \
	" AND ($workflow IS NULL OR workflow = $workflow)"                     \
	" AND ($message IS NULL OR message = $message) ORDER BY decision"

static const char by_person[] = DECISIONS("person = $person");
/* A message's person leads to its decisions. */
static const char by_message[] =
	DECISIONS("person = (SELECT person FROM messages WHERE id = $message)");
static const char by_time[] = DECISIONS("$person = 0");

gboolean jr_decisions_each(JrDb *db, const JrDecisionQuery *query,
			   JrDecisionFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db,
					  query->person	   ? by_person
					  : query->message ? by_message
							   : by_time,
					  error);
	JrDecisionRow decision;
	gboolean row;

	if (!st)
		return FALSE;
	if (query->person || !query->message)
		jr_stmt_set_int(st, "person", query->person);
	jr_stmt_set_int(st, "from", query->from_s);
	jr_stmt_set_int(st, "until",
			query->until_s ? query->until_s : G_MAXINT64);
	jr_stmt_set_text(st, "workflow", query->workflow);
	jr_stmt_set_text(st, "message", query->message);
	do {
		if (!jr_stmt_read_one(st, decision_fields, &decision, NULL,
				      &row, error))
			return FALSE;
	} while (row && each(&decision, user));
	return TRUE;
}

gboolean jr_hold_get(JrDb *db, const char *workflow, JrArena *arena,
		     JrHold *hold, gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM holds WHERE workflow = $workflow"
			   " ORDER BY held_s DESC LIMIT 1",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "workflow", workflow);
	*hold = (JrHold){ 0 };
	return jr_stmt_read_one(st, hold_fields, hold, arena, found, error);
}

static gboolean is_held(JrDb *db, const char *workflow, gboolean *yes,
			GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT held_s FROM holds WHERE workflow = $workflow"
			   " AND released_s = 0",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "workflow", workflow);
	return jr_stmt_row(st, yes, error);
}

gboolean jr_hold_put(JrDb *db, const JrHold *hold, gboolean *fresh,
		     GError **error)
{
	/* Held and released within one second: that hold goes on. */
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO holds (workflow, held_s, held_by, reason,"
		" released_s) VALUES ($workflow, $held_s, $held_by, $reason,"
		" 0) ON CONFLICT (workflow, held_s) DO UPDATE SET"
		" held_by = $held_by, reason = $reason, released_s = 0,"
		" released_by = NULL",
		error);
	gboolean held;

	if (!st || !is_held(db, hold->workflow, &held, error))
		return FALSE;
	*fresh = !held;
	jr_stmt_bind(st, hold_fields, hold);
	return held || jr_stmt_run(st, error);
}

gboolean jr_hold_release(JrDb *db, const JrHold *hold, gboolean *was,
			 GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE holds SET released_s = $released_s,"
		" released_by = $released_by WHERE workflow = $workflow"
		" AND released_s = 0 RETURNING workflow",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, hold_fields, hold);
	return jr_stmt_row(st, was, error);
}

gboolean jr_holds_each(JrDb *db, JrHoldFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT /* all */ * FROM holds WHERE released_s = 0"
			   " ORDER BY workflow",
			   error);
	JrHold hold = { 0 };
	gboolean row;

	if (!st)
		return FALSE;
	do {
		if (!jr_stmt_read_one(st, hold_fields, &hold, NULL, &row,
				      error))
			return FALSE;
	} while (row && each(&hold, user));
	return TRUE;
}

gboolean jr_sender_status_put(JrDb *db, const JrSenderStatus *status,
			      GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO senders (provider, sender, status, details,"
		" checked_s) VALUES ($provider, $sender, $status, $details,"
		" $checked_s) ON CONFLICT (provider, sender) DO UPDATE SET"
		" status = $status, details = $details,"
		" checked_s = $checked_s",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, status_fields, status);
	return jr_stmt_run(st, error);
}

gboolean jr_sender_status_get(JrDb *db, const char *provider,
			      const char *sender, JrArena *arena,
			      JrSenderStatus *status, gboolean *found,
			      GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM senders WHERE provider = $provider"
			   " AND sender = $sender",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "provider", provider);
	jr_stmt_set_text(st, "sender", sender);
	*status = (JrSenderStatus){ 0 };
	return jr_stmt_read_one(st, status_fields, status, arena, found, error);
}
