#include "store/enrolments.h"
#include "base/terms.h"
#include "store/conn.h"
#include "store/counters.h"
#include "store/paths.h"
#include "store/stmt.h"

#include <stdlib.h>

#include <string.h>

static const char *const states[] = {
	[JR_ENROLMENT_LIVE] = "live",
	[JR_ENROLMENT_DONE] = "done",
	[JR_ENROLMENT_GOAL] = "goal",
	[JR_ENROLMENT_EXITED] = "exited",
};

const char *jr_enrolment_state_name(JrEnrolmentState state)
{
	return JR_TERM_NAME(states, state);
}

static const JrField enrolment_fields[] = {
	JR_INT64(JrEnrolment, enrolment),
	JR_TEXT(JrEnrolment, workflow),
	JR_TEXT(JrEnrolment, version),
	JR_INT64(JrEnrolment, person),
	JR_TEXT(JrEnrolment, key),
	JR_INT64(JrEnrolment, run),
	JR_INT64(JrEnrolment, entered_s),
	JR_INT64(JrEnrolment, trigger_seq),
	JR_INT64(JrEnrolment, trigger_s),
	JR_TEXT(JrEnrolment, step),
	JR_INT(JrEnrolment, state),
	JR_INT64(JrEnrolment, due_s),
	JR_INT64(JrEnrolment, watch_s),
	JR_INT64(JrEnrolment, goal_s),
	JR_INT64(JrEnrolment, ended_s),
	JR_TEXT(JrEnrolment, end_reason),
	JR_TEXT(JrEnrolment, vars),
	JR_TEXT(JrEnrolment, path),
	JR_FIELD_END,
};
static const JrShape enrolment_shape = { enrolment_fields,
					 sizeof(JrEnrolment) };

static const JrField version_fields[] = {
	JR_TEXT(JrVersion, hash), JR_TEXT(JrVersion, workflow),
	JR_TEXT(JrVersion, text), JR_INT64(JrVersion, first_s),
	JR_INT(JrVersion, aims),  JR_FIELD_END,
};

gboolean jr_version_put(JrDb *db, const JrVersion *version, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO versions (hash, workflow, text, first_s, aims)"
		" VALUES ($hash, $workflow, $text, $first_s, $aims)"
		" ON CONFLICT (hash) DO NOTHING",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, version_fields, version);
	return jr_stmt_run(st, error);
}

gboolean jr_version_get(JrDb *db, const char *hash, JrArena *arena,
			JrVersion *version, gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT * FROM versions WHERE hash = $hash", error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "hash", hash);
	*version = (JrVersion){ 0 };
	return jr_stmt_read_one(st, version_fields, version, arena, found,
				error);
}

static gboolean read_aims(JrDb *db, const char *hash, gboolean *aims,
			  gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT aims FROM versions WHERE hash = $hash", error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "hash", hash);
	if (!jr_stmt_row(st, found, error))
		return FALSE;
	*aims = *found && jr_stmt_int(st, 0);
	return TRUE;
}

/* One that is not there yet may come. */
gboolean jr_version_aims(JrDb *db, const char *hash, gboolean *aims,
			 GError **error)
{
	gpointer known = NULL;
	gboolean found;

	if (!db->aims)
		db->aims = g_hash_table_new_full(g_str_hash, g_str_equal,
						 g_free, NULL);
	*aims = FALSE;
	if (!hash)
		return TRUE;
	if (g_hash_table_lookup_extended(db->aims, hash, NULL, &known)) {
		*aims = GPOINTER_TO_INT(known);
		return TRUE;
	}
	if (!read_aims(db, hash, aims, &found, error))
		return FALSE;
	if (found)
		g_hash_table_insert(db->aims, g_strdup(hash),
				    GINT_TO_POINTER(*aims));
	return TRUE;
}

/* ---- beginning, going on, ending: each is counted ---- */

/* All that becomes of a run counts on the day on which it began. */
static JrCounter counter_of(const JrEnrolment *run, gint64 entered_s)
{
	return (JrCounter){ .day = jr_day_of(entered_s),
			    .workflow = run->workflow };
}

static void count(JrDb *db, const JrCounter *of, guint counted)
{
	JrCounter counter = *of;

	counter.counted = counted;
	counter.n = 1;
	jr_counter_later(db, &counter);
}

/* Whether there is a goal for it to reach. */
static gboolean has_aim(JrDb *db, const char *version, gint64 goal_s,
			gboolean *yes, GError **error)
{
	*yes = goal_s > 0;
	return *yes || jr_version_aims(db, version, yes, error);
}

