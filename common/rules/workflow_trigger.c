/* workflow_trigger.c - what starts a journey, what its goal is, and when. */
#include "rules/workflow_impl.h"

#define DAY_S 86400
#define SLACK_S (3 * 3600) /* clocks may be turned in between */

/* --- the trigger --- */

/* As it is written: one of the kinds, and what belongs to it. */
typedef struct {
	const char *kinds[JR_TRIGGER_LAST + 1];
	const JrVal *schedule;
	JrExpr *where;
	JrSpan offset;
	gboolean has_offset;
	gboolean yearly;
	gint16 at;
} Trigger;

#define AT(field) G_STRUCT_OFFSET(Trigger, field)
#define KIND(kind) AT(kinds) + (kind) * sizeof(const char *)

static gboolean read_offset(const JrVal *val, const char *file, gpointer at,
			    GError **error)
{
	Trigger *t = at;

	t->has_offset = TRUE;
	return jr_field_span(val, file, &t->offset, error);
}

static const JrField trigger_fields[] = {
	{ "event", jr_workflow_text, KIND(JR_TRIGGER_EVENT) },
	{ "enters", jr_workflow_text, KIND(JR_TRIGGER_ENTERS) },
	{ "leaves", jr_workflow_text, KIND(JR_TRIGGER_LEAVES) },
	{ "date", jr_workflow_text, KIND(JR_TRIGGER_DATE) },
	{ "schedule", jr_workflow_any, AT(schedule) },
	{ "record", jr_workflow_text, KIND(JR_TRIGGER_RECORD) },
	{ "where", jr_workflow_expr, AT(where) },
	{ "offset", read_offset, 0 },
	{ "yearly", jr_field_yes, AT(yearly) },
	{ "at", jr_field_clock, AT(at) },
	{ NULL, NULL, 0 },
};

typedef struct {
	const char *segment, *day;
	guint8 days;
	guint month_day;
	gint16 at;
} Schedule;

static gboolean read_day(const JrVal *val, const char *file, JrLocal *day,
			 GError **error)
{
	const char *text = val->text;

	g_autoptr(JrZones) zones = jr_zones_new();
	JrZone *utc = jr_zones_get(zones, "UTC", NULL);
	gint64 ms;

	if (!jr_field_is_like(text, "^\\d{4}-\\d\\d-\\d\\d$") ||
	    !jr_instant_parse(text, utc, &ms, NULL))
		return jr_field_wrong(val, file, error,
				      "no day '%s': write one like 2026-12-01",
				      text);
	*day = jr_zone_local(utc, ms / 1000);
	return TRUE;
}

static gboolean read_schedule(const JrVal *val, const char *file,
			      JrTrigger *trigger, GError **error)
{
	static const JrField table[] = {
		{ "segment", jr_workflow_text,
		  G_STRUCT_OFFSET(Schedule, segment) },
		{ "day", jr_workflow_text, G_STRUCT_OFFSET(Schedule, day) },
		{ "days", jr_field_weekdays, G_STRUCT_OFFSET(Schedule, days) },
		{ "month_day", jr_field_count,
		  G_STRUCT_OFFSET(Schedule, month_day) },
		{ "at", jr_field_clock, G_STRUCT_OFFSET(Schedule, at) },
		{ NULL, NULL, 0 },
	};
	Schedule s = { .at = -1 };
	guint n;

	if (!jr_fields_read(val, table, file, &s, error))
		return FALSE;
	n = (s.day != NULL) + (s.days != 0) + (s.month_day != 0);
	if (!s.segment || s.at < 0 || n != 1 || s.month_day > 31)
		return jr_field_wrong(val, file, error,
				      "a schedule has a segment, a local time "
				      "'at', and one of day (2026-12-01), days "
				      "([mon, thu]) and month_day (1 to 31)");
	trigger->name = s.segment;
	trigger->minute = s.at;
	trigger->once = s.day != NULL;
	trigger->weekdays = s.days;
	trigger->month_day = (gint8)s.month_day;
	return !s.day ||
	       read_day(jr_val_get(val, "day"), file, &trigger->day, error);
}

