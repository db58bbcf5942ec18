#include "base/excerpt.h"

#include <string.h>

#define WIDTH 72 /* columns of a line that is drawn */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* Columns that @c takes on a terminal; a tab stays one. */
static guint width_of(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

/* The start of line @line of @text; its last when there are fewer. */
static const char *line_start(const char *text, guint line)
{
	const char *end;

	while (line-- > 1 && (end = strchr(text, '\n')))
		text = end + 1;
	return text;
}

/*
 * Draw @bytes of a line, from as far before its character @column as there is
 * room for, and the caret.
 */
static void draw(const char *line, gsize bytes, guint column, GString *out)
{
	const char *end = line + bytes, *from = line, *at = line;
	GString *below = g_string_new(NULL);
	guint width = 0;

	for (; column > 1 && at < end; column--, at = g_utf8_next_char(at))
		continue;
	while (g_utf8_pointer_to_offset(from, at) > WIDTH / 2)
		from = g_utf8_next_char(from);
	for (const char *c = from; c < end && width < WIDTH;
	     c = g_utf8_next_char(c)) {
		gunichar code = g_utf8_get_char(c);
		guint wide = width_of(code);

		width += wide;
		g_string_append_unichar(
			out,
			g_unichar_iscntrl(code) && code != '\t' ? ' ' : code);
		while (c < at && wide-- > 0)
			g_string_append_c(below, code == '\t' ? '\t' : ' ');
	}
	g_string_append_printf(out, "\n%s^\n", below->str);
	g_string_free(below, TRUE);
}

char *jr_excerpt(const char *text, guint line, guint column)
{
	GString *out = g_string_new(NULL);
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	/* The mark that Windows begins texts with is no character of them. */
	gsize mark = g_str_has_prefix(valid, BYTE_ORDER_MARK)
			     ? strlen(BYTE_ORDER_MARK)
			     : 0;
	const char *start = line_start(valid + mark, line);

	draw(start, strcspn(start, "\n"), column, out);
	return g_string_free(out, FALSE);
}

/* The number at *@at, which is moved behind it and the ':' that ends it. */
static gboolean read_number(const char **at, guint *number)
{
	char *end;
	guint64 value = g_ascii_strtoull(*at, &end, 10);

	if (!g_ascii_isdigit(**at) || *end != ':' || value == 0 ||
	    value > G_MAXINT32)
		return FALSE;
	*number = (guint)value;
	*at = end + 1;
	return TRUE;
}

gboolean jr_place_of(const char *message, JrPlace *place)
{
	const char *colon = message;

	/* A name may have a ':' of its own. */
	while ((colon = strchr(colon, ':'))) {
		const char *at = ++colon;

		place->len = (gsize)(colon - 1 - message);
		if (read_number(&at, &place->line) &&
		    read_number(&at, &place->column) && *at == ' ')
			return TRUE;
	}
	return FALSE;
}
