#include "rules/workflow.h"
#include "base/error.h"
#include "base/suggest.h"
#include "rules/workflow_impl.h"

#include <string.h>

static const char *const trigger_kinds[] = {
	[JR_TRIGGER_EVENT] = "event",	    [JR_TRIGGER_ENTERS] = "enters",
	[JR_TRIGGER_LEAVES] = "leaves",	    [JR_TRIGGER_DATE] = "date",
	[JR_TRIGGER_SCHEDULE] = "schedule", [JR_TRIGGER_RECORD] = "record",
};

static const char *const step_kinds[] = {
	[JR_STEP_MESSAGE] = "message",	 [JR_STEP_WAIT] = "wait",
	[JR_STEP_WAIT_FOR] = "wait_for", [JR_STEP_BRANCH] = "branch",
	[JR_STEP_SPLIT] = "split",	 [JR_STEP_SET] = "set",
	[JR_STEP_TRACK] = "track",	 [JR_STEP_EMIT] = "emit",
	[JR_STEP_EXIT] = "exit",
};

static const char *const parts[] = {
	[JR_PART_BODY] = "body",       [JR_PART_TITLE] = "title",
	[JR_PART_SUBJECT] = "subject", [JR_PART_HTML] = "html",
	[JR_PART_LINK] = "link",       [JR_PART_IMAGE] = "image",
};

const char *jr_trigger_kind_name(JrTriggerKind kind)
{
	return JR_TERM_NAME(trigger_kinds, kind);
}

const char *jr_step_kind_name(JrStepKind kind)
{
	return JR_TERM_NAME(step_kinds, kind);
}

const char *jr_part_name(JrPart part)
{
	return JR_TERM_NAME(parts, part);
}

/* --- readers --- */

gboolean jr_workflow_any(const JrVal *val, const char *file, gpointer at,
			 GError **error)
{
	(void)file;
	(void)error;
	*(const JrVal **)at = val;
	return TRUE;
}

gboolean jr_workflow_span(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	if (!jr_field_span(val, file, at, error))
		return FALSE;
	if (jr_span_seconds(at) > 0)
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "no time at all: write how long, like 24h");
}

gboolean jr_workflow_text(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	if (val->type != JR_VAL_TEXT || val->len == 0)
		return jr_field_wrong(val, file, error,
				      "%s where a text is due: put it in "
				      "quotes",
				      val->len == 0 && val->type == JR_VAL_TEXT
					      ? "nothing"
					      : jr_val_type_name(val));
	*(const char **)at = val->text;
	return TRUE;
}

gboolean jr_workflow_expr(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	JrExpr **expr = at;

	if (val->type == JR_VAL_BOOL) {
		/* YAML reads the one-word conditions as what they are. */
		const JrOrigin origin = { .file = file,
					  .line = val->line,
					  .column = val->column };

		*expr = jr_expr_new(val->yes ? "true" : "false", &origin,
				    error);
		return *expr != NULL;
	}
	if (val->type != JR_VAL_TEXT)
		return jr_field_wrong(val, file, error,
				      "%s where a condition is due: write one "
				      "like: plan == \"pro\"",
				      jr_val_type_name(val));
	*expr = jr_expr_new_in(val, file, error);
	return *expr != NULL;
}

gboolean jr_workflow_purpose(const JrVal *val, const char *file, gpointer at,
			     GError **error)
{
	static const char *const known[] = { "marketing", "transactional",
					     "security", "re_permission",
					     NULL };
	const char *name = NULL;

	if (!jr_workflow_text(val, file, &name, error))
		return FALSE;
	*(JrPurpose *)at = jr_purpose_of(name);
	if (*(JrPurpose *)at)
		return TRUE;
	g_autofree char *write = jr_suggest_write(name, known);
	return jr_field_wrong(val, file, error, "unknown purpose '%s': %s",
			      name, write);
}

static gboolean read_approved_on(const JrVal *val, const char *file,
				 gpointer at, GError **error)
{
	if (!jr_workflow_text(val, file, at, error))
		return FALSE;
	if (jr_field_is_like(val->text, "^\\d{4}-(0[1-9]|1[0-2])-"
					"(0[1-9]|[12]\\d|3[01])$"))
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "no date: write one like 2026-11-23");
}

