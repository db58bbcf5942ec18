/*
 * Schedule triggers: a broadcast to a segment when clocks show the hour, each
 * person's own.  It begins when the first clocks of the world do (UTC+14), and
 * enrols the members then, a page a chunk, each to wait for their own hour.
 * The timer of the workflow says when, and its note how far it is:
 * {"after":PERSON,"from":INSTANT}, from: when the trigger was first seen.
 */
#include "base/doc.h"
#include "flow/schedule/impl.h"
#include "io/json.h"
#include "store/segments.h"

#include <string.h>

#define FIRST_ZONE "Pacific/Kiritimati" /* JR_FIRST_OFFSET_S */
#define WORLD_S (26 * 3600)		/* from the first clocks to the last */

static JrZone *first_zone(const JrTick *tick, GError **error)
{
	return jr_zones_get(tick->flow->zones, FIRST_ZONE, error);
}

/* Set when the broadcast begins that comes after @after_s; none: no timer. */
static gboolean set_next(JrTick *tick, const JrWorkflow *workflow,
			 gint64 after_s, gint64 from_s, GError **error)
{
	JrZone *zone = first_zone(tick, error);
	g_autofree char *note = g_strdup_printf(
		"{\"after\":0,\"from\":%" G_GINT64_FORMAT "}", from_s);
	JrTimer timer = { .kind = JR_TIMER_BROADCAST,
			  .owner = workflow->name,
			  .note = note };

	if (!zone)
		return FALSE;
	if (!jr_trigger_next_schedule(&workflow->trigger, zone, after_s,
				      &timer.due_s))
		timer.due_s = 0;
	return jr_timers_set(tick->flow->db, &timer, 1, error);
}

/* ---- triggers that are new ---- */

static gboolean find_new(JrTick *tick, const JrWorkflow **workflow,
			 GError **error)
{
	const GPtrArray *all = jr_journey_files_of_kind(tick->journeys->files,
							JR_TRIGGER_SCHEDULE);
	gint64 at = 0;

	*workflow = NULL;
	for (guint i = 0; i < all->len && !*workflow; i++) {
		if (!jr_schedule_marked(tick, all->pdata[i], &at, error))
			return FALSE;
		if (at == 0)
			*workflow = all->pdata[i];
	}
	return TRUE;
}

/* One may be under way in the west already. */
static gboolean start(JrTick *tick, const JrWorkflow *workflow, GError **error)
{
	gint64 now_s = tick->journeys->now_s;

	return set_next(tick, workflow, now_s - WORLD_S, now_s, error) &&
	       jr_schedule_mark(tick, workflow, now_s, error);
}

/* ---- broadcasts under way ---- */

typedef struct {
	JrTick *tick;
	const JrWorkflow *workflow;
	gint64 begins_s; /* by the first clocks */
	gint64 after;	 /* person */
	gint64 from_s;
} Broadcast;

static gboolean read_note(JrTick *tick, const JrTimer *timer,
			  Broadcast *broadcast, GError **error)
{
	const JrVal *note, *after, *from;

	if (!timer->note)
		return TRUE;
	note = jr_json_parse(tick->arena, timer->note, strlen(timer->note),
			     error);
	if (!note)
		return FALSE;
	after = jr_val_get(note, "after");
	from = jr_val_get(note, "from");
	if (after && after->type == JR_VAL_INT)
		broadcast->after = after->num;
	if (from && from->type == JR_VAL_INT)
		broadcast->from_s = from->num;
	return TRUE;
}

static gboolean enrol(Broadcast *broadcast, gint64 person, GError **error)
{
	JrJourneys *journeys = broadcast->tick->journeys;
	JrJourneyEntry entry = { .workflow = broadcast->workflow,
				 .person = person,
				 .world_s = broadcast->begins_s };
	gboolean found = FALSE;
	JrTraveller who;

	jr_arena_reset(journeys->arena);
	if (!jr_traveller_load(journeys->flow, person, journeys->arena, &who,
			       &found, error))
		return FALSE;
	if (!found ||
	    !jr_trigger_hour(&broadcast->workflow->trigger, who.zone,
			     broadcast->begins_s, &entry.at_s) ||
	    entry.at_s < broadcast->from_s)
		return TRUE;
	entry.begins_s = entry.at_s;
	return jr_journey_enter(journeys, &entry, error);
}

