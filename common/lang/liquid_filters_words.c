/* liquid_filters_words.c - texts as words and sentences. */
#include "lang/liquid_impl.h"

#include <string.h>

/* ------------------------------------------------------------- truncatewords
 */

/* The next word from *@at on; FALSE when there is none. */
static gboolean next_word(const char **at, const char *end, LqText *word)
{
	const char *from = *at;

	while (from < end && lq_space(*from))
		from++;
	*at = from;
	while (*at < end && !lq_space(**at))
		++*at;
	*word = (LqText){ from, (gsize)(*at - from) };
	return word->len > 0;
}

static LqVal f_truncatewords(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args), dots, word;
	const char *at = text.str, *end = at + text.len;
	gint64 limit = 15;
	LqBuild b = { .run = run };

	if (lq_is_nil(&args->in))
		return args->in;
	if (!lq_truncate_args(run, args, &limit, &dots))
		return lq_nil();
	for (gint64 i = 0; i < MAX(limit, 1); i++) {
		if (!next_word(&at, end, &word))
			return lq_text_of(run, text);
		if (i > 0)
			lq_add_char(&b, ' ');
		lq_add_text(&b, word);
	}
	/* White space behind the last word counts as more, as in Ruby. */
	if (at == end)
		return lq_text_of(run, text);
	lq_add_text(&b, dots);
	return lq_built(&b);
}

/* ----------------------------------------------------------- number_of_words
 */

static gboolean is_cjk(gunichar c)
{
	return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) ||
	       (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
	       (c >= 0xF900 && c <= 0xFAFF);
}

static gboolean has_cjk(LqText text)
{
	const char *end = text.str + text.len;

	for (const char *at = text.str; at < end; at = g_utf8_next_char(at))
		if (is_cjk(g_utf8_get_char(at)))
			return TRUE;
	return FALSE;
}

/* Words between white space; with @cjk each of its characters is one too. */
static gint64 count_words(LqText text, gboolean cjk)
{
	const char *end = text.str + text.len;
	gboolean within = FALSE;
	gint64 n = 0;

	for (const char *at = text.str; at < end; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		gboolean one = cjk && is_cjk(c);
		gboolean space =
			c < 0x80 ? lq_space((char)c) : g_unichar_isspace(c);

		n += one || (!space && !within);
		within = !space && !one;
	}
	return n;
}

static LqVal f_number_of_words(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args), mode = lq_arg_text(run, args, 0);
	gboolean cjk = g_str_equal(mode.str, "cjk");

	if (g_str_equal(mode.str, "auto"))
		cjk = has_cjk(text);
	else if (mode.len > 0 && !cjk)
		return lq_fail(run, "'number_of_words' of an unknown kind: "
				    "write 'cjk' or 'auto'");
	return lq_int(count_words(text, cjk));
}

/* ----------------------------------------------------------------- titlecase
 */

/* "mary-jane O'NEIL" is "Mary-Jane O'neil". */
static LqVal f_titlecase(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args);
	g_autofree char *low = g_utf8_strdown(text.str, (gssize)text.len);
	gboolean first = TRUE;
	LqBuild b = { .run = run };

	for (const char *at = low; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (first)
			lq_add_title(&b, c);
		else
			lq_add_unichar(&b, c);
		first = !g_unichar_isalnum(c) && !g_unichar_ismark(c) &&
			c != '\'' && c != 0x2019;
	}
	return lq_built(&b);
}

/* ------------------------------------------------------------------- slugify
 */

typedef gboolean (*KeepFn)(gunichar c);

static gboolean keeps_letters(gunichar c)
{
	return g_unichar_isalpha(c) || g_unichar_ismark(c) ||
	       g_unichar_type(c) == G_UNICODE_DECIMAL_NUMBER;
}

static gboolean keeps_pretty(gunichar c)
{
	return keeps_letters(c) ||
	       (c < 0x80 && strchr("._~!$&'()+,;=@", (int)c));
}

static gboolean keeps_ascii(gunichar c)
{
	return c < 0x80 && g_ascii_isalnum((char)c);
}

static gboolean keeps_all(gunichar c)
{
	return !g_unichar_isspace(c);
}

static const struct {
	const char *name;
	KeepFn keep; /* NULL: the text stays as it is */
	gboolean latin;
} modes[] = {
	{ "default", keeps_letters, FALSE }, { "pretty", keeps_pretty, FALSE },
	{ "ascii", keeps_ascii, FALSE },     { "latin", keeps_letters, TRUE },
	{ "raw", keeps_all, FALSE },	     { "none", NULL, FALSE },
};

