#include "lang/expr_parser.h"

#include <string.h>

typedef struct Operator Operator;

struct Operator {
	const char *word;
	const char *second; /* the word that must follow, or NULL */
	const ExprNode *(*parse)(ExprParser *p, const ExprNode *left,
				 const Operator *op);
	guint relation;
	gboolean as_time;
};

gpointer expr_take(ExprParser *p, gsize size)
{
	gpointer piece = jr_arena_take(p->arena, size);

	/* The arena is larger than anything JR_EXPR_MAX_BYTES can become. */
	g_assert(piece);
	return memset(piece, 0, size);
}

gpointer expr_keep(ExprParser *p, const void *data, gsize size)
{
	char *copy = expr_take(p, size + 1);

	return size > 0 ? memcpy(copy, data, size) : copy;
}

gpointer expr_too_deep(ExprParser *p, gsize offset)
{
	return expr_fail(p, offset,
			 "nested more than %d deep: make it a segment of its "
			 "own and ask in_segment(\"...\")",
			 JR_EXPR_MAX_DEPTH);
}

ExprNode *expr_node(ExprParser *p, ExprNodeKind kind, gsize from,
		    const GPtrArray *kids)
{
	ExprNode *node = expr_take(p, sizeof *node);

	node->kind = kind;
	node->offset = (guint32)from;
	node->bytes = (guint32)(p->end - from);
	node->id = p->n_nodes++;
	node->kinds = EXPR_IS(EXPR_BOOL);
	node->n_kids = kids ? kids->len : 0;
	if (node->n_kids > 0)
		node->kids = expr_take(p, kids->len * sizeof *node->kids);
	for (guint i = 0; i < node->n_kids; i++) {
		const ExprNode *kid = kids->pdata[i];

		node->kids[i] = kid;
		node->flags |= kid->flags;
		node->depth = MAX(node->depth, kid->depth + 1);
	}
	return node->depth < JR_EXPR_MAX_DEPTH ? node : expr_too_deep(p, from);
}

ExprNode *expr_node2(ExprParser *p, ExprNodeKind kind, gsize from,
		     const ExprNode *a, const ExprNode *b)
{
	g_autoptr(GPtrArray) kids = g_ptr_array_new();

	g_ptr_array_add(kids, (gpointer)a);
	if (b)
		g_ptr_array_add(kids, (gpointer)b);
	return expr_node(p, kind, from, kids);
}

/* Comparisons */

static gboolean parse_fold(ExprParser *p)
{
	return expr_at(p, "ignoring") && expr_accept(p, "ignoring") &&
	       expr_expect(p, "case");
}

/* How many decide about "count(...) OP number": with more, nothing changes. */
static void set_enough(const ExprNode *left, const ExprNode *right,
		       guint relation)
{
	gboolean up_to = relation == (EXPR_GREATER | EXPR_EQUAL) ||
			 relation == EXPR_LESS;

	if (left->kind == NODE_SELECT && left->select->aggregate->counts &&
	    right->kind == NODE_CONST && right->value.kind == EXPR_INT &&
	    right->value.num >= up_to && right->value.num < G_MAXINT64)
		left->select->enough = right->value.num + !up_to;
}

static const ExprNode *parse_compare(ExprParser *p, const ExprNode *left,
				     const Operator *op)
{
	const ExprNode *right;
	ExprNode *node;

	expr_advance(p);
	right = expr_parse_value(p);
	if (!right)
		return NULL;
	node = expr_node2(p, NODE_COMPARE, left->offset, left, right);
	if (!node)
		return NULL;
	node->relation = op->relation;
	node->as_time = op->as_time;
	if (!expr_check_compare(p, node))
		return NULL;
	set_enough(left, right, op->relation);
	if (!expr_at(p, "ignoring"))
		return node;
	if (!(op->relation & (EXPR_SAME | EXPR_UNLIKE)))
		return expr_unexpected(p, "an order minds case always");
	node->fold = parse_fold(p);
	node->bytes = (guint32)(p->end - node->offset);
	return node;
}

static const ExprNode *parse_match(ExprParser *p, const ExprNode *left,
				   const Operator *op)
{
	const ExprNode *right;
	ExprNode *node;

	expr_advance(p);
	right = expr_parse_value(p);
	node = right ? expr_node2(p, NODE_MATCH, left->offset, left, right)
		     : NULL;
	if (!node)
		return NULL;
	node->match = expr_match_find(op->word);
	if (!expr_check_match(p, node))
		return NULL;
	node->fold = parse_fold(p);
	node->bytes = (guint32)(p->end - node->offset);
	return node;
}