static gboolean read_priority(const JrVal *val, const char *file, gpointer at,
			      GError **error)
{
	if (val->type != JR_VAL_INT || ABS(val->num) > 1000000)
		return jr_field_wrong(val, file, error,
				      "priority is a whole number: more goes "
				      "first");
	*(int *)at = (int)val->num;
	return TRUE;
}

static gboolean read_reentry(const JrVal *val, const char *file, gpointer at,
			     GError **error)
{
	JrWorkflow *w = at;

	if (val->type == JR_VAL_TEXT && g_str_equal(val->text, "once")) {
		w->reentry = JR_REENTRY_ONCE;
		return TRUE;
	}
	if (val->type == JR_VAL_TEXT && g_str_equal(val->text, "always")) {
		w->reentry = JR_REENTRY_ALWAYS;
		return TRUE;
	}
	w->reentry = JR_REENTRY_EVERY;
	if (jr_field_span(val, file, &w->reentry_span, NULL) &&
	    jr_span_seconds(&w->reentry_span) > 0)
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "write once, always, or how long after the last "
			      "entry, like 30d");
}

static gboolean read_key(const JrVal *val, const char *file, gpointer at,
			 GError **error)
{
	if (!jr_workflow_text(val, file, at, error))
		return FALSE;
	if (g_str_has_prefix(val->text, "event.") && val->len > 6)
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "the key is a property of the event: write one "
			      "like event.order_id");
}

typedef struct {
	char **on;
	char **events;
} Exit;

static gboolean read_exit(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	static const JrField table[] = {
		{ "on", jr_field_texts, G_STRUCT_OFFSET(Exit, on) },
		{ "events", jr_field_texts, G_STRUCT_OFFSET(Exit, events) },
		{ NULL, NULL, 0 },
	};
	JrExit *target = at;
	Exit given = { 0 };
	gboolean ok = jr_fields_read(val, table, file, &given, error);

	target->line = val->line;
	target->column = val->column;
	if (given.on)
		target->on_goal = target->on_filter = FALSE;
	for (guint i = 0; ok && given.on && given.on[i]; i++) {
		if (g_str_equal(given.on[i], "goal"))
			target->on_goal = TRUE;
		else if (g_str_equal(given.on[i], "filter"))
			target->on_filter = TRUE;
		else
			ok = jr_field_wrong(val, file, error,
					    "exit on '%s': write goal or "
					    "filter",
					    given.on[i]);
	}
	if (given.events) {
		g_strfreev(target->events);
		target->events = g_steal_pointer(&given.events);
	}
	g_strfreev(given.on);
	return ok;
}

static gboolean add_cap(GArray *caps, JrChannel channel, const JrVal *val,
			const char *file, GError **error)
{
	g_autoptr(GError) why = NULL;
	JrWorkflowCap cap = { .channel = channel };

	if (val->type == JR_VAL_TEXT &&
	    jr_cap_parse(val->text, &cap.cap, &why)) {
		g_array_append_val(caps, cap);
		return TRUE;
	}
	return jr_field_wrong(val, file, error, "%s",
			      why ? why->message
				  : "no cap: write one like \"1 per 24h\"");
}

/* "1 per 24h", or a map of channel to one or several of these. */
static gboolean read_caps(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	JrWorkflow *w = at;
	g_autoptr(GArray) caps =
		g_array_new(FALSE, TRUE, sizeof(JrWorkflowCap));
	gboolean ok = TRUE;

	if (val->type != JR_VAL_MAP)
		ok = add_cap(caps, 0, val, file, error);
	for (guint32 i = 0; ok && val->type == JR_VAL_MAP && i < val->len;
	     i++) {
		const JrMember *m = &val->members[i];
		gboolean many = m->val.type == JR_VAL_LIST;
		JrChannel channel = jr_channel_of(m->key);

		if (!channel)
			ok = jr_field_wrong(&m->val, file, error,
					    "unknown channel '%s': write sms, "
					    "push, email or whatsapp",
					    m->key);
		for (guint32 j = 0; ok && j < (many ? m->val.len : 1); j++)
			ok = add_cap(caps, channel,
				     many ? &m->val.items[j] : &m->val, file,
				     error);
	}
	w->n_caps = caps->len;
	w->caps = g_memdup2(caps->data, caps->len * sizeof(JrWorkflowCap));
	return ok;
}