/* Find which one of the kinds @t is.  FALSE when it is none, or several. */
static gboolean find_kind(const Trigger *t, JrTriggerKind *kind)
{
	guint n = t->schedule != NULL;

	*kind = JR_TRIGGER_SCHEDULE;
	for (int i = 0; i <= JR_TRIGGER_LAST; i++)
		if (t->kinds[i]) {
			*kind = i;
			n++;
		}
	return n == 1;
}

static gboolean check(const Trigger *t, const JrVal *val, const char *file,
		      JrTriggerKind *kind, GError **error)
{
	if (!find_kind(t, kind))
		return jr_field_wrong(val, file, error,
				      "a trigger is one of event, enters, "
				      "leaves, date, schedule and record");
	if (*kind != JR_TRIGGER_DATE &&
	    (t->has_offset || t->yearly || t->at >= 0))
		return jr_field_wrong(val, file, error,
				      "offset, yearly and at belong to a date: "
				      "leave them out");
	return TRUE;
}

gboolean jr_workflow_trigger(const JrVal *val, const char *file, gpointer at,
			     GError **error)
{
	JrTrigger *trigger = at;
	Trigger t = { .at = -1 };
	gboolean ok = jr_fields_read(val, trigger_fields, file, &t, error);
	JrTriggerKind kind;

	/* Also when it is wrong: the workflow frees it. */
	trigger->where = t.where;
	if (!ok || !check(&t, val, file, &kind, error))
		return FALSE;
	trigger->kind = kind;
	trigger->line = val->line;
	trigger->column = val->column;
	if (kind == JR_TRIGGER_SCHEDULE)
		return read_schedule(t.schedule, file, trigger, error);
	trigger->name = kind == JR_TRIGGER_DATE ? NULL : t.kinds[kind];
	trigger->attribute = t.kinds[JR_TRIGGER_DATE];
	trigger->offset = t.offset;
	trigger->yearly = t.yearly;
	trigger->minute = t.at;
	return TRUE;
}

/* --- the goal --- */

typedef struct {
	const char *event, *enters, *leaves, *after;
	JrExpr *where;
	gint64 within_s;
} Goal;

gboolean jr_workflow_goal(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	static const JrField table[] = {
		{ "event", jr_workflow_text, G_STRUCT_OFFSET(Goal, event) },
		{ "enters", jr_workflow_text, G_STRUCT_OFFSET(Goal, enters) },
		{ "leaves", jr_workflow_text, G_STRUCT_OFFSET(Goal, leaves) },
		{ "where", jr_workflow_expr, G_STRUCT_OFFSET(Goal, where) },
		{ "within", jr_field_seconds, G_STRUCT_OFFSET(Goal, within_s) },
		{ "after", jr_workflow_text, G_STRUCT_OFFSET(Goal, after) },
		{ NULL, NULL, 0 },
	};
	JrGoal *goal = at;
	Goal g = { .within_s = goal->within_s };
	gboolean ok = jr_fields_read(val, table, file, &g, error);

	goal->where = g.where;
	if (!ok)
		return FALSE;
	if (!!g.event + !!g.enters + !!g.leaves != 1)
		return jr_field_wrong(val, file, error,
				      "a goal is one of event, enters and "
				      "leaves");
	if (g.within_s == 0)
		return jr_field_wrong(val, file, error,
				      "within no time at all: write how long, "
				      "like 7d");
	if (g.within_s > JR_GOAL_MAX_DAYS * (gint64)DAY_S)
		return jr_field_wrong(val, file, error,
				      "within is at most %d days",
				      JR_GOAL_MAX_DAYS);
	if (g.after && !g_str_equal(g.after, "delivered") &&
	    !g_str_equal(g.after, "clicked"))
		return jr_field_wrong(val, file, error,
				      "after is delivered or clicked");
	goal->kind = g.event	? JR_GOAL_EVENT
		     : g.enters ? JR_GOAL_ENTERS
				: JR_GOAL_LEAVES;
	goal->name = g.event ? g.event : g.enters ? g.enters : g.leaves;
	goal->within_s = g.within_s;
	goal->line = val->line;
	goal->column = val->column;
	goal->after = g_strcmp0(g.after, "clicked") == 0
			      ? JR_GOAL_AFTER_CLICKED
			      : JR_GOAL_AFTER_DELIVERED;
	return TRUE;
}

