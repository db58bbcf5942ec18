/* Hashes, suggestions, errors, the clock and the places to crash. */
#include "base/clock.h"
#include "base/crash.h"
#include "base/error.h"
#include "base/excerpt.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "unit.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* ---- hashes: they are stored, so these values stay for ever ---- */

START_TEST(stored_hashes_never_change)
{
	const char *const parts[] = { "wf", "u_1001", "3", NULL };
	g_autofree char *id = jr_hash_id("m_", parts);
	char hex[JR_SHA256_SIZE];

	ck_assert_uint_eq(jr_hash64("", 0),
			  G_GUINT64_CONSTANT(0xefd01f60ba992926));
	ck_assert_uint_eq(jr_hash64("a", 1),
			  G_GUINT64_CONSTANT(0x82a2a958a9bece5b));
	jr_sha256("abc", 3, hex); /* FIPS 180-2, B.1 */
	ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223"
			      "b00361a396177a9cb410ff61f20015ad");
	ck_assert_str_eq(id, "m_4qs37e819eyp6zndtmza7vprjv");
	ck_assert_double_eq(jr_hash_bucket("exp", "u_1001"),
			    0.7325851547463512);
}
END_TEST

static const char *const splits[][4] = {
	{ "ab", "c", NULL },	 { "a", "bc", NULL },
	{ "abc", NULL },	 { "abc", "", NULL },
	{ "", "abc", NULL },	 { "", NULL },
	{ "", "", NULL },	 { NULL },
	{ "a", "b", "c", NULL },
};

START_TEST(ids_of_other_parts_are_others)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(splits); i++) {
		char *id = jr_hash_id("x", splits[i]);

		ck_assert_uint_eq(strlen(id), 27);
		ck_assert_uint_eq(strspn(id + 1, "0123456789abcdefghjkmnpqrst"
						 "vwxyz"),
				  26);
		ck_assert(g_hash_table_add(seen, id));
	}
}
END_TEST

/*
 * 20,000 people in 20 buckets of two experiments: each bucket of each, and each
 * pair of halves, as full as chance has it.
 */
START_TEST(draws_are_even_and_independent)
{
	guint one[20] = { 0 }, other[20] = { 0 }, pairs[4] = { 0 };

	for (guint i = 0; i < 20000; i++) {
		g_autofree char *key = g_strdup_printf("u_%u", i);
		double a = jr_hash_bucket("wf/step1", key);
		double b = jr_hash_bucket("wf/step2", key);

		ck_assert(a >= 0 && a < 1 && b >= 0 && b < 1);
		one[(guint)(20 * a)]++;
		other[(guint)(20 * b)]++;
		pairs[2 * (a < 0.5) + (b < 0.5)]++;
	}
	/* Five standard deviations: sqrt(n p (1 - p)). */
	for (guint i = 0; i < 20; i++) {
		ck_assert_int_le(abs((int)one[i] - 1000), 155);
		ck_assert_int_le(abs((int)other[i] - 1000), 155);
	}
	for (guint i = 0; i < 4; i++)
		ck_assert_int_le(abs((int)pairs[i] - 5000), 307);
}
END_TEST

/* ---- suggestions ---- */

static const char *const names[] = { "state",	 "workflows",	"segments",
				     "timezone", "quiet_hours", "caps",
				     "id",	 NULL };

static const struct {
	const char *word, *want; /* NULL: none is near */
} slips[] = {
	{ "state", "state" },
	{ "State", "state" },
	{ "sate", "state" },
	{ "staet", "state" },
	{ "sttate", "state" },
	{ "stzte", "state" },
	{ "workflow", "workflows" },
	{ "segmants", "segments" },
	{ "time_zone", "timezone" },
	{ "quiethours", "quiet_hours" },
	{ "quite_hours", "quiet_hours" },
	{ "cpas", "caps" },
	{ "di", "id" },
	{ "x", NULL },
	{ "", NULL },
	{ "xyzzy", NULL },
	{ "providers", NULL },
	{ "zz", NULL },
};

