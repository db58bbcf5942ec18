/*
 * export.h - everything that is known of one person, for them to read.
 */
#pragma once

#include "flow/flow.h"

/*
 * Put at the end of @out, a line each, every row of the store that is about
 * whoever is known by @name (see jr_schedule_find_person()): with words for
 * numbers that stand for some, instants as RFC 3339, and without what is of
 * use only to the store.  The order depends on nothing else.  jr-records(5)
 * says what stands in a line.  FALSE and
 *   JR_ERROR_USAGE: nobody is known by that name;
 *   JR_ERROR_IO, JR_ERROR_BUSY.
 */
gboolean jr_export(JrFlow *flow, const char *name, GString *out,
		   GError **error);
