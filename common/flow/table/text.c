/*
 * text.c - a table for a terminal, or for a mail from cron.
 *
 * A column of the table is shown as one or more parts that stand side by side:
 * of a rate how many, the rate and its bounds.  Where the terminal is too
 * narrow parts are left out, the least needed first; then texts are cut.
 */
#include "flow/table/table.h"
#include "flow/table/plot.h"

#define GAP 2	/* blanks between parts of different columns */
#define INNER 1 /* between parts of one */
#define BAR 10	/* columns of a bar */

/* ANSI: what is on target is green, what is not red. */
static const char *const colours[] = {
	[JR_STANDING_NONE] = NULL,
	[JR_STANDING_FEW] = NULL,
	[JR_STANDING_ON] = "\033[32m",
	[JR_STANDING_OFF] = "\033[31m",
};
#define PLAIN "\033[0m"
#define BOLD "\033[1m"
#define FAINT "\033[2m"

typedef enum {
	PART_VALUE,  /* the cell, as jr_table_show() has it */
	PART_COUNT,  /* of a rate: how many */
	PART_BOUNDS, /* of a rate: 93.1-95.4 */
	PART_BAR,
} PartKind;

typedef struct {
	PartKind kind;
	guint column;
	guint width;
	gboolean first; /* of its column: the title stands over it */
	char **shown;	/* by row */
} Part;

/* The more detail is left out, the narrower: what each part is left out at. */
enum { ALL, NO_BOUNDS, NO_BARS, NO_COUNTS, LEVELS };

static const guint left_out_at[] = {
	[PART_VALUE] = LEVELS,
	[PART_COUNT] = NO_COUNTS,
	[PART_BOUNDS] = NO_BOUNDS,
	[PART_BAR] = NO_BARS,
};

static guint width_of_char(gunichar u)
{
	return g_unichar_iszerowidth(u) ? 0 : g_unichar_iswide(u) ? 2 : 1;
}

/* How many columns of a terminal @text takes. */
static guint width_of(const char *text)
{
	guint width = 0;

	for (const char *c = text; *c; c = g_utf8_next_char(c))
		width += width_of_char(g_utf8_get_char(c));
	return width;
}

static void pad(GString *out, guint n)
{
	g_string_append_printf(out, "%*s", (int)n, "");
}

/* @text cut to @width columns, the last of them an ellipsis where it was. */
static char *fit(const char *text, guint width)
{
	if (width_of(text) <= width)
		return g_strdup(text);

	GString *out = g_string_new(NULL);
	guint used = 0;

	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		guint w = width_of_char(g_utf8_get_char(c));

		if (used + w + 1 > width)
			break;
		g_string_append_unichar(out, g_utf8_get_char(c));
		used += w;
	}
	g_string_append(out, "…");
	return g_string_free(out, FALSE);
}

/* ---- parts ---- */

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

static char *show_part(const JrTable *table, const Part *part, guint row)
{
	const JrColumn count = { .kind = JR_CELL_COUNT };
	const JrCell *cell = jr_table_cell(table, row, part->column);

	switch (part->kind) {
	case PART_VALUE:
		return show_value(table, row, part->column);
	case PART_COUNT:
		return cell->den > 0 ? jr_table_show(table, &count, cell)
				     : g_strdup("");
	case PART_BOUNDS:
		return show_bounds(cell);
	case PART_BAR:
		return row < jr_table_data_rows(table)
			       ? jr_plot_bar(table, row, part->column, BAR)
			       : g_strdup("");
	}
	g_assert_not_reached();
}

static void clear_part(gpointer data)
{
	g_strfreev(((Part *)data)->shown);
}

static void add_part(const JrTable *table, GArray *parts, PartKind kind,
		     guint column)
{
	guint rows = jr_table_rows(table);
	Part part = { .kind = kind, .column = column };

	part.first =
		parts->len == 0 ||
		g_array_index(parts, Part, parts->len - 1).column != column;
	part.shown = g_new0(char *, rows + 1);
	part.width = part.first ? width_of(table->columns[column].title) : 0;
	for (guint row = 0; row < rows; row++) {
		part.shown[row] = show_part(table, &part, row);
		part.width = MAX(part.width, width_of(part.shown[row]));
	}
	g_array_append_val(parts, part);
}

static GArray *parts_of(const JrTable *table, const JrTableStyle *style,
			guint level)
{
	GArray *parts = g_array_new(FALSE, FALSE, sizeof(Part));

	g_array_set_clear_func(parts, clear_part);
	for (guint c = 0; c < table->n_columns; c++) {
		const JrColumn *column = &table->columns[c];
		gboolean rate = column->kind == JR_CELL_RATE;

		if (rate && level < left_out_at[PART_COUNT])
			add_part(table, parts, PART_COUNT, c);
		add_part(table, parts, PART_VALUE, c);
		if (rate && level < left_out_at[PART_BOUNDS])
			add_part(table, parts, PART_BOUNDS, c);
		if (column->plot & JR_PLOT_BAR && style->plots &&
		    level < left_out_at[PART_BAR])
			add_part(table, parts, PART_BAR, c);
	}
	return parts;
}

static guint gap_before(const GArray *parts, guint i)
{
	return i == 0 ? 0 : g_array_index(parts, Part, i).first ? GAP : INNER;
}

static guint width_of_parts(const GArray *parts)
{
	guint total = 0;

	for (guint i = 0; i < parts->len; i++)
		total += g_array_index(parts, Part, i).width +
			 gap_before(parts, i);
	return total;
}

