#include "rules/graph.h"

#include <string.h>

/* @text as the inside of a DOT string: quotes and backslashes escaped, lines
 * kept, and not longer than a box should be wide. */
static void put_text(GString *dot, const char *text)
{
	guint column = 0;

	for (const char *c = text; *c; c = g_utf8_next_char(c), column++) {
		gunichar u = g_utf8_get_char(c);

		if (u == '"' || u == '\\')
			g_string_append_c(dot, '\\');
		if (u == '\n' || (column > 28 && u == ' ')) {
			g_string_append(dot, "\\n");
			column = 0;
		} else if (!g_unichar_iscntrl(u)) {
			g_string_append_unichar(dot, u);
		}
	}
}

static void put_span(GString *dot, const JrSpan *span)
{
	g_autofree char *text = jr_span_format(span);

	g_string_append(dot, text);
}

static void put_minute(GString *dot, int minute)
{
	g_string_append_printf(dot, "%02d:%02d", minute / 60, minute % 60);
}

static void label_wait(const JrWait *wait, GString *dot)
{
	static const JrSpan none = { 0 };

	g_string_append(dot, "wait");
	if (wait->date) {
		g_string_append(dot, " for ");
		put_text(dot, wait->date);
	}
	if (memcmp(&wait->span, &none, sizeof(none)) != 0) {
		g_string_append_c(dot, ' ');
		put_span(dot, &wait->span);
	}
	if (wait->until >= 0) {
		g_string_append(dot, " until ");
		put_minute(dot, wait->until);
	}
	if (wait->windowed) {
		g_string_append(dot, "\\nbetween ");
		put_minute(dot, wait->window.from);
		g_string_append(dot, " and ");
		put_minute(dot, wait->window.until);
	}
}

static void label_message(const JrMessageStep *message, GString *dot)
{
	const JrVariant *first = &message->variants[0];
	const JrVal *text = first->sources[JR_PART_TITLE]
				    ? first->sources[JR_PART_TITLE]
			    : first->sources[JR_PART_SUBJECT]
				    ? first->sources[JR_PART_SUBJECT]
				    : first->sources[JR_PART_BODY];
	g_autofree char *cut = NULL;

	g_string_append_printf(dot, "%s, %s\\n",
			       jr_channel_name(message->channel),
			       jr_purpose_name(message->purpose));
	if (!text || text->type != JR_VAL_TEXT)
		return;
	cut = g_utf8_strlen(text->text, -1) > 60
		      ? g_utf8_substring(text->text, 0, 60)
		      : g_strdup(text->text);
	put_text(dot, cut);
	if (strlen(cut) < text->len)
		g_string_append(dot, "…");
}

static void label_step(const JrStep *step, GString *dot)
{
	switch (step->kind) {
	case JR_STEP_MESSAGE:
		label_message(step->message, dot);
		break;
	case JR_STEP_WAIT:
		label_wait(&step->wait, dot);
		break;
	case JR_STEP_WAIT_FOR:
		g_string_append(dot, "wait for ");
		put_text(dot, step->arms[0].event
				      ? step->arms[0].event
				      : jr_expr_text(step->arms[0].test));
		break;
	case JR_STEP_SPLIT:
	case JR_STEP_TRACK:
		g_string_append_printf(dot, "%s ",
				       jr_step_kind_name(step->kind));
		put_text(dot, step->name);
		break;
	case JR_STEP_BRANCH:
	case JR_STEP_SET:
	case JR_STEP_EMIT:
	case JR_STEP_EXIT:
		g_string_append(dot, jr_step_kind_name(step->kind));
		break;
	}
	if (step->test) {
		g_string_append(dot, "\\nif ");
		put_text(dot, jr_expr_text(step->test));
	}
}

