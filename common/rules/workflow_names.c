/* workflow_names.c - what a workflow's templates and conditions ask for. */
#include "base/error.h"
#include "rules/workflow_impl.h"

#include <string.h>

static void visit_message(const JrMessageStep *message, JrLiquidVarFn each,
			  gpointer user)
{
	for (guint i = 0; i < message->n_variants; i++)
		for (guint part = 0; part <= JR_PART_LAST; part++)
			if (message->variants[i].parts[part])
				jr_liquid_visit(
					message->variants[i].parts[part], each,
					user);
	if (message->data)
		jr_form_visit(message->data, each, user);
	if (message->options)
		jr_form_visit(message->options, each, user);
}

void jr_workflow_visit_names(const JrWorkflow *workflow, JrLiquidVarFn each,
			     gpointer user)
{
	for (guint i = 0; i < workflow->n_steps; i++) {
		const JrStep *step = &workflow->steps[i];

		if (step->form)
			jr_form_visit(step->form, each, user);
		if (step->message)
			visit_message(step->message, each, user);
	}
}

/* The first that cannot be there. */
typedef struct {
	const JrWorkflow *w;
	gboolean has_event;
	GError *error;
} Check;

static void refuse(Check *check, guint line, guint column, char *what)
{
	check->error = g_error_new_literal(JR_ERROR, JR_ERROR_CONFIG, what);
	jr_error_at(&check->error, check->w->file, line, column);
	g_free(what);
}

/* What only an event, or a record, brings along. */
static gboolean is_of_event(const char *path)
{
	static const char *const names[] = { "event",		"trigger",
					     "event_name",	"event_id",
					     "event_timestamp", NULL };
	g_autofree char *root = g_strndup(path, strcspn(path, "."));

	return g_strv_contains(names, root);
}

static void check_name(gpointer user, const char *path,
		       gboolean has_default G_GNUC_UNUSED, guint line,
		       guint column)
{
	Check *check = user;

	if (check->error)
		return;
	if (!check->has_event && is_of_event(path))
		refuse(check, line, column,
		       g_strdup_printf("'%s': no event triggers this workflow: "
				       "write an attribute, customer.…",
				       path));
	else if (g_str_has_prefix(path, "snippets."))
		refuse(check, line, column,
		       g_strdup_printf("no snippet '%s', or filters behind it: "
				       "make one, or write "
				       "{%% render 'NAME' %%}",
				       path + strlen("snippets.")));
}

/* ---- conditions ---- */

static void refuse_path(Check *check, const char *root, const char *path,
			const JrVal *at)
{
	if (!check->error)
		refuse(check, at->line, at->column,
		       g_strdup_printf("'%s.%s': no event triggers this "
				       "workflow: write an attribute",
				       root, path));
}

static void refuse_property(gpointer user, const char *path, guint line,
			    guint column)
{
	const JrVal at = { .line = line, .column = column };

	refuse_path(user, "event", path, &at);
}

static void refuse_trigger(gpointer user, const char *path, guint line,
			   guint column)
{
	const JrVal at = { .line = line, .column = column };

	refuse_path(user, "trigger", path, &at);
}

/* @own: the condition is about an event of its own. */
static void check_condition(Check *check, const JrExpr *expr, gboolean own)
{
	const JrExprVisitor visitor = { .property =
						own ? NULL : refuse_property,
					.trigger = refuse_trigger };

	if (expr)
		jr_expr_visit(expr, &visitor, check);
}

static void check_step(Check *check, const JrStep *step)
{
	const JrVal at = { .line = step->line, .column = step->column };
	const char *date = step->kind == JR_STEP_WAIT ? step->wait.date : NULL;

	check_condition(check, step->test, FALSE);
	for (guint i = 0; i < step->n_arms; i++)
		check_condition(check, step->arms[i].test,
				step->arms[i].event != NULL);
	if (date && g_str_has_prefix(date, "event."))
		refuse_path(check, "event", date + strlen("event."), &at);
}

static void check_conditions(Check *check)
{
	const JrWorkflow *w = check->w;

	check_condition(check, w->trigger.where, FALSE);
	check_condition(check, w->filter, FALSE);
	check_condition(check, w->goal.where, w->goal.kind == JR_GOAL_EVENT);
	for (guint i = 0; i < w->n_steps; i++)
		check_step(check, &w->steps[i]);
}

gboolean jr_workflow_check_names(const JrWorkflow *w, GError **error)
{
	JrTriggerKind kind = w->trigger.kind;
	Check check = { .w = w,
			.has_event = kind == JR_TRIGGER_EVENT ||
				     kind == JR_TRIGGER_RECORD };

	if (!check.has_event)
		check_conditions(&check);
	jr_workflow_visit_names(w, check_name, &check);
	if (!check.error)
		return TRUE;
	g_propagate_error(error, check.error);
	return FALSE;
}
