#include "flow/ingest.h"
#include "base/crash.h"
#include "base/error.h"
#include "flow/format.h"
#include "flow/ingest_keep.h"
#include "net/providers.h"
#include "rules/phone.h"
#include "store/erase.h"

/*
 * What shares a transaction, and so one wait for the disk: the more there are,
 * the fewer times a page of an index is written.  A slow producer's records
 * wait no longer than LINGER_MS for company.
 */
#define BATCH_RECORDS 100000
#define BATCH_BYTES ((gsize)96 * 1024 * 1024)
#define LINGER_MS 50

/* What is read and what keeping makes of it; never reached. */
#define ARENA_BYTES ((gsize)512 * 1024 * 1024)

/* Keeping an identify takes so many times its bytes: values old and new. */
#define IDENTIFY_FACTOR 8

struct _JrIngest {
	JrFlow *flow;
	const JrFormat *format; /* NULL: by shape */
	JrClasses *twilio;
	JrRefusals refusals;
	char *rejects_path;
	JrRoster *roster;
	JrKeep keep;
	JrArena *arena;	 /* of the batch */
	GArray *recs;	 /* JrIngestRec: the batch */
	gsize weight;	 /* bytes it will take beside the arena's */
	guint64 counted; /* refusals in the run's counts */
	GString *line;
};

static gboolean check_country(const char *country, GError **error)
{
	if (!country || jr_phone_country_known(country))
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "no country '%s': write two letters (US) or a calling "
		    "code (+44)",
		    country);
	return FALSE;
}

/* Codes as the configuration has them. */
static JrClasses *read_classes(const JrFlow *flow, const JrClass *table,
			       const char *provider, GError **error)
{
	const JrVal *settings = jr_policy_provider(flow->policy, provider);

	return jr_classes_new(table, jr_val_get(settings, "classes"),
			      flow->config->file, error);
}

/* All that must be right before the first line is read. */
static gboolean set_up(JrIngest *ingest, const JrIngestOptions *options,
		       GError **error)
{
	if (!check_country(options->country, error))
		return FALSE;
	if (options->format) {
		ingest->format = jr_format_find(options->format, error);
		if (!ingest->format)
			return FALSE;
	}
	ingest->twilio =
		read_classes(ingest->flow, jr_twilio_classes, "twilio", error);
	return ingest->twilio != NULL;
}

JrIngest *jr_ingest_new(JrFlow *flow, const JrIngestOptions *options,
			GError **error)
{
	g_autoptr(JrIngest) ingest = g_new0(JrIngest, 1);
	const JrPolicy *policy = flow->policy;

	ingest->flow = flow;
	ingest->roster = jr_roster_new();
	ingest->arena = jr_arena_new(ARENA_BYTES);
	ingest->recs = g_array_new(FALSE, FALSE, sizeof(JrIngestRec));
	ingest->line = g_string_new(NULL);
	ingest->rejects_path = g_strdup(
		options->rejects ? options->rejects : flow->config->rejects);
	ingest->refusals = (JrRefusals){
		.file = jr_rejects_new(ingest->rejects_path),
		.arena = ingest->arena,
		.waiting = g_array_new(FALSE, FALSE, sizeof(JrReject)),
		.told = options->refused,
		.user = options->user,
	};
	ingest->keep = (JrKeep){
		.flow = flow,
		.roster = ingest->roster,
		.refusals = &ingest->refusals,
		.max_age_s = options->max_age_s < 0 ? policy->max_age_s
						    : options->max_age_s,
		.backfill = options->backfill,
		.country = options->country ? options->country
					    : policy->default_country,
	};
	return set_up(ingest, options, error) ? g_steal_pointer(&ingest) : NULL;
}

void jr_ingest_free(JrIngest *ingest)
{
	if (!ingest)
		return;
	g_clear_pointer(&ingest->twilio, jr_classes_free);
	jr_rejects_free(ingest->refusals.file);
	g_array_unref(ingest->refusals.waiting);
	g_free(ingest->rejects_path);
	jr_roster_free(ingest->roster);
	jr_arena_free(ingest->arena);
	g_array_unref(ingest->recs);
	g_string_free(ingest->line, TRUE);
	g_free(ingest);
}

guint64 jr_ingest_refused(const JrIngest *ingest)
{
	return ingest->refusals.count;
}

const char *jr_ingest_rejects_path(const JrIngest *ingest)
{
	return ingest->rejects_path;
}

/* How many bytes keeping @rec will take. */
static gsize weigh(const JrIngestRec *rec)
{
	gsize factor = rec->action == JR_INGEST_IDENTIFY ? IDENTIFY_FACTOR : 1;

	return rec->data.len * factor + sizeof *rec;
}

