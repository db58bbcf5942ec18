/* Steps at which ways part: wait_for, branch, split. */
#include "rules/workflow_steps.h"

/* --- wait_for --- */

gboolean jr_read_wait_for(const JrReading *r, GError **error)
{
	static const JrField table[] = {
		JR_GIVEN_ID_AND_IF,
		{ "event", jr_workflow_text, JR_GIVEN_AT(event) },
		{ "where", jr_workflow_expr, JR_GIVEN_AT(where) },
		{ "condition", jr_workflow_expr, JR_GIVEN_AT(condition) },
		{ "timeout", jr_workflow_any, JR_GIVEN_AT(timeout) },
		{ "then", jr_workflow_any, JR_GIVEN_AT(then) },
		{ "else", jr_workflow_any, JR_GIVEN_AT(otherwise) },
		{ NULL, NULL, 0 },
	};
	const JrPlace *place = r->place;
	JrGiven g = { 0 };
	JrStep *s = jr_steps_at(place, r->step);
	gboolean ok;

	s->kind = JR_STEP_WAIT_FOR;
	s->arms = g_new0(JrArm, 1);
	s->n_arms = 1;
	ok = jr_steps_given(place, r->step, r->val, table, &g, error) &&
	     jr_steps_name(place, r->step, r->nth, r->val, error);
	s->arms[0].event = g.event;
	s->arms[0].test = g.event ? g_steal_pointer(&g.where)
				  : g_steal_pointer(&g.condition);
	if (ok &&
	    (!!g.event + !!s->arms[0].test == 0 || (g.event && g.condition)))
		ok = jr_field_wrong(r->val, jr_steps_file(place), error,
				    "wait for what: write event, perhaps with "
				    "where, or condition");
	if (ok && g.timeout) {
		s->has_timeout = TRUE;
		ok = jr_workflow_span(g.timeout, jr_steps_file(place),
				      &s->timeout, error);
	}
	jr_steps_leave(r->loose, r->step, JR_END_NEXT);
	ok = ok &&
	     jr_steps_arm(place, r->step, "then", g.then,
			  (JrLoose){ r->step, 0 }, r->loose, error) &&
	     jr_steps_arm(place, r->step, "else", g.otherwise,
			  (JrLoose){ r->step, JR_END_OTHERWISE }, r->loose,
			  error);
	jr_given_clear(&g);
	return ok;
}

/* --- branch --- */

/* The last of a branch's list may be its else. */
static const JrVal *else_of(const JrVal *list)
{
	const JrVal *last = list->len > 0 ? &list->items[list->len - 1] : NULL;

	return jr_val_get(last, "else");
}

static gboolean read_branch_arm(const JrReading *r, guint i, const JrVal *val,
				GError **error)
{
	static const JrField table[] = {
		{ "if", jr_workflow_expr, JR_GIVEN_AT(test) },
		{ "then", jr_workflow_any, JR_GIVEN_AT(then) },
		{ NULL, NULL, 0 },
	};
	g_autofree char *name = g_strdup_printf("if%u", i + 1);
	JrGiven g = { 0 };
	gboolean ok =
		jr_fields_read(val, table, jr_steps_file(r->place), &g, error);

	jr_steps_at(r->place, r->step)->arms[i].test = g.test;
	if (ok && !g.test)
		ok = jr_field_wrong(val, jr_steps_file(r->place), error,
				    "a way without a condition: write if, or "
				    "else as the last");
	return ok &&
	       jr_steps_arm(r->place, r->step, name, g.then,
			    (JrLoose){ r->step, (int)i }, r->loose, error);
}

/* What stands beside an else would be lost. */
static gboolean read_else(const JrReading *r, const JrVal *val, GError **error)
{
	static const JrField table[] = {
		{ "else", jr_workflow_any, JR_GIVEN_AT(otherwise) },
		{ NULL, NULL, 0 },
	};
	JrGiven g = { 0 };

	return jr_fields_read(val, table, jr_steps_file(r->place), &g, error);
}

