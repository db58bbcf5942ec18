/*
 * excerpt.h - a line of a text, and a caret below the place in it that is
 * meant: for terminals.
 */
#pragma once

#include <glib.h>

/*
 * "plan is 3\n     ^\n" for @line and @column of @text, both from 1, columns
 * in characters.  A column behind the end of the line is its end, a line behind
 * the last is the last.  Long lines are cut around the place.  Owned.
 */
char *jr_excerpt(const char *text, guint line, guint column);

/*
 * The place that @message begins with: "NAME:LINE:COLUMN: …".  FALSE: with
 * none.  NAME is the first @len bytes.
 */
typedef struct {
	gsize len;
	guint line, column;
} JrPlace;
gboolean jr_place_of(const char *message, JrPlace *place);
