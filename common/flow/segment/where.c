/* --where: who would be.  Everyone is looked at, in pages. */
#include "base/error.h"
#include "flow/attribute_names.h"
#include "flow/facts_store.h"
#include "flow/segment/people.h"
#include "io/json.h"

#include <string.h>

#define PAGE_BYTES ((gsize)4 * 1024 * 1024)
#define ARENA_BYTES (2 * PAGE_BYTES)
#define PERSON_BYTES ((gsize)16 * 1024 * 1024)

typedef struct {
	const JrSegmentAsk *ask;
	const JrExpr *expr;
	JrPeopleOut *out;
	JrHistory *history;
	JrAttributeNames *names;
	JrArena *page, *scratch; /* of a page, of one person */
	JrJson *json;
	GArray *people; /* JrPerson: the page */
	gint64 after;
	GError *error; /* of a segment that is not there */
} Where;

static void check_segment(gpointer user, const char *name, guint line,
			  guint column)
{
	Where *where = user;
	gint64 segment;

	if (!where->error &&
	    !jr_segment_ask_number(where->ask, name, &segment, &where->error))
		jr_error_at(&where->error, JR_SEGMENT_WHERE, line, column);
}

static void ask_event(gpointer user, const char *name)
{
	jr_history_ask(((Where *)user)->history, name);
}

static JrZone *zone_of(const JrFlow *flow, const JrPerson *person)
{
	const char *names[] = { person->zone, flow->policy->timezone, "UTC" };
	JrZone *zone = NULL;

	for (guint i = 0; !zone && i < G_N_ELEMENTS(names); i++)
		if (names[i])
			zone = jr_zones_get(flow->zones, names[i], NULL);
	return zone;
}

static gboolean look_at(Where *where, const JrPerson *person, GError **error)
{
	const JrFlow *flow = where->ask->flow;
	JrStoreFacts store = { flow, person->person, where->history };
	JrFacts facts = {
		.person_id = person->id,
		.now_s = jr_flow_now(flow),
		.zone = zone_of(flow, person),
		.source = &jr_store_fact_source,
		.data = &store,
	};
	int holds;

	jr_arena_reset(where->scratch);
	facts.person =
		jr_json_read(where->json, where->scratch, person->attributes,
			     strlen(person->attributes), error);
	if (!facts.person ||
	    !jr_history_load(where->history, person->person, error))
		return FALSE;
	jr_attribute_names_see(where->names, facts.person);
	holds = jr_expr_holds(where->expr, &facts, NULL, error);
	return holds == 0 ||
	       (holds > 0 && jr_people_out_values(where->out, person->id,
						  facts.person, error));
}

static gboolean look_at_all(Where *where, GError **error)
{
	const GArray *people = where->people;

	for (guint i = 0; i < people->len; i++) {
		const JrPerson *person = &g_array_index(people, JrPerson, i);

		where->after = person->person;
		if (!look_at(where, person, error))
			return FALSE;
	}
	return TRUE;
}

/* A page of people, with their events in one walk. */
static gboolean look_at_page(JrDb *db, gpointer data, GError **error)
{
	Where *where = data;
	GArray *people = where->people;
	gboolean ok;

	jr_arena_reset(where->page);
	g_array_set_size(people, 0);
	if (!jr_people_batch(db, where->after, PAGE_BYTES, where->page, people,
			     error))
		return FALSE;
	if (people->len == 0)
		return TRUE;
	ok = jr_history_begin(
		where->history, g_array_index(people, JrPerson, 0).person,
		g_array_index(people, JrPerson, people->len - 1).person, error);
	ok = ok && look_at_all(where, error);
	jr_history_end(where->history);
	return ok;
}

static void warn_unknown(const JrAttributeUnknown *unknown, gpointer user)
{
	const Where *where = user;
	g_autofree char *text = g_strdup_printf(
		JR_SEGMENT_WHERE ":%u:%u: nobody has an attribute '%s'%s%s%s",
		unknown->line, unknown->column, unknown->path,
		unknown->nearest ? ": write '" : "",
		unknown->nearest ? unknown->nearest : "",
		unknown->nearest ? "'" : "");

	where->ask->warn(text, where->ask->user);
}

static gboolean answer(Where *where, GError **error)
{
	JrDb *db = where->ask->flow->db;

	do {
		if (!jr_db_read(db, look_at_page, where, error))
			return FALSE;
	} while (where->people->len > 0);
	if (where->ask->warn)
		jr_attribute_names_tell(where->names, warn_unknown, where);
	return jr_people_out_end(where->out, error);
}

/* A segment that is not there would be one that nobody is in. */
static gboolean prepare(Where *where, GError **error)
{
	static const JrExprVisitor visitor = { .segment = check_segment,
					       .event = ask_event };

	jr_expr_visit(where->expr, &visitor, where);
	jr_attribute_names_ask(where->names, where->expr);
	if (!where->error)
		return TRUE;
	g_propagate_error(error, where->error);
	return FALSE;
}

gboolean jr_segment_ask_where(const JrSegmentAsk *ask, const char *where,
			      GError **error)
{
	g_autoptr(GError) why = NULL;
	const JrOrigin origin = { .file = JR_SEGMENT_WHERE };
	g_autoptr(JrExpr) expr = jr_expr_new(where, &origin, &why);

	if (!expr) {
		g_set_error_literal(error, JR_ERROR, JR_ERROR_USAGE,
				    why->message);
		return FALSE;
	}
	g_autoptr(JrPeopleOut) out = jr_people_out_new(ask);
	g_autoptr(JrHistory) history = jr_history_new(ask->flow->db);
	g_autoptr(JrAttributeNames) names = jr_attribute_names_new();
	g_autoptr(JrArena) page = jr_arena_new(ARENA_BYTES);
	g_autoptr(JrArena) scratch = jr_arena_new(PERSON_BYTES);
	g_autoptr(JrJson) json = jr_json_new();
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(JrPerson));
	Where all = {
		.ask = ask,
		.expr = expr,
		.out = out,
		.history = history,
		.names = names,
		.page = page,
		.scratch = scratch,
		.json = json,
		.people = people,
	};

	return prepare(&all, error) && answer(&all, error);
}
