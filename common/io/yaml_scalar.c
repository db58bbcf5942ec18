#include "io/yaml_scalar.h"

#include <math.h>
#include <string.h>

static const struct {
	const char *text;
	JrVal val;
} words[] = {
	{ "", { .type = JR_VAL_NULL } },
	{ "~", { .type = JR_VAL_NULL } },
	{ "null", { .type = JR_VAL_NULL } },
	{ "Null", { .type = JR_VAL_NULL } },
	{ "NULL", { .type = JR_VAL_NULL } },
	{ "true", { .type = JR_VAL_BOOL, .yes = TRUE } },
	{ "True", { .type = JR_VAL_BOOL, .yes = TRUE } },
	{ "TRUE", { .type = JR_VAL_BOOL, .yes = TRUE } },
	{ "false", { .type = JR_VAL_BOOL, .yes = FALSE } },
	{ "False", { .type = JR_VAL_BOOL, .yes = FALSE } },
	{ "FALSE", { .type = JR_VAL_BOOL, .yes = FALSE } },
};

/* With a sign before all of them but the last. */
static const char *const not_finite[] = { ".inf", ".Inf", ".INF",
					  ".nan", ".NaN", ".NAN" };

static gboolean is_not_finite(const char *text)
{
	text += *text == '-' || *text == '+';
	for (guint i = 0; i < G_N_ELEMENTS(not_finite); i++)
		if (strcmp(text, not_finite[i]) == 0)
			return TRUE;
	return FALSE;
}

/* Step over the @set characters at *@text; returns how many there were. */
static gsize skip(const char **text, const char *set)
{
	gsize n = strspn(*text, set);

	*text += n;
	return n;
}

#define DIGITS "0123456789"

/* [-+]? ( [0-9]+ ( . [0-9]* )? | . [0-9]+ ) ( [eE] [-+]? [0-9]+ )? */
static gboolean is_number(const char *text, gboolean *whole)
{
	gsize before, after = 0;

	text += *text == '-' || *text == '+';
	before = skip(&text, DIGITS);
	*whole = *text == '\0' && before > 0;
	if (*text == '.') {
		text++;
		after = skip(&text, DIGITS);
	}
	if (before + after == 0)
		return FALSE;
	if (*text == 'e' || *text == 'E') {
		text++;
		text += *text == '-' || *text == '+';
		if (skip(&text, DIGITS) == 0)
			return FALSE;
	}
	return *text == '\0';
}

/* Decimal digits with their sign, or what follows 0o and 0x. */
static gboolean read_whole(const char *text, guint base, JrVal *val)
{
	gint64 num;

	/* It has a range check, where strtoll() has errno. */
	if (!g_ascii_string_to_signed(*text == '+' ? text + 1 : text, base,
				      G_MININT64, G_MAXINT64, &num, NULL))
		return FALSE;
	*val = jr_val_int(num);
	return TRUE;
}

/* "0o17", "0xff": without a sign. */
static gboolean read_based(const char *text, JrVal *val)
{
	if (text[0] != '0' || !text[1] || !g_ascii_isalnum(text[2]))
		return FALSE;
	if (text[1] == 'o')
		return read_whole(text + 2, 8, val);
	/* GLib would let a second 0x pass. */
	return text[1] == 'x' && !strchr(text + 2, 'x') &&
	       read_whole(text + 2, 16, val);
}

gboolean jr_yaml_scalar(const char *text, gsize len, JrVal *val)
{
	gboolean whole;
	double real;

	*val = jr_val_text_len(text, len);
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(text, words[i].text) == 0) {
			*val = words[i].val;
			return TRUE;
		}
	if (is_not_finite(text))
		return FALSE;
	if (read_based(text, val) || !is_number(text, &whole))
		return TRUE;
	if (whole && read_whole(text, 10, val))
		return TRUE;
	real = g_ascii_strtod(text, NULL);
	*val = jr_val_real(real);
	return isfinite(real);
}