gboolean jr_read_branch(const JrReading *r, GError **error)
{
	const JrVal *list = r->val;
	JrStep *s = jr_steps_at(r->place, r->step);
	const JrVal *otherwise;

	s->kind = JR_STEP_BRANCH;
	if (list->type != JR_VAL_LIST || list->len == 0)
		return jr_field_wrong(list, jr_steps_file(r->place), error,
				      "a branch is a list: write '- if: ...' "
				      "with 'then:', and '- else:' as the "
				      "last");
	otherwise = else_of(list);
	s->n_arms = list->len - (otherwise ? 1 : 0);
	s->arms = g_new0(JrArm, s->n_arms + 1);
	jr_steps_leave(r->loose, r->step, JR_END_NEXT);
	if (!jr_steps_name(r->place, r->step, r->nth, list, error) ||
	    (otherwise && !read_else(r, &list->items[list->len - 1], error)))
		return FALSE;
	for (guint i = 0; i < list->len - (otherwise ? 1 : 0); i++)
		if (!read_branch_arm(r, i, &list->items[i], error))
			return FALSE;
	return jr_steps_arm(r->place, r->step, "else", otherwise,
			    (JrLoose){ r->step, JR_END_OTHERWISE }, r->loose,
			    error);
}

/* --- split --- */

static gboolean read_share(const JrVal *val, const char *file, gpointer at,
			   GError **error)
{
	JrGiven *g = at;

	g->has_share = TRUE;
	return jr_field_rate(val, file, &g->share, error);
}

/* Whether an arm of @step, its holdout too, has the name @name. */
static gboolean is_named(const JrStep *step, const char *name)
{
	for (guint i = 0; i < step->n_arms; i++)
		if (g_strcmp0(step->arms[i].name, name) == 0)
			return TRUE;
	return FALSE;
}

static gboolean read_split_arm(const JrReading *r, guint i, const JrVal *val,
			       GError **error)
{
	static const JrField table[] = {
		{ "name", jr_workflow_text, JR_GIVEN_AT(name) },
		{ "share", read_share, 0 },
		{ "steps", jr_workflow_any, JR_GIVEN_AT(steps) },
		{ NULL, NULL, 0 },
	};
	JrGiven g = { 0 };
	JrArm *arm;

	if (!jr_fields_read(val, table, jr_steps_file(r->place), &g, error))
		return FALSE;
	if (!g.name || !g.has_share)
		return jr_field_wrong(val, jr_steps_file(r->place), error,
				      "an arm has a name and a share from 0 to "
				      "1");
	if (is_named(jr_steps_at(r->place, r->step), g.name))
		return jr_field_wrong(val, jr_steps_file(r->place), error,
				      "two arms with the name '%s': name one "
				      "differently",
				      g.name);
	arm = &jr_steps_at(r->place, r->step)->arms[i];
	arm->name = g.name;
	arm->share = g.share;
	return jr_steps_arm(r->place, r->step, g.name, g.steps,
			    (JrLoose){ r->step, (int)i }, r->loose, error);
}

static gboolean check_shares(const JrReading *r, GError **error)
{
	const JrStep *s = jr_steps_at(r->place, r->step);
	double sum = 0;

	for (guint i = 0; i < s->n_arms; i++)
		sum += s->arms[i].share;
	if (sum > 0.999999 && sum < 1.000001)
		return TRUE;
	return jr_field_wrong(r->val, jr_steps_file(r->place), error,
			      "the shares and the holdout add up to %g: make "
			      "it 1",
			      sum);
}

gboolean jr_read_split(const JrReading *r, GError **error)
{
	static const JrField table[] = {
		JR_GIVEN_ID_AND_IF,
		{ "name", jr_workflow_text, JR_GIVEN_AT(name) },
		{ "arms", jr_workflow_any, JR_GIVEN_AT(arms) },
		{ "holdout", jr_field_rate, JR_GIVEN_AT(holdout) },
		{ NULL, NULL, 0 },
	};
	const JrPlace *place = r->place;
	JrStep *s = jr_steps_at(place, r->step);
	JrGiven g = { 0 };
	guint n;

	s->kind = JR_STEP_SPLIT;
	jr_steps_leave(r->loose, r->step, JR_END_NEXT);
	if (!jr_steps_given(place, r->step, r->val, table, &g, error) ||
	    !jr_steps_name(place, r->step, r->nth, r->val, error))
		return FALSE;
	if (!g.name || !g.arms || g.arms->type != JR_VAL_LIST ||
	    g.arms->len == 0)
		return jr_field_wrong(r->val, jr_steps_file(place), error,
				      "a split has a name and a list of arms");
	n = g.arms->len;
	s->name = g.name;
	s->n_arms = n + (g.holdout > 0 ? 1 : 0);
	s->arms = g_new0(JrArm, n + 1);
	if (g.holdout > 0) {
		s->arms[n] = (JrArm){ .name = "holdout", .share = g.holdout };
		s->arms[n].to = JR_STEP_END;
	}
	for (guint i = 0; i < n; i++)
		if (!read_split_arm(r, i, &g.arms->items[i], error))
			return FALSE;
	return check_shares(r, error);
}
