/*
 * Envelopes of many: {"batch":[…]} of the Track API v2, of Segment and of
 * Pipelines.  Each part has a verdict of its own.
 */
#include "flow/format/format.h"

#define PARTS_MAX 10000

static gboolean is_batch(const JrVal *val)
{
	const JrVal *batch = jr_val_get(val, "batch");

	return batch && batch->type == JR_VAL_LIST;
}

/* Read @val, a part of the envelope @line; a bad one is put aside. */
static void read_part(JrFormatLine *line, const JrVal *val, guint32 place)
{
	JrFormatLine part = *line;

	part.val = val;
	part.envelope = line->val;
	part.raw = jr_line_slice(line, val);
	part.field = part.reason = NULL;
	if (val->type != JR_VAL_MAP)
		jr_line_refuse(&part, NULL, "not an object");
	else if (is_batch(val))
		jr_line_refuse(&part, NULL, "an envelope in an envelope");
	else if (jr_format_read(&part, NULL))
		return;

	const JrRefusal refusal = {
		.line = line->number,
		.field = jr_line_printf(line, "batch[%u]%s%s", place,
					part.field ? "." : "",
					part.field ? part.field : ""),
		.reason = part.reason,
		.record = part.raw,
	};
	jr_refusals_add(line->setup->refusals, &refusal);
}

static gboolean read_batch(JrFormatLine *line)
{
	const JrVal *batch = jr_val_get(line->val, "batch");

	if (batch->len > PARTS_MAX)
		return jr_line_refuse(line, "batch", "more than %d parts",
				      PARTS_MAX);
	for (guint32 i = 0; i < batch->len; i++)
		read_part(line, &batch->items[i], i);
	return TRUE;
}

const JrFormat jr_format_batch = { .name = "batch",
				   .is = is_batch,
				   .read = read_batch };
