/* span.c - durations. */
#include "base/error.h"
#include "base/instant.h"

#include <string.h>

/* The largest of 100 years: no sum with an instant can then overflow. */
#define MAX_MONTHS 1200
#define MAX_DAYS 36525
#define MAX_SECONDS ((gint64)MAX_DAYS * 86400)

typedef enum { MONTHS, DAYS, SECONDS, N_PARTS } Part;

/* From large to small, as they stand in a sum. */
static const struct {
	const char *name;
	Part part;
	gint64 size;
} units[] = {
	{ "y", MONTHS, 12 }, { "mo", MONTHS, 1 },    { "w", DAYS, 7 },
	{ "d", DAYS, 1 },    { "h", SECONDS, 3600 }, { "m", SECONDS, 60 },
	{ "s", SECONDS, 1 },
};

static const gint64 limits[N_PARTS] = { MAX_MONTHS, MAX_DAYS, MAX_SECONDS };

/* The unit whose name is all the letters at @text; -1 when there is none. */
static int find_unit(const char *text, gsize len)
{
	for (guint i = 0; i < G_N_ELEMENTS(units); i++)
		if (strlen(units[i].name) == len &&
		    strncmp(units[i].name, text, len) == 0)
			return (int)i;
	return -1;
}

/* Add up @text, without a sign, in @parts. */
static gboolean read_sum(const char *text, gint64 parts[N_PARTS])
{
	int last = -1;

	do {
		gsize digits = strspn(text, "0123456789");
		gsize letters = strcspn(text + digits, "0123456789");
		int unit = find_unit(text + digits, letters);
		gint64 count = g_ascii_strtoll(text, NULL, 10);

		if (digits == 0 || digits > 10 || unit <= last)
			return FALSE;
		parts[units[unit].part] += count * units[unit].size;
		if (parts[units[unit].part] > limits[units[unit].part])
			return FALSE;
		last = unit;
		text += digits + letters;
	} while (*text);
	return TRUE;
}

gboolean jr_span_parse(const char *text, JrSpan *span, GError **error)
{
	gint32 sign = *text == '-' ? -1 : 1;
	gint64 parts[N_PARTS] = { 0 };

	if (!read_sum(text + (*text == '-'), parts)) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "not a duration: write one like '30m', '24h', "
			    "'3d', '2w', '1mo' or '1d12h', up to 100 years");
		return FALSE;
	}
	span->months = sign * (gint32)parts[MONTHS];
	span->days = sign * (gint32)parts[DAYS];
	span->seconds = sign * parts[SECONDS];
	return TRUE;
}

/* @month of @year, which may overflow, has so many days. */
static gint32 days_in(gint32 year, gint32 month)
{
	const JrLocal first = { .year = year, .month = (gint8)month, .day = 1 };
	JrLocal next = first;

	next.month++;
	return (gint32)((jr_zone_instant(NULL, &next) -
			 jr_zone_instant(NULL, &first)) /
			86400);
}

static void add_months(JrLocal *local, gint32 months)
{
	gint32 sum = local->year * 12 + local->month - 1 + months;
	gint32 year = sum / 12 - (sum % 12 < 0);

	local->year = year;
	local->month = (gint8)(sum - 12 * year + 1);
	local->day = (gint8)MIN(local->day, days_in(year, local->month));
}

/* The same face of the clock @days later. */
static gint64 add_days(JrLocal *local, gint32 days, JrZone *zone)
{
	gint64 face = jr_zone_instant(NULL, local) + (gint64)days * 86400;
	const JrLocal moved = jr_zone_local(NULL, face);

	return jr_zone_instant(zone, &moved);
}

gint64 jr_span_add(gint64 at_s, const JrSpan *span, JrZone *zone)
{
	/* Seconds alone must not move an hour that clocks show twice. */
	if (span->months != 0 || span->days != 0) {
		JrLocal local = jr_zone_local(zone, at_s);

		if (span->months != 0)
			add_months(&local, span->months);
		at_s = add_days(&local, span->days, zone);
	}
	return at_s + span->seconds;
}

gint64 jr_span_seconds(const JrSpan *span)
{
	return ((gint64)span->months * 30 + span->days) * 86400 + span->seconds;
}

char *jr_span_format(const JrSpan *span)
{
	const gint64 parts[N_PARTS] = { span->months, span->days,
					span->seconds };
	gboolean minus = parts[0] < 0 || parts[1] < 0 || parts[2] < 0;
	gboolean done[N_PARTS] = { FALSE };
	GString *text = g_string_new(minus ? "-" : NULL);

	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		Part part = units[i].part;

		if (done[part] || parts[part] == 0 ||
		    parts[part] % units[i].size != 0)
			continue;
		g_string_append_printf(text, "%" G_GINT64_FORMAT "%s",
				       ABS(parts[part]) / units[i].size,
				       units[i].name);
		done[part] = TRUE;
	}
	if (text->len == 0)
		g_string_append(text, "0s");
	return g_string_free(text, FALSE);
}
