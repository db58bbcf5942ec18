#include "base/suggest.h"
#include "base/terms.h"
#include "lang/expr_parser.h"

#include <string.h>

static gpointer unknown_call(ExprParser *p, const ExprToken *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = expr_quote(p->text, name->offset, name->bytes);
	const char *meant;

	expr_function_names(names);
	expr_aggregate_names(names);
	g_ptr_array_add(names, NULL);
	meant = jr_suggest(name->text, (const char *const *)names->pdata);
	if (meant)
		return expr_fail(p, name->offset,
				 "no function '%s': write '%s'", shown, meant);
	if (jr_metric_of(name->text))
		return expr_fail(p, name->offset,
				 "no function '%s': write 'happened(%s ...)'",
				 shown, shown);
	return expr_fail(p, name->offset,
			 "no function '%s': see FUNCTIONS in jr-expr(7)",
			 shown);
}

/* time(event): when the event itself happened, which is none of its data. */
static const ExprNode *parse_when(ExprParser *p, gsize from)
{
	ExprNode *node;
	ExprRoot root = expr_at(p, "event") ? ROOT_EVENT : ROOT_TRIGGER;

	expr_advance(p);
	expr_advance(p);
	node = expr_node(p, NODE_WHEN, from, NULL);
	node->root = root;
	node->kinds = EXPR_IS(EXPR_INSTANT) | EXPR_IS(EXPR_NULL);
	node->per_event = root == ROOT_EVENT && p->scope == SCOPE_EVENT;
	return node;
}

static const ExprNode *parse_function(ExprParser *p, const ExprToken *name,
				      const ExprFunction *function)
{
	const ExprNode *argument;
	ExprNode *node;

	if (strcmp(function->name, "time") == 0 &&
	    (expr_at(p, "event") || expr_at(p, "trigger")) && expr_peek(p, ")"))
		return parse_when(p, name->offset);
	argument = expr_parse_value(p);
	if (!argument || !expr_expect(p, ")"))
		return NULL;
	if (!expr_check_takes(p, argument, function->takes, function->example))
		return NULL;
	if (function->takes == EXPR_TIMES && !expr_check_time(p, argument))
		return NULL;
	node = expr_node2(p, NODE_CALL, name->offset, argument, NULL);
	if (!node)
		return NULL;
	node->function = function;
	node->flags |= function->flags;
	node->kinds = function->result | EXPR_IS(EXPR_NULL);
	return node;
}

static const ExprNode *parse_ask(ExprParser *p, const ExprToken *name,
				 const ExprAsk *ask)
{
	gsize at = p->token.offset;
	const char *word = expr_parse_text(p, ask->example);
	ExprNode *node;

	if (!word || !expr_expect(p, ")"))
		return NULL;
	if (ask->words && !g_strv_contains(ask->words, word)) {
		g_autofree char *write = jr_suggest_write(word, ask->words);

		return expr_fail(p, at, "'%s' knows no '%s': %s", ask->name,
				 word, write);
	}
	node = expr_node(p, NODE_ASK, name->offset, NULL);
	node->ask = ask;
	node->name = word;
	node->kinds = ask->result;
	node->flags = NODE_ASKS;
	return node;
}

const ExprNode *expr_parse_call(ExprParser *p, const ExprToken *name)
{
	const ExprFunction *function = expr_function_find(name->text);
	const ExprAsk *ask = expr_ask_find(name->text);
	const ExprAggregate *aggregate = expr_aggregate_find(name->text);
	const ExprNode *node;

	if (!function && !ask && !aggregate)
		return unknown_call(p, name);
	expr_advance(p); /* the parenthesis */
	if (++p->depth > JR_EXPR_MAX_DEPTH)
		return expr_too_deep(p, name->offset);
	if (function)
		node = parse_function(p, name, function);
	else if (ask)
		node = parse_ask(p, name, ask);
	else
		node = expr_parse_select(p, name, aggregate);
	p->depth--;
	return node;
}
