/*
 * What Telnyx's webhooks say: {"data":{"event_type":"message.finalized",
 * "id":…,"occurred_at":…,"payload":{…}}}, in an envelope or alone.
 *
 * Source: the published description of Telnyx's messaging webhooks.  An event's
 * id is the same in each repetition.
 */
#include "flow/format/webhook.h"

#include <string.h>

#define SOURCE "telnyx"
#define MICROS 1e6

/* Statuses of a recipient that are news. */
static const struct {
	const char *status;
	JrMetric metric;
} news[] = {
	{ "sent", JR_METRIC_SENT },
	{ "delivered", JR_METRIC_DELIVERED },
	{ "sending_failed", JR_METRIC_FAILED },
	{ "delivery_failed", JR_METRIC_BOUNCED },
	{ "expired", JR_METRIC_BOUNCED },
	{ "queued", 0 },
	{ "sending", 0 },
	{ "delivery_unconfirmed", 0 },
};

/* What Telnyx took a word for, in jr's words. */
static const struct {
	const char *theirs, *word;
} words[] = {
	{ "STOP", "STOP" },    { "OPT_OUT", "STOP" }, { "START", "START" },
	{ "OPT_IN", "START" }, { "HELP", "HELP" },
};

static const char *const ids[] = { "id", NULL };
static const char *const numbers[] = { "phone_number", NULL };

static gboolean is_event(const JrVal *val)
{
	const JrVal *data = jr_val_get(val, "data");
	const char *type = jr_val_get_text(data, "event_type");

	return type && g_str_has_prefix(type, "message.") &&
	       jr_val_get(data, "payload");
}

static gboolean is_telnyx(const JrVal *val)
{
	return jr_webhook_is(val, SOURCE) || is_event(val);
}

/* A record of @data, dated and named by it. */
static JrIngestRec *begin(JrFormatLine *line, const JrVal *data,
			  JrIngestAction action)
{
	const char *id = jr_webhook_text(line, data, ids);
	JrIngestRec *rec = jr_webhook_add(line, action);

	if (!rec)
		return NULL;
	rec->id = id ? jr_line_printf(line, SOURCE ":%s", id) : NULL;
	return jr_line_at(line, rec, "body.data.occurred_at",
			  jr_val_get(data, "occurred_at"))
		       ? rec
		       : NULL;
}

/* The first of the list at @key; NULL: none. */
static const JrVal *first_of(const JrVal *map, const char *key)
{
	const JrVal *list = jr_val_get(map, key);

	return list && list->type == JR_VAL_LIST && list->len > 0
		       ? &list->items[0]
		       : NULL;
}

/* 40300 has other meanings, too: only a STOP opts out. */
static gboolean says_stop(const JrVal *error, const char *code)
{
	const char *title = jr_val_get_text(error, "title");
	const char *detail = jr_val_get_text(error, "detail");

	return g_strcmp0(code, "40300") == 0 &&
	       ((title && strstr(title, "STOP")) ||
		(detail && strstr(detail, "STOP")));
}

static void read_error(JrFormatLine *line, const JrVal *payload,
		       JrIngestMetric *metric)
{
	static const char *const codes[] = { "code", NULL };
	static const char *const titles[] = { "title", "detail", NULL };
	const JrVal *error = first_of(payload, "errors");

	metric->code = jr_webhook_text(line, error, codes);
	metric->reason = jr_webhook_text(line, error, titles);
	if (says_stop(error, metric->code))
		metric->code = "40300-stop"; /* as jr-providers(5) has it */
	metric->opted_out = jr_line_opts_out(line->setup->telnyx, metric->code);
}

/* {"amount":"0.0051","currency":"USD"} and parts. */
static void read_price(JrFormatLine *line, const JrVal *payload,
		       JrIngestMetric *metric)
{
	static const char *const currencies[] = { "currency", NULL };
	const JrVal *cost = jr_val_get(payload, "cost");
	const JrVal *parts = jr_val_get(payload, "parts");
	const char *amount = jr_val_get_text(cost, "amount");
	double units = amount ? g_ascii_strtod(amount, NULL) : -1;

	if (units >= 0 && units < MICROS) {
		metric->cost_micros = (gint64)(units * MICROS + 0.5);
		metric->currency = jr_webhook_text(line, cost, currencies);
	}
	if (parts && parts->type == JR_VAL_INT && parts->num > 0 &&
	    parts->num <= 100)
		metric->segments = parts->num;
}