static gboolean enrol_page(Broadcast *broadcast, gboolean *more, GError **error)
{
	g_autoptr(GArray) page =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentMember));
	JrTick *tick = broadcast->tick;
	gint64 segment = 0;

	*more = FALSE;
	if (!jr_flow_segment(tick->flow, broadcast->workflow->trigger.name,
			     &segment, error))
		return FALSE;
	if (segment == 0)
		return TRUE;
	if (!jr_segment_page(tick->flow->db, segment, broadcast->after,
			     JR_SCHEDULE_CHUNK, page, error))
		return FALSE;
	for (guint i = 0; i < page->len; i++) {
		broadcast->after =
			g_array_index(page, JrSegmentMember, i).person;
		if (!enrol(broadcast, broadcast->after, error))
			return FALSE;
	}
	*more = page->len == JR_SCHEDULE_CHUNK;
	return TRUE;
}

/* Keep how far it is. */
static gboolean save(const Broadcast *broadcast, GError **error)
{
	g_autofree char *note =
		g_strdup_printf("{\"after\":%" G_GINT64_FORMAT
				",\"from\":%" G_GINT64_FORMAT "}",
				broadcast->after, broadcast->from_s);
	const JrTimer timer = { .kind = JR_TIMER_BROADCAST,
				.owner = broadcast->workflow->name,
				.due_s = broadcast->begins_s,
				.note = note };

	return jr_timers_set(broadcast->tick->flow->db, &timer, 1, error);
}

static gboolean ring(JrTick *tick, const JrTimer *timer, GError **error)
{
	Broadcast broadcast = {
		.tick = tick,
		.workflow = jr_journey_files_find(tick->journeys->files,
						  timer->owner),
		.begins_s = timer->due_s,
	};
	const JrTimer none = { .kind = JR_TIMER_BROADCAST,
			       .owner = timer->owner };
	gboolean more = FALSE;

	tick->more = TRUE;
	if (!broadcast.workflow ||
	    broadcast.workflow->trigger.kind != JR_TRIGGER_SCHEDULE)
		return jr_timers_set(tick->flow->db, &none, 1, error);
	if (!read_note(tick, timer, &broadcast, error) ||
	    !enrol_page(&broadcast, &more, error))
		return FALSE;
	return more ? save(&broadcast, error)
		    : set_next(tick, broadcast.workflow, broadcast.begins_s,
			       broadcast.from_s, error);
}

static gboolean first_due(JrTick *tick, GArray *timers, GError **error)
{
	return jr_timers_due(tick->flow->db, JR_TIMER_BROADCAST,
			     tick->journeys->now_s, 1, tick->arena, timers,
			     error);
}

static gboolean broadcasts_idle(JrTick *tick, gboolean *idle, GError **error)
{
	g_autoptr(GArray) timers = g_array_new(FALSE, FALSE, sizeof(JrTimer));
	const JrWorkflow *workflow;

	jr_arena_reset(tick->arena);
	if (!find_new(tick, &workflow, error) ||
	    !first_due(tick, timers, error))
		return FALSE;
	*idle = !workflow && timers->len == 0;
	return TRUE;
}

static gboolean take_broadcasts(JrTick *tick, GError **error)
{
	g_autoptr(GArray) timers = g_array_new(FALSE, FALSE, sizeof(JrTimer));
	const JrWorkflow *workflow;

	if (!find_new(tick, &workflow, error))
		return FALSE;
	if (workflow) {
		tick->more = TRUE;
		return start(tick, workflow, error);
	}
	if (!first_due(tick, timers, error))
		return FALSE;
	return timers->len == 0 ||
	       ring(tick, &g_array_index(timers, JrTimer, 0), error);
}

const JrPhase jr_phase_broadcasts = { "broadcasts", broadcasts_idle,
				      take_broadcasts };
