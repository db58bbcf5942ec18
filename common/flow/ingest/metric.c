/* What became of a message. */
#include "flow/ingest/keep_impl.h"
#include "store/messages.h"
#include "store/receipts.h"

#include <string.h>

/* {"message":…,"…":…}: what the log says of it; no number, no text. */
static void put_text(GString *json, const char *key, const char *text)
{
	if (!text)
		return;
	g_string_append_c(json, json->len ? ',' : '{');
	jr_val_write_text(key, strlen(key), json);
	g_string_append_c(json, ':');
	jr_val_write_text(text, strlen(text), json);
}

static void set_data(JrKeepRun *run, GString *json)
{
	JrLogRow *row = &run->rows[run->taken];

	g_string_append(json, json->len ? "}" : "{}");
	row->data = jr_keep_text(run, json->str, (gssize)json->len);
	row->data_len = json->len;
}

/* Whose message the short link @token was in; *@id NULL: nobody's. */
static gboolean find_link(JrKeepRun *run, const char *token, const char **id,
			  GError **error)
{
	JrLink link;
	gboolean found;

	if (!jr_link_get(run->db, token, run->arena, &link, &found, error))
		return FALSE;
	*id = found ? link.message : NULL;
	return TRUE;
}

/* The message that @said is about, by our name for it, by its link, or by the
 * provider's name; *@found is FALSE when it is none that we know. */
static gboolean find_message(JrKeepRun *run, const JrIngestMetric *said,
			     JrMessage *message, gboolean *found,
			     GError **error)
{
	const char *id = said->message;
	char *ours = NULL;

	*found = FALSE;
	if (!id && said->link && !find_link(run, said->link, &id, error))
		return FALSE;
	if (id &&
	    !jr_message_get(run->db, id, run->arena, message, found, error))
		return FALSE;
	if (*found || !said->provider_id)
		return TRUE;
	return jr_message_by_provider(run->db, said->provider,
				      said->provider_id, run->arena, &ours,
				      error) &&
	       (!ours || jr_message_get(run->db, ours, run->arena, message,
					found, error));
}

static gboolean write_receipt(JrKeepRun *run, const JrEffect *effect,
			      GError **error)
{
	JrReceipt receipt = *(const JrReceipt *)effect->data;
	gboolean fresh;

	receipt.seq = run->rows[effect->rec].seq;
	return jr_receipt_add(run->db, &receipt, &fresh, error);
}

/* A click of a preview is kept, and is no click. */
static gboolean write_click(JrKeepRun *run, const JrEffect *effect,
			    GError **error)
{
	const JrIngestMetric *said = run->recs[effect->rec]->metric;
	const JrClick click = {
		.token = said->link,
		.at_s = run->rows[effect->rec].at_s,
		.agent = said->agent,
		.bot = said->bot,
		.seq = run->rows[effect->rec].seq,
	};
	gboolean first;
	char *message;

	return jr_click_add(run->db, &click, run->arena, &message, &first,
			    error);
}

/* The provider says that this number said STOP to it. */
static gboolean write_opt_out(JrKeepRun *run, const JrEffect *effect,
			      GError **error)
{
	const JrIngestMetric *said = run->recs[effect->rec]->metric;
	const JrLogRow *row = &run->rows[effect->rec];
	g_autoptr(GString) evidence = g_string_new(NULL);
	JrConsent consent = {
		.person = row->person,
		.number = effect->data,
		.channel = said->channel ? said->channel : JR_CHANNEL_SMS,
		.at_s = row->at_s,
		.recorded_s = run->now_s,
		.source = said->provider,
		.method = jr_consent_method_name(JR_CONSENT_PROVIDER),
		.log_seq = row->seq,
	};

	put_text(evidence, "provider", said->provider);
	put_text(evidence, "message", said->provider_id);
	put_text(evidence, "code", said->code);
	g_string_append(evidence, evidence->len ? "}" : "{}");
	consent.evidence = evidence->str;
	return jr_keep_consent(run, effect->rec, &consent, error);
}

static void describe(JrKeepRun *run, const JrIngestMetric *said,
		     const char *message)
{
	g_autoptr(GString) json = g_string_new(NULL);

	put_text(json, "message", message ? message : said->message);
	put_text(json, "channel", jr_channel_name(said->channel));
	put_text(json, "provider", said->provider);
	put_text(json, "provider_message_id", said->provider_id);
	put_text(json, "code", said->code);
	put_text(json, "href", said->href);
	put_text(json, "machine", said->bot ? "yes" : NULL);
	put_text(json, "ip", said->address);
	set_data(run, json);
}

/* The receipt of @message, to be written. */
static gboolean add_receipt(JrKeepRun *run, const JrIngestMetric *said,
			    const JrMessage *message, GError **error)
{
	JrReceipt *kept = jr_keep_take(run, sizeof *kept);

	*kept = (JrReceipt){
		.message = message->id,
		.metric = said->metric,
		.at_s = run->rows[run->taken].at_s,
		.code = said->code,
		.reason = said->reason,
		.cost_micros = said->cost_micros,
		.currency = said->currency,
		.segments = said->segments,
		.provider_id = said->provider_id,
	};
	jr_keep_effect(run, write_receipt, kept);
	return jr_keep_find_device(run, message->person, said->token,
				   &kept->device, error);
}

