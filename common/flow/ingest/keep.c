#include "flow/ingest/keep_impl.h"
#include "base/crash.h"
#include "store/devices.h"
#include "store/lists.h"
#include "store/suppress.h"

#include <string.h>

static gboolean take_event(JrKeepRun *run, JrIngestRec *rec, GError **error);
static gboolean take_device(JrKeepRun *run, JrIngestRec *rec, GError **error);
static gboolean take_order(JrKeepRun *run, JrIngestRec *rec, GError **error);
static gboolean take_list(JrKeepRun *run, JrIngestRec *rec, GError **error);

/* To add an action: its row, and the function that takes a record of it. */
static const struct {
	JrLogKind kind;
	gboolean makes; /* whom it names and nobody knows is made */
	gboolean alone; /* all before it must be written */
	gboolean (*take)(JrKeepRun *run, JrIngestRec *rec, GError **error);
	/* Of a repetition: find out again what goes out with it; or NULL. */
	gboolean (*recall)(JrKeepRun *run, JrIngestRec *rec, GError **error);
} ways[JR_INGEST_LAST + 1] = {
	[JR_INGEST_IDENTIFY] = { JR_LOG_IDENTIFY, TRUE, FALSE, jr_keep_identify,
				 NULL },
	[JR_INGEST_EVENT] = { JR_LOG_EVENT, TRUE, FALSE, take_event, NULL },
	[JR_INGEST_PAGE] = { JR_LOG_PAGE, TRUE, FALSE, take_event, NULL },
	[JR_INGEST_SCREEN] = { JR_LOG_SCREEN, TRUE, FALSE, take_event, NULL },
	[JR_INGEST_ADD_DEVICE] = { JR_LOG_DEVICE, TRUE, FALSE, take_device,
				   NULL },
	[JR_INGEST_DELETE_DEVICE] = { JR_LOG_DEVICE, FALSE, FALSE, take_device,
				      NULL },
	[JR_INGEST_DELETE] = { JR_LOG_ERASE, FALSE, TRUE, jr_keep_delete,
			       NULL },
	[JR_INGEST_SUPPRESS] = { JR_LOG_SUPPRESS, FALSE, TRUE, jr_keep_suppress,
				 NULL },
	[JR_INGEST_UNSUPPRESS] = { JR_LOG_UNSUPPRESS, FALSE, TRUE,
				   jr_keep_unsuppress, NULL },
	[JR_INGEST_MERGE] = { JR_LOG_MERGE, TRUE, TRUE, jr_keep_merge, NULL },
	[JR_INGEST_TRIGGER] = { JR_LOG_TRIGGER, TRUE, FALSE, take_event, NULL },
	[JR_INGEST_LIST] = { JR_LOG_LISTED, TRUE, FALSE, take_list, NULL },
	[JR_INGEST_UNLIST] = { JR_LOG_UNLISTED, FALSE, FALSE, take_list, NULL },
	[JR_INGEST_CONTROL] = { JR_LOG_CONTROL, FALSE, FALSE, take_order,
				NULL },
	[JR_INGEST_METRIC] = { JR_LOG_METRIC, TRUE, FALSE, jr_keep_metric,
			       jr_keep_recall_metric },
	[JR_INGEST_INBOUND] = { JR_LOG_INBOUND, FALSE, TRUE, jr_keep_inbound,
				jr_keep_recall_inbound },
	[JR_INGEST_REVIEW] = { JR_LOG_CONTROL, FALSE, TRUE, jr_keep_review,
			       NULL },
};

JrIngestRec *jr_keep_rec(JrKeepRun *run, guint rec)
{
	return run->recs[rec];
}

gpointer jr_keep_take(JrKeepRun *run, gsize size)
{
	gpointer piece = jr_arena_take(run->arena, size);

	/* A batch is bounded in bytes, and what is made of it by them. */
	g_assert(piece);
	return memset(piece, 0, size);
}

const char *jr_keep_text(JrKeepRun *run, const char *text, gssize len)
{
	gsize bytes = len < 0 ? strlen(text) : (gsize)len;
	const char *copy = jr_arena_text(run->arena, text, bytes);

	g_assert(copy);
	return copy;
}

void jr_keep_refuse(JrKeepRun *run, const JrIngestRec *rec, const char *field,
		    const char *reason)
{
	const JrRefusal refusal = {
		.line = rec->line,
		.field = field,
		.reason = reason,
		.record = rec->raw,
		.partly = TRUE,
	};

	jr_refusals_add(run->keep->refusals, &refusal);
}

