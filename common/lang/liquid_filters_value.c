/* liquid_filters_value.c - default and JSON. */
#include "base/doc.h"
#include "lang/liquid_impl.h"

#include <string.h>

static LqVal f_default(LqRun *run G_GNUC_UNUSED, const LqArgs *args)
{
	gboolean nothing = lq_truthy(&args->named) ? lq_is_nil(&args->in)
						   : !lq_truthy(&args->in);

	if (!nothing && !lq_is_empty(&args->in))
		return args->in;
	return args->n > 0 ? args->arg[0] : lq_text_val("");
}

/* ------------------------------------------------------------------ to JSON */

typedef struct {
	LqBuild b;
	int indent; /* blanks for each level; 0: all on one line */
} Writer;

static void write_json(Writer *w, const JrVal *val, guint depth);

static void new_line(Writer *w, guint depth)
{
	if (w->indent == 0)
		return;
	lq_add_char(&w->b, '\n');
	for (guint i = 0; i < depth * (guint)w->indent; i++)
		lq_add_char(&w->b, ' ');
}

static void write_scalar(Writer *w, const JrVal *val)
{
	g_autoptr(GString) text = g_string_new(NULL);

	jr_val_write(val, text);
	lq_add(&w->b, text->str, text->len);
}

static void write_key(Writer *w, const JrMember *member)
{
	g_autoptr(GString) text = g_string_new(NULL);

	jr_val_write_text(member->key, member->key_len, text);
	lq_add(&w->b, text->str, text->len);
	lq_add_str(&w->b, w->indent ? ": " : ":");
}

static void write_list(Writer *w, const JrVal *val, guint depth)
{
	lq_add_char(&w->b, '[');
	for (guint32 i = 0; i < val->len && !w->b.run->error; i++) {
		if (i > 0)
			lq_add_char(&w->b, ',');
		new_line(w, depth + 1);
		write_json(w, &val->items[i], depth + 1);
	}
	if (val->len > 0)
		new_line(w, depth);
	lq_add_char(&w->b, ']');
}

static void write_map(Writer *w, const JrVal *val, guint depth)
{
	lq_add_char(&w->b, '{');
	for (guint32 i = 0; i < val->len && !w->b.run->error; i++) {
		if (i > 0)
			lq_add_char(&w->b, ',');
		new_line(w, depth + 1);
		write_key(w, &val->members[i]);
		write_json(w, &val->members[i].val, depth + 1);
	}
	if (val->len > 0)
		new_line(w, depth);
	lq_add_char(&w->b, '}');
}

static void write_json(Writer *w, const JrVal *val, guint depth)
{
	if (depth > LQ_MAX_NESTING)
		lq_fail(w->b.run, "lists and maps nested deeper than %d",
			LQ_MAX_NESTING);
	else if (val->type == JR_VAL_LIST)
		write_list(w, val, depth);
	else if (val->type == JR_VAL_MAP)
		write_map(w, val, depth);
	else
		write_scalar(w, val);
}

static LqVal f_json(LqRun *run, const LqArgs *args)
{
	Writer w = { .b = { .run = run } };
	LqVal v = lq_materialise(run, &args->in);
	gint64 indent = 0;

	if (args->n > 0 && !lq_to_integer(run, &args->arg[0], &indent))
		return lq_nil();
	w.indent = (int)CLAMP(indent, 0, 10);
	write_json(&w, &v.val, 0);
	return lq_built(&w.b);
}

/* ---------------------------------------------------------------- from JSON */

static JrVal from_doc(LqRun *run, const json_t *doc, guint depth);

static JrVal text_from(LqRun *run, const char *text, gsize len)
{
	return lq_text_of(run, (LqText){ text, len }).val;
}

static JrVal list_from(LqRun *run, const json_t *doc, guint depth)
{
	gsize n = json_array_size(doc);
	JrVal *items = lq_take_items(run, n);

	for (gsize i = 0; i < n && !run->error; i++)
		items[i] = from_doc(run, json_array_get(doc, i), depth + 1);
	return run->error ? jr_val_null : lq_list(items, n).val;
}

static JrVal map_from(LqRun *run, const json_t *doc, guint depth)
{
	gsize n = json_object_size(doc);
	JrMember *members = lq_take(run, MAX(n, 1) * sizeof *members);
	JrMember *m = members;
	const char *key;
	json_t *val;

	if (!members)
		return jr_val_null;
	json_object_foreach ((json_t *)doc, key, val) {
		JrVal name = text_from(run, key, strlen(key));

		if (run->error)
			return jr_val_null;
		*m++ = (JrMember){ .key = name.text,
				   .key_len = name.len,
				   .val = from_doc(run, val, depth + 1) };
	}
	return (JrVal){ .type = JR_VAL_MAP,
			.len = (guint32)n,
			.members = members };
}

static JrVal from_doc(LqRun *run, const json_t *doc, guint depth)
{
	if (!lq_pay(run, 1))
		return jr_val_null;
	if (depth > LQ_MAX_NESTING)
		return lq_fail(run, "JSON nested deeper than %d",
			       LQ_MAX_NESTING)
			.val;
	switch (json_typeof(doc)) {
	case JSON_NULL:
		return jr_val_null;
	case JSON_TRUE:
	case JSON_FALSE:
		return jr_val_bool(json_is_true(doc));
	case JSON_INTEGER:
		return jr_val_int(json_integer_value(doc));
	case JSON_REAL:
		return jr_val_real(json_real_value(doc));
	case JSON_STRING:
		return text_from(run, json_string_value(doc),
				 json_string_length(doc));
	case JSON_ARRAY:
		return list_from(run, doc, depth);
	case JSON_OBJECT:
		return map_from(run, doc, depth);
	}
	g_assert_not_reached();
}

LqVal lq_read_json(LqRun *run, LqText text)
{
	const gsize flags = JSON_DECODE_ANY | JSON_REJECT_DUPLICATES;
	json_error_t why;
	g_autoptr(json_t) doc = NULL;

	if (!lq_pay_bytes(run, text.len * 4))
		return lq_nil();
	doc = json_loadb(text.str, text.len, flags, &why);
	if (!doc) /* why.text quotes the data, which is private */
		return lq_fail(run, "not JSON at byte %d", why.position);
	return lq_data(from_doc(run, doc, 0));
}

static LqVal f_from_json(LqRun *run, const LqArgs *args)
{
	if (!lq_is_type(&args->in, JR_VAL_TEXT))
		return args->in;
	return lq_read_json(run, lq_in_text(run, args));
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_value[] = {
	{ "default", f_default, 0, 1, "allow_false", LQ_FILLS },
	{ "json", f_json, 0, 1, NULL, LQ_PLAIN },
	{ "to_json", f_json, 0, 1, NULL, LQ_PLAIN },
	{ "from_json", f_from_json, 0, 0, NULL, LQ_PLAIN },
	{ 0 },
};
