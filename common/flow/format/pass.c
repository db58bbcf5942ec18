/* What other stages of the pipe said: it goes through, and is not kept. */
#include "flow/format/format.h"

static gboolean is_pass(const JrVal *val)
{
	const char *type = jr_val_get_text(val, "type");

	return type &&
	       (g_str_equal(type, "message") || g_str_equal(type, "decision") ||
		g_str_equal(type, "segment"));
}

static gboolean read_pass(JrFormatLine *line)
{
	jr_line_add(line, JR_INGEST_PASS)->own = TRUE;
	return TRUE;
}

const JrFormat jr_format_pass = { .name = "pass",
				  .is = is_pass,
				  .read = read_pass };
