/* liquid_filters_date.c - dates. */
#include "base/instant.h"
#include "lang/liquid_impl.h"

#include <string.h>

static LqVal format(LqRun *run, const LqTime *time, const char *format)
{
	LqBuild b = { .run = run };

	lq_time_format(&b, time, lq_str(format));
	return lq_built(&b);
}

/* ---------------------------------------------------------------- their zone
 */

static JrZone *named_zone(LqRun *run, const char *id)
{
	JrZone *zone = NULL;

	if (run->with->zones)
		zone = jr_zones_get(run->with->zones, id, NULL);
	if (!zone)
		lq_fail(run,
			"'%s' in an unknown time zone: write one such as "
			"'America/New_York'",
			run->filter->name);
	return zone;
}

/*
 * Show @time in the zone that @v names: minutes west of UTC, as in JavaScript,
 * or IANA's name.
 */
static gboolean set_zone(LqRun *run, const LqVal *v, LqTime *time)
{
	LqText text = lq_to_text(run, v);

	if (text.len == 0)
		return TRUE;
	if (strspn(text.str, "+-0123456789") == text.len) {
		LqNum minutes = lq_to_number(run, v);

		time->zone = NULL;
		time->offset_s = (gint32)CLAMP(minutes.coef, -1440, 1440) * -60;
		return TRUE;
	}
	if (g_ascii_strcasecmp(text.str, "UTC") == 0) {
		time->zone = NULL;
		time->offset_s = 0;
		return TRUE;
	}
	time->zone = named_zone(run, text.str);
	return time->zone != NULL;
}

/* ---------------------------------------------------------------- the moment
 */

/* What is no date stays as it is, as in Shopify's; but not in a message. */
static gboolean in_time(LqRun *run, const LqArgs *args, LqTime *time)
{
	if (lq_to_time(run, &args->in, time))
		return TRUE;
	if (run->with->strict && !lq_is_nil(&args->in))
		lq_fail(run, "'%s' of %s that is no date", run->filter->name,
			lq_type_name(&args->in));
	return FALSE;
}

static LqVal f_date(LqRun *run, const LqArgs *args)
{
	LqText how = lq_arg_text(run, args, 0);
	LqBuild b = { .run = run };
	LqTime time;

	if (how.len == 0 || !in_time(run, args, &time))
		return args->in;
	if (!set_zone(run, &args->arg[1], &time))
		return lq_nil();
	lq_time_format(&b, &time, how);
	return lq_built(&b);
}

static LqVal fixed(LqRun *run, const LqArgs *args, const char *how)
{
	LqTime time;

	return in_time(run, args, &time) ? format(run, &time, how) : args->in;
}

static LqVal f_date_to_xmlschema(LqRun *run, const LqArgs *args)
{
	return fixed(run, args, "%Y-%m-%dT%H:%M:%S%:z");
}

static LqVal f_date_to_rfc822(LqRun *run, const LqArgs *args)
{
	return fixed(run, args, "%a, %d %b %Y %H:%M:%S %z");
}

/* 1st, 2nd, 3rd, 4th, 11th. */
static const char *ending(int day)
{
	if (day / 10 == 1)
		return "th";
	return day % 10 == 1   ? "st"
	       : day % 10 == 2 ? "nd"
	       : day % 10 == 3 ? "rd"
			       : "th";
}

/* 07 Nov 2008; ordinal: 7th Nov 2008; US: Nov 7th, 2008. */
static LqVal date_to_string(LqRun *run, const LqArgs *args, const char *month)
{
	gboolean ordinal =
		g_str_equal(lq_arg_text(run, args, 0).str, "ordinal");
	gboolean us = g_str_equal(lq_arg_text(run, args, 1).str, "US");
	g_autofree char *how = NULL;
	const char *end;
	LqTime time;

	if (!in_time(run, args, &time))
		return args->in;
	end = ending(lq_time_local(&time).day);
	if (!ordinal)
		how = g_strdup_printf("%%d %s %%Y", month);
	else if (us)
		how = g_strdup_printf("%s %%-d%s, %%Y", month, end);
	else
		how = g_strdup_printf("%%-d%s %s %%Y", end, month);
	return format(run, &time, how);
}

static LqVal f_date_to_string(LqRun *run, const LqArgs *args)
{
	return date_to_string(run, args, "%b");
}

