#include "flow/replay.h"
#include "base/error.h"
#include "flow/ingest_keep.h"
#include "io/json.h"
#include "store/consents.h"
#include "store/devices.h"
#include "store/log.h"

#include <string.h>

#define PAGE 20000     /* rows or people that are looked at together */
#define TOGETHER 20000 /* records that are kept together */
#define TOGETHER_BYTES (32 * 1024 * 1024)
#define ARENA_BYTES ((gsize)512 * 1024 * 1024)

/* Where a record is told anew from.  Of one second, in this order. */
typedef enum {
	FROM_LOG,
	FROM_DEVICE,	  /* it was registered */
	FROM_DEVICE_GONE, /* the provider knew it no longer */
	FROM_ANSWER,	  /* a row of the ledger that no identify made */
} From;

typedef struct {
	gint64 at_s;
	gint64 number; /* seq; or place among devices or answers */
	From from;
} Entry;

/* A device, and an answer, as records have them. */
typedef struct {
	gint64 person, registered_ms, gone_ms;
	JrIngestDevice device;
} Device;

typedef struct {
	gint64 person, row;
	JrChannel channel;
	const char *number;
	gboolean in;
} Answer;

struct _JrReplay {
	const JrFlow *source;
	JrFlow *world;
	JrArena *kept;	 /* of devices, answers and people's ids */
	GArray *entries; /* Entry, in order */
	guint next;	 /* of them */
	GArray *devices; /* Device */
	GArray *answers; /* Answer */
	GHashTable *ids; /* person to their id; "": not there any more */
	JrArena *arena;	 /* of what is kept together */
	GArray *recs;	 /* JrIngestRec: likewise */
	JrRoster *roster;
	JrRefusals refusals;
	JrKeep keep;
};

/* ---- what there is ---- */

/* Kinds of rows that are records that came in, and what they were. */
static const JrIngestAction actions[JR_LOG_LAST + 1] = {
	[JR_LOG_IDENTIFY] = JR_INGEST_IDENTIFY,
	[JR_LOG_EVENT] = JR_INGEST_EVENT,
	[JR_LOG_PAGE] = JR_INGEST_PAGE,
	[JR_LOG_SCREEN] = JR_INGEST_SCREEN,
	[JR_LOG_TRIGGER] = JR_INGEST_TRIGGER,
	[JR_LOG_CONTROL] = JR_INGEST_CONTROL,
	[JR_LOG_METRIC] = JR_INGEST_METRIC,
	[JR_LOG_LISTED] = JR_INGEST_LIST,
	[JR_LOG_UNLISTED] = JR_INGEST_UNLIST,
};

static void add(JrReplay *replay, From from, gint64 at_s, gint64 number)
{
	const Entry entry = { at_s, number, from };

	g_array_append_val(replay->entries, entry);
}

static gboolean list_log(JrReplay *replay, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	JrLogQuery query = { .limit = PAGE };
	gint64 last = 0;

	for (int kind = 1; kind <= JR_LOG_LAST; kind++)
		query.kinds |= actions[kind] ? JR_LOG_BIT(kind) : 0;
	do {
		query.after = last;
		jr_arena_reset(replay->arena);
		g_array_set_size(rows, 0);
		if (!jr_log_read(replay->source->db, &query, replay->arena,
				 rows, &last, error))
			return FALSE;
		for (guint i = 0; i < rows->len; i++) {
			const JrLogRow *row = &g_array_index(rows, JrLogRow, i);

			/* What has no id of its own is jr's. */
			if (row->id)
				add(replay, FROM_LOG, row->at_s, row->seq);
		}
	} while (last > query.after);
	return TRUE;
}

static const char *keep_text(JrReplay *replay, const char *text)
{
	const char *copy =
		text ? jr_arena_text(replay->kept, text, strlen(text)) : NULL;

	g_assert(copy || !text); /* as many as the state has */
	return copy;
}

static void list_device(JrReplay *replay, const JrDevice *stored)
{
	Device one = {
		.person = stored->person,
		.registered_ms = stored->registered_ms,
		.gone_ms = stored->gone_ms,
		.device = { .kind = g_intern_string(stored->kind),
			    .token = keep_text(replay, stored->token),
			    .platform = keep_text(replay, stored->platform),
			    .app = keep_text(replay, stored->app),
			    .environment =
				    keep_text(replay, stored->environment),
			    .disabled = !stored->enabled },
	};

	if (stored->attributes) {
		one.device.attributes.text =
			keep_text(replay, stored->attributes);
		one.device.attributes.len = strlen(stored->attributes);
	}
	add(replay, FROM_DEVICE, stored->registered_ms / 1000,
	    replay->devices->len);
	if (stored->gone_ms)
		add(replay, FROM_DEVICE_GONE, stored->gone_ms / 1000,
		    replay->devices->len);
	g_array_append_val(replay->devices, one);
}

