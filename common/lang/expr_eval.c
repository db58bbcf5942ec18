#include "base/error.h"
#include "lang/expr_run.h"

#include <string.h>

/* Turns of the clock that are looked through for one that matters. */
#define AHEAD_STEPS 64

typedef gboolean (*EvalFn)(ExprRun *run, const ExprNode *node, ExprValue *out);

gboolean expr_refuse(ExprRun *run, const ExprNode *node)
{
	g_autofree char *shown =
		expr_quote(run->expr->text, node->offset, node->bytes);
	guint line, column;

	g_set_error(run->error, JR_ERROR, JR_ERROR_CONFIG,
		    "'%s' cannot be asked here: leave it out", shown);
	expr_place(run->expr, node->offset, &line, &column);
	jr_error_at(run->error, run->expr->origin.file, line, column);
	return FALSE;
}

/* Leaves */

static gboolean eval_const(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	(void)run;
	*out = node->value;
	return TRUE;
}

static gboolean eval_date(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	if (!expr_to_instant(&node->value, run->facts->zone, out))
		out->kind = EXPR_NULL;
	return TRUE;
}

static gboolean eval_now(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	(void)node;
	*out = expr_instant(run->now_s);
	out->move.slope = 1;
	return TRUE;
}

static const JrVal *step_down(const ExprStep *step, const JrVal *val)
{
	gint64 index = step->index;

	if (step->key)
		return step->dotted ? jr_val_path(val, step->key)
				    : jr_val_get(val, step->key);
	if (!val || val->type != JR_VAL_LIST)
		return NULL;
	index += index < 0 ? val->len : 0;
	return index >= 0 && index < val->len ? &val->items[index] : NULL;
}

const JrVal *expr_path_find(const ExprPath *path, const JrVal *root)
{
	for (guint i = 0; i < path->n_steps && root; i++)
		root = step_down(&path->steps[i], root);
	return root;
}

static const JrVal *root_of(const ExprRun *run, const ExprNode *node)
{
	const JrFacts *facts = run->facts;

	if (node->per_event && run->event)
		return run->event->data;
	switch (node->path.root) {
	case ROOT_CUSTOMER:
		return facts->person;
	case ROOT_EVENT:
		return facts->event;
	case ROOT_TRIGGER:
		return facts->trigger ? facts->trigger : facts->event;
	}
	g_assert_not_reached();
}

/* A person's id is theirs by that name, unless an attribute has it. */
static gboolean is_id(const ExprRun *run, const ExprNode *node)
{
	const ExprPath *path = &node->path;

	return path->root == ROOT_CUSTOMER && path->n_steps == 1 &&
	       !(node->per_event && run->event) &&
	       g_strcmp0(path->steps[0].key, "id") == 0;
}

static gboolean eval_path(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	const JrVal *val = expr_path_find(&node->path, root_of(run, node));
	JrVal id;

	if (!val && run->facts->person_id && is_id(run, node)) {
		id = jr_val_text(run->facts->person_id);
		val = &id;
	}
	*out = expr_value_of(val);
	return TRUE;
}

static gboolean eval_when(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	const JrFacts *facts = run->facts;
	gint64 at_s = facts->event_at_s;

	if (node->per_event && run->event)
		at_s = run->event->at_s;
	else if (node->root == ROOT_TRIGGER && facts->trigger)
		at_s = facts->trigger_at_s;
	*out = at_s ? expr_instant(at_s) : (ExprValue){ .kind = EXPR_NULL };
	return TRUE;
}

/* Conditions */

/*
 * Operands of "and" (@decides is FALSE) or "or" (TRUE).  As long as the one
 * that decided stays as it is, the others do not matter: only its own next
 * change does.
 */
static gboolean eval_chain(ExprRun *run, const ExprNode *node, gboolean decides,
			   ExprValue *out)
{
	gint64 before = run->next_s;
	ExprValue value;

	for (guint i = 0; i < node->n_kids; i++) {
		gint64 others = run->next_s;

		run->next_s = G_MAXINT64;
		if (!expr_eval(run, node->kids[i], &value))
			return FALSE;
		if (expr_truth(&value) == decides) {
			run->next_s = MIN(run->next_s, before);
			*out = expr_bool(decides);
			return TRUE;
		}
		run->next_s = MIN(run->next_s, others);
	}
	*out = expr_bool(!decides);
	return TRUE;
}

static gboolean eval_and(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	return eval_chain(run, node, FALSE, out);
}

static gboolean eval_or(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	return eval_chain(run, node, TRUE, out);
}

static gboolean eval_not(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	ExprValue value;

	if (!expr_eval(run, node->kids[0], &value))
		return FALSE;
	*out = expr_bool(!expr_truth(&value));
	return TRUE;
}

static gboolean eval_has(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	ExprValue value;

	if (!expr_eval(run, node->kids[0], &value))
		return FALSE;
	*out = expr_bool(expr_is_there(&value));
	return TRUE;
}

/* Comparisons */

static gboolean eval_pair(ExprRun *run, const ExprNode *node, ExprValue *a,
			  ExprValue *b)
{
	return expr_eval(run, node->kids[0], a) &&
	       expr_eval(run, node->kids[1], b);
}

