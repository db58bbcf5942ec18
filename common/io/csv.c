#include "io/csv.h"
#include "base/error.h"

#include <string.h>

/* A record being cut. */
typedef struct {
	const char *at, *end;
	char separator;
	JrArena *arena;
	GArray *fields;
} Cutter;

static gboolean bad(GError **error, const char *what)
{
	g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT, what);
	return FALSE;
}

static gboolean put(Cutter *c, const char *text, gsize len, gboolean quoted,
		    GError **error)
{
	JrCsvField field = { .len = len, .quoted = quoted };

	if (c->fields->len == JR_CSV_FIELDS)
		return bad(error, "more than 500 fields");
	field.text = jr_arena_text(c->arena, text, len);
	if (!field.text)
		return bad(error, "too long");
	g_array_append_val(c->fields, field);
	return TRUE;
}

/* A field without quotes. */
static gboolean plain(Cutter *c, GError **error)
{
	const char *from = c->at;

	while (c->at < c->end && *c->at != c->separator) {
		if (*c->at == '"')
			return bad(error,
				   "a quote within a field: put the whole "
				   "field in quotes, and the quote twice");
		c->at++;
	}
	return put(c, from, (gsize)(c->at - from), FALSE, error);
}

/* A field in quotes, behind the first; *@open when it does not end. */
static gboolean quoted(Cutter *c, gboolean *open, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (;;) {
		const char *quote = memchr(c->at, '"', (gsize)(c->end - c->at));

		if (!quote) {
			*open = TRUE;
			return TRUE;
		}
		g_string_append_len(text, c->at, quote - c->at);
		c->at = quote + 1;
		if (c->at == c->end || *c->at != '"')
			break;
		g_string_append_c(text, '"');
		c->at++;
	}
	if (c->at < c->end && *c->at != c->separator)
		return bad(error, "something stands behind a closing quote: "
				  "write a quote within a field twice");
	return put(c, text->str, text->len, TRUE, error);
}

JrCsv jr_csv_cut(const char *text, gsize len, char separator, JrArena *arena,
		 GArray *fields, GError **error)
{
	Cutter c = { text, text + len, separator, arena, fields };
	gboolean open = FALSE;

	g_array_set_size(fields, 0);
	if (len > 0 && text[len - 1] == '\r')
		c.end--;
	for (;;) {
		gboolean in_quotes = c.at < c.end && *c.at == '"';

		c.at += in_quotes;
		if (in_quotes ? !quoted(&c, &open, error) : !plain(&c, error))
			return JR_CSV_BAD;
		if (open)
			return JR_CSV_OPEN;
		if (c.at == c.end)
			return JR_CSV_RECORD;
		c.at++; /* the separator; behind the last is a field, too */
	}
}

gboolean jr_csv_is_open(const char *text, gsize len, char separator,
			gboolean open)
{
	gboolean at_start = !open;

	for (gsize i = 0; i < len; i++) {
		if (text[i] != '"') {
			at_start = !open && text[i] == separator;
		} else if (!open) {
			open = at_start;
			at_start = FALSE;
		} else if (i + 1 < len && text[i + 1] == '"') {
			i++;
		} else {
			open = FALSE;
		}
	}
	return open;
}

char jr_csv_separator(const char *text, gsize len)
{
	static const char known[] = { ',', ';', '\t', '|' };
	guint n[G_N_ELEMENTS(known)] = { 0 };
	gboolean open = FALSE;
	gsize best = 0;

	for (gsize i = 0; i < len; i++) {
		open ^= text[i] == '"';
		for (gsize k = 0; !open && k < G_N_ELEMENTS(known); k++)
			n[k] += text[i] == known[k];
	}
	for (gsize k = 1; k < G_N_ELEMENTS(known); k++)
		if (n[k] > n[best])
			best = k;
	return known[best];
}