static LqVal f_date_to_long_string(LqRun *run, const LqArgs *args)
{
	return date_to_string(run, args, "%B");
}

/* The moment with its zone (RFC 9557), which `| date` then shows it in. */
static LqVal f_timezone(LqRun *run, const LqArgs *args)
{
	LqBuild b = { .run = run };
	LqTime time;

	if (!in_time(run, args, &time))
		return args->in;
	if (!set_zone(run, &args->arg[0], &time))
		return lq_nil();
	lq_time_format(&b, &time, (LqText){ "%Y-%m-%dT%H:%M:%S%:z", 20 });
	if (time.zone) {
		const char *id = jr_zone_id(time.zone);

		lq_add_char(&b, '[');
		lq_add_str(&b, id);
		lq_add_char(&b, ']');
	}
	return lq_built(&b);
}

/* ------------------------------------------------------------ days from then
 */

/* Whether a moment was given as Unix time: then it stays one. */
static gboolean is_unix(const LqVal *v)
{
	return !lq_is_type(v, JR_VAL_TEXT) || !strpbrk(v->val.text, "-/: ,");
}

/* By the calendar there: the clock shows the same, if it can. */
static gint64 add_span(const LqTime *time, const JrSpan *span)
{
	if (time->zone)
		return jr_span_add(time->at_s, span, time->zone);
	return jr_span_add(time->at_s + time->offset_s, span, NULL) -
	       time->offset_s;
}

static LqVal add(LqRun *run, const LqArgs *args, JrSpan unit, int sign)
{
	LqTime time;
	gint64 n;

	if (!in_time(run, args, &time))
		return args->in;
	if (!lq_to_integer(run, &args->arg[0], &n))
		return lq_nil();
	if (n < -100000 || n > 100000)
		return lq_fail(run, "'%s' of more than 100000",
			       run->filter->name);
	unit.months *= (gint32)n * sign;
	unit.days *= (gint32)n * sign;
	time.at_s = add_span(&time, &unit);
	if (is_unix(&args->in))
		return lq_int(time.at_s);
	return format(run, &time,
		      lq_time_offset(&time) == 0 ? "%Y-%m-%dT%H:%M:%SZ"
						 : "%Y-%m-%dT%H:%M:%S%:z");
}

static const JrSpan day = { .days = 1 }, month = { .months = 1 },
		    year = { .months = 12 };

static LqVal f_add_day(LqRun *run, const LqArgs *args)
{
	return add(run, args, day, 1);
}

static LqVal f_add_month(LqRun *run, const LqArgs *args)
{
	return add(run, args, month, 1);
}

static LqVal f_add_year(LqRun *run, const LqArgs *args)
{
	return add(run, args, year, 1);
}

static LqVal f_subtract_day(LqRun *run, const LqArgs *args)
{
	return add(run, args, day, -1);
}

static LqVal f_subtract_month(LqRun *run, const LqArgs *args)
{
	return add(run, args, month, -1);
}

static LqVal f_subtract_year(LqRun *run, const LqArgs *args)
{
	return add(run, args, year, -1);
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_date[] = {
	{ "date", f_date, 1, 2, NULL, LQ_PLAIN },
	{ "timezone", f_timezone, 1, 1, NULL, LQ_PLAIN },
	{ "date_to_string", f_date_to_string, 0, 2, NULL, LQ_PLAIN },
	{ "date_to_long_string", f_date_to_long_string, 0, 2, NULL, LQ_PLAIN },
	{ "date_to_rfc822", f_date_to_rfc822, 0, 0, NULL, LQ_PLAIN },
	{ "date_to_xmlschema", f_date_to_xmlschema, 0, 0, NULL, LQ_PLAIN },
	{ "add_day", f_add_day, 1, 1, NULL, LQ_PLAIN },
	{ "add_month", f_add_month, 1, 1, NULL, LQ_PLAIN },
	{ "add_year", f_add_year, 1, 1, NULL, LQ_PLAIN },
	{ "subtract_day", f_subtract_day, 1, 1, NULL, LQ_PLAIN },
	{ "subtract_month", f_subtract_month, 1, 1, NULL, LQ_PLAIN },
	{ "subtract_year", f_subtract_year, 1, 1, NULL, LQ_PLAIN },
	{ 0 },
};