static gboolean read_status(JrFormatLine *line, const JrWebhook *hook,
			    const JrVal *data)
{
	const JrVal *payload = jr_val_get(data, "payload");
	const JrVal *to = first_of(payload, "to");
	const char *status = jr_val_get_text(to, "status");
	JrIngestMetric *metric;
	JrIngestRec *rec;
	guint i = 0;

	while (status && i < G_N_ELEMENTS(news) &&
	       !g_str_equal(status, news[i].status))
		i++;
	if (!status || i == G_N_ELEMENTS(news))
		return jr_line_refuse(line, "body.data.payload.to",
				      "no status that is known");
	if (!news[i].metric) {
		jr_line_add(line, JR_INGEST_PASS)->own = TRUE;
		return TRUE;
	}
	metric = jr_line_new_metric(line);
	metric->metric = news[i].metric;
	metric->message = jr_webhook_query(line, hook, "jr_id");
	metric->provider = SOURCE;
	metric->provider_id = jr_webhook_text(line, payload, ids);
	if (!metric->provider_id)
		return jr_line_refuse(line, "body.data.payload.id", "missing");
	if (!jr_webhook_number(line, "body.data.payload.to",
			       jr_webhook_text(line, to, numbers),
			       &metric->number, &metric->channel))
		return FALSE;
	read_error(line, payload, metric);
	read_price(line, payload, metric);
	rec = begin(line, data, JR_INGEST_METRIC);
	if (!rec)
		return FALSE;
	rec->metric = metric;
	return TRUE;
}

static const char *word_of(const JrVal *payload)
{
	const char *theirs = jr_val_get_text(payload, "autoresponse_type");

	for (guint i = 0; theirs && i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(theirs, words[i].theirs) == 0)
			return words[i].word;
	return NULL;
}

static gboolean read_inbound(JrFormatLine *line, const JrVal *data)
{
	const JrVal *payload = jr_val_get(data, "payload");
	const char *text = jr_val_get_text(payload, "text");
	JrIngestInbound *inbound = jr_arena_take(line->arena, sizeof *inbound);
	JrIngestRec *rec;

	g_assert(inbound);
	*inbound = (JrIngestInbound){
		.provider = SOURCE,
		.provider_id = jr_webhook_text(line, payload, ids),
		.text = text ? jr_line_keep(line, text, strlen(text)) : "",
		.to = jr_webhook_text(line, first_of(payload, "to"), numbers),
		.word = word_of(payload),
	};
	if (!jr_webhook_number(
		    line, "body.data.payload.from",
		    jr_webhook_text(line, jr_val_get(payload, "from"), numbers),
		    &inbound->from, &inbound->channel))
		return FALSE;
	rec = begin(line, data, JR_INGEST_INBOUND);
	if (!rec)
		return FALSE;
	rec->inbound = inbound;
	return TRUE;
}

static gboolean read_telnyx(JrFormatLine *line)
{
	const JrVal *data;
	const char *type;
	JrWebhook hook;

	if (is_event(line->val) ? !jr_webhook_bare(line, SOURCE, &hook)
				: !jr_webhook_read(line, SOURCE, &hook))
		return FALSE;
	data = jr_val_get(hook.fields, "data");
	type = jr_val_get_text(data, "event_type");
	if (g_strcmp0(type, "message.received") == 0)
		return read_inbound(line, data);
	if (g_strcmp0(type, "message.sent") == 0 ||
	    g_strcmp0(type, "message.finalized") == 0)
		return read_status(line, &hook, data);
	return jr_line_refuse(line, "body.data.event_type",
			      "no event that is known: message.sent, "
			      "message.finalized or message.received");
}

const JrFormat jr_format_telnyx = { .name = SOURCE,
				    .is = is_telnyx,
				    .read = read_telnyx };
