/*
 * workflow_steps.c - the steps of a journey, laid flat.
 *
 * A list of steps is read in order; each is appended to the one array when it
 * is met.  Where a list ends is not known while it is read: such loose ends
 * are collected, and tied to the step that comes next.  What has arms leaves
 * its own `next` loose as well: that is where it goes when its `if` fails.
 */
#include "rules/workflow_steps.h"
#include "base/suggest.h"

static gboolean read_list(const JrPlace *place, const JrVal *list, int *first,
			  GArray *loose, GError **error);

JrStep *jr_steps_at(const JrPlace *place, int step)
{
	return &g_array_index(place->reader->steps, JrStep, step);
}

const char *jr_steps_file(const JrPlace *place)
{
	return place->reader->whole->file;
}

void jr_steps_leave(GArray *loose, int step, int end)
{
	JrLoose l = { step, end };

	g_array_append_val(loose, l);
}

/* All of @loose goes on at @step. */
static void tie(const JrPlace *place, GArray *loose, int to)
{
	for (guint i = 0; i < loose->len; i++) {
		const JrLoose *l = &g_array_index(loose, JrLoose, i);
		JrStep *step = jr_steps_at(place, l->step);

		if (l->end == JR_END_NEXT)
			step->next = to;
		else if (l->end == JR_END_OTHERWISE)
			step->otherwise = to;
		else
			step->arms[l->end].to = to;
	}
	g_array_set_size(loose, 0);
}

gboolean jr_steps_arm(const JrPlace *place, int step, const char *name,
		      const JrVal *list, JrLoose end, GArray *loose,
		      GError **error)
{
	g_autofree char *prefix =
		g_strdup_printf("%s.%s.", jr_steps_at(place, step)->id, name);
	const JrPlace below = { place->reader, prefix, place->depth + 1 };
	int first = JR_STEP_END;
	g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(JrLoose));

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

void jr_given_clear(JrGiven *given)
{
	g_clear_pointer(&given->test, jr_expr_free);
	g_clear_pointer(&given->where, jr_expr_free);
	g_clear_pointer(&given->condition, jr_expr_free);
}