/* Letters that are no letter with an accent, as people without them write. */
static const char *plain_letter(gunichar c)
{
	static const struct {
		gunichar c;
		const char *as;
	} letters[] = {
		{ 0xC6, "AE" },	 { 0xE6, "ae" }, { 0xD8, "O" },
		{ 0xF8, "o" },	 { 0xDF, "ss" }, { 0xD0, "D" },
		{ 0xF0, "d" },	 { 0xDE, "TH" }, { 0xFE, "th" },
		{ 0x141, "L" },	 { 0x142, "l" }, { 0x152, "OE" },
		{ 0x153, "oe" }, { 0x110, "D" }, { 0x111, "d" },
		{ 0x131, "i" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(letters); i++)
		if (letters[i].c == c)
			return letters[i].as;
	return NULL;
}

/* Latin letters without their accents.  Owned. */
static char *without_accents(const char *text)
{
	g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_NFD);
	GString *out = g_string_new(NULL);

	for (const char *at = apart; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		const char *as = plain_letter(c);

		if (as)
			g_string_append(out, as);
		else if (!g_unichar_ismark(c))
			g_string_append_unichar(out, c);
	}
	return g_string_free(out, FALSE);
}

static char *slug(const char *text, KeepFn keep)
{
	GString *out = g_string_new(NULL);
	gboolean gap = FALSE;

	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (keep(c)) {
			if (gap && out->len > 0)
				g_string_append_c(out, '-');
			g_string_append_unichar(out, c);
		}
		gap = !keep(c);
	}
	/* Hyphens that the text itself has at its ends go as well. */
	while (out->len > 0 && out->str[out->len - 1] == '-')
		g_string_truncate(out, out->len - 1);
	while (out->len > 0 && out->str[0] == '-')
		g_string_erase(out, 0, 1);
	return g_string_free(out, FALSE);
}

/* Slugify in the mode numbered @mode; owned. */
static char *slug_in_mode(LqText text, guint mode, gboolean cased)
{
	g_autofree char *plain = modes[mode].latin ? without_accents(text.str)
						   : g_strdup(text.str);
	g_autofree char *whole = NULL;

	if (!modes[mode].keep)
		return g_steal_pointer(&plain);
	whole = slug(plain, modes[mode].keep);
	return cased ? g_steal_pointer(&whole) : g_utf8_strdown(whole, -1);
}

static LqVal f_slugify(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args), mode = lq_arg_text(run, args, 0);

	for (guint i = 0; i < G_N_ELEMENTS(modes); i++)
		if (g_str_equal(mode.len > 0 ? mode.str : "default",
				modes[i].name))
			return lq_text_owned(
				run, slug_in_mode(text, i,
						  lq_truthy(&args->arg[1])));
	return lq_fail(run, "'slugify' in an unknown way: write 'default', "
			    "'pretty', 'ascii', 'latin', 'raw' or 'none'");
}

/* ------------------------------------------------------- numbers and sentences
 */

/* The word for that many: 'item', 'items'; without the second one more s. */
static LqVal f_pluralize(LqRun *run, const LqArgs *args)
{
	LqNum n = lq_to_number(run, &args->in);
	LqBuild b = { .run = run };
	gboolean one = lq_num_cmp(n, lq_num_int(1)) == 0;

	lq_add_text(&b, lq_arg_text(run, args, args->n > 1 && !one));
	if (args->n == 1 && !one)
		lq_add_char(&b, 's');
	return lq_built(&b);
}

static LqVal f_array_to_sentence_string(LqRun *run, const LqArgs *args)
{
	LqVal list = lq_to_list(run, &args->in);
	LqText join = { "and", 3 };
	LqBuild b = { .run = run };

	if (args->n > 0)
		join = lq_arg_text(run, args, 0);
	for (guint32 i = 0; i < list.val.len && !run->error; i++) {
		LqVal item = lq_data(list.val.items[i]);

		if (i > 0 && list.val.len > 2)
			lq_add_char(&b, ',');
		if (i > 0)
			lq_add_char(&b, ' ');
		if (i > 0 && i + 1 == list.val.len) {
			lq_add_text(&b, join);
			lq_add_char(&b, ' ');
		}
		lq_add_text(&b, lq_to_text(run, &item));
	}
	return lq_built(&b);
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_words[] = {
	{ "truncatewords", f_truncatewords, 0, 2, NULL, LQ_PLAIN },
	{ "number_of_words", f_number_of_words, 0, 1, NULL, LQ_PLAIN },
	{ "titlecase", f_titlecase, 0, 0, NULL, LQ_PLAIN },
	{ "slugify", f_slugify, 0, 2, NULL, LQ_PLAIN },
	{ "pluralize", f_pluralize, 1, 2, NULL, LQ_PLAIN },
	{ "array_to_sentence_string", f_array_to_sentence_string, 0, 1, NULL,
	  LQ_PLAIN },
	{ 0 },
};
