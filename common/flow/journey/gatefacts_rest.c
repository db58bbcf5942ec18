/* What gates 10 to 14 look at: where it rings, how often, what it costs. */
#include "flow/journey/gatefacts_impl.h"
#include "store/decisions.h"
#include "store/devices.h"
#include "store/report.h"

#include <string.h>

#define DAY_S 86400

/* ---- caps ---- */

static int newest_first(gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

static gboolean fetch_times(JrGateDesk *desk, const JrCapQuery *query,
			    GArray *times, GError **error)
{
	if (!jr_messages_counted(desk->journeys->flow->db, query, times, error))
		return FALSE;
	g_array_sort(times, newest_first);
	return TRUE;
}

/* Caps of the house on this channel; one query serves them all. */
static gboolean add_house_caps(JrGateDesk *desk, const JrGateAsk *ask,
			       JrCapQuery query, GError **error)
{
	const JrPolicy *policy = desk->journeys->flow->policy;
	gint64 longest_s = 0;

	for (guint i = 0; i < policy->n_caps; i++)
		if (policy->caps[i].channel == ask->message->channel)
			longest_s = MAX(longest_s, policy->caps[i].cap.per_s);
	if (longest_s == 0)
		return TRUE;
	query.since_s = desk->journeys->now_s - longest_s;
	if (!fetch_times(desk, &query, desk->all_times, error))
		return FALSE;
	for (guint i = 0; i < policy->n_caps; i++) {
		JrGateCap cap = { .scope = jr_channel_name(
					  ask->message->channel),
				  .cap = policy->caps[i].cap,
				  .times_s = (gint64 *)desk->all_times->data,
				  .n_times = desk->all_times->len };

		if (policy->caps[i].channel == ask->message->channel)
			g_array_append_val(desk->caps, cap);
	}
	return TRUE;
}

/* Append to own_times those of @query on @channel, or (0) on all. */
static gboolean fetch_own_times(JrGateDesk *desk, JrCapQuery query,
				JrChannel channel, GError **error)
{
	for (int c = JR_CHANNEL_SMS; c <= JR_CHANNEL_LAST; c++) {
		query.channel = (JrChannel)c;
		if (channel && channel != query.channel)
			continue;
		if (!jr_messages_counted(desk->journeys->flow->db, &query,
					 desk->own_times, error))
			return FALSE;
	}
	return TRUE;
}

/* A workflow's caps, each on one channel or on all together. */
static gboolean add_own_caps(JrGateDesk *desk, const JrGateAsk *ask,
			     JrCapQuery query, GError **error)
{
	const JrWorkflow *workflow = ask->run->workflow;

	query.workflow = workflow->name;
	for (guint i = 0; i < workflow->n_caps; i++) {
		const JrWorkflowCap *own = &workflow->caps[i];
		guint from = desk->own_times->len;
		JrGateCap cap = { .scope = workflow->name, .cap = own->cap };

		if (own->channel && own->channel != ask->message->channel)
			continue;
		query.since_s = desk->journeys->now_s - own->cap.per_s;
		if (!fetch_own_times(desk, query, own->channel, error))
			return FALSE;
		cap.n_times = desk->own_times->len - from;
		if (cap.n_times > 1)
			qsort((gint64 *)desk->own_times->data + from,
			      cap.n_times, sizeof(gint64), newest_first);
		g_array_append_val(desk->caps, cap);
	}
	return TRUE;
}

/* Times are complete: their array will not move any more. */
static void point_own_caps(JrGateDesk *desk)
{
	gint64 *times_s = (gint64 *)desk->own_times->data;

	for (guint i = 0; i < desk->caps->len; i++) {
		JrGateCap *cap = &g_array_index(desk->caps, JrGateCap, i);

		if (cap->times_s)
			continue;
		cap->times_s = times_s;
		times_s += cap->n_times;
	}
}

static gboolean ask_caps(JrGateDesk *desk, const JrGateAsk *ask,
			 JrGateFacts *facts, GError **error)
{
	const JrCapQuery query = { .person = ask->run->row.person,
				   .channel = ask->message->channel,
				   .except = ask->message->id };

	g_array_set_size(desk->caps, 0);
	g_array_set_size(desk->all_times, 0);
	g_array_set_size(desk->own_times, 0);
	if (!add_house_caps(desk, ask, query, error) ||
	    !add_own_caps(desk, ask, query, error))
		return FALSE;
	point_own_caps(desk);
	facts->caps = (JrGateCap *)desk->caps->data;
	facts->n_caps = desk->caps->len;
	return TRUE;
}

/* ---- money ---- */

/* When the UTC day and month that @now_s is in end, and began. */
static void month_of(gint64 now_s, gint64 *from_day, gint64 *ends_s)
{
	JrLocal local = jr_zone_local(NULL, now_s);

	local.hour = local.minute = local.second = 0;
	local.day = 1;
	*from_day = jr_zone_instant(NULL, &local) / DAY_S;
	local.month++;
	*ends_s = jr_zone_instant(NULL, &local);
}

static gboolean ask_spent(JrGateDesk *desk, GError **error)
{
	gint64 now_s = desk->journeys->now_s, month = 0;
	JrSpent day_spent, month_spent;

	if (desk->knows_spent)
		return TRUE;
	month_of(now_s, &month, &desk->month_ends_s);
	desk->day_ends_s = (now_s / DAY_S + 1) * DAY_S;
	if (!jr_report_spent(desk->journeys->flow->db, NULL, 0, now_s / DAY_S,
			     &day_spent, error) ||
	    !jr_report_spent(desk->journeys->flow->db, NULL, 0, month,
			     &month_spent, error))
		return FALSE;
	desk->spent_day_micros = day_spent.cost_micros;
	desk->spent_month_micros = month_spent.cost_micros;
	desk->knows_spent = TRUE;
	return TRUE;
}

static gboolean ask_money(JrGateDesk *desk, guint segments, JrGateFacts *facts,
			  GError **error)
{
	const JrPolicy *policy = facts->policy;

	if (facts->address &&
	    !jr_policy_cost(policy, facts->message->channel, facts->address,
			    segments, &facts->cost_micros))
		facts->cost_micros = 0;
	if (policy->budget.per_day_micros == 0 &&
	    policy->budget.per_month_micros == 0)
		return TRUE;
	if (!ask_spent(desk, error))
		return FALSE;
	facts->spent_day_micros = desk->spent_day_micros;
	facts->spent_month_micros = desk->spent_month_micros;
	facts->day_ends_s = desk->day_ends_s;
	facts->month_ends_s = desk->month_ends_s;
	return TRUE;
}

void jr_gate_desk_spend(JrGateDesk *desk, const JrGateFacts *facts)
{
	desk->spent_day_micros += facts->cost_micros;
	desk->spent_month_micros += facts->cost_micros;
	jr_gate_desk_sender_spend(desk, facts);
}

/* ---- holds ---- */

static gboolean ask_hold(JrGateDesk *desk, JrGateFacts *facts, GError **error)
{
	const char *name = facts->workflow->name;
	const char *why = g_hash_table_lookup(desk->holds, name);
	gboolean found = FALSE;
	JrHold hold;

	if (!why) {
		if (!jr_hold_get(desk->journeys->flow->db, name,
				 desk->journeys->arena, &hold, &found, error))
			return FALSE;
		found = found && hold.released_s == 0;
		why = !found ? "" : hold.reason ? hold.reason : "held";
		g_hash_table_insert(desk->holds, g_strdup(name), g_strdup(why));
		why = g_hash_table_lookup(desk->holds, name);
	}
	facts->braked = *why != '\0';
	facts->brake_reason = why;
	return TRUE;
}

gboolean jr_gate_desk_rest(JrGateDesk *desk, const JrGateAsk *ask,
			   guint segments, JrGateFacts *facts, GError **error)
{
	g_array_set_size(desk->places, 0);
	if (!jr_traveller_places(desk->journeys->flow, &ask->run->who,
				 facts->message->channel == JR_CHANNEL_PUSH ||
						 facts->message->channel ==
							 JR_CHANNEL_EMAIL
					 ? NULL
					 : facts->address,
				 desk->places, error))
		return FALSE;
	facts->places = (JrQuietPlace *)desk->places->data;
	facts->n_places = desk->places->len;
	return ask_caps(desk, ask, facts, error) &&
	       jr_gate_desk_sender_day(desk, ask, segments, facts, error) &&
	       ask_money(desk, segments, facts, error) &&
	       ask_hold(desk, facts, error);
}

/* ---- devices ---- */

const char *jr_push_provider(const JrPolicy *policy, const char *platform)
{
	const struct {
		const char *platform, *provider;
	} own[] = {
		{ "android", policy->push_android },
		{ "ios", policy->push_ios },
		{ "web", policy->push_web },
	};

	for (guint i = 0; i < G_N_ELEMENTS(own); i++)
		if (own[i].provider &&
		    g_strcmp0(platform, own[i].platform) == 0)
			return own[i].provider;
	return policy->routes[JR_CHANNEL_PUSH].provider;
}

gboolean jr_push_devices(const JrFlow *flow, gint64 person, JrArena *arena,
			 GArray *devices, GError **error)
{
	const JrPolicy *policy = flow->policy;
	/* Without any, the sender says what to configure. */
	gboolean any = policy->push_android || policy->push_ios ||
		       policy->push_web ||
		       policy->routes[JR_CHANNEL_PUSH].provider;
	guint kept = 0;

	if (!jr_devices_of(flow->db, person, arena, devices, error))
		return FALSE;
	for (guint i = 0; i < devices->len; i++) {
		JrDevice device = g_array_index(devices, JrDevice, i);

		if (device.gone_ms != 0 || !device.enabled ||
		    (any && !jr_push_provider(policy, device.platform)))
			continue;
		g_array_index(devices, JrDevice, kept++) = device;
	}
	if (policy->devices == JR_DEVICES_LAST)
		kept = MIN(kept, 1);
	g_array_set_size(devices, kept);
	return TRUE;
}
