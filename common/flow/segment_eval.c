/* Looking at people: who is in what, and when to look again. */
#include "base/error.h"
#include "flow/segment_impl.h"
#include "store/log.h"

#include <string.h>

void jr_segment_gather(JrSegmenter *segmenter)
{
	jr_arena_reset(segmenter->arena);
	for (guint i = 0; i < segmenter->n; i++)
		g_array_set_size(segmenter->changes[i], 0);
	g_array_set_size(segmenter->timers, 0);
	g_array_set_size(segmenter->rows, 0);
	g_ptr_array_set_size(segmenter->names, 0);
}

static const JrSegmentDef *def_at(const JrSegmenter *segmenter, guint i)
{
	return &g_array_index(segmenter->file->defs, JrSegmentDef, i);
}

/* Those that others ask for come before them: what was found counts. */
static gboolean in_segment(gpointer data, const char *segment, gboolean *yes,
			   GError **error)
{
	const JrSegmenter *segmenter = data;

	(void)error;
	for (guint i = 0; i < segmenter->n; i++)
		if (g_str_equal(def_at(segmenter, i)->name, segment)) {
			*yes = segmenter->in[i];
			return TRUE;
		}
	*yes = FALSE;
	return TRUE;
}

/* All else is asked of the store. */
static gboolean ask_events(gpointer data, const JrFactEventQuery *query,
			   JrFactEventFn each, gpointer user, GError **error)
{
	const JrSegmenter *segmenter = data;
	JrStoreFacts store = { segmenter->flow, segmenter->person };

	return jr_store_fact_source.events(&store, query, each, user, error);
}

static gboolean ask_messages(gpointer data, const JrFactMessageQuery *query,
			     JrFactEventFn each, gpointer user, GError **error)
{
	const JrSegmenter *segmenter = data;
	JrStoreFacts store = { segmenter->flow, segmenter->person };

	return jr_store_fact_source.messages(&store, query, each, user, error);
}

static gboolean ask_device(gpointer data, const char *platform, gboolean *yes,
			   GError **error)
{
	const JrSegmenter *segmenter = data;
	JrStoreFacts store = { segmenter->flow, segmenter->person };

	return jr_store_fact_source.has_device(&store, platform, yes, error);
}

