/* liquid_expr.c - values, filters and conditions, as parsed from tokens. */
#include "base/suggest.h"
#include "lang/liquid_impl.h"

#include <string.h>

/* ----------------------------------------------------------- what is wrong */

gboolean lq_expected(LqParser *p, const char *what)
{
	LqPos pos = lq_pos(p, p->lex.start);
	int len = (int)MIN(p->lex.stop - p->lex.start, 40);

	if (p->lex.type == LQ_T_BAD)
		return lq_bad(p, pos, "%s", p->lex.why);
	if (p->lex.type == LQ_T_END)
		return lq_bad(p, pos, "expected %s, but here it ends", what);
	return lq_bad(p, pos, "expected %s, found '%.*s'", what, len,
		      p->lex.start);
}

gboolean lq_parse_end(LqParser *p)
{
	return p->lex.type == LQ_T_END || lq_expected(p, "nothing more");
}

gboolean lq_parse_punct(LqParser *p, char punct)
{
	char what[] = { '\'', punct, '\'', '\0' };

	if (!lq_lex_is(&p->lex, punct))
		return lq_expected(p, what);
	lq_lex_next(&p->lex);
	return TRUE;
}

/* ------------------------------------------------------------ literals */

static LqExpr *new_expr(LqParser *p, LqExprType type)
{
	LqExpr *expr = lq_parse_new(p, sizeof *expr);

	expr->type = type;
	expr->pos = lq_pos(p, p->lex.start);
	expr->snippet = p->snippet;
	return expr;
}

static const char *source_of_token(LqParser *p)
{
	return lq_parse_copy(
		p,
		(LqText){ p->lex.start, (gsize)(p->lex.stop - p->lex.start) });
}

static LqExpr *parse_number(LqParser *p)
{
	LqExpr *expr = new_expr(p, LQ_EXPR_CONST);
	gint64 num;

	expr->text = source_of_token(p);
	if (g_ascii_string_to_signed(expr->text, 10, G_MININT64, G_MAXINT64,
				     &num, NULL))
		expr->value = lq_int(num);
	else
		expr->value = lq_real(g_ascii_strtod(expr->text, NULL));
	lq_lex_next(&p->lex);
	return expr;
}

static LqExpr *parse_string(LqParser *p)
{
	LqExpr *expr = new_expr(p, LQ_EXPR_CONST);
	const char *text = lq_parse_copy(p, p->lex.token);

	expr->text = source_of_token(p);
	expr->value = lq_data(jr_val_text_len(text, p->lex.token.len));
	lq_lex_next(&p->lex);
	return expr;
}

/* The value of a word that is no name; FALSE when @word is one. */
static gboolean literal(const char *word, LqVal *value)
{
	if (g_str_equal(word, "nil") || g_str_equal(word, "null"))
		*value = lq_nil();
	else if (g_str_equal(word, "true"))
		*value = lq_bool(TRUE);
	else if (g_str_equal(word, "false"))
		*value = lq_bool(FALSE);
	else if (g_str_equal(word, "blank") || g_str_equal(word, "empty"))
		*value = lq_text_val("");
	else
		return FALSE;
	return TRUE;
}

/* --------------------------------------------------------------- paths */

static const LqExpr *parse_bracket(LqParser *p)
{
	const LqExpr *expr;

	lq_lex_next(&p->lex);
	expr = lq_parse_expr(p);
	return expr && lq_parse_punct(p, ']') ? expr : NULL;
}

/* One .name or [expression] of a path; its source at the end of @text. */
static gboolean parse_key(LqParser *p, GArray *keys, GString *text)
{
	LqKey key = { 0 };

	if (lq_lex_is(&p->lex, '[')) {
		key.expr = parse_bracket(p);
		if (!key.expr)
			return FALSE;
		g_string_append_printf(text, "[%s]", key.expr->text);
	} else {
		lq_lex_next(&p->lex);
		if (p->lex.type == LQ_T_NUMBER)
			return lq_expected(p, "a name; write list[0] for the "
					      "first of a list");
		if (p->lex.type != LQ_T_ID)
			return lq_expected(p, "a name after the dot");
		key.name.str = lq_parse_copy(p, p->lex.token);
		key.name.len = p->lex.token.len;
		g_string_append_printf(text, ".%s", key.name.str);
		lq_lex_next(&p->lex);
	}
	g_array_append_val(keys, key);
	return TRUE;
}

