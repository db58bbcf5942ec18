/* liquid_lex.c - templates in pieces, and what stands in tags as tokens. */
#include "lang/liquid_impl.h"

#include <string.h>

/* -------------------------------------------------------------- tokens */

static gboolean starts_name(const char *at, const char *end)
{
	if ((guchar)*at < 0x80)
		return g_ascii_isalpha(*at) || *at == '_';
	return g_unichar_isalpha(g_utf8_get_char_validated(at, end - at));
}

static const char *skip_name(const char *at, const char *end)
{
	while (at < end) {
		if (g_ascii_isalnum(*at) || *at == '_' || *at == '-')
			at++;
		else if ((guchar)*at >= 0x80 && starts_name(at, end))
			at = g_utf8_next_char(at);
		else
			break;
	}
	return at < end && *at == '?' ? at + 1 : at;
}

static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && g_ascii_isdigit(*at))
		at++;
	return at;
}

/* Take the bytes up to @stop as a token. */
static void take(LqLex *lex, LqTokenType type, const char *stop)
{
	lex->type = type;
	lex->token = (LqText){ lex->start, (gsize)(stop - lex->start) };
	lex->stop = lex->at = stop;
}

static void bad(LqLex *lex, const char *why)
{
	lex->why = why;
	take(lex, LQ_T_BAD, lex->end);
}

static void take_string(LqLex *lex)
{
	char quote = *lex->start;
	const char *first = lex->start + 1;
	const char *stop = memchr(first, quote, (gsize)(lex->end - first));

	if (!stop) {
		bad(lex, "a quote that is not closed: write it at both ends");
		return;
	}
	take(lex, LQ_T_STRING, stop + 1);
	lex->token = (LqText){ first, (gsize)(stop - first) };
}

static void take_number(LqLex *lex)
{
	const char *stop = lex->start + (*lex->start == '-');

	stop = skip_digits(stop, lex->end);
	if (stop + 1 < lex->end && *stop == '.' && g_ascii_isdigit(stop[1]))
		stop = skip_digits(stop + 1, lex->end);
	take(lex, LQ_T_NUMBER, stop);
}

/* An operator that compares at lex->start; its length, or 0. */
static gsize comparison(const LqLex *lex)
{
	static const char *const ops[] = {
		"==", "!=", "<>", "<=", ">=", "<", ">", "contains",
	};

	for (guint i = 0; i < G_N_ELEMENTS(ops); i++) {
		gsize len = strlen(ops[i]);

		if ((gsize)(lex->end - lex->start) < len ||
		    memcmp(lex->start, ops[i], len) != 0)
			continue;
		if (ops[i][0] != 'c')
			return len;
		if (lex->start + len < lex->end && lq_space(lex->start[len]))
			return len;
	}
	return 0;
}

/* Quotes as word processors make them: people paste them. */
static gboolean curly(const char *at, const char *end)
{
	gunichar c = g_utf8_get_char_validated(at, end - at);

	return c >= 0x2018 && c <= 0x201F;
}

static void take_other(LqLex *lex)
{
	char c = *lex->start;

	if (c == '.' && lex->start + 1 < lex->end && lex->start[1] == '.')
		take(lex, LQ_T_DOTDOT, lex->start + 2);
	else if (strchr("|.:,[]()=", c))
		take(lex, LQ_T_PUNCT, lex->start + 1);
	else if ((guchar)c >= 0x80 && curly(lex->start, lex->end))
		bad(lex, "a curly quote: write a straight one, ' or \"");
	else if (c == '&' || c == '!')
		bad(lex, "an operator of another language: write 'and', "
			 "'or', '!=', or unless");
	else
		bad(lex, "a character that means nothing here: write a name, "
			 "a number or a text in quotes");
}

void lq_lex_next(LqLex *lex)
{
	gsize len;

	while (lex->at < lex->end && lq_space(*lex->at))
		lex->at++;
	lex->start = lex->at;
	if (lex->at == lex->end) {
		take(lex, LQ_T_END, lex->at);
		return;
	}
	if ((len = comparison(lex)) > 0)
		take(lex, LQ_T_COMPARE, lex->start + len);
	else if (*lex->at == '\'' || *lex->at == '"')
		take_string(lex);
	else if (g_ascii_isdigit(*lex->at) ||
		 (*lex->at == '-' && lex->at + 1 < lex->end &&
		  g_ascii_isdigit(lex->at[1])))
		take_number(lex);
	else if (starts_name(lex->at, lex->end))
		take(lex, LQ_T_ID, skip_name(lex->at, lex->end));
	else
		take_other(lex);
}

void lq_lex_init(LqLex *lex, LqText markup)
{
	*lex = (LqLex){ .at = markup.str, .end = markup.str + markup.len };
	lq_lex_next(lex);
}

gboolean lq_lex_is(const LqLex *lex, char punct)
{
	return lex->type == LQ_T_PUNCT && *lex->token.str == punct;
}

gboolean lq_lex_word(const LqLex *lex, const char *word)
{
	return lex->type == LQ_T_ID && lq_str_is(lex->token, word);
}

char lq_lex_ahead(const LqLex *lex)
{
	const char *at = lex->stop;

	while (at < lex->end && lq_space(*at))
		at++;
	return at < lex->end ? *at : '\0';
}

/* ----------------------------------------------------- outputs and tags */

/* The next "{{" or "{%" from @at on; @end when there is none. */
static const char *find_open(const char *at, const char *end)
{
	for (; (at = memchr(at, '{', (gsize)(end - at))); at++) {
		if (at + 1 < end && (at[1] == '{' || at[1] == '%'))
			return at;
		if (at + 1 == end)
			break;
	}
	return end;
}

