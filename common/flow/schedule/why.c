/* Why someone is not on a journey. */
#include "flow/schedule/impl.h"
#include "flow/schedule/story.h"
#include "io/json.h"
#include "store/log.h"
#include "store/segments.h"

#include <string.h>

/* A condition of a workflow, asked of the person as they are now. */
typedef struct {
	const JrWorkflow *workflow;
	const JrExpr *expr;
	const char *what;   /* "its filter" */
	const JrVal *event; /* in the journeys' arena; or NULL */
	gint64 at_s;	    /* of that */
} Condition;

/* Told when it does not hold. */
static gboolean tell_condition(JrStory *story, const Condition *condition,
			       GError **error)
{
	JrRun run = { .workflow = condition->workflow,
		      .loaded = TRUE,
		      .who = story->who,
		      .event = condition->event };
	const JrRunAsk ask = { .expr = condition->expr };
	int yes;

	run.row.person = story->who.row.person;
	run.row.trigger_s = condition->at_s;
	if (!condition->expr)
		return TRUE;
	yes = jr_run_holds(story->journeys, &run, &ask, NULL, error);
	if (yes == 0)
		jr_story_say(story, 1, "%s does not hold now: %s",
			     condition->what, jr_expr_text(condition->expr));
	return yes >= 0;
}

/* The newest event that might have begun it, and how many there were. */
typedef struct {
	JrArena *arena;
	gint64 at_s, seq;
	guint flags, n;
	const char *data; /* in the arena; or NULL */
} Seen;

static gboolean see(const JrLogRow *row, gpointer user)
{
	Seen *seen = user;

	if (seen->n++ == 0) {
		seen->at_s = row->at_s;
		seen->seq = row->seq;
		seen->flags = row->flags;
		seen->data = row->data ? jr_arena_text(seen->arena, row->data,
						       row->data_len)
				       : NULL;
	}
	return TRUE;
}

/* When the file as it is now was first seen; 0: not yet. */
static gboolean find_first(JrStory *story, const JrWorkflow *workflow,
			   gint64 *first_s, GError **error)
{
	gboolean found = FALSE;
	JrVersion version;

	if (!jr_version_get(story->flow->db, workflow->hash,
			    story->journeys->arena, &version, &found, error))
		return FALSE;
	*first_s = found ? version.first_s : 0;
	return TRUE;
}

/* Whether the file was there when @seen came, and it has been looked at. */
static gboolean judge_time(JrStory *story, const JrWorkflow *workflow,
			   const Seen *seen, GError **error)
{
	gint64 first_s = 0, looked = 0;
	char at[32];

	if (!find_first(story, workflow, &first_s, error) ||
	    !jr_cursor_get(story->flow->db, JR_SCHEDULE_READER, &looked, error))
		return FALSE;
	if (first_s == 0)
		jr_story_say(story, 1,
			     "jr-schedule has not run with this file yet");
	else if (seen->at_s < first_s)
		jr_story_say(story, 1, "which was before this file, of %s",
			     jr_story_time(story, first_s, at));
	else if (seen->seq > looked)
		jr_story_say(story, 1, "jr-schedule has not run since");
	return TRUE;
}

static gboolean judge_event(JrStory *story, const JrWorkflow *workflow,
			    const Seen *seen, GError **error)
{
	Condition where = { .workflow = workflow,
			    .expr = workflow->trigger.where,
			    .what = "for that event its condition",
			    .at_s = seen->at_s };

	if (!judge_time(story, workflow, seen, error))
		return FALSE;
	if (seen->data) {
		where.event = jr_json_parse(story->journeys->arena, seen->data,
					    strlen(seen->data), error);
		if (!where.event)
			return FALSE;
	}
	return tell_condition(story, &where, error);
}

