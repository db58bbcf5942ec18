/*
 * gatefacts_impl.h - the desk, for its files alone.
 */
#pragma once

#include "flow/journey/gatefacts.h"

struct _JrGateDesk {
	JrJourneys *journeys;
	char number[JR_PHONE_SIZE];
	GArray *places;		       /* JrQuietPlace */
	GArray *caps;		       /* JrGateCap */
	GArray *all_times, *own_times; /* gint64, newest first: of all
					* workflows, and of the message's */
	GHashTable *senders; /* JrPolicySender to what --verify found of it */
	GHashTable *holds;   /* workflow to why it is held; "": it is not */
	gboolean knows_spent;
	gint64 spent_day_micros, spent_month_micros;
	gint64 day_ends_s, month_ends_s;
};

/* What --verify found of facts->sender: gatefacts_sender.c. */
gboolean jr_gate_desk_sender(JrGateDesk *desk, JrGateFacts *facts,
			     GError **error);

/* What counts for that sender today, for the second step; and that this one
 * goes, too. */
gboolean jr_gate_desk_sender_day(JrGateDesk *desk, const JrGateAsk *ask,
				 guint segments, JrGateFacts *facts,
				 GError **error);
void jr_gate_desk_sender_spend(JrGateDesk *desk, const JrGateFacts *facts);