gboolean jr_steps_given(const JrPlace *place, int step, const JrVal *val,
			const JrField *table, JrGiven *given, GError **error)
{
	gboolean ok = jr_fields_read(val, table, jr_steps_file(place), given,
				     error) &&
		      jr_workflow_say_once(jr_steps_at(place, step), val,
					   jr_steps_file(place), given->id,
					   &given->test, error);

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

gboolean jr_steps_name(const JrPlace *place, int step, guint nth,
		       const JrVal *val, GError **error)
{
	JrStep *s = jr_steps_at(place, step);
	char *id = s->id ? g_strdup(s->id)
			 : g_strdup_printf("%s%u", place->prefix, nth);

	s->id_given = s->id != NULL;
	for (const char *c = id; *c; c++)
		if (g_ascii_iscntrl(*c)) {
			g_free(id);
			return jr_field_wrong(val, jr_steps_file(place), error,
					      "an id is one line without "
					      "tabs: write another");
		}
	if (!g_hash_table_add(place->reader->whole->ids, id))
		return jr_field_wrong(val, jr_steps_file(place), error,
				      "two steps with the id '%s': name one "
				      "differently",
				      id);
	s->id = id;
	return TRUE;
}

/* To add a step: a kind in workflow.h, a function and a row here, the journey
 * engine's row, and jr-workflow(5). */
static const struct {
	const char *key;
	gboolean (*read)(const JrReading *r, GError **error);
} kinds[] = {
	{ "sms", jr_read_sms },	      { "push", jr_read_push },
	{ "email", jr_read_email },   { "whatsapp", jr_read_whatsapp },
	{ "wait", jr_read_wait },     { "wait_for", jr_read_wait_for },
	{ "branch", jr_read_branch }, { "split", jr_read_split },
	{ "set", jr_read_set },	      { "track", jr_read_track },
	{ "emit", jr_read_emit },     { "exit", jr_read_exit },
};

static gboolean unknown_step(const JrPlace *place, const JrMember *member,
			     GError **error)
{
	const char *known[G_N_ELEMENTS(kinds) + 1] = { NULL };
	const JrVal at = { .line = member->key_line,
			   .column = member->key_column };
	g_autofree char *write = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		known[i] = kinds[i].key;
	write = jr_suggest_write(member->key, known);
	return jr_field_wrong(&at, jr_steps_file(place), error,
			      "unknown step '%s': %s", member->key, write);
}

/* Read what stands beside the kind; the place of the kind in @val, or -1. */
static int read_beside(const JrPlace *place, const JrVal *val, JrStep *step,
		       GError **error)
{
	int kind = -1;

	for (guint32 i = 0; val->type == JR_VAL_MAP && i < val->len; i++) {
		const JrMember *m = &val->members[i];
		gboolean ok = TRUE;

		if (g_str_equal(m->key, "id"))
			ok = jr_workflow_text(&m->val, jr_steps_file(place),
					      &step->id, error);
		else if (g_str_equal(m->key, "if"))
			ok = jr_workflow_expr(&m->val, jr_steps_file(place),
					      &step->test, error);
		else if (kind >= 0)
			ok = jr_field_wrong(val, jr_steps_file(place), error,
					    "two steps in one, '%s' and '%s': "
					    "begin each with a '-'",
					    val->members[kind].key, m->key);
		else
			kind = (int)i;
		if (!ok)
			return -1;
	}
	if (kind < 0)
		jr_field_wrong(val, jr_steps_file(place), error,
			       "no step: write one, like '- wait: 1d'");
	return kind;
}

static gboolean read_kind(const JrPlace *place, const JrMember *member,
			  guint nth, GArray *loose, GError **error)
{
	const JrReading r = { place, &member->val,
			      (int)place->reader->steps->len - 1, nth, loose };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_equal(kinds[i].key, member->key))
			return kinds[i].read(&r, error);
	return unknown_step(place, member, error);
}

static gboolean read_step(const JrPlace *place, const JrVal *val, guint nth,
			  GArray *loose, GError **error)
{
	GArray *steps = place->reader->steps;
	JrStep step = { .next = JR_STEP_END,
			.otherwise = JR_STEP_END,
			.line = val->line,
			.column = val->column };
	int kind;

	if (steps->len >= JR_WORKFLOW_MAX_STEPS)
		return jr_field_wrong(val, jr_steps_file(place), error,
				      "more than %d steps: make it two "
				      "workflows",
				      JR_WORKFLOW_MAX_STEPS);
	kind = read_beside(place, val, &step, error);
	/* Also when it is wrong: the workflow frees it. */
	g_array_append_val(steps, step);
	return kind >= 0 &&
	       read_kind(place, &val->members[kind], nth, loose, error);
}

static gboolean read_list(const JrPlace *place, const JrVal *list, int *first,
			  GArray *loose, GError **error)
{
	g_autoptr(GArray) mine = g_array_new(FALSE, FALSE, sizeof(JrLoose));

	if (list->type != JR_VAL_LIST)
		return jr_field_wrong(list, jr_steps_file(place), error,
				      "%s where steps are due: write a list, "
				      "like '- wait: 1d'",
				      jr_val_type_name(list));
	if (place->depth > JR_WORKFLOW_MAX_DEPTH)
		return jr_field_wrong(list, jr_steps_file(place), error,
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
	const JrPlace place = { reader, "", 0 };
	g_autoptr(GArray) loose = g_array_new(FALSE, FALSE, sizeof(JrLoose));
	int first;

	if (!read_list(&place, val, &first, loose, error))
		return FALSE;
	tie(&place, loose, JR_STEP_END);
	return TRUE;
}
