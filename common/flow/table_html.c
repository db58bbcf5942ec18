/* table_html.c - a table as a part of a page; report_html.c has the page. */
#include "flow/table.h"

void jr_html_escape(const char *text, GString *out)
{
	g_autofree char *plain = jr_plain_text(text);
	g_autofree char *escaped = g_markup_escape_text(plain, -1);

	g_string_append(out, escaped);
}

static void put_cell(const JrTable *table, guint row, guint c, GString *out)
{
	static const char *const classes[] = {
		[JR_STANDING_NONE] = "",
		[JR_STANDING_FEW] = " few",
		[JR_STANDING_ON] = " on",
		[JR_STANDING_OFF] = " off",
	};
	const JrColumn *column = &table->columns[c];
	const JrCell *cell = jr_table_cell(table, row, c);
	g_autofree char *shown = jr_table_show(table, column, cell);

	g_string_append_printf(out, "<td class=\"%s%s\"",
			       column->kind == JR_CELL_TEXT ? "text" : "num",
			       classes[jr_table_standing(column, cell)]);
	if (column->kind == JR_CELL_RATE && cell->den > 0)
		g_string_append_printf(out,
				       " title=\"%" G_GINT64_FORMAT
				       " of %" G_GINT64_FORMAT "\"",
				       cell->num, cell->den);
	g_string_append_c(out, '>');
	jr_html_escape(shown, out);
	g_string_append(out, "</td>");
}

static void put_head(const JrTable *table, GString *out)
{
	g_string_append(out, "<thead><tr>");
	for (guint c = 0; c < table->n_columns; c++) {
		g_string_append_printf(out, "<th scope=\"col\" class=\"%s\">",
				       table->columns[c].kind == JR_CELL_TEXT
					       ? "text"
					       : "num");
		jr_html_escape(table->columns[c].title, out);
		g_string_append(out, "</th>");
	}
	g_string_append(out, "</tr></thead>\n");
}

void jr_table_write_html(const JrTable *table, GString *out)
{
	g_string_append_printf(out, "<section id=\"%s\">\n<h2>", table->name);
	jr_html_escape(table->title, out);
	g_string_append(out, "</h2>\n");
	if (jr_table_rows(table) == 0) {
		g_string_append(out, "<p class=\"empty\">");
		jr_html_escape(table->empty, out);
		g_string_append(out, "</p>\n");
	} else {
		g_string_append(out, "<div class=\"scroll\"><table>\n");
		put_head(table, out);
		g_string_append(out, "<tbody>\n");
		for (guint row = 0; row < jr_table_rows(table); row++) {
			g_string_append(out, "<tr>");
			for (guint c = 0; c < table->n_columns; c++)
				put_cell(table, row, c, out);
			g_string_append(out, "</tr>\n");
		}
		g_string_append(out, "</tbody></table></div>\n");
	}
	if (table->note) {
		g_string_append(out, "<p class=\"note\">");
		jr_html_escape(table->note, out);
		g_string_append(out, "</p>\n");
	}
	g_string_append(out, "</section>\n");
}
