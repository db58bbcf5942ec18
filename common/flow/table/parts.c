#include "flow/table/parts.h"
#include "flow/table/plot.h"

#include <string.h>

#define GAP 2	 /* blanks between parts of different columns */
#define SMALL 1	 /* there, where titles are folded */
#define INNER 1	 /* between parts of one column */
#define BAR 10	 /* columns of a bar */
#define SHORT 12 /* a text of so many columns is not cut, as a day is not */
#define LEAST 8	 /* columns that are left of others, and half of them */

/* The more detail is left out, the narrower: what each part is left out at. */
enum { ALL, NO_BOUNDS, NO_BARS, NO_COUNTS, FOLDED, LEVELS };

static const guint left_out_at[] = {
	[JR_SHOWN_VALUE] = LEVELS,
	[JR_SHOWN_COUNT] = NO_COUNTS,
	[JR_SHOWN_BOUNDS] = NO_BOUNDS,
	[JR_SHOWN_BAR] = NO_BARS,
};

guint jr_char_width(gunichar u)
{
	return g_unichar_iszerowidth(u) ? 0 : g_unichar_iswide(u) ? 2 : 1;
}

guint jr_text_width(const char *text)
{
	guint width = 0;

	for (const char *c = text; *c; c = g_utf8_next_char(c))
		width += jr_char_width(g_utf8_get_char(c));
	return width;
}

/* Off target is marked for those who see no colours, too. */
static char *show_value(const JrTable *table, guint row, guint column)
{
	const JrColumn *c = &table->columns[column];
	const JrCell *cell = jr_table_cell(table, row, column);
	g_autofree char *shown = jr_table_show(table, c, cell);
	gboolean off = jr_table_standing(c, cell) == JR_STANDING_OFF;
	gboolean has_target = c->target.at_least > 0 || c->target.below > 0;

	return g_strconcat(shown, off ? "!" : has_target ? " " : "", NULL);
}

static char *show_bounds(const JrCell *cell)
{
	double low, high;

	if (!jr_table_bounds(cell, &low, &high))
		return g_strdup("");
	return g_strdup_printf("%.1f-%.1f", low * 100, high * 100);
}

char *jr_table_part(const JrTable *table, JrTablePartKind kind, guint column,
		    guint row)
{
	const JrColumn count = { .kind = JR_CELL_COUNT };
	const JrCell *cell = jr_table_cell(table, row, column);

	switch (kind) {
	case JR_SHOWN_VALUE:
		return show_value(table, row, column);
	case JR_SHOWN_COUNT:
		return cell->den > 0 ? jr_table_show(table, &count, cell)
				     : g_strdup("");
	case JR_SHOWN_BOUNDS:
		return show_bounds(cell);
	case JR_SHOWN_BAR:
		return row < jr_table_data_rows(table)
			       ? jr_plot_bar(table, row, column, BAR)
			       : g_strdup("");
	}
	g_assert_not_reached();
}

static void clear_part(gpointer data)
{
	JrTablePart *part = data;

	g_strfreev(part->title);
	g_strfreev(part->shown);
}

/* A title has a line, or each of its words has, and so has a unit. */
static void set_title(const JrTable *table, JrTablePart *part, gboolean folded)
{
	const JrColumn *column = &table->columns[part->column];
	const char *unit = folded && column->kind == JR_CELL_MONEY
				   ? table->currency
				   : NULL;
	g_autofree char *title =
		g_strconcat(column->title, unit ? " " : "", unit, NULL);

	part->title = g_strsplit(title, folded ? " " : "\n", -1);
	for (char **line = part->title; *line; line++)
		part->width = MAX(part->width, jr_text_width(*line));
}

/* Its unit stands in the title. */
static void drop_unit(const JrTable *table, char *shown)
{
	g_autofree char *unit =
		table->currency ? g_strconcat(" ", table->currency, NULL)
				: NULL;

	if (unit && g_str_has_suffix(shown, unit))
		shown[strlen(shown) - strlen(unit)] = '\0';
}

