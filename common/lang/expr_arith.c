#include "lang/expr_run.h"

#include <math.h>

#define AT EXPR_IS(EXPR_INSTANT)
#define SPAN EXPR_IS(EXPR_SPAN)

double expr_as_real(const ExprValue *number)
{
	return number->kind == EXPR_INT ? (double)number->num : number->real;
}

static gboolean is_number(const ExprValue *value)
{
	return (EXPR_IS(value->kind) & EXPR_NUMBERS) != 0;
}

/* A number that is not finite is none. */
static gboolean set_real(double real, ExprValue *out)
{
	*out = (ExprValue){ .kind = EXPR_REAL, .real = real };
	return isfinite(real) != 0;
}

/* Whole numbers stay exact while they fit 64 bits, then become real ones. */
#define DEFINE_NUMBERS(name, exact, sign)                                      \
	static gboolean name(ExprRun *run, const ExprValue *a,                 \
			     const ExprValue *b, ExprValue *out)               \
	{                                                                      \
		(void)run;                                                     \
		if (!is_number(a) || !is_number(b))                            \
			return FALSE;                                          \
		*out = expr_int(0);                                            \
		if (a->kind == EXPR_INT && b->kind == EXPR_INT &&              \
		    !exact(a->num, b->num, &out->num))                         \
			return TRUE;                                           \
		return set_real(expr_as_real(a) sign expr_as_real(b), out);    \
	}

DEFINE_NUMBERS(add_numbers, __builtin_add_overflow, +)
DEFINE_NUMBERS(subtract_numbers, __builtin_sub_overflow, -)
DEFINE_NUMBERS(multiply_numbers, __builtin_mul_overflow, *)

/* Whole when it comes out even; by 0 it is null. */
static gboolean divide_numbers(ExprRun *run, const ExprValue *a,
			       const ExprValue *b, ExprValue *out)
{
	(void)run;
	if (!is_number(a) || !is_number(b) || expr_as_real(b) == 0)
		return FALSE;
	if (a->kind == EXPR_INT && b->kind == EXPR_INT &&
	    (b->num != -1 || a->num != G_MININT64) && a->num % b->num == 0) {
		*out = expr_int(a->num / b->num);
		return TRUE;
	}
	return set_real(expr_as_real(a) / expr_as_real(b), out);
}

gboolean expr_add_numbers(ExprRun *run, const ExprValue *a, const ExprValue *b,
			  ExprValue *out)
{
	return add_numbers(run, a, b, out);
}

/* Spans */

JrSpan expr_span_negate(const JrSpan *span)
{
	return (JrSpan){ -span->months, -span->days, -span->seconds };
}

ExprValue expr_negate(const ExprValue *value)
{
	ExprValue out = *value;

	switch (value->kind) {
	case EXPR_INT:
		if (value->num == G_MININT64)
			return (ExprValue){ .kind = EXPR_REAL, .real = 0x1p63 };
		out.num = -value->num;
		return out;
	case EXPR_REAL:
		out.real = -value->real;
		return out;
	case EXPR_SPAN:
		out.span = expr_span_negate(&value->span);
		out.move = expr_move_negate(&value->move);
		return out;
	case EXPR_NULL:
	case EXPR_BOOL:
	case EXPR_TEXT:
	case EXPR_INSTANT:
	case EXPR_TREE:
		return (ExprValue){ .kind = EXPR_NULL };
	}
	g_assert_not_reached();
}

static gboolean add_spans(ExprRun *run, const ExprValue *a, const ExprValue *b,
			  ExprValue *out)
{
	(void)run;
	if (a->kind != EXPR_SPAN || b->kind != EXPR_SPAN)
		return FALSE;
	/* 64 terms of 10,000 years at most: nothing overflows. */
	*out = *a;
	out->span.months += b->span.months;
	out->span.days += b->span.days;
	out->span.seconds += b->span.seconds;
	out->move = expr_move_add(&a->move, &b->move);
	return TRUE;
}

static gboolean subtract_spans(ExprRun *run, const ExprValue *a,
			       const ExprValue *b, ExprValue *out)
{
	ExprValue negative = expr_negate(b);

	return add_spans(run, a, &negative, out);
}

/* Times */

static gboolean add_to_time(ExprRun *run, const ExprValue *a,
			    const ExprValue *b, ExprValue *out)
{
	ExprValue at, span;

	if (b->kind != EXPR_SPAN || !expr_to_instant(a, run->facts->zone, &at))
		return FALSE;
	/* Days and months that are added to what moves by itself. */
	span = b->span.days || b->span.months ? expr_still(run, b) : *b;
	if (!expr_shift(run, &at, &span.span, out))
		return FALSE;
	out->move = expr_move_add(&out->move, &span.move);
	return TRUE;
}

static gboolean add_time_to(ExprRun *run, const ExprValue *a,
			    const ExprValue *b, ExprValue *out)
{
	return add_to_time(run, b, a, out);
}

static gboolean take_from_time(ExprRun *run, const ExprValue *a,
			       const ExprValue *b, ExprValue *out)
{
	ExprValue negative = expr_negate(b);

	return add_to_time(run, a, &negative, out);
}

static gboolean subtract_times(ExprRun *run, const ExprValue *a,
			       const ExprValue *b, ExprValue *out)
{
	ExprValue left, right;

	if (!expr_to_instant(a, run->facts->zone, &left) ||
	    !expr_to_instant(b, run->facts->zone, &right))
		return FALSE;
	*out = (ExprValue){ .kind = EXPR_SPAN };
	out->span.seconds = left.num - right.num;
	right.move = expr_move_negate(&right.move);
	out->move = expr_move_add(&left.move, &right.move);
	return TRUE;
}

/* Attributes fit many rows; that a time is meant, the other side tells. */
static const ExprArith ariths[] = {
	{ '+', SPAN, SPAN, SPAN, add_spans },
	{ '+', EXPR_TIMES, SPAN, AT, add_to_time },
	{ '+', SPAN, EXPR_TIMES, AT, add_time_to },
	{ '+', EXPR_NUMBERS, EXPR_NUMBERS, EXPR_NUMBERS, add_numbers },
	{ '-', SPAN, SPAN, SPAN, subtract_spans },
	{ '-', EXPR_TIMES, SPAN, AT, take_from_time },
	{ '-', AT, EXPR_TIMES, SPAN, subtract_times },
	{ '-', EXPR_TIMES, AT, SPAN, subtract_times },
	{ '-', EXPR_NUMBERS, EXPR_NUMBERS, EXPR_NUMBERS, subtract_numbers },
	{ '*', EXPR_NUMBERS, EXPR_NUMBERS, EXPR_NUMBERS, multiply_numbers },
	{ '/', EXPR_NUMBERS, EXPR_NUMBERS, EXPR_NUMBERS, divide_numbers },
};

const ExprArith *expr_arith_find(char op, guint left, guint right)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ariths); i++)
		if (ariths[i].op == op && (ariths[i].left & left) &&
		    (ariths[i].right & right))
			return &ariths[i];
	return NULL;
}