/* Who there is, and their devices. */
static gboolean list_people(JrReplay *replay, GError **error)
{
	g_autoptr(GArray) page = g_array_new(FALSE, FALSE, sizeof(JrPerson));
	g_autoptr(GArray) devices = g_array_new(FALSE, FALSE, sizeof(JrDevice));
	JrDb *db = replay->source->db;
	gint64 after = 0;

	do {
		jr_arena_reset(replay->arena);
		g_array_set_size(page, 0);
		g_array_set_size(devices, 0);
		if (!jr_people_page(db, after, PAGE, replay->arena, page,
				    error))
			return FALSE;
		for (guint i = 0; i < page->len; i++) {
			after = g_array_index(page, JrPerson, i).person;
			g_hash_table_insert(
				replay->ids, g_memdup2(&after, sizeof after),
				(gpointer)keep_text(
					replay,
					g_array_index(page, JrPerson, i).id));
			if (!jr_devices_of(db, after, replay->arena, devices,
					   error))
				return FALSE;
		}
		for (guint i = 0; i < devices->len; i++)
			list_device(replay,
				    &g_array_index(devices, JrDevice, i));
	} while (page->len == PAGE);
	return TRUE;
}

typedef struct {
	JrReplay *replay;
	GError *error;
} Answers;

/* Whether the record that @row came with says so itself, and is in the log. */
static gboolean is_told(Answers *answers, const JrConsent *row, gboolean *told)
{
	JrReplay *replay = answers->replay;
	JrLogRow record = { 0 };

	*told = FALSE;
	jr_arena_reset(replay->arena);
	if (row->log_seq == 0)
		return TRUE;
	if (!jr_log_get(replay->source->db, row->log_seq, replay->arena,
			&record, told, &answers->error))
		return FALSE;
	*told = *told && record.kind == JR_LOG_IDENTIFY;
	return TRUE;
}

static gboolean list_answer(const JrConsent *row, gpointer user)
{
	Answers *answers = user;
	JrReplay *replay = answers->replay;
	const Answer answer = {
		.person = row->person,
		.row = row->row,
		.channel = row->channel,
		.number = keep_text(replay, row->number),
		.in = row->in,
	};

	gboolean told;

	if (!is_told(answers, row, &told))
		return FALSE;
	if (told || !row->number)
		return TRUE;
	add(replay, FROM_ANSWER, row->at_s, replay->answers->len);
	g_array_append_val(replay->answers, answer);
	return TRUE;
}

static gint compare(gconstpointer a, gconstpointer b)
{
	const Entry *one = a, *two = b;

	if (one->at_s != two->at_s)
		return one->at_s < two->at_s ? -1 : 1;
	if (one->from != two->from)
		return one->from < two->from ? -1 : 1;
	return one->number < two->number ? -1 : one->number > two->number;
}

static gboolean list(JrReplay *replay, GError **error)
{
	const JrConsentQuery all = { 0 };
	Answers answers = { .replay = replay };

	if (!list_people(replay, error) || !list_log(replay, error) ||
	    !jr_consent_each(replay->source->db, &all, list_answer, &answers,
			     error))
		return FALSE;
	if (answers.error) {
		g_propagate_error(error, answers.error);
		return FALSE;
	}
	if (replay->entries->len > 0)
		g_array_sort(replay->entries, compare);
	return TRUE;
}

/* ---- telling it again ---- */

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

static gboolean tell_row(JrReplay *replay, const Entry *entry, JrIngestRec *rec,
			 gboolean *is, GError **error)
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
	rec->action = actions[row.kind];
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

static gboolean tell_device(JrReplay *replay, const Entry *entry,
			    JrIngestRec *rec)
{
	const Device *one =
		&g_array_index(replay->devices, Device, entry->number);
	gboolean gone = entry->from == FROM_DEVICE_GONE;

	rec->action = gone ? JR_INGEST_DELETE_DEVICE : JR_INGEST_ADD_DEVICE;
	rec->at_ms = gone ? one->gone_ms : one->registered_ms;
	rec->device = &one->device;
	rec->id = make_id(replay, gone ? "gone" : "device", entry->number);
	rec->who = (JrIdentity){ JR_IDENTITY_ID, id_of(replay, one->person) };
	return rec->who.value != NULL;
}

static void tell_answer(JrReplay *replay, const Entry *entry, JrIngestRec *rec)
{
	const Answer *one =
		&g_array_index(replay->answers, Answer, entry->number);
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
static gboolean tell(JrReplay *replay, const Entry *entry, GError **error)
{
	JrIngestRec rec = { .at_ms = entry->at_s * 1000, .timed = TRUE };
	gboolean is = TRUE;

	switch (entry->from) {
	case FROM_LOG:
		if (!tell_row(replay, entry, &rec, &is, error))
			return FALSE;
		break;
	case FROM_DEVICE:
	case FROM_DEVICE_GONE:
		is = tell_device(replay, entry, &rec);
		break;
	case FROM_ANSWER:
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
			  &g_array_index(replay->entries, Entry, replay->next),
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
		       ? g_array_index(replay->entries, Entry, replay->next)
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
	replay->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
	replay->devices = g_array_new(FALSE, FALSE, sizeof(Device));
	replay->answers = g_array_new(FALSE, FALSE, sizeof(Answer));
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
	return list(replay, error) ? g_steal_pointer(&replay) : NULL;
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
