/*
 * Reporting webhooks of Customer.io: what became of messages that it sent, and
 * of the people it sent them to.  jr's own delivery records have this shape,
 * too.
 *
 * Source: the published schema of the reporting webhooks: event_id,
 * object_type, metric, timestamp, data.  Of one event_id only one metric of one
 * object is the same record.
 */
#include "flow/format/format.h"
#include "io/json.h"

#include <string.h>

/* What a report may be about; those without a channel are only logged. */
static const struct {
	const char *type;
	JrChannel channel;
} objects[] = {
	{ "sms", JR_CHANNEL_SMS },
	{ "push", JR_CHANNEL_PUSH },
	{ "email", JR_CHANNEL_EMAIL },
	{ "whatsapp", JR_CHANNEL_WHATSAPP },
	{ "customer", 0 },
	{ "in_app", 0 },
	{ "inbox", 0 },
	{ "webhook", 0 },
	{ "slack", 0 },
	{ "line", 0 },
};

#define RECIPIENTS_MAX 1000 /* devices of one person */

/* What of a report is about the person, and not about a message. */
#define PREFERENCES "cio_subscription_preferences"
#define CHANGED PREFERENCES "_changed"

static gboolean is_report(const JrVal *val)
{
	const JrVal *data = jr_val_get(val, "data");

	return jr_val_get_text(val, "object_type") &&
	       jr_val_get_text(val, "metric") && data &&
	       data->type == JR_VAL_MAP;
}

static gboolean find_object(JrFormatLine *line, JrChannel *channel)
{
	const char *type = jr_val_get_text(line->val, "object_type");

	for (guint i = 0; type && i < G_N_ELEMENTS(objects); i++)
		if (g_str_equal(type, objects[i].type)) {
			*channel = objects[i].channel;
			return TRUE;
		}
	return jr_line_refuse(line, "object_type",
			      "nothing that is reported on: write sms, push, "
			      "email, customer …");
}

/* Whom @data names: an id before an address. */
static gboolean read_who(JrFormatLine *line, const JrVal *data, JrIdentity *who)
{
	const JrVal *all = jr_val_get(data, "identifiers");
	const struct {
		const char *field;
		const JrVal *val;
		JrIdentityKind kind;
	} places[] = {
		{ "data.identifiers.id", jr_val_get(all, "id"),
		  JR_IDENTITY_ID },
		{ "data.customer_id", jr_val_get(data, "customer_id"),
		  JR_IDENTITY_ID },
		{ "data.identifiers.email", jr_val_get(all, "email"),
		  JR_IDENTITY_EMAIL },
		{ "data.email_address", jr_val_get(data, "email_address"),
		  JR_IDENTITY_EMAIL },
		{ "data.identifiers.cio_id", jr_val_get(all, "cio_id"),
		  JR_IDENTITY_CIO_ID },
	};

	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		const JrVal *val = places[i].val;

		if (jr_val_is_null(val) ||
		    (val->type == JR_VAL_TEXT && val->len == 0))
			continue;
		return jr_line_identity(line, places[i].field, places[i].kind,
					val, who);
	}
	return TRUE;
}

/* A record of the report; its id is @suffix behind the report's. */
static JrIngestRec *begin(JrFormatLine *line, JrIngestAction action,
			  const char *suffix)
{
	const JrVal *val = line->val;
	JrIngestRec *rec = jr_line_add(line, action);

	if (!jr_line_at(line, rec, "timestamp", jr_val_get(val, "timestamp")) ||
	    !jr_line_own_id(line, rec, "event_id",
			    jr_val_get(val, "event_id")) ||
	    !read_who(line, jr_val_get(val, "data"), &rec->who))
		return NULL;
	if (rec->id)
		rec->id =
			jr_line_printf(line, "%s:%s:%s%s", rec->id,
				       jr_val_get_text(val, "object_type"),
				       jr_val_get_text(val, "metric"), suffix);
	return rec;
}

