/* STOP, START, HELP, and the many ways people write them. */
#include "rules/words.h"
#include "unit.h"

#include <string.h>

#define CASES "tests/cases/rules/words.tsv"
#define REAL "../shared/data/real/sms-texts.tsv.gz"

static void check_line(const JrWords *words, const char *line)
{
	const char *tab = strchr(line, '\t');
	g_autofree char *want = NULL;
	g_autofree char *text = NULL;

	ck_assert_msg(!!tab, "no tab: %s", line);
	want = g_strndup(line, (gsize)(tab - line));
	text = g_strcompress(tab + 1);
	ck_assert_msg(
		g_strcmp0(jr_words_kind_name(jr_words_classify(words, text)),
			  want) == 0,
		"'%s' is '%s', not '%s'", text,
		jr_words_kind_name(jr_words_classify(words, text)), want);
}

START_TEST(every_case_means_what_it_says)
{
	g_autoptr(JrWords) words = jr_words_new(NULL);
	g_autofree char *all = NULL;
	guint n = 0;

	ck_assert(g_file_get_contents(CASES, &all, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(all, "\n", -1);
	for (char **line = lines; *line; line++) {
		if (**line == '#' || **line == '\0')
			continue;
		check_line(words, *line);
		n++;
	}
	ck_assert_uint_gt(n, 150);
}
END_TEST

static const struct {
	const char *text;
	JrWordsKind kind;
} own[] = {
	{ "schluss", JR_WORDS_STOP },
	{ "SCHLUSS!", JR_WORDS_STOP },
	{ "Schluss mit lustig", JR_WORDS_STOP }, /* first word */
	{ "Aus und vorbei", JR_WORDS_STOP },	 /* phrase */
	{ "ja", JR_WORDS_START },
	{ "hilf mir", JR_WORDS_HELP },
	{ "quit", JR_WORDS_STOP },
	{ "STOP", JR_WORDS_STOP },
	{ "afmelden", JR_WORDS_OTHER },
	{ "start", JR_WORDS_OTHER },
	{ "please unsubscribe me", JR_WORDS_REVIEW },
};

START_TEST(sets_of_ones_own_take_the_place_of_the_defaults)
{
	const char *stop[] = { "Schluss", NULL };
	const char *start[] = { "JA", NULL };
	const char *help[] = { "Hilf mir!", NULL };
	const char *phrases[] = { "aus und vorbei", NULL };
	const JrWordSets sets = { stop, start, help, phrases };
	g_autoptr(JrWords) words = jr_words_new(&sets);

	ck_assert_int_eq(jr_words_classify(words, own[_i].text), own[_i].kind);
}
END_TEST

/* What friends write to each other is next to never an opt-out. */
START_TEST(real_texts_are_let_be)
{
	g_autoptr(JrWords) words = jr_words_new(NULL);
	const char *argv[] = { "gzip", "-dc", REAL, NULL };
	g_autofree char *all = NULL;
	guint n = 0, stop = 0, review = 0;

	if (!g_file_test(REAL, G_FILE_TEST_EXISTS) ||
	    !g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
			  NULL, &all, NULL, NULL, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(all, "\n", -1);
	for (char **line = lines; *line; line++) {
		JrWordsKind kind;

		if (!g_str_has_prefix(*line, "ham\t") ||
		    !g_utf8_validate(*line, -1, NULL))
			continue;
		kind = jr_words_classify(words, *line + strlen("ham\t"));
		ck_assert(kind != JR_WORDS_START && kind != JR_WORDS_HELP);
		stop += kind == JR_WORDS_STOP;
		review += kind == JR_WORDS_REVIEW;
		n++;
	}
	ck_assert_uint_gt(n, 4000);
	ck_assert_uint_le(stop * 500, n);   /* 0.2 % */
	ck_assert_uint_le(review * 100, n); /* 1 % */
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, every_case_means_what_it_says);
	tcase_add_loop_test(tc, sets_of_ones_own_take_the_place_of_the_defaults,
			    0, G_N_ELEMENTS(own));
	tcase_add_test(tc, real_texts_are_let_be);
}