/* The items of a list, written out, after @left. */
static gboolean parse_items(ExprParser *p, GPtrArray *kids)
{
	if (expr_at(p, "]"))
		expr_unexpected(p, "nothing is in an empty list");
	do {
		const ExprNode *item = expr_parse_value(p);

		if (!item)
			return FALSE;
		if (kids->len > JR_EXPR_MAX_LIST) {
			expr_fail(p, item->offset,
				  "more than %d items: make them a segment",
				  JR_EXPR_MAX_LIST);
			return FALSE;
		}
		g_ptr_array_add(kids, (gpointer)item);
	} while (expr_accept(p, ","));
	return expr_expect(p, "]");
}

static ExprNode *in_node(ExprParser *p, const ExprNode *left)
{
	g_autoptr(GPtrArray) kids = g_ptr_array_new();
	gboolean listed;
	const ExprNode *list = NULL;
	ExprNode *node;

	if (expr_at(p, "("))
		return expr_unexpected(p, "write a list in brackets, as in "
					  "'in [\"free\", \"pro\"]'");
	g_ptr_array_add(kids, (gpointer)left);
	listed = expr_accept(p, "[");
	if (listed && !parse_items(p, kids))
		return NULL;
	list = listed ? NULL : expr_parse_value(p);
	if (list)
		g_ptr_array_add(kids, (gpointer)list);
	else if (!listed)
		return NULL;
	node = expr_node(p, NODE_IN, left->offset, kids);
	if (!node)
		return NULL;
	node->listed = listed;
	node->relation = EXPR_EQUAL | EXPR_SAME;
	return node;
}

static const ExprNode *parse_in(ExprParser *p, const ExprNode *left,
				const Operator *op)
{
	ExprNode *node;

	(void)op;
	expr_advance(p);
	node = in_node(p, left);
	if (!node || !expr_check_compare(p, node))
		return NULL;
	node->fold = parse_fold(p);
	node->bytes = (guint32)(p->end - node->offset);
	return node;
}

static const ExprNode *parse_not_in(ExprParser *p, const ExprNode *left,
				    const Operator *op)
{
	const ExprNode *in;

	expr_advance(p);
	in = parse_in(p, left, op);
	return in ? expr_node2(p, NODE_NOT, left->offset, in, NULL) : NULL;
}

gboolean expr_parse_span(ExprParser *p, JrSpan *span)
{
	static const JrSpan nothing;

	if (p->token.kind != TOKEN_SPAN) {
		expr_unexpected(p, "expected a duration like 24h or 7d");
		return FALSE;
	}
	*span = p->token.value.span;
	if (memcmp(span, &nothing, sizeof nothing) == 0) {
		expr_fail(p, p->token.offset,
			  "nothing happens within no time: write a duration "
			  "like 24h");
		return FALSE;
	}
	expr_advance(p);
	return TRUE;
}

static const ExprNode *parse_within(ExprParser *p, const ExprNode *left,
				    const Operator *op)
{
	gboolean next = strcmp(op->second, "next") == 0;
	JrSpan span;
	ExprNode *node;

	expr_advance(p);
	expr_advance(p);
	if (!expr_parse_span(p, &span) || !expr_check_time(p, left))
		return NULL;
	node = expr_node2(p, NODE_WITHIN, left->offset, left, NULL);
	if (!node)
		return NULL;
	node->span = span;
	node->next = next;
	node->flags |= NODE_MOVES;
	return node;
}

