/* liquid.c - templates as their users hold them. */
#include "lang/liquid_impl.h"

#include <string.h>

JrLiquid *jr_liquid_new(const char *text, gsize len,
			const JrLiquidSource *source, GError **error)
{
	g_autoptr(JrLiquid) liquid = g_new0(JrLiquid, 1);

	liquid->arena = jr_arena_new(G_MAXSIZE);
	liquid->scratch = jr_arena_new(LQ_MAX_MEMORY);
	liquid->symbols =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	liquid->snippets = g_hash_table_new(g_str_hash, g_str_equal);
	if (source)
		liquid->source = *source;
	if (liquid->source.file)
		liquid->source.file =
			jr_arena_text(liquid->arena, liquid->source.file,
				      strlen(liquid->source.file));
	/* One byte more than is allowed is enough to refuse it. */
	len = MIN(len, JR_LIQUID_MAX_BYTES + 1);
	text = jr_arena_text(liquid->arena, text, len);
	liquid->main =
		lq_parse_text(liquid, (LqText){ text, len }, NULL, 0, error);
	return liquid->main ? g_steal_pointer(&liquid) : NULL;
}

void jr_liquid_free(JrLiquid *liquid)
{
	if (!liquid)
		return;
	g_hash_table_unref(liquid->symbols);
	g_hash_table_unref(liquid->snippets);
	jr_arena_free(liquid->scratch);
	jr_arena_free(liquid->arena);
	g_free(liquid);
}
