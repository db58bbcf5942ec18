/* json_write.c - jansson's documents as text. */
#include "io/json.h"

#include <string.h>

static void write_list(const json_t *doc, GString *out)
{
	g_string_append_c(out, '[');
	for (gsize i = 0; i < json_array_size(doc); i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		jr_json_write(json_array_get(doc, i), out);
	}
	g_string_append_c(out, ']');
}

static void write_map(const json_t *doc, GString *out)
{
	json_t *map = (json_t *)doc; /* jansson's iterators know no const */
	const char *key;
	json_t *val;
	gboolean first = TRUE;

	g_string_append_c(out, '{');
	json_object_foreach (map, key, val) {
		if (!first)
			g_string_append_c(out, ',');
		first = FALSE;
		jr_val_write_text(key, strlen(key), out);
		g_string_append_c(out, ':');
		jr_json_write(val, out);
	}
	g_string_append_c(out, '}');
}

static void write_scalar(JrVal val, GString *out)
{
	jr_val_write(&val, out);
}

void jr_json_write(const json_t *doc, GString *out)
{
	switch (json_typeof(doc)) {
	case JSON_OBJECT:
		write_map(doc, out);
		break;
	case JSON_ARRAY:
		write_list(doc, out);
		break;
	case JSON_STRING:
		jr_val_write_text(json_string_value(doc),
				  json_string_length(doc), out);
		break;
	case JSON_INTEGER:
		write_scalar(jr_val_int(json_integer_value(doc)), out);
		break;
	case JSON_REAL:
		write_scalar(jr_val_real(json_real_value(doc)), out);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		write_scalar(jr_val_bool(json_is_true(doc)), out);
		break;
	case JSON_NULL:
		write_scalar(jr_val_null, out);
		break;
	}
}

static json_t *list_to_doc(const JrVal *val)
{
	json_t *doc = json_array();

	for (guint32 i = 0; i < val->len; i++)
		json_array_append_new(doc, jr_json_doc(&val->items[i]));
	return doc;
}

static json_t *map_to_doc(const JrVal *val)
{
	json_t *doc = json_object();

	for (guint32 i = 0; i < val->len; i++)
		json_object_set_new_nocheck(doc, val->members[i].key,
					    jr_json_doc(&val->members[i].val));
	return doc;
}

json_t *jr_json_doc(const JrVal *val)
{
	val = val ? val : &jr_val_null;
	switch (val->type) {
	case JR_VAL_NULL:
		return json_null();
	case JR_VAL_BOOL:
		return json_boolean(val->yes);
	case JR_VAL_INT:
		return json_integer(val->num);
	case JR_VAL_REAL:
		return json_real(val->real);
	case JR_VAL_TEXT:
		return json_stringn_nocheck(val->text, val->len);
	case JR_VAL_LIST:
		return list_to_doc(val);
	case JR_VAL_MAP:
		return map_to_doc(val);
	}
	g_assert_not_reached();
}
