#include "flow/segment_people.h"
#include "base/error.h"
#include "io/json.h"

#include <string.h>

#define PERSON_BYTES ((gsize)16 * 1024 * 1024)

struct _JrPeopleOut {
	const JrSegmentAsk *ask;
	JrArena *arena;	   /* of one person */
	JrColumn *columns; /* of a table: id, and the attributes chosen */
	JrTable *table;	   /* or NULL */
	GString *line;
};

gboolean jr_people_facts(const JrFlow *flow, const JrPerson *person,
			 JrArena *arena, JrStoreFacts *store, JrFacts *facts,
			 GError **error)
{
	const char *zones[] = { person->zone, flow->policy->timezone, "UTC" };
	g_autoptr(GError) why = NULL;

	*store = (JrStoreFacts){ flow, person->person };
	*facts = (JrFacts){
		.person_id = person->id,
		.person = jr_json_parse(arena, person->attributes,
					strlen(person->attributes), &why),
		.now_s = jr_flow_now(flow),
		.source = &jr_store_fact_source,
		.data = store,
	};
	for (guint i = 0; !facts->zone && i < G_N_ELEMENTS(zones); i++)
		if (zones[i])
			facts->zone = jr_zones_get(flow->zones, zones[i], NULL);
	if (facts->person)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_IO,
		    "the state is damaged: attributes of '%s': %s", person->id,
		    why->message);
	return FALSE;
}

static void make_table(JrPeopleOut *out)
{
	char **paths = out->ask->attributes;
	guint n = paths ? g_strv_length(paths) : 0;

	out->columns = g_new0(JrColumn, n + 1);
	out->columns[0] =
		(JrColumn){ .key = "id", .title = "id", .kind = JR_CELL_TEXT };
	for (guint i = 0; i < n; i++)
		out->columns[i + 1] = (JrColumn){ .key = paths[i],
						  .title = paths[i],
						  .kind = JR_CELL_TEXT };
	out->table = jr_table_new("people", "People", out->columns, n + 1);
	out->table->empty = "nobody";
}

JrPeopleOut *jr_people_out_new(const JrSegmentAsk *ask)
{
	JrPeopleOut *out = g_new0(JrPeopleOut, 1);

	out->ask = ask;
	out->arena = jr_arena_new(PERSON_BYTES);
	out->line = g_string_new(NULL);
	if (ask->table)
		make_table(out);
	return out;
}

void jr_people_out_free(JrPeopleOut *out)
{
	if (!out)
		return;
	g_clear_pointer(&out->table, jr_table_free);
	g_free(out->columns);
	g_string_free(out->line, TRUE);
	jr_arena_free(out->arena);
	g_free(out);
}

static void put_row(JrPeopleOut *out, const char *id, const JrVal *values)
{
	char **paths = out->ask->attributes;

	jr_table_text(out->table, id);
	for (; paths && *paths; paths++) {
		const JrVal *val = jr_val_path(values, *paths);

		g_string_truncate(out->line, 0);
		if (val && val->type == JR_VAL_TEXT)
			g_string_assign(out->line, val->text);
		else if (val)
			jr_val_write(val, out->line);
		jr_table_text(out->table, val ? out->line->str : NULL);
	}
}

static void put_member(GString *line, const char *key, const JrVal *val)
{
	g_string_append_c(line, ',');
	jr_val_write_text(key, strlen(key), line);
	g_string_append_c(line, ':');
	jr_val_write(val, line);
}

static gboolean put_record(JrPeopleOut *out, const char *id,
			   const JrVal *values, GError **error)
{
	char **paths = out->ask->attributes;

	g_string_assign(out->line, "{\"id\":");
	jr_val_write_text(id, strlen(id), out->line);
	for (guint32 i = 0; !paths && i < values->len; i++)
		if (!g_str_equal(values->members[i].key, "id"))
			put_member(out->line, values->members[i].key,
				   &values->members[i].val);
	for (; paths && *paths; paths++) {
		const JrVal *val = jr_val_path(values, *paths);

		put_member(out->line, *paths, val ? val : &jr_val_null);
	}
	g_string_append_c(out->line, '}');
	return jr_writer_line(out->ask->flow->out, out->line->str,
			      out->line->len, error);
}

static gboolean put(JrPeopleOut *out, const JrFacts *facts, GError **error)
{
	if (!out->table)
		return put_record(out, facts->person_id, facts->person, error);
	put_row(out, facts->person_id, facts->person);
	return TRUE;
}

gboolean jr_people_out_put(JrPeopleOut *out, const JrPerson *person,
			   GError **error)
{
	JrStoreFacts store;
	JrFacts facts;

	jr_arena_reset(out->arena);
	return jr_people_facts(out->ask->flow, person, out->arena, &store,
			       &facts, error) &&
	       put(out, &facts, error);
}

gboolean jr_people_out_if(JrPeopleOut *out, const JrPerson *person,
			  const JrExpr *expr, GError **error)
{
	JrStoreFacts store;
	JrFacts facts;
	int holds;

	jr_arena_reset(out->arena);
	if (!jr_people_facts(out->ask->flow, person, out->arena, &store, &facts,
			     error))
		return FALSE;
	holds = jr_expr_holds(expr, &facts, NULL, error);
	return holds == 0 || (holds > 0 && put(out, &facts, error));
}

gboolean jr_table_out(const JrSegmentAsk *ask, const JrTable *table,
		      GError **error)
{
	const JrTableForm *form =
		jr_table_form(ask->table ? "table" : "ndjson");
	const JrTableStyle style = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);

	form->write(table, &style, text);
	g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
	for (char **line = lines; *line; line++)
		if ((line[1] || **line) &&
		    !jr_writer_line(ask->flow->out, *line, strlen(*line),
				    error))
			return FALSE;
	return jr_writer_flush(ask->flow->out, error);
}

gboolean jr_people_out_end(JrPeopleOut *out, GError **error)
{
	return out->table ? jr_table_out(out->ask, out->table, error)
			  : jr_writer_flush(out->ask->flow->out, error);
}
