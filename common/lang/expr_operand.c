#include "lang/expr_parser.h"

#include <string.h>

/* Literals */

static const ExprNode *constant(ExprParser *p, gsize from, ExprValue value)
{
	ExprNode *node = expr_node(p, NODE_CONST, from, NULL);

	node->value = value;
	node->kinds = EXPR_IS(value.kind);
	return node;
}

static ExprValue text_value(const ExprToken *token)
{
	ExprValue value = { .kind = EXPR_TEXT };

	value.text = token->text;
	value.len = token->len;
	return value;
}

/* With a zone it is an instant now; else it becomes one in each zone. */
static const ExprNode *parse_time(ExprParser *p)
{
	ExprToken token = p->token;
	ExprValue at = { .kind = EXPR_INSTANT };
	g_autoptr(JrZones) zones = jr_zones_new();
	g_autoptr(GError) error = NULL;
	ExprNode *node;
	gint64 ms;

	if (!jr_instant_parse(token.text, jr_zones_get(zones, "UTC", NULL), &ms,
			      &error))
		return expr_fail(p, token.offset, "%s", error->message);
	expr_advance(p);
	if (jr_instant_parse(token.text, NULL, &ms, NULL)) {
		at.num = ms / 1000 - (ms % 1000 < 0);
		return constant(p, token.offset, at);
	}
	node = expr_node(p, NODE_DATE, token.offset, NULL);
	node->value = text_value(&token);
	node->kinds = EXPR_IS(EXPR_INSTANT);
	return node;
}

static const ExprNode *parse_now(ExprParser *p)
{
	gsize from = p->token.offset;
	ExprNode *node;

	expr_advance(p);
	node = expr_node(p, NODE_NOW, from, NULL);
	node->kinds = EXPR_IS(EXPR_INSTANT);
	node->flags = NODE_MOVES;
	return node;
}

/* "7d ago" is "now - 7d". */
static const ExprNode *parse_span(ExprParser *p)
{
	ExprToken token = p->token;
	const ExprNode *span, *present;
	ExprNode *node;

	expr_advance(p);
	span = constant(p, token.offset, token.value);
	if (!expr_at(p, "ago"))
		return span;
	present = parse_now(p);
	node = expr_node2(p, NODE_ARITH, token.offset, present, span);
	node->arith = expr_arith_find('-', present->kinds, span->kinds);
	node->kinds = EXPR_IS(EXPR_INSTANT) | EXPR_IS(EXPR_NULL);
	return node;
}

static const ExprNode *parse_literal(ExprParser *p)
{
	ExprToken token = p->token;

	expr_advance(p);
	return constant(p, token.offset,
			token.kind == TOKEN_TEXT ? text_value(&token)
						 : token.value);
}

static const ExprNode *parse_constant(ExprParser *p)
{
	static const struct {
		const char *word;
		ExprValue value;
	} constants[] = {
		{ "null", { .kind = EXPR_NULL } },
		{ "true", { .kind = EXPR_BOOL, .yes = TRUE } },
		{ "false", { .kind = EXPR_BOOL, .yes = FALSE } },
	};
	gsize from = p->token.offset;

	for (gsize i = 0; i < G_N_ELEMENTS(constants); i++)
		if (expr_accept(p, constants[i].word))
			return constant(p, from, constants[i].value);
	return NULL;
}

/* Names */

static const ExprNode *parse_path(ExprParser *p)
{
	gsize from = p->token.offset;
	ExprPath path = { .n_steps = 0 };
	ExprNode *node;

	if (expr_is_reserved(p))
		return expr_unexpected(p, "expected a value; an attribute of "
					  "this name is customer[\"...\"]");
	if (!expr_parse_path(p, &path))
		return NULL;
	node = expr_node(p, NODE_PATH, from, NULL);
	node->path = path;
	node->kinds = EXPR_JSON;
	node->per_event = path.root == ROOT_EVENT && p->scope == SCOPE_EVENT;
	if (node->per_event)
		node->flags = NODE_DATA;
	return node;
}

static const ExprNode *parse_group(ExprParser *p)
{
	const ExprNode *node;
	gsize from = p->token.offset;

	expr_advance(p);
	if (++p->depth > JR_EXPR_MAX_DEPTH)
		return expr_too_deep(p, from);
	node = expr_parse_condition(p);
	p->depth--;
	return node && expr_expect(p, ")") ? node : NULL;
}

static const ExprNode *parse_name(ExprParser *p)
{
	const ExprNode *node = parse_constant(p);
	ExprToken name = p->token;

	if (node || p->failed)
		return node;
	if (expr_at(p, "now"))
		return parse_now(p);
	if (expr_peek(p, "(") && !expr_is_reserved(p)) {
		expr_advance(p);
		return expr_parse_call(p, &name);
	}
	return parse_path(p);
}

