/* liquid_eval.c - what expressions, filters and conditions come to. */
#include "lang/liquid_impl.h"

#include <string.h>

/* --------------------------------------------------------------- forloop */

static LqVal loop_index(const LqLoop *l)
{
	return lq_int(l->index + 1);
}

static LqVal loop_index0(const LqLoop *l)
{
	return lq_int(l->index);
}

static LqVal loop_rindex(const LqLoop *l)
{
	return lq_int(l->length - l->index);
}

static LqVal loop_rindex0(const LqLoop *l)
{
	return lq_int(l->length - l->index - 1);
}

static LqVal loop_first(const LqLoop *l)
{
	return lq_bool(l->index == 0);
}

static LqVal loop_last(const LqLoop *l)
{
	return lq_bool(l->index == l->length - 1);
}

static LqVal loop_length(const LqLoop *l)
{
	return lq_int(l->length);
}

static LqVal loop_name(const LqLoop *l)
{
	return lq_text_val(l->name);
}

static LqVal loop_parent(const LqLoop *l)
{
	LqVal parent = { .kind = LQ_LOOP, .loop = l->parent };

	return l->parent ? parent : lq_nil();
}

static LqVal table_col(const LqLoop *l)
{
	return lq_int(l->index % l->cols + 1);
}

static LqVal table_col0(const LqLoop *l)
{
	return lq_int(l->index % l->cols);
}

static LqVal table_row(const LqLoop *l)
{
	return lq_int(l->index / l->cols + 1);
}

static LqVal table_col_first(const LqLoop *l)
{
	return lq_bool(l->index % l->cols == 0);
}

static LqVal table_col_last(const LqLoop *l)
{
	return lq_bool(l->index % l->cols == l->cols - 1);
}

static const struct {
	const char *name;
	LqVal (*get)(const LqLoop *loop);
	enum { BOTH, FOR, TABLE } of;
} loop_members[] = {
	{ "index", loop_index, BOTH },
	{ "index0", loop_index0, BOTH },
	{ "rindex", loop_rindex, BOTH },
	{ "rindex0", loop_rindex0, BOTH },
	{ "first", loop_first, BOTH },
	{ "last", loop_last, BOTH },
	{ "length", loop_length, BOTH },
	{ "name", loop_name, FOR },
	{ "parentloop", loop_parent, FOR },
	{ "col", table_col, TABLE },
	{ "col0", table_col0, TABLE },
	{ "row", table_row, TABLE },
	{ "col_first", table_col_first, TABLE },
	{ "col_last", table_col_last, TABLE },
};

static LqVal loop_member(const LqLoop *loop, LqText name)
{
	for (guint i = 0; i < G_N_ELEMENTS(loop_members); i++) {
		if (!lq_str_is(name, loop_members[i].name))
			continue;
		if (loop_members[i].of == (loop->cols > 0 ? FOR : TABLE))
			return lq_nil();
		return loop_members[i].get(loop);
	}
	return lq_nil();
}

/* ----------------------------------------------------------- within values */

/* As jr_val_get_len(), but a search through many keys is paid for. */
static const JrVal *get(LqRun *run, const JrVal *map, LqText name)
{
	if (map && map->type == JR_VAL_MAP && map->len > 64 &&
	    !lq_pay(run, map->len / 64))
		return NULL;
	return jr_val_get_len(map, name.str, name.len);
}

/* list.first, text.size and their like; nil when @v has no such thing. */
static LqVal data_command(LqRun *run, const JrVal *v, LqText name)
{
	gboolean size = lq_str_is(name, "size");
	gboolean first = lq_str_is(name, "first");

	if (v->type == JR_VAL_TEXT && size)
		return lq_int(g_utf8_strlen(v->text, v->len));
	if (v->type != JR_VAL_LIST && v->type != JR_VAL_MAP)
		return lq_nil();
	if (size)
		return lq_int(v->len);
	if (v->len == 0 || (!first && !lq_str_is(name, "last")))
		return lq_nil();
	if (v->type == JR_VAL_LIST)
		return lq_data(v->items[first ? 0 : v->len - 1]);
	return first ? lq_pair(run, &v->members[0]) : lq_nil();
}

static LqVal range_command(const LqVal *v, LqText name)
{
	if (lq_str_is(name, "size"))
		return lq_int(lq_range_length(v));
	if (v->from > v->to)
		return lq_nil();
	if (lq_str_is(name, "first"))
		return lq_int(v->from);
	return lq_str_is(name, "last") ? lq_int(v->to) : lq_nil();
}

LqVal lq_pair(LqRun *run, const JrMember *member)
{
	JrVal *items = lq_take_items(run, 2);

	if (!items)
		return lq_nil();
	items[0] = jr_val_text_len(member->key, member->key_len);
	items[1] = member->val;
	return lq_list(items, 2);
}

