/* Zones: their names, their offsets, and the nights when clocks are turned. */
#include "base/error.h"
#include "base/instant.h"
#include "base/zone.h"
#include "instants.h"
#include "unit.h"

#define NY "America/New_York"
#define LORD_HOWE "Australia/Lord_Howe"

static const struct {
	const char *id, *want; /* NULL: refused */
} ids[] = {
	{ "UTC", "UTC" },
	{ "utc", "UTC" },
	{ NY, NY },
	{ "america/new_york", NY },
	{ "AMERICA/NEW_YORK", NY },
	{ "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires" },
	{ "etc/gmt+5", "Etc/GMT+5" },
	{ "America/Port-au-Prince", "America/Port-au-Prince" },
	{ "", NULL },
	{ "Foo3", NULL },
	{ "EST5EDT4", NULL },
	{ "<+03>-3", NULL },
	{ "leapseconds", NULL },
	{ "zone.tab", NULL },
	{ "localtime", NULL },
	{ "posixrules", NULL },
	{ "right/UTC", NULL },
	{ "posix/Europe/Paris", NULL },
	{ "/etc/localtime", NULL },
	{ ":Europe/Paris", NULL },
	{ "../zoneinfo/UTC", NULL },
	{ "Europe/../UTC", NULL },
	{ "Europe//Paris", NULL },
	{ "Europe/", NULL },
	{ "Europe", NULL },
	{ "Europe/Paris ", NULL },
	{ "UTC\n", NULL },
	{ "Europe/Atlantis", NULL },
	{ "+01:00", NULL },
	{ "A/very/long/name/indeed/that/goes/on/and/on/and/on/and/on/and/on/so",
	  NULL },
};

START_TEST(only_names_of_zones_are_zones)
{
	g_autoptr(JrZones) zones = jr_zones_new();

	/* Twice: the answer is remembered. */
	for (guint pass = 0; pass < 2; pass++) {
		g_autoptr(GError) error = NULL;
		JrZone *zone = jr_zones_get(zones, ids[_i].id, &error);

		ck_assert_msg(!!zone == !!ids[_i].want, "'%s'", ids[_i].id);
		ck_assert(!zone == !!error);
		if (zone)
			ck_assert_str_eq(jr_zone_id(zone), ids[_i].want);
		else
			ck_assert(g_error_matches(error, JR_ERROR,
						  JR_ERROR_INPUT));
	}
}
END_TEST

START_TEST(an_unknown_zone_is_named_but_other_text_is_not)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	g_autoptr(GError) unknown = NULL;
	g_autoptr(GError) other = NULL;

	jr_zones_get(zones, "Europe/Atlantis", &unknown);
	jr_zones_get(zones, "+14155550100", &other);
	ck_assert_str_eq(unknown->message,
			 "no time zone 'Europe/Atlantis': write one like "
			 "'Europe/Paris'");
	ck_assert_str_eq(other->message,
			 "not a time zone: write one like 'Europe/Paris'");
}
END_TEST

START_TEST(a_zone_is_opened_once_whatever_its_case)
{
	g_autoptr(JrZones) zones = jr_zones_new();

	ck_assert_ptr_eq(jr_zones_get(zones, NY, NULL),
			 jr_zones_get(zones, "america/NEW_york", NULL));
}
END_TEST

START_TEST(many_unknown_names_leave_the_known_ones_alone)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	JrZone *zone = jr_zones_get(zones, NY, NULL);

	for (guint i = 0; i < 3000; i++) {
		g_autofree char *id = g_strdup_printf("Nowhere/N%u", i);

		ck_assert_ptr_null(jr_zones_get(zones, id, NULL));
	}
	ck_assert_ptr_eq(jr_zones_get(zones, NY, NULL), zone);
}
END_TEST

static const struct {
	const char *zone, *at;
	gint32 offset;
	const char *next; /* NULL: never again */
} offsets[] = {
	{ NY, "2026-03-08T06:59:59Z", -18000, "2026-03-08T07:00:00Z" },
	{ NY, "2026-03-08T07:00:00Z", -14400, "2026-11-01T06:00:00Z" },
	{ NY, "2100-07-01T00:00:00Z", -14400, "2100-11-07T06:00:00Z" },
	{ LORD_HOWE, "2026-01-01T00:00:00Z", 39600, "2026-04-04T15:00:00Z" },
	{ "Asia/Kathmandu", "2026-01-01T00:00:00Z", 20700, NULL },
	{ "Asia/Kolkata", "2026-01-01T00:00:00Z", 19800, NULL },
	{ "UTC", "2026-01-01T00:00:00Z", 0, NULL },
	{ NULL, "2026-01-01T00:00:00Z", 0, NULL },
};

static JrZone *get(JrZones *zones, const char *id)
{
	return id ? jr_zones_get(zones, id, NULL) : NULL;
}

START_TEST(offsets_and_when_they_change)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	JrZone *zone = get(zones, offsets[_i].zone);
	gint64 at = instant(offsets[_i].at);
	const char *next = offsets[_i].next;

	ck_assert_int_eq(jr_zone_offset(zone, at), offsets[_i].offset);
	ck_assert_int_eq(jr_zone_next_change(zone, at),
			 next ? instant(next) : G_MAXINT64);
}
END_TEST

