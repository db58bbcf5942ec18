/*
 * What is known of the person at hand.  For a page of people it is read with a
 * few walks over the store; for somebody among the others, question by
 * question.
 */
#include "base/error.h"
#include "flow/segment/impl.h"
#include "flow/segment/list.h"
#include "store/lists.h"

#include <string.h>

/* What definitions ask for */

static void want_event(gpointer user, const char *name)
{
	jr_history_ask(((JrSegmenter *)user)->history, name);
}

static void want_messages(gpointer user)
{
	((JrSegmenter *)user)->wants[JR_HAVE_METRICS] = TRUE;
}

static void want_devices(gpointer user)
{
	((JrSegmenter *)user)->wants[JR_HAVE_DEVICES] = TRUE;
}

static void want_wishes(gpointer user)
{
	((JrSegmenter *)user)->wants[JR_HAVE_WISHES] = TRUE;
}

void jr_segment_prepare(JrSegmenter *segmenter)
{
	static const JrExprVisitor visitor = {
		.event = want_event,
		.messages = want_messages,
		.devices = want_devices,
		.subscriptions = want_wishes,
	};

	jr_history_ask_none(segmenter->history);
	memset(segmenter->wants, 0, sizeof segmenter->wants);
	segmenter->all = TRUE;
	for (guint i = 0; i < segmenter->n; i++) {
		const JrSegmentDef *def = jr_segment_def(segmenter, i);

		segmenter->all &= segmenter->asked[i];
		if (segmenter->asked[i] && def->expr)
			jr_expr_visit(def->expr, &visitor, segmenter);
	}
}

/*
 * What jr did itself is about somebody who has been looked at: when nothing
 * asks for messages it is no reason to look again.
 */
gboolean jr_segment_concerns(const JrSegmenter *segmenter, const JrLogRow *row)
{
	return row->kind != JR_LOG_METRIC || row->id ||
	       segmenter->wants[JR_HAVE_METRICS];
}

void jr_segment_ask_all(JrSegmenter *segmenter)
{
	for (guint i = 0; i < segmenter->n; i++)
		segmenter->asked[i] = TRUE;
	jr_segment_prepare(segmenter);
}

/* Pages */

gboolean jr_segment_page_begin(JrSegmenter *segmenter, gint64 first,
			       gint64 last, GError **error)
{
	JrSegmentPage *page = &segmenter->page;
	JrDb *db = segmenter->flow->db;

	g_array_set_size(page->memberships, 0);
	page->at_membership = 0;
	page->open = TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(page->having); i++) {
		g_array_set_size(page->having[i], 0);
		page->at_having[i] = 0;
		if (segmenter->wants[i] &&
		    !jr_people_having(db, (JrHave)i, first, last,
				      page->having[i], error))
			return FALSE;
	}
	return jr_segments_among(db, first, last, page->memberships, error);
}

void jr_segment_page_end(JrSegmenter *segmenter)
{
	segmenter->page.open = FALSE;
	jr_history_end(segmenter->history);
}

static void note_was(JrSegmenter *segmenter, gint64 segment)
{
	guint i = GPOINTER_TO_UINT(
		g_hash_table_lookup(segmenter->by_number, &segment));

	if (i > 0)
		segmenter->was[i - 1] = TRUE;
}

/* The page's lists go on to @person, who is behind the one before. */
static void turn_to(JrSegmenter *segmenter, gint64 person)
{
	JrSegmentPage *page = &segmenter->page;
	const GArray *members = page->memberships;
	guint at;

	for (at = page->at_membership; at < members->len; at++) {
		const JrMembership *one =
			&g_array_index(members, JrMembership, at);

		if (one->person > person)
			break;
		if (one->person == person && one->segment)
			note_was(segmenter, one->segment);
		else if (one->person == person)
			segmenter->due_s = one->since_s;
	}
	page->at_membership = at;
	for (guint i = 0; i < G_N_ELEMENTS(page->having); i++) {
		const GArray *having = page->having[i];

		for (at = page->at_having[i];
		     at < having->len &&
		     g_array_index(having, gint64, at) < person;)
			at++;
		page->at_having[i] = at;
		segmenter->has[i] = at < having->len &&
				    g_array_index(having, gint64, at) == person;
	}
}

/* Somebody alone */

static gboolean ask_was(JrSegmenter *segmenter, gint64 person, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
	JrDb *db = segmenter->flow->db;

	for (guint i = 0; i < G_N_ELEMENTS(segmenter->has); i++)
		segmenter->has[i] = TRUE; /* for all we know */
	if (!jr_segments_of(db, person, numbers, &segmenter->due_s, error))
		return FALSE;
	for (guint i = 0; i < numbers->len; i++)
		note_was(segmenter, g_array_index(numbers, gint64, i));
	return TRUE;
}

