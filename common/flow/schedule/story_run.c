/* One run of a person's story: why it began, each step, and how it stands. */
#include "flow/schedule/story.h"
#include "io/json.h"
#include "store/log.h"

#include <string.h>

#define LATE_S 60 /* what came in later than that after it happened */

/* ---- messages ---- */

static void tell_decision(JrStory *story, const JrDecisionRow *row)
{
	char at[32], opens[32];

	jr_story_say(
		story, 3, "%s  %s, %s: %s%s%s",
		jr_story_time(story, row->at_s, at), row->verdict, row->gate,
		row->reason ? row->reason : "", row->opens_s ? "; opens " : "",
		row->opens_s ? jr_story_time(story, row->opens_s, opens) : "");
}

/* What became of it, and when. */
static void tell_state(JrStory *story, const JrMessage *message)
{
	char at[32];
	const char *state = jr_message_state_name(message->state);

	switch (message->state) {
	case JR_MESSAGE_PLANNED:
	case JR_MESSAGE_WAITING:
		jr_story_say(story, 3, "%s, not before %s", state,
			     jr_story_time(story, message->wake_s, at));
		return;
	case JR_MESSAGE_OFFERED:
	case JR_MESSAGE_CLAIMED:
		jr_story_say(story, 3, "%s, until %s", state,
			     jr_story_time(story, message->wake_s, at));
		return;
	case JR_MESSAGE_ACCEPTED:
	case JR_MESSAGE_DELIVERED:
	case JR_MESSAGE_FAILED:
	case JR_MESSAGE_REFUSED:
	case JR_MESSAGE_UNKNOWN:
	case JR_MESSAGE_CANCELLED:
		break;
	}
	jr_story_say(story, 3, "%s  %s%s%s",
		     jr_story_time(story,
				   message->accepted_s ? message->accepted_s
						       : message->settled_s,
				   at),
		     state, message->code ? ", " : "",
		     message->code ? message->code : "");
}

static void tell_message(JrStory *story, const JrMessage *message)
{
	char due[32];

	jr_story_say(story, 2, "%s  %s '%s', %s",
		     jr_story_time(story, message->due_s, due),
		     jr_channel_name(message->channel), message->step,
		     message->id);
	for (guint i = 0; i < story->decisions->len; i++) {
		const JrDecisionRow *row =
			&g_array_index(story->decisions, JrDecisionRow, i);

		if (g_strcmp0(row->message, message->id) == 0)
			tell_decision(story, row);
	}
	tell_state(story, message);
}

/* ---- steps ---- */

static const JrMessage *find_message(const JrStory *story, gint64 enrolment,
				     const char *step)
{
	for (guint i = 0; i < story->messages->len; i++) {
		const JrMessage *message =
			&g_array_index(story->messages, JrMessage, i);

		if (message->enrolment == enrolment &&
		    strcmp(message->step, step) == 0)
			return message;
	}
	return NULL;
}

/* Why a step that is no message was not done. */
static void tell_refusals(JrStory *story, const JrRun *run, const char *step)
{
	for (guint i = 0; i < story->decisions->len; i++) {
		const JrDecisionRow *row =
			&g_array_index(story->decisions, JrDecisionRow, i);

		if (!row->message && row->enrolment == run->row.enrolment &&
		    g_strcmp0(row->step, step) == 0)
			tell_decision(story, row);
	}
}

/* Beside a step: what it waits for, what it raises, which experiment. */
static const char *detail_of(const JrStep *step)
{
	if (step->kind == JR_STEP_WAIT_FOR)
		return step->arms[0].event ? step->arms[0].event
					   : jr_expr_text(step->arms[0].test);
	return step->name;
}

static const JrArm *find_arm(const JrStep *step, const char *way)
{
	for (guint i = 0; i < step->n_arms; i++) {
		g_autofree char *name = jr_step_way(step, &step->arms[i]);

		if (strcmp(name, way) == 0)
			return &step->arms[i];
	}
	return NULL;
}

