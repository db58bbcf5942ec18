#include "lang/expr_run.h"

#include <math.h>
#include <string.h>

/*
 * Numbers that are taken for Unix times: seconds from 1973 on, so that a
 * count or an amount is none, and milliseconds, as JavaScript has them.
 */
#define FIRST_TIME_S 100000000
#define FIRST_TIME_MS 100000000000
#define LAST_TIME_MS 99999999999999

ExprValue expr_bool(gboolean yes)
{
	return (ExprValue){ .kind = EXPR_BOOL, .yes = !!yes };
}

ExprValue expr_int(gint64 num)
{
	return (ExprValue){ .kind = EXPR_INT, .num = num };
}

ExprValue expr_instant(gint64 at_s)
{
	return (ExprValue){ .kind = EXPR_INSTANT, .num = at_s };
}

ExprValue expr_value_of(const JrVal *val)
{
	ExprValue value = { .kind = EXPR_NULL };

	if (!val)
		return value;
	switch (val->type) {
	case JR_VAL_NULL:
		return value;
	case JR_VAL_BOOL:
		return expr_bool(val->yes);
	case JR_VAL_INT:
		return expr_int(val->num);
	case JR_VAL_REAL:
		value.kind = EXPR_REAL;
		value.real = val->real;
		return value;
	case JR_VAL_TEXT:
		value.kind = EXPR_TEXT;
		value.text = val->text;
		value.len = val->len;
		return value;
	case JR_VAL_LIST:
	case JR_VAL_MAP:
		value.kind = EXPR_TREE;
		value.tree = val;
		return value;
	}
	g_assert_not_reached();
}

gboolean expr_truth(const ExprValue *value)
{
	return value->kind == EXPR_BOOL && value->yes;
}

gboolean expr_is_there(const ExprValue *value)
{
	if (value->kind == EXPR_TEXT)
		return value->len > 0;
	if (value->kind == EXPR_TREE)
		return value->tree->len > 0;
	return value->kind != EXPR_NULL;
}

/* Times */

static gboolean set_instant(gint64 at_s, ExprValue *out)
{
	*out = expr_instant(at_s);
	return at_s >= EXPR_FIRST_S && at_s <= EXPR_LAST_S;
}

static gboolean int_to_instant(gint64 num, ExprValue *out)
{
	if (num < FIRST_TIME_S || num > LAST_TIME_MS)
		return FALSE;
	return set_instant(num < FIRST_TIME_MS ? num : num / 1000, out);
}

static gboolean text_to_instant(const ExprValue *text, JrZone *zone,
				ExprValue *out)
{
	gint64 ms;

	/* A time begins with a digit: no text is parsed that is none. */
	if (text->len == 0 || !g_ascii_isdigit(*text->text))
		return FALSE;
	if (strspn(text->text, "0123456789") == text->len)
		return text->len <= 14 &&
		       int_to_instant(g_ascii_strtoll(text->text, NULL, 10),
				      out);
	if (!jr_instant_parse(text->text, zone, &ms, NULL))
		return FALSE;
	return set_instant(ms / 1000 - (ms % 1000 < 0), out);
}

gboolean expr_to_instant(const ExprValue *value, JrZone *zone, ExprValue *out)
{
	switch (value->kind) {
	case EXPR_INSTANT:
		*out = *value;
		return TRUE;
	case EXPR_INT:
		return int_to_instant(value->num, out);
	case EXPR_REAL:
		return value->real >= FIRST_TIME_S &&
		       value->real <= LAST_TIME_MS &&
		       int_to_instant((gint64)value->real, out);
	case EXPR_TEXT:
		return text_to_instant(value, zone, out);
	case EXPR_NULL:
	case EXPR_BOOL:
	case EXPR_SPAN:
	case EXPR_TREE:
		return FALSE;
	}
	g_assert_not_reached();
}

/* Order */

static guint sign_of(gint64 diff)
{
	return diff < 0 ? EXPR_LESS : diff > 0 ? EXPR_GREATER : EXPR_EQUAL;
}

static guint order_reals(double a, double b)
{
	return a < b ? EXPR_LESS : a > b ? EXPR_GREATER : EXPR_EQUAL;
}

/* Exactly: as doubles, 2^53 and 2^53 + 1 would be one number. */
static guint order_int_real(gint64 num, double real)
{
	double whole = trunc(real);

	if (real >= 0x1p63)
		return EXPR_LESS;
	if (real < -0x1p63)
		return EXPR_GREATER;
	if (num != (gint64)whole)
		return num < (gint64)whole ? EXPR_LESS : EXPR_GREATER;
	return order_reals(whole, real);
}

