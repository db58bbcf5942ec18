/* merge.c - two people become one: the last part of people.h. */
#include "store/people.h"
#include "store/enrolments.h"
#include "store/messages.h"
#include "store/stmt.h"

/*
 * What moves without more ado, in this order: $loser's rows become $winner's;
 * where both have a row of the same key, the one that is right stays.
 */
static const char *const moves[] = {
	"UPDATE log SET person = $winner WHERE seq IN"
	" (SELECT seq FROM history WHERE person = $loser)",
	"UPDATE history SET person = $winner WHERE person = $loser",
	"UPDATE identities SET person = $winner WHERE person = $loser",
	"INSERT INTO numbers (number, person) SELECT number, $winner"
	" FROM numbers WHERE person = $loser ON CONFLICT DO NOTHING",
	"DELETE FROM numbers WHERE person = $loser",
	"UPDATE devices SET person = $winner WHERE person = $loser",
	"INSERT INTO removals (person, token, at_ms)"
	" SELECT $winner, token, at_ms FROM removals"
	" WHERE person = $loser ON CONFLICT (person, token) DO UPDATE SET"
	" at_ms = excluded.at_ms WHERE excluded.at_ms > removals.at_ms",
	"DELETE FROM removals WHERE person = $loser",
	"INSERT INTO consent_state (number_key, channel, scope, person, in_s,"
	" in_row, out_s, out_row) SELECT number_key, channel, scope, $winner,"
	" in_s, in_row, out_s, out_row FROM consent_state"
	" WHERE person = $loser"
	" ON CONFLICT (number_key, channel, scope, person) DO UPDATE SET"
	" in_row = CASE WHEN excluded.in_s > consent_state.in_s"
	"  THEN excluded.in_row ELSE consent_state.in_row END,"
	" in_s = CASE WHEN excluded.in_s > consent_state.in_s"
	"  THEN excluded.in_s ELSE consent_state.in_s END,"
	" out_row = CASE WHEN excluded.out_s > consent_state.out_s"
	"  THEN excluded.out_row ELSE consent_state.out_row END,"
	" out_s = CASE WHEN excluded.out_s > consent_state.out_s"
	"  THEN excluded.out_s ELSE consent_state.out_s END",
	"DELETE FROM consent_state WHERE person = $loser",
	"UPDATE reviews SET person = $winner WHERE person = $loser",
	"INSERT INTO subscriptions (person, topic, subscribed, at_s)"
	" SELECT $winner, topic, subscribed, at_s FROM subscriptions"
	" WHERE person = $loser ON CONFLICT (person, topic) DO UPDATE SET"
	" subscribed = excluded.subscribed, at_s = excluded.at_s"
	" WHERE excluded.at_s > subscriptions.at_s",
	"DELETE FROM subscriptions WHERE person = $loser",
	"UPDATE segments SET size = size - 1 WHERE segment IN"
	" (SELECT l.segment FROM members l JOIN members w"
	"  ON w.segment = l.segment AND w.person = $winner"
	"  WHERE l.person = $loser)",
	"INSERT INTO members (segment, person, since_s)"
	" SELECT segment, $winner, since_s FROM members"
	" WHERE person = $loser ON CONFLICT (segment, person) DO UPDATE SET"
	" since_s = CASE WHEN excluded.since_s < members.since_s"
	"  THEN excluded.since_s ELSE members.since_s END",
	"DELETE FROM members WHERE person = $loser",
	/* The earlier one: what is due for nothing finds that out then. */
	"INSERT INTO timers (kind, owner, person, due_s, note)"
	" SELECT kind, owner, $winner, due_s, note FROM timers"
	" WHERE person = $loser ON CONFLICT (kind, owner, person)"
	" DO UPDATE SET due_s = excluded.due_s, note = excluded.note"
	" WHERE excluded.due_s < timers.due_s",
	"DELETE FROM timers WHERE person = $loser",
	"INSERT INTO lists (name, person, listed, at_s)"
	" SELECT name, $winner, listed, at_s FROM lists"
	" WHERE person = $loser ON CONFLICT (name, person) DO UPDATE SET"
	" listed = excluded.listed, at_s = excluded.at_s"
	" WHERE excluded.at_s > lists.at_s",
	"DELETE FROM lists WHERE person = $loser",
	"INSERT INTO last_clicks (person, channel, at_s)"
	" SELECT $winner, channel, at_s FROM last_clicks"
	" WHERE person = $loser ON CONFLICT (person, channel) DO UPDATE SET"
	" at_s = excluded.at_s WHERE excluded.at_s > last_clicks.at_s",
	"DELETE FROM last_clicks WHERE person = $loser",
	"UPDATE messages SET person = $winner WHERE person = $loser",
	"UPDATE metrics SET person = $winner WHERE person = $loser",
	"UPDATE decisions SET person = $winner WHERE person = $loser",
	"UPDATE people SET merged_into = $winner"
	" WHERE merged_into = $loser AND merged_into > 0",
};

typedef struct {
	gint64 winner, loser;
} Pair;

static const JrField pair_fields[] = {
	JR_INT64(Pair, winner),
	JR_INT64(Pair, loser),
	JR_FIELD_END,
};