LqVal lq_member(LqRun *run, const LqVal *v, LqText name)
{
	const JrVal *val;

	switch (v->kind) {
	case LQ_DATA:
		val = get(run, &v->val, name);
		return val ? lq_data(*val) : data_command(run, &v->val, name);
	case LQ_RANGE:
		return range_command(v, name);
	case LQ_LOOP:
		return loop_member(v->loop, name);
	case LQ_EMPTY:
	case LQ_BLANK:
		break;
	}
	return lq_nil();
}

LqVal lq_step(LqRun *run, const LqVal *v, const LqVal *key)
{
	const JrVal *val;
	gint64 at;

	if (lq_is_type(key, JR_VAL_TEXT)) {
		if (v->kind == LQ_LOOP)
			return loop_member(v->loop, lq_val_text(key));
		val = v->kind == LQ_DATA ? get(run, &v->val, lq_val_text(key))
					 : NULL;
		return val ? lq_data(*val) : lq_nil();
	}
	if (!lq_is_type(key, JR_VAL_INT) || !lq_is_type(v, JR_VAL_LIST))
		return lq_nil();
	at = key->val.num < 0 ? key->val.num + v->val.len : key->val.num;
	return at >= 0 && at < v->val.len ? lq_data(v->val.items[at])
					  : lq_nil();
}

/* -------------------------------------------------------------- variables */

/* What the caller's data has under @name. */
static LqVal find_data(LqRun *run, LqText name)
{
	const JrVal *val = get(run, run->with->vars, name);

	if (jr_val_is_null(val))
		val = get(run, run->with->fallback, name);
	return val ? lq_data(*val) : lq_nil();
}

/* The variable that the value of an expression in brackets names. */
static LqVal find_named(LqRun *run, const LqExpr *root)
{
	LqVal name = lq_eval(run, root);
	const LqVal *set;

	if (!lq_is_type(&name, JR_VAL_TEXT))
		return lq_nil();
	set = lq_scope_get(run, lq_symbol_known(run->liquid, name.val.text));
	return set ? *set : find_data(run, lq_val_text(&name));
}

static LqVal step_into(LqRun *run, const LqVal *v, const LqKey *key)
{
	LqVal inner;

	if (!key->expr)
		return lq_member(run, v, key->name);
	inner = lq_eval(run, key->expr);
	return lq_step(run, v, &inner);
}

/* Nothing, or in the data a text with nothing to be seen: both would leave a
 * hole in a message. */
static gboolean is_missing(const LqVal *v)
{
	return lq_is_nil(v) || (lq_is_type(v, JR_VAL_TEXT) && lq_is_blank(v));
}

static LqVal eval_path(LqRun *run, const LqExpr *expr)
{
	const LqVal *set = expr->root ? NULL : lq_scope_get(run, expr->symbol);
	LqVal v = set	       ? *set
		  : expr->root ? find_named(run, expr->root)
			       : find_data(run, expr->name);

	/* What the template itself set is what it wants, unless it carries on
	 * what was missing. */
	if (set && expr->n_keys == 0)
		return v;
	v.missing = NULL;
	for (guint i = 0; i < expr->n_keys; i++)
		v = step_into(run, &v, &expr->keys[i]);
	if (is_missing(&v))
		v.missing = expr;
	return v;
}

static gint64 bound_of(LqRun *run, const LqExpr *expr)
{
	LqVal v = lq_eval(run, expr);
	LqNum num = lq_num_round(lq_to_number(run, &v), 0, LQ_TOWARDS_ZERO);

	if (num.type != LQ_NUM_INT || num.coef > G_MAXINT64)
		return G_MAXINT64;
	return num.coef < G_MININT64 ? G_MININT64 : (gint64)num.coef;
}

LqVal lq_eval(LqRun *run, const LqExpr *expr)
{
	switch (expr->type) {
	case LQ_EXPR_CONST:
		return expr->value;
	case LQ_EXPR_PATH:
		return eval_path(run, expr);
	case LQ_EXPR_RANGE:
		return (LqVal){ .kind = LQ_RANGE,
				.from = bound_of(run, expr->first),
				.to = bound_of(run, expr->last) };
	}
	g_assert_not_reached();
}

LqVal lq_eval_present(LqRun *run, const LqExpr *expr)
{
	LqVal v = lq_eval(run, expr);

	return v.missing && run->with->strict ? lq_fail_missing(run, &v) : v;
}

/* ---------------------------------------------------------------- filters */

static gboolean eval_args(LqRun *run, const LqCall *call, LqArgs *args)
{
	gboolean fills = call->filter->kind == LQ_FILLS;

	for (guint i = 0; i < LQ_MAX_ARGS; i++)
		args->arg[i] = i >= call->n_args ? lq_nil()
			       : fills		 ? lq_eval(run, call->args[i])
				       : lq_eval_present(run, call->args[i]);
	args->named =
		call->named ? lq_eval_present(run, call->named) : lq_nil();
	args->n = call->n_args;
	args->call = call;
	return !run->error;
}

