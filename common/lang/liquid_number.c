/*
 * liquid_number.c - arithmetic as people expect it: 0.1 and 0.2 are 0.3.
 *
 * A real is taken as the decimal it is written as; sums and products of such
 * are exact, and only the result is a double again.
 */
#include "lang/liquid_impl.h"

#include <math.h>
#include <string.h>

#define MAX_SCALE 30  /* digits after the point that are kept exactly */
#define MAX_DIGITS 36 /* in all: below the 38 of 128 bits */

LqNum lq_num_int(gint64 num)
{
	return (LqNum){ .type = LQ_NUM_INT, .coef = num };
}

static LqNum num_real(double real)
{
	return (LqNum){ .type = LQ_NUM_REAL, .real = real };
}

static LqNum num_dec(LqWide coef, int scale)
{
	return (LqNum){ .type = LQ_NUM_DEC, .coef = coef, .scale = scale };
}

/* ------------------------------------------------------------- to a double */

/* The digits of @coef, most significant first, at the end of a text. */
static void add_digits(GString *text, LqWide coef)
{
	char digits[48];
	guint n = sizeof digits;
	gboolean minus = coef < 0;

	do {
		int digit = (int)(coef % 10);

		digits[--n] = (char)('0' + ABS(digit));
		coef /= 10;
	} while (coef != 0);
	if (minus)
		digits[--n] = '-';
	g_string_append_len(text, digits + n, (gssize)(sizeof digits - n));
}

double lq_num_real(LqNum a)
{
	g_autoptr(GString) text = NULL;

	if (a.type == LQ_NUM_REAL)
		return a.real;
	if (a.type == LQ_NUM_INT)
		return (double)a.coef;
	/* Through the digits, which rounds once, where a division would twice.
	 */
	text = g_string_new(NULL);
	add_digits(text, a.coef);
	g_string_append_printf(text, "e%d", -a.scale);
	return g_ascii_strtod(text->str, NULL);
}

LqVal lq_from_number(LqRun *run, LqNum num)
{
	double real;

	if (num.type == LQ_NUM_INT && num.coef >= G_MININT64 &&
	    num.coef <= G_MAXINT64)
		return lq_int((gint64)num.coef);
	real = lq_num_real(num);
	return isfinite(real) ? lq_real(real)
			      : lq_fail(run, "a number beyond all bounds");
}

/* ------------------------------------------------------------ from a text */

/* Digits with perhaps one point, from @at on; FALSE when they are too many. */
static gboolean read_digits(const char *at, const char *end, LqNum *num)
{
	gboolean point = FALSE;
	guint n = 0;

	*num = lq_num_int(0);
	for (; at < end; at++) {
		if (*at == '.') {
			point = TRUE;
			num->type = LQ_NUM_DEC;
		} else if (*at != '_') {
			num->coef = num->coef * 10 + (*at - '0');
			num->scale += point;
			n += num->coef > 0;
			if (n > MAX_DIGITS || num->scale > MAX_SCALE)
				return FALSE;
		}
	}
	return TRUE;
}

/* Where the digits from @at on end; a point counts if digits stand around it
 * and it is the whole text that is a number. */
static const char *end_of_digits(const char *at, const char *end)
{
	const char *stop = at, *rest;

	while (stop < end && (g_ascii_isdigit(*stop) ||
			      (*stop == '_' && stop > at && stop + 1 < end &&
			       g_ascii_isdigit(stop[1]))))
		stop++;
	if (stop == at || stop + 1 >= end || *stop != '.' ||
	    memchr(at, '_', (gsize)(stop - at)))
		return stop;
	for (rest = stop + 1; rest < end && g_ascii_isdigit(*rest); rest++)
		;
	return rest == end ? rest : stop;
}

LqNum lq_num_read(LqText text)
{
	const char *at, *end, *stop;
	gboolean minus;
	LqNum num;

	text = lq_strip(text, TRUE, TRUE);
	at = text.str;
	end = at + text.len;
	minus = at < end && *at == '-';
	if (minus || (at < end && *at == '+'))
		at++;
	stop = end_of_digits(at, end);
	if (read_digits(at, stop, &num))
		return minus ? lq_num_neg(num) : num;
	num = num_real(g_ascii_strtod(at, NULL));
	return minus ? lq_num_neg(num) : num;
}

