/*
 * look.h - looking at workflow files without running them.
 */
#pragma once

#include "flow/journey/files.h"

/* Whom a check tells. */
typedef struct {
	JrJourneyWrongFn wrong;
	/* Now and then, while the state is read: how many people have been
	 * looked at.  Or NULL. */
	void (*looked)(gpointer user, gint64 people);
	gpointer user;
} JrCheckTell;

/*
 * Read all workflow files and write what is likely wrong with them to
 * flow->out, a line each, "FILE:LINE:COLUMN: warning: what [code]", among it
 * segments that the file of segments does not define; with a state, attributes
 * and properties that nobody has, and texts too long with what people have.
 * Files (that of segments, too) that are wrong are told to tell->wrong.  FALSE
 * and JR_ERROR_CONFIG (the folder), JR_ERROR_IO, JR_ERROR_BUSY.
 */
gboolean jr_schedule_check(const JrFlow *flow, const JrCheckTell *tell,
			   GError **error);

/*
 * Write workflow @name, or all there are for NULL, to flow->out as graphs in
 * the DOT language; with a state, how many people are where.  FALSE and
 * JR_ERROR_CONFIG when there is none of that name.
 */
gboolean jr_schedule_graph(const JrFlow *flow, const char *name,
			   GError **error);
