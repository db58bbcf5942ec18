/* Instants and durations: what is read, how it is written, how it adds up. */
#include "base/error.h"
#include "base/instant.h"
#include "unit.h"

static const struct {
	const char *text, *zone, *want; /* NULL: refused */
	gint32 ms;
} reads[] = {
	{ "2026-11-23T06:40:00Z", NULL, "2026-11-23T06:40:00Z", 0 },
	{ "2026-11-23t06:40:00z", NULL, "2026-11-23T06:40:00Z", 0 },
	{ "2026-11-23 06:40:00+00:00", NULL, "2026-11-23T06:40:00Z", 0 },
	{ "2026-11-23T06:40Z", NULL, "2026-11-23T06:40:00Z", 0 },
	{ "2026-11-23T06:40:00.1234567Z", NULL, "2026-11-23T06:40:00Z", 123 },
	{ "2026-11-23T06:40:00,9Z", NULL, "2026-11-23T06:40:00Z", 900 },
	{ "2026-11-23T06:40:00+01:00", NULL, "2026-11-23T05:40:00Z", 0 },
	{ "2026-11-23T06:40:00-0530", NULL, "2026-11-23T12:10:00Z", 0 },
	{ "2026-11-23T06:40:00-05", NULL, "2026-11-23T11:40:00Z", 0 },
	{ "2026-11-23T06:40:00", "Europe/Paris", "2026-11-23T05:40:00Z", 0 },
	{ "2026-11-23", "America/New_York", "2026-11-23T05:00:00Z", 0 },
	{ "2016-12-31T23:59:60Z", NULL, "2017-01-01T00:00:00Z", 0 },
	{ "2024-02-29T00:00:00Z", NULL, "2024-02-29T00:00:00Z", 0 },
	{ "2000-02-29T00:00:00Z", NULL, "2000-02-29T00:00:00Z", 0 },
	{ "0000-01-01T00:00:00Z", NULL, "0000-01-01T00:00:00Z", 0 },
	{ "9999-12-31T23:59:59.999Z", NULL, "9999-12-31T23:59:59Z", 999 },
	{ "1969-12-31T23:59:59.5Z", NULL, "1969-12-31T23:59:59Z", 500 },
	{ "0", NULL, "1970-01-01T00:00:00Z", 0 },
	{ "1795416000", NULL, "2026-11-23T06:40:00Z", 0 },
	{ "1795416000123", NULL, "2026-11-23T06:40:00Z", 123 },
	{ "99999999999", NULL, "5138-11-16T09:46:39Z", 0 },
	{ "100000000000", NULL, "1973-03-03T09:46:40Z", 0 },
	{ "2026-11-23T06:40:00", NULL, NULL, 0 },
	{ "2026-11-23", NULL, NULL, 0 },
	{ "2025-02-29T00:00:00Z", NULL, NULL, 0 },
	{ "1900-02-29T00:00:00Z", NULL, NULL, 0 },
	{ "2026-04-31T00:00:00Z", NULL, NULL, 0 },
	{ "2026-13-01T00:00:00Z", NULL, NULL, 0 },
	{ "2026-00-01T00:00:00Z", NULL, NULL, 0 },
	{ "2026-11-23T24:00:00Z", NULL, NULL, 0 },
	{ "2026-11-23T06:60:00Z", NULL, NULL, 0 },
	{ "2026-11-23T06:40:61Z", NULL, NULL, 0 },
	{ "2026-11-23T06:40:00.Z", NULL, NULL, 0 },
	{ "2026-11-23T06:40:00Zjunk", NULL, NULL, 0 },
	{ "2026-11-23T06:40:00+1", NULL, NULL, 0 },
	{ "2026-11-23T06:40:00+24:00", NULL, NULL, 0 },
	{ "2026-11-23T06:40:00+01:60", NULL, NULL, 0 },
	{ "2026-11-23T", "UTC", NULL, 0 },
	{ "9999-12-31T23:59:59-01:00", NULL, NULL, 0 },
	{ "0000-01-01T00:00:00+01:00", NULL, NULL, 0 },
	{ "-1", NULL, NULL, 0 },
	{ "1e9", NULL, NULL, 0 },
	{ "9999999999999999", NULL, NULL, 0 },
	{ " 1795416000", NULL, NULL, 0 },
	{ "", NULL, NULL, 0 },
	{ "", "UTC", NULL, 0 },
	{ "yesterday", "UTC", NULL, 0 },
};