START_TEST(a_slip_of_the_hand_is_seen)
{
	g_autofree char *text = jr_suggest_write(slips[_i].word, names);
	const char *got = jr_suggest(slips[_i].word, names);

	if (slips[_i].want) {
		g_autofree char *want =
			g_strdup_printf("write '%s'", slips[_i].want);

		ck_assert_str_eq(got, slips[_i].want);
		ck_assert_str_eq(text, want);
	} else {
		ck_assert_msg(!got, "'%s' is not near '%s'", got,
			      slips[_i].word);
		ck_assert_str_eq(text, "write one of 'state', 'workflows', "
				       "'segments', 'timezone', 'quiet_hours', "
				       "'caps', 'id'");
	}
}
END_TEST

START_TEST(long_words_have_no_suggestion)
{
	g_autofree char *word = g_strnfill(100000, 's');
	const char *const one[] = { "state", NULL };
	g_autofree char *text = jr_suggest_write(word, one);

	ck_assert_ptr_null(jr_suggest(word, names));
	ck_assert_str_eq(text, "write 'state'");
}
END_TEST

/* ---- errors ---- */

static const struct {
	JrError code;
	int want;
} codes[] = {
	{ JR_ERROR_USAGE, EX_USAGE },
	{ JR_ERROR_INPUT, EX_DATAERR },
	{ JR_ERROR_CONFIG, EX_CONFIG },
	{ JR_ERROR_BUSY, EX_TEMPFAIL },
	{ JR_ERROR_REFUSED, EX_UNAVAILABLE },
	{ JR_ERROR_IO, EX_IOERR },
	{ JR_ERROR_ALARM, 1 },
};

START_TEST(each_kind_of_error_has_its_exit_code)
{
	g_autoptr(GError) error =
		g_error_new_literal(JR_ERROR, (int)codes[_i].code, "x");

	ck_assert_int_eq(jr_error_exit_code(error), codes[_i].want);
}
END_TEST

START_TEST(errors_of_others_are_bugs_and_none_is_none)
{
	g_autoptr(GError) error =
		g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");

	ck_assert_int_eq(jr_error_exit_code(error), EX_SOFTWARE);
	ck_assert_int_eq(jr_error_exit_code(NULL), EX_OK);
}
END_TEST

static const struct {
	const char *file;
	guint line, column;
	const char *want;
} spots[] = {
	{ NULL, 0, 0, "x" },	  { "f", 0, 0, "f: x" },
	{ "f", 3, 0, "f:3: x" },  { "f", 3, 4, "f:3:4: x" },
	{ NULL, 3, 4, "3:4: x" },
};

START_TEST(an_error_names_its_place)
{
	g_autoptr(GError) error =
		g_error_new_literal(JR_ERROR, JR_ERROR_INPUT, "x");

	jr_error_at(&error, spots[_i].file, spots[_i].line, spots[_i].column);
	ck_assert_str_eq(error->message, spots[_i].want);
	jr_error_at(NULL, "f", 1, 1);
}
END_TEST

/* ---- the clock ---- */

START_TEST(a_fixed_clock_stands_still)
{
	const JrClock before_1970 = { .fixed = TRUE, .fixed_ms = -1 };
	const JrClock fixed = { .fixed = TRUE, .fixed_ms = 1795416000999 };
	const JrClock system = { .fixed = FALSE };

	ck_assert_int_eq(jr_clock_now_ms(&fixed), 1795416000999);
	ck_assert_int_eq(jr_clock_now_s(&fixed), 1795416000);
	ck_assert_int_eq(jr_clock_now_s(&before_1970), -1);
	ck_assert_int_gt(jr_clock_now_s(&system), 1700000000);
}
END_TEST

START_TEST(ticks_grow_by_what_was_slept)
{
	gint64 from = jr_clock_ticks_ms();

	jr_clock_sleep_ms(30);
	ck_assert_int_ge(jr_clock_ticks_ms() - from, 29);
	jr_clock_sleep_ms(0);
	jr_clock_sleep_ms(-5);
}
END_TEST

/* ---- places to crash: each case is a process of its own ---- */

