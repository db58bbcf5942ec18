#include "flow/simulate/replay_impl.h"
#include "io/json.h"

#include <string.h>

#define TOGETHER 20000 /* records that are kept together */
#define TOGETHER_BYTES (32 * 1024 * 1024)
#define ARENA_BYTES ((gsize)512 * 1024 * 1024)

static const char *id_of(const JrReplay *replay, gint64 person)
{
	return g_hash_table_lookup(replay->ids, &person);
}

static const char *make_id(JrReplay *replay, const char *what, gint64 number)
{
	char text[48];
	const char *copy;

	g_snprintf(text, sizeof text, "%s:%" G_GINT64_FORMAT, what, number);
	copy = jr_arena_text(replay->arena, text, strlen(text));
	g_assert(copy);
	return copy;
}

static gpointer take(JrReplay *replay, gsize size)
{
	gpointer piece = jr_arena_take(replay->arena, size);

	g_assert(piece); /* the bytes of a batch are bounded */
	return memset(piece, 0, size);
}

/* What the log says of a receipt, as it came; FALSE: of no message. */
static gboolean tell_metric(JrReplay *replay, const JrLogRow *row,
			    JrIngestRec *rec, GError **error)
{
	JrIngestMetric *metric = take(replay, sizeof *metric);
	const JrVal *data = NULL;

	rec->metric = metric;
	rec->data = (JrSlice){ 0 };
	metric->cost_micros = metric->segments = -1;
	metric->metric = jr_metric_of(row->name);
	if (row->data)
		data = jr_json_parse(replay->arena, row->data, row->data_len,
				     error);
	if (!data)
		return FALSE;
	metric->message = jr_val_get_text(data, "message");
	metric->channel = jr_channel_of(jr_val_get_text(data, "channel"));
	metric->href = jr_val_get_text(data, "href");
	/* Sent and opted out, the simulation makes itself. */
	return metric->message && metric->metric != JR_METRIC_SENT &&
	       metric->metric != JR_METRIC_CONVERTED &&
	       metric->metric != JR_METRIC_UNSUBSCRIBED;
}

static gboolean tell_row(JrReplay *replay, const JrReplayEntry *entry,
			 JrIngestRec *rec, gboolean *is, GError **error)
{
	JrLogRow row = { 0 };
	gboolean found = FALSE;
	const char *id;

	*is = FALSE;
	if (!jr_log_get(replay->source->db, entry->number, replay->arena, &row,
			&found, error))
		return FALSE;
	if (!found)
		return TRUE;
	rec->action = jr_replay_actions[row.kind];
	rec->id = row.id;
	rec->name = row.name;
	rec->data = (JrSlice){ row.data, row.data ? row.data_len : 0 };
	if (row.kind == JR_LOG_METRIC) {
		g_autoptr(GError) why = NULL;

		*is = tell_metric(replay, &row, rec, &why);
		return TRUE;
	}
	id = row.person ? id_of(replay, row.person) : NULL;
	if (id)
		rec->who = (JrIdentity){ JR_IDENTITY_ID, id };
	*is = id || row.kind == JR_LOG_CONTROL;
	return TRUE;
}

static gboolean tell_device(JrReplay *replay, const JrReplayEntry *entry,
			    JrIngestRec *rec)
{
	const JrReplayDevice *one =
		&g_array_index(replay->devices, JrReplayDevice, entry->number);
	gboolean gone = entry->from == JR_REPLAY_DEVICE_GONE;

	rec->action = gone ? JR_INGEST_DELETE_DEVICE : JR_INGEST_ADD_DEVICE;
	rec->at_ms = gone ? one->gone_ms : one->registered_ms;
	rec->device = &one->device;
	rec->id = make_id(replay, gone ? "gone" : "device", entry->number);
	rec->who = (JrIdentity){ JR_IDENTITY_ID, id_of(replay, one->person) };
	return rec->who.value != NULL;
}

static void tell_answer(JrReplay *replay, const JrReplayEntry *entry,
			JrIngestRec *rec)
{
	const JrReplayAnswer *one =
		&g_array_index(replay->answers, JrReplayAnswer, entry->number);
	JrIngestInbound *said = take(replay, sizeof *said);

	said->provider = "history";
	said->channel = one->channel;
	said->from = one->number;
	said->text = said->word = one->in ? "START" : "STOP";
	rec->action = JR_INGEST_INBOUND;
	rec->id = make_id(replay, "answer", one->row);
	rec->inbound = said;
}