static const char *shape_of(JrStepKind kind)
{
	switch (kind) {
	case JR_STEP_MESSAGE:
		return "box";
	case JR_STEP_BRANCH:
	case JR_STEP_SPLIT:
	case JR_STEP_WAIT_FOR:
		return "diamond";
	case JR_STEP_WAIT:
		return "ellipse";
	case JR_STEP_SET:
	case JR_STEP_TRACK:
	case JR_STEP_EMIT:
	case JR_STEP_EXIT:
		break;
	}
	return "plaintext";
}

static void put_edge(GString *dot, guint from, int to, const char *label)
{
	if (to == JR_STEP_END)
		g_string_append_printf(dot, "\ts%u -> end", from);
	else
		g_string_append_printf(dot, "\ts%u -> s%d", from, to);
	if (label) {
		g_string_append(dot, " [label=\"");
		put_text(dot, label);
		g_string_append(dot, "\"]");
	}
	g_string_append(dot, ";\n");
}

static void put_arms(const JrStep *step, guint at, GString *dot)
{
	for (guint i = 0; i < step->n_arms; i++) {
		const JrArm *arm = &step->arms[i];
		g_autofree char *share = NULL;
		const char *label = "then";

		if (step->kind == JR_STEP_SPLIT)
			label = share = g_strdup_printf(
				"%s, %.0f %%", arm->name, arm->share * 100);
		else if (step->kind == JR_STEP_BRANCH)
			label = jr_expr_text(arm->test);
		put_edge(dot, at, arm->to, label);
	}
	if (step->kind == JR_STEP_BRANCH)
		put_edge(dot, at, step->otherwise, "else");
	if (step->kind == JR_STEP_WAIT_FOR && step->has_timeout) {
		g_autofree char *span = jr_span_format(&step->timeout);
		g_autofree char *label = g_strdup_printf("after %s", span);

		put_edge(dot, at, step->otherwise, label);
	}
}

/* Where it goes without arms, and where it goes when its `if` fails. */
static void put_next(const JrStep *step, guint at, GString *dot)
{
	gboolean ends = step->kind == JR_STEP_EXIT;

	if (ends)
		put_edge(dot, at, JR_STEP_END, NULL);
	else if (step->n_arms == 0)
		put_edge(dot, at, step->next, NULL);
	if (step->test && (ends || step->n_arms > 0))
		put_edge(dot, at, step->next, "if not");
}

static void put_trigger(const JrTrigger *trigger, GString *dot)
{
	g_string_append_printf(dot, "\tbegin [shape=oval, label=\"%s ",
			       jr_trigger_kind_name(trigger->kind));
	put_text(dot, trigger->name ? trigger->name : trigger->attribute);
	if (trigger->where) {
		g_string_append(dot, "\\nwhere ");
		put_text(dot, jr_expr_text(trigger->where));
	}
	g_string_append(dot, "\"];\n\tbegin -> s0;\n");
}

void jr_workflow_graph(const JrWorkflow *w, JrGraphNoteFn note, gpointer user,
		       GString *dot)
{
	g_string_append_printf(dot,
			       "digraph \"%s\" {\n"
			       "\tgraph [rankdir=TB];\n"
			       "\tnode [fontname=\"sans-serif\"];\n"
			       "\tedge [fontname=\"sans-serif\"];\n",
			       w->name);
	put_trigger(&w->trigger, dot);
	for (guint i = 0; i < w->n_steps; i++) {
		const JrStep *step = &w->steps[i];

		g_string_append_printf(dot, "\ts%u [shape=%s, label=\"", i,
				       shape_of(step->kind));
		label_step(step, dot);
		if (note) {
			g_autoptr(GString) beside = g_string_new(NULL);

			note(user, step->id, beside);
			if (beside->len > 0)
				g_string_append(dot, "\\n");
			put_text(dot, beside->str);
		}
		g_string_append(dot, "\"];\n");
		put_next(step, i, dot);
		put_arms(step, i, dot);
	}
	g_string_append(dot, "\tend [shape=point];\n}\n");
}