void jr_keep_effect(JrKeepRun *run,
		    gboolean (*write)(JrKeepRun *, const JrEffect *, GError **),
		    gconstpointer data)
{
	const JrEffect effect = { write, run->taken, data };

	g_array_append_val(run->effects, effect);
}

JrLogRow *jr_keep_extra(JrKeepRun *run, guint rec, JrLogKind kind)
{
	JrLogRow row = run->rows[rec];

	row.kind = kind;
	row.id = row.name = row.data = NULL;
	row.data_len = 0;
	g_array_append_val(run->extras, row);
	return &g_array_index(run->extras, JrLogRow, run->extras->len - 1);
}

gboolean jr_keep_barred(JrKeepRun *run, const JrIdentity *identity,
			gboolean *yes, GError **error)
{
	g_autofree char *value = g_strdup_printf(
		"%s:%s", jr_identity_name(identity->kind), identity->value);
	JrSuppress ask = { .kind = JR_SUPPRESS_IDENTITY, .value = value };

	*yes = FALSE;
	return !run->bars ||
	       jr_suppress_has(run->db, &ask, run->arena, yes, error);
}

/* Make whoever @rec names; an address or a number is an attribute, too. */
static gboolean make(JrKeepRun *run, JrIngestRec *rec, JrWho **who,
		     GError **error)
{
	JrIdentityKind kind = rec->who.kind;
	JrMember *member;
	JrVal map;

	*who = jr_roster_make(run->roster, &rec->who);
	if (kind != JR_IDENTITY_EMAIL && kind != JR_IDENTITY_PHONE)
		return TRUE;
	member = jr_keep_take(run, sizeof *member);
	member->key = jr_identity_name(kind);
	member->key_len = strlen(member->key);
	member->val = jr_val_text(rec->who.value);
	map = (JrVal){ .type = JR_VAL_MAP, .len = 1, .members = member };
	(*who)->number = kind == JR_IDENTITY_PHONE;
	return jr_roster_merge(run->roster, *who, &map, rec->at_ms, NULL,
			       error);
}

gboolean jr_keep_who(JrKeepRun *run, JrIngestRec *rec, JrWho **who,
		     GError **error)
{
	gboolean barred;

	/* Who has a number is asked of what is written. */
	if (rec->who.kind == JR_IDENTITY_PHONE &&
	    jr_roster_pending(run->roster) && !jr_keep_flush(run, error))
		return FALSE;
	if (!jr_roster_get(run->roster, &rec->who, who, error))
		return FALSE;
	run->whos[run->taken] = *who;
	if (*who || rec->update_only || !ways[rec->action].makes)
		return TRUE;
	if (!jr_keep_barred(run, &rec->who, &barred, error))
		return FALSE;
	if (barred)
		return TRUE;
	/* Known already is no news: nobody is made of a repetition. */
	if (rec->kept == JR_KEPT_DUPLICATE)
		return TRUE;
	if (!make(run, rec, who, error))
		return FALSE;
	run->whos[run->taken] = *who;
	return TRUE;
}

static void ignore(JrKeepRun *run, JrIngestRec *rec)
{
	rec->kept = JR_KEPT_IGNORED;
	run->rows[run->taken].fresh = FALSE;
}

static gboolean take_event(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	JrWho *who;

	if (!jr_keep_who(run, rec, &who, error))
		return FALSE;
	if (!who)
		ignore(run, rec);
	return TRUE;
}

/* The log is all that there is of it: whoever it is for obeys. */
static gboolean take_order(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	(void)run;
	(void)rec;
	(void)error;
	return TRUE;
}

/* Whoever had the device before is another without it: the log says so. */
static void note_loss(JrKeepRun *run, guint rec, gint64 person)
{
	JrLogRow *row = jr_keep_extra(run, rec, JR_LOG_DEVICE);

	row->person = person;
	row->name = "removed";
}

static gboolean put_device(JrKeepRun *run, const JrEffect *effect,
			   GError **error)
{
	const JrIngestRec *rec = jr_keep_rec(run, effect->rec);
	const JrIngestDevice *said = rec->device;
	g_autofree char *attributes =
		said->attributes.text
			? g_strndup(said->attributes.text, said->attributes.len)
			: NULL;
	const JrDevice device = {
		.person = run->rows[effect->rec].person,
		.kind = said->kind,
		.token = said->token,
		.platform = said->platform,
		.app = said->app,
		.environment = said->environment,
		.attributes = attributes,
		.enabled = !said->disabled,
		.registered_ms = rec->at_ms,
		.last_used_s = said->last_used_s ? said->last_used_s
						 : rec->at_ms / 1000,
	};
	gboolean taken;
	gint64 before;

	if (!jr_device_owner(run->db, device.kind, device.token, &before,
			     error) ||
	    !jr_device_put(run->db, &device, &taken, error))
		return FALSE;
	if (taken && before && before != device.person)
		note_loss(run, effect->rec, before);
	return TRUE;
}