/* The decimal that @real is written as. */
static LqNum read_real(double real)
{
	char text[LQ_REAL_SIZE + 1], *mark;
	LqNum num;
	gint64 exponent;

	lq_real_text(real, text);
	mark = strchr(text, 'e');
	if (!mark)
		return lq_num_read(lq_str(text));
	exponent = g_ascii_strtoll(mark + 1, NULL, 10);
	num = lq_num_read((LqText){ text, (gsize)(mark - text) });
	if (exponent > 0 || num.scale - exponent > MAX_SCALE)
		return num_real(real);
	num.scale -= (int)exponent;
	return num;
}

LqNum lq_to_number(LqRun *run, const LqVal *v)
{
	if (lq_is_type(v, JR_VAL_INT))
		return lq_num_int(v->val.num);
	if (lq_is_type(v, JR_VAL_REAL))
		return read_real(v->val.real);
	if (!lq_is_type(v, JR_VAL_TEXT))
		return lq_num_int(0);
	lq_pay_bytes(run, v->val.len);
	return lq_num_read(lq_val_text(v));
}

/* ------------------------------------------------------------ arithmetic */

/* @a * 10^@places; FALSE when that is too much. */
static gboolean shift(LqWide *a, int places)
{
	for (; places > 0; places--)
		if (__builtin_mul_overflow(*a, (LqWide)10, a))
			return FALSE;
	return TRUE;
}

/* Give both the same scale; FALSE when one cannot have it exactly. */
static gboolean align(LqNum *a, LqNum *b)
{
	int scale = MAX(a->scale, b->scale);

	if (a->type == LQ_NUM_REAL || b->type == LQ_NUM_REAL ||
	    !shift(&a->coef, scale - a->scale) ||
	    !shift(&b->coef, scale - b->scale))
		return FALSE;
	a->scale = b->scale = scale;
	return TRUE;
}

/* A whole number stays one as long as both were. */
static LqNumType type_of(const LqNum *a, const LqNum *b)
{
	return MAX(a->type, b->type);
}

LqNum lq_num_neg(LqNum a)
{
	a.coef = -a.coef;
	a.real = -a.real;
	return a;
}

LqNum lq_num_add(LqNum a, LqNum b)
{
	LqNum x = a, y = b;
	LqWide sum;

	if (!align(&x, &y) || __builtin_add_overflow(x.coef, y.coef, &sum))
		return num_real(lq_num_real(a) + lq_num_real(b));
	return (LqNum){ type_of(&a, &b), sum, x.scale, 0 };
}

LqNum lq_num_mul(LqNum a, LqNum b)
{
	LqWide product;
	int scale = a.scale + b.scale;

	if (type_of(&a, &b) == LQ_NUM_REAL || scale > MAX_SCALE ||
	    __builtin_mul_overflow(a.coef, b.coef, &product))
		return num_real(lq_num_real(a) * lq_num_real(b));
	return (LqNum){ type_of(&a, &b), product, scale, 0 };
}

static gboolean is_zero(LqNum a)
{
	return a.type == LQ_NUM_REAL ? a.real == 0 : a.coef == 0;
}

