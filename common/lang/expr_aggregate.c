/*
 * What is made of the events of a selection: counts, sums, the first, the
 * last.  Where so many decide already, no more are asked for.
 */
#include "base/error.h"
#include "lang/expr_run.h"

#include <math.h>
#include <string.h>

#define MAX_DISTINCT 100000 /* values of one person */

static gboolean add_count(ExprGather *g, const ExprValue *value)
{
	(void)value;
	/* All are wanted where the value is shown. */
	g->decided = g->count == g->select->enough && !g->run->trace;
	return !g->decided;
}

static void finish_count(ExprGather *g, ExprValue *out)
{
	*out = expr_int(g->count);
}

static gboolean add_happened(ExprGather *g, const ExprValue *value)
{
	(void)value;
	g->decided = TRUE;
	return FALSE;
}

static void finish_happened(ExprGather *g, ExprValue *out)
{
	*out = expr_bool(g->count > 0);
}

static gboolean add_newest(ExprGather *g, const ExprValue *value)
{
	g->best = *value;
	return FALSE;
}

static gboolean add_oldest(ExprGather *g, const ExprValue *value)
{
	g->best = *value;
	/* Messages come newest first only. */
	return g->select->metric != NULL;
}

static void finish_best(ExprGather *g, ExprValue *out)
{
	*out = g->best;
}

static gboolean is_number(const ExprValue *value)
{
	return (EXPR_IS(value->kind) & EXPR_NUMBERS) != 0;
}

static gboolean add_sum(ExprGather *g, const ExprValue *value)
{
	ExprValue sum = *value;

	if (!is_number(value))
		return TRUE;
	if (g->numbers++ > 0)
		expr_add_numbers(g->run, &g->best, value, &sum);
	g->best = sum;
	return TRUE;
}

static void finish_sum(ExprGather *g, ExprValue *out)
{
	*out = g->numbers > 0 ? g->best : expr_int(0);
	if (out->kind == EXPR_REAL && !isfinite(out->real))
		out->kind = EXPR_NULL;
}

static void finish_average(ExprGather *g, ExprValue *out)
{
	finish_sum(g, out);
	if (g->numbers == 0 || out->kind == EXPR_NULL) {
		out->kind = EXPR_NULL;
		return;
	}
	out->real = expr_as_real(out) / (double)g->numbers;
	out->kind = EXPR_REAL;
}

/* Numbers among numbers, times among times: the first one settles which. */
static gboolean add_extreme(ExprGather *g, const ExprValue *value, guint better)
{
	if (!is_number(value) && value->kind != EXPR_INSTANT)
		return TRUE;
	if (g->best.kind == EXPR_NULL)
		g->best = *value;
	else if (is_number(value) == is_number(&g->best) &&
		 expr_relate(g->run, value, &g->best, FALSE, better) == better)
		g->best = *value;
	return TRUE;
}

static gboolean add_min(ExprGather *g, const ExprValue *value)
{
	return add_extreme(g, value, EXPR_LESS);
}

static gboolean add_max(ExprGather *g, const ExprValue *value)
{
	return add_extreme(g, value, EXPR_GREATER);
}

/* 1 and 1.0 are one value, "1" is another. */
static char *distinct_key(const ExprValue *value)
{
	GString *key = g_string_new(NULL);
	ExprValue plain = *value;

	if (value->kind == EXPR_REAL && value->real >= -0x1p63 &&
	    value->real < 0x1p63 && value->real == (gint64)value->real)
		plain = expr_int((gint64)value->real);
	g_string_append_c(key, plain.kind == EXPR_INSTANT ? '@' : ' ');
	expr_value_write(&plain, key);
	return g_string_free(key, FALSE);
}

static gboolean add_distinct(ExprGather *g, const ExprValue *value)
{
	if (value->kind == EXPR_NULL)
		return TRUE;
	if (!g->seen)
		g->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						NULL);
	g_hash_table_add(g->seen, distinct_key(value));
	if (g_hash_table_size(g->seen) > MAX_DISTINCT) {
		g_set_error(g->run->error, JR_ERROR, JR_ERROR_INPUT,
			    "more than %d different values of one person: "
			    "count within a shorter time",
			    MAX_DISTINCT);
		g->failed = TRUE;
		return FALSE;
	}
	g->decided = g_hash_table_size(g->seen) == g->select->enough &&
		     !g->run->trace;
	return !g->decided;
}

static void finish_distinct(ExprGather *g, ExprValue *out)
{
	*out = expr_int(g->seen ? g_hash_table_size(g->seen) : 0);
}

#define NUMBER EXPR_IS(EXPR_INT)
#define ORDERED (EXPR_NUMBERS | EXPR_IS(EXPR_INSTANT))

/* To add one: its functions, a row here, a line in jr-expr(7). */
static const ExprAggregate aggregates[] = {
	{ "happened", EXPR_VALUE_NO, 0, EXPR_IS(EXPR_BOOL), TRUE, FALSE,
	  add_happened, finish_happened },
	{ "count", EXPR_VALUE_NO, 0, NUMBER, TRUE, TRUE, add_count,
	  finish_count },
	{ "distinct", EXPR_VALUE_MUST, ~0u, NUMBER, TRUE, TRUE, add_distinct,
	  finish_distinct },
	{ "first", EXPR_VALUE_MAY, ~0u, 0, FALSE, FALSE, add_oldest,
	  finish_best },
	{ "last", EXPR_VALUE_MAY, ~0u, 0, TRUE, FALSE, add_newest,
	  finish_best },
	{ "sum", EXPR_VALUE_MUST, EXPR_NUMBERS, EXPR_NUMBERS, FALSE, FALSE,
	  add_sum, finish_sum },
	{ "avg", EXPR_VALUE_MUST, EXPR_NUMBERS,
	  EXPR_IS(EXPR_REAL) | EXPR_IS(EXPR_NULL), FALSE, FALSE, add_sum,
	  finish_average },
	{ "min", EXPR_VALUE_MUST, ORDERED, 0, FALSE, FALSE, add_min,
	  finish_best },
	{ "max", EXPR_VALUE_MUST, ORDERED, 0, FALSE, FALSE, add_max,
	  finish_best },
};

const ExprAggregate *expr_aggregate_find(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(aggregates); i++)
		if (strcmp(aggregates[i].name, name) == 0)
			return &aggregates[i];
	return NULL;
}

void expr_aggregate_names(GPtrArray *names)
{
	for (gsize i = 0; i < G_N_ELEMENTS(aggregates); i++)
		g_ptr_array_add(names, (gpointer)aggregates[i].name);
}
