/*
 * workflow_steps.c - the steps of a journey, laid flat.
 *
 * A list of steps is read in order; each is appended to the one array when it
 * is met.  Where a list ends is not known while it is read: such loose ends
 * are collected, and tied to the step that comes next.  What has arms leaves
 * its own `next` loose as well: that is where it goes when its `if` fails.
 */
#include "rules/workflow_impl.h"
#include "base/suggest.h"

/* What of a step is not tied yet. */
enum { END_NEXT = -1, END_OTHERWISE = -2 }; /* from 0: an arm */

typedef struct {
	int step, end;
} Loose;

/* Where we are in the file. */
typedef struct {
	JrWorkflowReader *reader;
	const char *prefix; /* of ids: "2.then." */
	guint depth;
} Place;

static gboolean read_list(const Place *place, const JrVal *list, int *first,
			  GArray *loose, GError **error);

static JrStep *step_at(const Place *place, int step)
{
	return &g_array_index(place->reader->steps, JrStep, step);
}

static const char *file_of(const Place *place)
{
	return place->reader->whole->file;
}

static void leave_loose(GArray *loose, int step, int end)
{
	Loose l = { step, end };

	g_array_append_val(loose, l);
}

/* All of @loose goes on at @step. */
static void tie(const Place *place, GArray *loose, int to)
{
	for (guint i = 0; i < loose->len; i++) {
		const Loose *l = &g_array_index(loose, Loose, i);
		JrStep *step = step_at(place, l->step);

		if (l->end == END_NEXT)
			step->next = to;
		else if (l->end == END_OTHERWISE)
			step->otherwise = to;
		else
			step->arms[l->end].to = to;
	}
	g_array_set_size(loose, 0);
}

/* The steps below @step, in the arm named @name: *@to is where they begin, or
 * is left loose when there are none. */
static gboolean read_arm(const Place *place, int step, const char *name,
			 const JrVal *list, Loose end, GArray *loose,
			 GError **error)
{
	g_autofree char *prefix =
		g_strdup_printf("%s.%s.", step_at(place, step)->id, name);
	const Place below = { place->reader, prefix, place->depth + 1 };
	int first = JR_STEP_END;
	g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(Loose));

	if (!list || (list->type == JR_VAL_LIST && list->len == 0)) {
		g_array_append_val(loose, end);
		return TRUE;
	}
	if (!read_list(&below, list, &first, loose, error))
		return FALSE;
	g_array_append_val(one, end);
	tie(place, one, first);
	return TRUE;
}

/* --- what a step may be --- */

/* All that any step but a message may say beside its own. */
typedef struct {
	const char *id, *name, *event;
	JrExpr *test, *where, *condition;
	const JrVal *then, *otherwise, *timeout, *arms, *form, *steps;
	double share, holdout;
	gboolean has_share;
} Given;

#define AT(field) G_STRUCT_OFFSET(Given, field)
#define ID_AND_IF                                                              \
	{ "id", jr_workflow_text, AT(id) },                                    \
	{                                                                      \
		"if", jr_workflow_expr, AT(test)                               \
	}

static void free_given(Given *given)
{
	g_clear_pointer(&given->test, jr_expr_free);
	g_clear_pointer(&given->where, jr_expr_free);
	g_clear_pointer(&given->condition, jr_expr_free);
}

static gboolean read_given(const Place *place, int step, const JrVal *val,
			   const JrField *table, Given *given, GError **error)
{
	gboolean ok =
		jr_fields_read(val, table, file_of(place), given, error) &&
		jr_workflow_say_once(step_at(place, step), val, file_of(place),
				     given->id, &given->test, error);

	g_clear_pointer(&given->test, jr_expr_free);
	return ok;
}

gboolean jr_workflow_say_once(JrStep *step, const JrVal *val, const char *file,
			      const char *id, JrExpr **test, GError **error)
{
	if ((id && step->id) || (*test && step->test))
		return jr_field_wrong(val, file, error,
				      "%s stands beside the step and in it: "
				      "write it once",
				      id && step->id ? "id" : "if");
	if (id)
		step->id = id;
	if (*test)
		step->test = g_steal_pointer(test);
	return TRUE;
}

