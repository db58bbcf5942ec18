/*
 * rejects.h - the file of records that were refused: nothing is thrown away.
 *
 * One JSON object a line, for jq and for jr-ingest once it is put right:
 *   {"at":"2026-11-23T06:40:00Z","source":"stdin","line":7,"field":"phone",
 *    "reason":"…","record":"the line as it was"}
 * "field" only where one is to blame; "record_base64" in place of "record" when
 * the line is not UTF-8; "cut":true when it was longer than a line may be.
 * Several commands may append to one file.  It is for its owner alone (0600).
 */
#pragma once

#include <glib.h>

typedef struct _JrRejects JrRejects;

/* The file at @path, which is made when the first record is put there. */
JrRejects *jr_rejects_new(const char *path);
void jr_rejects_free(JrRejects *rejects);

/* All borrowed. */
typedef struct {
	gint64 at_s;
	const char *source; /* "stdin", or a path */
	guint64 line;
	const char *field; /* NULL: none, or all */
	const char *reason;
	const char *record; /* its bytes */
	gsize len;
	gboolean cut; /* there were more */
} JrReject;

/* Append @reject in one write.  FALSE and JR_ERROR_IO. */
gboolean jr_rejects_put(JrRejects *rejects, const JrReject *reject,
			GError **error);

/* Have what was put reach the disk.  FALSE and JR_ERROR_IO. */
gboolean jr_rejects_sync(JrRejects *rejects, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrRejects, jr_rejects_free)
