/*
 * Selections: which events or messages a count, a sum or a first and last
 * time are about.  The parts of one stand in a fixed order, so that "before"
 * and "within" after a "where" belong to its condition, and nobody guesses.
 */
#include "base/terms.h"
#include "lang/expr_parser.h"

#include <string.h>

#define PLACE_LAST 3

#define TIMES "'within', 'since', 'before'"
#define MESSAGE_CLAUSES "expected 'workflow', 'step', " TIMES " or ')'"
#define EVENT_CLAUSES "expected " TIMES ", 'where', 'followed by' or ')'"

typedef struct {
	ExprParser *p;
	ExprSelect *select;
	guint seen; /* a bit for each row of clauses[] */
} Reading;

typedef struct {
	const char *word;
	const char *second;	   /* the word that must follow, or NULL */
	int place;		   /* rows of a smaller one stand before it */
	gboolean events, messages; /* of which it can be asked */
	gboolean (*parse)(Reading *r);
} Clause;

/* A name of events, perhaps with the star that makes it a beginning. */
static gboolean parse_events(ExprParser *p, ExprEvents *events)
{
	ExprToken token = p->token;
	const char *shown =
		expr_parse_text(p, "expected the name of an event in quotes, "
				   "or a word like sent");

	if (!shown)
		return FALSE;
	events->shown = shown;
	events->prefix = token.star;
	events->name = shown;
	if (token.star)
		events->name = expr_keep(p, shown, token.len - 1);
	return TRUE;
}

/* Whether one event can be of both. */
static gboolean overlap(const ExprEvents *a, const ExprEvents *b)
{
	if (a->prefix && g_str_has_prefix(b->name, a->name))
		return TRUE;
	if (b->prefix && g_str_has_prefix(a->name, b->name))
		return TRUE;
	return strcmp(a->name, b->name) == 0;
}

/* A condition on each event; a question inside it would be asked for each. */
static const ExprNode *parse_per_event(ExprParser *p, ExprParseFn parse)
{
	ExprScope before = p->scope;
	const ExprNode *node;

	p->scope = SCOPE_EVENT;
	node = parse(p);
	p->scope = before;
	if (node && (node->flags & NODE_ASKS))
		return expr_fail(p, node->offset,
				 "asked for each event anew: ask it outside "
				 "the parentheses");
	return node;
}

static const ExprNode *parse_where(ExprParser *p)
{
	const ExprNode *node = parse_per_event(p, expr_parse_condition);

	return node ? expr_check_condition(p, node) : NULL;
}

/* Clauses */

static gboolean parse_workflow(Reading *r)
{
	r->select->workflow = expr_parse_text(
		r->p, "expected the name of a workflow in quotes");
	return r->select->workflow != NULL;
}

static gboolean parse_step(Reading *r)
{
	r->select->step =
		expr_parse_text(r->p, "expected the id of a step in quotes");
	return r->select->step != NULL;
}

static gboolean parse_limit(Reading *r)
{
	expr_accept(r->p, "last");
	r->select->limited = TRUE;
	return expr_parse_span(r->p, &r->select->within);
}

static const ExprNode *parse_bound(Reading *r)
{
	const ExprNode *node = expr_parse_value(r->p);

	return node && expr_check_time(r->p, node) ? node : NULL;
}

static gboolean parse_since(Reading *r)
{
	r->select->since = parse_bound(r);
	return r->select->since != NULL;
}

static gboolean parse_before(Reading *r)
{
	r->select->before = parse_bound(r);
	return r->select->before != NULL;
}

static gboolean parse_select_where(Reading *r)
{
	r->select->where = parse_where(r->p);
	return r->select->where != NULL;
}

static gboolean parse_same_path(ExprParser *p, ExprSame *same)
{
	same->offset = (guint32)p->token.offset;

	if (!expr_at(p, "event")) {
		expr_unexpected(p, "expected a property like 'event.order_id'");
		return FALSE;
	}
	if (!expr_parse_path(p, &same->path))
		return FALSE;
	if (same->path.n_steps == 0)
		expr_fail(p, same->offset,
			  "the same what: write a property like "
			  "'event.order_id'");
	return !p->failed;
}

