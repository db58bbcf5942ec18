#include "rules/words.h"
#include "base/terms.h"
#include "rules/words_table.h"

#include <string.h>

#define STOP_SIGN 0x1f6d1 /* an emoji that says it as well */

struct _JrWords {
	GHashTable *stop, *start, *help; /* of canonical texts */
	char **phrases;			 /* canonical, a space at both ends */
};

static const char *const kinds[] = {
	[JR_WORDS_OTHER] = "other",   [JR_WORDS_STOP] = "stop",
	[JR_WORDS_START] = "start",   [JR_WORDS_HELP] = "help",
	[JR_WORDS_REVIEW] = "review",
};

const char *jr_words_kind_name(JrWordsKind kind)
{
	return JR_TERM_NAME(kinds, kind);
}

/* --- one form for all ways of writing --- */

/* What is left of @c: itself, a space, or nothing (0). */
static gunichar reduce(gunichar c)
{
	if (c == '\'' || c == 0x2019 || c == 0x2018 || c == '`')
		return 0; /* "don't" is one word */
	if (g_unichar_isalnum(c))
		return c;
	if (g_unichar_ismark(c) || g_unichar_iszerowidth(c))
		return 0;
	return ' ';
}

/*
 * Words in lower case without accents, one space before, between and after
 * them; " " when there are none.  Owned.
 */
