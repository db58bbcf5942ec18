/* counters.h - counting as things happen, for the files of store/. */
#pragma once

#include "store/report.h"

/* The UTC day of @at_s. */
gint64 jr_day_of(gint64 at_s);

/* Add @counter's n, segments and cost_micros to what its other members name;
 * NULL texts are "". */
gboolean jr_counter_add(JrDb *db, const JrCounter *counter, GError **error);
