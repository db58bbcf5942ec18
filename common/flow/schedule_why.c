/* Why someone is not on a journey. */
#include "flow/schedule_story.h"
#include "store/log.h"

#include <string.h>

typedef struct {
	gint64 at_s;
	guint flags;
	guint n;
} Seen;

static gboolean see(const JrLogRow *row, gpointer user)
{
	Seen *seen = user;

	if (seen->n++ == 0) {
		seen->at_s = row->at_s;
		seen->flags = row->flags;
	}
	return TRUE;
}

static gboolean tell_event(JrStory *story, const JrWorkflow *workflow,
			   GError **error)
{
	const JrEventQuery query = { .person = story->who.row.person,
				     .name = workflow->trigger.name,
				     .until_s = G_MAXINT64,
				     .newest_first = TRUE };
	Seen seen = { 0 };
	char at[32];

	if (!jr_events_each(story->flow->db, &query, see, &seen, error))
		return FALSE;
	if (seen.n == 0) {
		jr_story_say(story, 1, "never entered: no event '%s'",
			     workflow->trigger.name);
		return TRUE;
	}
	jr_story_say(story, 1,
		     "never entered: event '%s' came %u times, last "
		     "%s%s",
		     workflow->trigger.name, seen.n,
		     jr_story_time(story, seen.at_s, at),
		     seen.flags & JR_LOG_HISTORY ? ", as old news" : "");
	return TRUE;
}

static gboolean tell_why_not(JrStory *story, const JrWorkflow *workflow,
			     GError **error)
{
	const JrTrigger *trigger = &workflow->trigger;

	switch (trigger->kind) {
	case JR_TRIGGER_EVENT:
		return tell_event(story, workflow, error);
	case JR_TRIGGER_ENTERS:
		jr_story_say(story, 1,
			     "never entered: did not enter segment "
			     "'%s'",
			     trigger->name);
		break;
	case JR_TRIGGER_LEAVES:
		jr_story_say(story, 1,
			     "never entered: did not leave segment "
			     "'%s'",
			     trigger->name);
		break;
	case JR_TRIGGER_DATE:
		jr_story_say(story, 1, "never entered: '%s' has not come",
			     trigger->attribute);
		break;
	case JR_TRIGGER_SCHEDULE:
		jr_story_say(story, 1,
			     "never entered: no broadcast went to "
			     "them");
		break;
	case JR_TRIGGER_RECORD:
		jr_story_say(story, 1, "never entered: no trigger record '%s'",
			     trigger->name);
		break;
	}
	return TRUE;
}

/* Whether @expr holds for the person now: told when it does not. */
static gboolean tell_condition(JrStory *story, const JrWorkflow *workflow,
			       const JrExpr *expr, const char *what,
			       GError **error)
{
	JrRun run = { .workflow = workflow, .loaded = TRUE, .who = story->who };
	const JrRunAsk ask = { .expr = expr };
	int yes;

	run.row.person = story->who.row.person;
	if (!expr)
		return TRUE;
	jr_arena_reset(story->journeys->arena);
	yes = jr_run_holds(story->journeys, &run, &ask, NULL, error);
	if (yes == 0)
		jr_story_say(story, 1, "%s does not hold now: %s", what,
			     jr_expr_text(expr));
	return yes >= 0;
}

gboolean jr_story_workflow(JrStory *story, const JrWorkflow *workflow,
			   GError **error)
{
	guint n = 0;

	jr_story_say(story, 0, "%s%s", workflow->name,
		     workflow->enabled ? "" : ", not enabled");
	for (guint i = 0; i < story->runs->len; i++) {
		const JrEnrolment *run =
			&g_array_index(story->runs, JrEnrolment, i);

		if (strcmp(run->workflow, workflow->name) != 0)
			continue;
		jr_story_run(story, run);
		n++;
	}
	if (n == 0 && !tell_why_not(story, workflow, error))
		return FALSE;
	return tell_condition(story, workflow, workflow->filter, "its filter",
			      error);
}