/*
 * What another system sent stands among the messages, as it says, so that
 * reports compare, caps hold and replies find it; it is none of ours to send.
 */
static gboolean write_elsewhere(JrKeepRun *run, const JrEffect *effect,
				GError **error)
{
	const JrIngestMetric *said = run->recs[effect->rec]->metric;
	const JrLogRow *row = &run->rows[effect->rec];
	const JrMessage message = {
		.id = said->message,
		.workflow = said->report->workflow,
		.step = said->report->step,
		.person = row->person,
		.channel = said->channel,
		.purpose = said->report->purpose,
		.due_s = row->at_s,
		.address = said->number,
		.content = said->report->content,
		.provider = "elsewhere",
	};
	gboolean fresh;

	return jr_message_import(run->db, &message, &fresh, error) &&
	       write_receipt(run, effect, error);
}

static void ignore(JrKeepRun *run, JrIngestRec *rec)
{
	rec->kept = JR_KEPT_IGNORED;
	run->rows[run->taken].fresh = FALSE;
}

/* A report of a message that we do not know. */
static gboolean take_elsewhere(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	const JrIngestMetric *said = rec->metric;
	JrReceipt *receipt;
	JrWho *who;

	if (!rec->who.kind)
		return TRUE;
	if (!jr_keep_who(run, rec, &who, error))
		return FALSE;
	if (!who) {
		ignore(run, rec);
		return TRUE;
	}
	if (!said->channel || !said->report || said->bot)
		return TRUE;
	receipt = jr_keep_take(run, sizeof *receipt);
	*receipt = (JrReceipt){
		.message = said->message,
		.metric = said->metric,
		.at_s = run->rows[run->taken].at_s,
		.reason = said->reason,
		.cost_micros = -1,
		.segments = -1,
	};
	jr_keep_effect(run, write_elsewhere, receipt);
	run->imports = TRUE;
	return TRUE;
}

/* Who unsubscribes from a message wants none by any channel. */
static void unsubscribe(JrKeepRun *run)
{
	for (JrChannel i = 1; i <= JR_CHANNEL_LAST; i++) {
		g_autofree char *topic =
			g_strconcat("channel:", jr_channel_name(i), NULL);

		jr_keep_wish(run, jr_keep_text(run, topic, -1), FALSE);
	}
}

/* A no that came with what became of @message; its id is NULL: unknown. */
static void take_out(JrKeepRun *run, const JrIngestRec *rec,
		     const JrMessage *message)
{
	const JrIngestMetric *said = rec->metric;
	gboolean texts = !message->id || message->channel == JR_CHANNEL_SMS ||
			 message->channel == JR_CHANNEL_WHATSAPP;
	const char *number =
		texts && message->address ? message->address : said->number;
	gboolean out = said->opted_out;

	/* Of what a report says of its person there is a record beside. */
	if (said->metric == JR_METRIC_UNSUBSCRIBED && !said->report) {
		if (message->person)
			unsubscribe(run);
		else
			jr_keep_refuse(run, rec, "path",
				       "no message is known by this id: "
				       "nobody was unsubscribed");
		out |= texts && message->id;
	}
	if (!out || !number)
		return;
	jr_keep_effect(run, write_opt_out, number);
	run->outs = TRUE;
}

gboolean jr_keep_metric(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	const JrIngestMetric *said = rec->metric;
	JrLogRow *row = &run->rows[run->taken];
	JrMessage message = { 0 };
	gboolean found;

	if (!find_message(run, said, &message, &found, error))
		return FALSE;
	/* It may have come with this batch. */
	if (!found && !said->report && run->imports &&
	    (!jr_keep_flush(run, error) ||
	     !find_message(run, said, &message, &found, error)))
		return FALSE;
	if (said->only_known && !found) {
		ignore(run, rec);
		return TRUE;
	}
	row->name = said->bot ? "previewed" : jr_metric_name(said->metric);
	row->person = message.person;
	rec->message_id = message.id;
	rec->channel = message.channel;
	describe(run, said, message.id);
	if (said->link)
		jr_keep_effect(run, write_click, NULL);
	if (!found && !take_elsewhere(run, rec, error))
		return FALSE;
	if (found && !said->link && !said->bot &&
	    !add_receipt(run, said, &message, error))
		return FALSE;
	take_out(run, rec, &message);
	jr_keep_feedback(run, rec);
	return TRUE;
}

gboolean jr_keep_recall_metric(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	JrMessage message = { 0 };
	gboolean found;

	if (!find_message(run, rec->metric, &message, &found, error))
		return FALSE;
	if (rec->metric->only_known && !found)
		ignore(run, rec);
	rec->message_id = message.id;
	rec->channel = message.channel;
	return TRUE;
}
