/* JSON: what is read is written so that it reads back the same. */
#include "base/doc.h"
#include "io/json.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each value lies within the one that it is in. */
static void check_places(const JrVal *val, gsize from, gsize until)
{
	g_assert(val->offset >= from && val->bytes > 0 &&
		 val->offset + (gsize)val->bytes <= until);
	until = val->offset + (gsize)val->bytes;
	if (val->type == JR_VAL_LIST)
		for (guint32 i = 0; i < val->len; i++)
			check_places(&val->items[i], val->offset, until);
	if (val->type == JR_VAL_MAP)
		for (guint32 i = 0; i < val->len; i++)
			check_places(&val->members[i].val, val->offset, until);
	if (val->type == JR_VAL_TEXT)
		g_assert(strlen(val->text) == val->len &&
			 g_utf8_validate(val->text, val->len, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(JrArena) arena = jr_arena_new((gsize)256 << 20);
	g_autoptr(GError) error = NULL;
	const JrVal *val =
		jr_json_parse(arena, (const char *)data, size, &error);

	g_assert(!val == !!error);
	if (!val)
		return 0;
	check_places(val, 0, size);

	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) again = g_string_new(NULL);
	g_autoptr(json_t) doc = jr_doc_of_val(val);
	jr_val_write(val, text);
	jr_doc_write(doc, again);
	g_assert(strcmp(text->str, again->str) == 0);
	const JrVal *back = jr_json_parse(arena, text->str, text->len, NULL);
	g_assert(back && jr_val_equal(val, back) && jr_val_equal(back, val));
	return 0;
}
