/* liquid_filters_string.c - filters of texts. */
#include "lang/liquid_impl.h"

#include <string.h>

/* ------------------------------------------------------------ both ends */

static LqVal f_append(LqRun *run, const LqArgs *args)
{
	LqBuild b = { .run = run };

	lq_add_text(&b, lq_in_text(run, args));
	lq_add_text(&b, lq_arg_text(run, args, 0));
	return lq_built(&b);
}

static LqVal f_prepend(LqRun *run, const LqArgs *args)
{
	LqBuild b = { .run = run };

	lq_add_text(&b, lq_arg_text(run, args, 0));
	lq_add_text(&b, lq_in_text(run, args));
	return lq_built(&b);
}

static LqVal strip(LqRun *run, const LqArgs *args, gboolean left,
		   gboolean right)
{
	return lq_text_of(run, lq_strip(lq_in_text(run, args), left, right));
}

static LqVal f_strip(LqRun *run, const LqArgs *args)
{
	return strip(run, args, TRUE, TRUE);
}

static LqVal f_lstrip(LqRun *run, const LqArgs *args)
{
	return strip(run, args, TRUE, FALSE);
}

static LqVal f_rstrip(LqRun *run, const LqArgs *args)
{
	return strip(run, args, FALSE, TRUE);
}

/* ------------------------------------------------------------------ case */

static LqVal f_upcase(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args);

	return lq_text_owned(run, g_utf8_strup(text.str, (gssize)text.len));
}

static LqVal f_downcase(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args);

	return lq_text_owned(run, g_utf8_strdown(text.str, (gssize)text.len));
}

void lq_add_title(LqBuild *b, gunichar c)
{
	char one[7] = { 0 };
	g_autofree char *upper = NULL, *rest = NULL;
	const char *second;

	g_unichar_to_utf8(c, one);
	upper = g_utf8_strup(one, -1);
	second = g_utf8_next_char(upper);
	if (*second == '\0') {
		lq_add_unichar(b, g_unichar_totitle(c));
		return;
	}
	rest = g_utf8_strdown(second, -1);
	lq_add(b, upper, (gsize)(second - upper));
	lq_add_str(b, rest);
}

static LqVal f_capitalize(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args);
	g_autofree char *rest = NULL;
	LqBuild b = { .run = run };
	const char *second;

	if (text.len == 0)
		return lq_text_val("");
	second = g_utf8_next_char(text.str);
	rest = g_utf8_strdown(second, text.str + text.len - second);
	lq_add_title(&b, g_utf8_get_char(text.str));
	lq_add_str(&b, rest);
	return lq_built(&b);
}

/* --------------------------------------------------------------- replacing */

typedef enum { FIRST, LAST, ALL } Which;

static const char *find_last(LqRun *run, LqText text, LqText what)
{
	const char *found = NULL, *at = text.str, *end = at + text.len;

	while ((at = lq_find(at, end, what)) && lq_pay_bytes(run, what.len))
		found = at++;
	return found;
}

/* Nothing stands before, after and between all characters. */
static void replace_nothing(LqBuild *b, LqText text, LqText with, Which which)
{
	const char *end = text.str + text.len, *next;

	if (which != LAST)
		lq_add_text(b, with);
	for (const char *at = text.str; at < end; at = next) {
		next = g_utf8_next_char(at);
		lq_add(b, at, (gsize)(next - at));
		if (which == ALL)
			lq_add_text(b, with);
	}
	if (which == LAST)
		lq_add_text(b, with);
}

static LqVal replace(LqRun *run, const LqArgs *args, LqText with, Which which)
{
	LqText text = lq_in_text(run, args);
	LqText what = lq_arg_text(run, args, 0);
	const char *at = text.str, *end = at + text.len, *found;
	LqBuild b = { .run = run };

	if (what.len == 0) {
		replace_nothing(&b, text, with, which);
		return lq_built(&b);
	}
	while ((found = which == LAST ? find_last(run, text, what)
				      : lq_find(at, end, what))) {
		lq_add(&b, at, (gsize)(found - at));
		lq_add_text(&b, with);
		at = found + what.len;
		if (which != ALL)
			break;
	}
	lq_add(&b, at, (gsize)(end - at));
	return lq_built(&b);
}

static LqVal f_replace(LqRun *run, const LqArgs *args)
{
	return replace(run, args, lq_arg_text(run, args, 1), ALL);
}

static LqVal f_replace_first(LqRun *run, const LqArgs *args)
{
	return replace(run, args, lq_arg_text(run, args, 1), FIRST);
}

