#include "rules/graph.h"

#include <string.h>

#define ALL_DAYS 0xfe /* bits of 1 to 7, Monday to Sunday */

typedef struct {
	const JrWorkflow *w;
	JrGraphNoteFn note; /* or NULL */
	gpointer user;
	GString *dot;
} Graph;

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

/* Which days of the week, unless all. */
static void put_days(GString *dot, guint8 weekdays)
{
	static const char *const days[] = { "",	   "Mon", "Tue", "Wed",
					    "Thu", "Fri", "Sat", "Sun" };
	const char *before = "\\non ";

	if (weekdays == 0 || weekdays == ALL_DAYS)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(days); i++)
		if (weekdays & 1u << i) {
			g_string_append_printf(dot, "%s%s", before, days[i]);
			before = ", ";
		}
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
	put_days(dot, wait->weekdays);
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

	g_string_append_printf(dot, "%s, %s", jr_channel_name(message->channel),
			       jr_purpose_name(message->purpose));
	if (message->has_deadline) {
		g_string_append(dot, ", within ");
		put_span(dot, &message->deadline);
	}
	if (message->tmpl) {
		g_string_append(dot, "\\ntemplate ");
		put_text(dot, message->tmpl);
	}
	if (!text || text->type != JR_VAL_TEXT)
		return;
	g_string_append(dot, "\\n");
	cut = g_utf8_strlen(text->text, -1) > 60
		      ? g_utf8_substring(text->text, 0, 60)
		      : g_strdup(text->text);
	put_text(dot, cut);
	if (strlen(cut) < text->len)
		g_string_append(dot, "…");
}

static void label_wait_for(const JrArm *arm, GString *dot)
{
	g_string_append(dot, "wait for ");
	put_text(dot, arm->event ? arm->event : jr_expr_text(arm->test));
	if (arm->event && arm->test) {
		g_string_append(dot, "\\nwhere ");
		put_text(dot, jr_expr_text(arm->test));
	}
}

/* The names of what a set or emit gives. */
static void label_form(const JrForm *form, GString *dot)
{
	const JrVal *given = form ? jr_form_val(form) : NULL;

	for (guint32 i = 0;
	     given && given->type == JR_VAL_MAP && i < given->len; i++) {
		g_string_append(dot, i > 0 ? ", " : " ");
		put_text(dot, given->members[i].key);
	}
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
		label_wait_for(&step->arms[0], dot);
		break;
	case JR_STEP_SPLIT:
	case JR_STEP_TRACK:
		g_string_append_printf(dot, "%s ",
				       jr_step_kind_name(step->kind));
		put_text(dot, step->name);
		break;
	case JR_STEP_SET:
	case JR_STEP_EMIT:
		g_string_append(dot, jr_step_kind_name(step->kind));
		label_form(step->form, dot);
		break;
	case JR_STEP_BRANCH:
	case JR_STEP_EXIT:
		g_string_append(dot, jr_step_kind_name(step->kind));
		break;
	}
	if (step->test) {
		g_string_append(dot, "\\nif ");
		put_text(dot, jr_expr_text(step->test));
	}
}