/* Add @n to those on the way where @run is, which began at @entered_s. */
static void count_active(JrDb *db, const JrEnrolment *run, gint64 entered_s,
			 gboolean aims, gint64 n)
{
	JrCounter counter = counter_of(run, entered_s);

	if (run->state != JR_ENROLMENT_LIVE)
		return;
	counter.step = run->step;
	counter.counted = run->goal_s > 0 ? JR_COUNT_ACTIVE_GOAL
			  : aims	  ? JR_COUNT_ACTIVE_AIMS
					  : JR_COUNT_ACTIVE;
	counter.n = n;
	jr_counter_later(db, &counter);
}

static gboolean count_entered(JrDb *db, const JrEnrolment *run, GError **error)
{
	JrCounter counter = counter_of(run, run->entered_s);
	gboolean yes;

	if (!has_aim(db, run->version, run->goal_s, &yes, error))
		return FALSE;
	counter.aimed = yes;
	count(db, &counter, JR_COUNT_ENTERED);
	count_active(db, run, run->entered_s, yes, 1);
	return TRUE;
}

gboolean jr_enrolment_add(JrDb *db, JrEnrolment *enrolment, gboolean *fresh,
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO enrolments (workflow, version, person, key, run,"
		" entered_s, trigger_seq, trigger_s, step, state, due_s,"
		" watch_s, goal_s, ended_s, end_reason, vars)"
		" VALUES ($workflow, $version, $person, COALESCE($key, ''),"
		" $run, $entered_s, $trigger_seq, $trigger_s, $step, $state,"
		" $due_s, $watch_s, $goal_s, $ended_s, $end_reason, $vars)"
		" ON CONFLICT (workflow, person, key, run) DO NOTHING",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, enrolment_fields, enrolment);
	if (!jr_stmt_did(st, fresh, error))
		return FALSE;
	if (!*fresh)
		return TRUE;
	enrolment->enrolment = jr_stmt_key(st);
	return count_entered(db, enrolment, error);
}

/* Where it is on the way, and towards which goal, may be another. */
static gboolean count_place(JrDb *db, const JrEnrolment *was,
			    const JrEnrolment *now, GError **error)
{
	JrCounter counter = counter_of(now, was->entered_s);
	gboolean aimed, aims;

	if (!has_aim(db, was->version, was->goal_s, &aimed, error) ||
	    !has_aim(db, now->version, now->goal_s, &aims, error))
		return FALSE;
	counter.counted = JR_COUNT_ENTERED;
	counter.aimed = !!aims - !!aimed;
	if (counter.aimed)
		jr_counter_later(db, &counter);
	count_active(db, was, was->entered_s, aimed, -1);
	count_active(db, now, was->entered_s, aims, 1);
	return TRUE;
}

/* Ending is counted once, and the goal, whenever it is reached, once. */
static void count_change(JrDb *db, const JrEnrolment *was,
			 const JrEnrolment *now)
{
	static const guint endings[] = {
		[JR_ENROLMENT_DONE] = JR_COUNT_DONE,
		[JR_ENROLMENT_GOAL] = 0, /* told by goal_s */
		[JR_ENROLMENT_EXITED] = JR_COUNT_EXITED,
	};
	const JrCounter counter = counter_of(now, was->entered_s);
	gboolean ends = was->state == JR_ENROLMENT_LIVE &&
			now->state != JR_ENROLMENT_LIVE;

	if (ends && endings[now->state])
		count(db, &counter, endings[now->state]);
	if (!was->goal_s && now->goal_s)
		count(db, &counter, JR_COUNT_GOAL);
	jr_path_count(db, &counter, now->path,
		      was->path ? strlen(was->path) : 0);
}

/* Whether it goes on as it did, and only stands elsewhere. */
static gboolean goes_on(const JrEnrolment *was, const JrEnrolment *now)
{
	return was->state == now->state && was->watch_s == now->watch_s &&
	       was->ended_s == now->ended_s &&
	       g_strcmp0(was->end_reason, now->end_reason) == 0;
}

/* An index is written anew for a column that is named, changed or not. */
#define WRITE(also)                                                            \
	"UPDATE enrolments SET version = $version, step = $step,"              \
	" due_s = $due_s, goal_s = $goal_s, vars = $vars, path = $path" also   \
	" WHERE enrolment = $enrolment"

gboolean jr_enrolment_move(JrDb *db, const JrEnrolment *was,
			   const JrEnrolment *now, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		goes_on(was, now)
			? WRITE("")
			: WRITE(", state = $state, watch_s = $watch_s,"
				" ended_s = $ended_s,"
				" end_reason = $end_reason"),
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, enrolment_fields, now);
	if (!jr_stmt_run(st, error) || !count_place(db, was, now, error))
		return FALSE;
	count_change(db, was, now);
	return TRUE;
}

