/* What there is to be told again, in the order in which it happened. */
#include "flow/simulate/replay_impl.h"
#include "store/consents.h"
#include "store/devices.h"

#include <string.h>

#define PAGE 20000 /* rows or people that are looked at together */

const JrIngestAction jr_replay_actions[JR_LOG_LAST + 1] = {
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

static void add(JrReplay *replay, const JrReplayEntry *entry)
{
	g_array_append_vals(replay->entries, entry, 1);
}

/* Records of which whoever is not known yet comes into being. */
static const guint makers = JR_LOG_EVENTS | JR_LOG_BIT(JR_LOG_IDENTIFY) |
			    JR_LOG_BIT(JR_LOG_TRIGGER) |
			    JR_LOG_BIT(JR_LOG_LISTED);

static void add_row(JrReplay *replay, const JrLogRow *row)
{
	const JrReplayEntry entry = {
		.at_s = row->at_s,
		.number = row->seq,
		.makes = makers & JR_LOG_BIT(row->kind) ? row->person : 0,
		.from = JR_REPLAY_LOG,
		.event = JR_LOG_BIT(row->kind) & JR_LOG_EVENTS
				 ? g_intern_string(row->name)
				 : NULL,
	};

	add(replay, &entry);
}

static gboolean list_log(JrReplay *replay, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	JrLogQuery query = { .limit = PAGE };
	gint64 last = 0;

	for (int kind = 1; kind <= JR_LOG_LAST; kind++)
		query.kinds |= jr_replay_actions[kind] ? JR_LOG_BIT(kind) : 0;
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
				add_row(replay, row);
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
	JrReplayDevice one = {
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
	JrReplayEntry entry = { .at_s = stored->registered_ms / 1000,
				.number = replay->devices->len,
				.makes = stored->person,
				.from = JR_REPLAY_DEVICE };

	if (stored->attributes) {
		one.device.attributes.text =
			keep_text(replay, stored->attributes);
		one.device.attributes.len = strlen(stored->attributes);
	}
	add(replay, &entry);
	entry.at_s = stored->gone_ms / 1000;
	entry.makes = 0;
	entry.from = JR_REPLAY_DEVICE_GONE;
	if (stored->gone_ms)
		add(replay, &entry);
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
	const JrReplayAnswer answer = {
		.person = row->person,
		.row = row->row,
		.channel = row->channel,
		.number = keep_text(replay, row->number),
		.in = row->in,
	};
	const JrReplayEntry entry = { .at_s = row->at_s,
				      .number = replay->answers->len,
				      .from = JR_REPLAY_ANSWER };
	gboolean told;

	if (!is_told(answers, row, &told))
		return FALSE;
	if (told || !row->number)
		return TRUE;
	add(replay, &entry);
	g_array_append_val(replay->answers, answer);
	return TRUE;
}

static gint compare(gconstpointer a, gconstpointer b)
{
	const JrReplayEntry *one = a, *two = b;

	if (one->at_s != two->at_s)
		return one->at_s < two->at_s ? -1 : 1;
	if (one->from != two->from)
		return one->from < two->from ? -1 : 1;
	return one->number < two->number ? -1 : one->number > two->number;
}

void jr_replay_heed(JrReplay *replay, const JrHeed *heed, gint64 after_s)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new(g_int64_hash, g_int64_equal);
	JrReplayEntry *all = (JrReplayEntry *)replay->entries->data;
	guint n = 0;

	for (guint i = 0; i < replay->entries->len; i++) {
		gboolean first = all[i].makes &&
				 !g_hash_table_contains(seen, &all[i].makes);

		if (!first && all[i].event && all[i].at_s > after_s &&
		    !jr_heed_hears(heed, all[i].event))
			continue;
		all[n] = all[i];
		if (first)
			g_hash_table_add(seen, &all[n].makes);
		n++;
	}
	g_array_set_size(replay->entries, n);
}

gboolean jr_replay_list(JrReplay *replay, GError **error)
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