/* What follows the root of @expr, whose source is in @text. */
static gboolean parse_keys(LqParser *p, LqExpr *expr, GString *text)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(LqKey));

	while (lq_lex_is(&p->lex, '.') || lq_lex_is(&p->lex, '['))
		if (!parse_key(p, keys, text))
			return FALSE;
	expr->n_keys = keys->len;
	if (keys->len > 0) {
		expr->keys = lq_parse_new(p, keys->len * sizeof(LqKey));
		memcpy(expr->keys, keys->data, keys->len * sizeof(LqKey));
	}
	expr->text = lq_parse_copy(p, (LqText){ text->str, text->len });
	return TRUE;
}

static LqExpr *parse_path(LqParser *p)
{
	LqExpr *expr = new_expr(p, LQ_EXPR_PATH);
	g_autoptr(GString) text = g_string_new(NULL);
	LqVal value;

	if (lq_lex_is(&p->lex, '[')) {
		expr->root = parse_bracket(p);
		if (!expr->root)
			return NULL;
		g_string_append_printf(text, "[%s]", expr->root->text);
	} else {
		expr->name.str = lq_parse_copy(p, p->lex.token);
		expr->name.len = p->lex.token.len;
		g_string_append(text, expr->name.str);
		lq_lex_next(&p->lex);
		if (!lq_lex_is(&p->lex, '.') && !lq_lex_is(&p->lex, '[') &&
		    literal(expr->name.str, &value)) {
			expr->type = LQ_EXPR_CONST;
			expr->text = expr->name.str;
			expr->value = value;
			return expr;
		}
		expr->symbol = lq_symbol(p->liquid, expr->name.str);
	}
	return parse_keys(p, expr, text) ? expr : NULL;
}

static LqExpr *parse_range(LqParser *p)
{
	LqExpr *expr = new_expr(p, LQ_EXPR_RANGE);
	g_autofree char *text = NULL;

	lq_lex_next(&p->lex);
	expr->first = lq_parse_expr(p);
	if (!expr->first)
		return NULL;
	if (p->lex.type != LQ_T_DOTDOT) {
		lq_expected(p, "'..', as in (1..5): brackets hold only ranges");
		return NULL;
	}
	lq_lex_next(&p->lex);
	expr->last = lq_parse_expr(p);
	if (!expr->last || !lq_parse_punct(p, ')'))
		return NULL;
	text = g_strdup_printf("(%s..%s)", expr->first->text, expr->last->text);
	expr->text = lq_parse_copy(p, lq_str(text));
	return expr;
}

static LqExpr *parse_any(LqParser *p)
{
	if (p->lex.type == LQ_T_NUMBER)
		return parse_number(p);
	if (p->lex.type == LQ_T_STRING)
		return parse_string(p);
	if (p->lex.type == LQ_T_ID || lq_lex_is(&p->lex, '['))
		return parse_path(p);
	if (lq_lex_is(&p->lex, '('))
		return parse_range(p);
	lq_expected(p, "a name, a number or a text in quotes");
	return NULL;
}

const LqExpr *lq_parse_expr(LqParser *p)
{
	LqExpr *expr;

	if (p->parens >= JR_LIQUID_MAX_DEPTH) {
		lq_bad(p, lq_pos(p, p->lex.start),
		       "brackets nested deeper than %d", JR_LIQUID_MAX_DEPTH);
		return NULL;
	}
	p->parens++;
	expr = parse_any(p);
	p->parens--;
	return expr;
}

const LqExpr *lq_parse_operand(LqParser *p)
{
	gboolean empty = lq_lex_word(&p->lex, "empty");
	gboolean blank = lq_lex_word(&p->lex, "blank");
	LqExpr *expr = (LqExpr *)lq_parse_expr(p);

	if (expr && expr->type == LQ_EXPR_CONST && (empty || blank))
		expr->value.kind = empty ? LQ_EMPTY : LQ_BLANK;
	return expr;
}

/* ---------------------------------------------------------- conditions */

static LqOp take_op(LqParser *p)
{
	static const struct {
		const char *text;
		LqOp op;
	} ops[] = {
		{ "==", LQ_OP_EQ }, { "!=", LQ_OP_NE },
		{ "<>", LQ_OP_NE }, { "<", LQ_OP_LT },
		{ "<=", LQ_OP_LE }, { ">", LQ_OP_GT },
		{ ">=", LQ_OP_GE }, { "contains", LQ_OP_CONTAINS },
	};

	if (p->lex.type != LQ_T_COMPARE)
		return LQ_OP_NONE;
	for (guint i = 0; i < G_N_ELEMENTS(ops); i++) {
		if (lq_str_is(p->lex.token, ops[i].text)) {
			lq_lex_next(&p->lex);
			return ops[i].op;
		}
	}
	g_assert_not_reached();
}