static LqVal f_replace_last(LqRun *run, const LqArgs *args)
{
	return replace(run, args, lq_arg_text(run, args, 1), LAST);
}

static LqVal f_remove(LqRun *run, const LqArgs *args)
{
	return replace(run, args, (LqText){ "", 0 }, ALL);
}

static LqVal f_remove_first(LqRun *run, const LqArgs *args)
{
	return replace(run, args, (LqText){ "", 0 }, FIRST);
}

static LqVal f_remove_last(LqRun *run, const LqArgs *args)
{
	return replace(run, args, (LqText){ "", 0 }, LAST);
}

/* --------------------------------------------------------------- new lines */

static LqVal lines(LqRun *run, const LqArgs *args, const char *with)
{
	LqText text = lq_in_text(run, args);
	LqBuild b = { .run = run };

	for (gsize i = 0; i < text.len; i++) {
		if (text.str[i] == '\r' && text.str[i + 1] == '\n')
			continue;
		if (text.str[i] == '\n')
			lq_add_str(&b, with);
		else
			lq_add_char(&b, text.str[i]);
	}
	return lq_built(&b);
}

static LqVal f_strip_newlines(LqRun *run, const LqArgs *args)
{
	return lines(run, args, "");
}

static LqVal f_newline_to_br(LqRun *run, const LqArgs *args)
{
	return lines(run, args, "<br />\n");
}

static void squeeze(LqBuild *b, LqText text)
{
	for (gsize i = 0; i < text.len; i++) {
		if (!lq_space(text.str[i]))
			lq_add_char(b, text.str[i]);
		else if (i == 0 || !lq_space(text.str[i - 1]))
			lq_add_char(b, ' ');
	}
}

static LqVal f_normalize_whitespace(LqRun *run, const LqArgs *args)
{
	LqBuild b = { .run = run };

	squeeze(&b, lq_in_text(run, args));
	return lq_built(&b);
}

static LqVal f_squish(LqRun *run, const LqArgs *args)
{
	LqBuild b = { .run = run };

	if (lq_is_nil(&args->in))
		return args->in;
	squeeze(&b, lq_strip(lq_in_text(run, args), TRUE, TRUE));
	return lq_built(&b);
}

/* ------------------------------------------------------------------- parts */

gboolean lq_truncate_args(LqRun *run, const LqArgs *args, gint64 *limit,
			  LqText *dots)
{
	*dots = args->n > 1 ? lq_arg_text(run, args, 1) : lq_str("...");
	return args->n == 0 || lq_to_integer(run, &args->arg[0], limit);
}

static LqVal f_truncate(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args), dots;
	gint64 limit = 50, keep;
	LqBuild b = { .run = run };

	if (lq_is_nil(&args->in))
		return args->in;
	if (!lq_truncate_args(run, args, &limit, &dots))
		return lq_nil();
	if (g_utf8_strlen(text.str, (gssize)text.len) <= limit)
		return lq_text_of(run, text);
	keep = MAX(limit - g_utf8_strlen(dots.str, (gssize)dots.len), 0);
	lq_add(&b, text.str,
	       (gsize)(g_utf8_offset_to_pointer(text.str, keep) - text.str));
	lq_add_text(&b, dots);
	return lq_built(&b);
}

/* @n from @from on of @length, as Ruby cuts; FALSE: nothing at all. */
gboolean lq_cut(gint64 length, gint64 *from, gint64 *n)
{
	if (*from < 0)
		*from += length;
	if (*from < 0 || *from > length || *n < 0)
		return FALSE;
	*n = MIN(*n, length - *from);
	return TRUE;
}

static LqVal slice_text(LqRun *run, LqText text, gint64 from, gint64 n)
{
	const char *start, *end;

	if (!lq_cut(g_utf8_strlen(text.str, (gssize)text.len), &from, &n))
		return lq_text_val("");
	start = g_utf8_offset_to_pointer(text.str, from);
	end = g_utf8_offset_to_pointer(start, n);
	return lq_text_of(run, (LqText){ start, (gsize)(end - start) });
}

static LqVal f_slice(LqRun *run, const LqArgs *args)
{
	gint64 from, n = 1;

	if (!lq_to_integer(run, &args->arg[0], &from) ||
	    (!lq_is_nil(&args->arg[1]) &&
	     !lq_to_integer(run, &args->arg[1], &n)))
		return lq_nil();
	if (!lq_is_type(&args->in, JR_VAL_LIST))
		return slice_text(run, lq_in_text(run, args), from, n);
	if (!lq_cut(args->in.val.len, &from, &n))
		return lq_list(NULL, 0);
	return lq_list(args->in.val.items + from, (gsize)n);
}