/* By which way it left @step, as jr_step_way() calls it; owned. */
static char *words_of_way(const JrStep *step, const char *way)
{
	const JrArm *arm = find_arm(step, way);

	if (step->kind == JR_STEP_SPLIT)
		return g_strconcat(", went ", way, NULL);
	if (step->kind == JR_STEP_BRANCH)
		return arm ? g_strconcat(": went ", way, ", ",
					 jr_expr_text(arm->test), NULL)
			   : g_strdup(": went else");
	if (!arm)
		return g_strdup(", and its time was up");
	return g_strdup(arm->event ? ", and it came" : ", and it held");
}

/* A line of the path that says that it came to a step, and the one behind it:
 * see store/paths.h. */
static void tell_step(JrStory *story, const JrRun *run, const char *line,
		      const char *behind)
{
	g_auto(GStrv) parts = g_strsplit(line, "\t", 3);
	int at = parts[0] ? jr_workflow_find(run->workflow, parts[0]) : -1;
	const JrStep *step = at >= 0 ? &run->workflow->steps[at] : NULL;
	const JrMessage *message =
		parts[0] ? find_message(story, run->row.enrolment, parts[0])
			 : NULL;
	gboolean passed = parts[0] && parts[1] && parts[2];
	g_autofree char *way = NULL;
	const char *detail;
	char time[32];

	if (message && !passed) {
		tell_message(story, message);
		return;
	}
	if (!step || !parts[1])
		return;
	detail = detail_of(step);
	if (behind && *behind == '\t')
		way = words_of_way(step, behind + 1);
	jr_story_say(
		story, 2, "%s  %s '%s'%s%s%s%s%s",
		jr_story_time(story, g_ascii_strtoll(parts[1], NULL, 10), time),
		jr_step_kind_name(step->kind), step->id, detail ? ": " : "",
		detail ? detail : "", way ? way : "",
		passed ? ", passed over: not " : "",
		passed ? jr_expr_text(step->test) : "");
	tell_refusals(story, run, step->id);
}

/* Whether @step is on the way of @run, as far as that is known. */
static gboolean is_on_path(const JrRun *run, const char *step)
{
	g_autofree char *line = g_strconcat(step, "\t", NULL);
	const char *at = run->path;

	while (at && (at = strstr(at, line))) {
		if (at == run->path || at[-1] == '\n')
			return TRUE;
		at++;
	}
	return FALSE;
}

/* What it went through; messages that came to it otherwise, as by a merge. */
static void tell_steps(JrStory *story, const JrRun *run)
{
	g_auto(GStrv) lines = g_strsplit(run->path ? run->path : "", "\n", -1);

	for (char **line = lines; *line; line++)
		if (**line && **line != '\t')
			tell_step(story, run, line[0], line[1]);
	for (guint i = 0; i < story->messages->len; i++) {
		const JrMessage *message =
			&g_array_index(story->messages, JrMessage, i);

		if (message->enrolment == run->row.enrolment &&
		    !is_on_path(run, message->step))
			tell_message(story, message);
	}
}

/* ---- beginning and end ---- */

/* When it goes on by time: that it looks at its filter before is no matter. */
static gint64 goes_on(const JrRun *run, const JrMessage *message)
{
	if (message)
		return message->wake_s;
	return jr_run_step(run) && run->until_s ? run->until_s : run->row.due_s;
}

/* What moves it on before that, if anything. */
static const char *what_else(const JrRun *run)
{
	const JrStep *step = jr_run_step(run);

	if (!step || step->kind != JR_STEP_WAIT_FOR)
		return NULL;
	return step->arms[0].event ? "that event comes" : "that holds";
}

