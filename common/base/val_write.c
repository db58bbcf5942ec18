/* val_write.c - values as JSON. */
#include "base/val.h"

#include <math.h>
#include <string.h>

/* What the bytes below 0x20 are within quotes: a letter after '\\', or \u00XX.
 */
static const char controls[] = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";

static gboolean is_plain(guchar c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

static void write_escape(char c, GString *out)
{
	char escape = (guchar)c < 0x20 ? controls[(guchar)c] : c;

	g_string_append_c(out, '\\');
	g_string_append_c(out, escape);
	if (escape == 'u')
		g_string_append_printf(out, "%04x", (guint)(guchar)c);
}

void jr_val_write_text(const char *text, gsize len, GString *out)
{
	gsize from = 0; /* of the run that needs no escape */

	g_string_append_c(out, '"');
	for (gsize i = 0; i < len; i++) {
		if (is_plain((guchar)text[i]))
			continue;
		g_string_append_len(out, text + from, (gssize)(i - from));
		write_escape(text[i], out);
		from = i + 1;
	}
	g_string_append_len(out, text + from, (gssize)(len - from));
	g_string_append_c(out, '"');
}

/* The fewest digits that read back as @real; always seen to be no integer. */
static void write_real(double real, GString *out)
{
	static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_ascii_formatd(text, sizeof text, formats[i], real);
		if (g_ascii_strtod(text, NULL) == real)
			break;
	}
	g_string_append(out, text);
	if (!strpbrk(text, ".e"))
		g_string_append(out, ".0");
}

/* As "%d" does, without its format: there are some in each record. */
static void write_int(gint64 num, GString *out)
{
	char digits[24], *at = digits + sizeof digits;
	guint64 left = num < 0 ? -(guint64)num : (guint64)num;

	do
		*--at = (char)('0' + left % 10);
	while (left /= 10);
	if (num < 0)
		*--at = '-';
	g_string_append_len(out, at, digits + sizeof digits - at);
}

static void write_list(const JrVal *val, GString *out)
{
	g_string_append_c(out, '[');
	for (guint32 i = 0; i < val->len; i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		jr_val_write(&val->items[i], out);
	}
	g_string_append_c(out, ']');
}

static void write_map(const JrVal *val, GString *out)
{
	g_string_append_c(out, '{');
	for (guint32 i = 0; i < val->len; i++) {
		const JrMember *member = &val->members[i];

		if (i > 0)
			g_string_append_c(out, ',');
		jr_val_write_text(member->key, member->key_len, out);
		g_string_append_c(out, ':');
		jr_val_write(&member->val, out);
	}
	g_string_append_c(out, '}');
}

void jr_val_write(const JrVal *val, GString *out)
{
	switch (val->type) {
	case JR_VAL_NULL:
		g_string_append(out, "null");
		break;
	case JR_VAL_BOOL:
		g_string_append(out, val->yes ? "true" : "false");
		break;
	case JR_VAL_INT:
		write_int(val->num, out);
		break;
	case JR_VAL_REAL:
		write_real(val->real, out);
		break;
	case JR_VAL_TEXT:
		jr_val_write_text(val->text, val->len, out);
		break;
	case JR_VAL_LIST:
		write_list(val, out);
		break;
	case JR_VAL_MAP:
		write_map(val, out);
		break;
	}
}
