/*
 * plot.h - bars and lines of block characters, for a terminal.
 *
 * They are drawn of a column's rows without the sum; what has no value leaves
 * a blank.
 */
#pragma once

#include "flow/table/table.h"

/* The value of a cell to draw: of a rate the rate.  FALSE: it has none. */
gboolean jr_plot_value(const JrTable *table, guint row, guint column,
		       double *value);

/* The largest of a column's values; 0 when there is none above. */
double jr_plot_largest(const JrTable *table, guint column);

/* A bar of at most @width columns, as long as the row's share of the largest
 * value; anything above 0 is seen.  Owned. */
char *jr_plot_bar(const JrTable *table, guint row, guint column, guint width);

/* The newest @n rows of @column as a line from 0 to its largest, and what the
 * smallest and the largest are.  Owned. */
char *jr_plot_line(const JrTable *table, guint column, guint n);
