#include "flow/send/impl.h"
#include "base/error.h"
#include "io/secret.h"

#include <string.h>

static void way_free(gpointer data)
{
	JrSendWay *way = data;

	jr_sender_free(way->sender);
	g_free(way->name);
	g_free(way);
}

void jr_send_job_free(JrSendJob *job)
{
	jr_send_batch_unref(job->batch);
	jr_answer_clear(&job->answer);
	g_free(job);
}

JrSendBatch *jr_send_batch_new(void)
{
	JrSendBatch *batch = g_new0(JrSendBatch, 1);

	batch->refs = 1;
	batch->arena = jr_arena_new(256 * 1024 * 1024);
	batch->permits =
		g_ptr_array_new_with_free_func((GDestroyNotify)jr_permit_free);
	batch->jobs = g_ptr_array_new();
	return batch;
}

void jr_send_batch_unref(JrSendBatch *batch)
{
	if (!batch || --batch->refs > 0)
		return;
	g_ptr_array_unref(batch->jobs);
	g_ptr_array_unref(batch->permits);
	jr_arena_free(batch->arena);
	g_free(batch);
}

static gboolean check_channels(const JrSend *send, const JrProviderKind *kind,
			       GError **error)
{
	if (kind->channels & send->options.channels)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
		    "provider '%s' does not take these messages: name another",
		    kind->name);
	return FALSE;
}

/*
 * Where providers may keep access tokens from run to run, beside the state;
 * NULL, and then they do without, when it cannot be made.  Owned.
 */
static char *cache_folder(const JrFlow *flow)
{
	g_autofree char *folder =
		g_strconcat(flow->config->state, ".cache", NULL);

	if (strstr(folder, "://") || g_mkdir_with_parents(folder, 0700) < 0)
		return NULL;
	return g_steal_pointer(&folder);
}

static const JrProviderKind *find_kind(const JrSend *send, const char *name,
				       GError **error)
{
	const JrProviderKind *kind = jr_provider_kind(name, error);

	if (!kind && send->options.provider)
		g_prefix_error(error, "--provider: ");
	else if (!kind)
		g_prefix_error(error, "%s: ", send->flow->policy->file);
	return kind;
}

/* Open the provider @name, once. */
static JrSendWay *open_way(JrSend *send, const char *name, GError **error)
{
	const JrPolicy *policy = send->flow->policy;
	const JrProviderKind *kind = find_kind(send, name, error);
	g_autofree char *cache =
		kind && kind->token ? cache_folder(send->flow) : NULL;
	const JrProviderSetup setup = {
		.settings = jr_policy_provider(policy, name),
		.file = policy->file,
		.secret = jr_secret_get,
		.cache_dir = cache,
		.now_s = jr_flow_now(send->flow),
	};
	JrSenderLimits limits = { 0 };
	JrProvider *provider;
	JrSendWay *way;

	if (!kind || !check_channels(send, kind, error) ||
	    !jr_sender_limits_read(&setup, &limits, error))
		return NULL;
	provider = jr_provider_open(kind, &setup, error);
	if (!provider)
		return NULL;
	if (send->options.per_second > 0)
		limits.per_second = send->options.per_second;
	way = g_new0(JrSendWay, 1);
	way->name = g_strdup(name);
	way->provider = provider;
	way->per_second = limits.per_second;
	way->limits = limits;
	way->sender = jr_sender_new(provider, &limits);
	for (guint i = 0; i < policy->n_senders; i++)
		if (policy->senders[i].per_second > 0)
			jr_sender_pace(way->sender,
				       jr_policy_sender_id(&policy->senders[i]),
				       policy->senders[i].per_second);
	g_ptr_array_add(send->ways, way);
	return way;
}

/* Who stands in sends from a sender of its own, which the gates look at. */
static gboolean check_fallback(const JrSend *send, JrChannel channel,
			       GError **error)
{
	const JrPolicy *policy = send->flow->policy;
	const char *fallback = policy->routes[channel].fallback;

	if (!fallback || !jr_policy_sender(policy, channel, NULL) ||
	    jr_policy_sender_at(policy, channel, fallback))
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
		    "%s: channels.%s.fallback '%s' has no sender to send from: "
		    "add one with 'provider: %s' to senders",
		    policy->file, jr_channel_name(channel), fallback, fallback);
	return FALSE;
}

static gboolean check_fallbacks(const JrSend *send, GError **error)
{
	for (int c = JR_CHANNEL_SMS; c <= JR_CHANNEL_LAST; c++)
		if (send->options.channels >> c & 1 &&
		    !check_fallback(send, c, error))
			return FALSE;
	return TRUE;
}

JrSendWay *jr_send_way_at(const JrSend *send, guint i)
{
	return send->ways->pdata[i];
}

