/* page_chart.c - charts, as SVG in the page. */
#include "flow/report/page.h"
#include "flow/table/plot.h"

#include <math.h>
#include <stdarg.h>

/* Of a chart, in units of its own, which are pixels on a phone. */
#define WIDTH 360.0
#define HEIGHT 150.0
#define LEFT 44.0
#define RIGHT 8.0
#define TOP 10.0
#define BOTTOM 24.0
#define BAR_MAX 24.0 /* no bar is wider */

typedef struct {
	const JrTable *table;
	guint column;
	double low, high; /* of the axis */
} Plot;

/* printf() with points in numbers, whatever the locale: %f takes a double. */
static void put(GString *out, const char *format, ...)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	va_list args;

	va_start(args, format);
	for (const char *c = format; *c; c++) {
		if (*c != '%') {
			g_string_append_c(out, *c);
			continue;
		}
		c++;
		if (*c == 'f')
			g_string_append(out,
					g_ascii_formatd(number, sizeof(number),
							"%.1f",
							va_arg(args, double)));
		else
			g_string_append(out, va_arg(args, const char *));
	}
	va_end(args);
}

static double x_of(const Plot *plot, guint row)
{
	guint rows = jr_table_data_rows(plot->table);
	double room = WIDTH - LEFT - RIGHT;

	return LEFT + room * (row + 0.5) / rows;
}

static double y_of(const Plot *plot, double value)
{
	double share = (value - plot->low) / (plot->high - plot->low);

	return HEIGHT - BOTTOM - CLAMP(share, 0, 1) * (HEIGHT - TOP - BOTTOM);
}

/* 1, 2 or 5 times a power of ten, at or above @value. */
static double round_up(double value)
{
	double unit = pow(10, floor(log10(value)));
	static const double steps[] = { 1, 2, 2.5, 5, 10 };

	for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
		if (steps[i] * unit >= value * (1 - 1e-9))
			return steps[i] * unit;
	return value;
}

/* Rates that are near 1 are looked at from above. */
static void set_axis(Plot *plot)
{
	const JrColumn *column = &plot->table->columns[plot->column];
	double largest = jr_plot_largest(plot->table, plot->column);
	double smallest = largest, value;

	for (guint row = 0; row < jr_table_data_rows(plot->table); row++)
		if (jr_plot_value(plot->table, row, plot->column, &value))
			smallest = MIN(smallest, value);
	largest = MAX(largest, MAX(column->target.below, 1e-9));
	plot->low = 0;
	plot->high = round_up(largest);
	if (column->kind == JR_CELL_RATE && column->target.at_least > 0.5) {
		plot->high = 1;
		plot->low = smallest > 0.9 ? 0.9 : smallest > 0.5 ? 0.5 : 0;
	} else if (column->kind == JR_CELL_RATE) {
		plot->high = MIN(1, MAX(plot->high, column->target.at_least));
	}
}

static char *axis_text(const Plot *plot, double value)
{
	const JrColumn *column = &plot->table->columns[plot->column];
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	double shown = column->kind == JR_CELL_RATE    ? value * 100
		       : column->kind == JR_CELL_MONEY ? value / 1e6
						       : value;
	const char *unit = column->kind == JR_CELL_RATE ? " %" : "";

	if (shown >= 1e6)
		return g_strdup_printf("%.3gM", shown / 1e6);
	if (shown >= 1e4)
		return g_strdup_printf("%.3gk", shown / 1e3);
	return g_strconcat(
		g_ascii_formatd(number, sizeof(number), "%.3g", shown), unit,
		NULL);
}

static void put_axis(const Plot *plot, GString *out)
{
	for (guint i = 0; i <= 2; i++) {
		double value = plot->low + (plot->high - plot->low) * i / 2.0;
		g_autofree char *text = axis_text(plot, value);
		double y = y_of(plot, value);

		put(out,
		    "<line class=\"grid\" x1=\"%f\" x2=\"%f\" y1=\"%f\" "
		    "y2=\"%f\"/><text class=\"soft\" x=\"%f\" y=\"%f\" "
		    "text-anchor=\"end\">%s</text>",
		    LEFT, WIDTH - RIGHT, y, y, LEFT - 5, y + 4, text);
	}
}

/* The names of the first and last rows, and of one between. */
static void put_names(const Plot *plot, GString *out)
{
	guint rows = jr_table_data_rows(plot->table);
	const guint places[] = { 0, rows / 2, rows - 1 };
	static const char *const anchors[] = { "start", "middle", "end" };

	for (guint i = 0; i < 3; i++) {
		const JrCell *cell = jr_table_cell(plot->table, places[i], 0);
		double x = i == 0   ? LEFT
			   : i == 2 ? WIDTH - RIGHT
				    : x_of(plot, places[i]);

		if ((i == 1 && rows < 5) || (i == 2 && rows < 2) || !cell->text)
			continue;
		put(out,
		    "<text class=\"soft\" x=\"%f\" y=\"%f\" "
		    "text-anchor=\"%s\">",
		    x, HEIGHT - 7, anchors[i]);
		jr_html_escape(cell->text, out);
		g_string_append(out, "</text>");
	}
}

static void put_target(const Plot *plot, GString *out)
{
	const JrTarget *target = &plot->table->columns[plot->column].target;
	double value = target->at_least > 0 ? target->at_least : target->below;
	double y = y_of(plot, value);

	if (value > 0 && value <= plot->high)
		put(out,
		    "<line class=\"target\" x1=\"%f\" x2=\"%f\" y1=\"%f\" "
		    "y2=\"%f\"/>",
		    LEFT, WIDTH - RIGHT, y, y);
}

