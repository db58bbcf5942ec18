/*
 * ingest.h - taking in what happened: the use case of jr-ingest.
 */
#pragma once

#include "flow/flow.h"
#include "flow/format/refusals.h"

typedef struct {
	const char *format;  /* of all lines; NULL: each by its shape */
	gboolean backfill;   /* all of it is old news */
	gint64 max_age_s;    /* older is old news; below 0: the policy's */
	const char *rejects; /* file; NULL: the configuration's */
	const char *country; /* default for numbers; NULL: the policy's */
	gboolean trust;	     /* unsigned webhooks, where there is no key */
	JrRefusedFn refused; /* told of each line refused; NULL: nobody */
	gpointer user;
} JrIngestOptions;

typedef struct _JrIngest JrIngest;

/* What options->format may be, "auto, entity, …"; owned. */
char *jr_ingest_formats(void);

/*
 * NULL and JR_ERROR_USAGE: no such format or country.  @flow is borrowed while
 * it lives.
 */
JrIngest *jr_ingest_new(JrFlow *flow, const JrIngestOptions *options,
			GError **error);
void jr_ingest_free(JrIngest *ingest);

/*
 * Take in all of @in, in batches: keep one, then write out its records, then
 * read the next.  Ends early, in good order, when flow->stop says so.  FALSE
 * and JR_ERROR_IO or JR_ERROR_BUSY: what was written out is kept.
 */
gboolean jr_ingest_read(JrIngest *ingest, JrReader *in, GError **error);

/*
 * The same of the file at @path; or, of a folder, of the files that stand in it
 * (io/spool.h), each of which goes to its folder "done" afterwards, or to
 * "rejected" where a line of it was.  Files whose names end in ".csv" or ".clf"
 * are of that format unless the run has one for all.
 */
gboolean jr_ingest_path(JrIngest *ingest, const char *path, GError **error);

/*
 * What remains to be done once: see that of people erased nothing is left in
 * the file.  FALSE as above.
 */
gboolean jr_ingest_finish(JrIngest *ingest, GError **error);

/* How many webhooks that nobody signed were believed. */
guint64 jr_ingest_believed(const JrIngest *ingest);

/* How many lines, or parts, were refused, and where they are. */
guint64 jr_ingest_refused(const JrIngest *ingest);
const char *jr_ingest_rejects_path(const JrIngest *ingest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrIngest, jr_ingest_free)