static LqJoin take_join(LqParser *p)
{
	LqJoin join = lq_lex_word(&p->lex, "and")  ? LQ_AND
		      : lq_lex_word(&p->lex, "or") ? LQ_OR
						   : LQ_END;

	if (join != LQ_END)
		lq_lex_next(&p->lex);
	return join;
}

static LqCond *parse_comparison(LqParser *p)
{
	LqCond *cond = lq_parse_new(p, sizeof *cond);

	cond->pos = lq_pos(p, p->lex.start);
	cond->left = lq_parse_operand(p);
	if (!cond->left)
		return NULL;
	if (lq_lex_is(&p->lex, '=')) {
		lq_bad(p, lq_pos(p, p->lex.start),
		       "'=' sets a variable: write '==' to compare");
		return NULL;
	}
	cond->op = take_op(p);
	if (cond->op != LQ_OP_NONE && !(cond->right = lq_parse_operand(p)))
		return NULL;
	cond->join = take_join(p);
	return cond;
}

static gboolean cond_ends(LqParser *p)
{
	return p->lex.type == LQ_T_END ||
	       lq_expected(p, "a comparison (== != < <= > >= contains), 'and', "
			      "'or' or the end");
}

const LqCond *lq_parse_cond(LqParser *p)
{
	LqCond *first = parse_comparison(p);

	for (LqCond *c = first; c && c->join != LQ_END; c = (LqCond *)c->next) {
		c->next = parse_comparison(p);
		if (!c->next)
			return NULL;
	}
	return first && cond_ends(p) ? first : NULL;
}

/* ------------------------------------------------------------- filters */

/* Parse what stands in the text in hand, with @parse. */
static gboolean within_string(LqParser *p, LqCall *call)
{
	LqLex outer = p->lex;
	gboolean ok;

	lq_lex_init(&p->lex, outer.token);
	if (call->filter->kind == LQ_TAKES_CHAIN) {
		LqChain *chain = lq_parse_new(p, sizeof *chain);

		ok = lq_parse_chain(p, chain);
		call->chain = chain;
	} else {
		call->cond = lq_parse_cond(p);
		ok = call->cond != NULL;
	}
	p->lex = outer;
	return ok;
}

/*
 * The argument in hand of where_exp and its like.  Both are parsed with the
 * template, so they must be written in it: data is never executed.
 */
static gboolean parse_within(LqParser *p, LqCall *call)
{
	if (p->lex.type != LQ_T_STRING)
		return lq_expected(p, "a text in quotes, as in "
				      "'item', 'item.price > 3'");
	if (call->n_args == 0) {

		call->item =
			lq_symbol(p->liquid, lq_parse_copy(p, p->lex.token));
	} else if (call->n_args == 1 && !within_string(p, call)) {
		return FALSE;
	}
	call->args[call->n_args++] = parse_string(p);
	return TRUE;
}

static gboolean parse_named_arg(LqParser *p, LqCall *call)
{
	LqPos pos = lq_pos(p, p->lex.start);

	if (!call->filter->named)
		return lq_bad(p, pos, "'%s' has no argument with a name",
			      call->filter->name);
	if (!lq_lex_word(&p->lex, call->filter->named))
		return lq_bad(p, pos,
			      "'%s' has no argument of this name: "
			      "write '%s'",
			      call->filter->name, call->filter->named);
	lq_lex_next(&p->lex);
	lq_lex_next(&p->lex);
	call->named = lq_parse_expr(p);
	return call->named != NULL;
}

static gboolean parse_arg(LqParser *p, LqCall *call)
{
	const LqExpr *arg;

	if (p->lex.type == LQ_T_ID && lq_lex_ahead(&p->lex) == ':')
		return parse_named_arg(p, call);
	if (call->n_args == LQ_MAX_ARGS)
		return lq_bad(p, lq_pos(p, p->lex.start),
			      "more than %d arguments", LQ_MAX_ARGS);
	if (call->filter->kind >= LQ_TAKES_COND && call->n_args < 2)
		return parse_within(p, call);
	arg = lq_parse_expr(p);
	call->args[call->n_args++] = arg;
	return arg != NULL;
}

