#include "net/json.h"

#include <string.h>

static json_t *list_of(const JrVal *val)
{
	json_t *list = json_array();

	for (guint32 i = 0; i < val->len; i++)
		json_array_append_new(list, jr_json_of_val(&val->items[i]));
	return list;
}

static json_t *map_of(const JrVal *val)
{
	json_t *map = json_object();

	for (guint32 i = 0; i < val->len; i++)
		json_object_set_new(map, val->members[i].key,
				    jr_json_of_val(&val->members[i].val));
	return map;
}

json_t *jr_json_of_val(const JrVal *val)
{
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
		return json_stringn(val->text, val->len);
	case JR_VAL_LIST:
		return list_of(val);
	case JR_VAL_MAP:
		return map_of(val);
	}
	g_assert_not_reached();
}

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