static gboolean read_unsendable(const JrVal *val, const char *file, gpointer at,
				GError **error)
{
	const char *text = val->type == JR_VAL_TEXT ? val->text : "";

	*(gboolean *)at = g_str_equal(text, "exit");
	if (*(gboolean *)at || g_str_equal(text, "skip"))
		return TRUE;
	return jr_field_wrong(val, file, error, "write skip or exit");
}

#define AT(field) G_STRUCT_OFFSET(JrWorkflow, field)

/* To add a key: a field in workflow.h, a row here, jr-workflow(5). */
static const JrField fields[] = {
	{ "name", jr_workflow_text, AT(name) },
	{ "description", jr_workflow_text, AT(description) },
	{ "enabled", jr_field_yes, AT(enabled) },
	{ "approved_by", jr_workflow_text, AT(approved_by) },
	{ "approved_on", read_approved_on, AT(approved_on) },
	{ "why_sms", jr_workflow_text, AT(why_sms) },
	{ "priority", read_priority, AT(priority) },
	{ "purpose", jr_workflow_purpose, AT(purpose) },
	{ "topic", jr_workflow_text, AT(topic) },
	{ "trigger", jr_workflow_trigger, AT(trigger) },
	{ "settle", jr_workflow_span, AT(settle) },
	{ "filter", jr_workflow_expr, AT(filter) },
	{ "reentry", read_reentry, 0 },
	{ "key", read_key, AT(key) },
	{ "goal", jr_workflow_goal, AT(goal) },
	{ "exit", read_exit, AT(exit) },
	{ "caps", read_caps, 0 },
	{ "migrate", jr_field_yes, AT(migrate) },
	{ "on_unsendable", read_unsendable, AT(exit_on_unsendable) },
	{ "steps", NULL, 0 },
	{ NULL, NULL, 0 },
};

/* "payment_failed", of "workflows/payment_failed.yaml"; owned. */
static char *name_of(const char *file)
{
	g_autofree char *base = g_path_get_basename(file ? file : "workflow");
	char *dot = strrchr(base, '.');

	return dot ? g_strndup(base, (gsize)(dot - base)) : g_strdup(base);
}

static gboolean check_name(const JrWorkflow *w, const JrVal *doc,
			   GError **error)
{
	if (jr_field_is_like(w->name, "^[a-z0-9][a-z0-9_-]{0,99}$"))
		return TRUE;
	return jr_field_wrong(jr_val_get(doc, "name"), w->file, error,
			      "'%s' is no name: write small letters, digits, "
			      "_ and -",
			      w->name);
}

/* What only the whole tells. */
static gboolean check(const JrWorkflow *w, const JrVal *doc, GError **error)
{
	if (!check_name(w, doc, error))
		return FALSE;
	if (w->trigger.line == 0) /* none was read */
		return jr_field_wrong(doc, w->file, error,
				      "there is no trigger: write one, like "
				      "'trigger: {event: Signed Up}'");
	if (w->key && w->trigger.kind != JR_TRIGGER_EVENT)
		return jr_field_wrong(jr_val_get(doc, "key"), w->file, error,
				      "a key is for workflows that an event "
				      "triggers: leave it out");
	if (!jr_workflow_has(w, JR_CHANNEL_SMS) ||
	    (w->approved_by && w->approved_on && w->why_sms))
		return TRUE;
	return jr_field_wrong(doc, w->file, error,
			      "it sends SMS and is not approved: write "
			      "approved_by, approved_on and why_sms (why this "
			      "moment deserves one)");
}

static gboolean read_all(JrWorkflowWhole *whole, const JrWorkflowSource *source,
			 GError **error)
{
	JrWorkflowReader reader = { .whole = whole, .source = source };
	const JrVal *steps = jr_val_get(source->doc, "steps");
	gboolean ok;

	if (!jr_fields_read(source->doc, fields, whole->file, &whole->w, error))
		return FALSE;
	if (!whole->w.name)
		whole->w.name = whole->text_name = name_of(whole->file);
	if (!steps || steps->type != JR_VAL_LIST || steps->len == 0)
		return jr_field_wrong(steps ? steps : source->doc, whole->file,
				      error,
				      "there are no steps: write a list, like "
				      "'- sms: {body: \"...\"}'");
	reader.steps = g_array_new(FALSE, TRUE, sizeof(JrStep));
	ok = jr_workflow_steps(&reader, steps, error);
	whole->w.n_steps = reader.steps->len;
	whole->w.steps = (JrStep *)(gpointer)g_array_free(reader.steps, FALSE);
	return ok && check(&whole->w, source->doc, error) &&
	       jr_workflow_check_names(&whole->w, error);
}