static gboolean remove_device(JrKeepRun *run, const JrEffect *effect,
			      GError **error)
{
	const JrIngestRec *rec = jr_keep_rec(run, effect->rec);
	guint n;

	return jr_device_remove(run->db, run->rows[effect->rec].person,
				rec->device->token, rec->at_ms, &n, error);
}

static gboolean take_device(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	gboolean add = rec->action == JR_INGEST_ADD_DEVICE;
	JrLogRow *row = &run->rows[run->taken];
	JrWho *who;

	row->name = add ? "added" : "removed";
	if (!jr_keep_who(run, rec, &who, error))
		return FALSE;
	if (who)
		jr_keep_effect(run, add ? put_device : remove_device, NULL);
	else
		ignore(run, rec);
	return TRUE;
}

static gboolean put_listed(JrKeepRun *run, const JrEffect *effect,
			   GError **error)
{
	const JrIngestRec *rec = jr_keep_rec(run, effect->rec);
	const JrListed listed = {
		.name = rec->name,
		.person = run->rows[effect->rec].person,
		.listed = rec->action == JR_INGEST_LIST,
		.at_s = rec->at_ms / 1000,
	};

	return jr_list_put(run->db, &listed, error);
}

/* Which lists are segments is jr-segment's business. */
static gboolean take_list(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	JrWho *who;

	if (!jr_keep_who(run, rec, &who, error))
		return FALSE;
	if (who)
		jr_keep_effect(run, put_listed, NULL);
	else
		ignore(run, rec);
	return TRUE;
}

/*
 * Effects may make people anew (who said STOP), and so follow-up writes.  Those
 * of the record at hand wait until it is written itself.
 */
static gboolean write_effects(JrKeepRun *run, GError **error)
{
	guint n = 0;

	for (; n < run->effects->len; n++) {
		const JrEffect *effect =
			&g_array_index(run->effects, JrEffect, n);

		if (effect->rec >= run->flushed)
			break;
		if (!effect->write(run, effect, error))
			return FALSE;
	}
	g_array_remove_range(run->effects, 0, n);
	if (run->effects->len == 0)
		run->outs = run->imports = FALSE;
	return TRUE;
}

gboolean jr_keep_flush(JrKeepRun *run, GError **error)
{
	guint from = run->flushed, until = run->taken;

	if (!jr_roster_flush(run->roster, error))
		return FALSE;
	for (guint i = from; i < until; i++)
		if (run->whos[i])
			run->rows[i].person = run->whos[i]->person;
	memset(run->whos + from, 0, (until - from) * sizeof *run->whos);
	run->flushed = until;
	return jr_log_append(run->db, run->rows + from, until - from, error) &&
	       write_effects(run, error) && jr_roster_flush(run->roster, error);
}

/* What the log shall say of @rec. */
static JrLogRow row_of(const JrKeepRun *run, const JrIngestRec *rec)
{
	gint64 at_s = rec->at_ms / 1000;
	gboolean old =
		run->keep->backfill || run->now_s - at_s > run->keep->max_age_s;

	return (JrLogRow){
		.kind = ways[rec->action].kind,
		.flags = old ? JR_LOG_HISTORY : 0,
		.name = rec->name,
		.at_s = at_s,
		.received_s = run->now_s,
		.id = rec->id,
		.data = rec->data.text,
		.data_len = rec->data.len,
	};
}

/* Ask for all people of the batch at once, then for their attributes. */
static gboolean prefetch(JrKeepRun *run, GError **error)
{
	JrWho *who;

	jr_roster_believe(run->roster, run->keep->view);
	for (guint i = 0; i < run->n; i++) {
		const JrIngestRec *rec = jr_keep_rec(run, i);

		if (rec->who.kind)
			jr_roster_ask(run->roster, &rec->who, rec->found);
		if (rec->other.kind)
			jr_roster_ask(run->roster, &rec->other,
				      rec->other_found);
	}
	if (!jr_roster_fetch(run->roster, error))
		return FALSE;
	for (guint i = 0; i < run->n; i++) {
		const JrIngestRec *rec = jr_keep_rec(run, i);

		if (rec->action != JR_INGEST_IDENTIFY ||
		    rec->who.kind == JR_IDENTITY_PHONE)
			continue;
		if (!jr_roster_get(run->roster, &rec->who, &who, error))
			return FALSE;
		if (who)
			jr_roster_want(run->roster, who);
	}
	return jr_roster_load(run->roster, error);
}

