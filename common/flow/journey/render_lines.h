/*
 * render_lines.h - templates in, what they say out: a line each.
 *
 * {"id":…,"template":…,"data":{…},"templates":{name: snippet}} is answered by
 * {"id":…,"output":…} or {"id":…,"error":…}, in order, each before the next
 * line is waited for.  Neither state, configuration nor workflows are asked:
 * `data` is the top-level variables as they stand.
 */
#pragma once

#include "io/ndjson.h"

typedef struct {
	gint64 now_s;
	gboolean strict; /* what is missing is an error, as it is in sending */
} JrRenderLines;

/*
 * Answer all of @reader on @out.  A line that is no question is answered by
 * its error, too, and counted in *@wrong: a template that is wrong is not.
 * FALSE and JR_ERROR_IO.
 */
gboolean jr_render_lines(const JrRenderLines *lines, JrReader *reader,
			 JrWriter *out, guint *wrong, GError **error);
