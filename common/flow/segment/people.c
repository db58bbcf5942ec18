#include "flow/segment/people.h"
#include "base/error.h"
#include "io/json.h"

#include <string.h>

#define PERSON_BYTES ((gsize)16 * 1024 * 1024)
#define ROWS 1000 /* of CSV, written together */

struct _JrPeopleOut {
	const JrSegmentAsk *ask;
	JrArena *arena; /* of one person */
	JrJson *json;
	JrColumn *columns; /* id, and the attributes chosen */
	JrTable *table;	   /* NULL: lines of NDJSON */
	gboolean begun;	   /* the names of the columns are written */
	GString *line;
};

gboolean jr_segment_ask_in_table(const JrSegmentAsk *ask)
{
	return ask->form && g_str_equal(ask->form->name, "table");
}

static gboolean in_csv(const JrSegmentAsk *ask)
{
	return ask->form && g_str_equal(ask->form->name, "csv");
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
	out->json = jr_json_new();
	out->line = g_string_new(NULL);
	if (jr_segment_ask_in_table(ask) || in_csv(ask))
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
	jr_json_free(out->json);
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

/* Write @table, but for its first line when it was written before. */
static gboolean write_lines(const JrSegmentAsk *ask, const JrTable *table,
			    gboolean begun, GError **error)
{
	const JrTableForm *form =
		ask->form ? ask->form : jr_table_form("ndjson");
	const JrTableStyle style = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);
	char *line = text->str;

	form->write(table, &style, text);
	for (line = text->str; *line; begun = FALSE) {
		gsize len = strcspn(line, "\n");

		if (!begun && !jr_writer_line(ask->flow->out, line, len, error))
			return FALSE;
		line += len + (line[len] == '\n');
	}
	return TRUE;
}

gboolean jr_table_out(const JrSegmentAsk *ask, const JrTable *table,
		      GError **error)
{
	return write_lines(ask, table, FALSE, error) &&
	       jr_writer_flush(ask->flow->out, error);
}

/* The rows so far: so memory does not grow with the answer. */
static gboolean write_rows(JrPeopleOut *out, GError **error)
{
	if (!write_lines(out->ask, out->table, out->begun, error))
		return FALSE;
	out->begun = TRUE;
	g_array_set_size(out->table->cells, 0);
	return TRUE;
}

gboolean jr_people_out_values(JrPeopleOut *out, const char *id,
			      const JrVal *values, GError **error)
{
	if (!out->table)
		return put_record(out, id, values, error);
	put_row(out, id, values);
	return !in_csv(out->ask) || jr_table_rows(out->table) < ROWS ||
	       write_rows(out, error);
}

gboolean jr_people_out_put(JrPeopleOut *out, const JrPerson *person,
			   GError **error)
{
	g_autoptr(GError) why = NULL;
	const JrVal *values;

	jr_arena_reset(out->arena);
	values = jr_json_read(out->json, out->arena, person->attributes,
			      strlen(person->attributes), &why);
	if (values)
		return jr_people_out_values(out, person->id, values, error);
	g_set_error(error, JR_ERROR, JR_ERROR_IO,
		    "the state is damaged: attributes of '%s': %s", person->id,
		    why->message);
	return FALSE;
}

gboolean jr_people_out_end(JrPeopleOut *out, GError **error)
{
	return (!out->table || write_rows(out, error)) &&
	       jr_writer_flush(out->ask->flow->out, error);
}
