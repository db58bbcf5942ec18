/* Names that nobody knows. */
#include "base/suggest.h"
#include "rules/attrs.h"
#include "rules/lint_impl.h"

#include <string.h>

/* Attributes that jr gives a meaning to, whether anybody has them or not. */
static const char *const common[] = {
	"id",	       "email",		 "phone",    "sms_phone",
	"sms_consent", "whatsapp_phone", "timezone", "whatsapp_consent",
	"country",     "region",	 "locale",   "language",
	"created_at",  "unsubscribed",	 NULL,
};

static const char *const journeys[] = { "name", "run", "entered_at", "key",
					NULL };
static const char *const campaigns[] = { "id", "name", "type",
					 "subscription_topic", NULL };
static const char *const messages[] = { "id",	   "name",    "type",
					"purpose", "variant", NULL };

typedef enum {
	OF_CUSTOMER,
	OF_EVENT,
	OF_LIST,  /* its members are those listed */
	OF_ITSELF /* it has none that are looked at */
} Kind;

/* What a template's variable may begin with; else it is the customer's. */
static const struct {
	const char *name;
	Kind kind;
	const char *const *members;
} roots[] = {
	{ "customer", OF_CUSTOMER, NULL },
	{ "event", OF_EVENT, NULL },
	{ "trigger", OF_EVENT, NULL },
	{ "journey", OF_LIST, journeys },
	{ "campaign", OF_LIST, campaigns },
	{ "message", OF_LIST, messages },
	{ "workflow", OF_ITSELF, NULL },
	{ "snippets", OF_ITSELF, NULL },
	{ "delivery_id", OF_ITSELF, NULL },
	{ "event_name", OF_ITSELF, NULL },
	{ "event_id", OF_ITSELF, NULL },
	{ "event_timestamp", OF_ITSELF, NULL },
};

/* A name at its place. */
typedef struct {
	const JrLinter *l;
	const char *path; /* below its root */
	JrVal at;
	gboolean has_default;
} Name;

/* @path without what asks about the value itself: "[0].x", ".size". */
static char *plain_path(const char *path)
{
	static const char *const about[] = { ".size", ".first", ".last" };
	char *plain = g_strndup(path, strcspn(path, "["));

	for (guint i = 0; i < G_N_ELEMENTS(about); i++)
		if (g_str_has_suffix(plain, about[i]))
			plain[strlen(plain) - strlen(about[i])] = '\0';
	return plain;
}

/* Whether @path leads below @name, "tags.0" below "tags". */
static gboolean is_below(const char *path, const char *name)
{
	gsize len = strlen(name);

	return strncmp(path, name, len) == 0 && path[len] == '.';
}

/* Whether @path is one of @names, or a part of one whose parts nobody lists. */
static gboolean is_known(const char *path, const char *const *names)
{
	const char *part_of = NULL;
	gboolean has_parts = FALSE;

	for (guint i = 0; names[i]; i++) {
		if (g_str_equal(names[i], path))
			return TRUE;
		if (is_below(path, names[i]))
			part_of = names[i];
	}
	for (guint i = 0; part_of && names[i]; i++)
		has_parts |= is_below(names[i], part_of);
	return part_of && !has_parts;
}

/* "write 'first_name'", or a question when none is near.  Owned. */
static char *instead(const char *path, const char *const *names)
{
	const char *near = names ? jr_suggest(path, names) : NULL;

	return near ? g_strdup_printf("write '%s'", near)
		    : g_strdup("is it spelt so?");
}

static gboolean check_attribute_name(const Name *name)
{
	const char *const *known = name->l->ask->attributes;
	g_autofree char *path = plain_path(name->path);
	g_autofree char *hint = NULL;

	if (!known || is_known(path, known) || g_strv_contains(common, path))
		return TRUE;
	hint = instead(path, known);
	jr_lint_say(name->l, JR_LINT_WARNING, "unknown-attribute", &name->at, 0,
		    "nobody has the attribute '%s': %s", path, hint);
	return FALSE;
}

