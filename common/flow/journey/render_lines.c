#include "flow/journey/render_lines.h"
#include "base/error.h"
#include "lang/liquid.h"

#include <string.h>

/* What all lines are rendered with. */
typedef struct {
	const JrRenderLines *lines;
	JrZones *zones;
	JrWriter *out;
	guint wrong; /* lines that were no question */
} Work;

/* One line. */
typedef struct {
	const JrVal *id; /* any value; or NULL */
	const JrVal *text, *data, *snippets;
} Question;

/* The member @key of @line, which is of @type, or NULL: it has none. */
static gboolean take(const JrVal *line, const char *key, JrValType type,
		     const JrVal **val, GError **error)
{
	*val = jr_val_get(line, key);
	if (jr_val_is_null(*val))
		*val = NULL;
	if (!*val || (*val)->type == type)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT, "'%s' is %s: write %s",
		    key, jr_val_type_name(*val),
		    type == JR_VAL_TEXT ? "a text" : "a map");
	return FALSE;
}

static gboolean read_question(const JrRecord *record, Question *question,
			      GError **error)
{
	if (!record->val) {
		g_propagate_error(error, g_error_copy(record->why));
		return FALSE;
	}
	question->id = jr_val_get(record->val, "id");
	if (!take(record->val, "template", JR_VAL_TEXT, &question->text,
		  error) ||
	    !take(record->val, "data", JR_VAL_MAP, &question->data, error) ||
	    !take(record->val, "templates", JR_VAL_MAP, &question->snippets,
		  error))
		return FALSE;
	if (question->text)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "there is no template: write 'template'");
	return FALSE;
}

/* A JrSnippetFn. */
static const char *find_snippet(gpointer snippets, const char *name)
{
	return jr_val_get_text(snippets, name);
}

static gboolean render(const Work *work, const Question *question, GString *out,
		       GError **error)
{
	g_autoptr(GString) seed = g_string_new(NULL);
	const JrLiquidSource source = {
		.snippet = find_snippet,
		.snippet_data = (gpointer)question->snippets,
	};
	JrLiquidRun run = { .vars = question->data,
			    .strict = work->lines->strict,
			    .now_s = work->lines->now_s,
			    .zones = work->zones };
	g_autoptr(JrLiquid) liquid = jr_liquid_new(
		question->text->text, question->text->len, &source, error);

	if (!liquid)
		return FALSE;
	jr_val_write(question->id ? question->id : &jr_val_null, seed);
	run.seed = seed->str;
	return jr_liquid_render(liquid, &run, out, error);
}

/* "{"id":…,"KEY":"TEXT"}"; without an id when none is known. */
static gboolean answer(const Work *work, const Question *question,
		       const char *key, const GString *text, GError **error)
{
	g_autoptr(GString) line = g_string_new("{");

	if (question->id) {
		g_string_append(line, "\"id\":");
		jr_val_write(question->id, line);
		g_string_append_c(line, ',');
	}
	g_string_append_printf(line, "\"%s\":", key);
	jr_val_write_text(text->str, text->len, line);
	g_string_append_c(line, '}');
	return jr_writer_line(work->out, line->str, line->len, error) &&
	       jr_writer_flush(work->out, error);
}

static gboolean answer_wrong(const Work *work, const Question *question,
			     const GError *why, GError **error)
{
	g_autoptr(GString) text = g_string_new(why->message);

	return answer(work, question, "error", text, error);
}

static gboolean take_line(Work *work, const JrRecord *record, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) why = NULL, late = NULL;
	Question question = { 0 };
	gboolean good = read_question(record, &question, &why);

	work->wrong += !good;
	if (!good || !render(work, &question, out, &why))
		return answer_wrong(work, &question, why, error);
	if (answer(work, &question, "output", out, &late))
		return TRUE;
	/* What came out may be too long for a line. */
	if (g_error_matches(late, JR_ERROR, JR_ERROR_INPUT))
		return answer_wrong(work, &question, late, error);
	g_propagate_error(error, g_steal_pointer(&late));
	return FALSE;
}

gboolean jr_render_lines(const JrRenderLines *lines, JrReader *reader,
			 JrWriter *out, guint *wrong, GError **error)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	Work work = { .lines = lines, .zones = zones, .out = out };
	JrRecord record;
	JrRead read;

	while ((read = jr_reader_next(reader, &record, error)) ==
		       JR_READ_RECORD ||
	       read == JR_READ_BAD) {
		if (!take_line(&work, &record, error))
			return FALSE;
		jr_reader_release(reader);
	}
	*wrong = work.wrong;
	return read == JR_READ_END;
}