/* Make @entry a record of the batch, if it is one still. */
static gboolean tell(JrReplay *replay, const JrReplayEntry *entry,
		     GError **error)
{
	JrIngestRec rec = { .at_ms = entry->at_s * 1000, .timed = TRUE };
	gboolean is = TRUE;

	switch (entry->from) {
	case JR_REPLAY_LOG:
		if (!tell_row(replay, entry, &rec, &is, error))
			return FALSE;
		break;
	case JR_REPLAY_DEVICE:
	case JR_REPLAY_DEVICE_GONE:
		is = tell_device(replay, entry, &rec);
		break;
	case JR_REPLAY_ANSWER:
		tell_answer(replay, entry, &rec);
		break;
	}
	if (is)
		g_array_append_val(replay->recs, rec);
	return TRUE;
}

/* Fill the batch with what happened until @until_s; *@more: it is full. */
static gboolean gather(JrReplay *replay, gint64 until_s, gboolean *more,
		       GError **error)
{
	jr_arena_reset(replay->arena);
	g_array_set_size(replay->recs, 0);
	while (jr_replay_next(replay) <= until_s) {
		*more = replay->recs->len == TOGETHER ||
			jr_arena_used(replay->arena) > TOGETHER_BYTES;
		if (*more)
			return TRUE;
		if (!tell(replay,
			  &g_array_index(replay->entries, JrReplayEntry,
					 replay->next),
			  error))
			return FALSE;
		replay->next++;
	}
	*more = FALSE;
	return TRUE;
}

gint64 jr_replay_next(const JrReplay *replay)
{
	return replay->next < replay->entries->len
		       ? g_array_index(replay->entries, JrReplayEntry,
				       replay->next)
				 .at_s
		       : G_MAXINT64;
}

gboolean jr_replay_take(JrReplay *replay, gint64 until_s, gboolean history,
			GError **error)
{
	gboolean more = TRUE;

	replay->keep.backfill = history;
	while (more)
		if (!gather(replay, until_s, &more, error) ||
		    !jr_keep_batch(&replay->keep, replay->recs, replay->arena,
				   error))
			return FALSE;
	return TRUE;
}

JrReplay *jr_replay_new(const JrFlow *source, JrFlow *world, GError **error)
{
	g_autoptr(JrReplay) replay = g_new0(JrReplay, 1);

	replay->source = source;
	replay->world = world;
	replay->kept = jr_arena_new((gsize)4 * ARENA_BYTES);
	replay->arena = jr_arena_new(ARENA_BYTES);
	replay->entries = g_array_new(FALSE, FALSE, sizeof(JrReplayEntry));
	replay->devices = g_array_new(FALSE, FALSE, sizeof(JrReplayDevice));
	replay->answers = g_array_new(FALSE, FALSE, sizeof(JrReplayAnswer));
	replay->recs = g_array_new(FALSE, FALSE, sizeof(JrIngestRec));
	replay->ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
					    NULL);
	replay->roster = jr_roster_new();
	replay->refusals = (JrRefusals){
		.arena = replay->arena,
		.waiting = g_array_new(FALSE, FALSE, sizeof(JrReject)),
	};
	replay->keep = (JrKeep){
		.flow = world,
		.roster = replay->roster,
		.refusals = &replay->refusals,
		.max_age_s = G_MAXINT64, /* it is news again */
		.country = source->policy->default_country,
	};
	return jr_replay_list(replay, error) ? g_steal_pointer(&replay) : NULL;
}

void jr_replay_free(JrReplay *replay)
{
	if (!replay)
		return;
	jr_roster_free(replay->roster);
	g_array_unref(replay->refusals.waiting);
	g_hash_table_unref(replay->ids);
	g_array_unref(replay->recs);
	g_array_unref(replay->answers);
	g_array_unref(replay->devices);
	g_array_unref(replay->entries);
	jr_arena_free(replay->arena);
	jr_arena_free(replay->kept);
	g_free(replay);
}
