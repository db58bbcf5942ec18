/* counters.h - counting as things happen, for the files of store/. */
#pragma once

#include "store/decisions.h"
#include "store/messages.h"
#include "store/report.h"

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

/* Add @counter's n, segments and cost_micros to what its other members name;
 * NULL texts are "". */
gboolean jr_counter_add(JrDb *db, const JrCounter *counter, GError **error);
