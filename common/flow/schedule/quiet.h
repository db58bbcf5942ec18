/*
 * quiet.h - anyone may ask: is it quiet there, and until when?
 */
#pragma once

#include "flow/flow.h"

/*
 * Answer each record of @reader, {"timezone":…,"at":…} or with "phone" in place
 * of the zone (and "country", "region" where rules ask for them; no "at": now),
 * by {"quiet":true|false,"send_at":…,"zones":[…]}: whether it is quiet then in
 * any of the zones, and when it may be sent; send_at null: not within 15 days,
 * or nobody knows where.  What is no such record is told to @wrong and left
 * out.  FALSE and JR_ERROR_IO.
 */
typedef void (*JrQuietWrongFn)(gpointer user, const GError *error);
gboolean jr_schedule_quiet(const JrFlow *flow, JrReader *reader,
			   JrQuietWrongFn wrong, gpointer user, GError **error);
