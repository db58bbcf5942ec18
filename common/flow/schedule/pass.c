#include "flow/schedule/pass.h"

/* What is passed on between two flushes, if more is there at once. */
static const JrBatch together = { .records = 2000, .bytes = 8 * 1024 * 1024 };

static gboolean pass_batch(const JrFlow *flow, const GArray *records,
			   guint *cut, GError **error)
{
	for (guint i = 0; i < records->len; i++) {
		const JrRecord *record = &g_array_index(records, JrRecord, i);

		if (record->cut)
			(*cut)++;
		else if (!jr_writer_line(flow->out, record->raw, record->len,
					 error))
			return FALSE;
	}
	return jr_writer_flush(flow->out, error);
}

gboolean jr_pass_on(const JrFlow *flow, JrReader *reader, guint *cut,
		    GError **error)
{
	g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JrRecord));

	*cut = 0;
	while (!jr_reader_is_tty(reader)) {
		switch (jr_reader_batch(reader, &together, records, error)) {
		case JR_READ_FAILED:
			return FALSE;
		case JR_READ_END:
			return TRUE;
		case JR_READ_RECORD:
		case JR_READ_BAD:
			break;
		}
		if (!pass_batch(flow, records, cut, error))
			return FALSE;
	}
	return TRUE;
}
