/* doc_write.c - documents as text. */
#include "base/doc.h"

#include <string.h>

static void write_list(const json_t *doc, GString *out)
{
	g_string_append_c(out, '[');
	for (gsize i = 0; i < json_array_size(doc); i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		jr_doc_write(json_array_get(doc, i), out);
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
		jr_doc_write(val, out);
	}
	g_string_append_c(out, '}');
}

static void write_scalar(JrVal val, GString *out)
{
	jr_val_write(&val, out);
}

void jr_doc_write(const json_t *doc, GString *out)
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