static void check_attribute_use(const Name *name)
{
	if (check_attribute_name(name) && !name->has_default)
		jr_lint_say(name->l, JR_LINT_ADVICE, "no-default", &name->at, 0,
			    "whoever lacks the attribute '%s' gets no message: "
			    "add `| default: …`, or ask for it with 'if: has "
			    "…'",
			    name->path);
}

/* Which properties @event is known to have; NULL: nobody knows. */
static const char *const *properties_of(const JrLinter *l, const char *event)
{
	const JrLintAsk *ask = l->ask;

	if (g_strcmp0(event, l->w->trigger.name) == 0)
		return ask->properties;
	return event && ask->properties_of
		       ? ask->properties_of(ask->known, event)
		       : NULL;
}

static void check_property(const Name *name, const char *event)
{
	const char *const *known = properties_of(name->l, event);
	g_autofree char *path = plain_path(name->path);
	g_autofree char *hint = NULL;

	if (!known || is_known(path, known))
		return;
	hint = instead(path, known);
	jr_lint_say(name->l, JR_LINT_WARNING, "unknown-property", &name->at, 0,
		    "no '%s' came with the property '%s': %s", event, path,
		    hint);
}

static void check_member_use(const Name *name, const char *root,
			     const char *const *members)
{
	g_autofree char *path = plain_path(name->path);
	g_autofree char *hint = NULL;

	if (is_known(path, members))
		return;
	hint = jr_suggest_write(path, members);
	jr_lint_say(name->l, JR_LINT_WARNING, "unknown-variable", &name->at, 0,
		    "'%s' has no '%s': %s", root, path, hint);
}

static void check_variable(gpointer user, const char *path,
			   gboolean has_default, guint line, guint column)
{
	gsize len = strcspn(path, ".[");
	Name name = { .l = user,
		      .at = { .line = line, .column = column },
		      .has_default = has_default };

	for (guint i = 0; i < G_N_ELEMENTS(roots); i++) {
		if (strncmp(roots[i].name, path, len) != 0 ||
		    roots[i].name[len] != '\0')
			continue;
		if (path[len] != '.' || roots[i].kind == OF_ITSELF)
			return;
		name.path = path + len + 1;
		if (roots[i].kind == OF_CUSTOMER)
			check_attribute_use(&name);
		else if (roots[i].kind == OF_EVENT)
			check_property(&name, name.l->w->trigger.name);
		else
			check_member_use(&name, roots[i].name,
					 roots[i].members);
		return;
	}
	name.path = path;
	check_attribute_use(&name);
}

static void check_attribute(gpointer user, const char *path, guint line,
			    guint column)
{
	const Name name = { .l = user,
			    .path = path,
			    .at = { .line = line, .column = column } };

	check_attribute_name(&name);
}

static void check_segment(gpointer user, const char *path, guint line,
			  guint column)
{
	const JrLinter *l = user;
	const JrVal at = { .line = line, .column = column };
	const char *const *known = l->ask->segments;
	g_autofree char *hint = NULL;

	if (!known || g_strv_contains(known, path))
		return;
	hint = known[0] ? jr_suggest_write(path, known)
			: g_strdup("write it into segments.yaml");
	jr_lint_say(l, JR_LINT_WARNING, "unknown-segment", &at, 0,
		    "there is no segment '%s': %s", path, hint);
}

/* A condition, and the event that it is asked about. */
typedef struct {
	const JrLinter *l;
	const char *event; /* NULL: none */
} Condition;

static void check_own(gpointer user, const char *path, guint line, guint column)
{
	const Condition *condition = user;
	const Name name = { .l = condition->l,
			    .path = path,
			    .at = { .line = line, .column = column } };

	check_property(&name, condition->event);
}

/* Of an event that an expression looks up. */
static void check_looked(gpointer user, const JrExprLooked *looked)
{
	const Name name = { .l = user,
			    .path = looked->path,
			    .at = { .line = looked->line,
				    .column = looked->column } };

	check_property(&name, looked->event);
}

static void check_trigger(gpointer user, const char *path, guint line,
			  guint column)
{
	const JrLinter *l = ((const Condition *)user)->l;
	Condition of_trigger = { l, l->w->trigger.name };

	check_own(&of_trigger, path, line, column);
}

