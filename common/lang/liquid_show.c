/* liquid_show.c - values as texts. */
#include "lang/liquid_impl.h"

#include <math.h>
#include <string.h>

/* @digits as Ruby lays them out: with a point as long as that needs no zeros
 * from the 16th digit on, else with an exponent. */
static void lay_out(const char *digits, int exponent, char *text)
{
	int n = (int)strlen(digits);

	if (exponent < -4 || (n <= exponent + 1 && exponent >= 15)) {
		g_snprintf(text, LQ_REAL_SIZE - 1, "%c.%se%c%02d", digits[0],
			   n > 1 ? digits + 1 : "0", exponent < 0 ? '-' : '+',
			   ABS(exponent));
	} else if (exponent < 0) {
		g_snprintf(text, LQ_REAL_SIZE - 1, "0.%.*s%s", -exponent - 1,
			   "0000", digits);
	} else if (n <= exponent + 1) {
		g_snprintf(text, LQ_REAL_SIZE - 1, "%s%.*s.0", digits,
			   exponent + 1 - n, "000000000000000");
	} else {
		g_snprintf(text, LQ_REAL_SIZE - 1, "%.*s.%s", exponent + 1,
			   digits, digits + exponent + 1);
	}
}

void lq_real_text(double real, char text[LQ_REAL_SIZE])
{
	char form[G_ASCII_DTOSTR_BUF_SIZE], digits[24], *mark;
	static const char *const formats[] = { "%.14e", "%.15e", "%.16e" };
	guint n = 0;

	if (real == 0) {
		g_strlcpy(text, signbit(real) ? "-0.0" : "0.0", LQ_REAL_SIZE);
		return;
	}
	if (real < 0) {
		*text++ = '-';
		real = -real;
	}
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_ascii_formatd(form, sizeof form, formats[i], real);
		if (g_ascii_strtod(form, NULL) == real)
			break;
	}
	mark = strchr(form, 'e');
	for (const char *c = form; c < mark; c++)
		if (*c != '.')
			digits[n++] = *c;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	digits[n] = '\0';
	lay_out(digits, (int)g_ascii_strtoll(mark + 1, NULL, 10), text);
}

static void add_val(LqBuild *b, const JrVal *val, gboolean inspect,
		    guint depth);

static void add_real(LqBuild *b, double real)
{
	char text[LQ_REAL_SIZE + 1];

	lq_real_text(real, text);
	lq_add_str(b, text);
}

static void add_int(LqBuild *b, gint64 num)
{
	char text[24];

	g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, num);
	lq_add_str(b, text);
}

/* A text in double quotes, as Ruby shows it. */
static void add_quoted(LqBuild *b, const char *text, gsize len)
{
	static const char plain[] = "\"\\\n\r\t\f\v\b\a\033";
	static const char letters[] = "\"\\nrtfvbae";

	lq_add_char(b, '"');
	for (gsize i = 0; i < len; i++) {
		const char *found = memchr(plain, text[i], sizeof plain - 1);

		if (found || (text[i] == '#' && i + 1 < len &&
			      strchr("{$@", text[i + 1])))
			lq_add_char(b, '\\');
		lq_add_char(b, found ? letters[found - plain] : text[i]);
	}
	lq_add_char(b, '"');
}

static void add_list(LqBuild *b, const JrVal *val, guint depth)
{
	lq_add_char(b, '[');
	for (guint32 i = 0; i < val->len; i++) {
		if (i > 0)
			lq_add(b, ", ", 2);
		add_val(b, &val->items[i], TRUE, depth + 1);
	}
	lq_add_char(b, ']');
}

static void add_map(LqBuild *b, const JrVal *val, guint depth)
{
	lq_add_char(b, '{');
	for (guint32 i = 0; i < val->len; i++) {
		const JrMember *member = &val->members[i];

		if (i > 0)
			lq_add(b, ", ", 2);
		add_quoted(b, member->key, member->key_len);
		lq_add(b, "=>", 2);
		add_val(b, &member->val, TRUE, depth + 1);
	}
	lq_add_char(b, '}');
}

/* @inspect: as it is shown within a list or map, else as it is read. */
static void add_val(LqBuild *b, const JrVal *val, gboolean inspect, guint depth)
{
	if (depth > LQ_MAX_NESTING) {
		lq_fail(b->run, "lists and maps nested deeper than %d",
			LQ_MAX_NESTING);
		return;
	}
	switch (val->type) {
	case JR_VAL_NULL:
		if (inspect)
			lq_add(b, "nil", 3);
		break;
	case JR_VAL_BOOL:
		lq_add(b, val->yes ? "true" : "false", val->yes ? 4 : 5);
		break;
	case JR_VAL_INT:
		add_int(b, val->num);
		break;
	case JR_VAL_REAL:
		add_real(b, val->real);
		break;
	case JR_VAL_TEXT:
		if (inspect)
			add_quoted(b, val->text, val->len);
		else
			lq_add(b, val->text, val->len);
		break;
	case JR_VAL_LIST:
		add_list(b, val, depth);
		break;
	case JR_VAL_MAP:
		add_map(b, val, depth);
		break;
	}
}

/* Items one after the other, lists within it too. */
static void add_joined(LqBuild *b, const JrVal *val, guint depth)
{
	if (val->type != JR_VAL_LIST || depth > LQ_MAX_NESTING) {
		add_val(b, val, FALSE, depth);
		return;
	}
	for (guint32 i = 0; i < val->len; i++)
		add_joined(b, &val->items[i], depth + 1);
}

static LqText range_text(LqRun *run, const LqVal *v)
{
	LqBuild b = { .run = run };

	add_int(&b, v->from);
	lq_add(&b, "..", 2);
	add_int(&b, v->to);
	return lq_built_text(&b);
}

static LqText as_text(LqRun *run, const LqVal *v, gboolean join)
{
	LqBuild b = { .run = run };

	switch (v->kind) {
	case LQ_DATA:
		break;
	case LQ_RANGE:
		return range_text(run, v);
	case LQ_LOOP:
		return (LqText){ "forloop", strlen("forloop") };
	case LQ_EMPTY:
	case LQ_BLANK:
		return (LqText){ "", 0 };
	}
	if (v->val.type == JR_VAL_TEXT)
		return lq_val_text(v);
	if (join)
		add_joined(&b, &v->val, 0);
	else
		add_val(&b, &v->val, FALSE, 0);
	return lq_built_text(&b);
}

LqText lq_to_text(LqRun *run, const LqVal *v)
{
	return as_text(run, v, FALSE);
}

LqText lq_join_text(LqRun *run, const LqVal *v)
{
	return as_text(run, v, TRUE);
}

LqText lq_inspect(LqRun *run, const JrVal *v)
{
	LqBuild b = { .run = run };

	add_val(&b, v, TRUE, 0);
	return lq_built_text(&b);
}
