#include "rules/quiet.h"

#include <string.h>

#define DAY_S (24 * 60 * 60)
#define HORIZON_S (15 * (gint64)DAY_S) /* every weekday twice, and a change */

static JrQuietRule default_rules[] = {
	{ "", "", JR_WEEKDAYS_ALL, { 8 * 60, 21 * 60 }, 0 },
};

const JrQuiet jr_quiet_default = { default_rules, 1 };

static int minute_of(const JrLocal *local)
{
	return local->hour * 60 + local->minute;
}

static int day_before(int weekday)
{
	return weekday == 1 ? 7 : weekday - 1;
}

/* Whether @window, begun today (@spill: yesterday), covers @minute. */
static gboolean covers(const JrWindow *window, int minute, gboolean spill)
{
	if (window->from > window->until) /* it spans midnight */
		return spill ? minute < window->until : minute >= window->from;
	return !spill && minute >= window->from && minute < window->until;
}

/*
 * The first instant after @at_s at which the clocks of @zone show midnight or
 * an edge of @a or @b, or are turned: between two such nothing changes.
 */
static gint64 next_edge(JrZone *zone, gint64 at_s, const JrWindow *a,
			const JrWindow *b)
{
	const int minutes[] = { 0, a->from, a->until, b->from, b->until };
	gint64 local_s = at_s + jr_zone_offset(zone, at_s);
	int second = (int)(((local_s % DAY_S) + DAY_S) % DAY_S);
	int least = DAY_S;

	for (guint i = 0; i < G_N_ELEMENTS(minutes); i++) {
		int left = (minutes[i] * 60 - second + 2 * DAY_S) % DAY_S;

		if (left > 0)
			least = MIN(least, left);
	}
	return MIN(at_s + least, jr_zone_next_change(zone, at_s));
}

/* --- one window --- */

gboolean jr_window_holds(const JrWindow *window, guint8 weekdays, JrZone *zone,
			 gint64 at_s)
{
	JrLocal local = jr_zone_local(zone, at_s);
	int minute = minute_of(&local);
	int yesterday = day_before(local.weekday);

	return (weekdays >> local.weekday & 1 &&
		covers(window, minute, FALSE)) ||
	       (weekdays >> yesterday & 1 && covers(window, minute, TRUE));
}

gint64 jr_window_next(const JrWindow *window, guint8 weekdays, JrZone *zone,
		      gint64 at_s)
{
	gint64 end_s = at_s + HORIZON_S;

	while (at_s < end_s) {
		if (jr_window_holds(window, weekdays, zone, at_s))
			return at_s;
		at_s = next_edge(zone, at_s, window, window);
	}
	return G_MAXINT64;
}

/* --- places and rules --- */

static gboolean matches(const char *wanted, const char *is)
{
	return !wanted[0] || (is && g_ascii_strcasecmp(wanted, is) == 0);
}

/* The first rule for @place on @weekday; the last one matches everything. */
static const JrQuietRule *rule_for(const JrQuiet *quiet,
				   const JrQuietPlace *place, int weekday)
{
	for (guint i = 0; i < quiet->n_rules; i++) {
		const JrQuietRule *rule = &quiet->rules[i];

		if (matches(rule->country, place->country) &&
		    matches(rule->region, place->region) &&
		    rule->weekdays >> weekday & 1)
			return rule;
	}
	g_assert_not_reached();
}

typedef struct {
	const JrQuietRule *today, *yesterday;
	gboolean allowed;
} Look;

static Look look(const JrQuiet *quiet, const JrQuietPlace *place, gint64 at_s)
{
	JrLocal local = jr_zone_local(place->zone, at_s);
	int minute = minute_of(&local);
	Look l = { 0 };

	l.today = rule_for(quiet, place, local.weekday);
	l.yesterday = rule_for(quiet, place, day_before(local.weekday));
	l.allowed = covers(&l.today->allowed, minute, FALSE) ||
		    covers(&l.yesterday->allowed, minute, TRUE);
	return l;
}

/* When it is next allowed at one place; G_MAXINT64: not before @end_s. */
static gint64 place_next(const JrQuiet *quiet, const JrQuietPlace *place,
			 gint64 at_s, gint64 end_s)
{
	while (at_s < end_s) {
		Look l = look(quiet, place, at_s);

		if (l.allowed)
			return at_s;
		at_s = next_edge(place->zone, at_s, &l.today->allowed,
				 &l.yesterday->allowed);
	}
	return G_MAXINT64;
}

/* Move @at_s on until no place moves it any more. */
static gint64 all_next(const JrQuiet *quiet, const JrQuietPlace *places,
		       guint n, gint64 at_s)
{
	gint64 end_s = at_s + HORIZON_S;
	guint in_a_row = 0;

	for (guint i = 0; in_a_row < n && at_s < end_s; i = (i + 1) % n) {
		gint64 next_s = place_next(quiet, &places[i], at_s, end_s);

		in_a_row = next_s == at_s ? in_a_row + 1 : 1;
		at_s = next_s;
	}
	return at_s < end_s ? at_s : G_MAXINT64;
}

JrQuietAnswer jr_quiet_ask(const JrQuiet *quiet, const JrQuietPlace *places,
			   guint n, gint64 at_s)
{
	JrQuietAnswer answer = { .opens_s = all_next(quiet, places, n, at_s) };

	for (guint i = 0; answer.opens_s != at_s && i < n; i++) {
		Look l = look(quiet, &places[i], at_s);

		if (l.allowed)
			continue;
		answer.place = i;
		answer.rule = l.today;
		break;
	}
	return answer;
}
