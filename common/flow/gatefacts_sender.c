/* What --verify found of a sender, once for each at a desk. */
#include "flow/gatefacts_impl.h"
#include "store/decisions.h"

#define GOOD_FOR_S                                                             \
	(7 * 86400) /* then the configuration's word counts again              \
		     */

typedef struct {
	int found; /* as facts->sender_found */
	gint64 at_s;
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
