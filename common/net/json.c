#include "net/json.h"

#include <string.h>

void jr_json_put(json_t *object, const char *path, json_t *value)
{
	g_auto(GStrv) keys = g_strsplit(path, ".", -1);
	char **key = keys;

	if (!value)
		return;
	for (; key[1]; key++) {
		json_t *next = json_object_get(object, *key);

		if (!next) {
			next = json_object();
			json_object_set_new(object, *key, next);
		}
		object = next;
	}
	int failed = json_object_set_new(object, *key, value);
	g_assert(failed == 0);
}

void jr_json_put_text(json_t *object, const char *path, const char *text)
{
	if (text)
		jr_json_put(object, path, json_string(text));
}

gsize jr_json_size(const json_t *value)
{
	return value ? json_dumpb(value, NULL, 0, JSON_COMPACT) : 0;
}

GBytes *jr_json_bytes(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	return g_bytes_new_take(text, strlen(text));
}