/* The id that stands there, or the place in the file; each is one step's. */
static gboolean name_step(const Place *place, int step, guint nth,
			  const JrVal *val, GError **error)
{
	JrStep *s = step_at(place, step);
	char *id = s->id ? g_strdup(s->id)
			 : g_strdup_printf("%s%u", place->prefix, nth);

	s->id_given = s->id != NULL;
	if (!g_hash_table_add(place->reader->whole->ids, id))
		return jr_field_wrong(val, file_of(place), error,
				      "two steps with the id '%s': name one "
				      "differently",
				      id);
	s->id = id;
	return TRUE;
}

typedef struct {
	const Place *place;
	const JrVal *val;
	int step;
	guint nth;
	GArray *loose;
} Reading;

static gboolean read_message(const Reading *r, JrChannel channel,
			     GError **error)
{
	JrStep step = *step_at(r->place, r->step);
	gboolean ok = jr_workflow_message(r->place->reader, r->val, channel,
					  &step, error);

	step.kind = JR_STEP_MESSAGE;
	*step_at(r->place, r->step) = step;
	leave_loose(r->loose, r->step, END_NEXT);
	return ok && name_step(r->place, r->step, r->nth, r->val, error);
}

static gboolean read_sms(const Reading *r, GError **error)
{
	return read_message(r, JR_CHANNEL_SMS, error);
}

static gboolean read_push(const Reading *r, GError **error)
{
	return read_message(r, JR_CHANNEL_PUSH, error);
}

static gboolean read_email(const Reading *r, GError **error)
{
	return read_message(r, JR_CHANNEL_EMAIL, error);
}

static gboolean read_whatsapp(const Reading *r, GError **error)
{
	return read_message(r, JR_CHANNEL_WHATSAPP, error);
}

static gboolean read_wait(const Reading *r, GError **error)
{
	JrStep *s = step_at(r->place, r->step);

	s->kind = JR_STEP_WAIT;
	leave_loose(r->loose, r->step, END_NEXT);
	return jr_workflow_wait(r->val, file_of(r->place), &s->wait, error) &&
	       name_step(r->place, r->step, r->nth, r->val, error);
}

static gboolean read_exit(const Reading *r, GError **error)
{
	JrStep *s = step_at(r->place, r->step);

	s->kind = JR_STEP_EXIT;
	if (s->test)
		leave_loose(r->loose, r->step, END_NEXT);
	if (r->val->type != JR_VAL_NULL &&
	    !(r->val->type == JR_VAL_BOOL && r->val->yes))
		return jr_field_wrong(r->val, file_of(r->place), error,
				      "nothing belongs behind exit: write "
				      "'- exit:'");
	return name_step(r->place, r->step, r->nth, r->val, error);
}

/* --- wait_for --- */

static gboolean read_wait_for(const Reading *r, GError **error)
{
	static const JrField table[] = {
		ID_AND_IF,
		{ "event", jr_workflow_text, AT(event) },
		{ "where", jr_workflow_expr, AT(where) },
		{ "condition", jr_workflow_expr, AT(condition) },
		{ "timeout", jr_workflow_any, AT(timeout) },
		{ "then", jr_workflow_any, AT(then) },
		{ "else", jr_workflow_any, AT(otherwise) },
		{ NULL, NULL, 0 },
	};
	const Place *place = r->place;
	Given g = { 0 };
	JrStep *s = step_at(place, r->step);
	gboolean ok;

	s->kind = JR_STEP_WAIT_FOR;
	s->arms = g_new0(JrArm, 1);
	s->n_arms = 1;
	ok = read_given(place, r->step, r->val, table, &g, error) &&
	     name_step(place, r->step, r->nth, r->val, error);
	s->arms[0].event = g.event;
	s->arms[0].test = g.event ? g_steal_pointer(&g.where)
				  : g_steal_pointer(&g.condition);
	if (ok &&
	    (!!g.event + !!s->arms[0].test == 0 || (g.event && g.condition)))
		ok = jr_field_wrong(r->val, file_of(place), error,
				    "wait for what: write event, perhaps with "
				    "where, or condition");
	if (ok && g.timeout) {
		s->has_timeout = TRUE;
		ok = jr_field_span(g.timeout, file_of(place), &s->timeout,
				   error);
	}
	leave_loose(r->loose, r->step, END_NEXT);
	ok = ok &&
	     read_arm(place, r->step, "then", g.then, (Loose){ r->step, 0 },
		      r->loose, error) &&
	     read_arm(place, r->step, "else", g.otherwise,
		      (Loose){ r->step, END_OTHERWISE }, r->loose, error);
	free_given(&g);
	return ok;
}

