#include "flow/schedule/explain.h"
#include "base/error.h"
#include "flow/schedule/story.h"

#include <string.h>

/* ---- who ---- */

/* The kinds that a name may be of, the likelier first. */
static const JrIdentityKind kinds[] = { JR_IDENTITY_ID, JR_IDENTITY_EMAIL,
					JR_IDENTITY_PHONE,
					JR_IDENTITY_ANONYMOUS,
					JR_IDENTITY_CIO_ID };

/* A number that is nobody's name may still be one person's to be texted at. */
static gboolean find_number(const JrFlow *flow, const char *name,
			    gint64 *person, GError **error)
{
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!jr_people_with_number(flow->db, name, people, error))
		return FALSE;
	if (people->len == 1)
		*person = g_array_index(people, gint64, 0);
	return TRUE;
}

gboolean jr_schedule_find_person(const JrFlow *flow, const char *name,
				 gint64 *person, GError **error)
{
	g_autofree char *lower = g_utf8_strdown(name, -1);
	JrPersonAsk asks[G_N_ELEMENTS(kinds)];

	*person = 0;
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		asks[i] = (JrPersonAsk){
			.identity = { kinds[i], kinds[i] == JR_IDENTITY_EMAIL
							? lower
							: name }
		};
	if (!jr_people_find(flow->db, asks, G_N_ELEMENTS(asks), error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(asks) && *person == 0; i++)
		*person = asks[i].person;
	if (*person == 0 && !find_number(flow, name, person, error))
		return FALSE;
	if (*person)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "nobody, or more than one, is known by that name: write an "
		    "id, an email address or a number that identified them");
	return FALSE;
}

/* ---- the story ---- */

static gboolean tell_who(JrStory *story, GError **error)
{
	const JrTraveller *who = &story->who;
	g_autoptr(GArray) places =
		g_array_new(FALSE, FALSE, sizeof(JrQuietPlace));

	jr_story_say(story, 0, "%s", who->row.id);
	if (who->row.state == JR_PERSON_SUPPRESSED)
		jr_story_say(story, 1, "suppressed: nothing is sent");
	if (who->zone_own) {
		jr_story_say(story, 1, "clocks: %s", jr_zone_id(who->zone));
		return TRUE;
	}
	if (!jr_traveller_places(story->flow, who, NULL, places, error))
		return FALSE;
	if (places->len == 0)
		jr_story_say(story, 1,
			     "clocks: unknown, what quiet hours concern is "
			     "held; shown in %s",
			     jr_zone_id(who->zone));
	else
		jr_story_say(
			story, 1, "clocks: %s, and %u more",
			jr_zone_id(g_array_index(places, JrQuietPlace, 0).zone),
			places->len - 1);
	return TRUE;
}

/* Runs of workflows whose files are gone. */
static gboolean tell_gone(JrStory *story, const char *only, guint *told,
			  GError **error)
{
	const char *name = NULL;

	for (guint i = 0; i < story->runs->len; i++) {
		const JrEnrolment *run =
			&g_array_index(story->runs, JrEnrolment, i);

		if ((only && strcmp(run->workflow, only) != 0) ||
		    jr_journey_files_find(story->journeys->files,
					  run->workflow))
			continue;
		if (g_strcmp0(name, run->workflow) != 0)
			jr_story_say(story, 0, "%s, whose file is gone",
				     run->workflow);
		name = run->workflow;
		(*told)++;
		if (!jr_story_run(story, run, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean tell_workflows(JrStory *story, const char *only, GError **error)
{
	const GPtrArray *all = jr_journey_files_all(story->journeys->files);
	guint told = 0;

	for (guint i = 0; i < all->len; i++) {
		const JrWorkflow *workflow = all->pdata[i];

		if (only && strcmp(workflow->name, only) != 0)
			continue;
		told++;
		if (!jr_story_workflow(story, workflow, error))
			return FALSE;
	}
	if (!tell_gone(story, only, &told, error))
		return FALSE;
	if (told > 0 || !only)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "there is no workflow '%s'", only);
	return FALSE;
}

static gboolean load_story(JrStory *story, gint64 person, GError **error)
{
	JrDb *db = story->flow->db;
	gboolean found = FALSE;

	if (!jr_traveller_load(story->flow, person, story->arena, &story->who,
			       &found, error))
		return FALSE;
	g_assert(found); /* identities end with an erasure */
	return jr_enrolments_of(db, person, story->arena, story->runs, error) &&
	       jr_messages_of(db, person, story->arena, story->messages,
			      error) &&
	       jr_story_load_decisions(story, person, error);
}

gboolean jr_schedule_explain(JrFlow *flow, const JrExplainAsk *ask,
			     GError **error)
{
	g_autoptr(JrJourneyFiles) files = jr_journey_files_load(flow, error);
	g_autoptr(JrStory) story = NULL;
	gint64 person = 0;

	if (!files ||
	    !jr_schedule_find_person(flow, ask->person, &person, error))
		return FALSE;
	story = jr_story_new(flow, files);
	return load_story(story, person, error) && tell_who(story, error) &&
	       tell_workflows(story, ask->workflow, error) &&
	       jr_story_write(story, error);
}