static const ExprNode *parse_primary(ExprParser *p)
{
	switch (p->token.kind) {
	case TOKEN_BAD:
		return NULL;
	case TOKEN_NAME:
		return parse_name(p);
	case TOKEN_TEXT:
	case TOKEN_NUMBER:
		return parse_literal(p);
	case TOKEN_SPAN:
		return parse_span(p);
	case TOKEN_TIME:
		return parse_time(p);
	case TOKEN_MARK:
		if (expr_at(p, "("))
			return parse_group(p);
		if (expr_at(p, "["))
			return expr_unexpected(p, "a list stands after 'in' "
						  "only");
		break;
	case TOKEN_END:
		break;
	}
	return expr_unexpected(p, "expected a value");
}

/* The seed of all filters for push: a live device, not an attribute. */
static const ExprNode *parse_has_device(ExprParser *p, gsize from)
{
	ExprNode *node;

	expr_advance(p);
	node = expr_node(p, NODE_ASK, from, NULL);
	node->ask = expr_ask_find("has_device");
	node->name = "any";
	node->flags = NODE_ASKS;
	return node;
}

static const ExprNode *parse_has(ExprParser *p)
{
	gsize from = p->token.offset;
	const ExprNode *path;

	expr_advance(p);
	if (expr_at(p, "device_token") && !expr_peek(p, ".") &&
	    !expr_peek(p, "["))
		return parse_has_device(p, from);
	if (p->token.kind != TOKEN_NAME || expr_peek(p, "("))
		return expr_unexpected(p, "expected the name of an attribute");
	path = parse_path(p);
	return path ? expr_node2(p, NODE_HAS, from, path, NULL) : NULL;
}

static const ExprNode *parse_unary(ExprParser *p);

static const ExprNode *parse_negative(ExprParser *p)
{
	gsize from = p->token.offset;
	const ExprNode *kid;
	ExprNode *node;

	expr_advance(p);
	if (++p->depth > JR_EXPR_MAX_DEPTH)
		return expr_too_deep(p, from);
	kid = parse_unary(p);
	p->depth--;
	if (!kid ||
	    !expr_check_takes(p, kid, EXPR_NUMBERS | EXPR_IS(EXPR_SPAN),
			      "a minus stands before numbers and durations"))
		return NULL;
	if (kid->kind == NODE_CONST)
		return constant(p, from, expr_negate(&kid->value));
	node = expr_node2(p, NODE_NEGATE, from, kid, NULL);
	if (node)
		node->kinds =
			EXPR_IS(EXPR_NULL) |
			(kid->kinds & (EXPR_NUMBERS | EXPR_IS(EXPR_SPAN)));
	return node;
}

static const ExprNode *parse_unary(ExprParser *p)
{
	if (expr_at(p, "-"))
		return parse_negative(p);
	if (expr_at(p, "has"))
		return parse_has(p);
	return parse_primary(p);
}

static const ExprNode *combine(ExprParser *p, char op, const ExprNode *left,
			       const ExprNode *right)
{
	const ExprArith *arith = expr_arith_find(op, left->kinds, right->kinds);
	ExprNode *node;

	if (!arith) {
		g_autofree char *a =
			expr_quote(p->text, left->offset, left->bytes);
		g_autofree char *b =
			expr_quote(p->text, right->offset, right->bytes);

		return expr_fail(p, left->offset,
				 "'%s' %c '%s' has no meaning: write numbers, "
				 "or times and durations like 7d",
				 a, op, b);
	}
	if ((arith->left == EXPR_TIMES && !expr_check_time(p, left)) ||
	    (arith->right == EXPR_TIMES && !expr_check_time(p, right)))
		return NULL;
	node = expr_node2(p, NODE_ARITH, left->offset, left, right);
	if (!node)
		return NULL;
	node->arith = arith;
	node->kinds = arith->result | EXPR_IS(EXPR_NULL);
	return node;
}

/* Operands of @part with any of the two operators between them. */
static const ExprNode *parse_terms(ExprParser *p, const char *ops,
				   ExprParseFn part)
{
	const ExprNode *left = part(p);

	while (left && p->token.kind == TOKEN_MARK && p->token.len == 1 &&
	       strchr(ops, *p->token.text)) {
		char op = *p->token.text;
		const ExprNode *right;

		expr_advance(p);
		right = part(p);
		left = right ? combine(p, op, left, right) : NULL;
	}
	return left;
}

static const ExprNode *parse_product(ExprParser *p)
{
	return parse_terms(p, "*/", parse_unary);
}

const ExprNode *expr_parse_value(ExprParser *p)
{
	return parse_terms(p, "+-", parse_product);
}