/* Make records of @record, or put it aside. */
static void read_record(JrIngest *ingest, const JrFormatSetup *setup,
			const JrRecord *record)
{
	const char *raw =
		jr_arena_text(ingest->arena, record->raw, record->len);
	JrFormatLine line = {
		.setup = setup,
		.arena = ingest->arena,
		.recs = ingest->recs,
		.number = record->line,
		.base = raw,
		.val = record->val,
		.raw = { raw, record->len },
		.reason = record->why ? record->why->message : NULL,
	};
	guint before = ingest->recs->len;

	g_assert(raw);
	if (!record->why && jr_format_read(&line, ingest->format)) {
		for (guint i = before; i < ingest->recs->len; i++)
			ingest->weight += weigh(
				&g_array_index(ingest->recs, JrIngestRec, i));
		return;
	}
	const JrRefusal refusal = {
		.line = record->line,
		.field = line.field,
		.reason = line.reason,
		.record = line.raw,
		.cut = record->cut,
	};
	jr_refusals_add(&ingest->refusals, &refusal);
}

/*
 * Read a batch: as much as is there, up to the limits.  JR_READ_RECORD when
 * there is any, good or bad.
 */
static JrRead gather(JrIngest *ingest, JrReader *in, GError **error)
{
	const JrFormatSetup setup = {
		.now_ms = jr_clock_now_ms(&ingest->flow->clock),
		.country = ingest->keep.country,
		.refusals = &ingest->refusals,
		.twilio = ingest->twilio,
	};
	JrRecord record;
	guint lines = 0;
	JrRead read;

	jr_arena_reset(ingest->arena);
	g_array_set_size(ingest->recs, 0);
	ingest->weight = 0;
	ingest->refusals.at_s = setup.now_ms / 1000;
	do {
		/* A failure behind good records is told the next time. */
		read = jr_reader_next(in, &record, lines > 0 ? NULL : error);
		if (read != JR_READ_RECORD && read != JR_READ_BAD)
			break;
		read_record(ingest, &setup, &record);
		jr_reader_release(in);
		lines++;
	} while (lines < BATCH_RECORDS && ingest->recs->len < BATCH_RECORDS &&
		 jr_arena_used(ingest->arena) + ingest->weight < BATCH_BYTES &&
		 jr_reader_ready(in, LINGER_MS));
	return lines > 0 ? JR_READ_RECORD : read;
}

/* After the commit that makes them true. */
static gboolean write_out(JrIngest *ingest, GError **error)
{
	JrWriter *out = ingest->flow->out;

	if (!out)
		return TRUE;
	for (guint i = 0; i < ingest->recs->len; i++) {
		const JrIngestRec *rec =
			&g_array_index(ingest->recs, JrIngestRec, i);
		const char *text = rec->raw.text;
		gsize len = rec->raw.len;

		if (rec->kept == JR_KEPT_IGNORED)
			continue;
		if (!rec->own) {
			g_string_truncate(ingest->line, 0);
			jr_ingest_rec_write(rec, ingest->line);
			text = ingest->line->str;
			len = ingest->line->len;
		}
		if (!jr_writer_line(out, text, len, error))
			return FALSE;
	}
	return jr_writer_flush(out, error);
}

static gboolean take_batch(JrIngest *ingest, GError **error)
{
	guint64 before = ingest->counted;

	jr_crash_point("ingest-read");
	if (!jr_keep_batch(&ingest->keep, ingest->recs, ingest->arena, error))
		return FALSE;
	ingest->counted = ingest->refusals.count;
	jr_flow_count(ingest->flow, "rejected",
		      (gint64)(ingest->counted - before));
	jr_crash_point("ingest-kept");
	if (!write_out(ingest, error))
		return FALSE;
	jr_crash_point("ingest-passed-on");
	return TRUE;
}

gboolean jr_ingest_read(JrIngest *ingest, JrReader *in, GError **error)
{
	ingest->refusals.source = jr_reader_name(in);
	while (!ingest->flow->stop || !ingest->flow->stop()) {
		switch (gather(ingest, in, error)) {
		case JR_READ_RECORD:
			if (!take_batch(ingest, error))
				return FALSE;
			break;
		case JR_READ_END:
			return TRUE;
		case JR_READ_BAD: /* these come as part of a batch */
		case JR_READ_FAILED:
			return FALSE;
		}
	}
	return TRUE;
}

gboolean jr_ingest_finish(JrIngest *ingest, GError **error)
{
	/* Also what a run before owed, which was killed before it came here. */
	return jr_db_scrub(ingest->flow->db, error);
}