/* --- when a trigger is due --- */

static gint64 at_minute(JrZone *zone, JrLocal day, gint16 minute)
{
	day.hour = (gint8)(minute / 60);
	day.minute = (gint8)(minute % 60);
	day.second = 0;
	return jr_zone_instant(zone, &day);
}

static int days_in_month(int year, int month)
{
	static const gint8 days[] = { 31, 28, 31, 30, 31, 30,
				      31, 31, 30, 31, 30, 31 };
	gboolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* The anniversary of @date in @year, with the offset, by local clocks; one of
 * 29 February is on the 28th in other years. */
static gint64 anniversary(const JrTrigger *trigger, JrLocal date, int year,
			  JrZone *zone)
{
	gint64 at_s;

	date.year = year;
	date.day = (gint8)MIN(date.day, days_in_month(year, date.month));
	at_s = jr_span_add(jr_zone_instant(zone, &date), &trigger->offset,
			   zone);
	if (trigger->minute >= 0)
		at_s = at_minute(zone, jr_zone_local(zone, at_s),
				 trigger->minute);
	return at_s;
}

gboolean jr_trigger_next_date(const JrTrigger *trigger, const JrVal *val,
			      JrZone *zone, gint64 after_s, gint64 *due_s,
			      GError **error)
{
	gint64 date_s;

	if (!jr_wait_date(val, zone, &date_s, error))
		return FALSE;
	JrLocal date = jr_zone_local(zone, date_s);
	if (!trigger->yearly) {
		*due_s = anniversary(trigger, date, date.year, zone);
		return *due_s > after_s;
	}
	/* The offset may carry it into a neighbouring year. */
	int year = MAX(date.year, jr_zone_local(zone, after_s).year - 2);
	do
		*due_s = anniversary(trigger, date, year++, zone);
	while (*due_s <= after_s);
	return TRUE;
}

static gboolean is_day(const JrTrigger *trigger, const JrLocal *day)
{
	int last = days_in_month(day->year, day->month);

	if (trigger->month_day)
		return day->day == MIN(trigger->month_day, last);
	return trigger->weekdays >> day->weekday & 1;
}

gboolean jr_trigger_next_schedule(const JrTrigger *trigger, JrZone *zone,
				  gint64 after_s, gint64 *due_s)
{
	if (trigger->once) {
		*due_s = at_minute(zone, trigger->day, trigger->minute);
		return *due_s > after_s;
	}
	JrLocal noon = jr_zone_local(zone, after_s);

	noon.hour = 12;
	noon.minute = noon.second = 0;
	noon.day--; /* a time skipped on a day may come after midnight */
	for (int i = 0; i < 64; i++, noon.day++) {
		JrLocal day = jr_zone_local(zone, jr_zone_instant(zone, &noon));

		noon = day;
		*due_s = at_minute(zone, day, trigger->minute);
		if (is_day(trigger, &day) && *due_s > after_s)
			return TRUE;
	}
	return FALSE;
}

gboolean jr_trigger_hour(const JrTrigger *trigger, JrZone *zone, gint64 world_s,
			 gint64 *at_s)
{
	gint64 behind_s = JR_FIRST_OFFSET_S - jr_zone_offset(zone, world_s);

	return jr_trigger_next_schedule(trigger, zone,
					world_s + behind_s - SLACK_S, at_s);
}
