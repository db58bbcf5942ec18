/* Quiet hours: at the edges, over midnight, where clocks are turned, by rule,
 * and for people who may be in several places at once. */
#include "rules/quiet.h"
#include "instants.h"
#include "unit.h"
#include "zones.h"

#include <string.h>

#define NY "America/New_York"
#define LA "America/Los_Angeles"
#define ORACLE "tests/tools/quiet_oracle.py"

static const struct {
	const char *zones; /* a space between */
	int from, until;
	const char *at, *opens; /* NULL: @at itself */
} cases[] = {
	{ "UTC", 480, 1260, "2026-01-15T20:59:59Z", NULL },
	{ "UTC", 480, 1260, "2026-01-15T21:00:00Z", "2026-01-16T08:00:00Z" },
	{ "UTC", 480, 1260, "2026-01-16T07:59:59Z", "2026-01-16T08:00:00Z" },
	{ "UTC", 480, 1260, "2026-01-16T08:00:00Z", NULL },
	{ "UTC", 0, 1440, "2026-01-15T23:59:59Z", NULL }, /* never quiet */
	{ "UTC", 0, 1440, "2026-01-15T00:00:00Z", NULL },
	/* A window that spans midnight. */
	{ "UTC", 1320, 120, "2026-01-15T01:59:00Z", NULL },
	{ "UTC", 1320, 120, "2026-01-15T02:00:00Z", "2026-01-15T22:00:00Z" },
	/* Clocks go forward at 02:00: eleven quiet hours last ten. */
	{ NY, 480, 1260, "2026-03-07T21:00:00-05:00",
	  "2026-03-08T08:00:00-04:00" },
	/* There is no 02:30 that night: it opens where the clocks jump. */
	{ NY, 150, 1260, "2026-03-08T01:30:00-05:00",
	  "2026-03-08T03:00:00-04:00" },
	/* Clocks go back at 02:00, so 01:30 is twice. */
	{ NY, 90, 1260, "2026-11-01T01:29:00-04:00",
	  "2026-11-01T01:30:00-04:00" },
	{ NY, 90, 1260, "2026-11-01T01:00:00-05:00",
	  "2026-11-01T01:30:00-05:00" },
	/* Half an hour on Lord Howe. */
	{ "Australia/Lord_Howe", 480, 1260, "2026-04-04T12:00:00Z",
	  "2026-04-04T21:30:00Z" },
	/* Every candidate must be inside: the west decides in the morning,
	 * the east at night. */
	{ NY " " LA, 480, 1260, "2026-01-15T14:00:00Z",
	  "2026-01-15T16:00:00Z" },
	{ LA " " NY, 480, 1260, "2026-01-16T02:00:00Z",
	  "2026-01-16T16:00:00Z" },
	{ NY " " LA, 480, 1260, "2026-01-15T16:00:00Z", NULL },
	/* Kiritimati and Pago Pago are 25 hours apart. */
	{ "Pacific/Kiritimati Pacific/Pago_Pago", 480, 1260,
	  "2026-01-15T12:00:00Z", "2026-01-15T19:00:00Z" },
	/* Ten minutes that never meet. */
	{ "UTC " NY, 600, 610, "2026-01-15T12:00:00Z", "never" },
};

static guint places_of(const char *names, JrQuietPlace *places)
{
	g_auto(GStrv) ids = g_strsplit(names, " ", -1);
	guint n = 0;

	for (; ids[n]; n++) {
		places[n] = (JrQuietPlace){ .zone = jr_zones_get(zones, ids[n],
								 NULL) };
		ck_assert_msg(!!places[n].zone, "%s", ids[n]);
	}
	return n;
}