/* --- branch --- */

/* The last of a branch's list may be its else. */
static const JrVal *else_of(const JrVal *list)
{
	const JrVal *last = list->len > 0 ? &list->items[list->len - 1] : NULL;

	return jr_val_get(last, "else");
}

static gboolean read_branch_arm(const Reading *r, guint i, const JrVal *val,
				GError **error)
{
	static const JrField table[] = {
		{ "if", jr_workflow_expr, AT(test) },
		{ "then", jr_workflow_any, AT(then) },
		{ NULL, NULL, 0 },
	};
	g_autofree char *name = g_strdup_printf("if%u", i + 1);
	Given g = { 0 };
	gboolean ok = jr_fields_read(val, table, file_of(r->place), &g, error);

	step_at(r->place, r->step)->arms[i].test = g.test;
	if (ok && !g.test)
		ok = jr_field_wrong(val, file_of(r->place), error,
				    "a way without a condition: write if, or "
				    "else as the last");
	return ok && read_arm(r->place, r->step, name, g.then,
			      (Loose){ r->step, (int)i }, r->loose, error);
}

static gboolean read_branch(const Reading *r, GError **error)
{
	const JrVal *list = r->val;
	JrStep *s = step_at(r->place, r->step);
	const JrVal *otherwise;

	s->kind = JR_STEP_BRANCH;
	if (list->type != JR_VAL_LIST || list->len == 0)
		return jr_field_wrong(list, file_of(r->place), error,
				      "a branch is a list: write '- if: ...' "
				      "with 'then:', and '- else:' as the "
				      "last");
	otherwise = else_of(list);
	s->n_arms = list->len - (otherwise ? 1 : 0);
	s->arms = g_new0(JrArm, s->n_arms + 1);
	leave_loose(r->loose, r->step, END_NEXT);
	if (!name_step(r->place, r->step, r->nth, list, error))
		return FALSE;
	for (guint i = 0; i < list->len - (otherwise ? 1 : 0); i++)
		if (!read_branch_arm(r, i, &list->items[i], error))
			return FALSE;
	return read_arm(r->place, r->step, "else", otherwise,
			(Loose){ r->step, END_OTHERWISE }, r->loose, error);
}

/* --- split --- */

static gboolean read_share(const JrVal *val, const char *file, gpointer at,
			   GError **error)
{
	Given *g = at;

	g->has_share = TRUE;
	return jr_field_rate(val, file, &g->share, error);
}

static gboolean read_split_arm(const Reading *r, guint i, const JrVal *val,
			       GError **error)
{
	static const JrField table[] = {
		{ "name", jr_workflow_text, AT(name) },
		{ "share", read_share, 0 },
		{ "steps", jr_workflow_any, AT(steps) },
		{ NULL, NULL, 0 },
	};
	Given g = { 0 };
	JrArm *arm;

	if (!jr_fields_read(val, table, file_of(r->place), &g, error))
		return FALSE;
	if (!g.name || !g.has_share)
		return jr_field_wrong(val, file_of(r->place), error,
				      "an arm has a name and a share from 0 to "
				      "1");
	arm = &step_at(r->place, r->step)->arms[i];
	arm->name = g.name;
	arm->share = g.share;
	return read_arm(r->place, r->step, g.name, g.steps,
			(Loose){ r->step, (int)i }, r->loose, error);
}

