/* Characters as people see them, what fits a lock screen, and locales. */
#include "rules/grapheme.h"
#include "rules/locale.h"
#include "rules/push.h"
#include "unit.h"

#include <string.h>

static const struct {
	const char *text; /* clusters with a bar between */
	const char *sms;  /* the same as Twilio draws them; NULL: likewise */
} clusters[] = {
	{ "", NULL },
	{ "a|b|c", NULL },
	{ "e\u0301|x", NULL },
	{ "\r\n|a", "\r|\n|a" },
	{ "\n|\u0301", NULL },
	{ "🇫🇷|🇺🇸|🇩", NULL },
	{ "👍🏽|!", NULL },
	{ "👨‍👩‍👧‍👦|👨‍👩‍👧‍👦", NULL },
	{ "❤️|a", NULL },
	{ "1️⃣|2️⃣", NULL },
	{ "가|각|ᄀ\u1161\u11a8|ᄀᄀ", NULL },
	{ "नि|हि", NULL },
	{ "\u0e01\u0e33|a", NULL },
	{ "a\u200d|b", NULL },
	{ "🏴\U000e0067\U000e0062\U000e007f|x", NULL },
	/* What came after Unicode 10. */
	{ "🧑🏿‍🦱|x", "🧑🏿‍|🦱|x" },
	{ "🎉🏽|x", "🎉|🏽|x" },
};

static void assert_drawn(const char *bars, gsize (*next)(const char *))
{
	g_auto(GStrv) want = g_strsplit(bars, "|", -1);
	g_autofree char *text = g_strjoinv("", want);
	const char *at = text;

	for (guint i = 0; *at; i++) {
		gsize len = next(at);

		ck_assert_msg(want[i] && strlen(want[i]) == len, "%s at %u",
			      bars, i);
		at += len;
	}
	ck_assert_uint_eq(next(at), 0);
}

START_TEST(clusters_are_drawn)
{
	assert_drawn(clusters[_i].text, jr_grapheme_next);
	assert_drawn(clusters[_i].sms ? clusters[_i].sms : clusters[_i].text,
		     jr_grapheme_next_sms);
}
END_TEST

static const struct {
	const char *text;
	guint max;
	const char *want;
} cuts[] = {
	{ "Your payment failed", 50, "Your payment failed" },
	{ "Your payment failed", 19, "Your payment failed" },
	{ "Your payment failed", 18, "Your payment…" },
	{ "Your payment failed", 10, "Your paym…" }, /* space too far back */
	{ "Your payment failed", 6, "Your…" },
	{ "abcdef", 6, "abcdef" },
	{ "abcdef", 5, "abcd…" },
	{ "abcdef", 1, "…" },
	{ "abcdef", 0, "" },
	{ "", 5, "" },
	{ "hi 👨‍👩‍👧‍👦 all of you", 5,
	  "hi 👨‍👩‍👧‍👦…" },
	{ "xy👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
	  4, "xy👨‍👩‍👧‍👦…" },
	{ "e\u0301e\u0301e\u0301", 2, "e\u0301…" },
};

START_TEST(a_text_is_cut_between_characters)
{
	g_autofree char *cut = jr_push_cut(cuts[_i].text, cuts[_i].max);

	ck_assert_str_eq(cut, cuts[_i].want);
	ck_assert_uint_le(jr_grapheme_count(cut), cuts[_i].max);
}
END_TEST

static const struct {
	guint title, body; /* of how many characters */
	JrPushFit title_fit, body_fit;
} fits[] = {
	{ 50, 150, JR_PUSH_FITS, JR_PUSH_FITS },
	{ 51, 151, JR_PUSH_LONG, JR_PUSH_LONG },
	{ 65, 178, JR_PUSH_LONG, JR_PUSH_LONG },
	{ 66, 179, JR_PUSH_TOO_LONG, JR_PUSH_TOO_LONG },
	{ 0, 0, JR_PUSH_FITS, JR_PUSH_FITS },
};

static char *hearts(guint n)
{
	GString *text = g_string_new(NULL);

	while (n-- > 0)
		g_string_append(text, "❤️");
	return g_string_free(text, FALSE);
}

START_TEST(a_lock_screen_has_limits)
{
	const JrPushLimits limits = JR_PUSH_LIMITS_DEFAULT;
	g_autofree char *title = hearts(fits[_i].title);
	g_autofree char *body = hearts(fits[_i].body);
	JrPushMeasure m = jr_push_measure(&limits, title, body);

	ck_assert_uint_eq(m.title, fits[_i].title);
	ck_assert_uint_eq(m.body, fits[_i].body);
	ck_assert_int_eq(m.title_fit, fits[_i].title_fit);
	ck_assert_int_eq(m.body_fit, fits[_i].body_fit);
	m = jr_push_measure(&limits, NULL, NULL);
	ck_assert_int_eq(m.title_fit, JR_PUSH_FITS);
}
END_TEST

static const struct {
	const char *wanted;
	int at; /* in { "fr", "pt-BR", "de_CH", "zh-Hant", "pt", "zh-Hant-HK" }
		 */
} locales[] = {
	{ "fr", 0 },	 { "FR-ca", 0 },      { "fr_CA.UTF-8", 0 },
	{ "pt-BR", 1 },	 { "pt_br", 1 },      { "pt-PT", 4 },
	{ "pt", 4 },	 { "de", 2 },	      { "de-CH", 2 },
	{ "de-AT", -1 }, { "zh-Hant-TW", 3 }, { "zh-hant-hk", 5 },
	{ "zh", 3 },	 { "zh-Hans", -1 },   { "frr", -1 },
	{ "en", -1 },	 { "", -1 },	      { NULL, -1 },
};

START_TEST(a_locale_takes_its_nearest_variant)
{
	const char *have[] = { "fr",	  "pt-BR", "de_CH",
			       "zh-Hant", "pt",	   "zh-Hant-HK" };

	ck_assert_int_eq(
		jr_locale_pick(have, G_N_ELEMENTS(have), locales[_i].wanted),
		locales[_i].at);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, clusters_are_drawn, 0, G_N_ELEMENTS(clusters));
	tcase_add_loop_test(tc, a_text_is_cut_between_characters, 0,
			    G_N_ELEMENTS(cuts));
	tcase_add_loop_test(tc, a_lock_screen_has_limits, 0,
			    G_N_ELEMENTS(fits));
	tcase_add_loop_test(tc, a_locale_takes_its_nearest_variant, 0,
			    G_N_ELEMENTS(locales));
}