gboolean jr_enrolment_save(JrDb *db, const JrEnrolment *enrolment,
			   GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	JrEnrolment was;
	gboolean found;

	if (!jr_enrolment_get(db, enrolment->enrolment, arena, &was, &found,
			      error))
		return FALSE;
	g_assert(found); /* it is there */
	return jr_enrolment_move(db, &was, enrolment, error);
}

gboolean jr_enrolment_get(JrDb *db, gint64 number, JrArena *arena,
			  JrEnrolment *enrolment, gboolean *found,
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT * FROM enrolments WHERE enrolment = $enrolment",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "enrolment", number);
	*enrolment = (JrEnrolment){ 0 };
	return jr_stmt_read_one(st, enrolment_fields, enrolment, arena, found,
				error);
}

gboolean jr_enrolment_newest(JrDb *db, const JrEnrolment *ask, JrArena *arena,
			     JrEnrolment *enrolment, gboolean *found,
			     GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM enrolments WHERE workflow = $workflow"
			   " AND person = $person AND key = COALESCE($key, '')"
			   " ORDER BY run DESC LIMIT 1",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, enrolment_fields, ask);
	return jr_stmt_read_one(st, enrolment_fields, enrolment, arena, found,
				error);
}

static int compare_enrolments(gconstpointer a, gconstpointer b)
{
	const JrEnrolment *x = a, *y = b;

	return x->enrolment < y->enrolment ? -1 : x->enrolment > y->enrolment;
}

gboolean jr_enrolments_watching(JrDb *db, gint64 person, gint64 now_s,
				JrArena *arena, GArray *enrolments,
				GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM enrolments WHERE person = $person"
			   " AND watch_s >= $now",
			   error);
	guint before = enrolments->len;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	jr_stmt_set_int(st, "now", now_s);
	if (!jr_stmt_read_all(st, &enrolment_shape, arena, enrolments, error))
		return FALSE;
	/* There are few: to have SQLite sort them costs as much again. */
	if (enrolments->len > before + 1)
		qsort(&g_array_index(enrolments, JrEnrolment, before),
		      enrolments->len - before, sizeof(JrEnrolment),
		      compare_enrolments);
	return TRUE;
}

gboolean jr_enrolments_of(JrDb *db, gint64 person, JrArena *arena,
			  GArray *enrolments, GError **error)
{
	return jr_enrolments_watching(db, person, G_MININT64, arena, enrolments,
				      error);
}

/* Fill @enrolments from @st, and move @page on behind them. */
static gboolean read_page(JrStmt *st, JrEnrolmentPage *page, JrArena *arena,
			  GArray *enrolments, GError **error)
{
	guint before = enrolments->len;

	if (!jr_stmt_read_all(st, &enrolment_shape, arena, enrolments, error))
		return FALSE;
	if (enrolments->len > before) {
		const JrEnrolment *last = &g_array_index(
			enrolments, JrEnrolment, enrolments->len - 1);

		page->after_s = last->due_s;
		page->after = last->enrolment;
	}
	return TRUE;
}

gboolean jr_enrolments_due(JrDb *db, JrEnrolmentPage *page, JrArena *arena,
			   GArray *enrolments, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT * FROM enrolments WHERE state = 1 AND due_s <= $now"
		" AND (due_s, enrolment) > ($after_s, $after)"
		" ORDER BY due_s, enrolment LIMIT $limit",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "now", page->now_s);
	jr_stmt_set_int(st, "after_s", page->after_s);
	jr_stmt_set_int(st, "after", page->after);
	jr_stmt_set_int(st, "limit", page->limit);
	return read_page(st, page, arena, enrolments, error);
}

gboolean jr_enrolments_by(JrDb *db, const char *workflow, JrEnrolmentPage *page,
			  JrArena *arena, GArray *enrolments, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT * FROM enrolments WHERE state = 1"
			   " AND workflow = $workflow AND enrolment > $after"
			   " ORDER BY enrolment LIMIT $limit",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "workflow", workflow);
	jr_stmt_set_int(st, "after", page->after);
	jr_stmt_set_int(st, "limit", page->limit);
	return read_page(st, page, arena, enrolments, error);
}

gboolean jr_enrolments_wake(JrDb *db, const char *workflow, gint64 now_s,
			    GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE enrolments SET due_s = $now WHERE workflow = $workflow"
		" AND state = 1 AND due_s > $now AND COALESCE(step, '') <> ''",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "workflow", workflow);
	jr_stmt_set_int(st, "now", now_s);
	return jr_stmt_run(st, error);
}
