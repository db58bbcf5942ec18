#include "store/outcome.h"
#include "store/stmt.h"

static const JrField fields[] = {
	JR_INT64(JrOutcome, at_s),
	JR_TEXT(JrOutcome, message),
	JR_TEXT(JrOutcome, workflow),
	JR_TEXT(JrOutcome, step),
	JR_INT(JrOutcome, channel),
	JR_TEXT(JrOutcome, person),
	JR_INT64(JrOutcome, segments),
	JR_INT64(JrOutcome, cost_micros),
	JR_TEXT(JrOutcome, gate),
	JR_TEXT(JrOutcome, verdict),
	JR_FIELD_END,
};

static gboolean show(JrStmt *st, const JrOutcomeQuery *query, JrOutcomeFn each,
		     gpointer user, GError **error)
{
	JrOutcome outcome = { 0 };
	gboolean row;

	jr_stmt_set_int(st, "from", query->from_s);
	jr_stmt_set_int(st, "until", query->until_s);
	do {
		if (!jr_stmt_read_one(st, fields, &outcome, NULL, &row, error))
			return FALSE;
	} while (row && each(&outcome, user));
	return TRUE;
}

gboolean jr_outcomes_sent(JrDb *db, const JrOutcomeQuery *query,
			  JrOutcomeFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT m.accepted_s AS at_s, m.id AS message, m.workflow,"
		" m.step, m.channel, p.id AS person, m.segments,"
		" m.cost_micros FROM messages m"
		" JOIN people p ON p.person = m.person"
		" WHERE m.accepted_s > 0"
		" AND m.accepted_s BETWEEN $from AND $until"
		" ORDER BY m.accepted_s, m.id",
		error);

	return st && show(st, query, each, user, error);
}

gboolean jr_outcomes_decided(JrDb *db, const JrOutcomeQuery *query,
			     JrOutcomeFn each, gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT d.at_s, d.message, d.workflow, d.step, m.channel,"
		" p.id AS person, m.segments, m.cost_micros, d.gate,"
		" d.verdict FROM decisions d"
		" JOIN messages m ON m.id = d.message"
		" JOIN people p ON p.person = d.person"
		" WHERE d.at_s BETWEEN $from AND $until"
		" ORDER BY d.at_s, d.decision",
		error);

	return st && show(st, query, each, user, error);
}

/* The least of a column, by the end of an index; or never. */
#define FIRST(column, from)                                                    \
	"COALESCE((SELECT " column " FROM " from " ORDER BY " column           \
	" LIMIT 1), 9223372036854775807)"

static const char nexts[] =
	"SELECT " FIRST("since_s", "members WHERE segment = 0") ", " FIRST("due_s", "timers WHERE kind = 2") ", " FIRST("due_s", "timers WHERE kind = 3") ", " FIRST(
		"due_s",
		"enrolments WHERE state = 1") ", " FIRST("wake_s",
							 "messages WHERE state = 1") ", " FIRST("wake_s",
												"messages WHERE state = 2") ", " FIRST("wake_s",
																       "messages WHERE state = 5");
#define NEXTS 7 /* columns: the first is of segments */

gboolean jr_outcome_next(JrDb *db, JrNext *next, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, nexts, error);
	gboolean row;

	if (!st || !jr_stmt_row(st, &row, error))
		return FALSE;
	next->segments_s = jr_stmt_int(st, 0);
	next->journeys_s = G_MAXINT64;
	for (int i = 1; i < NEXTS; i++)
		next->journeys_s = MIN(next->journeys_s, jr_stmt_int(st, i));
	return TRUE;
}