static const struct {
	const char *zone;
	JrLocal local;
	const char *want;
} faces[] = {
	{ NY, { 2026, 1, 15, 9, 0, 0, 0 }, "2026-01-15T14:00:00Z" },
	{ NY, { 2026, 7, 15, 9, 0, 0, 0 }, "2026-07-15T13:00:00Z" },
	{ NY, { 2026, 3, 8, 1, 59, 59, 0 }, "2026-03-08T06:59:59Z" },
	{ NY, { 2026, 3, 8, 2, 0, 0, 0 }, "2026-03-08T07:00:00Z" },
	{ NY, { 2026, 3, 8, 2, 30, 0, 0 }, "2026-03-08T07:30:00Z" },
	{ NY, { 2026, 3, 8, 3, 0, 0, 0 }, "2026-03-08T07:00:00Z" },
	{ NY, { 2026, 11, 1, 0, 59, 59, 0 }, "2026-11-01T04:59:59Z" },
	{ NY, { 2026, 11, 1, 1, 0, 0, 0 }, "2026-11-01T05:00:00Z" },
	{ NY, { 2026, 11, 1, 1, 59, 59, 0 }, "2026-11-01T05:59:59Z" },
	{ NY, { 2026, 11, 1, 2, 0, 0, 0 }, "2026-11-01T07:00:00Z" },
	{ "Pacific/Apia",
	  { 2011, 12, 30, 12, 0, 0, 0 },
	  "2011-12-30T22:00:00Z" },
	{ "UTC", { 2026, 1, 32, 0, 0, 0, 0 }, "2026-02-01T00:00:00Z" },
	{ "UTC", { 2026, 14, 1, 0, 0, 0, 0 }, "2027-02-01T00:00:00Z" },
	{ "UTC", { 2026, 0, 1, 0, 0, 0, 0 }, "2025-12-01T00:00:00Z" },
	{ "UTC", { 2026, 3, 0, 0, 0, 0, 0 }, "2026-02-28T00:00:00Z" },
	{ NULL, { 1969, 12, 31, 23, 59, 59, 0 }, "1969-12-31T23:59:59Z" },
};

START_TEST(a_face_of_the_clock_is_one_instant)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	JrZone *zone = get(zones, faces[_i].zone);
	gint64 at = jr_zone_instant(zone, &faces[_i].local);
	char text[JR_INSTANT_SIZE];

	ck_assert_str_eq(jr_instant_format(at, text), faces[_i].want);
}
END_TEST

static const char *const turned[] = {
	NY,
	LORD_HOWE,
	"Europe/London",
	"Africa/Casablanca",
	"Asia/Gaza",
	"America/Sao_Paulo",
	"Pacific/Chatham",
	"Asia/Kathmandu",
};

/* Two years, each quarter of an hour: the face read back is the first such. */
START_TEST(a_face_reads_back)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	JrZone *zone = get(zones, turned[_i]);
	gint64 from = instant("2025-06-01T00:00:00Z");

	for (gint64 at = from; at < from + 2 * 365 * 86400; at += 900) {
		JrLocal local = jr_zone_local(zone, at);
		gint64 back = jr_zone_instant(zone, &local);
		JrLocal again = jr_zone_local(zone, back);

		ck_assert(back <= at && at - back <= 7200);
		ck_assert_mem_eq(&again, &local, sizeof local);
		if (back < at)
			ck_assert_int_gt(jr_zone_offset(zone, back),
					 jr_zone_offset(zone, at));
	}
}
END_TEST

/* Stretches are remembered: what was asked before must make no difference. */
START_TEST(answers_do_not_depend_on_questions)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
	JrZone *zone = get(zones, turned[_i]);

	for (guint i = 0; i < 400; i++) {
		g_autoptr(JrZones) others = jr_zones_new();
		JrZone *fresh = get(others, turned[_i]);
		gint64 at = (gint64)g_rand_int(rand) / 8 * 5 - 400000000;

		if (i % 2 == 0) /* near the last turn but some */
			at = jr_zone_next_change(zone, at % 200000000) - 2 +
			     (gint64)(i % 5);
		ck_assert_int_eq(jr_zone_next_change(zone, at),
				 jr_zone_next_change(fresh, at));
		ck_assert_int_eq(jr_zone_offset(zone, at),
				 jr_zone_offset(fresh, at));
	}
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, only_names_of_zones_are_zones, 0,
			    G_N_ELEMENTS(ids));
	tcase_add_test(tc, an_unknown_zone_is_named_but_other_text_is_not);
	tcase_add_test(tc, a_zone_is_opened_once_whatever_its_case);
	tcase_add_test(tc, many_unknown_names_leave_the_known_ones_alone);
	tcase_add_loop_test(tc, offsets_and_when_they_change, 0,
			    G_N_ELEMENTS(offsets));
	tcase_add_loop_test(tc, a_face_of_the_clock_is_one_instant, 0,
			    G_N_ELEMENTS(faces));
	tcase_add_loop_test(tc, a_face_reads_back, 0, G_N_ELEMENTS(turned));
	tcase_add_loop_test(tc, answers_do_not_depend_on_questions, 0,
			    G_N_ELEMENTS(turned));
}
