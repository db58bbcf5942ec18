/*
 * text.c - a table for a terminal, or for a mail from cron: its parts side by
 * side (parts.h), or, where too little of them fits, each row as lines.
 */
#include "flow/table/parts.h"
#include "flow/table/plot.h"

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

static void pad(GString *out, guint n)
{
	g_string_append_printf(out, "%*s", (int)n, "");
}

/* @text cut to @width columns, the last of them an ellipsis where it was. */
static char *fit(const char *text, guint width)
{
	if (jr_text_width(text) <= width)
		return g_strdup(text);

	GString *out = g_string_new(NULL);
	guint used = 0;

	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		guint w = jr_char_width(g_utf8_get_char(c));

		if (used + w + 1 > width)
			break;
		g_string_append_unichar(out, g_utf8_get_char(c));
		used += w;
	}
	g_string_append(out, "…");
	return g_string_free(out, FALSE);
}

/* Numbers stand at the right of their part, texts and bars at the left. */
static gboolean is_left(const JrTable *table, const JrTablePart *part)
{
	return part->kind == JR_SHOWN_BAR ||
	       (part->kind == JR_SHOWN_VALUE &&
		table->columns[part->column].kind == JR_CELL_TEXT);
}

static void put(const JrTable *table, const JrTablePart *part, const char *text,
		GString *out)
{
	g_autofree char *fitting = fit(text, part->width);
	guint blanks = part->width - MIN(part->width, jr_text_width(fitting));
	gboolean left = is_left(table, part);

	if (!left)
		pad(out, blanks);
	g_string_append(out, fitting);
	if (left)
		pad(out, blanks);
}

static const char *colour_of(const JrTable *table, const JrTablePart *part,
			     guint row)
{
	const JrColumn *column = &table->columns[part->column];

	if (part->kind == JR_SHOWN_BOUNDS)
		return FAINT;
	return part->kind == JR_SHOWN_BAR
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
		const JrTablePart *part = &g_array_index(parts, JrTablePart, i);
		const char *colour =
			style->colour ? colour_of(table, part, row) : NULL;

		pad(out, part->gap);
		if (colour)
			g_string_append(out, colour);
		put(table, part, part->shown[row], out);
		if (colour)
			g_string_append(out, PLAIN);
	}
	end_line(out);
}

static guint lines_of(const JrTablePart *part)
{
	return part->title ? g_strv_length(part->title) : 0;
}

/* Titles stand on the rows below them: the shorter ones begin further down. */
static void put_head(const JrTable *table, const GArray *parts, GString *out)
{
	guint lines = 0;

	for (guint i = 0; i < parts->len; i++)
		lines = MAX(lines,
			    lines_of(&g_array_index(parts, JrTablePart, i)));
	for (guint line = 0; line < lines; line++) {
		for (guint i = 0; i < parts->len; i++) {
			const JrTablePart *part =
				&g_array_index(parts, JrTablePart, i);
			guint above = lines - lines_of(part);

			pad(out, part->gap);
			put(table, part,
			    line < above ? "" : part->title[line - above], out);
		}
		end_line(out);
	}
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

/*
 * @text, in lines of at most @width columns (0: any) where its words allow, of
 * which all but the first begin with @indent blanks; so many are used already.
 */
static void put_words(const char *text, guint indent, guint width, GString *out)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	guint used = indent;

	for (char **word = words; *word; word++) {
		guint w = jr_text_width(*word);
		gboolean first = used == indent;

		if (!first && width > 0 && used + 1 + w > width) {
			g_string_append_c(out, '\n');
			pad(out, indent);
			used = indent;
			first = TRUE;
		}
		g_string_append_printf(out, "%s%s", first ? "" : " ", *word);
		used += w + !first;
	}
	g_string_append_c(out, '\n');
}

/* All of a rate, and the value of the rest. */
static char *show_whole(const JrTable *table, guint row, guint column)
{
	g_autofree char *value =
		jr_table_part(table, JR_SHOWN_VALUE, column, row);
	g_autofree char *n = NULL, *bounds = NULL;

	g_strchomp(value);
	if (table->columns[column].kind != JR_CELL_RATE)
		return g_steal_pointer(&value);
	n = jr_table_part(table, JR_SHOWN_COUNT, column, row);
	bounds = jr_table_part(table, JR_SHOWN_BOUNDS, column, row);
	return g_strdup_printf("%s %s %s", n, value, bounds);
}

static guint width_of_titles(const JrTable *table)
{
	guint width = 0;

	for (guint c = 0; c < table->n_columns; c++)
		width = MAX(width, jr_text_width(table->columns[c].title));
	return width;
}

/* A row of a tall table: a line for each cell that has something. */
static void put_tall_row(const JrTable *table, const JrTableStyle *style,
			 guint row, GString *out)
{
	guint width = width_of_titles(table);

	for (guint c = 0; c < table->n_columns; c++) {
		const JrColumn *column = &table->columns[c];
		g_autofree char *shown = NULL;

		if (jr_table_is_nothing(column, jr_table_cell(table, row, c)))
			continue;
		shown = show_whole(table, row, c);
		g_string_append_printf(out, "  %-*s  ", (int)width,
				       column->title);
		put_words(shown, width + 4, style->width, out);
	}
	g_string_append_c(out, '\n');
}

static void put_rows(const JrTable *table, const JrTableStyle *style,
		     GString *out)
{
	g_autoptr(GArray) parts =
		table->tall ? NULL : jr_table_parts(table, style);

	if (parts)
		put_head(table, parts, out);
	for (guint row = 0; row < jr_table_rows(table); row++)
		if (parts)
			put_row(table, style, parts, row, out);
		else
			put_tall_row(table, style, row, out);
	if (parts)
		put_lines(table, style, out);
}

void jr_table_write_text(const JrTable *table, const JrTableStyle *style,
			 GString *out)
{
	g_string_append_printf(out, "%s%s%s\n", style->colour ? BOLD : "",
			       table->title, style->colour ? PLAIN : "");
	if (jr_table_rows(table) == 0)
		g_string_append_printf(out, "  %s\n", table->empty);
	else
		put_rows(table, style, out);
	if (table->note)
		put_words(table->note, 0, style->width, out);
	if (table->said)
		g_string_append(out, table->said->str);
}