static void add_part(const JrTable *table, GArray *parts, JrTablePart part,
		     gboolean folded)
{
	guint rows = jr_table_rows(table);

	part.first = parts->len == 0 ||
		     g_array_index(parts, JrTablePart, parts->len - 1).column !=
			     part.column;
	part.gap = parts->len == 0 ? 0
		   : !part.first   ? INNER
		   : folded	   ? SMALL
				   : GAP;
	part.shown = g_new0(char *, rows + 1);
	if (part.first)
		set_title(table, &part, folded);
	for (guint row = 0; row < rows; row++) {
		part.shown[row] =
			jr_table_part(table, part.kind, part.column, row);
		if (folded)
			drop_unit(table, part.shown[row]);
		part.width = MAX(part.width, jr_text_width(part.shown[row]));
	}
	g_array_append_val(parts, part);
}

static const JrTablePartKind in_order[] = { JR_SHOWN_COUNT, JR_SHOWN_VALUE,
					    JR_SHOWN_BOUNDS, JR_SHOWN_BAR };

static gboolean has_part(const JrColumn *column, const JrTableStyle *style,
			 JrTablePartKind kind)
{
	switch (kind) {
	case JR_SHOWN_VALUE:
		return TRUE;
	case JR_SHOWN_COUNT:
	case JR_SHOWN_BOUNDS:
		return column->kind == JR_CELL_RATE;
	case JR_SHOWN_BAR:
		return column->plot & JR_PLOT_BAR && style->plots;
	}
	g_assert_not_reached();
}

static GArray *parts_of(const JrTable *table, const JrTableStyle *style,
			guint level)
{
	GArray *parts = g_array_new(FALSE, FALSE, sizeof(JrTablePart));

	g_array_set_clear_func(parts, clear_part);
	for (guint c = 0; c < table->n_columns; c++)
		for (guint i = 0; i < G_N_ELEMENTS(in_order); i++)
			if (level < left_out_at[in_order[i]] &&
			    has_part(&table->columns[c], style, in_order[i]))
				add_part(table, parts,
					 (JrTablePart){ .kind = in_order[i],
							.column = c },
					 level >= FOLDED);
	return parts;
}

static guint width_of_parts(const GArray *parts)
{
	guint total = 0;

	for (guint i = 0; i < parts->len; i++)
		total += g_array_index(parts, JrTablePart, i).width +
			 g_array_index(parts, JrTablePart, i).gap;
	return total;
}

/* How narrow a text may get that takes @width columns. */
static guint least_of(guint width)
{
	return width <= SHORT ? width : MAX(LEAST, width / 2);
}

/* Cut the widest text by @over columns.  FALSE: too little were left of it. */
static gboolean cut_widest(const JrTable *table, GArray *parts, guint over)
{
	JrTablePart *widest = NULL;

	for (guint i = 0; i < parts->len; i++) {
		JrTablePart *part = &g_array_index(parts, JrTablePart, i);

		if (table->columns[part->column].kind == JR_CELL_TEXT &&
		    (!widest || part->width > widest->width))
			widest = part;
	}
	if (!widest || widest->width < least_of(widest->width) + over)
		return FALSE;
	widest->width -= over;
	return TRUE;
}

GArray *jr_table_parts(const JrTable *table, const JrTableStyle *style)
{
	g_autoptr(GArray) parts = NULL;
	guint total = 0;

	for (guint level = ALL; level < LEVELS; level++) {
		if (parts)
			g_array_unref(parts);
		parts = parts_of(table, style, level);
		total = width_of_parts(parts);
		if (style->width == 0 || total <= style->width)
			return g_steal_pointer(&parts);
	}
	return cut_widest(table, parts, total - style->width)
		       ? g_steal_pointer(&parts)
		       : NULL;
}
