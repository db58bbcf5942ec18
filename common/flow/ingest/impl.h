/* impl.h - the inside of taking in, for its files alone. */
#pragma once

#include "flow/format/format.h"
#include "flow/ingest/ingest.h"

/* Take in all of @in as jr_ingest_read() does; lines are of @format unless the
 * run has one for all; what does not say when it happened did at @when_ms
 * (0: now). */
gboolean jr_ingest_take(JrIngest *ingest, JrReader *in, const JrFormat *format,
			gint64 when_ms, GError **error);

/* Lines, or parts, that were refused whole. */
guint64 jr_ingest_rejected(const JrIngest *ingest);

/* Whether we were asked to end. */
gboolean jr_ingest_stopped(const JrIngest *ingest);
