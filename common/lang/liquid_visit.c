/* liquid_visit.c - which variables a template asks for. */
#include "lang/liquid_impl.h"

/* Whether every step of @expr is known before it is rendered. */
static gboolean is_constant(const LqExpr *expr)
{
	if (expr->root)
		return FALSE;
	for (guint i = 0; i < expr->n_keys; i++) {
		const LqExpr *key = expr->keys[i].expr;

		if (key && !(key->type == LQ_EXPR_CONST &&
			     lq_is_type(&key->value, JR_VAL_TEXT)))
			return FALSE;
	}
	return TRUE;
}

/* "customer.address.city"; words that are commands end it: list.size. */
static char *path_of(const LqExpr *expr)
{
	GString *path = g_string_new(expr->name.str);

	for (guint i = 0; i < expr->n_keys; i++) {
		const LqKey *key = &expr->keys[i];

		g_string_append_printf(path, ".%s",
				       key->expr ? key->expr->value.val.text
						 : key->name.str);
	}
	return g_string_free(path, FALSE);
}

static void visit_path(LqVisit *visit, const LqExpr *expr, gboolean may_miss)
{
	g_autofree char *path = NULL;
	const LqPos *pos;

	if (expr->root)
		lq_visit_expr(visit, expr->root, FALSE);
	for (guint i = 0; i < expr->n_keys; i++)
		if (expr->keys[i].expr)
			lq_visit_expr(visit, expr->keys[i].expr, TRUE);
	if (visit->naming || !is_constant(expr) ||
	    g_hash_table_contains(visit->bound, GUINT_TO_POINTER(expr->symbol)))
		return;
	path = path_of(expr);
	pos = visit->within ? visit->within : &expr->pos;
	visit->each(visit->user, path, may_miss, pos->line, pos->column);
}

void lq_visit_expr(LqVisit *visit, const LqExpr *expr, gboolean may_miss)
{
	switch (expr->type) {
	case LQ_EXPR_CONST:
		break;
	case LQ_EXPR_PATH:
		visit_path(visit, expr, may_miss);
		break;
	case LQ_EXPR_RANGE:
		lq_visit_expr(visit, expr->first, TRUE);
		lq_visit_expr(visit, expr->last, TRUE);
		break;
	}
}

void lq_visit_cond(LqVisit *visit, const LqCond *cond)
{
	for (; cond; cond = cond->next) {
		lq_visit_expr(visit, cond->left, TRUE);
		if (cond->right)
			lq_visit_expr(visit, cond->right, TRUE);
	}
}

static void visit_call(LqVisit *visit, const LqCall *call)
{
	gboolean fills = call->filter->kind == LQ_FILLS;

	if (call->cond || call->chain)
		lq_visit_bound(visit, call->item);
	for (guint i = 0; i < call->n_args; i++)
		lq_visit_expr(visit, call->args[i], fills);
	if (call->named)
		lq_visit_expr(visit, call->named, FALSE);
	lq_visit_cond(visit, call->cond);
	if (call->chain)
		lq_visit_chain(visit, call->chain);
}

void lq_visit_chain(LqVisit *visit, const LqChain *chain)
{
	if (!chain->in)
		return;
	lq_visit_expr(visit, chain->in, chain->has_default);
	for (guint i = 0; i < chain->n_calls; i++)
		visit_call(visit, &chain->calls[i]);
}

void lq_visit_bound(LqVisit *visit, guint symbol)
{
	if (visit->naming)
		g_hash_table_add(visit->bound, GUINT_TO_POINTER(symbol));
}

void lq_visit_block(LqVisit *visit, const LqBlock *block)
{
	for (guint i = 0; i < block->n; i++)
		if (block->nodes[i].tag->visit)
			block->nodes[i].tag->visit(visit, &block->nodes[i]);
}

void lq_visit_whole(LqVisit *visit, const LqTemplate *template)
{
	visit->seen = g_hash_table_new(NULL, NULL);
	visit->naming = TRUE;
	lq_visit_block(visit, &template->body);
	g_hash_table_remove_all(visit->seen);
	visit->naming = FALSE;
	lq_visit_block(visit, &template->body);
	g_hash_table_unref(visit->seen);
}

void jr_liquid_visit(const JrLiquid *liquid, JrLiquidVarFn each, gpointer user)
{
	g_autoptr(GHashTable) bound = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) rendered = g_hash_table_new(NULL, NULL);
	LqVisit visit = {
		.each = each, .user = user, .bound = bound, .rendered = rendered
	};

	lq_visit_whole(&visit, liquid->main);
}
