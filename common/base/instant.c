#include "base/instant.h"
#include "base/error.h"

#include <string.h>

#define YEAR_0_S G_GINT64_CONSTANT(-62167219200) /* 0000-01-01T00:00:00Z */
#define YEAR_10000_S G_GINT64_CONSTANT(253402300800)
#define SECONDS_DIGITS 11 /* of a Unix time; more of them: milliseconds */

/* Read exactly @digits digits at *@text into *@num, and step over them. */
static gboolean take_number(const char **text, guint digits, gint32 *num)
{
	*num = 0;
	for (guint i = 0; i < digits; i++, (*text)++) {
		if (!g_ascii_isdigit(**text))
			return FALSE;
		*num = 10 * *num + (**text - '0');
	}
	return TRUE;
}

static gboolean take_char(const char **text, const char *any)
{
	if (!**text || !strchr(any, **text))
		return FALSE;
	(*text)++;
	return TRUE;
}

static gboolean take_date(const char **text, JrLocal *local)
{
	static const gint8 longest[] = { 31, 29, 31, 30, 31, 30,
					 31, 31, 30, 31, 30, 31 };
	gint32 year, month, day;

	if (!take_number(text, 4, &year) || !take_char(text, "-") ||
	    !take_number(text, 2, &month) || !take_char(text, "-") ||
	    !take_number(text, 2, &day) || month < 1 || month > 12 || day < 1 ||
	    day > longest[month - 1])
		return FALSE;
	if (month == 2 && day == 29 &&
	    (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
		return FALSE;
	local->year = year;
	local->month = (gint8)month;
	local->day = (gint8)day;
	return TRUE;
}

/* A fraction of a second, if there is one, to the millisecond before it. */
static gboolean take_fraction(const char **text, gint32 *ms)
{
	gint32 unit = 100;

	*ms = 0;
	if (!take_char(text, ".,"))
		return TRUE;
	if (!g_ascii_isdigit(**text))
		return FALSE;
	for (; g_ascii_isdigit(**text); (*text)++, unit /= 10)
		*ms += unit * (**text - '0');
	return TRUE;
}

/* "06:40", "06:40:59.25"; second 60, a leap second, is the next minute's 0. */
static gboolean take_time(const char **text, JrLocal *local, gint32 *ms)
{
	gint32 hour, minute, second = 0;

	*ms = 0;
	if (!take_number(text, 2, &hour) || !take_char(text, ":") ||
	    !take_number(text, 2, &minute) || hour > 23 || minute > 59)
		return FALSE;
	if (take_char(text, ":") &&
	    (!take_number(text, 2, &second) || !take_fraction(text, ms)))
		return FALSE;
	local->hour = (gint8)hour;
	local->minute = (gint8)minute;
	local->second = (gint8)second;
	return second <= 60;
}

/* "Z", "+01", "+0100", "+01:00" as seconds east of UTC. */
static gboolean take_offset(const char **text, gint32 *offset)
{
	gint32 sign = **text == '-' ? -1 : 1, hours, minutes = 0;

	*offset = 0;
	if (take_char(text, "Zz"))
		return TRUE;
	if (!take_char(text, "+-") || !take_number(text, 2, &hours) ||
	    hours > 23)
		return FALSE;
	if (**text && (take_char(text, ":"), !take_number(text, 2, &minutes)))
		return FALSE;
	*offset = sign * (hours * 3600 + minutes * 60);
	return minutes <= 59;
}

typedef enum { READ, WRONG, NO_ZONE } Outcome;

static Outcome read_date(const char *text, JrZone *zone, gint64 *ms)
{
	JrLocal local = { 0 };
	gint32 offset, fraction = 0;

	if (!take_date(&text, &local))
		return WRONG;
	if (*text &&
	    (!take_char(&text, "Tt ") || !take_time(&text, &local, &fraction)))
		return WRONG;
	if (!*text && !zone)
		return NO_ZONE;
	if (!*text)
		*ms = jr_zone_instant(zone, &local) * 1000 + fraction;
	else if (take_offset(&text, &offset) && !*text)
		*ms = (jr_zone_instant(NULL, &local) - offset) * 1000 +
		      fraction;
	else
		return WRONG;
	return READ;
}

static Outcome read_unix(const char *text, gint64 *ms)
{
	gsize digits = strspn(text, "0123456789");

	if (digits == 0 || text[digits] || digits > 15)
		return WRONG;
	*ms = g_ascii_strtoll(text, NULL, 10);
	if (digits <= SECONDS_DIGITS)
		*ms *= 1000;
	return READ;
}

gboolean jr_instant_parse(const char *text, JrZone *zone, gint64 *ms,
			  GError **error)
{
	gint64 at = 0;
	Outcome outcome = read_unix(text, &at);

	if (outcome == WRONG)
		outcome = read_date(text, zone, &at);
	if (outcome == READ &&
	    (at < YEAR_0_S * 1000 || at >= YEAR_10000_S * 1000))
		outcome = WRONG;
	switch (outcome) {
	case READ:
		*ms = at;
		return TRUE;
	case NO_ZONE:
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "a time without a zone: write one like "
			    "'2026-11-23T06:40:00Z'");
		return FALSE;
	case WRONG:
		break;
	}
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "not a time: write one like '2026-11-23T06:40:00Z' or "
		    "'1795416000'");
	return FALSE;
}

const char *jr_instant_format(gint64 at_s, char buffer[JR_INSTANT_SIZE])
{
	JrLocal t =
		jr_zone_local(NULL, CLAMP(at_s, YEAR_0_S, YEAR_10000_S - 1));
	const gint32 parts[] = { t.year / 100, t.year % 100, t.month, t.day,
				 t.hour,       t.minute,     t.second };
	static const char after[] = "\0--T::Z";
	char *c = buffer;

	/* By hand: each record written has one, and g_snprintf() is slow. */
	for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
		*c++ = (char)('0' + parts[i] / 10);
		*c++ = (char)('0' + parts[i] % 10);
		if (after[i])
			*c++ = after[i];
	}
	*c = '\0';
	return buffer;
}
