/* When a pause ends: by the clocks of the person, over nights when they are
 * turned, and with the defects seen elsewhere (facts of other systems). */
#include "base/error.h"
#include "rules/wait.h"
#include "instants.h"
#include "unit.h"
#include "zones.h"

#include <string.h>

#define NY "America/New_York"
#define MONDAY (1 << 1)
#define FRIDAY (1 << 5)
#define SATURDAY (1 << 6)
#define WEEK_DAYS (0x3e)

static const struct {
	const char *zone, *span, *until; /* NULL: none */
	guint8 weekdays;
	int from, to; /* window; both 0: none */
	const char *at, *ends;
} waits[] = {
	{ "UTC", "24h", NULL, 0xfe, 0, 0, "2026-01-15T10:00:00Z",
	  "2026-01-16T10:00:00Z" },
	/* A day of 23 hours, and one of 25. */
	{ NY, "1d", NULL, 0xfe, 0, 0, "2026-03-07T12:00:00-05:00",
	  "2026-03-08T12:00:00-04:00" },
	{ NY, "24h", NULL, 0xfe, 0, 0, "2026-03-07T12:00:00-05:00",
	  "2026-03-08T13:00:00-04:00" },
	{ NY, "1d", NULL, 0xfe, 0, 0, "2026-10-31T12:00:00-04:00",
	  "2026-11-01T12:00:00-05:00" },
	{ NY, NULL, "09:00", 0xfe, 0, 0, "2026-01-15T08:00:00-05:00",
	  "2026-01-15T09:00:00-05:00" },
	{ NY, NULL, "09:00", 0xfe, 0, 0, "2026-01-15T09:00:00-05:00",
	  "2026-01-15T09:00:00-05:00" },
	{ NY, NULL, "09:00", 0xfe, 0, 0, "2026-01-15T09:00:01-05:00",
	  "2026-01-16T09:00:00-05:00" },
	{ NY, "1d", "09:00", 0xfe, 0, 0, "2026-01-15T15:00:00-05:00",
	  "2026-01-17T09:00:00-05:00" },
	/* Tokyo, 05:00, Mondays only: not Tuesday (2026-01-19 is Monday). */
	{ "Asia/Tokyo", NULL, "05:00", MONDAY, 0, 0, "2026-01-16T00:00:00Z",
	  "2026-01-19T05:00:00+09:00" },
	/* There is no 02:30 that night: it is 03:30. */
	{ NY, NULL, "02:30", 0xfe, 0, 0, "2026-03-08T01:00:00-05:00",
	  "2026-03-08T03:30:00-04:00" },
	/* 08-10, end exclusive, start inclusive. */
	{ "UTC", NULL, NULL, 0xfe, 480, 600, "2026-01-15T10:00:00Z",
	  "2026-01-16T08:00:00Z" },
	{ "UTC", NULL, NULL, 0xfe, 600, 660, "2026-01-15T10:00:00Z",
	  "2026-01-15T10:00:00Z" },
	/* Friday and Saturday mornings, from Saturday noon. */
	{ "UTC", NULL, NULL, FRIDAY | SATURDAY, 480, 600,
	  "2026-01-17T12:00:00Z", "2026-01-23T08:00:00Z" },
	/* Overnight is not turned round. */
	{ "UTC", NULL, NULL, 0xfe, 1260, 480, "2026-01-15T12:00:00Z",
	  "2026-01-15T21:00:00Z" },
	/* Monday 18:00 and two days, then weekdays 9-17: Thursday 9:00. */
	{ NY, "2d", NULL, WEEK_DAYS, 540, 1020, "2026-01-19T18:00:00-05:00",
	  "2026-01-22T09:00:00-05:00" },
	{ NY, NULL, NULL, 0xfe, 480, 600, "2026-01-15T09:00:00Z",
	  "2026-01-15T13:00:00Z" },
};

static JrWait make(const char *span, const char *until)
{
	JrWait wait = { .until = -1, .weekdays = JR_WEEKDAYS_ALL };

	if (span)
		ck_assert(jr_span_parse(span, &wait.span, NULL));
	if (until)
		ck_assert(jr_wait_minute(until, &wait.until, NULL));
	return wait;
}

START_TEST(a_wait_ends_by_local_clocks)
{
	JrWait wait = make(waits[_i].span, waits[_i].until);
	JrWaitFacts facts = { .at_s = instant(waits[_i].at) };
	gint64 ends_s = 0;

	facts.zone = jr_zones_get(zones, waits[_i].zone, NULL);
	wait.weekdays = waits[_i].weekdays;
	wait.windowed = waits[_i].to != 0;
	wait.window =
		(JrWindow){ (gint16)waits[_i].from, (gint16)waits[_i].to };
	ck_assert(jr_wait_ends(&wait, &facts, &ends_s, NULL));
	ck_assert_int_eq(ends_s, instant(waits[_i].ends));
}
END_TEST