/* The next "}}" or "%}" from @at on; NULL when there is none. */
static const char *find_close(const char *at, const char *end, char first)
{
	for (; at + 1 < end; at++) {
		at = memchr(at, first, (gsize)(end - at - 1));
		if (!at)
			return NULL;
		if (at[1] == '}')
			return at;
	}
	return NULL;
}

/* Whether @from to @to ends within quotes. */
static gboolean in_quotes(const char *from, const char *to)
{
	char quote = '\0';

	for (; from < to; from++) {
		if (quote)
			quote = *from == quote ? '\0' : quote;
		else if (*from == '\'' || *from == '"')
			quote = *from;
	}
	return quote != '\0';
}

/*
 * Where the output or tag whose markup begins at @at is closed.  That may be
 * the first place that looks like it; but "}}" within a text in quotes is
 * text, if the text has an end at all.
 */
static const char *find_end(const char *at, const char *end, char first)
{
	const char *nearest = find_close(at, end, first);
	const char *close = nearest;

	for (guint i = 0; close && i < 8; i++) {
		if (!in_quotes(at, close))
			return close;
		close = find_close(close + 1, end, first);
	}
	return nearest;
}

/* Take the name of a tag from the start of @item->text. */
static void take_name(LqItem *item)
{
	LqText rest = lq_strip(item->text, TRUE, FALSE);
	gsize len = 0;

	if (rest.len > 0 && *rest.str == '#')
		len = 1;
	else
		while (len < rest.len &&
		       (g_ascii_isalnum(rest.str[len]) || rest.str[len] == '_'))
			len++;
	item->name = (LqText){ rest.str, len };
	item->text = (LqText){ rest.str + len, rest.len - len };
}

/* Whether what is written in the tag at @at need not have its quotes paired. */
static gboolean is_free_text(const char *at, const char *end)
{
	static const char *const names[] = { "#", "comment", "liquid", "raw",
					     "doc" };

	while (at < end && lq_space(*at))
		at++;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		gsize len = strlen(names[i]);

		if ((gsize)(end - at) >= len && memcmp(at, names[i], len) == 0)
			return TRUE;
	}
	return FALSE;
}

/* An output or a tag, which begins at scan->at. */
static LqItem scan_markup(LqScan *scan)
{
	gboolean tag = scan->at[1] == '%';
	LqItem item = { .type = tag ? LQ_ITEM_TAG : LQ_ITEM_OUTPUT,
			.start = scan->at };
	const char *from = scan->at + 2, *to;
	char close = tag ? '%' : '}';

	if (from < scan->end && *from == '-')
		from++;
	to = scan->plain || (tag && is_free_text(from, scan->end))
		     ? find_close(from, scan->end, close)
		     : find_end(from, scan->end, close);
	if (!to) {
		item.type = LQ_ITEM_OPEN;
		scan->at = scan->end;
		return item;
	}
	scan->at = to + 2;
	scan->trim = to > from && to[-1] == '-';
	item.text = (LqText){ from, (gsize)(to - from) - scan->trim };
	if (tag)
		take_name(&item);
	return item;
}

static LqItem scan_text(LqScan *scan)
{
	LqItem item = { .type = LQ_ITEM_TEXT, .start = scan->at };
	const char *to = find_open(scan->at, scan->end);
	gboolean trims = to + 2 < scan->end && to[2] == '-';

	item.text = lq_strip((LqText){ scan->at, (gsize)(to - scan->at) },
			     scan->trim, trims);
	scan->at = to;
	scan->trim = FALSE;
	return item;
}

/* One line of {% liquid %}. */
static LqItem scan_line(LqScan *scan)
{
	LqItem item = { .type = LQ_ITEM_TAG };
	const char *end;

	while (scan->at < scan->end && lq_space(*scan->at))
		scan->at++;
	item.start = scan->at;
	if (scan->at == scan->end) {
		item.type = LQ_ITEM_END;
		return item;
	}
	end = memchr(scan->at, '\n', (gsize)(scan->end - scan->at));
	end = end ? end : scan->end;
	item.text = (LqText){ scan->at, (gsize)(end - scan->at) };
	scan->at = end;
	take_name(&item);
	return item;
}

LqItem lq_scan_next(LqScan *scan)
{
	if (scan->lines)
		return scan_line(scan);
	if (scan->at == scan->end)
		return (LqItem){ .type = LQ_ITEM_END, .start = scan->at };
	if (scan->at + 1 < scan->end && scan->at[0] == '{' &&
	    (scan->at[1] == '{' || scan->at[1] == '%'))
		return scan_markup(scan);
	return scan_text(scan);
}

/* What follows the name, if a tag @name stands at @at; NULL if not. */
static const char *is_tag(const char *at, const char *end, const char *name)
{
	gsize len = strlen(name);

	at += 2;
	if (at < end && *at == '-')
		at++;
	while (at < end && lq_space(*at))
		at++;
	if ((gsize)(end - at) < len || memcmp(at, name, len) != 0)
		return NULL;
	at += len;
	return at < end && (g_ascii_isalnum(*at) || *at == '_') ? NULL : at;
}

gboolean lq_scan_until(LqScan *scan, const char *name, LqText *body)
{
	const char *at = find_open(scan->at, scan->end), *rest, *close;

	for (; at < scan->end; at = find_open(at + 1, scan->end)) {
		if (at[1] != '%' || !(rest = is_tag(at, scan->end, name)))
			continue;
		close = find_close(rest, scan->end, '%');
		if (!close)
			return FALSE;
		*body = (LqText){ scan->at, (gsize)(at - scan->at) };
		scan->at = close + 2;
		scan->trim = close > rest && close[-1] == '-';
		return TRUE;
	}
	return FALSE;
}
