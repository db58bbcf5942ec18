#include "flow/facts_store.h"
#include "base/error.h"
#include "io/json.h"
#include "store/devices.h"
#include "store/log.h"
#include "store/receipts.h"
#include "store/segments.h"
#include "store/suppress.h"

#include <string.h>

/* A condition on events may hold one more: "followed by". */
#define DEPTH 2

#define EVENT_BYTES ((gsize)16 * 1024 * 1024) /* of one event's values */

struct _JrFactCache {
	GHashTable *segments; /* name to gint64 * */
	JrJson *json[DEPTH];
	JrArena *event[DEPTH]; /* the properties of the event that is shown */
	guint depth;
};

JrFactCache *jr_fact_cache_new(void)
{
	JrFactCache *cache = g_new0(JrFactCache, 1);

	cache->segments =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 0; i < DEPTH; i++) {
		cache->json[i] = jr_json_new();
		cache->event[i] = jr_arena_new(EVENT_BYTES);
	}
	return cache;
}

void jr_fact_cache_free(JrFactCache *cache)
{
	if (!cache)
		return;
	for (guint i = 0; i < DEPTH; i++) {
		jr_json_free(cache->json[i]);
		jr_arena_free(cache->event[i]);
	}
	g_hash_table_unref(cache->segments);
	g_free(cache);
}

/* One question about events, while it is answered. */
typedef struct {
	JrFactCache *cache;
	guint depth;
	JrFactEventFn each;
	gpointer user;
	GError *error; /* an event could not be read */
} Asker;

static gboolean show_row(const JrLogRow *row, gpointer user)
{
	Asker *asker = user;
	JrArena *arena = asker->cache->event[asker->depth];
	JrFactEvent event = { .at_s = row->at_s };
	g_autoptr(GError) why = NULL;

	if (row->data) {
		jr_arena_reset(arena);
		event.data =
			jr_json_read(asker->cache->json[asker->depth], arena,
				     row->data, row->data_len, &why);
		if (!event.data) {
			g_set_error(
				&asker->error, JR_ERROR, JR_ERROR_IO,
				"the state is damaged: row %" G_GINT64_FORMAT
				" of the log: %s",
				row->seq, why->message);
			return FALSE;
		}
	}
	return asker->each(&event, asker->user);
}

static gboolean ask_events(gpointer data, const JrFactEventQuery *query,
			   JrFactEventFn each, gpointer user, GError **error)
{
	const JrStoreFacts *facts = data;
	JrFactCache *cache = facts->flow->facts;
	Asker asker = { cache, cache->depth, each, user, NULL };
	const JrEventQuery ask = {
		.person = facts->person,
		.name = query->name,
		.prefix = query->prefix,
		.from_s = query->from_s,
		.until_s = query->until_s,
		.newest_first = query->newest_first,
		.with_data = query->with_data,
	};
	gboolean ok;

	if (facts->history &&
	    jr_history_show(facts->history, query, each, user))
		return TRUE;
	g_assert(cache->depth < DEPTH);
	cache->depth++;
	ok = jr_events_each(facts->flow->db, &ask, show_row, &asker, error);
	cache->depth--;
	if (ok && asker.error) {
		g_propagate_error(error, g_steal_pointer(&asker.error));
		ok = FALSE;
	}
	g_clear_error(&asker.error);
	return ok;
}

static gboolean show_metric(gint64 at_s, const char *message, gpointer user)
{
	const JrFactEvent event = { .at_s = at_s };
	Asker *asker = user;

	(void)message;
	return asker->each(&event, asker->user);
}

static gboolean ask_messages(gpointer data, const JrFactMessageQuery *query,
			     JrFactEventFn each, gpointer user, GError **error)
{
	const JrStoreFacts *facts = data;
	Asker asker = { .each = each, .user = user };
	const JrMetricQuery ask = {
		.person = facts->person,
		.metric = jr_metric_of(query->metric),
		.workflow = query->workflow,
		.step = query->step,
		.channel = jr_channel_of(query->channel),
		.from_s = query->from_s,
		.until_s = query->until_s,
	};

	/* A word that is none restricts to nothing, rather than not at all. */
	if (!ask.metric || (query->channel && !ask.channel))
		return TRUE;
	return jr_metrics_each(facts->flow->db, &ask, show_metric, &asker,
			       error);
}

static gboolean load_segments(const JrFlow *flow, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrSegment));
	g_autoptr(JrArena) arena = jr_arena_new(EVENT_BYTES);

	if (!jr_segments_load(flow->db, arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrSegment *one = &g_array_index(all, JrSegment, i);
		gint64 *number = g_new(gint64, 1);

		*number = one->segment;
		g_hash_table_replace(flow->facts->segments, g_strdup(one->name),
				     number);
	}
	return TRUE;
}

gboolean jr_flow_segment(const JrFlow *flow, const char *name, gint64 *segment,
			 GError **error)
{
	const gint64 *known = g_hash_table_lookup(flow->facts->segments, name);

	if (!known && !load_segments(flow, error))
		return FALSE;
	known = g_hash_table_lookup(flow->facts->segments, name);
	*segment = known ? *known : 0;
	return TRUE;
}

static gboolean ask_segment(gpointer data, const char *segment, gboolean *yes,
			    GError **error)
{
	const JrStoreFacts *facts = data;
	gint64 number;

	*yes = FALSE;
	if (!jr_flow_segment(facts->flow, segment, &number, error))
		return FALSE;
	return !number || jr_segment_has(facts->flow->db, number, facts->person,
					 yes, NULL, error);
}

static gboolean ask_device(gpointer data, const char *platform, gboolean *yes,
			   GError **error)
{
	const JrStoreFacts *facts = data;
	gboolean any = g_str_equal(platform, "any");

	return jr_devices_has(facts->flow->db, facts->person,
			      any ? NULL : platform, yes, error);
}

/* Who never said a word about it gets it. */
static gboolean ask_subscribed(gpointer data, const char *topic_or_channel,
			       gboolean *yes, GError **error)
{
	const JrStoreFacts *facts = data;
	g_autofree char *topic =
		g_strconcat(jr_channel_of(topic_or_channel) ? "channel:" : "",
			    topic_or_channel, NULL);
	JrWish wish;

	if (!jr_subscription_get(facts->flow->db, facts->person, topic, &wish,
				 error))
		return FALSE;
	*yes = wish != JR_WISH_OFF;
	return TRUE;
}

const JrFactSource jr_store_fact_source = {
	.events = ask_events,
	.messages = ask_messages,
	.in_segment = ask_segment,
	.has_device = ask_device,
	.subscribed = ask_subscribed,
};
