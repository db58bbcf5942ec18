/* Lines come from anyone: whatever one is, records are made of it that go out
 * as lines, or it is refused with a reason; and what goes out about a person
 * comes in again as the same. */
#include "lines.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_again(Lines *l, JrIngestRec rec)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const JrIngestRec *again;
	const JrVal *val;
	const char *text;

	if (!jr_ingest_action_name(rec.action))
		return;
	rec.own = FALSE;
	jr_ingest_rec_write(&rec, out);
	text = jr_arena_text(l->arena, out->str, out->len);
	val = jr_json_parse(l->arena, text, out->len, NULL);
	g_array_set_size(l->recs, 0);
	g_assert(val && take_line(l, NULL, NULL, text, out->len, val));
	g_assert(l->recs->len == 1);
	again = &g_array_index(l->recs, JrIngestRec, 0);
	g_assert(again->action == rec.action &&
		 again->who.kind == rec.who.kind &&
		 g_strcmp0(again->who.value, rec.who.value) == 0 &&
		 g_strcmp0(again->name, rec.name) == 0 &&
		 g_strcmp0(again->id, rec.id) == 0 &&
		 again->at_ms / 1000 == rec.at_ms / 1000 &&
		 again->data.len == rec.data.len);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static Lines *l;
	const char *text;
	const JrVal *val;

	if (!l)
		l = lines_new();
	lines_reset(l);
	if (memchr(data, '\n', size)) /* a line has none */
		return 0;
	text = jr_arena_text(l->arena, (const char *)data, size);
	val = jr_json_parse(l->arena, text, size, NULL);
	if (!val || val->type != JR_VAL_MAP ||
	    !take_line(l, NULL, NULL, text, size, val) || l->recs->len == 0)
		return 0;
	check_again(l, g_array_index(l->recs, JrIngestRec, 0));
	return 0;
}
