/*
 * since.h - the times between which someone asks: "2026-11-01", or "7d" for
 * seven days ago.
 */
#pragma once

#include <glib.h>

/*
 * Read a day or an instant in UTC ("2026-11-01"), or how long ago it was
 * ("7d"), as --since and --until take it.  FALSE and JR_ERROR_USAGE.
 */
gboolean jr_since_parse(const char *text, gint64 now_s, gint64 *at_s,
			GError **error);
