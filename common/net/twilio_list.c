/*
 * Twilio's own list of messages: GET …/Messages.json, newest first.
 * Source: twilio.com/docs/messaging/api/message-resource, "Read multiple
 * Message resources".  Its date filter knows days, and passes over what has no
 * date yet: so a message that may have been lost is asked for by its number.
 */
#include "net/answer.h"
#include "net/providers.h"
#include "net/twilio_impl.h"
#include "base/instant.h"

#include <curl/curl.h>
#include <string.h>

#define PAGE_SIZE 200
#define WHATSAPP "whatsapp:"

static const struct {
	const char *status;
	JrMetric metric;
} statuses[] = {
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

gboolean jr_twilio_status(const char *status, JrMetric *metric)
{
	for (guint i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (g_strcmp0(status, statuses[i].status) == 0) {
			*metric = statuses[i].metric;
			return TRUE;
		}
	*metric = 0;
	return FALSE;
}

/* Only their own host is asked with our key: next_page_uri is a path. */
static char *page_url(const JrTwilio *t, const JrListAsk *ask)
{
	g_autoptr(GString) url = NULL;
	char day[JR_INSTANT_SIZE];

	if (ask->next)
		return g_strconcat(t->base_url, ask->next, NULL);
	url = g_string_new(t->base_url);
	g_string_append_printf(
		url, "/2010-04-01/Accounts/%s/Messages.json?PageSize=%d",
		t->account, PAGE_SIZE);
	if (ask->to) {
		g_string_append(url, ask->channel == JR_CHANNEL_WHATSAPP
					     ? "&To=whatsapp%3A"
					     : "&To=");
		g_string_append_uri_escaped(url, ask->to, NULL, FALSE);
	} else {
		jr_instant_format(ask->since_s, day);
		g_string_append_printf(url, "&DateSent%%3E=%.10s", day);
	}
	return g_string_free(g_steal_pointer(&url), FALSE);
}

gboolean jr_twilio_list(JrProvider *provider, const JrListAsk *ask,
			JrHttpRequest *request, GError **error G_GNUC_UNUSED)
{
	const JrTwilio *t = (const JrTwilio *)provider;

	jr_twilio_get(t, page_url(t, ask), request);
	return TRUE;
}

/* "Mon, 23 Nov 2026 14:00:00 +0000" (RFC 2822); 0: none. */
static gint64 date_of(const json_t *message, const char *key)
{
	const char *text = jr_answer_text(message, key);
	time_t at = text ? curl_getdate(text, NULL) : -1;

	return at > 0 ? at : 0;
}

/* A channel's prefix goes, "whatsapp:+1…". */
static const char *bare(const char *address)
{
	const char *colon = address ? strchr(address, ':') : NULL;

	return colon ? colon + 1 : address;
}

static gint64 count_of(const char *text)
{
	gint64 n = text ? g_ascii_strtoll(text, NULL, 10) : 0;

	return n > 0 ? n : -1;
}

static void add_row(const json_t *message, JrListPage *page)
{
	const char *direction = jr_answer_text(message, "direction");
	const char *sid = jr_answer_code(jr_answer_text(message, "sid"));
	JrListed row = { 0 };

	if (!sid || !direction || !g_str_has_prefix(direction, "outbound"))
		return;
	row.provider_id = jr_answer_keep(message, "sid", page->arena);
	row.to = jr_answer_keep(message, "to", page->arena);
	row.channel = row.to && g_str_has_prefix(row.to, WHATSAPP)
			      ? JR_CHANNEL_WHATSAPP
			      : JR_CHANNEL_SMS;
	row.to = bare(row.to);
	row.body = jr_answer_keep(message, "body", page->arena);
	row.at_s = date_of(message, "date_created");
	row.code = jr_answer_code(
		jr_answer_keep(message, "error_code", page->arena));
	row.price =
		jr_answer_code(jr_answer_keep(message, "price", page->arena));
	row.currency = jr_answer_code(
		jr_answer_keep(message, "price_unit", page->arena));
	row.segments =
		count_of(jr_answer_keep(message, "num_segments", page->arena));
	jr_twilio_status(jr_answer_text(message, "status"), &row.metric);
	if (row.to && row.provider_id)
		g_array_append_val(page->rows, row);
}

void jr_twilio_listed(JrProvider *provider G_GNUC_UNUSED, const json_t *answer,
		      JrListPage *page)
{
	const json_t *messages = json_object_get(answer, "messages");
	const char *next = jr_answer_text(answer, "next_page_uri");

	for (gsize i = 0; i < json_array_size(messages); i++)
		add_row(json_array_get(messages, i), page);
	if (next && next[0] == '/')
		page->next = g_strdup(next);
}