static char *canonical(const char *text)
{
	g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
	g_autofree char *low = g_utf8_casefold(plain ? plain : "", -1);
	GString *out = g_string_new(" ");

	for (const char *at = low; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		gunichar left = reduce(c);

		if (c == STOP_SIGN)
			g_string_append(out, " stop ");
		else if (left == ' ' && out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
		else if (left != 0 && left != ' ')
			g_string_append_unichar(out, left);
	}
	if (out->str[out->len - 1] != ' ')
		g_string_append_c(out, ' ');
	return g_string_free(out, FALSE);
}

/* "s t o p" is "stop": when all words are one letter long.  In place. */
static void join_letters(char *words)
{
	gsize len = strlen(words);
	char *to = words + 1;

	if (len < 7)
		return;
	for (gsize i = 2; i < len; i += 2)
		if (words[i] != ' ')
			return;
	for (gsize i = 1; i < len; i += 2)
		*to++ = words[i];
	g_strlcpy(to, " ", 2);
}

/* "stoooop" is "stop"; owned. */
static char *without_repeats(const char *words)
{
	GString *out = g_string_new(NULL);

	for (const char *at = words; *at; at++)
		if (at == words || *at != at[-1])
			g_string_append_c(out, *at);
	return g_string_free(out, FALSE);
}

/* --- making --- */

static GHashTable *set_of(const char *const *list, const char *const *fallback)
{
	GHashTable *set =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (const char *const *w = list ? list : fallback; *w; w++)
		g_hash_table_add(set, canonical(*w));
	return set;
}

JrWords *jr_words_new(const JrWordSets *sets)
{
	static const JrWordSets none = { 0 };
	const JrWordSets *s = sets ? sets : &none;
	const char *const *phrases = s->phrases ? s->phrases : jr_words_phrases;
	GPtrArray *own = g_ptr_array_new();
	JrWords *words = g_new0(JrWords, 1);

	words->stop = set_of(s->stop, jr_words_stop);
	for (const char *const *w = jr_words_law; *w; w++)
		g_hash_table_add(words->stop, canonical(*w));
	words->start = set_of(s->start, jr_words_start);
	words->help = set_of(s->help, jr_words_help);
	for (; *phrases; phrases++)
		g_ptr_array_add(own, canonical(*phrases));
	g_ptr_array_add(own, NULL);
	words->phrases = (char **)g_ptr_array_free(own, FALSE);
	return words;
}

void jr_words_free(JrWords *words)
{
	if (!words)
		return;
	g_hash_table_unref(words->stop);
	g_hash_table_unref(words->start);
	g_hash_table_unref(words->help);
	g_strfreev(words->phrases);
	g_free(words);
}

/* --- classifying --- */

/* The first word of @words from byte @at, with both spaces; owned. */
static char *word_at(const char *words, gsize at)
{
	const char *end = strchr(words + at + 1, ' ');

	return g_strndup(words + at, (gsize)(end + 1 - words) - at);
}

static gboolean in_list(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (strlen(*list) + 2 == strlen(word) &&
		    strncmp(word + 1, *list, strlen(*list)) == 0)
			return TRUE;
	return FALSE;
}

/* Whether every word from byte @at on is one of @list. */
static gboolean all_in(const char *words, gsize at, const char *const *list)
{
	while (words[at + 1]) {
		g_autofree char *word = word_at(words, at);

		if (!in_list(list, word))
			return FALSE;
		at += strlen(word) - 1;
	}
	return TRUE;
}

/* The word that ends before byte @at; owned, or NULL at the beginning. */
static char *word_before(const char *words, gsize at)
{
	gsize from = at;

	if (at == 0)
		return NULL;
	while (words[--from] != ' ')
		;
	return g_strndup(words + from, at - from + 1);
}

/* A message that begins with a word of the STOP set. */
static JrWordsKind classify_first(const char *words, const char *first)
{
	gsize len = strlen(first) - 1;
	g_autofree char *second = word_at(words, len);

	if (all_in(words, len, jr_words_fillers))
		return JR_WORDS_STOP;
	if (in_list(jr_words_harmless_after, second))
		return JR_WORDS_OTHER;
	return in_list(jr_words_everyday, first) ? JR_WORDS_REVIEW
						 : JR_WORDS_STOP;
}

/* A phrase, unless a negation stands right before it. */
static JrWordsKind classify_phrase(const char *words, const char *phrase)
{
	const char *found = strstr(words, phrase);
	g_autofree char *before = NULL;

	if (!found)
		return JR_WORDS_OTHER;
	before = word_before(words, (gsize)(found - words));
	if (before && in_list(jr_words_negations, before))
		return JR_WORDS_REVIEW;
	return JR_WORDS_STOP;
}

/* Whether one of the words of @list stands in @words in a doubtful place. */
static gboolean is_doubtful(const char *words)
{
	for (gsize at = 0; words[at + 1];) {
		g_autofree char *word = word_at(words, at);
		g_autofree char *before = word_before(words, at);
		gsize next = at + strlen(word) - 1;
		g_autofree char *after =
			words[next + 1] ? word_at(words, next) : NULL;

		at = next;
		if (!in_list(jr_words_doubtful, word))
			continue;
		if (before && (in_list(jr_words_harmless_before, before) ||
			       in_list(jr_words_negations, before)))
			continue;
		if (!after || !in_list(jr_words_harmless_after, after))
			return TRUE;
	}
	for (const char *const *p = jr_words_doubtful_phrases; *p; p++)
		if (strstr(words, *p))
			return TRUE;
	return FALSE;
}

static JrWordsKind classify_whole(const JrWords *sets, const char *words)
{
	g_autofree char *once = without_repeats(words);

	if (g_hash_table_contains(sets->stop, words))
		return JR_WORDS_STOP;
	if (g_hash_table_contains(sets->start, words))
		return JR_WORDS_START;
	if (g_hash_table_contains(sets->help, words))
		return JR_WORDS_HELP;
	if (g_hash_table_contains(sets->stop, once))
		return JR_WORDS_STOP;
	return JR_WORDS_OTHER;
}

JrWordsKind jr_words_classify(const JrWords *sets, const char *text)
{
	g_autofree char *words = canonical(text);
	g_autofree char *first = NULL;
	JrWordsKind kind;

	join_letters(words);
	if (!words[1])
		return JR_WORDS_OTHER;
	kind = classify_whole(sets, words);
	if (kind != JR_WORDS_OTHER)
		return kind;
	first = word_at(words, 0);
	if (words[strlen(first)] && g_hash_table_contains(sets->stop, first)) {
		kind = classify_first(words, first);
		if (kind == JR_WORDS_STOP)
			return kind;
	}
	for (char **p = sets->phrases; *p; p++) {
		JrWordsKind found = classify_phrase(words, *p);

		if (found == JR_WORDS_STOP)
			return found;
		kind = MAX(kind, found);
	}
	if (kind == JR_WORDS_OTHER && is_doubtful(words))
		return JR_WORDS_REVIEW;
	return kind;
}
