#include "base/doc.h"

static json_t *of_list(const JrVal *val)
{
	json_t *doc = json_array();

	for (guint32 i = 0; i < val->len; i++)
		json_array_append_new(doc, jr_doc_of_val(&val->items[i]));
	return doc;
}

static json_t *of_map(const JrVal *val)
{
	json_t *doc = json_object();

	for (guint32 i = 0; i < val->len; i++)
		json_object_set_new_nocheck(
			doc, val->members[i].key,
			jr_doc_of_val(&val->members[i].val));
	return doc;
}

json_t *jr_doc_of_val(const JrVal *val)
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
		return of_list(val);
	case JR_VAL_MAP:
		return of_map(val);
	}
	g_assert_not_reached();
}