static const struct {
	const char *date, *span;
	const char *ends; /* NULL: refused */
} dates[] = {
	/* Now is 2026-01-15T12:00 in New York. */
	{ "trial_ends", "0s", "2026-01-20T17:00:00-05:00" },
	{ "trial_ends", "-1d", "2026-01-19T17:00:00-05:00" },
	{ "trial_ends", "-7d", "2026-01-15T12:00:00-05:00" }, /* is past */
	{ "unix", "0s", "2026-01-20T22:00:00Z" },
	{ "unix_ms", "0s", "2026-01-20T22:00:00Z" },
	{ "birthday", "9h", "2026-02-01T09:00:00-05:00" },
	{ "event.due_at", "-1h", "2026-01-18T11:00:00Z" },
	{ "nested.at", "0s", "2026-01-18T12:00:00Z" },
	{ "event.trial_ends", "0s", NULL },
	{ "missing", "0s", NULL },
	{ "word", "0s", NULL },
	{ "yes", "0s", NULL },
};

static const JrMember nested[] = {
	{ .key = "at",
	  .key_len = 2,
	  .val = { .type = JR_VAL_TEXT,
		   .len = 20,
		   .text = "2026-01-18T12:00:00Z" } }
};

#define TEXT(k, t)                                                             \
	{                                                                      \
		.key = k, .key_len = sizeof k - 1,                             \
		.val = {.type = JR_VAL_TEXT,                                   \
			.len = sizeof t - 1,                                   \
			.text = t }                                            \
	}
#define INT(k, n)                                                              \
	{                                                                      \
		.key = k, .key_len = sizeof k - 1,                             \
		.val = {.type = JR_VAL_INT,                                    \
			.num = n }                                             \
	}

static const JrMember person[] = {
	TEXT("trial_ends", "2026-01-20T17:00:00-05:00"),
	INT("unix", 1768946400),
	INT("unix_ms", 1768946400000),
	TEXT("birthday", "2026-02-01"),
	TEXT("word", "tomorrow"),
	{ .key = "yes",
	  .key_len = 3,
	  .val = { .type = JR_VAL_BOOL, .yes = TRUE } },
	{ .key = "nested",
	  .key_len = 6,
	  .val = { .type = JR_VAL_MAP, .len = 1, .members = nested } },
};

static const JrMember event[] = { TEXT("due_at", "2026-01-18T12:00:00Z") };

START_TEST(a_wait_counts_from_a_date)
{
	const JrVal person_map = { .type = JR_VAL_MAP,
				   .len = G_N_ELEMENTS(person),
				   .members = person };
	const JrVal event_map = { .type = JR_VAL_MAP,
				  .len = G_N_ELEMENTS(event),
				  .members = event };
	JrWait wait = make(dates[_i].span, NULL);
	JrWaitFacts facts = { .person = &person_map, .event = &event_map };
	g_autoptr(GError) error = NULL;
	gint64 ends_s = 0;
	gboolean ok;

	facts.zone = jr_zones_get(zones, NY, NULL);
	facts.at_s = instant("2026-01-15T12:00:00-05:00");
	wait.date = dates[_i].date;
	ok = jr_wait_ends(&wait, &facts, &ends_s, &error);
	ck_assert_msg(ok == !!dates[_i].ends, "%s", dates[_i].date);
	if (ok)
		ck_assert_int_eq(ends_s, instant(dates[_i].ends));
	else
		ck_assert_ptr_nonnull(strstr(error->message, dates[_i].date));
}
END_TEST

static const struct {
	const char *text;
	int minute; /* -1: refused */
} minutes[] = {
	{ "09:00", 540 },  { "9:00", 540 },   { "00:00", 0 },
	{ "23:59", 1439 }, { "24:00", 1440 }, { "24:01", -1 },
	{ "9", -1 },	   { "09:60", -1 },   { "9am", -1 },
	{ "09:0", -1 },	   { "009:00", -1 },  { "", -1 },
	{ "-1:00", -1 },   { "09:00 ", -1 },  { "09.00", -1 },
};

START_TEST(a_time_of_day_is_read)
{
	gint16 minute = -1;
	gboolean ok = jr_wait_minute(minutes[_i].text, &minute, NULL);

	ck_assert_msg(ok == (minutes[_i].minute >= 0), "%s", minutes[_i].text);
	if (ok)
		ck_assert_int_eq(minute, minutes[_i].minute);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, zones_setup, zones_teardown);
	tcase_add_loop_test(tc, a_wait_ends_by_local_clocks, 0,
			    G_N_ELEMENTS(waits));
	tcase_add_loop_test(tc, a_wait_counts_from_a_date, 0,
			    G_N_ELEMENTS(dates));
	tcase_add_loop_test(tc, a_time_of_day_is_read, 0,
			    G_N_ELEMENTS(minutes));
}
