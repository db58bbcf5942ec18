#include "flow/table/plot.h"

#include <math.h>

/* Eighths of a character cell, from the left and from below (Unicode, Block
 * Elements). */
static const char *const across[] = {
	"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"
};
static const char *const up[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

gboolean jr_plot_value(const JrTable *table, guint row, guint column,
		       double *value)
{
	const JrColumn *c = &table->columns[column];
	const JrCell *cell = jr_table_cell(table, row, column);

	if (c->kind == JR_CELL_TEXT || jr_table_is_nothing(c, cell))
		return FALSE;
	*value = (double)cell->num;
	if (c->kind == JR_CELL_RATE)
		*value /= (double)cell->den;
	return TRUE;
}

double jr_plot_largest(const JrTable *table, guint column)
{
	double largest = 0, value;

	for (guint row = 0; row < jr_table_data_rows(table); row++)
		if (jr_plot_value(table, row, column, &value))
			largest = MAX(largest, value);
	return largest;
}

char *jr_plot_bar(const JrTable *table, guint row, guint column, guint width)
{
	double largest = jr_plot_largest(table, column), value = 0;
	GString *out = g_string_new(NULL);
	guint eighths;

	if (largest <= 0 || !jr_plot_value(table, row, column, &value) ||
	    value <= 0)
		return g_string_free(out, FALSE);
	eighths = MAX(1, (guint)lround(value / largest * width * 8));
	for (guint i = 0; i < eighths / 8; i++)
		g_string_append(out, across[8]);
	g_string_append(out, across[eighths % 8]);
	return g_string_free(out, FALSE);
}

/* The row with the smallest, or the largest, value from @from on. */
static guint extreme(const JrTable *table, guint column, guint from, int sign)
{
	guint at = from;
	double best = 0, value;
	gboolean any = FALSE;

	for (guint row = from; row < jr_table_data_rows(table); row++)
		if (jr_plot_value(table, row, column, &value) &&
		    (!any || sign * value > sign * best)) {
			best = value;
			at = row;
			any = TRUE;
		}
	return at;
}

char *jr_plot_line(const JrTable *table, guint column, guint n)
{
	guint rows = jr_table_data_rows(table), from = rows - MIN(n, rows);
	double largest = jr_plot_largest(table, column), value;
	const JrColumn *c = &table->columns[column];
	GString *out = g_string_new(NULL);

	for (guint row = from; row < rows; row++) {
		if (!jr_plot_value(table, row, column, &value))
			g_string_append_c(out, ' ');
		else
			g_string_append(
				out, up[largest > 0 ? (guint)lround(value /
								    largest * 7)
						    : 0]);
	}
	g_autofree char *low = jr_table_show(
		table, c,
		jr_table_cell(table, extreme(table, column, from, -1), column));
	g_autofree char *high = jr_table_show(
		table, c,
		jr_table_cell(table, extreme(table, column, from, 1), column));
	g_string_append_printf(out, "  %s to %s", low, high);
	return g_string_free(out, FALSE);
}
