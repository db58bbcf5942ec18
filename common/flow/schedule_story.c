#include "flow/schedule_story.h"

#include <string.h>

#define ARENA (64 * 1024 * 1024) /* bytes: all messages of one person */

JrStory *jr_story_new(JrFlow *flow, JrJourneyFiles *files)
{
	JrStory *story = g_new0(JrStory, 1);

	story->flow = flow;
	story->journeys = jr_journeys_new(flow, files);
	story->arena = jr_arena_new(ARENA);
	story->runs = g_array_new(FALSE, FALSE, sizeof(JrEnrolment));
	story->messages = g_array_new(FALSE, FALSE, sizeof(JrMessage));
	story->decisions = g_array_new(FALSE, FALSE, sizeof(JrDecisionRow));
	story->text = g_string_new(NULL);
	return story;
}

void jr_story_free(JrStory *story)
{
	if (!story)
		return;
	g_array_unref(story->runs);
	g_array_unref(story->messages);
	g_array_unref(story->decisions);
	g_string_free(story->text, TRUE);
	jr_arena_free(story->arena);
	jr_journeys_free(story->journeys);
	g_free(story);
}

void jr_story_say(JrStory *story, guint depth, const char *format, ...)
{
	va_list args;

	g_string_append_printf(story->text, "%*s", (int)depth * 2, "");
	va_start(args, format);
	g_string_append_vprintf(story->text, format, args);
	va_end(args);
	g_string_append_c(story->text, '\n');
}

const char *jr_story_time(const JrStory *story, gint64 at_s, char buffer[32])
{
	JrLocal local;

	if (at_s == 0)
		return "never";
	if (at_s == G_MAXINT64)
		return "no time is set";
	local = jr_zone_local(story->who.zone, at_s);
	g_snprintf(buffer, 32, "%04d-%02d-%02d %02d:%02d", local.year,
		   local.month, local.day, local.hour, local.minute);
	return buffer;
}

gboolean jr_story_write(JrStory *story, GError **error)
{
	g_auto(GStrv) lines = NULL;

	g_string_set_size(story->text, strlen(g_strchomp(story->text->str)));
	lines = g_strsplit(story->text->str, "\n", -1);
	for (char **line = lines; *line; line++)
		if (!jr_writer_line(story->flow->out, *line, strlen(*line),
				    error))
			return FALSE;
	return jr_writer_flush(story->flow->out, error);
}

static const char *keep(JrArena *arena, const char *text)
{
	return text ? jr_arena_text(arena, text, strlen(text)) : NULL;
}

static gboolean add_decision(const JrDecisionRow *row, gpointer user)
{
	JrStory *story = user;
	JrDecisionRow own = *row;

	own.workflow = keep(story->arena, row->workflow);
	own.step = keep(story->arena, row->step);
	own.message = keep(story->arena, row->message);
	own.gate = keep(story->arena, row->gate);
	own.verdict = keep(story->arena, row->verdict);
	own.reason = keep(story->arena, row->reason);
	own.details = keep(story->arena, row->details);
	g_array_append_val(story->decisions, own);
	return TRUE;
}

gboolean jr_story_load_decisions(JrStory *story, gint64 person, GError **error)
{
	const JrDecisionQuery query = { .person = person };

	return jr_decisions_each(story->flow->db, &query, add_decision, story,
				 error);
}

/* ---- runs ---- */

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

static void tell_end(JrStory *story, const JrEnrolment *run)
{
	char at[32], next[32];

	if (run->goal_s)
		jr_story_say(story, 2, "%s  reached the goal",
			     jr_story_time(story, run->goal_s, at));
	if (run->state != JR_ENROLMENT_LIVE) {
		jr_story_say(story, 2, "%s  %s%s%s",
			     jr_story_time(story, run->ended_s, at),
			     jr_enrolment_state_name(run->state),
			     run->end_reason ? ": " : "",
			     run->end_reason ? run->end_reason : "");
		return;
	}
	jr_story_say(story, 2, "now at %s%s%s, next %s",
		     run->step && *run->step ? "'" : "",
		     run->step && *run->step ? run->step
					     : "the pause before it",
		     run->step && *run->step ? "'" : "",
		     jr_story_time(story, run->due_s, next));
}

void jr_story_run(JrStory *story, const JrEnrolment *run)
{
	char at[32];

	jr_story_say(story, 1, "run %" G_GINT64_FORMAT "%s%s: entered %s%s",
		     run->run, run->key && *run->key ? ", key " : "",
		     run->key ? run->key : "",
		     jr_story_time(story, run->entered_s, at),
		     run->trigger_seq ? "" : ", by the clock");
	for (guint i = 0; i < story->messages->len; i++) {
		const JrMessage *message =
			&g_array_index(story->messages, JrMessage, i);

		if (message->enrolment == run->enrolment)
			tell_message(story, message);
	}
	tell_end(story, run);
}