static gboolean eval_compare(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	ExprValue a, b;
	guint found;

	if (!eval_pair(run, node, &a, &b))
		return FALSE;
	if (node->fold)
		found = expr_equal(run, &a, &b, TRUE) ? EXPR_EQUAL
						      : EXPR_UNLIKE;
	else
		found = expr_relate(run, &a, &b, node->as_time, node->relation);
	*out = expr_bool((node->relation & found) != 0);
	return TRUE;
}

static gboolean eval_match(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	ExprValue a, b;

	if (!eval_pair(run, node, &a, &b))
		return FALSE;
	*out = expr_bool(expr_match(run, node->match, &a, &b, node->fold));
	return TRUE;
}

static gboolean eval_in(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	const ExprMatch *contains = expr_match_find("contains");
	ExprValue a, b;

	*out = expr_bool(FALSE);
	if (!expr_eval(run, node->kids[0], &a))
		return FALSE;
	for (guint i = 1; i < node->n_kids && !out->yes; i++) {
		if (!expr_eval(run, node->kids[i], &b))
			return FALSE;
		if (node->listed)
			out->yes = expr_equal(run, &a, &b, node->fold);
		else
			out->yes =
				b.kind == EXPR_TREE &&
				expr_match(run, contains, &b, &a, node->fold);
	}
	return TRUE;
}

/*
 * "within last" holds from the time itself until the span after it is over,
 * "within next" as long as that before it, until the time itself.
 */
static gboolean eval_within(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	const JrSpan back = expr_span_negate(&node->span);
	ExprValue at, from, until;

	*out = expr_bool(FALSE);
	if (!expr_eval(run, node->kids[0], &at))
		return FALSE;
	if (!expr_to_instant(&at, run->facts->zone, &at))
		return TRUE;
	at = expr_still(run, &at);
	from = until = at;
	if (node->next ? !expr_shift(run, &at, &back, &from)
		       : !expr_shift(run, &at, &node->span, &until))
		return TRUE;
	out->yes = from.num <= run->now_s && run->now_s < until.num;
	if (from.num > run->now_s)
		expr_lower(run, from.num);
	if (until.num > run->now_s)
		expr_lower(run, until.num);
	return TRUE;
}

/* Values */

static gboolean eval_arith(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	ExprValue a, b;

	if (!eval_pair(run, node, &a, &b))
		return FALSE;
	if (!node->arith->apply(run, &a, &b, out))
		*out = (ExprValue){ .kind = EXPR_NULL };
	return TRUE;
}

static gboolean eval_negate(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	ExprValue value;

	if (!expr_eval(run, node->kids[0], &value))
		return FALSE;
	*out = expr_negate(&value);
	return TRUE;
}

static gboolean eval_call(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	ExprValue in;

	if (!expr_eval(run, node->kids[0], &in))
		return FALSE;
	if (!node->function->apply(run, &in, out))
		*out = (ExprValue){ .kind = EXPR_NULL };
	return TRUE;
}

static gboolean eval_ask(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	return node->ask->ask(run, node, out);
}

static const EvalFn evals[NODE_LAST + 1] = {
	[NODE_CONST] = eval_const,   [NODE_DATE] = eval_date,
	[NODE_NOW] = eval_now,	     [NODE_PATH] = eval_path,
	[NODE_WHEN] = eval_when,     [NODE_AND] = eval_and,
	[NODE_OR] = eval_or,	     [NODE_NOT] = eval_not,
	[NODE_HAS] = eval_has,	     [NODE_COMPARE] = eval_compare,
	[NODE_MATCH] = eval_match,   [NODE_IN] = eval_in,
	[NODE_WITHIN] = eval_within, [NODE_ARITH] = eval_arith,
	[NODE_NEGATE] = eval_negate, [NODE_CALL] = eval_call,
	[NODE_ASK] = eval_ask,	     [NODE_SELECT] = expr_query,
};

/*
 * @out holds now.  Go on from each instant at which it might change to the
 * next, until it does: the clock strikes each hour, but "hour(now) >= 9" turns
 * twice a day.
 */
static gboolean look_ahead(ExprRun *run, const ExprNode *node,
			   const ExprValue *out)
{
	gint64 now_s = run->now_s;
	ExprValue later;
	gboolean ok = TRUE;

	for (guint i = 0; i < AHEAD_STEPS && run->next_s != G_MAXINT64; i++) {
		gint64 at_s = run->next_s;

		run->now_s = at_s;
		run->next_s = G_MAXINT64;
		ok = evals[node->kind](run, node, &later);
		if (!ok || expr_truth(&later) != expr_truth(out)) {
			run->next_s = at_s;
			break;
		}
	}
	run->now_s = now_s;
	return ok;
}

static void note(ExprRun *run, const ExprNode *node, const ExprValue *out)
{
	GString *json = g_string_new(NULL);

	expr_value_write(out, json);
	g_free(run->trace->pdata[node->id]);
	run->trace->pdata[node->id] = g_string_free(json, FALSE);
}

gboolean expr_eval(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	gint64 before = run->next_s;

	if (node->tighten && run->ahead) {
		run->next_s = G_MAXINT64;
		if (!evals[node->kind](run, node, out) ||
		    !look_ahead(run, node, out))
			return FALSE;
		run->next_s = MIN(run->next_s, before);
	} else if (!evals[node->kind](run, node, out)) {
		return FALSE;
	}
	if (run->trace && !run->event)
		note(run, node, out);
	return TRUE;
}