static gboolean tell_event(JrStory *story, const JrWorkflow *workflow,
			   GError **error)
{
	gboolean called = workflow->trigger.kind == JR_TRIGGER_RECORD;
	const char *what = called ? "trigger record" : "event";
	const JrEventQuery query = {
		.person = story->who.row.person,
		.name = workflow->trigger.name,
		.kinds = called ? JR_LOG_BIT(JR_LOG_TRIGGER) : JR_LOG_EVENTS,
		.until_s = G_MAXINT64,
		.newest_first = TRUE,
		.with_data = TRUE
	};
	Seen seen = { .arena = story->journeys->arena };
	g_autofree char *times = NULL;
	char at[32];

	if (!jr_events_each(story->flow->db, &query, see, &seen, error))
		return FALSE;
	if (seen.n == 0) {
		jr_story_say(story, 1, "never entered: no %s '%s'", what,
			     workflow->trigger.name);
		return TRUE;
	}
	times = seen.n == 1 ? g_strdup("once,")
			    : g_strdup_printf("%u times, last", seen.n);
	jr_story_say(story, 1, "never entered: %s '%s' came %s %s%s", what,
		     workflow->trigger.name, times,
		     jr_story_time(story, seen.at_s, at),
		     seen.flags & JR_LOG_HISTORY ? ", as old news" : "");
	return judge_event(story, workflow, &seen, error);
}

/* The trigger is a door of a segment: how they came to be on this side. */
typedef struct {
	const JrTrigger *trigger;
	gint64 segment, since_s;
	gboolean in;
	Seen entered, left; /* as the log was told */
} Door;

/* The rows of the log that say that they entered the segment, or left it. */
static gboolean see_door(JrStory *story, const Door *door, JrLogKind kind,
			 Seen *seen, GError **error)
{
	const JrEventQuery query = { .person = story->who.row.person,
				     .name = door->trigger->name,
				     .kinds = JR_LOG_BIT(kind),
				     .until_s = G_MAXINT64,
				     .newest_first = TRUE,
				     .with_data = TRUE };

	seen->arena = story->journeys->arena;
	return jr_events_each(story->flow->db, &query, see, seen, error);
}

static gboolean find_door(JrStory *story, Door *door, GError **error)
{
	JrDb *db = story->flow->db;

	return jr_flow_segment(story->flow, door->trigger->name, &door->segment,
			       error) &&
	       (!door->segment ||
		jr_segment_has(db, door->segment, story->who.row.person,
			       &door->in, &door->since_s, error)) &&
	       see_door(story, door, JR_LOG_SEGMENT_ENTERED, &door->entered,
			error) &&
	       see_door(story, door, JR_LOG_SEGMENT_LEFT, &door->left, error);
}

/* They went through it, and yet not into the journey. */
static gboolean judge_door(JrStory *story, const JrWorkflow *workflow,
			   const Seen *seen, GError **error)
{
	char at[32];

	jr_story_say(story, 1, "never entered: %s segment '%s' %s%s",
		     workflow->trigger.kind == JR_TRIGGER_ENTERS ? "entered"
								 : "left",
		     workflow->trigger.name,
		     jr_story_time(story, seen->at_s, at),
		     seen->flags & JR_LOG_HISTORY ? ", as old news" : "");
	return judge_time(story, workflow, seen, error);
}

/* They are in it, or out of it, by a definition that is new or changed. */
static void tell_built(JrStory *story, const Door *door)
{
	char at[32];

	if (door->in)
		jr_story_say(story, 1,
			     "never entered: was found in segment '%s' when it "
			     "was defined, %s: that starts no journey",
			     door->trigger->name,
			     jr_story_time(story, door->since_s, at));
	else
		jr_story_say(story, 1,
			     "never entered: is out of segment '%s' because it "
			     "was defined anew: that starts no journey",
			     door->trigger->name);
}

static gboolean tell_segment(JrStory *story, const JrWorkflow *workflow,
			     GError **error)
{
	Door door = { .trigger = &workflow->trigger };
	gboolean enters = workflow->trigger.kind == JR_TRIGGER_ENTERS;
	const Seen *seen = enters ? &door.entered : &door.left;
	char at[32];

	if (!find_door(story, &door, error))
		return FALSE;
	/* The last time, it was not by the door. */
	if (enters ? door.in && door.entered.at_s < door.since_s
		   : !door.in && door.entered.at_s > door.left.at_s) {
		tell_built(story, &door);
		return TRUE;
	}
	if (seen->n > 0)
		return judge_door(story, workflow, seen, error);
	jr_story_say(story, 1, "never entered: did not %s segment '%s'%s%s",
		     enters ? "enter" : "leave", door.trigger->name,
		     !door.segment ? ", which there is not"
		     : door.in	   ? ", in which they are since "
				   : ", in which they are not",
		     door.in ? jr_story_time(story, door.since_s, at) : "");
	return TRUE;
}

