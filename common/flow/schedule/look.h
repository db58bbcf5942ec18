/*
 * look.h - looking at workflow files without running them.
 */
#pragma once

#include "flow/journey/files.h"

/*
 * Read all workflow files and write what is likely wrong with them to
 * flow->out, a line each, "FILE:LINE:COLUMN: warning: what [code]", among it
 * segments that the file of segments does not define; with a state, attributes
 * and properties that nobody has, and texts too long with what people have.
 * Files (that of segments, too) that are wrong are told to @wrong.  FALSE and
 * JR_ERROR_CONFIG (the folder), JR_ERROR_IO, JR_ERROR_BUSY.
 */
gboolean jr_schedule_check(const JrFlow *flow, JrJourneyWrongFn wrong,
			   gpointer user, GError **error);

/*
 * Write workflow @name, or all there are for NULL, to flow->out as graphs in
 * the DOT language; with a state, how many people are where.  FALSE and
 * JR_ERROR_CONFIG when there is none of that name.
 */
gboolean jr_schedule_graph(const JrFlow *flow, const char *name,
			   GError **error);
