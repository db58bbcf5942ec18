/*
 * What MessageBird's webhooks say.  A status report is a GET whose URL says
 * all; a text that came in is a form or a JSON object.
 *
 * Source: MessageBird's published description of its SMS API: status reports
 * (id, reference, recipient, status, statusErrorCode) and inbound messages
 * (id, originator, recipient, body).  `reference` is what the sender chose: our
 * message's id.
 */
#include "flow/format/webhook.h"

#include <string.h>

#define SOURCE "messagebird"

static const struct {
	const char *status;
	JrMetric metric;
} news[] = {
	{ "sent", JR_METRIC_SENT },
	{ "delivered", JR_METRIC_DELIVERED },
	{ "delivery_failed", JR_METRIC_BOUNCED },
	{ "expired", JR_METRIC_BOUNCED },
	{ "scheduled", 0 },
	{ "buffered", 0 },
};

static const char *const ids[] = { "id", "message_id", NULL };
static const char *const theirs[] = { "originator", "sender", NULL };
static const char *const recipients[] = { "recipient", "receiver", NULL };
static const char *const texts[] = { "body", "message", NULL };
static const char *const references[] = { "reference", NULL };
static const char *const codes[] = { "statusErrorCode", NULL };
static const char *const reasons[] = { "statusReason", NULL };

static gboolean is_messagebird(const JrVal *val)
{
	return jr_webhook_is(val, SOURCE);
}

static JrIngestRec *begin(JrFormatLine *line, JrIngestAction action,
			  const JrVal *at, const char *id)
{
	JrIngestRec *rec = jr_webhook_add(line, action);

	if (!rec || !jr_line_at(line, rec, "body.statusDatetime", at))
		return NULL;
	rec->id = id;
	return rec;
}

static gboolean read_status(JrFormatLine *line, const JrVal *fields,
			    const char *id)
{
	const char *status = jr_val_get_text(fields, "status");
	JrIngestMetric *metric = jr_line_new_metric(line);
	JrIngestRec *rec;
	guint i = 0;

	while (i < G_N_ELEMENTS(news) && !g_str_equal(status, news[i].status))
		i++;
	if (i == G_N_ELEMENTS(news))
		return jr_line_refuse(line, "body.status",
				      "no status that is known");
	if (!news[i].metric) {
		jr_line_add(line, JR_INGEST_PASS)->own = TRUE;
		return TRUE;
	}
	metric->metric = news[i].metric;
	metric->message = jr_webhook_text(line, fields, references);
	metric->provider = SOURCE;
	metric->provider_id = id;
	metric->code = jr_webhook_text(line, fields, codes);
	metric->reason = jr_webhook_text(line, fields, reasons);
	if (g_strcmp0(metric->code, "0") == 0)
		metric->code = NULL;
	metric->opted_out =
		jr_line_opts_out(line->setup->messagebird, metric->code);
	if (!jr_webhook_number(line, "body.recipient",
			       jr_webhook_text(line, fields, recipients),
			       &metric->number, &metric->channel))
		return FALSE;
	rec = begin(line, JR_INGEST_METRIC,
		    jr_val_get(fields, "statusDatetime"),
		    jr_line_printf(line, SOURCE ":%s:%s", id, status));
	if (!rec)
		return FALSE;
	rec->metric = metric;
	return TRUE;
}

static gboolean read_inbound(JrFormatLine *line, const JrVal *fields,
			     const char *id)
{
	const char *text = jr_webhook_text(line, fields, texts);
	JrIngestInbound *inbound = jr_arena_take(line->arena, sizeof *inbound);
	JrIngestRec *rec;

	g_assert(inbound);
	*inbound = (JrIngestInbound){
		.provider = SOURCE,
		.provider_id = id,
		.text = text ? text : "",
		.to = jr_webhook_text(line, fields, recipients),
	};
	if (!jr_webhook_number(line, "body.originator",
			       jr_webhook_text(line, fields, theirs),
			       &inbound->from, &inbound->channel))
		return FALSE;
	rec = begin(line, JR_INGEST_INBOUND,
		    jr_val_get(fields, "createdDatetime"),
		    jr_line_printf(line, SOURCE ":%s:received", id));
	if (!rec)
		return FALSE;
	rec->inbound = inbound;
	return TRUE;
}

static gboolean read_messagebird(JrFormatLine *line)
{
	JrWebhook hook;
	const char *id;

	if (!jr_webhook_read(line, SOURCE, &hook))
		return FALSE;
	id = jr_webhook_text(line, hook.fields, ids);
	if (!id || strlen(id) > 100)
		return jr_line_refuse(line, "body.id",
				      "missing: this is no call about a "
				      "message");
	return jr_val_get_text(hook.fields, "status")
		       ? read_status(line, hook.fields, id)
		       : read_inbound(line, hook.fields, id);
}

const JrFormat jr_format_messagebird = { .name = SOURCE,
					 .is = is_messagebird,
					 .read = read_messagebird };