/* What a pointer, or a reader of screens, is told of a row. */
static void put_title(const Plot *plot, guint row, GString *out)
{
	const JrColumn *column = &plot->table->columns[plot->column];
	const JrCell *cell = jr_table_cell(plot->table, row, plot->column);
	const JrCell *name = jr_table_cell(plot->table, row, 0);
	g_autofree char *shown = jr_table_show(plot->table, column, cell);

	g_string_append(out, "<title>");
	jr_html_escape(name->text ? name->text : "-", out);
	g_string_append(out, ": ");
	jr_html_escape(shown, out);
	if (column->kind == JR_CELL_RATE)
		g_string_append_printf(
			out, ", %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
			cell->num, cell->den);
	g_string_append(out, "</title>");
}

/* What rates credibly are; where nothing was counted there is a hole. */
static void put_band(const Plot *plot, GString *out)
{
	guint rows = jr_table_data_rows(plot->table);
	double half = (WIDTH - LEFT - RIGHT) / rows / 2, low, high;

	for (guint row = 0; row < rows; row++) {
		const JrCell *cell =
			jr_table_cell(plot->table, row, plot->column);
		double x = x_of(plot, row), top, bottom;

		if (!jr_table_bounds(cell, &low, &high))
			continue;
		top = y_of(plot, high);
		bottom = y_of(plot, low);
		put(out,
		    "<rect class=\"band\" x=\"%f\" y=\"%f\" width=\"%f\" "
		    "height=\"%f\"/>",
		    x - half, top, half * 2, MAX(1, bottom - top));
	}
}

static void put_line(const Plot *plot, GString *out)
{
	gboolean drawing = FALSE;
	double value;

	g_string_append(out, "<path class=\"line\" d=\"");
	for (guint row = 0; row < jr_table_data_rows(plot->table); row++) {
		gboolean has =
			jr_plot_value(plot->table, row, plot->column, &value);

		if (has)
			put(out, "%s%f %f ", drawing ? "L" : "M",
			    x_of(plot, row), y_of(plot, value));
		drawing = has;
	}
	g_string_append(out, "\"/>");
	for (guint row = 0; row < jr_table_data_rows(plot->table); row++) {
		if (!jr_plot_value(plot->table, row, plot->column, &value))
			continue;
		put(out, "<circle class=\"dot\" cx=\"%f\" cy=\"%f\" r=\"3\">",
		    x_of(plot, row), y_of(plot, value));
		put_title(plot, row, out);
		g_string_append(out, "</circle>");
	}
}

static void put_bars(const Plot *plot, GString *out)
{
	guint rows = jr_table_data_rows(plot->table);
	double width = MIN(BAR_MAX, (WIDTH - LEFT - RIGHT) / rows * 0.7);
	double value;

	for (guint row = 0; row < rows; row++) {
		if (!jr_plot_value(plot->table, row, plot->column, &value))
			continue;
		double y = y_of(plot, value);
		put(out,
		    "<rect class=\"bar\" x=\"%f\" y=\"%f\" width=\"%f\" "
		    "height=\"%f\" rx=\"1\">",
		    x_of(plot, row) - width / 2, y, width, HEIGHT - BOTTOM - y);
		put_title(plot, row, out);
		g_string_append(out, "</rect>");
	}
}

/* Its axis has numbers alone.  Owned. */
static char *with_unit(const JrTable *table, guint column, const char *title)
{
	gboolean money = table->columns[column].kind == JR_CELL_MONEY;

	return money && table->currency
		       ? g_strdup_printf("%s, %s", title, table->currency)
		       : g_strdup(title);
}

void jr_page_chart(const JrTable *table, guint column, const char *title,
		   GString *out)
{
	g_autofree char *heading = with_unit(table, column, title);
	Plot plot = { .table = table, .column = column };
	gboolean rate = table->columns[column].kind == JR_CELL_RATE;

	if (jr_table_data_rows(table) == 0)
		return;
	set_axis(&plot);
	g_string_append(out, "<figure class=\"card\"><figcaption>");
	jr_html_escape(heading, out);
	put(out,
	    "</figcaption><svg class=\"chart\" viewBox=\"0 0 %f %f\" "
	    "role=\"img\" aria-label=\"",
	    WIDTH, HEIGHT);
	jr_html_escape(heading, out);
	g_string_append(out, "; the figures are in the table below\">");
	put_axis(&plot, out);
	put_names(&plot, out);
	if (rate)
		put_band(&plot, out);
	put_target(&plot, out);
	if (rate)
		put_line(&plot, out);
	else
		put_bars(&plot, out);
	g_string_append(out, "</svg></figure>\n");
}

void jr_page_spark(const JrTable *table, guint column, GString *out)
{
	guint rows = jr_table_data_rows(table);
	double largest = jr_plot_largest(table, column), value;
	gboolean drawing = FALSE;

	if (rows < 2 || largest <= 0)
		return;
	g_string_append(out, "<svg class=\"chart\" viewBox=\"0 0 100 20\" "
			     "height=\"24\" preserveAspectRatio=\"none\" "
			     "aria-hidden=\"true\"><path class=\"line\" "
			     "vector-effect=\"non-scaling-stroke\" d=\"");
	for (guint row = 0; row < rows; row++) {
		gboolean has = jr_plot_value(table, row, column, &value);

		if (has)
			put(out, "%s%f %f ", drawing ? "L" : "M",
			    row * 100.0 / (rows - 1),
			    19 - value / largest * 18);
		drawing = has;
	}
	g_string_append(out, "\"/></svg>");
}