/* "with same event.order_id, event.shop" */
static gboolean parse_same(ExprParser *p, ExprFollow *follow)
{
	g_autoptr(GArray) paths = g_array_new(FALSE, FALSE, sizeof(ExprSame));

	do {
		ExprSame same = { .offset = 0 };

		if (!parse_same_path(p, &same))
			return FALSE;
		g_array_append_val(paths, same);
	} while (expr_accept(p, ","));
	follow->n_same = paths->len;
	follow->same = expr_keep(p, paths->data, paths->len * sizeof(ExprSame));
	return TRUE;
}

static gboolean parse_follow_rest(ExprParser *p, ExprFollow *follow)
{
	if (expr_accept(p, "within")) {
		follow->limited = TRUE;
		if (!expr_parse_span(p, &follow->within))
			return FALSE;
	}
	if (expr_accept(p, "with") &&
	    !(expr_expect(p, "same") && parse_same(p, follow)))
		return FALSE;
	if (expr_accept(p, "where"))
		follow->where = parse_where(p);
	return !p->failed;
}

static gboolean parse_follow(Reading *r, gboolean no)
{
	ExprFollow *follow = expr_take(r->p, sizeof *follow);

	r->select->follow = follow;
	follow->no = no;
	if (!parse_events(r->p, &follow->events) ||
	    !parse_follow_rest(r->p, follow))
		return FALSE;
	follow->strict = overlap(&r->select->events, &follow->events);
	follow->with_data =
		follow->n_same > 0 ||
		(follow->where && (follow->where->flags & NODE_DATA));
	return TRUE;
}

static gboolean parse_followed(Reading *r)
{
	return parse_follow(r, FALSE);
}

static gboolean parse_not_followed(Reading *r)
{
	return expr_expect(r->p, "by") && parse_follow(r, TRUE);
}

/* To add a clause: a row here, a line in jr-expr(7). */
static const Clause clauses[] = {
	{ "workflow", NULL, 0, FALSE, TRUE, parse_workflow },
	{ "step", NULL, 0, FALSE, TRUE, parse_step },
	{ "within", NULL, 1, TRUE, TRUE, parse_limit },
	{ "since", NULL, 1, TRUE, TRUE, parse_since },
	{ "before", NULL, 1, TRUE, TRUE, parse_before },
	{ "where", NULL, 2, TRUE, FALSE, parse_select_where },
	{ "followed", "by", PLACE_LAST, TRUE, FALSE, parse_followed },
	{ "not", "followed", PLACE_LAST, TRUE, FALSE, parse_not_followed },
};

static const Clause *clause_at(const ExprParser *p)
{
	for (gsize i = 0; i < G_N_ELEMENTS(clauses); i++) {
		const Clause *clause = &clauses[i];

		if (expr_at(p, clause->word) &&
		    (!clause->second || expr_peek(p, clause->second)))
			return clause;
	}
	return NULL;
}

/* Fail when @clause may not stand after @other. */
static void check_order(ExprParser *p, const Clause *clause,
			const Clause *other)
{
	if (clause == other)
		expr_fail(p, p->token.offset,
			  "'%s' stands twice: leave one out", clause->word);
	else if (other->place > clause->place || other->place == PLACE_LAST)
		expr_fail(p, p->token.offset,
			  "'%s' stands after '%s': write it before that",
			  clause->word, other->word);
}

/* Whether @clause may stand here; fails when not. */
static gboolean in_place(Reading *r, const Clause *clause)
{
	if (r->select->metric ? !clause->messages : !clause->events)
		expr_fail(r->p, r->p->token.offset, "unexpected '%s': %s",
			  clause->word,
			  r->select->metric ? MESSAGE_CLAUSES : EVENT_CLAUSES);
	for (gsize i = 0; i < G_N_ELEMENTS(clauses); i++)
		if (r->seen & 1u << i)
			check_order(r->p, clause, &clauses[i]);
	return !r->p->failed;
}

