#include "store/erase.h"
#include "store/conn.h"
#include "store/enrolments.h"
#include "store/ledger.h"
#include "store/messages.h"
#include "store/people.h"
#include "store/suppress.h"

/*
 * What becomes of each table's rows about $person, in this order: what leads
 * to other rows goes last.  Numbers of messages, metrics and runs stay, for
 * the counters and so that nothing is sent anew; consents stay, blank.
 */
static const char *const wipes[] = {
	"UPDATE log SET name = NULL, id = NULL, data = NULL WHERE seq IN"
	" (SELECT seq FROM history WHERE person = $person)",
	"DELETE FROM history WHERE person = $person",
	"DELETE FROM identities WHERE person = $person",
	"DELETE FROM reviews WHERE number IN"
	" (SELECT number FROM numbers WHERE person = $person)",
	"DELETE FROM reviews WHERE person = $person",
	"DELETE FROM numbers WHERE person = $person",
	"DELETE FROM devices WHERE person = $person",
	"DELETE FROM removals WHERE person = $person",
	"DELETE FROM subscriptions WHERE person = $person",
	"UPDATE segments SET size = size - 1 WHERE segment IN"
	" (SELECT segment FROM members WHERE person = $person)",
	"DELETE FROM members WHERE person = $person",
	"DELETE FROM timers WHERE person = $person",
	"DELETE FROM lists WHERE person = $person",
	"DELETE FROM last_clicks WHERE person = $person",
	"UPDATE enrolments SET key = 'erased-' || enrolment, vars = NULL"
	" WHERE person = $person",
	"DELETE FROM clicks WHERE token IN (SELECT token FROM links"
	" WHERE message IN (SELECT id FROM messages WHERE person = $person))",
	"DELETE FROM links WHERE message IN"
	" (SELECT id FROM messages WHERE person = $person)",
	"UPDATE attempts SET reason = NULL WHERE message_row IN"
	" (SELECT message_row FROM messages WHERE person = $person)",
	"UPDATE messages SET address = NULL, number_key = NULL,"
	" content = NULL, reason = NULL WHERE person = $person",
	"DELETE FROM decisions WHERE person = $person",
	"UPDATE people SET id = 'erased', attributes = NULL, times = NULL,"
	" zone = NULL WHERE person = $person",
	"UPDATE people SET id = 'erased', attributes = NULL, times = NULL,"
	" zone = NULL WHERE merged_into = $person AND merged_into > 0",
};

static gboolean run_for(JrDb *db, const char *sql, gint64 person,
			GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, sql, error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_run(st, error);
}

static gboolean suppress(JrDb *db, const JrErase *erase, JrSuppressKind kind,
			 const char *value, GError **error)
{
	JrSuppress row = {
		.kind = kind,
		.value = value,
		.at_s = erase->at_s,
		.reason = erase->reason,
	};
	gboolean fresh;

	return jr_suppress_add(db, &row, &fresh, error);
}

/*
 * What came of a number before anyone known had it, as a STOP: a person's, now
 * that we know whose it was.
 */
static gboolean forget_number(JrDb *db, const char *number, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "DELETE FROM reviews WHERE number = $number AND person = 0",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "number", number);
	return jr_stmt_run(st, error) &&
	       jr_ledger_blank_number(db, number, error);
}