static gboolean take(JrKeepRun *run, GError **error)
{
	JrIngestRec *rec = jr_keep_rec(run, run->taken);
	JrWho *who;

	if (run->rows[run->taken].fresh) {
		rec->kept = JR_KEPT_NEW;
		return (!ways[rec->action].alone ||
			jr_keep_flush(run, error)) &&
		       ways[rec->action].take(run, rec, error);
	}
	rec->kept = JR_KEPT_DUPLICATE;
	if (ways[rec->action].recall)
		return ways[rec->action].recall(run, rec, error);
	if (!ways[rec->action].makes || !rec->who.kind)
		return TRUE;
	/* Nothing of someone we must not know goes out, though known. */
	if (!jr_keep_who(run, rec, &who, error))
		return FALSE;
	if (!who)
		ignore(run, rec);
	return TRUE;
}

static gboolean append_extras(JrKeepRun *run, GError **error)
{
	JrLogRow *rows = (JrLogRow *)run->extras->data;
	guint n = run->extras->len;

	return n == 0 || (jr_log_admit(run->db, rows, n, error) &&
			  jr_log_append(run->db, rows, n, error));
}

/* The transaction. */
static gboolean keep_body(JrDb *db, gpointer data, GError **error)
{
	JrKeepRun *run = data;

	run->db = db;
	if (!jr_roster_begin(run->roster, db, run->arena, run->now_s, error) ||
	    !jr_suppress_any(db, JR_SUPPRESS_IDENTITY, &run->bars, error) ||
	    !jr_suppress_any(db, JR_SUPPRESS_NUMBER, &run->number_bars,
			     error) ||
	    !jr_log_admit(db, run->rows, run->n, error) ||
	    !prefetch(run, error))
		return FALSE;
	for (run->taken = 0; run->taken < run->n; run->taken++)
		if (!take(run, error))
			return FALSE;
	if (!jr_keep_flush(run, error) || !append_extras(run, error))
		return FALSE;
	jr_crash_point("ingest-written");
	return jr_log_last(db, &run->last, error) &&
	       jr_refusals_write(run->keep->refusals, error);
}

/* All but those that just pass. */
static void choose(JrKeepRun *run, GArray *recs)
{
	gsize most = recs->len;

	run->recs = jr_keep_take(run, most * sizeof *run->recs);
	run->rows = jr_keep_take(run, most * sizeof *run->rows);
	run->whos = jr_keep_take(run, most * sizeof *run->whos);
	for (guint i = 0; i < recs->len; i++) {
		JrIngestRec *rec = &g_array_index(recs, JrIngestRec, i);

		if (rec->action == JR_INGEST_PASS)
			continue;
		run->rows[run->n] = row_of(run, rec);
		run->recs[run->n++] = rec;
	}
}

static void count(const JrKeepRun *run)
{
	JrFlow *flow = run->keep->flow;
	gint64 n[JR_KEPT_IGNORED + 1] = { 0 };

	for (guint i = 0; i < run->n; i++)
		n[run->recs[i]->kept]++;
	jr_flow_count(flow, "accepted", n[JR_KEPT_NEW]);
	jr_flow_count(flow, "duplicate", n[JR_KEPT_DUPLICATE]);
	jr_flow_count(flow, "ignored", n[JR_KEPT_IGNORED]);
}

gboolean jr_keep_batch(JrKeep *keep, GArray *recs, JrArena *arena,
		       GError **error)
{
	JrKeepRun run = {
		.keep = keep,
		.roster = keep->roster,
		.arena = arena,
		.now_s = jr_flow_now(keep->flow),
	};
	gboolean ok;

	choose(&run, recs);
	if (run.n == 0)
		return jr_refusals_write(keep->refusals, error);
	run.effects = g_array_new(FALSE, FALSE, sizeof(JrEffect));
	run.extras = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	ok = jr_db_write(keep->flow->db, keep_body, &run, error);
	if (ok) {
		jr_roster_committed(keep->roster, run.last);
		count(&run);
	} else {
		jr_roster_forget(keep->roster);
	}
	g_array_unref(run.effects);
	g_array_unref(run.extras);
	return ok;
}