/* -------------------------------------------------------------------- split */

static gboolean put(LqRun *run, GArray *parts, const char *at, gsize len)
{
	LqVal part = lq_text_of(run, (LqText){ at, len });

	if (run->error || !lq_pay(run, 1))
		return FALSE;
	g_array_append_val(parts, part.val);
	return TRUE;
}

static void split_chars(LqRun *run, LqText text, GArray *parts)
{
	const char *end = text.str + text.len, *next;

	for (const char *at = text.str; at < end; at = next) {
		next = g_utf8_next_char(at);
		if (!put(run, parts, at, (gsize)(next - at)))
			return;
	}
}

static void split_words(LqRun *run, LqText text, GArray *parts)
{
	const char *at = text.str, *end = at + text.len, *word;

	for (;;) {
		while (at < end && lq_space(*at))
			at++;
		if (at == end)
			return;
		for (word = at; at < end && !lq_space(*at);)
			at++;
		if (!put(run, parts, word, (gsize)(at - word)))
			return;
	}
}

/* Empty parts at the end are dropped, as Ruby does. */
static void split_at(LqRun *run, LqText text, LqText by, GArray *parts)
{
	const char *at = text.str, *end = at + text.len, *found;
	guint keep = 0;

	while (at <= end) {
		found = lq_find(at, end, by);
		found = found ? found : end;
		if (!put(run, parts, at, (gsize)(found - at)))
			return;
		if (found > at)
			keep = parts->len;
		if (found == end)
			break;
		at = found + by.len;
	}
	g_array_set_size(parts, keep);
}

LqVal lq_list_of(LqRun *run, const GArray *vals)
{
	JrVal *items = lq_take_items(run, vals->len);

	if (!items)
		return lq_nil();
	if (vals->len > 0)
		memcpy(items, vals->data, vals->len * sizeof(JrVal));
	return lq_list(items, vals->len);
}

static LqVal f_split(LqRun *run, const LqArgs *args)
{
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(JrVal));
	LqText text = lq_in_text(run, args);
	LqText by = lq_arg_text(run, args, 0);

	if (by.len == 0)
		split_chars(run, text, parts);
	else if (by.len == 1 && *by.str == ' ')
		split_words(run, text, parts);
	else
		split_at(run, text, by, parts);
	return lq_list_of(run, parts);
}

static LqVal f_contains(LqRun *run, const LqArgs *args)
{
	return lq_bool(lq_contains(run, &args->in, &args->arg[0]));
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_string[] = {
	{ "append", f_append, 1, 1, NULL, LQ_PLAIN },
	{ "prepend", f_prepend, 1, 1, NULL, LQ_PLAIN },
	{ "strip", f_strip, 0, 0, NULL, LQ_PLAIN },
	{ "lstrip", f_lstrip, 0, 0, NULL, LQ_PLAIN },
	{ "rstrip", f_rstrip, 0, 0, NULL, LQ_PLAIN },
	{ "upcase", f_upcase, 0, 0, NULL, LQ_PLAIN },
	{ "downcase", f_downcase, 0, 0, NULL, LQ_PLAIN },
	{ "capitalize", f_capitalize, 0, 0, NULL, LQ_PLAIN },
	{ "replace", f_replace, 1, 2, NULL, LQ_PLAIN },
	{ "replace_first", f_replace_first, 1, 2, NULL, LQ_PLAIN },
	{ "replace_last", f_replace_last, 2, 2, NULL, LQ_PLAIN },
	{ "remove", f_remove, 1, 1, NULL, LQ_PLAIN },
	{ "remove_first", f_remove_first, 1, 1, NULL, LQ_PLAIN },
	{ "remove_last", f_remove_last, 1, 1, NULL, LQ_PLAIN },
	{ "strip_newlines", f_strip_newlines, 0, 0, NULL, LQ_PLAIN },
	{ "newline_to_br", f_newline_to_br, 0, 0, NULL, LQ_PLAIN },
	{ "normalize_whitespace", f_normalize_whitespace, 0, 0, NULL,
	  LQ_PLAIN },
	{ "squish", f_squish, 0, 0, NULL, LQ_PLAIN },
	{ "truncate", f_truncate, 0, 2, NULL, LQ_PLAIN },
	{ "slice", f_slice, 1, 2, NULL, LQ_PLAIN },
	{ "split", f_split, 1, 1, NULL, LQ_PLAIN },
	{ "contains", f_contains, 1, 1, NULL, LQ_PLAIN },
	{ 0 },
};