/* "campaign_7": @prefix and the number or text of @key; NULL: not there. */
static const char *numbered(JrFormatLine *line, const JrVal *data,
			    const char *key, const char *prefix)
{
	const JrVal *val = jr_val_get(data, key);

	if (val && val->type == JR_VAL_INT)
		return jr_line_printf(line, "%s%" G_GINT64_FORMAT, prefix,
				      val->num);
	if (val && val->type == JR_VAL_TEXT && val->len > 0 && val->len <= 100)
		return jr_line_printf(line, "%s%s", prefix, val->text);
	return NULL;
}

/* Where a message came from: the first of these that it names. */
static const struct {
	const char *key, *prefix;
	JrPurpose purpose;
} origins[] = {
	{ "campaign_id", "campaign_", JR_PURPOSE_MARKETING },
	{ "broadcast_id", "broadcast_", JR_PURPOSE_MARKETING },
	{ "newsletter_id", "newsletter_", JR_PURPOSE_MARKETING },
	{ "transactional_message_id", "transactional_",
	  JR_PURPOSE_TRANSACTIONAL },
};

static const char *content_of(JrFormatLine *line, const JrVal *data)
{
	const JrVal *content = jr_val_get(data, "content");
	g_autoptr(GString) json = g_string_new("{\"body\":");

	if (!content || content->type != JR_VAL_TEXT)
		return "{}";
	jr_val_write_text(content->text, content->len, json);
	g_string_append_c(json, '}');
	return jr_line_keep(line, json->str, json->len);
}

/* Where the message came from, and what it said; the same for all devices. */
static const JrIngestReport *read_origin(JrFormatLine *line)
{
	const JrVal *data = jr_val_get(line->val, "data");
	const JrVal *ours = jr_val_get(data, "jr");
	JrIngestReport *report = jr_arena_take(line->arena, sizeof *report);

	g_assert(report);
	*report = (JrIngestReport){
		.workflow = numbered(line, ours, "workflow", ""),
		.step = numbered(line, ours, "step", ""),
		.content = content_of(line, data),
		.purpose = JR_PURPOSE_MARKETING,
	};
	for (guint i = 0; !report->workflow && i < G_N_ELEMENTS(origins); i++) {
		report->workflow =
			numbered(line, data, origins[i].key, origins[i].prefix);
		if (report->workflow)
			report->purpose = origins[i].purpose;
	}
	if (!report->workflow)
		report->workflow = "elsewhere";
	if (!report->step)
		report->step = numbered(line, data, "action_id", "action_");
	if (!report->step)
		report->step = "message";
	return report;
}

static gboolean says_yes(const JrVal *val)
{
	return val && val->type == JR_VAL_BOOL && val->yes;
}

/* What a report says beside who and when; @to: its recipient, or NULL. */
static gboolean read_message(JrFormatLine *line, JrIngestMetric *metric,
			     const JrVal *to)
{
	const JrVal *data = jr_val_get(line->val, "data");
	const JrVal *address = jr_val_get(data, "recipient");

	if (!jr_line_message_id(line, "data.delivery_id",
				jr_val_get(data, "delivery_id"), metric) ||
	    !jr_line_metric(line, "metric", jr_val_get(line->val, "metric"),
			    metric) ||
	    !jr_line_short(line, data, "href", &metric->href) ||
	    !jr_line_short(line, data, "failure_message", &metric->reason) ||
	    !jr_line_short(line, to, "device_id", &metric->token))
		return FALSE;
	if (!metric->reason &&
	    !jr_line_short(line, to, "failure_message", &metric->reason))
		return FALSE;
	/* A push's recipient is a device, never an address. */
	if (metric->channel != JR_CHANNEL_PUSH && address &&
	    address->type == JR_VAL_TEXT && address->len > 0)
		metric->number =
			jr_line_keep(line, address->text, address->len);
	metric->bot = says_yes(jr_val_get(data, "machine")) ||
		      says_yes(jr_val_get(data, "prefetched"));
	return TRUE;
}