static void tell_rest(JrStory *story, const JrRun *run)
{
	const char *step = run->row.step;
	const JrMessage *message =
		step ? find_message(story, run->row.enrolment, step) : NULL;
	const char *or_when = what_else(run);
	gint64 next_s = goes_on(run, message);
	g_autofree char *where = step && *step
					 ? g_strdup_printf("'%s'", step)
					 : g_strdup("the pause before it");
	char next[32];

	if (next_s == G_MAXINT64 && or_when)
		jr_story_say(story, 2, "now at %s, until %s", where, or_when);
	else
		jr_story_say(story, 2, "now at %s, next %s%s%s", where,
			     jr_story_time(story, next_s, next),
			     or_when ? ", or when " : "",
			     or_when ? or_when : "");
}

static void tell_end(JrStory *story, const JrRun *taken)
{
	const JrEnrolment *run = &taken->row;
	char at[32];

	if (run->goal_s)
		jr_story_say(story, 2, "%s  %s",
			     jr_story_time(story, run->goal_s, at),
			     run->state == JR_ENROLMENT_GOAL
				     ? "left, as the goal was reached"
				     : "reached the goal");
	if (run->state == JR_ENROLMENT_GOAL)
		return;
	if (run->state != JR_ENROLMENT_LIVE) {
		jr_story_say(story, 2, "%s  %s%s%s",
			     jr_story_time(story, run->ended_s, at),
			     jr_enrolment_state_name(run->state),
			     run->end_reason ? ": " : "",
			     run->end_reason ? run->end_reason : "");
		return;
	}
	tell_rest(story, taken);
}

/* How rows that begin journeys are called. */
static const struct {
	JrLogKind kind;
	const char *words;
} beginnings[] = {
	{ JR_LOG_EVENT, "event" },
	{ JR_LOG_PAGE, "page" },
	{ JR_LOG_SCREEN, "screen" },
	{ JR_LOG_SEGMENT_ENTERED, "entering segment" },
	{ JR_LOG_SEGMENT_LEFT, "leaving segment" },
	{ JR_LOG_TRIGGER, "trigger record" },
};

/* ", by event 'Signed Up'"; owned.  NULL and error. */
static char *why_entered(JrStory *story, const JrRun *run, GError **error)
{
	const JrTrigger *trigger = &run->workflow->trigger;
	gboolean found = FALSE;
	gboolean late = run->row.entered_s - run->row.trigger_s >= LATE_S;
	JrLogRow row = { 0 };
	char at[32];

	if (run->row.trigger_seq == 0)
		return g_strdup_printf(", by %s '%s'",
				       trigger->kind == JR_TRIGGER_DATE
					       ? "the date of"
					       : "a broadcast to",
				       trigger->attribute ? trigger->attribute
				       : trigger->name	  ? trigger->name
							  : "");
	if (!jr_log_get(story->flow->db, run->row.trigger_seq,
			story->journeys->arena, &row, &found, error))
		return NULL;
	for (guint i = 0; found && i < G_N_ELEMENTS(beginnings); i++)
		if (beginnings[i].kind == row.kind)
			return g_strdup_printf(
				", by %s '%s'%s%s", beginnings[i].words,
				row.name ? row.name : "", late ? " of " : "",
				late ? jr_story_time(story, row.at_s, at) : "");
	return g_strdup("");
}

gboolean jr_story_run(JrStory *story, const JrEnrolment *enrolment,
		      GError **error)
{
	g_autofree char *why = NULL, *name = NULL;
	JrRun run;
	char at[32];

	jr_arena_reset(story->journeys->arena);
	if (!jr_run_take(story->journeys, enrolment, &run, error))
		return FALSE;
	why = why_entered(story, &run, error);
	if (!why)
		return FALSE;
	/* Runs of whom they were merged with are numbered from 0 down. */
	name = run.row.run > 0
		       ? g_strdup_printf("run %" G_GINT64_FORMAT, run.row.run)
		       : g_strdup("a run from before they were merged");
	jr_story_say(story, 1, "%s%s%s: entered %s%s", name,
		     run.row.key && *run.row.key ? ", key " : "",
		     run.row.key ? run.row.key : "",
		     jr_story_time(story, run.row.entered_s, at), why);
	tell_steps(story, &run);
	tell_end(story, &run);
	return TRUE;
}
