/*
 * attributes.h - attributes that jr itself sets, beside identify.
 */
#pragma once

#include "flow/journey/run.h"

/*
 * Merge @update, a map, into @person's attributes, as of now, and say so in the
 * log.  In a write transaction.  Somebody who is there no longer is left alone.
 */
gboolean jr_journey_set_attributes(JrJourneys *journeys, gint64 person,
				   const JrVal *update, GError **error);