static gboolean parse_clauses(Reading *r)
{
	const Clause *clause;

	while ((clause = clause_at(r->p))) {
		if (!in_place(r, clause))
			return FALSE;
		r->seen |= 1u << (clause - clauses);
		expr_advance(r->p);
		if (clause->second)
			expr_advance(r->p);
		if (!clause->parse(r))
			return FALSE;
	}
	return TRUE;
}

/* What is selected */

static gboolean parse_message(ExprParser *p, ExprSelect *select)
{
	select->metric = jr_metric_name(jr_metric_of(p->token.text));
	expr_advance(p);
	if (p->token.kind == TOKEN_NAME && jr_channel_of(p->token.text)) {
		select->channel = jr_channel_name(jr_channel_of(p->token.text));
		expr_advance(p);
	}
	return TRUE;
}

static gboolean at_message(const ExprParser *p)
{
	return p->token.kind == TOKEN_NAME && jr_metric_of(p->token.text) != 0;
}

static gboolean parse_what(ExprParser *p, ExprSelect *select)
{
	return at_message(p) ? parse_message(p, select)
			     : parse_events(p, &select->events);
}

/* "event.total of", before what is selected. */
static gboolean parse_value_of(ExprParser *p, ExprSelect *select)
{
	const ExprAggregate *aggregate = select->aggregate;
	gboolean may = aggregate->value == EXPR_VALUE_MAY &&
		       p->token.kind != TOKEN_TEXT && !at_message(p);

	if (aggregate->value != EXPR_VALUE_MUST && !may)
		return TRUE;
	select->value = parse_per_event(p, expr_parse_value);
	if (!select->value)
		return FALSE;
	if (!expr_at(p, "of")) {
		g_autofree char *instead = g_strdup_printf(
			"write it like '%s(event.total of \"Order Placed\")'",
			aggregate->name);

		expr_unexpected(p, instead);
		return FALSE;
	}
	expr_advance(p);
	return expr_check_takes(p, select->value, aggregate->takes,
				"write a number, as in 'event.total'");
}

static guint result_of(const ExprSelect *select)
{
	const ExprAggregate *aggregate = select->aggregate;

	if (aggregate->result)
		return aggregate->result;
	if (!select->value)
		return EXPR_IS(EXPR_INSTANT) | EXPR_IS(EXPR_NULL);
	return (select->value->kinds & aggregate->takes) | EXPR_IS(EXPR_NULL);
}

/* All nodes below, so that whoever walks the tree needs no other way. */
static ExprNode *select_node(ExprParser *p, const ExprToken *name,
			     ExprSelect *select)
{
	const ExprFollow *follow = select->follow;
	const ExprNode *parts[] = { select->since, select->before,
				    select->value, select->where,
				    follow ? follow->where : NULL };
	g_autoptr(GPtrArray) kids = g_ptr_array_new();
	ExprNode *node;

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
		if (parts[i])
			g_ptr_array_add(kids, (gpointer)parts[i]);
	node = expr_node(p, NODE_SELECT, name->offset, kids);
	if (!node)
		return NULL;
	node->select = select;
	node->kinds = result_of(select);
	node->flags |= NODE_ASKS | NODE_MOVES;
	node->flags &= ~(guint)NODE_DATA;
	return node;
}

static gboolean uses_data(const ExprSelect *select)
{
	return (select->value && (select->value->flags & NODE_DATA)) ||
	       (select->where && (select->where->flags & NODE_DATA)) ||
	       (select->follow && select->follow->n_same > 0);
}

const ExprNode *expr_parse_select(ExprParser *p, const ExprToken *name,
				  const ExprAggregate *aggregate)
{
	ExprSelect *select = expr_take(p, sizeof *select);
	Reading r = { p, select, 0 };

	select->aggregate = aggregate;
	if (!parse_value_of(p, select) || !parse_what(p, select) ||
	    !parse_clauses(&r))
		return NULL;
	if (!expr_accept(p, ")"))
		return expr_unexpected(p, select->metric ? MESSAGE_CLAUSES
							 : EVENT_CLAUSES);
	select->with_data = uses_data(select);
	if (select->metric && select->with_data)
		return expr_fail(p, select->value->offset,
				 "messages have no properties, only a time: "
				 "leave them out");
	return select_node(p, name, select);
}
