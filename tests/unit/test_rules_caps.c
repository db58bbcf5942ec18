/* Caps: rolling windows, at their edges. */
#include "rules/caps.h"
#include "unit.h"

#define H 3600
#define D 86400

static const struct {
	const char *text;
	guint count; /* with per_s 0: refused */
	gint64 per_s;
	const char *formatted; /* NULL: as @text */
} texts[] = {
	{ "1 per 24h", 1, D, NULL },
	{ "4 per 30d", 4, 30 * D, NULL },
	{ "1 per 1d", 1, D, "1 per 24h" },
	{ " 3  per 90m", 3, 5400, "3 per 90m" },
	{ "2 per 1w", 2, 7 * D, "2 per 7d" },
	{ "0 per 1h", 0, H, NULL },
	{ "10 per 45s", 10, 45, NULL },
	{ "4", 0, 0, NULL },
	{ "per 30d", 0, 0, NULL },
	{ "x per 30d", 0, 0, NULL },
	{ "-1 per 30d", 0, 0, NULL },
	{ "1 per day", 0, 0, NULL },
	{ "1 per 0s", 0, 0, NULL },
	{ "1 per -3d", 0, 0, NULL },
	{ "99999999 per 1d", 0, 0, NULL },
	{ "", 0, 0, NULL },
};

START_TEST(a_cap_is_read)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *formatted = NULL;
	JrCap cap = { 0 };
	gboolean ok = jr_cap_parse(texts[_i].text, &cap, &error);

	ck_assert_msg(ok == (texts[_i].per_s > 0), "%s", texts[_i].text);
	ck_assert(ok == !error);
	if (!ok)
		return;
	ck_assert_uint_eq(cap.count, texts[_i].count);
	ck_assert_int_eq(cap.per_s, texts[_i].per_s);
	formatted = jr_cap_format(&cap);
	ck_assert_str_eq(formatted, texts[_i].formatted ? texts[_i].formatted
							: texts[_i].text);
}
END_TEST

#define NOW (100 * (gint64)D)

static const struct {
	JrCap cap;
	gint64 ago_s[4]; /* newest first; 0 ends */
	gint64 in_s;	 /* when it opens; -1: never */
} opens[] = {
	{ { 1, D }, { 0 }, 0 },
	{ { 1, D }, { 1 }, D - 1 },
	{ { 1, D }, { D - 1 }, 1 },
	{ { 1, D }, { D }, 0 }, /* a day later it has its place back */
	{ { 2, D }, { 10 }, 0 },
	{ { 2, D }, { 10, 20 }, D - 20 },
	{ { 2, D }, { 10, D + 5 }, 0 },
	{ { 1, D }, { 10, 20, 30 }, D - 10 }, /* the newest decides */
	{ { 2, D }, { 10, 20, 30 }, D - 20 },
	{ { 4, 30 * D }, { D, 2 * D, 3 * D, 4 * D }, 26 * D },
	{ { 4, 30 * D }, { D, 2 * D, 3 * D }, 0 },
	{ { 0, D }, { 0 }, -1 },
	{ { 1, D }, { -H }, D + H }, /* the clock was set back */
};

START_TEST(a_cap_opens_when_the_window_has_moved_on)
{
	gint64 times_s[4], got;
	guint n = 0;

	for (; n < 4 && opens[_i].ago_s[n] != 0; n++)
		times_s[n] = NOW - opens[_i].ago_s[n];
	got = jr_cap_opens(&opens[_i].cap, times_s, n, NOW);
	ck_assert_int_eq(got, opens[_i].in_s < 0 ? G_MAXINT64
						 : NOW + opens[_i].in_s);
}
END_TEST

/* By definition: at no instant more than so many in any window before it. */
START_TEST(what_goes_when_it_opens_never_exceeds_the_cap)
{
	g_autoptr(GRand) rnd = g_rand_new_with_seed((guint32)_i);
	const JrCap cap = { (guint)g_rand_int_range(rnd, 1, 5),
			    g_rand_int_range(rnd, 10, 500) };
	gint64 sent[64], newest_first[64], at_s = 0;

	for (guint n = 0; n < 64; n++) {
		guint in_window = 0;

		for (guint i = 0; i < n; i++)
			newest_first[i] = sent[n - 1 - i];
		at_s += g_rand_int_range(rnd, 0, 100);
		at_s = jr_cap_opens(&cap, newest_first, n, at_s);
		sent[n] = at_s;
		for (guint i = 0; i <= n; i++)
			in_window += sent[i] > at_s - cap.per_s;
		ck_assert_uint_le(in_window, cap.count);
	}
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_cap_is_read, 0, G_N_ELEMENTS(texts));
	tcase_add_loop_test(tc, a_cap_opens_when_the_window_has_moved_on, 0,
			    G_N_ELEMENTS(opens));
	tcase_add_loop_test(tc, what_goes_when_it_opens_never_exceeds_the_cap,
			    0, 50);
}
