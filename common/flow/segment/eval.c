/* Looking at people: who is in what, and when to look again. */
#include "base/error.h"
#include "flow/segment/impl.h"

#include <string.h>

#define HOUR_S 3600

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
	const JrMemberChange change = {
		.person = person->person,
		.segment = jr_segment_def(segmenter, i)->number,
		.in = in,
	};

	g_array_append_val(segmenter->changes, change);
	jr_segment_gather_news(segmenter, jr_segment_def(segmenter, i)->name,
			       person, in, history);
	*(in ? &segmenter->enter[i] : &segmenter->leave[i]) += 1;
}

/*
 * What is hours away is looked at in the hour before it, too: so looks of many
 * people stand side by side in the store, rather than each on a page of its
 * own, which the building of many would write again and again.  Scratch has no
 * pages to write.
 */
static gint64 wake_for(JrSegmenter *segmenter, gint64 next_s)
{
	gint64 now_s = jr_flow_now(segmenter->flow);

	return next_s - now_s > 2 * HOUR_S &&
			       !jr_db_is_scratch(segmenter->flow->db)
		       ? next_s - next_s % HOUR_S
		       : next_s;
}

/*
 * A person has one look ahead for all segments: when it is due all are asked.
 * One that rings before it needs to stays: who does something again and again
 * has it put off each time, and to look once too often, when it rings, costs
 * less than to write that.  It also is all that is known of segments that are
 * not asked now.
 */
static void gather_look(JrSegmenter *segmenter, gint64 person, gint64 next_s)
{
	gint64 now_s = jr_flow_now(segmenter->flow), is_s = segmenter->due_s;
	JrLook look = { .person = person };

	if (next_s < G_MAXINT64)
		look.due_s = wake_for(segmenter, next_s);
	if (is_s == look.due_s ||
	    (is_s > now_s && (next_s == G_MAXINT64 || is_s < look.due_s)))
		return;
	/* One that rings now does so for those that are not asked, too. */
	if (is_s == 0 || is_s > now_s || segmenter->all)
		g_array_append_val(segmenter->looks, look);
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
		if (!segmenter->asked[i] && !segmenter->listed_anew[i])
			continue;
		if (!decide(segmenter, i, &facts, &next_s, error))
			return FALSE;
		if (segmenter->asked[i] &&
		    segmenter->in[i] != segmenter->was[i])
			gather_change(segmenter, i, person, history);
	}
	gather_look(segmenter, person->person, next_s);
	return TRUE;
}

/* Who is gone is in no segment: the store saw to that. */
static gboolean is_there(const JrPerson *person)
{
	return person->person && (person->state == JR_PERSON_LIVE ||
				  person->state == JR_PERSON_SUPPRESSED);
}

/*
 * People who came or changed together have numbers side by side: then what is
 * known of all from the first to the last is read in a few walks.  But for
 * events: who is between them, and did not change, may have very many.
 */
static gboolean are_dense(const GArray *subjects)
{
	gint64 first, last;

	if (subjects->len < 2)
		return FALSE;
	first = g_array_index(subjects, JrSegmentSubject, 0).person;
	last = g_array_index(subjects, JrSegmentSubject, subjects->len - 1)
		       .person;
	return last - first < 4 * (gint64)subjects->len;
}

static gboolean look_at_all(JrSegmenter *segmenter, const JrPerson *people,
			    const GArray *subjects, GError **error)
{
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

static int by_person(gconstpointer a, gconstpointer b)
{
	const JrSegmentSubject *x = a, *y = b;

	return x->person < y->person ? -1 : x->person > y->person;
}

gboolean jr_segment_look_at(JrSegmenter *segmenter, GArray *subjects,
			    GError **error)
{
	guint n = subjects->len;
	g_autofree JrPerson *people = g_new0(JrPerson, n);
	gboolean ok;

	g_array_sort(subjects, by_person);
	for (guint i = 0; i < n; i++)
		people[i].person =
			g_array_index(subjects, JrSegmentSubject, i).person;
	if (!jr_people_load(segmenter->flow->db, people, n, segmenter->arena,
			    error))
		return FALSE;
	if (!are_dense(subjects))
		return look_at_all(segmenter, people, subjects, error);
	ok = jr_segment_page_begin(
		     segmenter,
		     g_array_index(subjects, JrSegmentSubject, 0).person,
		     g_array_index(subjects, JrSegmentSubject, n - 1).person,
		     error) &&
	     look_at_all(segmenter, people, subjects, error);
	jr_segment_page_end(segmenter);
	return ok;
}
