/*
 * story.h - the parts of a person's story; for explain.c.
 */
#pragma once

#include "flow/journey/run.h"
#include "store/decisions.h"

typedef struct {
	JrFlow *flow;
	JrJourneys *journeys;
	JrArena *arena;
	JrTraveller who;
	GArray *runs;	   /* JrEnrolment, oldest first */
	GArray *messages;  /* JrMessage, by due_s */
	GArray *decisions; /* JrDecisionRow, oldest first */
	GString *text;	   /* what has been said */
} JrStory;

JrStory *jr_story_new(JrFlow *flow, JrJourneyFiles *files);
void jr_story_free(JrStory *story);

/* Say a line, @depth steps to the right. */
void jr_story_say(JrStory *story, guint depth, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* "2026-11-23 07:40", by the person's clocks; "never", "no time is set". */
const char *jr_story_time(const JrStory *story, gint64 at_s, char buffer[32]);

gboolean jr_story_load_decisions(JrStory *story, gint64 person, GError **error);

/* Tell one run: what began it, each step and message, where it stands. */
gboolean jr_story_run(JrStory *story, const JrEnrolment *run, GError **error);

/* Tell all runs of @workflow and when there may be another, or why there is
 * none. */
gboolean jr_story_workflow(JrStory *story, const JrWorkflow *workflow,
			   GError **error);

/* Write what has been said to flow->out. */
gboolean jr_story_write(JrStory *story, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrStory, jr_story_free)
