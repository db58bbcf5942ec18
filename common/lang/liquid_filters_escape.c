/* liquid_filters_escape.c - HTML, XML and URLs. */
#include "lang/liquid_impl.h"

#include <string.h>

/* -------------------------------------------------------------- HTML, XML */

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

/* Whether the '&' at @at begins an entity: "&amp;", "&#39;". */
static gboolean is_entity(const char *at)
{
	const char *from = ++at;

	if (*at == '#') {
		from = ++at;
		while (g_ascii_isdigit(*at))
			at++;
	} else {
		while (g_ascii_isalpha(*at))
			at++;
	}
	return at > from && *at == ';';
}

static LqText escape(LqRun *run, LqText text, gboolean once)
{
	LqBuild b = { .run = run };
	gsize from = 0;

	for (gsize i = 0; i < text.len; i++) {
		const char *as = entity(text.str[i]);

		if (!as ||
		    (once && text.str[i] == '&' && is_entity(text.str + i)))
			continue;
		lq_add(&b, text.str + from, i - from);
		lq_add_str(&b, as);
		from = i + 1;
	}
	lq_add(&b, text.str + from, text.len - from);
	return lq_built_text(&b);
}

LqText lq_escape_html(LqRun *run, LqText text)
{
	return escape(run, text, FALSE);
}

static LqVal f_escape(LqRun *run, const LqArgs *args)
{
	LqText text;

	if (lq_is_nil(&args->in))
		return args->in;
	text = escape(run, lq_in_text(run, args), FALSE);
	return lq_data(jr_val_text_len(text.str, text.len));
}

static LqVal f_escape_once(LqRun *run, const LqArgs *args)
{
	LqText text = escape(run, lq_in_text(run, args), TRUE);

	return lq_data(jr_val_text_len(text.str, text.len));
}

/* --------------------------------------------------------------- strip_html */

static const struct {
	const char *open, *close;
} blocks[] = {
	{ "<script", "</script>" },
	{ "<!--", "-->" },
	{ "<style", "</style>" },
};

static gboolean begins(const char *at, const char *end, const char *what)
{
	return (gsize)(end - at) >= strlen(what) &&
	       memcmp(at, what, strlen(what)) == 0;
}

/* The end of the script, comment or style that begins at @at; NULL if none. */
static const char *block_end(LqRun *run, const char *at, const char *end)
{
	for (guint i = 0; i < G_N_ELEMENTS(blocks); i++) {
		const char *close = blocks[i].close, *found;

		if (!begins(at, end, blocks[i].open))
			continue;
		at += strlen(blocks[i].open);
		found = lq_find(at, end, lq_str(close));
		/* One that is never closed is looked for again and again. */
		if (!found)
			lq_pay_bytes(run, (gsize)(end - at));
		return found ? found + strlen(close) : NULL;
	}
	return NULL;
}

static LqText strip_blocks(LqRun *run, LqText text)
{
	const char *at = text.str, *end = at + text.len, *stop;
	LqBuild b = { .run = run };

	while (at < end && !run->error) {
		if (*at == '<' && (stop = block_end(run, at, end)))
			at = stop;
		else
			lq_add_char(&b, *at++);
	}
	return lq_built_text(&b);
}

static LqVal f_strip_html(LqRun *run, const LqArgs *args)
{
	LqText text = strip_blocks(run, lq_in_text(run, args));
	const char *at = text.str, *end = at + text.len, *tag, *close;
	LqBuild b = { .run = run };

	while ((tag = memchr(at, '<', (gsize)(end - at))) &&
	       (close = memchr(tag, '>', (gsize)(end - tag)))) {
		lq_add(&b, at, (gsize)(tag - at));
		at = close + 1;
	}
	lq_add(&b, at, (gsize)(end - at));
	return lq_built(&b);
}

/* -------------------------------------------------------------------- URLs */

/* Percent signs for all but letters, digits and @keep; '+' for a blank. */
static LqVal percent(LqRun *run, LqText text, const char *keep, gboolean plus)
{
	LqBuild b = { .run = run };

	for (gsize i = 0; i < text.len; i++) {
		guchar c = (guchar)text.str[i];
		char hex[4] = { '%', "0123456789ABCDEF"[c >> 4],
				"0123456789ABCDEF"[c & 15], '\0' };

		if (g_ascii_isalnum(c) || strchr(keep, c))
			lq_add_char(&b, (char)c);
		else if (plus && c == ' ')
			lq_add_char(&b, '+');
		else
			lq_add(&b, hex, 3);
	}
	return lq_built(&b);
}

static LqVal f_url_encode(LqRun *run, const LqArgs *args)
{
	if (lq_is_nil(&args->in))
		return args->in;
	return percent(run, lq_in_text(run, args), "_.-~", TRUE);
}

/* As JavaScript's encodeURI(): what has a meaning in a URL keeps it. */
static LqVal f_uri_escape(LqRun *run, const LqArgs *args)
{
	if (lq_is_nil(&args->in))
		return args->in;
	return percent(run, lq_in_text(run, args), "-_.!~*'();/?:@&=+$,#[]",
		       FALSE);
}

static LqVal f_url_decode(LqRun *run, const LqArgs *args)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	LqText text = lq_in_text(run, args);

	if (lq_is_nil(&args->in))
		return args->in;
	for (gsize i = 0; i < text.len; i++) {
		if (text.str[i] == '+') {
			g_string_append_c(bytes, ' ');
		} else if (text.str[i] == '%' &&
			   g_ascii_isxdigit(text.str[i + 1]) &&
			   g_ascii_isxdigit(text.str[i + 2])) {
			int high = g_ascii_xdigit_value(text.str[i + 1]);
			int low = g_ascii_xdigit_value(text.str[i + 2]);

			g_string_append_c(bytes, (char)(high << 4 | low));
			i += 2;
		} else {
			g_string_append_c(bytes, text.str[i]);
		}
	}
	return lq_text_checked(run, bytes->str, bytes->len);
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_escape[] = {
	{ "escape", f_escape, 0, 0, NULL, LQ_PLAIN },
	{ "h", f_escape, 0, 0, NULL, LQ_PLAIN },
	{ "xml_escape", f_escape, 0, 0, NULL, LQ_PLAIN },
	{ "escape_once", f_escape_once, 0, 0, NULL, LQ_PLAIN },
	{ "strip_html", f_strip_html, 0, 0, NULL, LQ_PLAIN },
	{ "url_encode", f_url_encode, 0, 0, NULL, LQ_PLAIN },
	{ "cgi_escape", f_url_encode, 0, 0, NULL, LQ_PLAIN },
	{ "uri_escape", f_uri_escape, 0, 0, NULL, LQ_PLAIN },
	{ "url_decode", f_url_decode, 0, 0, NULL, LQ_PLAIN },
	{ 0 },
};
