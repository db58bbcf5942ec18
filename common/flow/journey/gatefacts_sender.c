/* What --verify found of a sender, once for each at a desk. */
#include "flow/journey/gatefacts_impl.h"
#include "store/decisions.h"

#define GOOD_FOR_S                                                             \
	(7 * 86400) /* then the configuration's word counts again              \
		     */

typedef struct {
	int found; /* as facts->sender_found */
	gint64 at_s;
	gboolean knows_day;
	gint64 day_segments; /* what counts for it today */
	gint64 day_began_s, day_ends_s;
} Found;

static gboolean ask_store(const JrGateDesk *desk, const JrPolicySender *sender,
			  Found *known, GError **error)
{
	const JrPolicy *policy = desk->journeys->flow->policy;
	const char *provider =
		sender->provider ? sender->provider
				 : policy->routes[sender->channel].provider;
	JrSenderStatus status = { 0 };
	gboolean found = FALSE;

	if (!provider)
		return TRUE;
	if (!jr_sender_status_get(desk->journeys->flow->db, provider,
				  sender->name, desk->journeys->arena, &status,
				  &found, error))
		return FALSE;
	if (!found || status.checked_s + GOOD_FOR_S < desk->journeys->now_s)
		return TRUE;
	known->at_s = status.checked_s;
	if (g_strcmp0(status.status, JR_SENDER_REGISTERED) == 0)
		known->found = 1;
	if (g_strcmp0(status.status, JR_SENDER_UNREGISTERED) == 0)
		known->found = -1;
	return TRUE;
}

gboolean jr_gate_desk_sender(JrGateDesk *desk, JrGateFacts *facts,
			     GError **error)
{
	const JrPolicySender *sender = facts->sender;
	Found *known;

	if (!sender || sender->channel != JR_CHANNEL_SMS)
		return TRUE;
	known = g_hash_table_lookup(desk->senders, sender);
	if (!known) {
		known = g_new0(Found, 1);
		g_hash_table_insert(desk->senders, (gpointer)sender, known);
		if (!ask_store(desk, sender, known, error))
			return FALSE;
	}
	facts->sender_found = known->found;
	facts->sender_found_s = known->at_s;
	return TRUE;
}

/* The midnight before @at_s. */
static gint64 midnight(JrZone *zone, gint64 at_s)
{
	JrLocal local = jr_zone_local(zone, at_s);

	local.hour = local.minute = local.second = 0;
	return jr_zone_instant(zone, &local);
}

/* The day of carriers that @now_s is in: T-Mobile's, Pacific time. */
static gboolean day_of(const JrFlow *flow, gint64 now_s, Found *known,
		       GError **error)
{
	JrZone *zone = jr_zones_get(flow->zones, "America/Los_Angeles", error);

	if (!zone)
		return FALSE;
	known->day_began_s = midnight(zone, now_s);
	/* Days have 23 to 25 hours. */
	known->day_ends_s = midnight(zone, known->day_began_s + 30 * 3600);
	return TRUE;
}

gboolean jr_gate_desk_sender_day(JrGateDesk *desk, const JrGateAsk *ask,
				 guint segments, JrGateFacts *facts,
				 GError **error)
{
	const JrPolicySender *sender = facts->sender;
	const JrMessage *message = ask->message;
	JrFlow *flow = desk->journeys->flow;
	Found *known;

	facts->segments = segments;
	if (!sender || sender->per_day == 0)
		return TRUE;
	known = g_hash_table_lookup(desk->senders, sender);
	g_assert(known); /* the first step asked for it */
	if (!known->knows_day) {
		if (!day_of(flow, desk->journeys->now_s, known, error) ||
		    !jr_messages_segments(flow->db, jr_policy_sender_id(sender),
					  known->day_began_s,
					  &known->day_segments, error))
			return FALSE;
		known->knows_day = TRUE;
	}
	facts->sender_day_segments = known->day_segments;
	facts->sender_day_ends_s = known->day_ends_s;
	/* What was offered today counts already. */
	if (message->counted_s >= known->day_began_s && message->counted_s > 0)
		facts->sender_day_segments -= message->segments;
	return TRUE;
}

void jr_gate_desk_sender_spend(JrGateDesk *desk, const JrGateFacts *facts)
{
	Found *known = facts->sender ? g_hash_table_lookup(desk->senders,
							   facts->sender)
				     : NULL;

	if (known && known->knows_day)
		known->day_segments =
			MAX(known->day_segments,
			    facts->sender_day_segments + facts->segments);
}
