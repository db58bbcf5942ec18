/*
 * MessageBird: POST /messages of its REST API, JSON.
 * Source: developers.messagebird.com/api/sms-messaging.
 */
#include "net/answer.h"
#include "net/json.h"
#include "net/messagebird_impl.h"
#include "net/providers.h"
#include "net/settings.h"
#include "net/texting.h"
#include "base/error.h"
#include "base/instant.h"

#include <stddef.h>
#include <string.h>

#define PAGE_SIZE 100
#define VALIDITY_MAX_S (2 * 86400)

#define NO_LINKS "is nothing MessageBird does: " JR_TEXTING_LINKS

#define AT(field) offsetof(JrMessageBird, field)

static const JrSetting settings[] = {
	{ "access_key", JR_SETTING_SECRET, AT(access_key), TRUE, NULL, NULL,
	  NULL },
	{ "from", JR_SETTING_TEXT, AT(from), FALSE,
	  "^(\\+?[0-9]{3,15}|[A-Za-z0-9 ]{1,11})$",
	  "a number as '+15550001111', a short code or a name", NULL },
	{ "status_callback", JR_SETTING_URL, AT(callback), FALSE, NULL, NULL,
	  NULL },
	{ "base_url", JR_SETTING_URL, AT(base_url), FALSE, NULL, NULL,
	  "https://rest.messagebird.com" },
	{ "numbers_url", JR_SETTING_URL, AT(numbers_url), FALSE, NULL, NULL,
	  "https://numbers.messagebird.com" },
	/* of webhooks */
	{ .key = "signing_key_file", .type = JR_SETTING_OTHERS },
	{ .key = "signing_key_env", .type = JR_SETTING_OTHERS },
	{ .key = "shorten_urls", .type = JR_SETTING_LACKS, .want = NO_LINKS },
	JR_SETTINGS_OF_ALL,
};

static const JrTextingOption options[] = {
	{ "gateway", "gateway", JR_VAL_INT, NULL },
	{ "type", "type", JR_VAL_TEXT, NULL },
	{ "datacoding", "datacoding", JR_VAL_TEXT, NULL },
	{ "shorten_urls", NULL, JR_VAL_BOOL, NO_LINKS },
	{ NULL, NULL, 0, NULL },
};

const char *jr_messagebird_bare(const char *number)
{
	return number[0] == '+' ? number + 1 : number;
}

static gboolean put_who(json_t *body, const JrMessageBird *m,
			const JrHandover *h, GError **error)
{
	const char *sender = h->sender ? h->sender : m->from;

	if (!sender) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "no sender for sms: write from");
		return FALSE;
	}
	jr_json_put_text(body, "originator", jr_messagebird_bare(sender));
	jr_json_put(body, "recipients",
		    json_pack("[s]", jr_messagebird_bare(h->to)));
	return TRUE;
}

/* Without datacoding they would put "?" for what GSM-7 does not have. */
static gboolean put_content(json_t *body, const JrHandover *h, GError **error)
{
	gint64 left_s;

	if (!jr_texting_content(h, 0, error) ||
	    !jr_texting_left(h, VALIDITY_MAX_S, &left_s, error))
		return FALSE;
	jr_json_put_text(body, "body", h->body);
	jr_json_put_text(body, "datacoding", "auto");
	if (left_s > 0)
		jr_json_put(body, "validity", json_integer(left_s));
	return TRUE;
}

/* They report only on messages with a reference, and it comes back. */
static gboolean put_callback(json_t *body, const JrMessageBird *m,
			     const JrHandover *h, GError **error)
{
	g_autofree char *url =
		m->callback ? jr_texting_callback(m->callback, h, error) : NULL;

	jr_json_put_text(body, "reference", h->id);
	jr_json_put_text(body, "reportUrl", url);
	return url || !m->callback;
}

/* A JrTextingOptionFn. */
static void put_option(const char *parameter, const JrVal *val, gpointer body)
{
	jr_json_put(body, parameter, jr_doc_of_val(val));
}

static gboolean messagebird_request(JrProvider *provider, const JrHandover *h,
				    const JrPermit *permit,
				    JrHttpRequest *request, GError **error)
{
	const JrMessageBird *m = (const JrMessageBird *)provider;
	g_autoptr(json_t) body = json_object();

	g_assert(permit);
	if (!put_who(body, m, h, error) || !put_content(body, h, error) ||
	    !put_callback(body, m, h, error) ||
	    !jr_texting_options(h, options, put_option, body, error))
		return FALSE;
	request->method = "POST";
	request->url = g_strconcat(m->base_url, "/messages", NULL);
	request->headers = g_strsplit("Content-Type: application/json\n"
				      "Accept: application/json",
				      "\n", -1);
	request->authorization = g_strconcat("AccessKey ", m->access_key, NULL);
	request->body = jr_json_bytes(body);
	return TRUE;
}

/* "10-originator" where that parameter has a row of its own, else "10". */
static char *code_of(const JrProvider *provider, const json_t *object)
{
	const json_t *error =
		json_array_get(json_object_get(object, "errors"), 0);
	const json_t *code = json_object_get(error, "code");
	const char *parameter = jr_answer_text(error, "parameter");
	g_autofree char *own = NULL, *both = NULL;

	if (!json_is_integer(code))
		return NULL;
	own = g_strdup_printf("%" JSON_INTEGER_FORMAT,
			      json_integer_value(code));
	both = g_strconcat(own, "-", parameter ? parameter : "", NULL);
	if (jr_classes_find(provider->classes, both))
		return g_steal_pointer(&both);
	return g_steal_pointer(&own);
}