/* As much as fits; of the rest the widest text gives way. */
static GArray *choose_parts(const JrTable *table, const JrTableStyle *style)
{
	GArray *parts = NULL;
	Part *widest = NULL;
	guint total = 0;

	for (guint level = ALL; level < LEVELS; level++) {
		if (parts)
			g_array_unref(parts);
		parts = parts_of(table, style, level);
		total = width_of_parts(parts);
		if (style->width == 0 || total <= style->width)
			return parts;
	}
	for (guint i = 0; i < parts->len; i++) {
		Part *part = &g_array_index(parts, Part, i);

		if (table->columns[part->column].kind == JR_CELL_TEXT &&
		    (!widest || part->width > widest->width))
			widest = part;
	}
	if (widest)
		widest->width = MAX(8, (gint)widest->width -
					       (gint)(total - style->width));
	return parts;
}

/* ---- lines ---- */

/* Numbers stand at the right of their part, texts and bars at the left. */
static gboolean is_left(const JrTable *table, const Part *part)
{
	return part->kind == PART_BAR ||
	       (part->kind == PART_VALUE &&
		table->columns[part->column].kind == JR_CELL_TEXT);
}

static void put(const JrTable *table, const Part *part, const char *text,
		GString *out)
{
	g_autofree char *fitting = fit(text, part->width);
	guint blanks = part->width - MIN(part->width, width_of(fitting));
	gboolean left = is_left(table, part);

	if (!left)
		pad(out, blanks);
	g_string_append(out, fitting);
	if (left)
		pad(out, blanks);
}

static const char *colour_of(const JrTable *table, const Part *part, guint row)
{
	const JrColumn *column = &table->columns[part->column];

	if (part->kind == PART_BOUNDS)
		return FAINT;
	return part->kind == PART_BAR
		       ? NULL
		       : colours[jr_table_standing(
				 column,
				 jr_table_cell(table, row, part->column))];
}

/* Blanks at the end of a line are nobody's. */
static void end_line(GString *out)
{
	while (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

static void put_row(const JrTable *table, const JrTableStyle *style,
		    const GArray *parts, guint row, GString *out)
{
	for (guint i = 0; i < parts->len; i++) {
		const Part *part = &g_array_index(parts, Part, i);
		const char *colour =
			style->colour ? colour_of(table, part, row) : NULL;

		pad(out, gap_before(parts, i));
		if (colour)
			g_string_append(out, colour);
		put(table, part, part->shown[row], out);
		if (colour)
			g_string_append(out, PLAIN);
	}
	end_line(out);
}

static void put_head(const JrTable *table, const GArray *parts, GString *out)
{
	for (guint i = 0; i < parts->len; i++) {
		const Part *part = &g_array_index(parts, Part, i);

		pad(out, gap_before(parts, i));
		put(table, part,
		    part->first ? table->columns[part->column].title : "", out);
	}
	end_line(out);
}

/* Lines through time, one for each column that has them. */
static void put_lines(const JrTable *table, const JrTableStyle *style,
		      GString *out)
{
	guint rows = jr_table_data_rows(table);

	for (guint c = 0; style->plots && rows > 1 && c < table->n_columns;
	     c++) {
		const JrColumn *column = &table->columns[c];
		guint room = style->width > 40 ? style->width - 30 : 50;

		if (!(column->plot & JR_PLOT_LINE))
			continue;
		g_autofree char *line = jr_plot_line(table, c, MIN(room, rows));
		g_string_append_printf(out, "%-12s %s\n", column->title, line);
	}
}

/* A row of a tall table: a line for each cell that has something. */
static void put_tall_row(const JrTable *table, guint row, guint width,
			 GString *out)
{
	for (guint c = 0; c < table->n_columns; c++) {
		const JrCell *cell = jr_table_cell(table, row, c);
		const JrColumn *column = &table->columns[c];
		g_autofree char *shown = NULL;

		if (jr_table_is_nothing(column, cell))
			continue;
		shown = jr_table_show(table, column, cell);
		g_string_append_printf(out, "  %-*s  %s\n", (int)width,
				       column->title, shown);
	}
	g_string_append_c(out, '\n');
}

static void put_tall(const JrTable *table, GString *out)
{
	guint width = 0;

	for (guint c = 0; c < table->n_columns; c++)
		width = MAX(width, width_of(table->columns[c].title));
	for (guint row = 0; row < jr_table_rows(table); row++)
		put_tall_row(table, row, width, out);
}

static void put_wide(const JrTable *table, const JrTableStyle *style,
		     GString *out)
{
	g_autoptr(GArray) parts = choose_parts(table, style);

	put_head(table, parts, out);
	for (guint row = 0; row < jr_table_rows(table); row++)
		put_row(table, style, parts, row, out);
	put_lines(table, style, out);
}

void jr_table_write_text(const JrTable *table, const JrTableStyle *style,
			 GString *out)
{
	g_string_append_printf(out, "%s%s%s\n", style->colour ? BOLD : "",
			       table->title, style->colour ? PLAIN : "");
	if (jr_table_rows(table) == 0)
		g_string_append_printf(out, "  %s\n", table->empty);
	else if (table->tall)
		put_tall(table, out);
	else
		put_wide(table, style, out);
	if (table->note)
		g_string_append_printf(out, "%s\n", table->note);
	if (table->said)
		g_string_append(out, table->said->str);
}
