/*
 * keep.h - taking records into the store, a batch in one transaction.
 */
#pragma once

#include "flow/flow.h"
#include "flow/format/rec.h"
#include "flow/ingest/roster.h"
#include "flow/format/refusals.h"

/* What holds for all batches of a run, but the last of its members. */
typedef struct {
	JrFlow *flow;
	JrRoster *roster;
	JrRefusals *refusals; /* of a record that is kept, too */
	gint64 max_age_s;     /* older is history */
	gboolean backfill;    /* all is history */
	const char *country;  /* default for numbers, or NULL */
	gint64 view;	      /* of whose names those of the batch are; 0:
			       * nobody looked (names.h) */
} JrKeep;

/*
 * Take @recs (JrIngestRec) in the order they came: all or none.  Each is told
 * what came of it; that, and all memory it takes, lives in @arena.  FALSE and
 * JR_ERROR_BUSY or JR_ERROR_IO.
 */
gboolean jr_keep_batch(JrKeep *keep, GArray *recs, JrArena *arena,
		       GError **error);
