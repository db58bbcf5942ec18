/*
 * Files that change, go and come back.  What a trigger has been given, timers
 * of people or a broadcast, is marked by a cursor whose name is made of all
 * that it came from; once no file says so any more the mark is forgotten, so
 * that the trigger is built anew when it comes back.  Workflows that migrate
 * have a cursor each with the version that people on the way were last told of.
 */
#include "base/hash.h"
#include "flow/schedule/impl.h"
#include "store/enrolments.h"

#include <string.h>

#define MARK "trigger:"

/* The cursor's name: of the workflow, and of all that its timers come from. */
static char *mark_name(const JrWorkflow *workflow)
{
	const JrTrigger *trigger = &workflow->trigger;
	g_autofree char *offset = jr_span_format(&trigger->offset);
	g_autofree char *rest = g_strdup_printf(
		"%d %d %d %d-%d-%d %d %d", trigger->yearly, trigger->minute,
		trigger->once, trigger->day.year, trigger->day.month,
		trigger->day.day, trigger->weekdays, trigger->month_day);
	const char *const parts[] = { workflow->name,
				      trigger->attribute ? trigger->attribute
							 : "",
				      trigger->name ? trigger->name : "",
				      offset,
				      rest,
				      NULL };

	return jr_hash_id(MARK, parts);
}

gboolean jr_schedule_marked(JrTick *tick, const JrWorkflow *workflow,
			    gint64 *at, GError **error)
{
	g_autofree char *name = mark_name(workflow);

	return jr_cursor_get(tick->flow->db, name, at, error);
}

gboolean jr_schedule_mark(JrTick *tick, const JrWorkflow *workflow, gint64 at,
			  GError **error)
{
	g_autofree char *name = mark_name(workflow);

	return jr_cursor_set(tick->flow->db, name, at, error);
}

/* ---- marks of what no file says any more ---- */

/* Take the marks of all files of @kind out of @names. */
static void spare(const JrTick *tick, JrTriggerKind kind, GPtrArray *names)
{
	const GPtrArray *all =
		jr_journey_files_of_kind(tick->journeys->files, kind);
	guint at;

	for (guint i = 0; i < all->len; i++) {
		g_autofree char *name = mark_name(all->pdata[i]);

		if (g_ptr_array_find_with_equal_func(names, name, g_str_equal,
						     &at))
			g_ptr_array_remove_index_fast(names, at);
	}
}

static GPtrArray *find_stale(const JrTick *tick, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	if (!jr_cursors_named(tick->flow->db, MARK, names, error))
		return NULL;
	spare(tick, JR_TRIGGER_DATE, names);
	spare(tick, JR_TRIGGER_SCHEDULE, names);
	return g_steal_pointer(&names);
}

static gboolean forget_stale(JrTick *tick, GError **error)
{
	g_autoptr(GPtrArray) names = find_stale(tick, error);

	for (guint i = 0; names && i < names->len; i++)
		if (!jr_cursor_set(tick->flow->db, names->pdata[i], 0, error))
			return FALSE;
	return names != NULL;
}

/* ---- who is on the way by another version ---- */

static char *told_name(const JrWorkflow *workflow)
{
	return g_strconcat("migrate:", workflow->name, NULL);
}

/* What the cursor is set to for the file as it is. */
static gint64 number_of(const JrWorkflow *workflow)
{
	return (gint64)(jr_hash64(workflow->hash, strlen(workflow->hash)) >>
			1) |
	       1;
}

/* The first workflow that migrates, and has not told whom it concerns. */
static gboolean find_untold(const JrTick *tick, const JrWorkflow **workflow,
			    GError **error)
{
	const GPtrArray *all = jr_journey_files_all(tick->journeys->files);

	*workflow = NULL;
	for (guint i = 0; i < all->len && !*workflow; i++) {
		const JrWorkflow *one = all->pdata[i];
		g_autofree char *name = told_name(one);
		gint64 told = 0;

		if (!one->migrate)
			continue;
		if (!jr_cursor_get(tick->flow->db, name, &told, error))
			return FALSE;
		if (told != number_of(one))
			*workflow = one;
	}
	return TRUE;
}

/* Whoever rests looks again: pauses may be others, and so may the exits. */
static gboolean tell(JrTick *tick, const JrWorkflow *workflow, GError **error)
{
	g_autofree char *name = told_name(workflow);

	return jr_enrolments_wake(tick->flow->db, workflow->name,
				  tick->journeys->now_s, error) &&
	       jr_cursor_set(tick->flow->db, name, number_of(workflow), error);
}

/* ---- the phase ---- */

static gboolean renew_idle(JrTick *tick, gboolean *idle, GError **error)
{
	g_autoptr(GPtrArray) stale = find_stale(tick, error);
	const JrWorkflow *untold = NULL;

	if (!stale || !find_untold(tick, &untold, error))
		return FALSE;
	*idle = stale->len == 0 && !untold;
	return TRUE;
}

static gboolean renew(JrTick *tick, GError **error)
{
	const JrWorkflow *untold = NULL;

	if (!forget_stale(tick, error) || !find_untold(tick, &untold, error))
		return FALSE;
	tick->more = untold != NULL;
	return !untold || tell(tick, untold, error);
}

const JrPhase jr_phase_renew = { "renew", renew_idle, renew };
