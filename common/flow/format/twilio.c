/*
 * What Twilio's webhooks say: statuses of messages, and replies.
 *
 * Sources: twilio.com/docs/messaging/guides (status callbacks, incoming
 * messages), /usage/security (signatures).  Fields come and go without
 * notice; those not known are left alone.
 */
#include "flow/format/webhook.h"
#include "net/providers.h"
#include "rules/agent.h"

#include <string.h>

#define SOURCE "twilio"

static gboolean is_twilio(const JrVal *val)
{
	return jr_webhook_is(val, SOURCE);
}

/* Names changed over time, and differ between kinds of calls. */
static const char *const sids[] = { "MessageSid", "SmsSid", "message_sid",
				    "sms_sid", NULL };
static const char *const statuses[] = { "MessageStatus", "SmsStatus", NULL };
static const char *const codes[] = { "ErrorCode", NULL };
static const char *const reasons[] = { "ErrorMessage", NULL };

static gboolean read_status(JrFormatLine *line, const JrWebhook *hook,
			    const char *sid, const char *status)
{
	JrIngestMetric *metric;
	JrIngestRec *rec;
	JrMetric said;

	if (!jr_twilio_status(status, &said))
		return jr_line_refuse(line, "body.MessageStatus",
				      "no status that is known");
	if (!said) {
		jr_line_add(line, JR_INGEST_PASS)->own = TRUE;
		return TRUE;
	}
	metric = jr_line_new_metric(line);
	metric->metric = said;
	metric->message = jr_webhook_query(line, hook, "jr_id");
	metric->provider = SOURCE;
	metric->provider_id = sid;
	metric->code = jr_webhook_text(line, hook->fields, codes);
	metric->reason = jr_webhook_text(line, hook->fields, reasons);
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
	static const char *const ours[] = { "To", NULL };
	static const char *const words[] = { "OptOutType", NULL };
	const JrVal *fields = hook->fields;
	const char *body = jr_val_get_text(fields, "Body");
	JrIngestInbound *inbound = jr_arena_take(line->arena, sizeof *inbound);
	JrIngestRec *rec;

	g_assert(inbound);
	*inbound = (JrIngestInbound){
		.provider = SOURCE,
		.provider_id = sid,
		.text = body ? jr_line_keep(line, body, strlen(body)) : "",
		.to = jr_webhook_text(line, fields, ours),
		.word = jr_webhook_text(line, fields, words),
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

/*
 * A click on a link that Twilio made short.  @fields: of the domain's callback,
 * or the data of an event, whose own id is @event.
 */
static gboolean read_click(JrFormatLine *line, const JrVal *fields,
			   const char *event)
{
	static const char *const links[] = { "link", NULL };
	static const char *const agents[] = { "user_agent", NULL };
	const JrVal *at = jr_val_get(fields, "click_time");
	const char *sid = jr_webhook_text(line, fields, sids);
	JrIngestMetric *metric = jr_line_new_metric(line);
	JrIngestRec *rec;

	if (!sid)
		return jr_line_refuse(line, "body.sms_sid",
				      "missing: of which message was it?");
	metric->metric = JR_METRIC_CLICKED;
	metric->provider = SOURCE;
	metric->provider_id = sid;
	metric->channel = JR_CHANNEL_SMS;
	metric->href = jr_webhook_text(line, fields, links);
	metric->agent = jr_webhook_text(line, fields, agents);
	metric->bot = jr_agent_is_machine(metric->agent);
	rec = jr_webhook_add(line, JR_INGEST_METRIC);
	if (!rec)
		return FALSE;
	rec->metric = metric;
	rec->id = event ? jr_line_printf(line, SOURCE ":%s", event) : NULL;
	return jr_line_at(line, rec, "body.click_time", at);
}

/* {"specversion":…,"type":"com.twilio.…","id":…,"data":{…}}: CloudEvents of
 * Twilio's Event Streams, which come as a list. */
static gboolean read_event(JrFormatLine *line, const JrVal *event)
{
	static const char *const ids[] = { "id", NULL };
	const char *type = jr_val_get_text(event, "type");

	if (!type || !g_str_has_suffix(type, ".link-shortening.link-clicked"))
		return jr_line_refuse(line, "body.type",
				      "no event that is known: only links "
				      "that were clicked");
	return read_click(line, jr_val_get(event, "data"),
			  jr_webhook_text(line, event, ids));
}

static gboolean read_events(JrFormatLine *line, const JrVal *list)
{
	for (guint32 i = 0; i < list->len; i++)
		if (!read_event(line, &list->items[i]))
			return FALSE;
	return TRUE;
}

static gboolean is_click(const JrVal *fields)
{
	return g_strcmp0(jr_val_get_text(fields, "event_type"), "click") == 0 ||
	       jr_val_get_text(fields, "click_time");
}

static gboolean read_twilio(JrFormatLine *line)
{
	JrWebhook hook;
	const char *sid, *status;

	if (!jr_webhook_read(line, SOURCE, &hook))
		return FALSE;
	if (hook.fields->type == JR_VAL_LIST)
		return read_events(line, hook.fields);
	if (jr_val_get_text(hook.fields, "specversion"))
		return read_event(line, hook.fields);
	if (is_click(hook.fields))
		return read_click(line, hook.fields, NULL);
	sid = jr_webhook_text(line, hook.fields, sids);
	status = jr_webhook_text(line, hook.fields, statuses);
	if (!sid || strlen(sid) > 100)
		return jr_line_refuse(line, "body.MessageSid",
				      "missing: this is no call about a "
				      "message");
	/* A reply need not say its status; a status always does. */
	if (!status || g_str_equal(status, "received") ||
	    g_str_equal(status, "receiving"))
		return read_inbound(line, &hook, sid);
	return read_status(line, &hook, sid, status);
}

const JrFormat jr_format_twilio = { .name = SOURCE,
				    .is = is_twilio,
				    .read = read_twilio };