static void tell_date(JrStory *story, const JrWorkflow *workflow)
{
	const JrTrigger *trigger = &workflow->trigger;
	const JrVal *val =
		jr_val_path(story->who.attributes, trigger->attribute);
	g_autoptr(GError) why = NULL;
	gint64 due_s;
	char at[32];

	if (jr_val_is_null(val))
		jr_story_say(story, 1, "never entered: there is no '%s'",
			     trigger->attribute);
	else if (jr_trigger_next_date(trigger, val, story->who.zone,
				      story->journeys->now_s, &due_s, &why))
		jr_story_say(
			story, 1, "never entered: '%s' has not come, next %s",
			trigger->attribute, jr_story_time(story, due_s, at));
	else
		jr_story_say(story, 1, "never entered: '%s' is %s",
			     trigger->attribute, why ? "no date" : "past");
}

static gboolean tell_broadcast(JrStory *story, const JrWorkflow *workflow,
			       GError **error)
{
	const char *name = workflow->trigger.name;
	gint64 due_s, segment = 0, since_s;
	gboolean in = FALSE;
	char at[32];
	gboolean more =
		jr_trigger_next_schedule(&workflow->trigger, story->who.zone,
					 story->journeys->now_s, &due_s);

	if (!jr_flow_segment(story->flow, name, &segment, error) ||
	    (segment &&
	     !jr_segment_has(story->flow->db, segment, story->who.row.person,
			     &in, &since_s, error)))
		return FALSE;
	jr_story_say(story, 1, "never entered: no broadcast went to them, %s%s",
		     more ? "next " : "and none is to come",
		     more ? jr_story_time(story, due_s, at) : "");
	if (!in)
		jr_story_say(story, 1, "is not in segment '%s'%s", name,
			     segment ? "" : ", which there is not");
	return TRUE;
}

static gboolean tell_why_not(JrStory *story, const JrWorkflow *workflow,
			     GError **error)
{
	const Condition where = { .workflow = workflow,
				  .expr = workflow->trigger.where,
				  .what = "its condition" };

	jr_arena_reset(story->journeys->arena);
	switch (workflow->trigger.kind) {
	case JR_TRIGGER_EVENT:
	case JR_TRIGGER_RECORD:
		return tell_event(story, workflow, error);
	case JR_TRIGGER_ENTERS:
	case JR_TRIGGER_LEAVES:
		if (!tell_segment(story, workflow, error))
			return FALSE;
		break;
	case JR_TRIGGER_DATE:
		tell_date(story, workflow);
		break;
	case JR_TRIGGER_SCHEDULE:
		if (!tell_broadcast(story, workflow, error))
			return FALSE;
		break;
	}
	return tell_condition(story, &where, error);
}

/* Whether they may enter once more, after @last of their runs. */
static void tell_reentry(JrStory *story, const JrWorkflow *workflow,
			 const JrEnrolment *last)
{
	gint64 from_s;
	char at[32];

	if (workflow->key || last->state == JR_ENROLMENT_LIVE)
		return;
	switch (workflow->reentry) {
	case JR_REENTRY_ONCE:
		jr_story_say(story, 1, "does not enter again: reentry is once");
		break;
	case JR_REENTRY_ALWAYS:
		break;
	case JR_REENTRY_EVERY:
		from_s = jr_span_add(last->entered_s, &workflow->reentry_span,
				     story->who.zone);
		jr_story_say(story, 1, "may enter again from %s",
			     jr_story_time(story, from_s, at));
		break;
	}
}

gboolean jr_story_workflow(JrStory *story, const JrWorkflow *workflow,
			   GError **error)
{
	const Condition filter = { .workflow = workflow,
				   .expr = workflow->filter,
				   .what = "its filter" };
	const JrEnrolment *last = NULL;

	jr_story_say(story, 0, "%s%s", workflow->name,
		     workflow->enabled ? "" : ", not enabled");
	for (guint i = 0; i < story->runs->len; i++) {
		const JrEnrolment *run =
			&g_array_index(story->runs, JrEnrolment, i);

		if (strcmp(run->workflow, workflow->name) != 0)
			continue;
		if (!jr_story_run(story, run, error))
			return FALSE;
		/* Those from before a merge come behind. */
		if (!last || run->run > last->run)
			last = run;
	}
	if (last)
		tell_reentry(story, workflow, last);
	else if (!tell_why_not(story, workflow, error))
		return FALSE;
	return tell_condition(story, &filter, error);
}
