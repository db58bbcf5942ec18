/* table_text.c - a table for a terminal, or for a mail from cron. */
#include "flow/table.h"

#define GAP 2 /* blanks between columns */

/* ANSI: what is on target is green, what is not red. */
static const char *const colours[] = { "\033[31m", "\033[32m" };
#define PLAIN "\033[0m"
#define BOLD "\033[1m"

/* How many columns of a terminal @text takes. */
static guint width_of(const char *text)
{
	guint width = 0;

	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		gunichar u = g_utf8_get_char(c);

		width += g_unichar_iszerowidth(u) ? 0
			 : g_unichar_iswide(u)	  ? 2
						  : 1;
	}
	return width;
}

static void pad(GString *out, guint n)
{
	for (guint i = 0; i < n; i++)
		g_string_append_c(out, ' ');
}

/* @text cut to @width columns, the last of them an ellipsis where it was. */
static char *fit(const char *text, guint width)
{
	if (width_of(text) <= width)
		return g_strdup(text);

	GString *out = g_string_new(NULL);
	guint used = 0;

	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		gunichar u = g_utf8_get_char(c);
		guint w = g_unichar_iszerowidth(u) ? 0
			  : g_unichar_iswide(u)	   ? 2
						   : 1;

		if (used + w + 1 > width)
			break;
		g_string_append_unichar(out, u);
		used += w;
	}
	g_string_append(out, "…");
	return g_string_free(out, FALSE);
}

/* Cells as shown, row after row. */
static char **show_all(const JrTable *table)
{
	guint n = jr_table_rows(table) * table->n_columns;
	char **shown = g_new0(char *, n + 1);

	for (guint i = 0; i < n; i++)
		shown[i] = jr_table_show(
			table, &table->columns[i % table->n_columns],
			&g_array_index(table->cells, JrCell, i));
	return shown;
}

static guint *measure(const JrTable *table, char **shown)
{
	guint *widths = g_new(guint, table->n_columns);

	for (guint c = 0; c < table->n_columns; c++)
		widths[c] = width_of(table->columns[c].title);
	for (guint i = 0; shown[i]; i++) {
		guint *width = &widths[i % table->n_columns];

		*width = MAX(*width, width_of(shown[i]));
	}
	return widths;
}

/* Take from the widest text column what the terminal is too narrow for. */
static void squeeze(const JrTable *table, guint *widths, guint room)
{
	guint total = 0, widest = 0;
	gboolean found = FALSE;

	for (guint c = 0; c < table->n_columns; c++) {
		total += widths[c] + (c > 0 ? GAP : 0);
		if (table->columns[c].kind == JR_CELL_TEXT &&
		    (!found || widths[c] > widths[widest])) {
			widest = c;
			found = TRUE;
		}
	}
	if (found && room > 0 && total > room)
		widths[widest] =
			MAX(8, (gint)widths[widest] - (gint)(total - room));
}

/* One cell; numbers stand at the right of their column, texts at the left. */
static void put(GString *out, const char *text, guint width, JrCellKind kind,
		gboolean last)
{
	g_autofree char *fitting = fit(text, width);
	guint blanks = width - MIN(width, width_of(fitting));

	if (kind != JR_CELL_TEXT)
		pad(out, blanks);
	g_string_append(out, fitting);
	if (kind == JR_CELL_TEXT && !last)
		pad(out, blanks);
	if (!last)
		pad(out, GAP);
}

static void put_row(const JrTable *table, const JrTableStyle *style,
		    char **shown, const guint *widths, guint row, GString *out)
{
	for (guint c = 0; c < table->n_columns; c++) {
		const JrColumn *column = &table->columns[c];
		int good = jr_table_on_target(column,
					      jr_table_cell(table, row, c));
		gboolean paint = style->colour && good >= 0;

		if (paint)
			g_string_append(out, colours[good]);
		put(out, shown[row * table->n_columns + c], widths[c],
		    column->kind, c == table->n_columns - 1);
		if (paint)
			g_string_append(out, PLAIN);
	}
	g_string_append_c(out, '\n');
}

static void put_head(const JrTable *table, const guint *widths, GString *out)
{
	for (guint c = 0; c < table->n_columns; c++)
		put(out, table->columns[c].title, widths[c],
		    table->columns[c].kind, c == table->n_columns - 1);
	g_string_append_c(out, '\n');
}

void jr_table_write_text(const JrTable *table, const JrTableStyle *style,
			 GString *out)
{
	g_auto(GStrv) shown = show_all(table);
	g_autofree guint *widths = measure(table, shown);

	squeeze(table, widths, style->width);
	g_string_append_printf(out, "%s%s%s\n", style->colour ? BOLD : "",
			       table->title, style->colour ? PLAIN : "");
	if (jr_table_rows(table) > 0)
		put_head(table, widths, out);
	else
		g_string_append_printf(out, "  %s\n", table->empty);
	for (guint row = 0; row < jr_table_rows(table); row++)
		put_row(table, style, shown, widths, row, out);
	if (table->note)
		g_string_append_printf(out, "%s\n", table->note);
}