START_TEST(an_instant_is_read_or_refused)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	g_autoptr(GError) error = NULL;
	JrZone *zone = reads[_i].zone
			       ? jr_zones_get(zones, reads[_i].zone, NULL)
			       : NULL;
	char text[JR_INSTANT_SIZE];
	gint64 ms = 0;
	gboolean ok = jr_instant_parse(reads[_i].text, zone, &ms, &error);

	ck_assert_msg(ok == !!reads[_i].want, "%s", reads[_i].text);
	if (!ok) {
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
		return;
	}
	gint64 s = (ms - reads[_i].ms) / 1000;
	ck_assert_int_eq(s * 1000 + reads[_i].ms, ms);
	ck_assert_str_eq(jr_instant_format(s, text), reads[_i].want);
}
END_TEST

START_TEST(an_instant_out_of_range_is_shown_as_the_end)
{
	char text[JR_INSTANT_SIZE];

	ck_assert_str_eq(jr_instant_format(G_MININT64, text),
			 "0000-01-01T00:00:00Z");
	ck_assert_str_eq(jr_instant_format(G_MAXINT64, text),
			 "9999-12-31T23:59:59Z");
}
END_TEST

/* Every day of 800 years, by GLib's calendar. */
START_TEST(dates_are_those_of_glib)
{
	GDate date;

	g_date_clear(&date, 1);
	for (g_date_set_dmy(&date, 1, 1, 1700); g_date_get_year(&date) < 2500;
	     g_date_add_days(&date, 1)) {
		gint64 day = (gint64)g_date_get_julian(&date) - 719163;
		JrLocal l = jr_zone_local(NULL, day * 86400 + 86399);

		ck_assert_int_eq(l.year, g_date_get_year(&date));
		ck_assert_int_eq(l.month, g_date_get_month(&date));
		ck_assert_int_eq(l.day, g_date_get_day(&date));
		ck_assert_int_eq(l.weekday, g_date_get_weekday(&date));
		ck_assert_int_eq(jr_zone_instant(NULL, &l),
				 day * 86400 + 86399);
	}
}
END_TEST

static const struct {
	const char *text;
	JrSpan want;
	const char *back; /* NULL: @text */
} spans[] = {
	{ "30s", { 0, 0, 30 }, NULL },
	{ "10m", { 0, 0, 600 }, NULL },
	{ "24h", { 0, 0, 86400 }, NULL },
	{ "3d", { 0, 3, 0 }, NULL },
	{ "2w", { 0, 14, 0 }, NULL },
	{ "15d", { 0, 15, 0 }, NULL },
	{ "1mo", { 1, 0, 0 }, NULL },
	{ "1y", { 12, 0, 0 }, NULL },
	{ "1y2mo", { 14, 0, 0 }, "14mo" },
	{ "1d12h", { 0, 1, 43200 }, NULL },
	{ "1h30m", { 0, 0, 5400 }, "90m" },
	{ "1y1mo1w1d1h1m1s", { 13, 8, 3661 }, "13mo8d3661s" },
	{ "-1d12h", { 0, -1, -43200 }, NULL },
	{ "0d", { 0, 0, 0 }, "0s" },
	{ "100y", { 1200, 0, 0 }, NULL },
	{ "3155760000s", { 0, 0, G_GINT64_CONSTANT(3155760000) }, "876600h" },
};

START_TEST(a_span_is_read_and_written)
{
	const JrSpan *want = &spans[_i].want;
	JrSpan span, again;

	ck_assert(jr_span_parse(spans[_i].text, &span, NULL));
	ck_assert_int_eq(span.months, want->months);
	ck_assert_int_eq(span.days, want->days);
	ck_assert_int_eq(span.seconds, want->seconds);

	g_autofree char *back = jr_span_format(&span);
	ck_assert_str_eq(back,
			 spans[_i].back ? spans[_i].back : spans[_i].text);
	ck_assert(jr_span_parse(back, &again, NULL));
	ck_assert_int_eq(jr_span_seconds(&again), jr_span_seconds(&span));
}
END_TEST

