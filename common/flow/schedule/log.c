/* Phases "keep" and "log": new workflow files, and what came in. */
#include "flow/schedule/impl.h"

#include <string.h>

static gboolean keep_idle(JrTick *tick, gboolean *idle, GError **error)
{
	return jr_journey_files_kept(tick->journeys->files, idle, error);
}

static gboolean keep(JrTick *tick, GError **error)
{
	guint n = 0;

	if (!jr_journey_files_keep(tick->journeys->files, tick->journeys->now_s,
				   &n, error))
		return FALSE;
	jr_flow_count(tick->flow, "versions", n);
	return TRUE;
}

const JrPhase jr_phase_keep = { "keep", keep_idle, keep };

static gboolean log_idle(JrTick *tick, gboolean *idle, GError **error)
{
	gint64 at = 0;

	if (!jr_cursor_get(tick->flow->db, JR_SCHEDULE_READER, &at, error))
		return FALSE;
	*idle = at >= tick->log_until;
	return TRUE;
}

/*
 * Whether the brake may come to another answer by @row: someone opted out by a
 * message, which alone counts against it, or somebody gave an order.  Whoever
 * comes without a consent, or takes it back elsewhere, does not.
 */
static gboolean concerns_brake(const JrLogRow *row)
{
	if (row->kind == JR_LOG_METRIC)
		return jr_metric_of(row->name) == JR_METRIC_UNSUBSCRIBED;
	return row->kind == JR_LOG_INBOUND || row->kind == JR_LOG_CONTROL;
}

/* Attributes that say where someone's clocks are, as a row has them. */
static const char *const places[] = {
	"\"timezone\"", "\"country\"",	 "\"region\"",
	"\"phone\"",	"\"sms_phone\"", "\"whatsapp_phone\"",
};

/*
 * Who may have moved waits for the morning of another place: the gates are
 * asked at once, and name the instant there.
 */
static gboolean wake_moved(JrTick *tick, const JrLogRow *row, GError **error)
{
	gboolean moved = row->kind == JR_LOG_MERGE;

	if (row->person == 0 || row->flags & JR_LOG_HISTORY)
		return TRUE;
	if (row->kind == JR_LOG_IDENTIFY && row->data)
		for (guint i = 0; i < G_N_ELEMENTS(places); i++)
			moved |= strstr(row->data, places[i]) != NULL;
	return !moved || jr_messages_wake(tick->flow->db, row->person,
					  tick->journeys->now_s, error);
}

/* First those who are on the way, then those who set out by it. */
static gboolean take_row(JrTick *tick, const JrLogRow *row, GError **error)
{
	JrJourneys *journeys = tick->journeys;
	const GPtrArray *started;
	JrJourneyEntry entry = { .person = row->person,
				 .at_s = row->at_s,
				 .row = row };

	tick->brake_due |= concerns_brake(row);
	if (row->kind == JR_LOG_CONTROL)
		return jr_schedule_obey(tick, row, error);
	if (!wake_moved(tick, row, error) ||
	    !jr_journey_happened(journeys, row, error) ||
	    !jr_schedule_dates_row(tick, row, error))
		return FALSE;
	started = jr_journey_files_started_by(journeys->files, row->kind,
					      row->name);
	for (guint i = 0; row->person && started && i < started->len; i++) {
		jr_arena_reset(journeys->arena);
		entry.workflow = started->pdata[i];
		if (!jr_journey_enter(journeys, &entry, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean take_log(JrTick *tick, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	JrLogQuery query = { .until = tick->log_until,
			     .limit = JR_SCHEDULE_CHUNK,
			     .with_data = TRUE };
	gint64 last = 0;

	if (!jr_cursor_get(tick->flow->db, JR_SCHEDULE_READER, &query.after,
			   error))
		return FALSE;
	/* Another scheduler may have been here since. */
	if (query.after >= tick->log_until)
		return TRUE;
	if (!jr_log_read(tick->flow->db, &query, tick->arena, rows, &last,
			 error))
		return FALSE;
	for (guint i = 0; i < rows->len; i++)
		if (!take_row(tick, &g_array_index(rows, JrLogRow, i), error))
			return FALSE;
	jr_flow_count(tick->flow, "rows", rows->len);
	tick->more = last > query.after && last < tick->log_until;
	return jr_cursor_set(tick->flow->db, JR_SCHEDULE_READER, last, error);
}

const JrPhase jr_phase_log = { "log", log_idle, take_log };

/* ---- runs that are due ---- */

static gboolean due_idle(JrTick *tick, gboolean *idle, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrEnrolment));
	JrEnrolmentPage page = tick->due;

	page.limit = 1;
	jr_arena_reset(tick->arena);
	if (!jr_enrolments_due(tick->flow->db, &page, tick->arena, rows, error))
		return FALSE;
	*idle = rows->len == 0;
	return TRUE;
}

static gboolean take_due(JrTick *tick, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrEnrolment));

	if (!jr_enrolments_due(tick->flow->db, &tick->due, tick->arena, rows,
			       error))
		return FALSE;
	for (guint i = 0; i < rows->len; i++) {
		jr_arena_reset(tick->journeys->arena);
		if (!jr_journey_resume(tick->journeys,
				       &g_array_index(rows, JrEnrolment, i),
				       error))
			return FALSE;
	}
	jr_flow_count(tick->flow, "due", rows->len);
	tick->more = rows->len == JR_SCHEDULE_CHUNK;
	return TRUE;
}

const JrPhase jr_phase_due = { "due", due_idle, take_due };
