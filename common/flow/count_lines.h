/*
 * count_lines.h - texts in, what they take as SMS out: a line each.
 *
 * {"text":…} is answered by {"encoding":…,"units":…,"segments":…}; all other
 * members of the question, an id say, come back before these.  Needs neither
 * state nor configuration.
 */
#pragma once

#include "io/ndjson.h"

/*
 * Answer all of @reader on @out, in order, at once when no more waits.  With
 * @smart counted after smart encoding as the provider does it.  A
 * line without a text is answered by {"error":…} and counted in *@wrong.
 * FALSE and JR_ERROR_IO.
 */
gboolean jr_count_lines(JrReader *reader, JrWriter *out, gboolean smart,
			guint *wrong, GError **error);
