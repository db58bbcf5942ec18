#include "flow/schedule/story.h"
#include "flow/table/table.h"

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
	g_autofree char *text = NULL, *plain = NULL;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	/* Names and reasons may hold what came from outside. */
	plain = jr_plain_text(text);
	g_string_append_printf(story->text, "%*s%s\n", (int)depth * 2, "",
			       plain);
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