JrWorkflow *jr_workflow_new(const JrWorkflowSource *source, GError **error)
{
	JrWorkflowWhole *whole = g_new0(JrWorkflowWhole, 1);
	g_autoptr(JrWorkflow) w = &whole->w;

	whole->arena = source->arena;
	whole->file = g_strdup(source->file);
	whole->ids =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	w->file = whole->file;
	w->enabled = TRUE;
	w->purpose = JR_PURPOSE_MARKETING;
	w->exit.on_goal = TRUE;
	w->exit.events = g_new0(char *, 1);
	w->trigger.minute = -1;
	w->goal.within_s = JR_GOAL_MAX_DAYS * 86400;
	w->goal.after = JR_GOAL_AFTER_DELIVERED;
	jr_sha256(source->text, source->len, w->hash);
	return read_all(whole, source, error) ? g_steal_pointer(&w) : NULL;
}

static void free_step(JrStep *step)
{
	g_clear_pointer(&step->test, jr_expr_free);
	jr_workflow_free_message(step->message);
	for (guint i = 0; i < step->n_arms; i++)
		g_clear_pointer(&step->arms[i].test, jr_expr_free);
	g_free(step->arms);
	jr_form_free(step->form);
}

void jr_workflow_free(JrWorkflow *w)
{
	JrWorkflowWhole *whole = (JrWorkflowWhole *)w;

	if (!w)
		return;
	for (guint i = 0; i < w->n_steps; i++)
		free_step(&w->steps[i]);
	g_free(w->steps);
	g_free(w->caps);
	g_strfreev(w->exit.events);
	g_clear_pointer(&w->filter, jr_expr_free);
	g_clear_pointer(&w->trigger.where, jr_expr_free);
	g_clear_pointer(&w->goal.where, jr_expr_free);
	g_hash_table_unref(whole->ids);
	g_clear_pointer(&whole->arena, jr_arena_free);
	g_free(whole->file);
	g_free(whole->text_name);
	g_free(whole);
}

/* --- questions --- */

int jr_workflow_find(const JrWorkflow *w, const char *id)
{
	for (guint i = 0; i < w->n_steps; i++)
		if (g_strcmp0(w->steps[i].id, id) == 0)
			return (int)i;
	return -1;
}

const JrArm *jr_workflow_pick(const JrWorkflow *w, const JrStep *step,
			      const char *person_id)
{
	g_autofree char *salt = g_strdup_printf("%s:%s", w->name, step->name);
	double draw = jr_hash_bucket(salt, person_id);

	for (guint i = 0; i + 1 < step->n_arms; i++) {
		if (draw < step->arms[i].share)
			return &step->arms[i];
		draw -= step->arms[i].share;
	}
	return &step->arms[step->n_arms - 1];
}

char *jr_step_way(const JrStep *step, const JrArm *arm)
{
	char *name;

	if (!arm)
		return g_strdup("else");
	if (step->kind == JR_STEP_BRANCH)
		return g_strdup_printf("if%d", (int)(arm - step->arms) + 1);
	name = g_strdup(arm->name ? arm->name : "then");
	return g_strdelimit(name, "\t\n", ' ');
}

gboolean jr_workflow_has(const JrWorkflow *w, JrChannel channel)
{
	for (guint i = 0; i < w->n_steps; i++)
		if (w->steps[i].message &&
		    w->steps[i].message->channel == channel)
			return TRUE;
	return FALSE;
}

void jr_workflow_visit(const JrWorkflow *w, const JrExprVisitor *visitor,
		       gpointer user)
{
	const JrExpr *const own[] = { w->filter, w->trigger.where,
				      w->goal.where };

	for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
		if (own[i])
			jr_expr_visit(own[i], visitor, user);
	for (guint i = 0; i < w->n_steps; i++) {
		const JrStep *step = &w->steps[i];

		if (step->test)
			jr_expr_visit(step->test, visitor, user);
		for (guint j = 0; j < step->n_arms; j++)
			if (step->arms[j].test)
				jr_expr_visit(step->arms[j].test, visitor,
					      user);
	}
}
