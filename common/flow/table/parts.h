/*
 * parts.h - what of a table stands side by side on a terminal, for text.c.
 *
 * A column is shown as one or more parts: of a rate how many, the rate and its
 * bounds; beside some a bar.  Where the terminal is too narrow parts are left
 * out, the least needed first; then titles are folded and the widest text is
 * cut.
 */
#pragma once

#include "flow/table/table.h"

typedef enum {
	JR_SHOWN_VALUE,	 /* the cell, as jr_table_show() has it */
	JR_SHOWN_COUNT,	 /* of a rate: how many */
	JR_SHOWN_BOUNDS, /* of a rate: 93.1-95.4 */
	JR_SHOWN_BAR,
} JrTablePartKind;

typedef struct {
	JrTablePartKind kind;
	guint column;	/* of the table */
	guint gap;	/* blanks before it */
	guint width;	/* in columns of a terminal */
	gboolean first; /* of its column: the title stands over it */
	char **title;	/* its lines, or NULL */
	char **shown;	/* by row */
} JrTablePart;

/* The parts of @table (JrTablePart) that fit into style->width, owned; NULL:
 * too little would be left. */
GArray *jr_table_parts(const JrTable *table, const JrTableStyle *style);

/* What such a part says of a row; owned. */
char *jr_table_part(const JrTable *table, JrTablePartKind kind, guint column,
		    guint row);

/* How many columns of a terminal @text takes, and a character of it. */
guint jr_text_width(const char *text);
guint jr_char_width(gunichar u);