static gboolean parse_args(LqParser *p, LqCall *call)
{
	if (!lq_lex_is(&p->lex, ':'))
		return TRUE;
	do {
		lq_lex_next(&p->lex);
		if (!parse_arg(p, call))
			return FALSE;
	} while (lq_lex_is(&p->lex, ','));
	return TRUE;
}

static gboolean check_count(LqParser *p, const LqCall *call)
{
	const LqFilter *f = call->filter;

	if (call->n_args >= f->min && call->n_args <= f->max)
		return TRUE;
	if (f->min == f->max)
		return lq_bad(p, call->pos, "'%s' takes %u argument%s, not %u",
			      f->name, f->min, f->min == 1 ? "" : "s",
			      call->n_args);
	return lq_bad(p, call->pos, "'%s' takes %u to %u arguments, not %u",
		      f->name, f->min, f->max, call->n_args);
}

static gboolean unknown_filter(LqParser *p)
{
	g_autofree char *name = g_strndup(p->lex.token.str, p->lex.token.len);
	g_autofree const char **known = lq_filter_names();
	const char *near = jr_suggest(name, known);

	return lq_bad(p, lq_pos(p, p->lex.start), "unknown filter '%s'%s%s%s",
		      name, near ? ": write '" : ": see jr-liquid(7) for all",
		      near ? near : "", near ? "'" : "");
}

/* One | name: arguments; the token in hand is the name. */
static gboolean parse_call(LqParser *p, LqCall *call)
{
	*call = (LqCall){ .pos = lq_pos(p, p->lex.start) };
	if (p->lex.type != LQ_T_ID && p->lex.type != LQ_T_COMPARE)
		return lq_expected(p, "the name of a filter");
	call->filter = lq_filter_find(p->lex.token);
	if (!call->filter)
		return unknown_filter(p);
	lq_lex_next(&p->lex);
	return parse_args(p, call) && check_count(p, call);
}

static gboolean parse_calls(LqParser *p, LqChain *chain)
{
	g_autoptr(GArray) calls = g_array_new(FALSE, FALSE, sizeof(LqCall));

	while (lq_lex_is(&p->lex, '|')) {
		LqCall call;

		lq_lex_next(&p->lex);
		if (!parse_call(p, &call))
			return FALSE;
		chain->has_default |= call.filter->kind == LQ_FILLS;
		g_array_append_val(calls, call);
	}
	chain->n_calls = calls->len;
	chain->calls = lq_parse_new(p, calls->len * sizeof(LqCall));
	if (calls->len > 0)
		memcpy(chain->calls, calls->data, calls->len * sizeof(LqCall));
	for (guint i = chain->n_calls, covered = FALSE; i-- > 0;) {
		covered |= chain->calls[i].filter->kind == LQ_FILLS;
		chain->calls[i].covered = (gboolean)covered;
	}
	return p->lex.type == LQ_T_END || lq_expected(p, "'|' or the end");
}

gboolean lq_parse_chain(LqParser *p, LqChain *chain)
{
	*chain = (LqChain){ 0 };
	if (p->lex.type == LQ_T_END)
		return TRUE;
	chain->in = lq_parse_expr(p);
	return chain->in && parse_calls(p, chain);
}

/* ------------------------------------------------- names and arguments */

gboolean lq_parse_target(LqParser *p, guint *symbol, const char **name)
{
	LqText token = p->lex.token;

	/* Ruby lets one assign to a number too; nothing can read it. */
	if (p->lex.type != LQ_T_ID && p->lex.type != LQ_T_NUMBER)
		return lq_expected(p, "the name of a variable");
	*name = lq_parse_copy(p, token);
	*symbol = lq_symbol(p->liquid, *name);
	lq_lex_next(&p->lex);
	return TRUE;
}

gboolean lq_parse_named(LqParser *p, LqNamed **named, guint *n)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(LqNamed));

	while (p->lex.type != LQ_T_END) {
		LqNamed one = { 0 };

		if (lq_lex_is(&p->lex, ','))
			lq_lex_next(&p->lex);
		if (p->lex.type != LQ_T_ID)
			return lq_expected(p, "an argument, as in name: value");
		lq_parse_target(p, &one.symbol, &one.name);
		if (!lq_parse_punct(p, ':') || !(one.expr = lq_parse_expr(p)))
			return FALSE;
		g_array_append_val(all, one);
	}
	*n = all->len;
	*named = lq_parse_new(p, all->len * sizeof(LqNamed));
	if (all->len > 0)
		memcpy(*named, all->data, all->len * sizeof(LqNamed));
	return TRUE;
}
