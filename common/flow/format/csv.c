/*
 * People as comma-separated values: a header line of names, and a person a
 * record.  What columns mean is in jr-records(5).
 */
#include "flow/format/csv.h"
#include "io/csv.h"
#include "io/ndjson.h"

#include <string.h>

#define RECORD_LINES 1000 /* more are a quote that nobody closed */

/* What is known of an input. */
typedef struct {
	char separator;	 /* 0: no line yet */
	gboolean header; /* was read */
	gboolean broken;
	guint64 broken_line;
	GPtrArray *columns;  /* JrCsvColumn */
	GString *record;     /* lines of one that is not whole yet */
	guint64 first, last; /* where it began; 0: there is none */
	gboolean open;	     /* a quote is, at its end */
	guint lines;
} Csv;

static gpointer open_csv(void)
{
	Csv *csv = g_new0(Csv, 1);

	csv->columns = g_ptr_array_new_with_free_func(jr_csv_column_free);
	csv->record = g_string_new(NULL);
	return csv;
}

static void close_csv(gpointer state)
{
	Csv *csv = state;

	g_ptr_array_unref(csv->columns);
	g_string_free(csv->record, TRUE);
	g_free(csv);
}

static void forget_record(Csv *csv)
{
	g_string_truncate(csv->record, 0);
	csv->first = 0;
	csv->open = FALSE;
	csv->lines = 0;
}

/* Add @line to the record that it belongs to. */
static void add_line(Csv *csv, const JrFormatLine *line)
{
	if (csv->first)
		g_string_append_c(csv->record, '\n');
	else
		csv->first = line->number;
	g_string_append_len(csv->record, line->raw.text, (gssize)line->raw.len);
	csv->open = jr_csv_is_open(line->raw.text, line->raw.len,
				   csv->separator, csv->open);
	csv->lines++;
}

/* The record is whole: @line is it now. */
static void take_record(Csv *csv, JrFormatLine *line)
{
	line->number = csv->first;
	line->raw.text = jr_line_keep(line, csv->record->str, csv->record->len);
	line->raw.len = csv->record->len;
	forget_record(csv);
}

static gboolean is_blank(const JrFormatLine *line)
{
	return strspn(line->raw.text, " \t\r") == line->raw.len;
}

static gboolean cut(const Csv *csv, JrFormatLine *line, GArray *fields)
{
	g_autoptr(GError) why = NULL;

	switch (jr_csv_cut(line->raw.text, line->raw.len, csv->separator,
			   line->arena, fields, &why)) {
	case JR_CSV_RECORD:
		return TRUE;
	case JR_CSV_OPEN:
		return jr_line_refuse(line, NULL,
				      "a quote is opened and not closed");
	case JR_CSV_BAD:
		break;
	}
	return jr_line_refuse(line, NULL, "%s", why->message);
}

/* Names of columns. */
static gboolean read_header(Csv *csv, JrFormatLine *line)
{
	g_autoptr(GArray) fields =
		g_array_new(FALSE, FALSE, sizeof(JrCsvField));

	csv->header = csv->broken = TRUE;
	csv->broken_line = line->number;
	if (!cut(csv, line, fields))
		return FALSE;
	for (guint i = 0; i < fields->len; i++)
		if (!jr_csv_add_column(
			    line, g_array_index(fields, JrCsvField, i).text,
			    csv->columns))
			return FALSE;
	if (!jr_csv_check_columns(line, csv->columns))
		return FALSE;
	csv->broken = FALSE;
	return TRUE;
}

static gboolean read_person(Csv *csv, JrFormatLine *line)
{
	g_autoptr(GArray) fields =
		g_array_new(FALSE, FALSE, sizeof(JrCsvField));

	if (csv->broken)
		return jr_line_refuse(line, NULL,
				      "the header in line %" G_GUINT64_FORMAT
				      " is wrong: put it right, and take all "
				      "again",
				      csv->broken_line);
	if (!cut(csv, line, fields))
		return FALSE;
	if (fields->len != csv->columns->len)
		return jr_line_refuse(line, NULL, "%u fields under %u columns",
				      fields->len, csv->columns->len);
	return jr_csv_person(line, csv->columns, fields);
}

static gboolean read_record(Csv *csv, JrFormatLine *line)
{
	take_record(csv, line);
	return csv->header ? read_person(csv, line) : read_header(csv, line);
}

static gboolean read_csv(JrFormatLine *line)
{
	Csv *csv = line->state;

	/* A file of Windows' may begin with a byte order mark. */
	if (line->number == 1 &&
	    g_str_has_prefix(line->raw.text, "\xef\xbb\xbf")) {
		line->raw.text += 3;
		line->raw.len -= 3;
	}
	if (!csv->first && is_blank(line))
		return TRUE;
	if (!csv->separator)
		csv->separator =
			jr_csv_separator(line->raw.text, line->raw.len);
	add_line(csv, line);
	if (!csv->open)
		return read_record(csv, line);
	if (csv->lines < RECORD_LINES && csv->record->len <= JR_LINE_MAX)
		return TRUE;
	take_record(csv, line);
	return jr_line_refuse(line, NULL,
			      "a quote is opened and not closed within %d "
			      "lines, or a megabyte",
			      RECORD_LINES);
}

/* The last record may lack the end of its quote. */
static gboolean end_csv(JrFormatLine *line)
{
	Csv *csv = line->state;

	if (!csv->first)
		return TRUE;
	take_record(csv, line);
	return jr_line_refuse(line, NULL, "a quote is opened and not closed");
}

const JrFormat jr_format_csv = {
	.name = "csv",
	.text = TRUE,
	.read = read_csv,
	.open = open_csv,
	.close = close_csv,
	.end = end_csv,
};
