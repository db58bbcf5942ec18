/* What stands in an access log clients wrote: a line is a click, or is none of
 * ours, or is refused. */
#include "lines.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static Lines *l;
	const char *text;

	if (!l)
		l = lines_new();
	lines_reset(l);
	if (memchr(data, '\n', size)) /* a line has none */
		return 0;
	text = jr_arena_text(l->arena, (const char *)data, size);
	if (!take_line(l, &jr_format_clf, NULL, text, size, NULL))
		return 0;
	g_assert(l->recs->len <= 1);
	for (guint i = 0; i < l->recs->len; i++)
		g_assert(g_array_index(l->recs, JrIngestRec, i).metric->link);
	return 0;
}
