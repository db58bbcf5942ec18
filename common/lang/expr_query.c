/*
 * Counts, sums, first and last times over events and messages.
 *
 * Each event is in the selection from one instant until another; from these
 * the next change of the whole follows.  Where the first so many decide, the
 * rest is neither looked at nor waited for.
 */
#include "lang/expr_run.h"

static gboolean take(ExprGather *g, const JrFactEvent *event,
		     ExprVerdict *verdict)
{
	const ExprSelect *select = g->select;
	ExprValue value = expr_instant(event->at_s);

	if (select->value)
		value = expr_look(g->run, select->value, event,
				  &verdict->turn_s);
	g->count++;
	g->next_in = MIN(g->next_in, verdict->turn_s);
	return select->aggregate->add(g, &value);
}

static gboolean gather_one(const JrFactEvent *event, gpointer user)
{
	ExprGather *g = user;
	ExprVerdict verdict = expr_judge_time(g, event);

	if (verdict.in)
		expr_judge_where(g->run, g->select->where, event, &verdict);
	if (verdict.in && g->select->follow)
		g->failed = !expr_judge_follow(g, event, &verdict);
	if (g->failed)
		return FALSE;
	if (verdict.in)
		return take(g, event, &verdict);
	g->next_out = MIN(g->next_out, verdict.turn_s);
	return TRUE;
}

/* Evaluate a bound; FALSE in *@any when it is no time: then none is in. */
static gboolean eval_bound(ExprRun *run, const ExprNode *node, ExprValue *out,
			   gboolean *any)
{
	out->kind = EXPR_NULL;
	if (!node)
		return TRUE;
	if (!expr_eval(run, node, out))
		return FALSE;
	*any = *any && expr_to_instant(out, run->facts->zone, out);
	if (out->move.slope != 0 && out->move.slope != 1)
		*out = expr_still(run, out);
	return TRUE;
}

/*
 * What can be in now or come in by itself: but for their wobble, bounds only
 * ever rise.
 */
static void set_range(const ExprGather *g, gint64 *from_s, gint64 *until_s)
{
	const ExprRun *run = g->run;

	*from_s = 0;
	*until_s = run->ahead ? G_MAXINT64 : run->now_s;
	if (g->since.kind == EXPR_INSTANT)
		*from_s = MAX(*from_s, g->since.num - g->since.move.wobble_s);
	if (g->select->limited)
		*from_s = MAX(*from_s,
			      expr_span_floor(run->now_s, &g->select->within,
					      run->facts->zone));
	if (g->before.kind == EXPR_INSTANT && g->before.move.slope == 0 &&
	    g->before.move.wobble_s == 0)
		*until_s = MIN(*until_s, g->before.num - 1);
}

static gboolean gather_events(ExprGather *g)
{
	const ExprSelect *select = g->select;
	JrFactEventQuery query = {
		.name = select->events.prefix ? NULL : select->events.name,
		.prefix = select->events.prefix ? select->events.name : NULL,
		.newest_first = select->aggregate->newest_first,
		.with_data = select->with_data,
	};

	if (!g->run->facts->source || !g->run->facts->source->events)
		return expr_refuse(g->run, g->node);
	set_range(g, &query.from_s, &query.until_s);
	return query.from_s > query.until_s ||
	       expr_ask_events(g->run, &query, gather_one, g);
}

static gboolean gather_messages(ExprGather *g)
{
	const JrFacts *facts = g->run->facts;
	JrFactMessageQuery query = {
		.metric = g->select->metric,
		.workflow = g->select->workflow,
		.step = g->select->step,
		.channel = g->select->channel,
	};

	if (!facts->source || !facts->source->messages)
		return expr_refuse(g->run, g->node);
	set_range(g, &query.from_s, &query.until_s);
	return query.from_s > query.until_s ||
	       facts->source->messages(facts->data, &query, gather_one, g,
				       g->run->error);
}

gboolean expr_query(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	const ExprSelect *select = node->select;
	ExprGather g = { .run = run,
			 .node = node,
			 .select = select,
			 .next_in = G_MAXINT64,
			 .next_out = G_MAXINT64 };
	gboolean any = TRUE, ok;

	if (!eval_bound(run, select->since, &g.since, &any) ||
	    !eval_bound(run, select->before, &g.before, &any))
		return FALSE;
	ok = !any || (select->metric ? gather_messages(&g) : gather_events(&g));
	if (ok && !g.failed) {
		select->aggregate->finish(&g, out);
		run->next_s = MIN(run->next_s, g.next_in);
		if (!g.decided)
			run->next_s = MIN(run->next_s, g.next_out);
	}
	if (g.seen)
		g_hash_table_unref(g.seen);
	return ok && !g.failed;
}