static gboolean check_shares(const Reading *r, GError **error)
{
	const JrStep *s = step_at(r->place, r->step);
	double sum = 0;

	for (guint i = 0; i < s->n_arms; i++)
		sum += s->arms[i].share;
	if (sum > 0.999999 && sum < 1.000001)
		return TRUE;
	return jr_field_wrong(r->val, file_of(r->place), error,
			      "the shares and the holdout add up to %g: make "
			      "it 1",
			      sum);
}

static gboolean read_split(const Reading *r, GError **error)
{
	static const JrField table[] = {
		ID_AND_IF,
		{ "name", jr_workflow_text, AT(name) },
		{ "arms", jr_workflow_any, AT(arms) },
		{ "holdout", jr_field_rate, AT(holdout) },
		{ NULL, NULL, 0 },
	};
	const Place *place = r->place;
	JrStep *s = step_at(place, r->step);
	Given g = { 0 };
	guint n;

	s->kind = JR_STEP_SPLIT;
	leave_loose(r->loose, r->step, END_NEXT);
	if (!read_given(place, r->step, r->val, table, &g, error) ||
	    !name_step(place, r->step, r->nth, r->val, error))
		return FALSE;
	if (!g.name || !g.arms || g.arms->type != JR_VAL_LIST ||
	    g.arms->len == 0)
		return jr_field_wrong(r->val, file_of(place), error,
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

/* --- set, track, emit --- */

static gboolean set_form(const Reading *r, JrStepKind kind, const JrVal *val,
			 GError **error)
{
	const JrWorkflowSource *source = r->place->reader->source;
	JrStep *s = step_at(r->place, r->step);

	s->kind = kind;
	leave_loose(r->loose, r->step, END_NEXT);
	if (!val || val->type != JR_VAL_MAP || val->len == 0)
		return jr_field_wrong(val ? val : r->val, file_of(r->place),
				      error,
				      "nothing to %s: write 'key: value' lines",
				      jr_step_kind_name(kind));
	s->form = jr_form_new(val, file_of(r->place), source->snippet,
			      source->snippet_data, error);
	return s->form != NULL;
}

static gboolean read_set(const Reading *r, GError **error)
{
	return set_form(r, JR_STEP_SET, r->val, error) &&
	       name_step(r->place, r->step, r->nth, r->val, error);
}

static gboolean read_emit(const Reading *r, GError **error)
{
	return set_form(r, JR_STEP_EMIT, r->val, error) &&
	       name_step(r->place, r->step, r->nth, r->val, error);
}

static gboolean read_track(const Reading *r, GError **error)
{
	static const JrField table[] = {
		ID_AND_IF,
		{ "event", jr_workflow_text, AT(name) },
		{ "properties", jr_workflow_any, AT(form) },
		{ NULL, NULL, 0 },
	};
	Given g = { 0 };

	step_at(r->place, r->step)->kind = JR_STEP_TRACK;
	if (!read_given(r->place, r->step, r->val, table, &g, error) ||
	    !name_step(r->place, r->step, r->nth, r->val, error))
		return FALSE;
	step_at(r->place, r->step)->name = g.name;
	if (!g.name)
		return jr_field_wrong(r->val, file_of(r->place), error,
				      "track what: write event");
	if (g.form)
		return set_form(r, JR_STEP_TRACK, g.form, error);
	leave_loose(r->loose, r->step, END_NEXT);
	return TRUE;
}

/* To add a step: a kind in workflow.h, a function and a row here, the journey
 * engine's row, and jr-workflow(5). */
static const struct {
	const char *key;
	gboolean (*read)(const Reading *r, GError **error);
} kinds[] = {
	{ "sms", read_sms },	   { "push", read_push },
	{ "email", read_email },   { "whatsapp", read_whatsapp },
	{ "wait", read_wait },	   { "wait_for", read_wait_for },
	{ "branch", read_branch }, { "split", read_split },
	{ "set", read_set },	   { "track", read_track },
	{ "emit", read_emit },	   { "exit", read_exit },
};

static gboolean unknown_step(const Place *place, const JrMember *member,
			     GError **error)
{
	const char *known[G_N_ELEMENTS(kinds) + 1] = { NULL };
	const JrVal at = { .line = member->key_line,
			   .column = member->key_column };
	g_autofree char *write = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		known[i] = kinds[i].key;
	write = jr_suggest_write(member->key, known);
	return jr_field_wrong(&at, file_of(place), error,
			      "unknown step '%s': %s", member->key, write);
}

/* Read what stands beside the kind; the place of the kind in @val, or -1. */
static int read_beside(const Place *place, const JrVal *val, JrStep *step,
		       GError **error)
{
	int kind = -1;

	for (guint32 i = 0; val->type == JR_VAL_MAP && i < val->len; i++) {
		const JrMember *m = &val->members[i];
		gboolean ok = TRUE;

		if (g_str_equal(m->key, "id"))
			ok = jr_workflow_text(&m->val, file_of(place),
					      &step->id, error);
		else if (g_str_equal(m->key, "if"))
			ok = jr_workflow_expr(&m->val, file_of(place),
					      &step->test, error);
		else if (kind >= 0)
			ok = jr_field_wrong(val, file_of(place), error,
					    "two steps in one, '%s' and '%s': "
					    "begin each with a '-'",
					    val->members[kind].key, m->key);
		else
			kind = (int)i;
		if (!ok)
			return -1;
	}
	if (kind < 0)
		jr_field_wrong(val, file_of(place), error,
			       "no step: write one, like '- wait: 1d'");
	return kind;
}

static gboolean read_kind(const Place *place, const JrMember *member, guint nth,
			  GArray *loose, GError **error)
{
	const Reading r = { place, &member->val,
			    (int)place->reader->steps->len - 1, nth, loose };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_equal(kinds[i].key, member->key))
			return kinds[i].read(&r, error);
	return unknown_step(place, member, error);
}

static gboolean read_step(const Place *place, const JrVal *val, guint nth,
			  GArray *loose, GError **error)
{
	GArray *steps = place->reader->steps;
	JrStep step = { .next = JR_STEP_END,
			.otherwise = JR_STEP_END,
			.line = val->line,
			.column = val->column };
	int kind;

	if (steps->len >= JR_WORKFLOW_MAX_STEPS)
		return jr_field_wrong(val, file_of(place), error,
				      "more than %d steps: make it two "
				      "workflows",
				      JR_WORKFLOW_MAX_STEPS);
	kind = read_beside(place, val, &step, error);
	/* Also when it is wrong: the workflow frees it. */
	g_array_append_val(steps, step);
	return kind >= 0 &&
	       read_kind(place, &val->members[kind], nth, loose, error);
}

static gboolean read_list(const Place *place, const JrVal *list, int *first,
			  GArray *loose, GError **error)
{
	g_autoptr(GArray) mine = g_array_new(FALSE, FALSE, sizeof(Loose));

	if (list->type != JR_VAL_LIST)
		return jr_field_wrong(list, file_of(place), error,
				      "%s where steps are due: write a list, "
				      "like '- wait: 1d'",
				      jr_val_type_name(list));
	if (place->depth > JR_WORKFLOW_MAX_DEPTH)
		return jr_field_wrong(list, file_of(place), error,
				      "steps nested deeper than %d: make it "
				      "two workflows",
				      JR_WORKFLOW_MAX_DEPTH);
	*first = (int)place->reader->steps->len;
	for (guint32 i = 0; i < list->len; i++) {
		int at = (int)place->reader->steps->len;

		tie(place, mine, at);
		if (!read_step(place, &list->items[i], i + 1, mine, error))
			return FALSE;
	}
	g_array_append_vals(loose, mine->data, mine->len);
	return TRUE;
}

gboolean jr_workflow_steps(JrWorkflowReader *reader, const JrVal *val,
			   GError **error)
{
	const Place place = { reader, "", 0 };
	g_autoptr(GArray) loose = g_array_new(FALSE, FALSE, sizeof(Loose));
	int first;

	if (!read_list(&place, val, &first, loose, error))
		return FALSE;
	tie(&place, loose, JR_STEP_END);
	return TRUE;
}