static LqVal apply(LqRun *run, const LqCall *call, LqVal in)
{
	LqArgs args = { .in = in };

	if (in.missing && run->with->strict && !call->covered)
		return lq_fail_missing(run, &in);
	if (call->filter->kind != LQ_FILLS)
		args.in.missing = NULL;
	run->at = call->pos;
	if (!lq_pay(run, 1) || !eval_args(run, call, &args))
		return lq_nil();
	run->at = call->pos;
	run->filter = call->filter;
	return call->filter->run(run, &args);
}

LqVal lq_eval_chain(LqRun *run, const LqChain *chain)
{
	LqVal v;

	if (!chain->in)
		return lq_nil();
	run->at = chain->in->pos;
	v = lq_eval(run, chain->in);
	for (guint i = 0; i < chain->n_calls && !run->error; i++) {
		v = apply(run, &chain->calls[i], v);
		if (!v.missing && lq_is_nil(&v))
			v.missing = chain->in;
	}
	return run->error ? lq_nil() : v;
}

/* ------------------------------------------------------------- conditions */

/* FALSE when the two have no order: then no comparison holds. */
static gboolean compare(LqRun *run, const LqVal *a, const LqVal *b, int *order)
{
	gboolean text_a = lq_is_type(a, JR_VAL_TEXT);
	gboolean text_b = lq_is_type(b, JR_VAL_TEXT);

	if (lq_is_number(a) && lq_is_number(b)) {
		*order = lq_num_cmp(lq_to_number(run, a), lq_to_number(run, b));
		return TRUE;
	}
	if (text_a && text_b) {
		*order = lq_str_cmp(lq_val_text(a), lq_val_text(b));
		return TRUE;
	}
	if ((text_a && lq_is_number(b)) || (text_b && lq_is_number(a)))
		lq_fail(run, "a text and a number have no order: make a number "
			     "of the text first, with assign and `| plus: 0`");
	return FALSE;
}

static gboolean ordered(LqRun *run, LqOp op, const LqVal *a, const LqVal *b)
{
	int order;

	if (!compare(run, a, b, &order))
		return FALSE;
	if (op == LQ_OP_LT)
		return order < 0;
	if (op == LQ_OP_LE)
		return order <= 0;
	return op == LQ_OP_GT ? order > 0 : order >= 0;
}

static gboolean text_contains(LqRun *run, const JrVal *text, const LqVal *b)
{
	LqText part = lq_to_text(run, b);

	return lq_pay_bytes(run, text->len) &&
	       lq_find(text->text, text->text + text->len, part) != NULL;
}

static gboolean range_contains(LqRun *run, const LqVal *a, const LqVal *b)
{
	LqNum n;

	if (!lq_is_number(b))
		return FALSE;
	n = lq_to_number(run, b);
	return lq_num_cmp(n, lq_num_int(a->from)) >= 0 &&
	       lq_num_cmp(n, lq_num_int(a->to)) <= 0;
}

gboolean lq_contains(LqRun *run, const LqVal *a, const LqVal *b)
{
	if (!lq_truthy(a) || !lq_truthy(b))
		return FALSE;
	if (a->kind == LQ_RANGE)
		return range_contains(run, a, b);
	if (lq_is_type(a, JR_VAL_TEXT))
		return text_contains(run, &a->val, b);
	if (lq_is_type(a, JR_VAL_MAP))
		return lq_is_type(b, JR_VAL_TEXT) &&
		       jr_val_get_len(&a->val, b->val.text, b->val.len);
	if (!lq_is_type(a, JR_VAL_LIST) || !lq_pay(run, a->val.len))
		return FALSE;
	for (guint32 i = 0; i < a->val.len; i++) {
		LqVal item = lq_data(a->val.items[i]);

		if (lq_equal(run, &item, b))
			return TRUE;
	}
	return FALSE;
}

static gboolean holds_one(LqRun *run, const LqCond *cond)
{
	LqVal a = lq_eval(run, cond->left), b;

	if (cond->op == LQ_OP_NONE)
		return lq_truthy(&a);
	b = lq_eval(run, cond->right);
	run->at = cond->pos;
	switch (cond->op) {
	case LQ_OP_NONE:
		break;
	case LQ_OP_EQ:
		return lq_equal(run, &a, &b);
	case LQ_OP_NE:
		return !lq_equal(run, &a, &b);
	case LQ_OP_CONTAINS:
		return lq_contains(run, &a, &b);
	case LQ_OP_LT:
	case LQ_OP_LE:
	case LQ_OP_GT:
	case LQ_OP_GE:
		return ordered(run, cond->op, &a, &b);
	}
	g_assert_not_reached();
}

gboolean lq_holds(LqRun *run, const LqCond *cond)
{
	for (;; cond = cond->next) {
		gboolean yes = lq_pay(run, 1) && holds_one(run, cond);

		if (run->error || cond->join == LQ_END)
			return yes && !run->error;
		if (cond->join == (yes ? LQ_OR : LQ_AND))
			return yes;
	}
}
