/*
 * local.c - between instants and the faces of clocks.
 *
 * The calendar is the proleptic Gregorian one.  Years are counted from March,
 * so that a leap day is the last of its year; 400 years are 146,097 days.
 */
#include "base/zone.h"

#define DAY_S 86400
#define ERA_DAYS 146097 /* in 400 years */
#define EPOCH 719468	/* days from 1 March 0000 to 1 January 1970 */

/* Division that rounds down, also below zero. */
static gint64 floor_div(gint64 a, gint64 b)
{
	return a / b - (a % b < 0);
}

/* Days since 1970 of the first of @month, which may overflow its year. */
static gint64 days_of_month(gint64 year, gint64 month)
{
	gint64 months = year * 12 + month - 3; /* since March of year 0 */
	gint64 y = floor_div(months, 12), m = months - 12 * y;
	gint64 era = floor_div(y, 400), in_era = y - 400 * era;

	/* From March on months have 31 30 31 30 31 days, again and again. */
	return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 +
	       (153 * m + 2) / 5 - EPOCH;
}

/* Fill the date of @local. */
static void set_date(JrLocal *local, gint64 days)
{
	gint64 era = floor_div(days + EPOCH, ERA_DAYS);
	gint64 day = days + EPOCH - era * ERA_DAYS; /* of the era */
	gint64 year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	gint64 of_year = day - (365 * year + year / 4 - year / 100);
	gint64 month = (5 * of_year + 2) / 153; /* 0: March */

	local->day = (gint8)(of_year - (153 * month + 2) / 5 + 1);
	local->month = (gint8)(month < 10 ? month + 3 : month - 9);
	local->year = (gint32)(era * 400 + year + (month >= 10));
	local->weekday = (gint8)(days - 7 * floor_div(days + 3, 7) + 4);
}

JrLocal jr_zone_local(JrZone *zone, gint64 at_s)
{
	gint64 face = at_s + jr_zone_offset(zone, at_s);
	gint64 days = floor_div(face, DAY_S), second = face - days * DAY_S;
	JrLocal local = {
		.hour = (gint8)(second / 3600),
		.minute = (gint8)(second / 60 % 60),
		.second = (gint8)(second % 60),
	};

	set_date(&local, days);
	return local;
}

gint64 jr_zone_instant(JrZone *zone, const JrLocal *local)
{
	gint64 days = days_of_month(local->year, local->month) + local->day - 1;
	gint64 face = days * DAY_S + local->hour * 3600 + local->minute * 60 +
		      local->second;
	gint64 first, second;
	gint32 before, after;

	/* No clock is a day from UTC, none is turned twice in two days. */
	before = jr_zone_offset(zone, face - DAY_S);
	after = jr_zone_offset(zone, face + DAY_S);
	first = face - MAX(before, after);
	second = face - MIN(before, after);
	if (jr_zone_offset(zone, first) == MAX(before, after))
		return first;
	if (jr_zone_offset(zone, second) == MIN(before, after))
		return second;
	/* Skipped: what a clock that was not turned would have shown. */
	return face - before;
}
