/* A file of people is anyone's: each record is a person or is refused, and
 * where a record ends is the same for whoever looks. */
#include "io/csv.h"
#include "lines.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_cut(Lines *l, const char *text, gsize len)
{
	g_autoptr(GArray) fields =
		g_array_new(FALSE, FALSE, sizeof(JrCsvField));
	JrCsv is = jr_csv_cut(text, len, ',', l->arena, fields, NULL);

	g_assert(is == JR_CSV_BAD ||
		 (is == JR_CSV_OPEN) == jr_csv_is_open(text, len, ',', FALSE));
	g_assert(is != JR_CSV_RECORD || fields->len > 0);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static Lines *l;
	gpointer state;

	if (!l)
		l = lines_new();
	lines_reset(l);
	check_cut(l, (const char *)data, size);
	state = jr_format_csv.open();
	for (gsize at = 0, end; at < size; at = end + 1) {
		const guint8 *newline = memchr(data + at, '\n', size - at);
		const char *line;

		end = newline ? (gsize)(newline - data) : size;
		line = jr_arena_text(l->arena, (const char *)data + at,
				     end - at);
		take_line(l, &jr_format_csv, state, line, end - at, NULL);
	}
	JrFormatLine rest = { .setup = &l->setup,
			      .arena = l->arena,
			      .recs = l->recs,
			      .state = state };
	g_assert(jr_format_csv.end(&rest) || rest.reason);
	jr_format_csv.close(state);
	return 0;
}
