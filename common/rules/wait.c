#include "rules/wait.h"
#include "base/error.h"

#include <string.h>

#define EVENT "event."

gboolean jr_wait_minute(const char *text, gint16 *minute, GError **error)
{
	gsize digits = strspn(text, "0123456789");
	int hours = 0, minutes = 0;

	if ((digits == 1 || digits == 2) && text[digits] == ':' &&
	    strlen(text + digits) == 3 && g_ascii_isdigit(text[digits + 1]) &&
	    g_ascii_isdigit(text[digits + 2])) {
		for (gsize i = 0; i < digits; i++)
			hours = hours * 10 + (text[i] - '0');
		minutes =
			(text[digits + 1] - '0') * 10 + text[digits + 2] - '0';
		*minute = (gint16)(hours * 60 + minutes);
		if (minutes < 60 && *minute <= JR_DAY_MINUTES)
			return TRUE;
	}
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "'%s' is not a time of day: write it like '09:00'", text);
	return FALSE;
}

gboolean jr_wait_date(const JrVal *val, JrZone *zone, gint64 *at_s,
		      GError **error)
{
	g_autofree char *digits = NULL;
	const char *text = NULL;
	gint64 ms = 0;

	if (val && val->type == JR_VAL_TEXT)
		text = val->text;
	else if (val && val->type == JR_VAL_INT)
		text = digits = g_strdup_printf("%" G_GINT64_FORMAT, val->num);
	else if (val && val->type == JR_VAL_REAL)
		text = digits = g_strdup_printf("%.0f", val->real);
	if (!text) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "a date is wanted, not %s", jr_val_type_name(val));
		return FALSE;
	}
	if (!jr_instant_parse(text, zone, &ms, error))
		return FALSE;
	*at_s = ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
	return TRUE;
}

/* Where the wait counts from. */
static gboolean start(const JrWait *wait, const JrWaitFacts *facts,
		      gint64 *at_s, GError **error)
{
	gboolean of_event = wait->date && g_str_has_prefix(wait->date, EVENT);
	const JrVal *val = NULL;

	*at_s = facts->at_s;
	if (!wait->date)
		return TRUE;
	val = of_event ? jr_val_path(facts->event, wait->date + strlen(EVENT))
		       : jr_val_path(facts->person, wait->date);
	if (jr_wait_date(val, facts->zone, at_s, error))
		return TRUE;
	g_prefix_error(error, "'%s': ", wait->date);
	return FALSE;
}

/* The next time the clocks show @minute on one of @weekdays, from @at_s on. */
static gint64 next_time_of_day(gint64 at_s, int minute, guint8 weekdays,
			       JrZone *zone)
{
	JrLocal day = jr_zone_local(zone, at_s);

	day.hour = (gint8)(minute / 60);
	day.minute = (gint8)(minute % 60);
	day.second = 0;
	for (int i = 0; i < 15; i++, day.day++) {
		gint64 then_s = jr_zone_instant(zone, &day);
		JrLocal there = jr_zone_local(zone, then_s);

		if (then_s >= at_s && weekdays >> there.weekday & 1)
			return then_s;
	}
	return at_s; /* no weekday at all: reading refuses that */
}

gboolean jr_wait_ends(const JrWait *wait, const JrWaitFacts *facts,
		      gint64 *ends_s, GError **error)
{
	gint64 at_s;

	if (!start(wait, facts, &at_s, error))
		return FALSE;
	at_s = MAX(jr_span_add(at_s, &wait->span, facts->zone), facts->at_s);
	if (wait->until >= 0)
		at_s = next_time_of_day(at_s, wait->until, wait->weekdays,
					facts->zone);
	if (wait->windowed)
		at_s = jr_window_next(&wait->window, wait->weekdays,
				      facts->zone, at_s);
	*ends_s = at_s;
	return TRUE;
}
