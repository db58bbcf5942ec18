/*
 * ahead.h - batches of records, each read while the one before is kept.
 *
 * A thread reads lines and makes records of them.  There are two batches, so
 * no more is read ahead than the one that is kept next.  The thread sees its
 * batch, the input, and what JrIngestHow points to, which nobody changes or
 * uses meanwhile: formats are pure, and the one connection to the state that
 * is the thread's own is for reading.
 */
#pragma once

#include "base/clock.h"
#include "flow/format/format.h"
#include "io/ndjson.h"

/* What holds for all batches of a run; all borrowed. */
typedef struct {
	const JrClock *clock;
	const char *country;	 /* default for numbers, or NULL */
	const char *link_prefix; /* of paths of short links */
	/* what their codes mean */
	const JrClasses *twilio, *telnyx, *messagebird;
	const JrTrust *trust;	/* which webhooks are believed */
	JrDb *names;		/* asked who is who: for the thread alone */
	gboolean (*stop)(void); /* whether to end soon; or NULL */
} JrIngestHow;

typedef struct {
	JrRead read;	     /* RECORD: here are lines, good or bad; else END or
			      * FAILED; with END, too, some may be refused */
	GError *error;	     /* of FAILED; owned */
	JrArena *arena;	     /* all that belongs to the batch lives here */
	GArray *recs;	     /* JrIngestRec */
	GHashTable *words;   /* texts that several of them have */
	JrRefusals refusals; /* what was refused of its lines */
	guint64 ignored;     /* lines that are none of ours */
	guint64 believed;    /* webhooks that nobody signed, and that count */
	gsize weight;	     /* bytes that keeping it will take */
	gint64 view;	     /* see jr_names_find(); 0: nobody looked */
	gboolean look_up;    /* whether to look, of the batch that is made of
			      * it after it is given back */
} JrIngestBatch;

typedef struct _JrIngestAhead JrIngestAhead;

JrIngestAhead *jr_ingest_ahead_new(const JrIngestHow *how);
void jr_ingest_ahead_free(JrIngestAhead *ahead);

/* What is read. */
typedef struct {
	JrReader *in;		/* borrowed until the stop */
	const JrFormat *format; /* NULL: by shape */
	gint64 when_ms;		/* of records that do not say when; 0: now */
} JrIngestInput;

/* Begin to read @input.  FALSE and JR_ERROR_IO. */
gboolean jr_ingest_ahead_start(JrIngestAhead *ahead, const JrIngestInput *input,
			       GError **error);

/*
 * Wait for the next batch: what came in within a short while, up to a limit.
 * Borrowed, until it is given back: only then that after the next is read.
 * Nothing follows one that is not JR_READ_RECORD.
 */
JrIngestBatch *jr_ingest_ahead_next(JrIngestAhead *ahead);
void jr_ingest_ahead_give_back(JrIngestAhead *ahead, JrIngestBatch *batch);

/* Read no more, wherever it is; all batches are given back. */
void jr_ingest_ahead_stop(JrIngestAhead *ahead);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrIngestAhead, jr_ingest_ahead_free)