static const struct {
	const char *plan;
	guint passes; /* of "b" before it dies; 0: it lives */
} plans[] = {
	{ NULL, 0 },  { "", 0 },    { "none", 0 }, { "b", 1 },
	{ "b:1", 1 }, { "b:3", 3 }, { "list", 0 }, { "b:0", 0 },
};

static void pass_points(guint i, guint n)
{
	if (plans[i].plan)
		setenv("JR_CRASH", plans[i].plan, 1);
	for (guint pass = 0; pass < n; pass++) {
		jr_crash_point("a");
		jr_crash_point("b");
	}
}

START_TEST(a_process_lives_up_to_its_crash_point)
{
	pass_points(_i, plans[_i].passes > 0 ? plans[_i].passes - 1 : 10);
}
END_TEST

START_TEST(a_process_dies_at_its_crash_point)
{
	pass_points(_i + 3, plans[_i + 3].passes);
}
END_TEST

/* ---- places ---- */

static const struct {
	guint line, column;
	const char *excerpt;
} excerpts[] = {
	{ 1, 1, "ab\n^\n" }, { 1, 2, "ab\n ^\n" }, { 1, 9, "ab\n  ^\n" },
	{ 2, 1, "cd\n^\n" }, { 9, 2, "cd\n ^\n" },
};

START_TEST(a_caret_stands_below_its_place)
{
	g_autofree char *excerpt =
		jr_excerpt("ab\ncd", excerpts[_i].line, excerpts[_i].column);

	ck_assert_str_eq(excerpt, excerpts[_i].excerpt);
}
END_TEST

static const struct {
	const char *message;
	guint len, line, column; /* 0: none */
} told[] = {
	{ "w/a.yaml:3:12: no", 8, 3, 12 },
	{ "a:b.yaml:3:12: no", 8, 3, 12 },
	{ "a:1:2:3:12: no", 5, 3, 12 },
	{ "--where:1:1: no", 7, 1, 1 },
	{ ":1:1: no", 0, 1, 1 },
	{ "a.yaml:3: no", 0, 0, 0 },
	{ "a.yaml:3:x: no", 0, 0, 0 },
	{ "a.yaml:0:1: no", 0, 0, 0 },
	{ "a.yaml:1:99999999999: no", 0, 0, 0 },
	{ "a.yaml:1:-1: no", 0, 0, 0 },
	{ "at 21:00:00", 0, 0, 0 },
	{ "no", 0, 0, 0 },
	{ "", 0, 0, 0 },
};

START_TEST(a_message_says_its_place)
{
	JrPlace place = { 0 };
	gboolean any = jr_place_of(told[_i].message, &place);

	ck_assert_int_eq(any, told[_i].line > 0);
	if (!any)
		return;
	ck_assert_uint_eq(place.len, told[_i].len);
	ck_assert_uint_eq(place.line, told[_i].line);
	ck_assert_uint_eq(place.column, told[_i].column);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_caret_stands_below_its_place, 0,
			    G_N_ELEMENTS(excerpts));
	tcase_add_loop_test(tc, a_message_says_its_place, 0,
			    G_N_ELEMENTS(told));
	tcase_add_test(tc, stored_hashes_never_change);
	tcase_add_test(tc, ids_of_other_parts_are_others);
	tcase_add_test(tc, draws_are_even_and_independent);
	tcase_add_loop_test(tc, a_slip_of_the_hand_is_seen, 0,
			    G_N_ELEMENTS(slips));
	tcase_add_test(tc, long_words_have_no_suggestion);
	tcase_add_loop_test(tc, each_kind_of_error_has_its_exit_code, 0,
			    G_N_ELEMENTS(codes));
	tcase_add_test(tc, errors_of_others_are_bugs_and_none_is_none);
	tcase_add_loop_test(tc, an_error_names_its_place, 0,
			    G_N_ELEMENTS(spots));
	tcase_add_test(tc, a_fixed_clock_stands_still);
	tcase_add_test(tc, ticks_grow_by_what_was_slept);
	tcase_add_loop_test(tc, a_process_lives_up_to_its_crash_point, 0,
			    G_N_ELEMENTS(plans));
	tcase_add_loop_test_raise_signal(tc, a_process_dies_at_its_crash_point,
					 SIGKILL, 0, 3);
}