/* What expressions ask */

/* Those that others ask for come before them: what was found counts. */
static gboolean in_segment(gpointer data, const char *segment, gboolean *yes,
			   GError **error G_GNUC_UNUSED)
{
	const JrSegmenter *segmenter = data;
	guint i = GPOINTER_TO_UINT(
		g_hash_table_lookup(segmenter->by_name, segment));

	*yes = i > 0 && segmenter->in[i - 1];
	return TRUE;
}

static gboolean ask_events(gpointer data, const JrFactEventQuery *query,
			   JrFactEventFn each, gpointer user, GError **error)
{
	const JrSegmenter *segmenter = data;
	JrStoreFacts store = { segmenter->flow, segmenter->person,
			       segmenter->history };

	return jr_store_fact_source.events(&store, query, each, user, error);
}

static gboolean ask_messages(gpointer data, const JrFactMessageQuery *query,
			     JrFactEventFn each, gpointer user, GError **error)
{
	const JrSegmenter *segmenter = data;
	JrStoreFacts store = { segmenter->flow, segmenter->person, NULL };

	return !segmenter->has[JR_HAVE_METRICS] ||
	       jr_store_fact_source.messages(&store, query, each, user, error);
}

static gboolean ask_device(gpointer data, const char *platform, gboolean *yes,
			   GError **error)
{
	const JrSegmenter *segmenter = data;
	JrStoreFacts store = { segmenter->flow, segmenter->person, NULL };

	*yes = FALSE;
	return !segmenter->has[JR_HAVE_DEVICES] ||
	       jr_store_fact_source.has_device(&store, platform, yes, error);
}

static gboolean ask_subscribed(gpointer data, const char *topic, gboolean *yes,
			       GError **error)
{
	const JrSegmenter *segmenter = data;
	JrStoreFacts store = { segmenter->flow, segmenter->person, NULL };

	*yes = TRUE;
	return !segmenter->has[JR_HAVE_WISHES] ||
	       jr_store_fact_source.subscribed(&store, topic, yes, error);
}

static const JrFactSource source = {
	.events = ask_events,
	.messages = ask_messages,
	.in_segment = in_segment,
	.has_device = ask_device,
	.subscribed = ask_subscribed,
};

static JrZone *zone_of(const JrSegmenter *segmenter, const JrPerson *person)
{
	JrZone *zone = NULL;

	if (person->zone)
		zone = jr_zones_get(segmenter->flow->zones, person->zone, NULL);
	return zone ? zone : segmenter->zone;
}

static gboolean fill_facts(JrSegmenter *segmenter, const JrPerson *person,
			   JrFacts *facts, GError **error)
{
	g_autoptr(GError) why = NULL;

	*facts = (JrFacts){
		.person_id = person->id,
		.person = jr_json_read(segmenter->json, segmenter->scratch,
				       person->attributes,
				       strlen(person->attributes), &why),
		.now_s = jr_flow_now(segmenter->flow),
		.zone = zone_of(segmenter, person),
		.source = &source,
		.data = segmenter,
	};
	if (facts->person)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_IO,
		    "the state is damaged: attributes of '%s': %s", person->id,
		    why->message);
	return FALSE;
}

gboolean jr_segment_know(JrSegmenter *segmenter, const JrPerson *person,
			 JrFacts *facts, GError **error)
{
	jr_arena_reset(segmenter->scratch);
	segmenter->person = person->person;
	segmenter->due_s = 0;
	g_array_set_size(segmenter->identities, 0);
	memset(segmenter->was, 0, segmenter->n * sizeof *segmenter->was);
	if (segmenter->page.open)
		turn_to(segmenter, person->person);
	else if (!ask_was(segmenter, person->person, error))
		return FALSE;
	return fill_facts(segmenter, person, facts, error) &&
	       jr_history_load(segmenter->history, person->person, error);
}

/* Lists */

static gboolean listed_in_file(JrSegmenter *segmenter,
			       const JrSegmentList *list, gboolean *yes,
			       GError **error)
{
	GArray *known = segmenter->identities;

	if (known->len == 0 &&
	    !jr_person_identities(segmenter->flow->db, segmenter->person,
				  segmenter->scratch, known, error))
		return FALSE;
	*yes = FALSE;
	for (guint i = 0; i < known->len && !*yes; i++)
		*yes = jr_segment_list_has(
			list, &g_array_index(known, JrIdentity, i));
	return TRUE;
}

gboolean jr_segment_listed(JrSegmenter *segmenter, guint i, gboolean *yes,
			   GError **error)
{
	const JrSegmentDef *def = jr_segment_def(segmenter, i);

	if (def->list)
		return listed_in_file(segmenter, def->list, yes, error);
	return jr_list_has(segmenter->flow->db, def->name, segmenter->person,
			   yes, error);
}