static LqWide floor_div(LqWide a, LqWide b)
{
	LqWide q = a / b;

	return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

static LqWide wide_abs(LqWide a)
{
	return a < 0 ? -a : a;
}

/* The quotient of two of one scale, by 25 digits of it as on paper. */
static double divide_digits(LqWide a, LqWide b)
{
	g_autoptr(GString) text = g_string_new(NULL);
	LqWide left, by = wide_abs(b);

	if ((a < 0) != (b < 0))
		g_string_append_c(text, '-');
	a = wide_abs(a);
	add_digits(text, a / by);
	g_string_append_c(text, '.');
	left = a % by;
	for (guint i = 0; i < MAX_DIGITS && left != 0; i++) {
		if (__builtin_mul_overflow(left, (LqWide)10, &left))
			break;
		g_string_append_c(text, (char)('0' + (int)(left / by)));
		left %= by;
	}
	return g_ascii_strtod(text->str, NULL);
}

gboolean lq_num_div(LqNum a, LqNum b, LqNum *out)
{
	LqNum x = a, y = b;

	if (is_zero(b))
		return FALSE;
	if (type_of(&a, &b) == LQ_NUM_INT)
		*out = (LqNum){ LQ_NUM_INT, floor_div(a.coef, b.coef), 0, 0 };
	else if (align(&x, &y))
		*out = num_real(divide_digits(x.coef, y.coef));
	else
		*out = num_real(lq_num_real(a) / lq_num_real(b));
	return TRUE;
}

/* The rest has the sign of @b. */
gboolean lq_num_mod(LqNum a, LqNum b, LqNum *out)
{
	LqNum x = a, y = b;

	if (is_zero(b))
		return FALSE;
	if (align(&x, &y)) {
		LqWide rest = x.coef - floor_div(x.coef, y.coef) * y.coef;

		*out = (LqNum){ type_of(&a, &b), rest, x.scale, 0 };
	} else {
		double real = lq_num_real(a), by = lq_num_real(b);

		*out = num_real(real - floor(real / by) * by);
	}
	return TRUE;
}

int lq_num_cmp(LqNum a, LqNum b)
{
	LqNum x = a, y = b;

	if (align(&x, &y))
		return (x.coef > y.coef) - (x.coef < y.coef);
	return (lq_num_real(a) > lq_num_real(b)) -
	       (lq_num_real(a) < lq_num_real(b));
}

/* -------------------------------------------------------------- rounding */

/* @coef without its last @places digits. */
static LqWide round_off(LqWide coef, int places, LqRounding how)
{
	LqWide unit = 1, whole;

	if (!shift(&unit, places))
		return 0;
	whole = floor_div(coef, unit);
	coef -= whole * unit;
	switch (how) {
	case LQ_FLOOR:
		return whole;
	case LQ_CEIL:
		return whole + (coef > 0);
	case LQ_TOWARDS_ZERO:
		return whole + (coef > 0 && whole < 0);
	case LQ_HALF_UP:
		return whole +
		       (coef * 2 > unit || (coef * 2 == unit && whole >= 0));
	}
	g_assert_not_reached();
}

static LqNum round_real(double real, gint64 digits, LqRounding how)
{
	double whole = how == LQ_FLOOR	   ? floor(real)
		       : how == LQ_CEIL	   ? ceil(real)
		       : how == LQ_HALF_UP ? round(real)
					   : trunc(real);

	if (digits > 0)
		return num_real(real); /* has no such digits: too large */
	if (fabs(whole) < 1e36)
		return (LqNum){ LQ_NUM_INT, (LqWide)whole, 0, 0 };
	return num_real(whole);
}

LqNum lq_num_round(LqNum a, gint64 digits, LqRounding how)
{
	LqWide coef;

	if (a.type == LQ_NUM_REAL)
		return round_real(a.real, digits, how);
	if (digits >= a.scale)
		return a.type == LQ_NUM_INT || digits > 0
			       ? a
			       : (LqNum){ LQ_NUM_INT, a.coef, 0, 0 };
	if (digits < -MAX_DIGITS)
		return lq_num_int(0);
	coef = round_off(a.coef, a.scale - (int)digits, how);
	if (digits > 0)
		return num_dec(coef, (int)digits);
	shift(&coef, (int)-digits);
	return (LqNum){ LQ_NUM_INT, coef, 0, 0 };
}

char *lq_num_fixed(LqNum a, int digits)
{
	GString *text = g_string_new(NULL);

	if (a.type == LQ_NUM_REAL) {
		char form[400];

		g_ascii_formatd(form, sizeof form, "%.0f", fabs(a.real));
		g_string_append(text, form);
		a.scale = 0;
	} else {
		a = lq_num_round(a, digits, LQ_HALF_UP);
		add_digits(text, wide_abs(a.coef));
	}
	while (a.scale > 0 && text->len <= (gsize)a.scale)
		g_string_prepend_c(text, '0');
	if (digits > 0)
		g_string_insert_c(text, (gssize)text->len - a.scale, '.');
	for (; a.scale < digits; a.scale++)
		g_string_append_c(text, '0');
	return g_string_free(text, FALSE);
}