static gboolean ask_subscribed(gpointer data, const char *topic, gboolean *yes,
			       GError **error)
{
	const JrSegmenter *segmenter = data;
	JrStoreFacts store = { segmenter->flow, segmenter->person };

	return jr_store_fact_source.subscribed(&store, topic, yes, error);
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

gboolean jr_segment_facts(JrSegmenter *segmenter, const JrPerson *person,
			  JrFacts *facts, GError **error)
{
	g_autoptr(GError) why = NULL;

	jr_arena_reset(segmenter->scratch);
	segmenter->person = person->person;
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

/* What the store says of @person. */
static gboolean ask_was(JrSegmenter *segmenter, gint64 person, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!jr_segments_of(segmenter->flow->db, person, numbers, error))
		return FALSE;
	for (guint i = 0; i < segmenter->n; i++) {
		gint64 number = def_at(segmenter, i)->number;

		segmenter->was[i] = FALSE;
		for (guint j = 0; number && j < numbers->len; j++)
			if (g_array_index(numbers, gint64, j) == number)
				segmenter->was[i] = TRUE;
	}
	return TRUE;
}

void jr_segment_gather_row(JrSegmenter *segmenter, const char *name,
			   const JrPerson *person, gboolean in,
			   gboolean history)
{
	gint64 now_s = jr_flow_now(segmenter->flow);
	const JrLogRow row = {
		.kind = in ? JR_LOG_SEGMENT_ENTERED : JR_LOG_SEGMENT_LEFT,
		.flags = history ? JR_LOG_HISTORY : 0,
		.person = person->person,
		.name = name,
		.at_s = now_s,
		.received_s = now_s,
	};
	char *id =
		jr_arena_text(segmenter->arena, person->id, strlen(person->id));

	g_assert(id);
	g_array_append_val(segmenter->rows, row);
	g_ptr_array_add(segmenter->names, id);
}

static void gather_change(JrSegmenter *segmenter, guint i,
			  const JrPerson *person, gboolean history)
{
	gboolean in = segmenter->in[i];
	const JrMemberChange change = { person->person, in };

	g_array_append_val(segmenter->changes[i], change);
	jr_segment_gather_row(segmenter, def_at(segmenter, i)->name, person, in,
			      history);
	*(in ? &segmenter->enter[i] : &segmenter->leave[i]) += 1;
}

static void gather_timer(JrSegmenter *segmenter, guint i, gint64 person,
			 gint64 next_s)
{
	JrTimer timer = {
		.kind = JR_TIMER_SEGMENT,
		.person = person,
		.due_s = next_s == G_MAXINT64 ? 0 : next_s,
	};
	g_autofree char *owner = g_strdup_printf("%" G_GINT64_FORMAT,
						 def_at(segmenter, i)->number);

	timer.owner = jr_arena_text(segmenter->arena, owner, strlen(owner));
	g_assert(timer.owner);
	g_array_append_val(segmenter->timers, timer);
}

gboolean jr_segment_look(JrSegmenter *segmenter, const JrPerson *person,
			 gboolean history, GError **error)
{
	JrFacts facts;

	if (!jr_segment_facts(segmenter, person, &facts, error) ||
	    !ask_was(segmenter, person->person, error))
		return FALSE;
	for (guint i = 0; i < segmenter->n; i++) {
		const JrSegmentDef *def = def_at(segmenter, i);
		gint64 next_s = G_MAXINT64;
		int holds;

		segmenter->in[i] = segmenter->was[i];
		if (!def->expr || !segmenter->asked[i])
			continue;
		holds = jr_expr_holds(def->expr, &facts, &next_s, error);
		if (holds < 0) {
			jr_error_at(error, segmenter->file->path, def->line, 0);
			return FALSE;
		}
		segmenter->in[i] = holds;
		if (segmenter->in[i] != segmenter->was[i])
			gather_change(segmenter, i, person, history);
		if (def->timed)
			gather_timer(segmenter, i, person->person, next_s);
	}
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

gboolean jr_segment_write(JrSegmenter *segmenter, GError **error)
{
	JrDb *db = segmenter->flow->db;
	JrLogRow *rows = (JrLogRow *)segmenter->rows->data;
	gint64 now_s = jr_flow_now(segmenter->flow);

	for (guint i = 0; i < segmenter->n; i++) {
		GArray *changes = segmenter->changes[i];

		if (changes->len > 0 &&
		    !jr_segment_change(db, def_at(segmenter, i)->number, now_s,
				       (JrMemberChange *)changes->data,
				       changes->len, error))
			return FALSE;
	}
	if (segmenter->timers->len > 0 &&
	    !jr_timers_set(db, (const JrTimer *)segmenter->timers->data,
			   segmenter->timers->len, error))
		return FALSE;
	return segmenter->rows->len == 0 ||
	       (jr_log_admit(db, rows, segmenter->rows->len, error) &&
		jr_log_append(db, rows, segmenter->rows->len, error));
}

static void put_record(const JrLogRow *row, const char *id, GString *out)
{
	gboolean in = row->kind == JR_LOG_SEGMENT_ENTERED;

	g_string_append_printf(out,
			       "{\"type\":\"segment\",\"timestamp\":"
			       "%" G_GINT64_FORMAT ",\"segment\":",
			       row->at_s);
	jr_val_write_text(row->name, strlen(row->name), out);
	g_string_append_printf(out, ",\"change\":\"%s\",\"person\":{\"id\":",
			       in ? "entered" : "left");
	jr_val_write_text(id, strlen(id), out);
	g_string_append(out, "}}");
}

gboolean jr_segment_tell(JrSegmenter *segmenter, GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);
	JrWriter *out = segmenter->flow->out;
	gint64 entered = 0;

	for (guint i = 0; i < segmenter->rows->len; i++) {
		const JrLogRow *row =
			&g_array_index(segmenter->rows, JrLogRow, i);

		entered += row->kind == JR_LOG_SEGMENT_ENTERED;
		if (!out)
			continue;
		g_string_truncate(line, 0);
		put_record(row, segmenter->names->pdata[i], line);
		if (!jr_writer_line(out, line->str, line->len, error))
			return FALSE;
	}
	jr_flow_count(segmenter->flow, "entered", entered);
	jr_flow_count(segmenter->flow, "left", segmenter->rows->len - entered);
	return !out || jr_writer_flush(out, error);
}