static gboolean move(JrDb *db, const char *sql, const Pair *pair,
		     GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, sql, error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, pair_fields, pair);
	return jr_stmt_run(st, error);
}

/* The runs of one workflow and key that a person has. */
typedef struct {
	gint64 newest, oldest; /* numbers of runs */
	gint64 entered_s;      /* of the newest */
	gboolean live;	       /* one of them is */
	gint64 n;
} Runs;

static const JrField runs_fields[] = {
	JR_INT64(Runs, newest),	   JR_INT64(Runs, oldest),
	JR_INT64(Runs, entered_s), JR_INT(Runs, live),
	JR_INT64(Runs, n),	   JR_FIELD_END,
};

static gboolean look_at(JrDb *db, gint64 person, const JrEnrolment *one,
			Runs *runs, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT COALESCE(MAX(run), 0) AS newest,"
		" COALESCE(MIN(run), 1) AS oldest,"
		" COALESCE(MAX(entered_s), 0) AS entered_s,"
		" COALESCE(MAX(CASE WHEN state = 1 THEN 1 ELSE 0 END), 0)"
		"  AS live, COUNT(*) AS n FROM enrolments"
		" WHERE workflow = $workflow AND person = $person"
		" AND key = $key",
		error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "workflow", one->workflow);
	jr_stmt_set_text(st, "key", one->key);
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_read_one(st, runs_fields, runs, NULL, &row, error);
}

/* Two live runs of the same: the winner's goes on. */
static gboolean end_run(JrDb *db, JrEnrolment *run, gint64 at_s, GError **error)
{
	guint n;

	run->state = JR_ENROLMENT_EXITED;
	run->ended_s = at_s;
	run->watch_s = 0;
	run->end_reason = "merged";
	return jr_enrolment_save(db, run, error) &&
	       jr_messages_cancel(db, run->enrolment, at_s, "merged", &n,
				  error);
}

/*
 * By how much the loser's runs are renumbered, so that none stands twice and
 * the newest has the highest number: behind the winner's, or before them.
 * The winner's own keep theirs, for messages are named by them.
 */
static gint64 shift_of(const Runs *winner, const Runs *loser)
{
	if (!winner->n)
		return 0;
	if (!winner->live &&
	    (loser->live || loser->entered_s > winner->entered_s))
		return winner->newest - loser->oldest + 1;
	return winner->oldest - loser->newest - 1;
}

static gboolean shift(JrDb *db, const JrEnrolment *one, gint64 winner,
		      gint64 by, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE enrolments SET person = $winner, run = run + $by"
		" WHERE workflow = $workflow AND person = $loser"
		" AND key = $key",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "winner", winner);
	jr_stmt_set_int(st, "loser", one->person);
	jr_stmt_set_text(st, "workflow", one->workflow);
	jr_stmt_set_text(st, "key", one->key);
	jr_stmt_set_int(st, "by", by);
	return jr_stmt_run(st, error);
}

/* Move all runs of @one's workflow and key. */
static gboolean move_runs(JrDb *db, JrEnrolment *one, gint64 winner,
			  gint64 at_s, GError **error)
{
	Runs theirs, ours;

	if (!look_at(db, winner, one, &theirs, error) ||
	    !look_at(db, one->person, one, &ours, error))
		return FALSE;
	if (theirs.live && one->state == JR_ENROLMENT_LIVE) {
		if (!end_run(db, one, at_s, error) ||
		    !look_at(db, one->person, one, &ours, error))
			return FALSE;
	}
	return !ours.n ||
	       shift(db, one, winner, shift_of(&theirs, &ours), error);
}

/* Live ones first: which of them there is decides where the others go. */
static gboolean move_journeys(JrDb *db, gint64 winner, gint64 loser,
			      gint64 at_s, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrEnrolment));

	if (!jr_enrolments_of(db, loser, arena, all, error))
		return FALSE;
	for (guint pass = 0; pass < 2; pass++) {
		for (guint i = 0; i < all->len; i++) {
			JrEnrolment *one = &g_array_index(all, JrEnrolment, i);
			gboolean live = one->state == JR_ENROLMENT_LIVE;

			if (live == (pass == 0) &&
			    !move_runs(db, one, winner, at_s, error))
				return FALSE;
		}
	}
	return TRUE;
}

static gboolean mark(JrDb *db, gint64 winner, gint64 loser, gint64 at_s,
		     GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "UPDATE people SET state = 4, merged_into = $winner,"
			   " attributes = NULL, times = NULL, zone = NULL,"
			   " updated_s = $at WHERE person = $loser",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "winner", winner);
	jr_stmt_set_int(st, "loser", loser);
	jr_stmt_set_int(st, "at", at_s);
	return jr_stmt_run(st, error);
}

gboolean jr_people_merge(JrDb *db, gint64 winner, gint64 loser, gint64 at_s,
			 GError **error)
{
	const Pair pair = { winner, loser };

	g_assert(winner && loser && winner != loser);
	if (!move_journeys(db, winner, loser, at_s, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(moves); i++)
		if (!move(db, moves[i], &pair, error))
			return FALSE;
	return mark(db, winner, loser, at_s, error);
}
