/*
 * Whether one event is in a selection, and when that may change by itself.
 */
#include "lang/expr_run.h"

static void turns(ExprVerdict *verdict, gint64 at_s)
{
	verdict->turn_s = MIN(verdict->turn_s, at_s);
}

static gint64 end_of(const ExprRun *run, gint64 at_s, const JrSpan *span)
{
	return jr_span_add(at_s, span, run->facts->zone);
}

/* @at_s against a bound that may move. */
static void judge_bound(const ExprRun *run, gint64 at_s, const ExprValue *bound,
			guint relation, ExprVerdict *verdict)
{
	gint64 diff = at_s - bound->num;
	const ExprMove move = expr_move_negate(&bound->move);
	guint sign = diff < 0 ? EXPR_LESS : diff ? EXPR_GREATER : EXPR_EQUAL;

	if (bound->kind == EXPR_NULL)
		return;
	verdict->in = verdict->in && (relation & sign);
	turns(verdict, expr_turn(diff, &move, relation, run->now_s));
}

ExprVerdict expr_judge_time(const ExprGather *g, const JrFactEvent *event)
{
	const ExprRun *run = g->run;
	ExprVerdict verdict = { TRUE, G_MAXINT64 };

	judge_bound(run, event->at_s, &g->since, EXPR_GREATER | EXPR_EQUAL,
		    &verdict);
	judge_bound(run, event->at_s, &g->before, EXPR_LESS, &verdict);
	if (g->select->limited) {
		gint64 end = end_of(run, event->at_s, &g->select->within);

		if (end <= run->now_s)
			return (ExprVerdict){ FALSE, G_MAXINT64 };
		turns(&verdict, end);
	}
	if (event->at_s > run->now_s) {
		verdict.in = FALSE;
		turns(&verdict, event->at_s);
	}
	return verdict;
}

/* Evaluate @node with @event as the one that is looked at. */
ExprValue expr_look(ExprRun *run, const ExprNode *node,
		    const JrFactEvent *event, gint64 *turn_s)
{
	const JrFactEvent *outer = run->event;
	gint64 before = run->next_s;
	ExprValue value;

	run->event = event;
	run->next_s = G_MAXINT64;
	/* It asks the source nothing (expr_select.c): it cannot fail. */
	if (!expr_eval(run, node, &value))
		g_assert_not_reached();
	value = expr_still(run, &value);
	*turn_s = MIN(*turn_s, run->next_s);
	run->event = outer;
	run->next_s = before;
	return value;
}

void expr_judge_where(ExprRun *run, const ExprNode *where,
		      const JrFactEvent *event, ExprVerdict *verdict)
{
	ExprValue value;

	if (!where)
		return;
	value = expr_look(run, where, event, &verdict->turn_s);
	verdict->in = expr_truth(&value);
}

/* What follows an event */

typedef struct {
	ExprRun *run;
	const ExprFollow *follow;
	const JrFactEvent *start;
	gint64 end_s; /* the last that counts is before this */
	gboolean found;
	gint64 turn_s;
} Chase;

/* Missing on either side is the same as nothing. */
static gboolean is_same(const ExprFollow *follow, const JrFactEvent *a,
			const JrFactEvent *b)
{
	for (guint i = 0; i < follow->n_same; i++) {
		const JrVal *left =
			expr_path_find(&follow->same[i].path, a->data);
		const JrVal *right =
			expr_path_find(&follow->same[i].path, b->data);

		if (jr_val_is_null(left) || !jr_val_equal(left, right))
			return FALSE;
	}
	return TRUE;
}

static gboolean chase_one(const JrFactEvent *event, gpointer user)
{
	Chase *c = user;
	ExprVerdict verdict = { TRUE, G_MAXINT64 };

	if (!is_same(c->follow, c->start, event))
		return TRUE;
	if (event->at_s > c->run->now_s) {
		/* Not yet; and those that come later, later. */
		c->turn_s = MIN(c->turn_s, event->at_s);
		return FALSE;
	}
	expr_judge_where(c->run, c->follow->where, event, &verdict);
	if (!verdict.in) {
		c->turn_s = MIN(c->turn_s, verdict.turn_s);
		return TRUE;
	}
	c->found = TRUE;
	c->turn_s = verdict.turn_s;
	return FALSE;
}

gboolean expr_ask_events(ExprRun *run, const JrFactEventQuery *query,
			 JrFactEventFn each, gpointer user)
{
	const JrFacts *facts = run->facts;

	return facts->source->events(facts->data, query, each, user,
				     run->error);
}

static gboolean chase(Chase *c)
{
	const ExprEvents *events = &c->follow->events;
	const JrFactEventQuery query = {
		.name = events->prefix ? NULL : events->name,
		.prefix = events->prefix ? events->name : NULL,
		.from_s = c->start->at_s + c->follow->strict,
		.until_s = c->end_s == G_MAXINT64 ? c->end_s : c->end_s - 1,
		.with_data = c->follow->with_data,
	};

	return query.from_s > query.until_s ||
	       expr_ask_events(c->run, &query, chase_one, c);
}

/*
 * Whether what follows does (or, for "not", did not in all its time): that
 * something did not follow is known only when its time is over.
 */
gboolean expr_judge_follow(const ExprGather *g, const JrFactEvent *event,
			   ExprVerdict *verdict)
{
	const ExprFollow *follow = g->select->follow;
	Chase c = { g->run, follow, event, G_MAXINT64, FALSE, G_MAXINT64 };

	if (follow->limited)
		c.end_s = end_of(g->run, event->at_s, &follow->within);
	if (!chase(&c))
		return FALSE;
	verdict->in = c.found != follow->no;
	turns(verdict, c.turn_s);
	if (follow->no && !c.found && follow->limited &&
	    c.end_s > g->run->now_s) {
		verdict->in = FALSE;
		turns(verdict, c.end_s);
	}
	return TRUE;
}