JrSendWay *jr_send_way_named(const JrSend *send, const char *name)
{
	for (guint i = 0; i < send->ways->len; i++)
		if (g_str_equal(jr_send_way_at(send, i)->name, name))
			return jr_send_way_at(send, i);
	return NULL;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	const JrSendWay *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

static JrSendWay *get_way(JrSend *send, const char *name, GError **error)
{
	JrSendWay *way = jr_send_way_named(send, name);

	return way ? way : open_way(send, name, error);
}

/* The names of all providers that our channels may need, NULL for none. */
static void add_names(const JrSend *send, GPtrArray *names)
{
	const JrPolicy *policy = send->flow->policy;

	for (int c = JR_CHANNEL_SMS; c <= JR_CHANNEL_LAST; c++) {
		if (!(send->options.channels >> c & 1))
			continue;
		g_ptr_array_add(names, policy->routes[c].provider);
		g_ptr_array_add(names, policy->routes[c].fallback);
	}
	for (guint i = 0; i < policy->n_senders; i++)
		if (send->options.channels >> policy->senders[i].channel & 1)
			g_ptr_array_add(names, policy->senders[i].provider);
	if (!(send->options.channels >> JR_CHANNEL_PUSH & 1))
		return;
	g_ptr_array_add(names, policy->push_android);
	g_ptr_array_add(names, policy->push_ios);
	g_ptr_array_add(names, policy->push_web);
}

/* What is configured wrong is said before the first message. */
static gboolean open_ways(JrSend *send, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	if (send->options.provider)
		return get_way(send, send->options.provider, error) != NULL;
	add_names(send, names);
	for (guint i = 0; i < names->len; i++)
		if (names->pdata[i] && !get_way(send, names->pdata[i], error))
			return FALSE;
	return check_fallbacks(send, error);
}

JrSend *jr_send_new(JrFlow *flow, const JrSendOptions *options, GError **error)
{
	g_autoptr(JrSend) send = g_new0(JrSend, 1);

	send->flow = flow;
	send->options = *options;
	send->ways = g_ptr_array_new_with_free_func(way_free);
	send->answered = g_ptr_array_new_with_free_func(
		(GDestroyNotify)jr_send_job_free);
	send->again = g_array_new(FALSE, FALSE, sizeof(gint64));
	send->lines = g_string_new(NULL);
	send->arrived = g_ptr_array_new_with_free_func(
		(GDestroyNotify)jr_send_job_free);
	send->files = jr_journey_files_load(flow, error);
	if (!send->files || !open_ways(send, error))
		return NULL;
	g_ptr_array_sort(send->ways, by_name);
	jr_send_side_by_side(send);
	send->journeys = jr_journeys_new(flow, send->files);
	return g_steal_pointer(&send);
}

void jr_send_free(JrSend *send)
{
	if (!send)
		return;
	/* Senders first: those under way are told, and land in arrived. */
	jr_send_handed_over(send);
	g_ptr_array_unref(send->ways);
	g_ptr_array_unref(send->arrived);
	g_ptr_array_unref(send->answered);
	g_array_unref(send->again);
	g_string_free(send->lines, TRUE);
	jr_journeys_free(send->journeys);
	jr_journey_files_free(send->files);
	g_free(send);
}

static const char *way_name(const JrSend *send, const JrMessage *message,
			    const JrDevice *device)
{
	const JrPolicy *policy = send->flow->policy;
	const JrPolicySender *sender;

	if (send->options.provider)
		return send->options.provider;
	if (device)
		return jr_push_provider(policy, device->platform);
	sender = jr_policy_sender(policy, message->channel, message->sender);
	if (sender && sender->provider)
		return sender->provider;
	return policy->routes[message->channel].provider;
}

/* Whether it takes nothing because of our account or settings: the one case in
 * which another provider may do, as surely nothing was taken. */
static gboolean is_refused(const JrSendWay *way)
{
	return jr_sender_state(way->sender, NULL) == JR_SENDER_CONFIG;
}

JrSendWay *jr_send_way(JrSend *send, const JrMessage *message,
		       const JrDevice *device, GError **error)
{
	const char *name = way_name(send, message, device);
	const JrRoute *route = &send->flow->policy->routes[message->channel];
	JrSendWay *way;

	if (name) {
		way = get_way(send, name, error);
		if (!way || !is_refused(way) || !route->fallback ||
		    send->options.provider)
			return way;
		return get_way(send, route->fallback, error);
	}
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
		    "no provider for %s is configured: name one in jr.yaml",
		    jr_channel_name(message->channel));
	return NULL;
}

const JrPolicySender *jr_send_stand_in(JrSend *send, const JrMessage *message)
{
	const JrPolicy *policy = send->flow->policy;
	const char *fallback = policy->routes[message->channel].fallback;
	const char *name = way_name(send, message, NULL);
	const JrSendWay *way = name ? jr_send_way_named(send, name) : NULL;

	if (!way || !fallback || !is_refused(way) || send->options.provider)
		return NULL;
	return jr_policy_sender_at(policy, message->channel, fallback);
}

gboolean jr_send_has_stand_in(const JrSend *send, const JrSendWay *way)
{
	if (!is_refused(way) || send->options.provider)
		return FALSE;
	for (int c = JR_CHANNEL_SMS; c <= JR_CHANNEL_LAST; c++) {
		const JrRoute *route = &send->flow->policy->routes[c];
		const JrSendWay *other;

		if (!(send->options.channels >> c & 1) || !route->fallback ||
		    g_strcmp0(route->provider, way->name) != 0)
			continue;
		other = jr_send_way_named(send, route->fallback);
		return other &&
		       jr_sender_state(other->sender, NULL) == JR_SENDER_RUNS;
	}
	return FALSE;
}

gboolean jr_send_over(const JrSend *send)
{
	for (guint i = 0; i < send->ways->len; i++)
		if (jr_sender_state(jr_send_way_at(send, i)->sender, NULL) !=
			    JR_SENDER_RUNS &&
		    !jr_send_has_stand_in(send, jr_send_way_at(send, i)))
			return TRUE;
	return FALSE;
}

gboolean jr_send_stopped(const JrSend *send, GError **error)
{
	for (guint i = 0; i < send->ways->len; i++) {
		const JrSendWay *way = jr_send_way_at(send, i);
		const char *why = NULL;
		JrSenderState state = jr_sender_state(way->sender, &why);

		if (state == JR_SENDER_RUNS)
			continue;
		g_set_error(error, JR_ERROR,
			    state == JR_SENDER_CONFIG ? JR_ERROR_CONFIG
						      : JR_ERROR_BUSY,
			    "provider '%s' takes no more: %s", way->name,
			    why ? why : "no reason given");
		return TRUE;
	}
	return FALSE;
}
