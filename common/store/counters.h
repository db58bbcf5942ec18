/* counters.h - counting as things happen, for the files of store/. */
#pragma once

#include "store/decisions.h"
#include "store/messages.h"
#include "store/report.h"
#include "store/stmt.h"

extern const JrField jr_counter_fields[];

/* The UTC day of @at_s. */
gint64 jr_day_of(gint64 at_s);

/* How long it took, rounded up: exact to a minute, to 10 s above it, to a
 * minute above 10, to 10 above an hour, to an hour above a day. */
gint64 jr_latency_round(gint64 took_s);

/* Add @latency's n to what its other members name; a NULL step is "". */
gboolean jr_latency_add(JrDb *db, const JrLatency *latency, GError **error);

/* Count a decision by its gate and verdict. */
gboolean jr_verdict_count(JrDb *db, const JrDecisionRow *decision,
			  GError **error);

/* Add @counter's n, segments, cost_micros and aimed to what its other members
 * name; NULL texts are "".  Of those of JR_COUNT_ACTIVE… no row is left where n
 * comes to nothing. */
gboolean jr_counter_add(JrDb *db, const JrCounter *counter, GError **error);

/*
 * Counters added up in memory, to be written together: a thousand messages, or
 * runs, at one step count in one row.
 */
typedef struct _JrCounts JrCounts;

JrCounts *jr_counts_new(void);
void jr_counts_free(JrCounts *counts);

/* As jr_counter_add(); the texts are copied. */
void jr_counts_add(JrCounts *counts, const JrCounter *counter);

/* Write them, and begin anew. */
gboolean jr_counts_write(JrCounts *counts, JrDb *db, GError **error);

/*
 * As jr_counter_add(), but at the end of the transaction.  Until then nobody
 * sees it, so this is not for what budget and brake ask for
 * (jr_report_spent()).
 */
void jr_counter_later(JrDb *db, const JrCounter *counter);

/* Write what jr_counter_later() kept, before a commit; or forget it. */
gboolean jr_counters_flush(JrDb *db, GError **error);
void jr_counters_drop(JrDb *db);

/* Of scratch all is kept so, for ever: write it, now that somebody asks. */
gboolean jr_counters_settle(JrDb *db, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrCounts, jr_counts_free)