START_TEST(opens_where_every_place_is_inside)
{
	JrQuietRule rule = { "",
			     "",
			     JR_WEEKDAYS_ALL,
			     { (gint16)cases[_i].from,
			       (gint16)cases[_i].until },
			     0 };
	const JrQuiet quiet = { &rule, 1 };
	JrQuietPlace places[4];
	guint n = places_of(cases[_i].zones, places);
	gint64 at_s = instant(cases[_i].at);
	gint64 want = at_s;
	JrQuietAnswer answer = jr_quiet_ask(&quiet, places, n, at_s);

	if (g_strcmp0(cases[_i].opens, "never") == 0)
		want = G_MAXINT64;
	else if (cases[_i].opens)
		want = instant(cases[_i].opens);
	ck_assert_int_eq(answer.opens_s, want);
	ck_assert(!answer.rule == (want == at_s));
}
END_TEST

/* The strictest states, and a country. */
static JrQuietRule rules[] = {
	{ "US", "TX", 1 << 7, { 720, 1260 }, 10 }, /* Sundays from noon */
	{ "US", "TX", JR_WEEKDAYS_ALL, { 540, 1260 }, 11 },
	{ "US", "PA", 1 << 7, { 0, 0 }, 12 }, /* not on Sundays */
	{ "US", "", JR_WEEKDAYS_ALL, { 540, 1200 }, 13 },
	{ "FR", "", 0xfe & ~(1 << 7), { 480, 1320 }, 14 },
	{ "FR", "", JR_WEEKDAYS_ALL, { 0, 0 }, 15 },
	{ "", "", JR_WEEKDAYS_ALL, { 480, 1260 }, 16 },
};

static const struct {
	const char *zone, *country, *region, *at, *opens;
	guint line; /* of the rule that closed; 0: open */
} by_rule[] = {
	/* 2026-01-18 is a Sunday. */
	{ "America/Chicago", "US", "TX", "2026-01-18T15:00:00Z",
	  "2026-01-18T18:00:00Z", 10 },
	{ "America/Chicago", "us", "tx", "2026-01-19T14:59:00Z",
	  "2026-01-19T15:00:00Z", 11 },
	{ "America/Chicago", "US", "TX", "2026-01-19T15:00:00Z", NULL, 0 },
	{ NY, "US", "PA", "2026-01-18T15:00:00Z", "2026-01-19T14:00:00Z", 12 },
	{ NY, "US", "NY", "2026-01-17T13:30:00Z", "2026-01-17T14:00:00Z", 13 },
	{ NY, "US", NULL, "2026-01-17T13:30:00Z", "2026-01-17T14:00:00Z", 13 },
	{ "Europe/Paris", "FR", "", "2026-01-18T12:00:00Z",
	  "2026-01-19T07:00:00Z", 15 },
	{ "Europe/Paris", "FR", "", "2026-01-17T20:59:00Z", NULL, 0 },
	{ "Europe/Berlin", "DE", "", "2026-01-18T12:00:00Z", NULL, 0 },
	{ "Europe/Berlin", NULL, NULL, "2026-01-18T21:00:00Z",
	  "2026-01-19T07:00:00Z", 16 },
};

START_TEST(the_first_rule_that_matches_decides)
{
	const JrQuiet quiet = { rules, G_N_ELEMENTS(rules) };
	const JrQuietPlace place = { jr_zones_get(zones, by_rule[_i].zone,
						  NULL),
				     by_rule[_i].country, by_rule[_i].region };
	gint64 at_s = instant(by_rule[_i].at);
	JrQuietAnswer answer = jr_quiet_ask(&quiet, &place, 1, at_s);

	ck_assert_int_eq(answer.opens_s,
			 by_rule[_i].opens ? instant(by_rule[_i].opens) : at_s);
	ck_assert_uint_eq(answer.rule ? answer.rule->line : 0,
			  by_rule[_i].line);
}
END_TEST