/* How a step looks; messages by their channel. */
static const char *look_of(const JrStep *step)
{
	static const char *const channels[JR_CHANNEL_LAST + 1] = {
		[JR_CHANNEL_SMS] = "shape=box, fillcolor=\"#d9f2d9\"",
		[JR_CHANNEL_PUSH] = "shape=box, fillcolor=\"#dbe9fb\"",
		[JR_CHANNEL_EMAIL] = "shape=box, fillcolor=\"#fdf0d0\"",
		[JR_CHANNEL_WHATSAPP] = "shape=box, fillcolor=\"#e4f7ea\"",
	};

	switch (step->kind) {
	case JR_STEP_MESSAGE:
		return channels[step->message->channel];
	case JR_STEP_BRANCH:
	case JR_STEP_SPLIT:
	case JR_STEP_WAIT_FOR:
		return "shape=diamond";
	case JR_STEP_WAIT:
		return "shape=ellipse";
	case JR_STEP_SET:
	case JR_STEP_TRACK:
	case JR_STEP_EMIT:
	case JR_STEP_EXIT:
		break;
	}
	return "shape=box, style=\"dashed\"";
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

/* The way by @arm, or by none: what it is, and what is said of it. */
static void put_way(const Graph *g, guint at, const JrArm *arm,
		    const char *label)
{
	const JrStep *step = &g->w->steps[at];
	g_autofree char *way = jr_step_way(step, arm);
	g_autoptr(GString) text = g_string_new(NULL);

	if (g->note)
		g->note(g->user, step->id, way, text);
	if (text->len > 0)
		g_string_prepend(text, "\n");
	g_string_prepend(text, label);
	put_edge(g->dot, at, arm ? arm->to : step->otherwise, text->str);
}

static void put_arms(const Graph *g, guint at)
{
	const JrStep *step = &g->w->steps[at];

	for (guint i = 0; i < step->n_arms; i++) {
		const JrArm *arm = &step->arms[i];
		g_autofree char *share = NULL;
		const char *label = "then";

		if (step->kind == JR_STEP_SPLIT)
			label = share = g_strdup_printf(
				"%s, %.0f %%", arm->name, arm->share * 100);
		else if (step->kind == JR_STEP_BRANCH)
			label = jr_expr_text(arm->test);
		put_way(g, at, arm, label);
	}
	if (step->kind == JR_STEP_BRANCH)
		put_way(g, at, NULL, "else");
	if (step->kind == JR_STEP_WAIT_FOR && step->has_timeout) {
		g_autofree char *span = jr_span_format(&step->timeout);
		g_autofree char *label = g_strdup_printf("after %s", span);

		put_way(g, at, NULL, label);
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

/* What is said of a node beside its label. */
static void put_note(const Graph *g, const char *id)
{
	g_autoptr(GString) beside = g_string_new(NULL);

	if (!g->note)
		return;
	g->note(g->user, id, NULL, beside);
	if (beside->len > 0)
		g_string_append(g->dot, "\\n");
	put_text(g->dot, beside->str);
}

/* "line KEY TEXT" of the label at hand, if there is a text. */
static void put_line(GString *dot, const char *key, const char *text)
{
	if (!text)
		return;
	g_string_append_printf(dot, "\\n%s ", key);
	put_text(dot, text);
}

static void put_day_of(GString *dot, const JrTrigger *trigger)
{
	if (trigger->once)
		g_string_append_printf(dot, "\\non %d-%02d-%02d",
				       trigger->day.year, trigger->day.month,
				       trigger->day.day);
	else if (trigger->month_day)
		g_string_append_printf(dot, "\\non day %d of each month",
				       trigger->month_day);
	else if (trigger->weekdays == ALL_DAYS)
		g_string_append(dot, "\\neach day");
	else
		put_days(dot, trigger->weekdays);
}

/* When a date or a schedule begins it. */
static void put_when(GString *dot, const JrTrigger *trigger)
{
	if (trigger->kind == JR_TRIGGER_SCHEDULE)
		put_day_of(dot, trigger);
	else if (trigger->kind != JR_TRIGGER_DATE)
		return;
	if (jr_span_seconds(&trigger->offset) != 0) {
		g_string_append(dot, "\\noffset ");
		put_span(dot, &trigger->offset);
	}
	if (trigger->yearly)
		g_string_append(dot, "\\neach year");
	if (trigger->minute >= 0) {
		g_string_append(dot, " at ");
		put_minute(dot, trigger->minute);
	}
}

static void put_reentry(GString *dot, const JrWorkflow *w)
{
	put_line(dot, "for each", w->key);
	if (w->reentry == JR_REENTRY_ALWAYS)
		g_string_append(dot, "\\nany number of times");
	if (w->reentry != JR_REENTRY_EVERY)
		return;
	g_string_append(dot, "\\nagain after ");
	put_span(dot, &w->reentry_span);
}

static void put_begin(const Graph *g)
{
	static const JrSpan none = { 0 };
	const JrTrigger *trigger = &g->w->trigger;

	g_string_append_printf(g->dot, "\tbegin [shape=oval, label=\"%s ",
			       jr_trigger_kind_name(trigger->kind));
	put_text(g->dot, trigger->name ? trigger->name : trigger->attribute);
	put_when(g->dot, trigger);
	if (trigger->where)
		put_line(g->dot, "where", jr_expr_text(trigger->where));
	if (g->w->filter)
		put_line(g->dot, "filter", jr_expr_text(g->w->filter));
	if (memcmp(&g->w->settle, &none, sizeof(none)) != 0) {
		g_string_append(g->dot, "\\nsettle ");
		put_span(g->dot, &g->w->settle);
	}
	put_reentry(g->dot, g->w);
	put_note(g, JR_GRAPH_BEGIN);
	g_string_append_printf(g->dot, "\"];\n\tbegin -> %s;\n",
			       g->w->n_steps > 0 ? "s0" : "end");
}

/* Above all: its name, and what ends it early. */
static void put_title(const Graph *g)
{
	static const char *const goals[] = {
		[JR_GOAL_EVENT] = "goal: event",
		[JR_GOAL_ENTERS] = "goal: enters",
		[JR_GOAL_LEAVES] = "goal: leaves",
	};
	const JrWorkflow *w = g->w;
	g_autofree char *events = g_strjoinv(", ", w->exit.events);

	g_string_append(g->dot, "\tgraph [rankdir=TB, labelloc=t, "
				"fontname=\"sans-serif\", label=\"");
	put_text(g->dot, w->name);
	if (!w->enabled)
		g_string_append(g->dot, " (not enabled)");
	put_line(g->dot, goals[w->goal.kind], w->goal.name);
	if (w->goal.name && w->goal.where)
		put_line(g->dot, "where", jr_expr_text(w->goal.where));
	if (*events)
		put_line(g->dot, "left on", events);
	if (w->filter && w->exit.on_filter)
		g_string_append(g->dot, "\\nleft when the filter fails");
	g_string_append(g->dot, "\"];\n");
}

static void put_step(const Graph *g, guint at)
{
	const JrStep *step = &g->w->steps[at];

	g_string_append_printf(g->dot, "\ts%u [%s, label=\"", at,
			       look_of(step));
	if (step->id_given)
		g_string_append_printf(g->dot, "%s: ", step->id);
	label_step(step, g->dot);
	put_note(g, step->id);
	g_string_append(g->dot, "\"];\n");
	put_next(step, at, g->dot);
	put_arms(g, at);
}

static void put_end(const Graph *g)
{
	g_autoptr(GString) beside = g_string_new(NULL);

	if (g->note)
		g->note(g->user, JR_GRAPH_END, NULL, beside);
	if (beside->len == 0) {
		g_string_append(g->dot, "\tend [shape=point];\n}\n");
		return;
	}
	g_string_append(g->dot, "\tend [shape=oval, label=\"");
	put_text(g->dot, beside->str);
	g_string_append(g->dot, "\"];\n}\n");
}

void jr_workflow_graph(const JrWorkflow *w, JrGraphNoteFn note, gpointer user,
		       GString *dot)
{
	const Graph g = { w, note, user, dot };

	g_string_append_printf(dot, "digraph \"%s\" {\n", w->name);
	put_title(&g);
	g_string_append(dot, "\tnode [fontname=\"sans-serif\", "
			     "style=\"filled\", fillcolor=\"white\"];\n"
			     "\tedge [fontname=\"sans-serif\"];\n");
	put_begin(&g);
	for (guint i = 0; i < w->n_steps; i++)
		put_step(&g, i);
	put_end(&g);
}