/* To add an operator: a row here; for one on texts, in expr_text.c, too. */
static const Operator operators[] = {
	{ "==", NULL, parse_compare, EXPR_EQUAL | EXPR_SAME, FALSE },
	{ "!=", NULL, parse_compare, EXPR_LESS | EXPR_GREATER | EXPR_UNLIKE,
	  FALSE },
	{ "<", NULL, parse_compare, EXPR_LESS, FALSE },
	{ "<=", NULL, parse_compare, EXPR_LESS | EXPR_EQUAL, FALSE },
	{ ">", NULL, parse_compare, EXPR_GREATER, FALSE },
	{ ">=", NULL, parse_compare, EXPR_GREATER | EXPR_EQUAL, FALSE },
	{ "before", NULL, parse_compare, EXPR_LESS, TRUE },
	{ "after", NULL, parse_compare, EXPR_GREATER, TRUE },
	{ "contains", NULL, parse_match, 0, FALSE },
	{ "starts_with", NULL, parse_match, 0, FALSE },
	{ "ends_with", NULL, parse_match, 0, FALSE },
	{ "in", NULL, parse_in, 0, FALSE },
	{ "not", "in", parse_not_in, 0, FALSE },
	{ "within", "last", parse_within, 0, FALSE },
	{ "within", "next", parse_within, 0, FALSE },
};

static const Operator *operator_at(const ExprParser *p)
{
	for (gsize i = 0; i < G_N_ELEMENTS(operators); i++) {
		const Operator *op = &operators[i];

		if (expr_at(p, op->word) &&
		    (!op->second || expr_peek(p, op->second)))
			return op;
	}
	return NULL;
}

static const ExprNode *parse_comparison(ExprParser *p)
{
	const ExprNode *left = expr_parse_value(p);
	const Operator *op = left ? operator_at(p) : NULL;

	if (!op)
		return left;
	left = op->parse(p, left, op);
	if (left && operator_at(p))
		return expr_fail(p, p->token.offset,
				 "comparisons do not chain: write "
				 "'a < b and b < c'");
	return left;
}

/* Conditions */

static const ExprNode *parse_not(ExprParser *p)
{
	gsize from = p->token.offset;
	const ExprNode *kid;

	if (!expr_accept(p, "not"))
		return parse_comparison(p);
	if (++p->depth > JR_EXPR_MAX_DEPTH)
		return expr_too_deep(p, from);
	kid = parse_not(p);
	p->depth--;
	if (!kid || !expr_check_condition(p, kid))
		return NULL;
	return expr_node2(p, NODE_NOT, from, kid, NULL);
}

static const ExprNode *parse_chain(ExprParser *p, const char *word,
				   ExprNodeKind kind, ExprParseFn part)
{
	g_autoptr(GPtrArray) kids = g_ptr_array_new();
	gsize from = p->token.offset;

	do {
		const ExprNode *kid = part(p);

		if (!kid)
			return NULL;
		g_ptr_array_add(kids, (gpointer)kid);
	} while (expr_accept(p, word));
	if (kids->len == 1)
		return kids->pdata[0];
	for (guint i = 0; i < kids->len; i++)
		if (!expr_check_condition(p, kids->pdata[i]))
			return NULL;
	return expr_node(p, kind, from, kids);
}

static const ExprNode *parse_and(ExprParser *p)
{
	return parse_chain(p, "and", NODE_AND, parse_not);
}

const ExprNode *expr_parse_condition(ExprParser *p)
{
	return parse_chain(p, "or", NODE_OR, parse_and);
}

const char *expr_parse_text(ExprParser *p, const char *instead)
{
	const char *text = p->token.text;

	if (p->token.kind != TOKEN_TEXT || p->token.len == 0)
		return expr_unexpected(p, instead);
	expr_advance(p);
	return p->failed ? NULL : text;
}

/*
 * The largest part that only asks attributes and the clock is cheap: it is
 * looked ahead in, so that "hour(now) >= 9" wakes once a day, not every hour.
 */
static void mark_tight(const ExprNode *top)
{
	ExprNode *node = (ExprNode *)top;

	if (!(node->flags & NODE_CALENDAR) || !(node->flags & NODE_MOVES))
		return;
	node->tighten = !(node->flags & NODE_ASKS);
	if (node->tighten || (node->kind != NODE_AND && node->kind != NODE_OR &&
			      node->kind != NODE_NOT))
		return;
	for (guint i = 0; i < node->n_kids; i++)
		mark_tight(node->kids[i]);
}

const ExprNode *expr_parse(ExprParser *p)
{
	const ExprNode *top;

	expr_advance(p);
	top = expr_parse_condition(p);
	if (!top)
		return NULL;
	if (p->token.kind != TOKEN_END)
		return expr_unexpected(p, "expected an operator, 'and', 'or' "
					  "or the end");
	if (p->failed || !expr_check_condition(p, top))
		return NULL;
	mark_tight(top);
	return top;
}