static void read_price(const json_t *item, JrAnswer *answer)
{
	const json_t *amount =
		json_object_get(json_object_get(item, "price"), "amount");
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	if (!json_is_number(amount) || json_number_value(amount) <= 0)
		return;
	answer->price = g_strdup(g_ascii_formatd(text, sizeof text, "%.6f",
						 json_number_value(amount)));
	answer->currency = g_strdup(
		jr_answer_code(jr_answer_text(item, "price.currency")));
}

static void read_message(JrProvider *provider, const json_t *object, int status,
			 JrAnswer *answer)
{
	const json_t *items =
		json_object_get(json_object_get(object, "recipients"), "items");
	const json_t *item = json_array_get(items, 0);
	const char *id = jr_answer_code(jr_answer_text(object, "id"));

	if (!id) {
		jr_answer_set(answer, provider, NULL, status);
		return;
	}
	if (g_strcmp0(jr_answer_text(item, "status"), "delivery_failed") == 0)
		jr_answer_set(answer, provider, "http-4xx", 400);
	answer->provider_id = g_strdup(id);
	read_price(item, answer);
}

static void messagebird_answer(JrProvider *provider, const JrHttpAnswer *http,
			       JrAnswer *answer)
{
	g_autoptr(json_t) object = jr_answer_json(http->body);

	if (http->status / 100 == 2) {
		read_message(provider, object, http->status, answer);
		return;
	}
	g_autofree char *code = code_of(provider, object);

	jr_texting_refused(provider, http, code, answer);
}

/* Newest first, by offset; @ask->next is the next one's. */
static gboolean messagebird_list(JrProvider *provider, const JrListAsk *ask,
				 JrHttpRequest *request,
				 GError **error G_GNUC_UNUSED)
{
	const JrMessageBird *m = (const JrMessageBird *)provider;
	g_autofree char *to =
		ask->to ? g_strconcat("&recipient=",
				      jr_messagebird_bare(ask->to), NULL)
			: NULL;

	jr_messagebird_get(
		provider,
		g_strdup_printf("%s/messages?direction=mt&limit=%d&offset=%s%s",
				m->base_url, PAGE_SIZE,
				ask->next ? ask->next : "0", to ? to : ""),
		request);
	return TRUE;
}

static const JrTextingStatus statuses[] = {
	{ "sent", JR_METRIC_SENT },
	{ "delivered", JR_METRIC_DELIVERED },
	{ "delivery_failed", JR_METRIC_BOUNCED },
	{ "expired", JR_METRIC_FAILED },
	{ 0 },
};

/* Their number has no plus. */
static const char *number_of(const json_t *item, JrArena *arena)
{
	const char *digits = jr_answer_keep(item, "recipient", arena);
	g_autofree char *number =
		digits ? g_strconcat("+", jr_messagebird_bare(digits), NULL)
		       : NULL;

	return number ? jr_arena_text(arena, number, strlen(number)) : NULL;
}

static void add_row(const json_t *message, JrListPage *page)
{
	const json_t *item = json_array_get(
		json_object_get(json_object_get(message, "recipients"),
				"items"),
		0);
	const char *created = jr_answer_text(message, "createdDatetime");
	const char *fate = jr_answer_text(item, "status");
	JrListed row = { .channel = JR_CHANNEL_SMS, .segments = -1 };
	g_auto(JrAnswer) price = { 0 };
	gint64 at_ms = 0;

	row.provider_id = jr_answer_keep(message, "id", page->arena);
	row.id = jr_answer_keep(message, "reference", page->arena);
	row.body = jr_answer_keep(message, "body", page->arena);
	row.to = number_of(item, page->arena);
	if (created && jr_instant_parse(created, NULL, &at_ms, NULL) &&
	    at_ms > 0)
		row.at_s = at_ms / 1000;
	row.metric = jr_texting_metric(statuses, fate);
	row.code = jr_answer_code(
		jr_answer_keep(item, "statusErrorCode", page->arena));
	read_price(item, &price);
	if (price.price)
		row.price = jr_arena_text(page->arena, price.price,
					  strlen(price.price));
	if (price.currency)
		row.currency = jr_arena_text(page->arena, price.currency,
					     strlen(price.currency));
	if (row.provider_id && row.to)
		g_array_append_val(page->rows, row);
}

/* A place in the list; 0: none that can be. */
static gint64 place_at(const json_t *object, const char *key)
{
	gint64 n = json_integer_value(json_object_get(object, key));

	return n > 0 && n <= G_MAXINT32 ? n : 0;
}

static void messagebird_listed(JrProvider *provider G_GNUC_UNUSED,
			       const json_t *answer, JrListPage *page)
{
	const json_t *items = json_object_get(answer, "items");
	gint64 next = place_at(answer, "offset") + place_at(answer, "count");

	for (gsize i = 0; i < json_array_size(items); i++)
		add_row(json_array_get(items, i), page);
	if (json_array_size(items) > 0 && next < place_at(answer, "totalCount"))
		page->next = g_strdup_printf("%" G_GINT64_FORMAT, next);
}

const JrProviderKind jr_provider_messagebird = {
	.name = "messagebird",
	.channels = 1 << JR_CHANNEL_SMS,
	.classes = jr_messagebird_classes,
	.size = sizeof(JrMessageBird),
	.settings = settings,
	.request = messagebird_request,
	.answer = messagebird_answer,
	.list = messagebird_list,
	.listed = messagebird_listed,
	.question = jr_messagebird_question,
	.verdict = jr_messagebird_verdict,
	.verify = jr_messagebird_verify,
};
