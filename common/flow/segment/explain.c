/* --explain: why somebody is in a segment, or is not. */
#include "base/error.h"
#include "base/instant.h"
#include "flow/facts_store.h"
#include "flow/segment/people.h"
#include "io/json.h"
#include "store/lists.h"
#include "store/people.h"

#include <string.h>

#define PERSON_BYTES ((gsize)64 * 1024 * 1024)

typedef struct {
	const JrSegmentAsk *ask;
	JrArena *arena;
	JrPerson person;
	GString *line;
	GError *error;
} Why;

/* Two columns, the parts below what they are parts of. */
static void put_node_text(Why *why, guint depth, const char *source,
			  const char *value)
{
	g_string_printf(why->line, "  %*s%-*s %s", (int)(2 * depth), "",
			MAX(1, 60 - (int)(2 * depth)), source, value);
}

static void put_node_json(Why *why, guint depth, const char *source,
			  const char *value)
{
	g_string_printf(why->line, "{\"depth\":%u,\"source\":", depth + 1);
	jr_val_write_text(source, strlen(source), why->line);
	g_string_append(why->line, ",\"value\":");
	/* What was not looked at has no value. */
	g_string_append(why->line, g_str_equal(value, "?") ? "null" : value);
	g_string_append_printf(why->line, ",\"looked_at\":%s}",
			       g_str_equal(value, "?") ? "false" : "true");
}

static void put_node(gpointer user, guint depth, const char *source,
		     const char *value)
{
	Why *why = user;

	if (why->error)
		return;
	if (jr_segment_ask_in_table(why->ask))
		put_node_text(why, depth, source, value);
	else
		put_node_json(why, depth, source, value);
	jr_writer_line(why->ask->flow->out, why->line->str, why->line->len,
		       &why->error);
}

/* What is said of a whole segment. */
typedef struct {
	const char *name;
	gboolean in;
	gint64 next_s;	  /* when it is looked at again; G_MAXINT64: never */
	const char *list; /* which it is; NULL: none */
} Head;

static void put_head_text(Why *why, const Head *head)
{
	char at[JR_INSTANT_SIZE];

	g_string_printf(why->line, "%s: %s", head->name,
			head->in ? "in" : "not in");
	if (head->next_s != G_MAXINT64)
		g_string_append_printf(why->line,
				       ", to be looked at again at %s",
				       jr_instant_format(head->next_s, at));
	if (head->list)
		g_string_append_printf(why->line, ", by %s", head->list);
}

static void put_head_json(Why *why, const Head *head)
{
	g_string_assign(why->line, "{\"depth\":0,\"segment\":");
	jr_val_write_text(head->name, strlen(head->name), why->line);
	g_string_append_printf(why->line, ",\"in\":%s",
			       head->in ? "true" : "false");
	if (head->next_s != G_MAXINT64)
		g_string_append_printf(why->line, ",\"next\":%" G_GINT64_FORMAT,
				       head->next_s);
	if (head->list)
		g_string_append_printf(why->line, ",\"list\":\"%s\"",
				       head->list);
	g_string_append_c(why->line, '}');
}

static gboolean put_head(Why *why, const Head *head)
{
	if (jr_segment_ask_in_table(why->ask))
		put_head_text(why, head);
	else
		put_head_json(why, head);
	return jr_writer_line(why->ask->flow->out, why->line->str,
			      why->line->len, &why->error);
}

static gboolean explain_def(Why *why, const JrSegmentDef *def,
			    const JrFacts *facts, GError **error)
{
	Head head = { .name = def->name, .next_s = G_MAXINT64 };
	int holds = jr_expr_holds(def->expr, facts, &head.next_s, error);

	if (holds < 0)
		return FALSE;
	head.in = holds;
	if (put_head(why, &head) &&
	    !jr_expr_explain(def->expr, facts, put_node, why, error))
		return FALSE;
	if (!why->error)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why->error));
	return FALSE;
}

