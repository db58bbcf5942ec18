#include "net/json.h"
#include "base/doc.h"

#include <string.h>

/* The object at the key of @len bytes below @object, made when it is not
 * there. */
static json_t *step_down(json_t *object, const char *key, gsize len)
{
	json_t *next = json_object_getn(object, key, len);

	if (!next) {
		next = json_object();
		json_object_setn_new(object, key, len, next);
	}
	return next;
}

void jr_json_put(json_t *object, const char *path, json_t *value)
{
	const char *dot;

	if (!value)
		return;
	for (; (dot = strchr(path, '.')); path = dot + 1)
		object = step_down(object, path, (gsize)(dot - path));
	int failed = json_object_set_new(object, path, value);
	g_assert(failed == 0);
}

void jr_json_put_text(json_t *object, const char *path, const char *text)
{
	if (text)
		jr_json_put(object, path, json_string(text));
}

GBytes *jr_json_bytes(const json_t *value)
{
	GString *text = g_string_sized_new(JR_JSON_ROOM);

	jr_doc_write(value, text);
	return g_string_free_to_bytes(text);
}