static guint order_numbers(const ExprValue *a, const ExprValue *b)
{
	static const guint turned[] = { [EXPR_LESS] = EXPR_GREATER,
					[EXPR_EQUAL] = EXPR_EQUAL,
					[EXPR_GREATER] = EXPR_LESS };

	if (a->kind == EXPR_INT && b->kind == EXPR_INT)
		return a->num < b->num	 ? EXPR_LESS
		       : a->num > b->num ? EXPR_GREATER
					 : EXPR_EQUAL;
	if (a->kind == EXPR_INT)
		return order_int_real(a->num, b->real);
	if (b->kind == EXPR_INT)
		return turned[order_int_real(b->num, a->real)];
	return order_reals(a->real, b->real);
}

static guint order_texts(const ExprValue *a, const ExprValue *b)
{
	int diff = memcmp(a->text, b->text, MIN(a->len, b->len));

	return sign_of(diff ? diff : (gint64)a->len - b->len);
}

/* Values as they are, without a look at the clock. */
static guint relate_values(const ExprValue *a, const ExprValue *b)
{
	if ((EXPR_IS(a->kind) & EXPR_NUMBERS) &&
	    (EXPR_IS(b->kind) & EXPR_NUMBERS))
		return order_numbers(a, b);
	if (a->kind != b->kind)
		return EXPR_UNLIKE;
	switch (a->kind) {
	case EXPR_NULL:
		return EXPR_SAME;
	case EXPR_BOOL:
		return a->yes == b->yes ? EXPR_SAME : EXPR_UNLIKE;
	case EXPR_TEXT:
		return order_texts(a, b);
	case EXPR_TREE:
		return jr_val_equal(a->tree, b->tree) ? EXPR_SAME : EXPR_UNLIKE;
	case EXPR_INT:
	case EXPR_REAL:
	case EXPR_INSTANT:
	case EXPR_SPAN:
		break;
	}
	g_assert_not_reached();
}

/* The sign of @diff, and when that of @a - @b, which move, turns. */
static guint relate_moving(ExprRun *run, gint64 diff, const ExprValue *a,
			   const ExprValue *b, guint relation)
{
	const ExprMove back = expr_move_negate(&b->move);
	const ExprMove move = expr_move_add(&a->move, &back);

	expr_lower(run, expr_turn(diff, &move, relation, run->now_s));
	return sign_of(diff);
}

guint expr_relate(ExprRun *run, const ExprValue *a, const ExprValue *b,
		  gboolean as_time, guint relation)
{
	JrZone *zone = run->facts->zone;
	ExprValue left, right;

	if (as_time || a->kind == EXPR_INSTANT || b->kind == EXPR_INSTANT) {
		if (!expr_to_instant(a, zone, &left) ||
		    !expr_to_instant(b, zone, &right))
			return EXPR_UNLIKE;
		return relate_moving(run, left.num - right.num, &left, &right,
				     relation);
	}
	if (a->kind == EXPR_SPAN && b->kind == EXPR_SPAN)
		return relate_moving(run,
				     jr_span_seconds(&a->span) -
					     jr_span_seconds(&b->span),
				     a, b, relation);
	return relate_values(a, b);
}

/* Shown */

static void write_text(const char *text, GString *out)
{
	jr_val_write_text(text, strlen(text), out);
}

static void write_instant(gint64 at_s, GString *out)
{
	char buffer[JR_INSTANT_SIZE];

	write_text(jr_instant_format(at_s, buffer), out);
}

static void write_span(const JrSpan *span, GString *out)
{
	g_autofree char *text = jr_span_format(span);

	write_text(text, out);
}

static void write_val(JrVal val, GString *out)
{
	jr_val_write(&val, out);
}

void expr_value_write(const ExprValue *value, GString *out)
{
	switch (value->kind) {
	case EXPR_NULL:
		write_val(jr_val_null, out);
		break;
	case EXPR_BOOL:
		write_val(jr_val_bool(value->yes), out);
		break;
	case EXPR_INT:
		write_val(jr_val_int(value->num), out);
		break;
	case EXPR_REAL:
		write_val(jr_val_real(value->real), out);
		break;
	case EXPR_TEXT:
		jr_val_write_text(value->text, value->len, out);
		break;
	case EXPR_INSTANT:
		write_instant(value->num, out);
		break;
	case EXPR_SPAN:
		write_span(&value->span, out);
		break;
	case EXPR_TREE:
		jr_val_write(value->tree, out);
		break;
	}
}
