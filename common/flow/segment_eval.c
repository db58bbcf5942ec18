/* Looking at people: who is in what, and when to look again. */
#include "base/error.h"
#include "flow/segment_impl.h"

#include <string.h>

/* Whether the person at hand is to be in definition @i. */
static gboolean decide(JrSegmenter *segmenter, guint i, const JrFacts *facts,
		       gint64 *next_s, GError **error)
{
	const JrSegmentDef *def = jr_segment_def(segmenter, i);
	int holds;

	if (!def->expr)
		return jr_segment_listed(segmenter, i, &segmenter->in[i],
					 error);
	holds = jr_expr_holds(def->expr, facts, def->timed ? next_s : NULL,
			      error);
	if (holds < 0)
		jr_error_at(error, segmenter->file->path, def->line, 0);
	segmenter->in[i] = holds > 0;
	return holds >= 0;
}

static void gather_change(JrSegmenter *segmenter, guint i,
			  const JrPerson *person, gboolean history)
{
	gboolean in = segmenter->in[i];
	const JrMemberChange change = { person->person, in };

	g_array_append_val(segmenter->changes[i], change);
	jr_segment_gather_news(segmenter, jr_segment_def(segmenter, i)->name,
			       person, in, history);
	*(in ? &segmenter->enter[i] : &segmenter->leave[i]) += 1;
}

/*
 * A person has one timer for all segments: when it is due all are asked.  Of
 * those not asked now all that is known is when it was due.
 */
static void gather_timer(JrSegmenter *segmenter, gint64 person, gint64 next_s)
{
	JrTimer timer = {
		.kind = JR_TIMER_SEGMENT,
		.owner = "",
		.person = person,
		.due_s = next_s,
	};

	if (!segmenter->all && segmenter->due_s)
		timer.due_s = MIN(timer.due_s, segmenter->due_s);
	if (timer.due_s == G_MAXINT64)
		timer.due_s = 0;
	if (timer.due_s != segmenter->due_s)
		g_array_append_val(segmenter->timers, timer);
}

gboolean jr_segment_look(JrSegmenter *segmenter, const JrPerson *person,
			 gboolean history, GError **error)
{
	gint64 next_s = G_MAXINT64;
	JrFacts facts;

	if (!jr_segment_know(segmenter, person, &facts, error))
		return FALSE;
	if (segmenter->names)
		jr_attribute_names_see(segmenter->names, facts.person);
	memcpy(segmenter->in, segmenter->was,
	       segmenter->n * sizeof *segmenter->in);
	for (guint i = 0; i < segmenter->n; i++) {
		if (!segmenter->asked[i])
			continue;
		if (!decide(segmenter, i, &facts, &next_s, error))
			return FALSE;
		if (segmenter->in[i] != segmenter->was[i])
			gather_change(segmenter, i, person, history);
	}
	gather_timer(segmenter, person->person, next_s);
	return TRUE;
}

/* Who is gone is in no segment: the store saw to that. */
static gboolean is_there(const JrPerson *person)
{
	return person->person && (person->state == JR_PERSON_LIVE ||
				  person->state == JR_PERSON_SUPPRESSED);
}

gboolean jr_segment_look_at(JrSegmenter *segmenter, const GArray *subjects,
			    GError **error)
{
	g_autofree JrPerson *people = g_new0(JrPerson, subjects->len);

	for (guint i = 0; i < subjects->len; i++)
		people[i].person =
			g_array_index(subjects, JrSegmentSubject, i).person;
	if (!jr_people_load(segmenter->flow->db, people, subjects->len,
			    segmenter->arena, error))
		return FALSE;
	for (guint i = 0; i < subjects->len; i++)
		if (is_there(&people[i]) &&
		    !jr_segment_look(
			    segmenter, &people[i],
			    g_array_index(subjects, JrSegmentSubject, i)
				    .history,
			    error))
			return FALSE;
	return TRUE;
}
