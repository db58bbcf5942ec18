#include "flow/ingest/ingest.h"
#include "base/crash.h"
#include "base/error.h"
#include "flow/ingest/ahead.h"
#include "flow/ingest/names.h"
#include "flow/ingest/impl.h"
#include "flow/ingest/keep.h"
#include "flow/format/trust.h"
#include "net/providers.h"
#include "rules/phone.h"
#include "store/erase.h"

/* What keeping a batch takes, which the batch's weight bounds; never reached.
 */
#define ARENA_BYTES ((gsize)512 * 1024 * 1024)

/* The thread that reads walks along an index: it sees no page twice. */
#define NAMES_CACHE_MIB 2

struct _JrIngest {
	JrFlow *flow;
	JrDb *names; /* of the thread that reads */
	JrClasses *twilio, *telnyx, *messagebird;
	JrTrust *trust;
	guint64 believed; /* webhooks that nobody signed */
	JrRefusals refusals;
	char *rejects_path;
	JrRoster *roster;
	JrKeep keep;
	JrIngestAhead *ahead;
	const JrFormat *format;	 /* of all lines; NULL: by name or shape */
	JrArena *arena;		 /* of keeping one batch */
	guint64 counted, partly; /* refusals in the run's counts */
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

static gboolean read_all_classes(JrIngest *ingest, GError **error)
{
	const JrFlow *flow = ingest->flow;

	ingest->twilio = read_classes(flow, jr_twilio_classes, "twilio", error);
	if (!ingest->twilio)
		return FALSE;
	ingest->telnyx = read_classes(flow, jr_telnyx_classes, "telnyx", error);
	if (!ingest->telnyx)
		return FALSE;
	ingest->messagebird = read_classes(flow, jr_messagebird_classes,
					   "messagebird", error);
	return ingest->messagebird != NULL;
}

guint64 jr_ingest_believed(const JrIngest *ingest)
{
	return ingest->believed;
}

/* Whoever looks at the run must see it. */
static void note_trust(JrIngest *ingest)
{
	g_autofree char *names = jr_trust_unsigned(ingest->trust);
	g_autofree char *note = NULL;

	if (!names)
		return;
	note = g_strdup_printf("believes unsigned webhooks of %s", names);
	jr_flow_note(ingest->flow, note);
}

static gboolean open_names(JrIngest *ingest, GError **error)
{
	const JrDbOptions options = {
		.cache_mib = NAMES_CACHE_MIB,
		.read_only = TRUE,
	};

	ingest->names =
		jr_db_open(ingest->flow->config->state, &options, error);
	return ingest->names != NULL;
}

/* All that must be right before the first line is read. */
static gboolean set_up(JrIngest *ingest, const JrIngestOptions *options,
		       GError **error)
{
	JrIngestHow how = {
		.clock = &ingest->flow->clock,
		.country = ingest->keep.country,
		.link_prefix = ingest->flow->policy->links.prefix,
		.stop = ingest->flow->stop,
	};

	if (!check_country(options->country, error))
		return FALSE;
	if (options->format &&
	    !jr_format_find(options->format, &ingest->format, error))
		return FALSE;
	if (!read_all_classes(ingest, error))
		return FALSE;
	ingest->trust =
		jr_trust_new(ingest->flow->policy, options->trust, error);
	if (!ingest->trust)
		return FALSE;
	note_trust(ingest);
	if (!open_names(ingest, error))
		return FALSE;
	how.names = ingest->names;
	how.twilio = ingest->twilio;
	how.telnyx = ingest->telnyx;
	how.messagebird = ingest->messagebird;
	how.trust = ingest->trust;
	ingest->ahead = jr_ingest_ahead_new(&how);
	return TRUE;
}

JrIngest *jr_ingest_new(JrFlow *flow, const JrIngestOptions *options,
			GError **error)
{
	g_autoptr(JrIngest) ingest = g_new0(JrIngest, 1);
	const JrPolicy *policy = flow->policy;

	ingest->flow = flow;
	ingest->roster = jr_roster_new();
	ingest->arena = jr_arena_new(ARENA_BYTES);
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
	jr_ingest_ahead_free(ingest->ahead);
	g_clear_pointer(&ingest->names, jr_db_close);
	g_clear_pointer(&ingest->twilio, jr_classes_free);
	g_clear_pointer(&ingest->telnyx, jr_classes_free);
	g_clear_pointer(&ingest->messagebird, jr_classes_free);
	g_clear_pointer(&ingest->trust, jr_trust_free);
	jr_rejects_free(ingest->refusals.file);
	g_array_unref(ingest->refusals.waiting);
	g_free(ingest->rejects_path);
	jr_roster_free(ingest->roster);
	jr_arena_free(ingest->arena);
	g_string_free(ingest->line, TRUE);
	g_free(ingest);
}

char *jr_ingest_formats(void)
{
	return jr_format_names();
}

guint64 jr_ingest_refused(const JrIngest *ingest)
{
	return ingest->refusals.count;
}

const char *jr_ingest_rejects_path(const JrIngest *ingest)
{
	return ingest->rejects_path;
}

/* After the commit that makes them true. */
static gboolean write_out(JrIngest *ingest, GArray *recs, GError **error)
{
	JrWriter *out = ingest->flow->out;

	if (!out)
		return TRUE;
	for (guint i = 0; i < recs->len; i++) {
		const JrIngestRec *rec = &g_array_index(recs, JrIngestRec, i);
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

/* What the batch adds to the counts of keeping. */
static void count(JrIngest *ingest, const JrIngestBatch *batch)
{
	const JrRefusals *refusals = &ingest->refusals;
	guint64 whole = refusals->count - refusals->partly;

	jr_flow_count(ingest->flow, "rejected",
		      (gint64)(whole - ingest->counted));
	jr_flow_count(ingest->flow, "partly_rejected",
		      (gint64)(refusals->partly - ingest->partly));
	jr_flow_count(ingest->flow, "ignored", (gint64)batch->ignored);
	jr_flow_count(ingest->flow, "unsigned", (gint64)batch->believed);
	ingest->believed += batch->believed;
	ingest->counted = whole;
	ingest->partly = refusals->partly;
}

static gboolean take_batch(JrIngest *ingest, JrIngestBatch *batch,
			   GError **error)
{
	jr_crash_point("ingest-read");
	jr_arena_reset(ingest->arena);
	ingest->refusals.at_s = batch->refusals.at_s;
	ingest->refusals.source = batch->refusals.source;
	ingest->keep.view = batch->view;
	jr_refusals_take(&ingest->refusals, &batch->refusals);
	if (!jr_keep_batch(&ingest->keep, batch->recs, ingest->arena, error))
		return FALSE;
	batch->look_up = jr_roster_unknown(ingest->roster) >= JR_NAMES_LEAST;
	count(ingest, batch);
	jr_crash_point("ingest-kept");
	if (!write_out(ingest, batch->recs, error))
		return FALSE;
	jr_crash_point("ingest-passed-on");
	return TRUE;
}

/* FALSE: there is no other batch, for good or, with @error, not. */
static gboolean take_next(JrIngest *ingest, GError **error)
{
	JrIngestBatch *batch = jr_ingest_ahead_next(ingest->ahead);
	gboolean more = FALSE;

	switch (batch->read) {
	case JR_READ_RECORD:
		more = take_batch(ingest, batch, error);
		break;
	case JR_READ_END: /* of an unfinished record something is told */
		if (batch->refusals.waiting->len > 0)
			take_batch(ingest, batch, error);
		break;
	case JR_READ_BAD: /* these come as part of a batch */
		break;
	case JR_READ_FAILED:
		g_propagate_error(error, g_steal_pointer(&batch->error));
		break;
	}
	jr_ingest_ahead_give_back(ingest->ahead, batch);
	return more;
}

gboolean jr_ingest_take(JrIngest *ingest, JrReader *in, const JrFormat *format,
			gint64 when_ms, GError **error)
{
	const JrIngestInput input = {
		.in = in,
		.format = ingest->format ? ingest->format : format,
		.when_ms = when_ms,
	};
	g_autoptr(GError) why = NULL;

	if (!jr_ingest_ahead_start(ingest->ahead, &input, error))
		return FALSE;
	while (take_next(ingest, &why))
		;
	jr_ingest_ahead_stop(ingest->ahead);
	if (!why)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

gboolean jr_ingest_read(JrIngest *ingest, JrReader *in, GError **error)
{
	return jr_ingest_take(ingest, in, NULL, 0, error);
}

guint64 jr_ingest_rejected(const JrIngest *ingest)
{
	return ingest->refusals.count - ingest->refusals.partly;
}

gboolean jr_ingest_stopped(const JrIngest *ingest)
{
	return ingest->flow->stop && ingest->flow->stop();
}

gboolean jr_ingest_finish(JrIngest *ingest, GError **error)
{
	/* Also what a run before owed, which was killed before it came here. */
	return jr_db_scrub(ingest->flow->db, error);
}