START_TEST(the_place_that_closes_is_named)
{
	JrQuietPlace places[2];
	JrQuietAnswer answer;

	places_of(NY " " LA, places);
	answer = jr_quiet_ask(&jr_quiet_default, places, 2,
			      instant("2026-01-15T14:00:00Z"));
	ck_assert_uint_eq(answer.place, 1);
	answer = jr_quiet_ask(&jr_quiet_default, places, 2,
			      instant("2026-01-16T02:00:00Z"));
	ck_assert_uint_eq(answer.place, 0);
}
END_TEST

/* A night window of Fridays lasts until Saturday morning. */
START_TEST(a_window_belongs_to_the_day_it_began_on)
{
	const JrWindow night = { 1320, 120 };
	const guint8 friday = 1 << 5;

	/* 2026-01-16 is a Friday. */
	ck_assert(!jr_window_holds(&night, friday, NULL,
				   instant("2026-01-16T01:00:00Z")));
	ck_assert(jr_window_holds(&night, friday, NULL,
				  instant("2026-01-16T22:00:00Z")));
	ck_assert(jr_window_holds(&night, friday, NULL,
				  instant("2026-01-17T01:59:59Z")));
	ck_assert(!jr_window_holds(&night, friday, NULL,
				   instant("2026-01-17T22:00:00Z")));
	ck_assert_int_eq(jr_window_next(&night, friday, NULL,
					instant("2026-01-17T02:00:00Z")),
			 instant("2026-01-23T22:00:00Z"));
	ck_assert_int_eq(jr_window_next(&night, 0, NULL, 0), G_MAXINT64);
}
END_TEST

static void check_line(const char *line)
{
	g_auto(GStrv) f = g_strsplit(line, "\t", -1);
	JrQuietPlace places[4];
	JrQuietRule rule[2] = { { "", "", 0, { 0, 0 }, 0 },
				{ "", "", JR_WEEKDAYS_ALL, { 0, 0 }, 0 } };
	const JrQuiet quiet = { rule, 2 };
	char *until;
	gint64 at_s, want;

	ck_assert_uint_eq(g_strv_length(f), 5);
	at_s = g_ascii_strtoll(f[0], NULL, 10);
	rule[0].allowed.from = (gint16)g_ascii_strtoll(f[1], &until, 10);
	rule[0].allowed.until = (gint16)g_ascii_strtoll(until + 1, NULL, 10);
	rule[0].weekdays = (guint8)g_ascii_strtoll(f[2], NULL, 10);
	want = g_strcmp0(f[4], "never") == 0 ? G_MAXINT64
					     : g_ascii_strtoll(f[4], NULL, 10);
	ck_assert_msg(
		jr_quiet_ask(&quiet, places, places_of(f[3], places), at_s)
				.opens_s == want,
		"%s", line);
}

/* Python's zoneinfo, minute by minute; left out where there is no Python. */
START_TEST(an_independent_computation_agrees)
{
	g_autofree char *seed = g_strdup_printf("%d", _i + 1);
	const char *argv[] = { "python3", ORACLE, seed, "2000", NULL };
	g_autofree char *out = NULL;
	int status = 0;

	if (!g_file_test(ORACLE, G_FILE_TEST_EXISTS) ||
	    !g_spawn_sync(NULL, (char **)argv, NULL,
			  G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
			  NULL, NULL, &out, NULL, &status, NULL) ||
	    !g_spawn_check_wait_status(status, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(g_strchomp(out), "\n", -1);
	ck_assert_uint_eq(g_strv_length(lines), 2000);
	for (char **line = lines; *line; line++)
		check_line(*line);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, zones_setup, zones_teardown);
	tcase_add_loop_test(tc, opens_where_every_place_is_inside, 0,
			    G_N_ELEMENTS(cases));
	tcase_add_loop_test(tc, the_first_rule_that_matches_decides, 0,
			    G_N_ELEMENTS(by_rule));
	tcase_add_test(tc, the_place_that_closes_is_named);
	tcase_add_test(tc, a_window_belongs_to_the_day_it_began_on);
	tcase_add_loop_test(tc, an_independent_computation_agrees, 0, 2);
}
