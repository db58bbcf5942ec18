#include "flow/format/rec.h"

#include <string.h>

static const char *const actions[] = {
	[JR_INGEST_IDENTIFY] = "identify",
	[JR_INGEST_EVENT] = "event",
	[JR_INGEST_PAGE] = "page",
	[JR_INGEST_SCREEN] = "screen",
	[JR_INGEST_ADD_DEVICE] = "add_device",
	[JR_INGEST_DELETE_DEVICE] = "delete_device",
	[JR_INGEST_DELETE] = "delete",
	[JR_INGEST_SUPPRESS] = "suppress",
	[JR_INGEST_UNSUPPRESS] = "unsuppress",
	[JR_INGEST_MERGE] = "merge",
	[JR_INGEST_TRIGGER] = "trigger",
	[JR_INGEST_LIST] = "add_to_segment",
	[JR_INGEST_UNLIST] = "remove_from_segment",
};

const char *jr_ingest_action_name(JrIngestAction action)
{
	return action < G_N_ELEMENTS(actions) ? actions[action] : NULL;
}

JrIngestAction jr_ingest_action_of(const char *name)
{
	for (guint i = 1; name && i < G_N_ELEMENTS(actions); i++)
		if (g_str_equal(name, actions[i]))
			return i;
	return 0;
}

static void put_text(GString *out, const char *key, const char *text)
{
	if (!text)
		return;
	if (out->str[out->len - 1] != '{')
		g_string_append_c(out, ',');
	jr_val_write_text(key, strlen(key), out);
	g_string_append_c(out, ':');
	jr_val_write_text(text, strlen(text), out);
}

/* "key":true, or nothing. */
static void put_yes(GString *out, const char *key, gboolean yes)
{
	if (!yes)
		return;
	if (out->str[out->len - 1] != '{')
		g_string_append_c(out, ',');
	g_string_append_printf(out, "\"%s\":true", key);
}

static void put_num(GString *out, const char *key, gint64 num)
{
	g_string_append_printf(out, ",\"%s\":%" G_GINT64_FORMAT, key, num);
}

static void put_slice(GString *out, const char *key, JrSlice json)
{
	if (!json.text)
		return;
	g_string_append_printf(out, ",\"%s\":", key);
	g_string_append_len(out, json.text, (gssize)json.len);
}

static void put_identity(GString *out, const char *key, const JrIdentity *who)
{
	g_string_append_printf(out, ",\"%s\":{", key);
	put_text(out, jr_identity_name(who->kind), who->value);
	g_string_append_c(out, '}');
}

static void put_device(GString *out, const JrIngestDevice *device)
{
	g_string_append(out, ",\"device\":{");
	put_text(out, "token", device->token);
	put_text(out, "platform", device->platform);
	if (device->says_kind)
		put_text(out, "kind", device->kind);
	if (device->last_used_s)
		put_num(out, "last_used", device->last_used_s);
	put_slice(out, "attributes", device->attributes);
	g_string_append_c(out, '}');
}

static void write_person(const JrIngestRec *rec, GString *out)
{
	gboolean merge = rec->action == JR_INGEST_MERGE;
	gboolean lists = rec->action == JR_INGEST_LIST ||
			 rec->action == JR_INGEST_UNLIST;

	g_string_append(out, "{\"type\":\"person\"");
	put_identity(out, merge ? "primary" : "identifiers", &rec->who);
	if (merge)
		put_identity(out, "secondary", &rec->other);
	put_text(out, "action", jr_ingest_action_name(rec->action));
	put_text(out, "id", rec->id);
	put_text(out, lists ? "segment" : "name", rec->name);
	put_num(out, "timestamp", rec->at_ms / 1000);
	put_slice(out, "attributes", rec->data);
	if (rec->action == JR_INGEST_ADD_DEVICE ||
	    rec->action == JR_INGEST_DELETE_DEVICE)
		put_device(out, rec->device);
	g_string_append_c(out, '}');
}

/* As a reporting webhook has it; what that lacks stands under data.jr. */
static void begin_report(const JrIngestRec *rec, JrChannel channel,
			 const char *metric, GString *out)
{
	g_string_append_c(out, '{');
	put_text(out, "event_id", rec->id);
	put_text(out, "object_type", jr_channel_name(channel));
	put_text(out, "metric", metric);
	put_num(out, "timestamp", rec->at_ms / 1000);
	g_string_append(out, ",\"data\":{");
	if (rec->person_id) {
		g_string_append(out, "\"identifiers\":{");
		put_text(out, "id", rec->person_id);
		g_string_append_c(out, '}');
	}
	put_text(out, "delivery_id", rec->message_id);
}

static void write_metric(const JrIngestRec *rec, GString *out)
{
	const JrIngestMetric *metric = rec->metric;

	begin_report(rec, metric->channel ? metric->channel : rec->channel,
		     jr_metric_name(metric->metric), out);
	if (!rec->message_id)
		put_text(out, "delivery_id", metric->message);
	put_text(out, "recipient", metric->number);
	put_text(out, "href", metric->href);
	put_yes(out, "machine", metric->bot);
	put_text(out, "failure_message", metric->reason);
	g_string_append(out, out->str[out->len - 1] == '{' ? "\"jr\":{"
							   : ",\"jr\":{");
	put_text(out, "provider", metric->provider);
	put_text(out, "provider_message_id", metric->provider_id);
	put_text(out, "reason_code", metric->code);
	put_text(out, "link", metric->link);
	put_text(out, "user_agent", metric->agent);
	put_text(out, "ip", metric->address);
	g_string_append(out, "}}}");
}

static void write_inbound(const JrIngestRec *rec, GString *out)
{
	const JrIngestInbound *said = rec->inbound;
	gboolean stop = g_strcmp0(rec->word, "stop") == 0;

	begin_report(rec, said->channel, stop ? "unsubscribed" : "replied",
		     out);
	put_text(out, "inbound_event_id", said->provider_id);
	put_text(out, "recipient", said->from);
	put_text(out, "to", said->to);
	g_string_append(out, ",\"jr\":{");
	put_text(out, "provider", said->provider);
	put_text(out, "word", rec->word);
	g_string_append(out, "}}}");
}

void jr_ingest_rec_write(const JrIngestRec *rec, GString *out)
{
	if (rec->own)
		g_string_append_len(out, rec->raw.text, (gssize)rec->raw.len);
	else if (rec->action == JR_INGEST_METRIC)
		write_metric(rec, out);
	else if (rec->action == JR_INGEST_INBOUND)
		write_inbound(rec, out);
	else
		write_person(rec, out);
}
