/* liquid_filters_math.c - arithmetic. */
#include "lang/liquid_impl.h"

static LqNum in_number(LqRun *run, const LqArgs *args)
{
	return lq_to_number(run, &args->in);
}

static LqNum arg_number(LqRun *run, const LqArgs *args)
{
	return lq_to_number(run, &args->arg[0]);
}

static LqVal f_plus(LqRun *run, const LqArgs *args)
{
	return lq_from_number(
		run, lq_num_add(in_number(run, args), arg_number(run, args)));
}

static LqVal f_minus(LqRun *run, const LqArgs *args)
{
	return lq_from_number(run,
			      lq_num_add(in_number(run, args),
					 lq_num_neg(arg_number(run, args))));
}

static LqVal f_times(LqRun *run, const LqArgs *args)
{
	return lq_from_number(
		run, lq_num_mul(in_number(run, args), arg_number(run, args)));
}

static LqVal f_divided_by(LqRun *run, const LqArgs *args)
{
	LqNum out;

	if (!lq_num_div(in_number(run, args), arg_number(run, args), &out))
		return lq_fail(run, "divided by 0");
	return lq_from_number(run, out);
}

static LqVal f_modulo(LqRun *run, const LqArgs *args)
{
	LqNum out;

	if (!lq_num_mod(in_number(run, args), arg_number(run, args), &out))
		return lq_fail(run, "divided by 0");
	return lq_from_number(run, out);
}

static LqVal f_abs(LqRun *run, const LqArgs *args)
{
	LqNum num = in_number(run, args);

	if (lq_num_cmp(num, lq_num_int(0)) < 0)
		num = lq_num_neg(num);
	return lq_from_number(run, num);
}

static LqVal f_at_least(LqRun *run, const LqArgs *args)
{
	LqNum num = in_number(run, args), least = arg_number(run, args);

	return lq_from_number(run, lq_num_cmp(num, least) < 0 ? least : num);
}

static LqVal f_at_most(LqRun *run, const LqArgs *args)
{
	LqNum num = in_number(run, args), most = arg_number(run, args);

	return lq_from_number(run, lq_num_cmp(num, most) > 0 ? most : num);
}

static LqVal f_floor(LqRun *run, const LqArgs *args)
{
	return lq_from_number(run,
			      lq_num_round(in_number(run, args), 0, LQ_FLOOR));
}

static LqVal f_ceil(LqRun *run, const LqArgs *args)
{
	return lq_from_number(run,
			      lq_num_round(in_number(run, args), 0, LQ_CEIL));
}

static LqVal f_round(LqRun *run, const LqArgs *args)
{
	LqNum digits = lq_num_round(arg_number(run, args), 0, LQ_TOWARDS_ZERO);
	gint64 n = (gint64)CLAMP(digits.coef, -1000, 1000);

	return lq_from_number(
		run, lq_num_round(in_number(run, args), n, LQ_HALF_UP));
}

/* A draw below the number, the same for the same message. */
static LqVal f_random(LqRun *run, const LqArgs *args)
{
	LqNum num = lq_num_round(in_number(run, args), 0, LQ_FLOOR);

	if (num.type != LQ_NUM_INT || num.coef < 1 || num.coef > G_MAXINT64)
		return lq_fail(run, "'random' of a number below 1: write a "
				    "number above 0");
	return lq_int((gint64)lq_draw(run, (guint64)num.coef));
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_math[] = {
	{ "plus", f_plus, 1, 1, NULL, LQ_PLAIN },
	{ "minus", f_minus, 1, 1, NULL, LQ_PLAIN },
	{ "times", f_times, 1, 1, NULL, LQ_PLAIN },
	{ "divided_by", f_divided_by, 1, 1, NULL, LQ_PLAIN },
	{ "modulo", f_modulo, 1, 1, NULL, LQ_PLAIN },
	{ "abs", f_abs, 0, 0, NULL, LQ_PLAIN },
	{ "at_least", f_at_least, 1, 1, NULL, LQ_PLAIN },
	{ "at_most", f_at_most, 1, 1, NULL, LQ_PLAIN },
	{ "floor", f_floor, 0, 0, NULL, LQ_PLAIN },
	{ "ceil", f_ceil, 0, 0, NULL, LQ_PLAIN },
	{ "round", f_round, 0, 1, NULL, LQ_PLAIN },
	{ "random", f_random, 0, 0, NULL, LQ_PLAIN },
	{ 0 },
};