/* Numbers they have are on the list; one they had may be another's now. */
static gboolean forget_numbers(JrDb *db, const JrErase *erase, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrNumber));
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);

	if (!jr_person_numbers(db, erase->person, arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrNumber *one = &g_array_index(all, JrNumber, i);

		if ((one->now && !suppress(db, erase, JR_SUPPRESS_NUMBER,
					   one->number, error)) ||
		    !forget_number(db, one->number, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean bar_identity(JrDb *db, const JrErase *erase,
			     const JrIdentity *identity, GError **error)
{
	g_autofree char *name = g_strconcat(jr_identity_name(identity->kind),
					    ":", identity->value, NULL);

	return suppress(db, erase, JR_SUPPRESS_IDENTITY, name, error) &&
	       (identity->kind != JR_IDENTITY_EMAIL ||
		suppress(db, erase, JR_SUPPRESS_EMAIL, identity->value, error));
}

static gboolean bar_identities(JrDb *db, const JrErase *erase, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrIdentity));

	if (!jr_person_identities(db, erase->person, arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++)
		if (!bar_identity(db, erase, &g_array_index(all, JrIdentity, i),
				  error))
			return FALSE;
	return TRUE;
}

/* Live journeys end, and what they were about to send is not sent. */
static gboolean end_journeys(JrDb *db, const JrErase *erase, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrEnrolment));
	guint n;

	if (!jr_enrolments_watching(db, erase->person, G_MININT64, arena, all,
				    error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		JrEnrolment *run = &g_array_index(all, JrEnrolment, i);

		run->watch_s = 0;
		if (run->state == JR_ENROLMENT_LIVE) {
			run->state = JR_ENROLMENT_EXITED;
			run->ended_s = erase->at_s;
			run->end_reason = "erased";
		}
		if (!jr_enrolment_save(db, run, error) ||
		    !jr_messages_cancel(db, run->enrolment, erase->at_s,
					"erased", &n, error))
			return FALSE;
	}
	return TRUE;
}

/* The ledger's rows of @person and of those merged into them. */
static gboolean blank_ledger(JrDb *db, gint64 person, GError **error)
{
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT person FROM people WHERE merged_into = $person"
		" AND merged_into > 0",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	if (!jr_stmt_numbers(st, people, error))
		return FALSE;
	g_array_append_val(people, person);
	for (guint i = 0; i < people->len; i++)
		if (!jr_ledger_blank(db, g_array_index(people, gint64, i),
				     error))
			return FALSE;
	return TRUE;
}

static gboolean mark(JrDb *db, const JrErase *erase, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "UPDATE people SET state = 3, updated_s = $at"
			   " WHERE person = $person",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", erase->person);
	jr_stmt_set_int(st, "at", erase->at_s);
	return jr_stmt_run(st, error);
}

/* meta counts erasures, and how many of them scrubbing was done after. */
static gboolean count_erasure(JrDb *db, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO meta (name, value) VALUES ('erased', '1')"
		" ON CONFLICT (name) DO UPDATE SET"
		" value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)",
		error);

	return st && jr_stmt_run(st, error);
}

gboolean jr_person_erase(JrDb *db, const JrErase *erase, GError **error)
{
	g_assert(erase->person > 0);
	if (!forget_numbers(db, erase, error) ||
	    (erase->bar && !bar_identities(db, erase, error)) ||
	    !end_journeys(db, erase, error) ||
	    !blank_ledger(db, erase->person, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(wipes); i++)
		if (!run_for(db, wipes[i], erase->person, error))
			return FALSE;
	return mark(db, erase, error) && count_erasure(db, error);
}

/* How many erasures there were; 0: scrubbing was done after all of them. */
static gboolean read_owed(JrDb *db, gint64 *owed, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT CAST(e.value AS BIGINT) FROM meta e"
		" WHERE e.name = 'erased' AND NOT EXISTS (SELECT 1"
		"  FROM meta s WHERE s.name = 'scrubbed'"
		"  AND CAST(s.value AS BIGINT) >= CAST(e.value AS BIGINT))",
		error);
	gboolean row;

	if (!st || !jr_stmt_row(st, &row, error))
		return FALSE;
	*owed = row ? jr_stmt_int(st, 0) : 0;
	return TRUE;
}

/* Others may have been erased meanwhile: they are still owed. */
static gboolean settle_owed(JrDb *db, gpointer data, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO meta (name, value) VALUES ('scrubbed', $n)"
		" ON CONFLICT (name) DO UPDATE SET value = $n"
		" WHERE CAST(meta.value AS BIGINT) < CAST($n AS BIGINT)",
		error);
	g_autofree char *n =
		g_strdup_printf("%" G_GINT64_FORMAT, *(gint64 *)data);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "n", n);
	return jr_stmt_run(st, error);
}

gboolean jr_db_scrub(JrDb *db, GError **error)
{
	gint64 owed;

	if (!read_owed(db, &owed, error))
		return FALSE;
	return !owed || (db->driver->scrub(db->conn, error) &&
			 jr_db_write(db, settle_owed, &owed, error));
}