static void check_condition(const JrLinter *l, const JrExpr *expr,
			    const char *event)
{
	static const JrExprVisitor visitor = { .property = check_own,
					       .trigger = check_trigger };
	Condition condition = { l, event };

	if (expr)
		jr_expr_visit(expr, &visitor, &condition);
}

/* Properties that conditions name. */
static void check_conditions(const JrLinter *l)
{
	const JrWorkflow *w = l->w;
	const char *trigger = w->trigger.name;

	check_condition(l, w->trigger.where, trigger);
	check_condition(l, w->filter, trigger);
	check_condition(l, w->goal.where,
			w->goal.kind == JR_GOAL_EVENT ? w->goal.name : NULL);
	for (guint i = 0; i < w->n_steps; i++) {
		const JrStep *step = &w->steps[i];

		check_condition(l, step->test, trigger);
		for (guint j = 0; j < step->n_arms; j++)
			check_condition(l, step->arms[j].test,
					step->arms[j].event
						? step->arms[j].event
						: trigger);
	}
}

/* An event that never came may be new; not one that is almost another. */
static void check_event(const JrLinter *l, const char *name, guint line,
			guint column)
{
	const char *const *known = l->ask->events;
	const JrVal at = { .line = line, .column = column };
	const char *near;

	if (!known || g_strv_contains(known, name))
		return;
	near = jr_suggest(name, known);
	if (near)
		jr_lint_say(l, JR_LINT_WARNING, "unknown-event", &at, 0,
			    "no '%s' came: write '%s'", name, near);
}

/* Events that it waits for. */
static void check_events(const JrLinter *l)
{
	const JrWorkflow *w = l->w;
	const JrTrigger *t = &w->trigger;

	if (t->kind == JR_TRIGGER_EVENT)
		check_event(l, t->name, t->line, t->column);
	if (w->goal.name && w->goal.kind == JR_GOAL_EVENT)
		check_event(l, w->goal.name, w->goal.line, w->goal.column);
	for (char **event = w->exit.events; *event; event++)
		check_event(l, *event, w->exit.line, w->exit.column);
	for (guint i = 0; i < w->n_steps; i++) {
		const JrStep *step = &w->steps[i];

		for (guint j = 0; j < step->n_arms; j++)
			if (step->arms[j].event)
				check_event(l, step->arms[j].event, step->line,
					    step->column);
	}
}

/* Attributes that a workflow may not set. */
static void check_sets(const JrLinter *l, const JrStep *step)
{
	const JrVal *given = step->form ? jr_form_val(step->form) : NULL;

	if (step->kind != JR_STEP_SET || !given || given->type != JR_VAL_MAP)
		return;
	for (guint32 i = 0; i < given->len; i++) {
		const JrMember *member = &given->members[i];
		const JrVal at = { .line = member->key_line,
				   .column = member->key_column };

		if (jr_attr_is_theirs(member->key))
			jr_lint_say(l, JR_LINT_WARNING, "not-settable", &at, 0,
				    "'%s' is the person's to say, so nothing "
				    "is set: leave it out",
				    member->key);
	}
}

/* What conditions, trigger, goal and templates name. */
void jr_lint_names(const JrLinter *l)
{
	static const JrExprVisitor visitor = { .segment = check_segment,
					       .attribute = check_attribute,
					       .looked = check_looked };
	const JrTrigger *t = &l->w->trigger;

	jr_workflow_visit(l->w, &visitor, (gpointer)l);
	check_conditions(l);
	check_events(l);
	for (guint i = 0; i < l->w->n_steps; i++)
		check_sets(l, &l->w->steps[i]);
	if (t->kind == JR_TRIGGER_ENTERS || t->kind == JR_TRIGGER_LEAVES ||
	    t->kind == JR_TRIGGER_SCHEDULE)
		check_segment((gpointer)l, t->name, t->line, t->column);
	if (t->kind == JR_TRIGGER_DATE)
		check_attribute((gpointer)l, t->attribute, t->line, t->column);
	if (l->w->goal.name && l->w->goal.kind != JR_GOAL_EVENT)
		check_segment((gpointer)l, l->w->goal.name, l->w->goal.line,
			      l->w->goal.column);
	jr_workflow_visit_names(l->w, check_variable, (gpointer)l);
}