/* One for each device that the report names, or one. */
static gboolean read_metric(JrFormatLine *line, JrChannel channel)
{
	const JrVal *data = jr_val_get(line->val, "data");
	const JrVal *to = jr_val_get(data, "recipients");
	guint32 n = to && to->type == JR_VAL_LIST ? to->len : 0;
	const JrIngestReport *report;

	if (n > RECIPIENTS_MAX)
		return jr_line_refuse(line, "data.recipients",
				      "more than %d devices", RECIPIENTS_MAX);
	report = read_origin(line);
	for (guint32 i = 0; i < MAX(n, 1); i++) {
		g_autofree char *place =
			i ? g_strdup_printf(":%u", i) : g_strdup("");
		JrIngestRec *rec = begin(line, JR_INGEST_METRIC, place);
		JrIngestMetric *metric;

		if (!rec)
			return FALSE;
		metric = jr_line_new_metric(line);
		metric->channel = channel;
		metric->report = report;
		rec->metric = metric;
		rec->own = n <= 1;
		if (!read_message(line, metric, n ? &to->items[i] : NULL))
			return FALSE;
	}
	return TRUE;
}

/* {"topics":…} or {"cio_subscription_preferences":…}, often as a text. */
static gboolean read_wishes(JrFormatLine *line, GString *json)
{
	const JrVal *data = jr_val_get(line->val, "data");
	const JrVal *said = jr_val_get(data, "content");
	g_autoptr(GError) why = NULL;
	const JrVal *inner;

	if (said && said->type == JR_VAL_TEXT) {
		said = jr_json_parse(line->arena, said->text, said->len, &why);
		if (!said)
			return jr_line_refuse(line, "data.content", "%s",
					      why->message);
	}
	inner = jr_val_get(said, PREFERENCES);
	if (inner)
		said = inner;
	if (!said || said->type != JR_VAL_MAP)
		return jr_line_refuse(line, "data.content",
				      "missing: write the preferences as they "
				      "are now");
	g_string_append(json, "{\"" PREFERENCES "\":");
	jr_val_write(said, json);
	g_string_append_c(json, '}');
	return TRUE;
}

/*
 * The person changed what they want.  Who said no to a text said so of the
 * number, too, and a later "subscribed" is no consent.
 */
static gboolean read_person(JrFormatLine *line, JrChannel channel)
{
	const char *metric = jr_val_get_text(line->val, "metric");
	gboolean out = g_str_equal(metric, "unsubscribed");
	g_autoptr(GString) json = g_string_new(NULL);
	JrIngestRec *rec = begin(line, JR_INGEST_IDENTIFY, ":person");

	if (!rec)
		return FALSE;
	if (!rec->who.kind)
		return jr_line_refuse(line, "data.identifiers",
				      "names nobody: write id, email or "
				      "cio_id");
	if (g_str_equal(metric, CHANGED)) {
		if (!read_wishes(line, json))
			return FALSE;
	} else {
		g_string_append_printf(
			json, "{\"unsubscribed\":%s%s}", out ? "true" : "false",
			!out			    ? ""
			: channel == JR_CHANNEL_SMS ? ",\"sms_consent\":false"
			: channel == JR_CHANNEL_WHATSAPP
				? ",\"whatsapp_consent\":false"
				: "");
	}
	rec->data.text = jr_line_keep(line, json->str, json->len);
	rec->data.len = json->len;
	return TRUE;
}

static gboolean read_report(JrFormatLine *line)
{
	static const char *const of_people[] = { "subscribed", "unsubscribed",
						 CHANGED, NULL };
	const JrVal *data = jr_val_get(line->val, "data");
	const char *metric = jr_val_get_text(line->val, "metric");
	gboolean message = !jr_val_is_null(jr_val_get(data, "delivery_id"));
	gboolean person = metric && g_strv_contains(of_people, metric);
	JrChannel channel = 0;

	if (!is_report(line->val))
		return jr_line_refuse(line, "object_type",
				      "no report: write object_type, metric "
				      "and data");
	if (!find_object(line, &channel))
		return FALSE;
	/* What only people do is a message's doing at most as well. */
	if ((!person || (message && jr_metric_of(metric))) &&
	    !read_metric(line, channel))
		return FALSE;
	return !person || read_person(line, channel);
}

const JrFormat jr_format_report = { .name = "report",
				    .is = is_report,
				    .read = read_report };
