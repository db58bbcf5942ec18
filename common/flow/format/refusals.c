#include "flow/format/refusals.h"

#include <string.h>

static const char *keep(JrRefusals *refusals, const char *text)
{
	const char *copy =
		text ? jr_arena_text(refusals->arena, text, strlen(text))
		     : NULL;

	/* A batch is bounded in bytes, and what is made of it by them. */
	g_assert(copy || !text);
	return copy;
}

static void add(JrRefusals *refusals, const JrReject *reject)
{
	g_array_append_vals(refusals->waiting, reject, 1);
	refusals->count++;
	if (refusals->told)
		refusals->told(reject, refusals->user);
}

void jr_refusals_add(JrRefusals *refusals, const JrRefusal *refusal)
{
	const JrReject reject = {
		.at_s = refusals->at_s,
		.source = refusals->source,
		.line = refusal->line,
		.field = keep(refusals, refusal->field),
		.reason = keep(refusals, refusal->reason),
		.record = refusal->record.text,
		.len = refusal->record.len,
		.cut = refusal->cut,
	};

	refusals->partly += refusal->partly;
	add(refusals, &reject);
}

void jr_refusals_take(JrRefusals *refusals, JrRefusals *from)
{
	for (guint i = 0; i < from->waiting->len; i++)
		add(refusals, &g_array_index(from->waiting, JrReject, i));
	g_array_set_size(from->waiting, 0);
}

gboolean jr_refusals_write(JrRefusals *refusals, GError **error)
{
	GArray *waiting = refusals->waiting;

	if (!refusals->file)
		g_array_set_size(waiting, 0);
	if (waiting->len == 0)
		return TRUE;
	for (guint i = 0; i < waiting->len; i++)
		if (!jr_rejects_put(refusals->file,
				    &g_array_index(waiting, JrReject, i),
				    error))
			return FALSE;
	g_array_set_size(waiting, 0);
	return jr_rejects_sync(refusals->file, error);
}