/* Whether the file of @def lists them, by any of their names. */
static gboolean is_in_file(const Why *why, const JrSegmentDef *def,
			   gboolean *yes, GError **error)
{
	g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(JrIdentity));

	*yes = FALSE;
	if (!jr_person_identities(why->ask->flow->db, why->person.person,
				  why->arena, names, error))
		return FALSE;
	for (guint i = 0; i < names->len; i++)
		*yes |= jr_segment_list_has(
			def->list, &g_array_index(names, JrIdentity, i));
	return TRUE;
}

static gboolean explain_list(Why *why, const JrSegmentDef *def, GError **error)
{
	Head head = { .name = def->name,
		      .next_s = G_MAXINT64,
		      .list = def->list ? "file" : "records" };

	if (!(def->list ? is_in_file(why, def, &head.in, error)
			: jr_list_has(why->ask->flow->db, def->name,
				      why->person.person, &head.in, error)))
		return FALSE;
	if (put_head(why, &head))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why->error));
	return FALSE;
}

static gboolean find_person(Why *why, const char *name, GError **error)
{
	JrDb *db = why->ask->flow->db;
	JrPerson *person = &why->person;
	g_autofree char *lower = g_utf8_strdown(name, -1);
	JrPersonAsk asks[] = {
		{ { JR_IDENTITY_ID, name }, 0 },
		{ { JR_IDENTITY_EMAIL, lower }, 0 },
	};

	if (!jr_people_find(db, asks, G_N_ELEMENTS(asks), error))
		return FALSE;
	person->person = asks[0].person ? asks[0].person : asks[1].person;
	if (person->person && !jr_people_load(db, person, 1, why->arena, error))
		return FALSE;
	if (person->person)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "nobody is known by '%s': write an id or an e-mail address",
		    name);
	return FALSE;
}

static gboolean fill_facts(Why *why, JrFacts *facts, JrStoreFacts *store,
			   GError **error)
{
	const JrFlow *flow = why->ask->flow;
	const JrPerson *person = &why->person;
	const char *zones[] = { person->zone, flow->policy->timezone, "UTC" };

	*store = (JrStoreFacts){ flow, person->person, NULL };
	*facts = (JrFacts){
		.person_id = person->id,
		.person = jr_json_parse(why->arena, person->attributes,
					strlen(person->attributes), error),
		.now_s = jr_flow_now(flow),
		.source = &jr_store_fact_source,
		.data = store,
	};
	for (guint i = 0; !facts->zone && i < G_N_ELEMENTS(zones); i++)
		if (zones[i])
			facts->zone = jr_zones_get(flow->zones, zones[i], NULL);
	return facts->person != NULL;
}

static gboolean explain_all(Why *why, GError **error)
{
	const GArray *defs = why->ask->file->defs;
	JrStoreFacts store;
	JrFacts facts;

	if (!fill_facts(why, &facts, &store, error))
		return FALSE;
	for (guint i = 0; i < defs->len; i++) {
		const JrSegmentDef *def = &g_array_index(defs, JrSegmentDef, i);

		if (!(def->expr ? explain_def(why, def, &facts, error)
				: explain_list(why, def, error)))
			return FALSE;
	}
	return jr_writer_flush(why->ask->flow->out, error);
}

gboolean jr_segment_ask_why(const JrSegmentAsk *ask, const char *person,
			    GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(PERSON_BYTES);
	g_autoptr(GString) line = g_string_new(NULL);
	Why why = { .ask = ask, .arena = arena, .line = line };

	if (ask->form && !jr_segment_ask_in_table(ask) &&
	    !g_str_equal(ask->form->name, "ndjson")) {
		g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
			    "--explain prints a tree: write --format=table or "
			    "--format=ndjson");
		return FALSE;
	}
	return find_person(&why, person, error) && explain_all(&why, error);
}
