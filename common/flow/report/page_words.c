/* page_words.c - what is written on the steps and ways of a diagram. */
#include "flow/report/page_diagram.h"

void jr_page_box_clear(JrPageBox *box)
{
	g_free(box->title);
	g_free(box->people);
	g_free(box->messages);
}

char *jr_page_cut(const char *text, guint chars)
{
	g_autofree char *flat = g_strdup(text);
	g_autofree char *short_one = NULL;

	g_strdelimit(flat, "\n\t", ' ');
	if (g_utf8_strlen(flat, -1) <= chars)
		return g_steal_pointer(&flat);
	short_one = g_utf8_substring(flat, 0, chars - 1);
	return g_strconcat(short_one, "…", NULL);
}

static void add_count(GString *text, gint64 n, const char *what)
{
	if (n > 0)
		g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s",
				       text->len ? ", " : "", n, what);
}

static void add_share(GString *text, gint64 n, gint64 of, const char *what)
{
	if (of > 0 && n > 0)
		g_string_append_printf(text, ", %.0f %% %s",
				       100.0 * (double)n / (double)of, what);
}

/* ---- a step ---- */

static char *words_of_wait(const JrWait *wait)
{
	g_autofree char *span = jr_span_format(&wait->span);

	if (wait->date)
		return g_strdup_printf("wait for %s", wait->date);
	if (wait->until >= 0)
		return g_strdup_printf("wait until %02d:%02d", wait->until / 60,
				       wait->until % 60);
	if (wait->windowed)
		return g_strdup_printf("wait %s, into a window", span);
	return g_strdup_printf("wait %s", span);
}

static char *words_of(const JrStep *step)
{
	switch (step->kind) {
	case JR_STEP_MESSAGE:
		return g_strdup_printf("%s: %s",
				       jr_channel_name(step->message->channel),
				       step->id);
	case JR_STEP_WAIT:
		return words_of_wait(&step->wait);
	case JR_STEP_WAIT_FOR:
		return g_strdup_printf(
			"wait for %s",
			step->arms[0].event ? step->arms[0].event
					    : jr_expr_text(step->arms[0].test));
	case JR_STEP_SPLIT:
	case JR_STEP_TRACK:
		return g_strdup_printf("%s %s", jr_step_kind_name(step->kind),
				       step->name);
	case JR_STEP_BRANCH:
	case JR_STEP_SET:
	case JR_STEP_EMIT:
	case JR_STEP_EXIT:
		break;
	}
	return g_strdup(jr_step_kind_name(step->kind));
}

static char *people_at(const JrPageStep *counted)
{
	GString *text = g_string_new(NULL);

	add_count(text, counted->came, "came");
	add_count(text, counted->active, "here");
	add_count(text, counted->over, "passed over");
	add_count(text, counted->no, "not sent");
	return g_string_free(text, FALSE);
}

static char *messages_of(const JrStep *step, const JrPageStep *counted)
{
	gint64 sent = counted->n[JR_METRIC_SENT];
	GString *text = g_string_new(NULL);

	if (step->kind != JR_STEP_MESSAGE)
		return g_string_free(text, FALSE);
	add_count(text, sent, "sent");
	add_share(text, counted->n[JR_METRIC_DELIVERED], sent, "arrived");
	add_share(text,
		  MAX(counted->n[JR_METRIC_CLICKED],
		      counted->n[JR_METRIC_OPENED]),
		  sent,
		  step->message->channel == JR_CHANNEL_PUSH ? "tapped"
							    : "clicked");
	return g_string_free(text, FALSE);
}

JrPageBox jr_page_step_box(const JrStep *step, const JrPageFacts *facts)
{
	static const JrPageStep nothing = { 0 };
	const JrPageStep *counted = g_hash_table_lookup(facts->steps, step->id);
	g_autofree char *words = words_of(step);

	if (!counted)
		counted = &nothing;
	return (JrPageBox){
		.title = step->test ? g_strdup_printf("%s, if %s", words,
						      jr_expr_text(step->test))
				    : g_steal_pointer(&words),
		.people = people_at(counted),
		.messages = messages_of(step, counted),
	};
}

/* ---- its ways ---- */

#define WAY_CHARS 24

static char *label_of(const JrStep *step, const JrArm *arm)
{
	if (!arm)
		return g_strdup(step->kind == JR_STEP_WAIT_FOR ? "time is up"
							       : "else");
	if (step->kind == JR_STEP_SPLIT)
		return g_strdup_printf("%s, %.0f %%", arm->name,
				       arm->share * 100);
	if (step->kind == JR_STEP_BRANCH)
		return g_strdup(jr_expr_text(arm->test));
	return g_strdup("it happened");
}

char *jr_page_way_words(const JrStep *step, const JrArm *arm,
			const JrPageFacts *facts)
{
	const JrPageStep *counted = g_hash_table_lookup(facts->steps, step->id);
	g_autofree char *label = label_of(step, arm);
	g_autofree char *text = jr_page_cut(label, WAY_CHARS);
	g_autofree char *way = jr_step_way(step, arm);
	const gint64 *went =
		counted ? g_hash_table_lookup(counted->ways, way) : NULL;

	if (!went)
		return g_steal_pointer(&text);
	return g_strdup_printf("%s: %" G_GINT64_FORMAT, text, *went);
}

/* ---- where it begins and ends ---- */

JrPageBox jr_page_begin_box(const JrWorkflow *workflow,
			    const JrPageFacts *facts)
{
	const JrTrigger *trigger = &workflow->trigger;
	const char *name = trigger->name ? trigger->name : trigger->attribute;
	GString *people = g_string_new(NULL);

	add_count(people, facts->entered, "entered");
	return (JrPageBox){
		.title = g_strdup_printf("%s: %s",
					 jr_trigger_kind_name(trigger->kind),
					 name ? name : workflow->name),
		.people = g_string_free(people, FALSE),
		.messages = g_strdup(""),
	};
}

JrPageBox jr_page_end_box(const JrWorkflow *workflow, const JrPageFacts *facts)
{
	const char *goal = workflow->goal.name;
	GString *people = g_string_new(NULL);

	add_count(people, facts->goal, "reached it");
	add_count(people, facts->done, "to the end");
	add_count(people, facts->exited, "left early");
	return (JrPageBox){
		.title = goal ? g_strdup_printf("goal: %s", goal)
			      : g_strdup("end"),
		.people = g_string_free(people, FALSE),
		.messages = g_strdup(""),
	};
}
