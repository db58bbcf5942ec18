/*
 * names.h - who has the names that the records of a batch give, asked of the
 * store by the thread that reads, while the batch before is kept.
 *
 * The answers are as old as the view they come from: roster.h says when they
 * may be believed.
 */
#pragma once

#include "flow/format/rec.h"

/* Fewer names are not worth a second look at the store. */
#define JR_NAMES_LEAST 1000

/*
 * Set found and other_found of @recs (JrIngestRec) by asking @db, a connection
 * of the thread's own.  Where the log ended in that view; 0: nothing could be
 * found out, which is no error, as whoever keeps the records asks again.
 */
gint64 jr_names_find(JrDb *db, GArray *recs);
