/* table_data.c - a table for other programs: NDJSON and CSV. */
#include "base/instant.h"
#include "base/val.h"
#include "flow/table.h"

#include <string.h>

/* Money as a decimal number, exact: 8300 micros are 0.0083. */
static void put_micros(GString *out, gint64 micros)
{
	guint64 size = (guint64)ABS(micros);

	g_string_append_printf(out, "%s%" G_GUINT64_FORMAT ".%06u",
			       micros < 0 ? "-" : "", size / 1000000,
			       (guint)(size % 1000000));
	while (out->str[out->len - 1] == '0' && out->str[out->len - 2] != '.')
		g_string_truncate(out, out->len - 1);
}

/* A rate to six digits, in [0, 1]. */
static void put_rate(GString *out, const JrCell *cell)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out,
			g_ascii_formatd(digits, sizeof(digits), "%.6g",
					(double)cell->num / (double)cell->den));
}

/* A number, as both forms write it; FALSE and nothing written if there is
 * none, or it is a text. */
static gboolean put_number(GString *out, const JrColumn *column,
			   const JrCell *cell)
{
	switch (column->kind) {
	case JR_CELL_TEXT:
		return FALSE;
	case JR_CELL_RATE:
		if (cell->den == 0)
			return FALSE;
		put_rate(out, cell);
		return TRUE;
	case JR_CELL_MONEY:
		put_micros(out, cell->num);
		return TRUE;
	case JR_CELL_INSTANT:
		if (cell->num == 0)
			return FALSE;
		break;
	case JR_CELL_SECONDS:
		if (cell->num < 0)
			return FALSE;
		break;
	case JR_CELL_COUNT:
		break;
	}
	g_string_append_printf(out, "%" G_GINT64_FORMAT, cell->num);
	return TRUE;
}

static void put_json(GString *out, const JrColumn *column, const JrCell *cell)
{
	if (put_number(out, column, cell))
		return;
	if (column->kind == JR_CELL_TEXT && cell->text) {
		g_autofree char *valid = g_utf8_make_valid(cell->text, -1);

		jr_val_write_text(valid, strlen(valid), out);
	} else {
		g_string_append(out, "null");
	}
}

void jr_table_write_ndjson(const JrTable *table, const JrTableStyle *style,
			   GString *out)
{
	(void)style;
	for (guint row = 0; row < jr_table_rows(table); row++) {
		g_string_append_printf(out, "{\"panel\":\"%s\"", table->name);
		for (guint c = 0; c < table->n_columns; c++) {
			g_string_append_printf(
				out, ",\"%s\":", table->columns[c].key);
			put_json(out, &table->columns[c],
				 jr_table_cell(table, row, c));
		}
		g_string_append(out, "}\n");
	}
}

/*
 * A text as RFC 4180 has it.  A spreadsheet takes what begins with one of these
 * for a formula, so an apostrophe goes before it, as OWASP advises.
 */
static void put_csv_text(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	g_string_append_c(out, '"');
	if (*valid && strchr("=+-@\t\r\n", *valid))
		g_string_append_c(out, '\'');
	for (const char *c = valid; *c; c++) {
		if (*c == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *c);
	}
	g_string_append_c(out, '"');
}

void jr_table_write_csv(const JrTable *table, const JrTableStyle *style,
			GString *out)
{
	(void)style;
	for (guint c = 0; c < table->n_columns; c++)
		g_string_append_printf(out, "%s%s", c > 0 ? "," : "",
				       table->columns[c].key);
	g_string_append(out, "\r\n");
	for (guint row = 0; row < jr_table_rows(table); row++) {
		for (guint c = 0; c < table->n_columns; c++) {
			const JrCell *cell = jr_table_cell(table, row, c);

			if (c > 0)
				g_string_append_c(out, ',');
			if (!put_number(out, &table->columns[c], cell) &&
			    cell->text)
				put_csv_text(out, cell->text);
		}
		g_string_append(out, "\r\n");
	}
}
