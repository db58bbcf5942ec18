/* page_table.c - a table as a part of the page. */
#include "flow/report/page.h"
#include "flow/table/plot.h"

void jr_html_escape(const char *text, GString *out)
{
	g_autofree char *plain = jr_plain_text(text);
	g_autofree char *escaped = g_markup_escape_text(plain, -1);

	g_string_append(out, escaped);
}

void jr_page_begin(GString *out, const char *id, const char *title)
{
	g_string_append_printf(
		out,
		"<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
		"<h2 id=\"%s-title\">",
		id, id, id);
	jr_html_escape(title, out);
	g_string_append(out, "</h2>\n");
}

void jr_page_end(GString *out)
{
	g_string_append(out, "</section>\n");
}

void jr_page_bar(double share, GString *out)
{
	char width[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(width, sizeof(width), "%.2f", CLAMP(share, 0, 1) * 100);
	g_string_append_printf(
		out,
		"<svg class=\"slim\" viewBox=\"0 0 100 6\" "
		"preserveAspectRatio=\"none\" aria-hidden=\"true\">"
		"<rect class=\"bar\" width=\"%s\" height=\"6\" "
		"rx=\"1\"/></svg>",
		width);
}

/* Not by colour alone. */
static const struct {
	const char *class, *mark, *says;
} standings[] = {
	[JR_STANDING_NONE] = { "", "", NULL },
	[JR_STANDING_FEW] = { "", "", NULL },
	[JR_STANDING_ON] = { "on", "&#10003;&#160;", "on target" },
	[JR_STANDING_OFF] = { "off", "!&#160;", "off target" },
};

static void put_bounds(const JrCell *cell, GString *out)
{
	double low, high;

	if (!jr_table_bounds(cell, &low, &high))
		return;
	g_string_append_printf(out,
			       "<span class=\"bounds\">%" G_GINT64_FORMAT
			       " of %" G_GINT64_FORMAT
			       "</span><span class=\"bounds\">%.1f to "
			       "%.1f&#160;%%</span>",
			       cell->num, cell->den, low * 100, high * 100);
}

void jr_page_value(const JrTable *table, guint row, guint c, GString *out)
{
	const JrColumn *column = &table->columns[c];
	const JrCell *cell = jr_table_cell(table, row, c);
	JrStanding standing = jr_table_standing(column, cell);
	g_autofree char *shown = jr_table_show(table, column, cell);

	g_string_append_printf(out, "<span class=\"%s\"",
			       standings[standing].class);
	if (standings[standing].says)
		g_string_append_printf(out, " title=\"%s\"",
				       standings[standing].says);
	g_string_append_printf(out, ">%s", standings[standing].mark);
	jr_html_escape(shown, out);
	g_string_append(out, "</span>");
}

static void put_cell(const JrTable *table, guint row, guint c, GString *out)
{
	const JrColumn *column = &table->columns[c];
	const JrCell *cell = jr_table_cell(table, row, c);
	gboolean text = column->kind == JR_CELL_TEXT;
	double largest = jr_plot_largest(table, c), value;

	g_string_append_printf(out, "<td class=\"%s\">", text ? "text" : "num");
	jr_page_value(table, row, c, out);
	if (column->kind == JR_CELL_RATE)
		put_bounds(cell, out);
	if (column->plot & JR_PLOT_BAR && largest > 0 &&
	    row < jr_table_data_rows(table) &&
	    jr_plot_value(table, row, c, &value))
		jr_page_bar(value / largest, out);
	g_string_append(out, "</td>");
}

static void put_head(const JrTable *table, GString *out)
{
	g_string_append(out, "<thead><tr>");
	for (guint c = 0; c < table->n_columns; c++) {
		gboolean text = table->columns[c].kind == JR_CELL_TEXT;

		g_string_append_printf(out, "<th scope=\"col\" class=\"%s\">",
				       text ? "text" : "num");
		jr_html_escape(table->columns[c].title, out);
		g_string_append(out, "</th>");
	}
	g_string_append(out, "</tr></thead>\n");
}

static void put_rows(const JrTable *table, GString *out)
{
	/* What scrolls must be reached without a mouse, too. */
	g_string_append(out, "<div class=\"scroll\" tabindex=\"0\" "
			     "role=\"region\" aria-label=\"");
	jr_html_escape(table->title, out);
	g_string_append(out, "\"><table>\n");
	put_head(table, out);
	g_string_append(out, "<tbody>\n");
	for (guint row = 0; row < jr_table_rows(table); row++) {
		gboolean sum = row >= jr_table_data_rows(table);

		g_string_append(out, sum ? "<tr class=\"sum\">" : "<tr>");
		for (guint c = 0; c < table->n_columns; c++)
			put_cell(table, row, c, out);
		g_string_append(out, "</tr>\n");
	}
	g_string_append(out, "</tbody></table></div>\n");
}

static void put_line(const char *class, const char *text, GString *out)
{
	g_string_append_printf(out, "<p class=\"%s\">", class);
	jr_html_escape(text, out);
	g_string_append(out, "</p>\n");
}

void jr_page_table(const JrTable *table, GString *out)
{
	g_string_append(out, "<div class=\"card\">\n");
	if (jr_table_rows(table) == 0)
		put_line("empty", table->empty, out);
	else
		put_rows(table, out);
	if (table->note)
		put_line("note", table->note, out);
	g_string_append(out, "</div>\n");
}
