/*
 * Date triggers: each person who has the date has a timer in the store, set
 * when the date is, so that a tick asks for those that are due and no others.
 * A workflow whose trigger is new or changed has its timers set for everyone,
 * a page a chunk; how far that is stands in a cursor of its own.
 */
#include "flow/schedule/impl.h"
#include "store/segments.h"

#include <string.h>

/* ---- setting timers ---- */

/* Set the timer of @who for @workflow: next due after @after_s, or none. */
static gboolean set_timer(JrTick *tick, const JrWorkflow *workflow,
			  const JrTraveller *who, gint64 after_s,
			  GError **error)
{
	const JrTrigger *trigger = &workflow->trigger;
	const JrVal *val = jr_val_path(who->attributes, trigger->attribute);
	JrTimer timer = { .kind = JR_TIMER_TRIGGER,
			  .owner = workflow->name,
			  .person = who->row.person };

	/* No date, or none that can be read: no timer. */
	if (jr_val_is_null(val) ||
	    !jr_trigger_next_date(trigger, val, who->zone, after_s,
				  &timer.due_s, NULL))
		timer.due_s = 0;
	return jr_timers_set(tick->flow->db, &timer, 1, error);
}

/* The same for whoever @person is; who is gone loses the timer. */
static gboolean set_timer_of(JrTick *tick, const JrWorkflow *workflow,
			     gint64 person, gint64 after_s, GError **error)
{
	JrArena *arena = tick->journeys->arena;
	JrTraveller who;
	gboolean found = FALSE;

	jr_arena_reset(arena);
	return jr_traveller_load(tick->flow, person, arena, &who, &found,
				 error) &&
	       set_timer(tick, workflow, &who, after_s, error);
}

gboolean jr_schedule_dates_row(JrTick *tick, const JrLogRow *row,
			       GError **error)
{
	const GPtrArray *dated = jr_journey_files_of_kind(tick->journeys->files,
							  JR_TRIGGER_DATE);
	gint64 now_s = tick->journeys->now_s;
	gint64 after_s =
		row->flags & JR_LOG_HISTORY ? now_s : MIN(row->at_s, now_s) - 1;

	if (row->person == 0 ||
	    (row->kind != JR_LOG_IDENTIFY && row->kind != JR_LOG_MERGE))
		return TRUE;
	for (guint i = 0; i < dated->len; i++)
		if (!set_timer_of(tick, dated->pdata[i], row->person, after_s,
				  error))
			return FALSE;
	return TRUE;
}

/* ---- building for a new trigger ---- */

/* The first workflow whose timers are not all set; NULL: none. */
static gboolean find_unbuilt(JrTick *tick, const JrWorkflow **workflow,
			     gint64 *at, GError **error)
{
	const GPtrArray *dated = jr_journey_files_of_kind(tick->journeys->files,
							  JR_TRIGGER_DATE);

	*workflow = NULL;
	for (guint i = 0; i < dated->len; i++) {
		if (!jr_schedule_marked(tick, dated->pdata[i], at, error))
			return FALSE;
		if (*at < G_MAXINT64) {
			*workflow = dated->pdata[i];
			break;
		}
	}
	return TRUE;
}

static gboolean build_idle(JrTick *tick, gboolean *idle, GError **error)
{
	const JrWorkflow *workflow;
	gint64 at;

	if (!find_unbuilt(tick, &workflow, &at, error))
		return FALSE;
	*idle = workflow == NULL;
	return TRUE;
}

static gboolean build(JrTick *tick, GError **error)
{
	g_autoptr(GArray) page = g_array_new(FALSE, FALSE, sizeof(JrPerson));
	const JrWorkflow *workflow;
	gint64 at = 0;

	if (!find_unbuilt(tick, &workflow, &at, error) || !workflow)
		return workflow == NULL;
	if (at == 0 && !jr_timers_drop(tick->flow->db, JR_TIMER_TRIGGER,
				       workflow->name, error))
		return FALSE;
	if (!jr_people_page(tick->flow->db, at, JR_SCHEDULE_CHUNK, tick->arena,
			    page, error))
		return FALSE;
	for (guint i = 0; i < page->len; i++) {
		at = g_array_index(page, JrPerson, i).person;
		if (!set_timer_of(tick, workflow, at, tick->journeys->now_s,
				  error))
			return FALSE;
	}
	tick->more = TRUE;
	if (page->len < JR_SCHEDULE_CHUNK)
		at = G_MAXINT64;
	return jr_schedule_mark(tick, workflow, at, error);
}

const JrPhase jr_phase_dates_build = { "dates-build", build_idle, build };

/* ---- timers that are due ---- */

static gboolean dates_due(JrTick *tick, guint limit, GArray *timers,
			  GError **error)
{
	return jr_timers_due(tick->flow->db, JR_TIMER_TRIGGER,
			     tick->journeys->now_s, limit, tick->arena, timers,
			     error);
}

static gboolean dates_idle(JrTick *tick, gboolean *idle, GError **error)
{
	g_autoptr(GArray) timers = g_array_new(FALSE, FALSE, sizeof(JrTimer));

	jr_arena_reset(tick->arena);
	if (!dates_due(tick, 1, timers, error))
		return FALSE;
	*idle = timers->len == 0;
	return TRUE;
}

/* The day has come for one person; the next one may come next year. */
static gboolean ring(JrTick *tick, const JrTimer *timer, GError **error)
{
	const JrWorkflow *workflow =
		jr_journey_files_find(tick->journeys->files, timer->owner);
	const JrJourneyEntry entry = { .workflow = workflow,
				       .person = timer->person,
				       .at_s = timer->due_s };
	const JrTimer none = { .kind = JR_TIMER_TRIGGER,
			       .owner = timer->owner,
			       .person = timer->person };

	if (!workflow || workflow->trigger.kind != JR_TRIGGER_DATE)
		return jr_timers_set(tick->flow->db, &none, 1, error);
	jr_arena_reset(tick->journeys->arena);
	return jr_journey_enter(tick->journeys, &entry, error) &&
	       set_timer_of(tick, workflow, timer->person, timer->due_s, error);
}

static gboolean take_dates(JrTick *tick, GError **error)
{
	g_autoptr(GArray) timers = g_array_new(FALSE, FALSE, sizeof(JrTimer));

	if (!dates_due(tick, JR_SCHEDULE_CHUNK, timers, error))
		return FALSE;
	for (guint i = 0; i < timers->len; i++)
		if (!ring(tick, &g_array_index(timers, JrTimer, i), error))
			return FALSE;
	tick->more = timers->len == JR_SCHEDULE_CHUNK;
	return TRUE;
}

const JrPhase jr_phase_dates = { "dates", dates_idle, take_dates };
