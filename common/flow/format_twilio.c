/*
 * What Twilio's webhooks say: statuses of messages, and replies.
 *
 * Sources: twilio.com/docs/messaging/guides (status callbacks, incoming
 * messages), /usage/security (signatures).  Fields come and go without
 * notice; those not known are left alone.
 */
#include "flow/format_webhook.h"

#include <string.h>

#define SOURCE "twilio"

/* Statuses that are news; the others are steps on the way. */
static const struct {
	const char *status;
	JrMetric metric;
} news[] = {
	{ "sent", JR_METRIC_SENT },
	{ "delivered", JR_METRIC_DELIVERED },
	{ "read", JR_METRIC_OPENED },
	{ "undelivered", JR_METRIC_BOUNCED },
	{ "failed", JR_METRIC_FAILED },
	{ "canceled", JR_METRIC_FAILED },
	{ "accepted", 0 },
	{ "scheduled", 0 },
	{ "queued", 0 },
	{ "sending", 0 },
	{ "partially_delivered", 0 },
};

static gboolean is_twilio(const JrVal *val)
{
	return jr_webhook_is(val, SOURCE);
}

/* The first of two fields that is there: names changed over time. */
static const char *either(const JrVal *fields, const char *one,
			  const char *other)
{
	const char *text = jr_val_get_text(fields, one);

	return text ? text : jr_val_get_text(fields, other);
}

static const char *keep(JrFormatLine *line, const char *text)
{
	return text && *text ? jr_line_keep(line, text, strlen(text)) : NULL;
}

static gboolean read_status(JrFormatLine *line, const JrWebhook *hook,
			    const char *sid, const char *status)
{
	guint i = 0;
	JrIngestMetric *metric;
	JrIngestRec *rec;

	while (i < G_N_ELEMENTS(news) && !g_str_equal(status, news[i].status))
		i++;
	if (i == G_N_ELEMENTS(news))
		return jr_line_refuse(line, "body.MessageStatus",
				      "no status that is known");
	if (!news[i].metric) {
		jr_line_add(line, JR_INGEST_PASS)->own = TRUE;
		return TRUE;
	}
	metric = jr_line_new_metric(line);
	metric->metric = news[i].metric;
	metric->message = jr_webhook_query(line, hook, "jr_id");
	metric->provider = SOURCE;
	metric->provider_id = keep(line, sid);
	metric->code = keep(line, jr_val_get_text(hook->fields, "ErrorCode"));
	metric->reason =
		keep(line, jr_val_get_text(hook->fields, "ErrorMessage"));
	if (!jr_webhook_number(line, "body.To",
			       jr_val_get_text(hook->fields, "To"),
			       &metric->number, &metric->channel))
		return FALSE;
	metric->opted_out = jr_line_opts_out(line->setup->twilio, metric->code);
	rec = jr_webhook_add(line, JR_INGEST_METRIC);
	if (!rec)
		return FALSE;
	rec->metric = metric;
	rec->id = jr_line_printf(line, SOURCE ":%s:%s", sid, status);
	return TRUE;
}

static gboolean read_inbound(JrFormatLine *line, const JrWebhook *hook,
			     const char *sid)
{
	const JrVal *fields = hook->fields;
	const char *body = jr_val_get_text(fields, "Body");
	JrIngestInbound *inbound = jr_arena_take(line->arena, sizeof *inbound);
	JrIngestRec *rec;

	g_assert(inbound);
	*inbound = (JrIngestInbound){
		.provider = SOURCE,
		.provider_id = keep(line, sid),
		.text = body ? jr_line_keep(line, body, strlen(body)) : "",
		.to = keep(line, jr_val_get_text(fields, "To")),
		.word = keep(line, jr_val_get_text(fields, "OptOutType")),
	};
	if (!jr_webhook_number(line, "body.From",
			       jr_val_get_text(fields, "From"), &inbound->from,
			       &inbound->channel))
		return FALSE;
	rec = jr_webhook_add(line, JR_INGEST_INBOUND);
	if (!rec)
		return FALSE;
	rec->inbound = inbound;
	rec->id = jr_line_printf(line, SOURCE ":%s:received", sid);
	return TRUE;
}

static gboolean read_twilio(JrFormatLine *line)
{
	JrWebhook hook;
	const char *sid, *status;

	if (!jr_webhook_read(line, &hook))
		return FALSE;
	sid = either(hook.fields, "MessageSid", "SmsSid");
	status = either(hook.fields, "MessageStatus", "SmsStatus");
	if (!sid || !*sid || strlen(sid) > 100)
		return jr_line_refuse(line, "body.MessageSid",
				      "missing: this is no call about a "
				      "message");
	/* A reply need not say its status; a status always does. */
	if (!status || g_str_equal(status, "received") ||
	    g_str_equal(status, "receiving"))
		return read_inbound(line, &hook, sid);
	return read_status(line, &hook, sid, status);
}

const JrFormat jr_format_twilio = { "twilio", is_twilio, read_twilio };