static const char *const no_spans[] = {
	"",
	"1",
	"d",
	"1x",
	"1d ",
	" 1d",
	"1 d",
	"+1d",
	"--1d",
	"1d1d",
	"12h1d",
	"1.5h",
	"1d-1h",
	"1D",
	"1days",
	"-",
	"101y",
	"1201mo",
	"36526d",
	"99999999999s",
	"3155760001s",
};

START_TEST(what_is_no_span_is_refused)
{
	g_autoptr(GError) error = NULL;
	JrSpan span;

	ck_assert_msg(!jr_span_parse(no_spans[_i], &span, &error), "%s",
		      no_spans[_i]);
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
}
END_TEST

#define NY "America/New_York"

static const struct {
	const char *zone, *at, *span, *want;
} sums[] = {
	{ "UTC", "2026-01-31T10:00:00Z", "1mo", "2026-02-28T10:00:00Z" },
	{ "UTC", "2024-01-31T10:00:00Z", "1mo", "2024-02-29T10:00:00Z" },
	{ "UTC", "2024-02-29T10:00:00Z", "1y", "2025-02-28T10:00:00Z" },
	{ "UTC", "2026-03-31T10:00:00Z", "-1mo", "2026-02-28T10:00:00Z" },
	{ "UTC", "2026-01-15T10:00:00Z", "-1mo", "2025-12-15T10:00:00Z" },
	{ "UTC", "2026-12-31T23:59:59Z", "1d", "2027-01-01T23:59:59Z" },
	{ "UTC", "2026-01-31T10:00:00Z", "1mo1d1h", "2026-03-01T11:00:00Z" },
	/* A day of 23 hours, one of 25, and 24 hours over both. */
	{ NY, "2026-03-07T15:00:00Z", "1d", "2026-03-08T14:00:00Z" },
	{ NY, "2026-03-07T15:00:00Z", "24h", "2026-03-08T15:00:00Z" },
	{ NY, "2026-10-31T14:00:00Z", "1d", "2026-11-01T15:00:00Z" },
	{ NY, "2026-10-31T14:00:00Z", "24h", "2026-11-01T14:00:00Z" },
	/* 02:30 is skipped: 03:30 it is; 01:30 comes twice: the first. */
	{ NY, "2026-03-07T07:30:00Z", "1d", "2026-03-08T07:30:00Z" },
	{ NY, "2026-10-31T05:30:00Z", "1d", "2026-11-01T05:30:00Z" },
	/* Seconds alone leave the second 01:30 what it is. */
	{ NY, "2026-11-01T06:30:00Z", "0s", "2026-11-01T06:30:00Z" },
	/* Samoa had no 30 December 2011. */
	{ "Pacific/Apia", "2011-12-29T20:00:00Z", "1d",
	  "2011-12-30T20:00:00Z" },
};

START_TEST(a_span_is_added_by_local_clocks)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	JrZone *zone = jr_zones_get(zones, sums[_i].zone, NULL);
	char text[JR_INSTANT_SIZE];
	gint64 ms;
	JrSpan span;

	ck_assert(jr_instant_parse(sums[_i].at, NULL, &ms, NULL));
	ck_assert(jr_span_parse(sums[_i].span, &span, NULL));
	jr_instant_format(jr_span_add(ms / 1000, &span, zone), text);
	ck_assert_str_eq(text, sums[_i].want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, an_instant_is_read_or_refused, 0,
			    G_N_ELEMENTS(reads));
	tcase_add_test(tc, an_instant_out_of_range_is_shown_as_the_end);
	tcase_add_test(tc, dates_are_those_of_glib);
	tcase_add_loop_test(tc, a_span_is_read_and_written, 0,
			    G_N_ELEMENTS(spans));
	tcase_add_loop_test(tc, what_is_no_span_is_refused, 0,
			    G_N_ELEMENTS(no_spans));
	tcase_add_loop_test(tc, a_span_is_added_by_local_clocks, 0,
			    G_N_ELEMENTS(sums));
}
