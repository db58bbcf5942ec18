#include "rules/form.h"
#include "base/doc.h"
#include "base/error.h"

#include <string.h>

/* A value, and the template that a text of it is; maps and lists have parts. */
struct _JrForm {
	const JrVal *val;
	JrLiquid *liquid; /* NULL: the value stands for itself */
	gboolean as_json; /* what the template writes is a value */
	JrForm *parts;	  /* val->len of them, of a map or list */
};

typedef struct {
	const char *file;
	JrSnippetFn snippet;
	gpointer snippet_data;
} Source;

/* Whether the last filter of the one output that @text is, is `json`. */
static gboolean gives_json(const char *text)
{
	g_autofree char *stripped = g_strstrip(g_strdup(text));

	return g_regex_match_simple("^\\{\\{[^{}]*\\|\\s*json\\s*-?\\}\\}$",
				    stripped, 0, 0);
}

static gboolean fill_text(JrForm *form, const Source *source, GError **error)
{
	const JrVal *val = form->val;
	const JrLiquidSource where = {
		.file = source->file,
		.line = val->line,
		.column = val->column,
		.yaml = val,
		.snippet = source->snippet,
		.snippet_data = source->snippet_data,
	};

	if (!strstr(val->text, "{{") && !strstr(val->text, "{%"))
		return TRUE;
	form->as_json = gives_json(val->text);
	form->liquid = jr_liquid_new(val->text, val->len, &where, error);
	return form->liquid != NULL;
}

static const JrVal *part_of(const JrVal *val, guint32 i)
{
	return val->type == JR_VAL_MAP ? &val->members[i].val : &val->items[i];
}

static gboolean fill(JrForm *form, const JrVal *val, const Source *source,
		     GError **error)
{
	form->val = val;
	if (val->type == JR_VAL_TEXT)
		return fill_text(form, source, error);
	if (val->type != JR_VAL_MAP && val->type != JR_VAL_LIST)
		return TRUE;
	form->parts = g_new0(JrForm, val->len + 1);
	for (guint32 i = 0; i < val->len; i++)
		if (!fill(&form->parts[i], part_of(val, i), source, error))
			return FALSE;
	return TRUE;
}

static void clear(JrForm *form)
{
	if (form->parts)
		for (guint32 i = 0; i < form->val->len; i++)
			clear(&form->parts[i]);
	g_free(form->parts);
	g_clear_pointer(&form->liquid, jr_liquid_free);
}

JrForm *jr_form_new(const JrVal *val, const char *file, JrSnippetFn snippet,
		    gpointer snippet_data, GError **error)
{
	const Source source = { file, snippet, snippet_data };
	g_autoptr(JrForm) form = g_new0(JrForm, 1);

	return fill(form, val, &source, error) ? g_steal_pointer(&form) : NULL;
}

void jr_form_free(JrForm *form)
{
	if (!form)
		return;
	clear(form);
	g_free(form);
}

const JrVal *jr_form_val(const JrForm *form)
{
	return form->val;
}

static json_t *render_text(const JrForm *form, const JrLiquidRun *run,
			   GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	json_t *json;

	if (!form->liquid)
		return json_stringn(form->val->text, form->val->len);
	if (!jr_liquid_render(form->liquid, run, out, error))
		return NULL;
	json = form->as_json
		       ? json_loadb(out->str, out->len,
				    JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
				    NULL)
		       : json_stringn(out->str, out->len);
	if (!json)
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "%u:%u: what the template writes is no value",
			    form->val->line, form->val->column);
	return json;
}

static json_t *render(const JrForm *form, const JrLiquidRun *run,
		      GError **error);

static json_t *render_parts(const JrForm *form, const JrLiquidRun *run,
			    GError **error)
{
	gboolean is_map = form->val->type == JR_VAL_MAP;
	json_t *whole = is_map ? json_object() : json_array();

	for (guint32 i = 0; i < form->val->len; i++) {
		json_t *part = render(&form->parts[i], run, error);

		if (!part) {
			json_decref(whole);
			return NULL;
		}
		if (is_map)
			json_object_set_new(whole, form->val->members[i].key,
					    part);
		else
			json_array_append_new(whole, part);
	}
	return whole;
}

static json_t *render(const JrForm *form, const JrLiquidRun *run,
		      GError **error)
{
	const JrVal *val = form->val;

	switch (val->type) {
	case JR_VAL_NULL:
	case JR_VAL_BOOL:
	case JR_VAL_INT:
	case JR_VAL_REAL:
		return jr_doc_of_val(val);
	case JR_VAL_TEXT:
		return render_text(form, run, error);
	case JR_VAL_LIST:
	case JR_VAL_MAP:
		return render_parts(form, run, error);
	}
	g_assert_not_reached();
}

json_t *jr_form_render(const JrForm *form, const JrLiquidRun *run,
		       GError **error)
{
	return render(form, run, error);
}

void jr_form_visit(const JrForm *form, JrLiquidVarFn each, gpointer user)
{
	if (form->liquid)
		jr_liquid_visit(form->liquid, each, user);
	if (form->parts)
		for (guint32 i = 0; i < form->val->len; i++)
			jr_form_visit(&form->parts[i], each, user);
}
