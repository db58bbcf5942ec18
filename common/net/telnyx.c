/*
 * Telnyx: POST /v2/messages, JSON.
 * Source: developers.telnyx.com/api/messaging.
 */
#include "net/answer.h"
#include "net/json.h"
#include "net/providers.h"
#include "net/settings.h"
#include "net/telnyx_impl.h"
#include "net/texting.h"
#include "base/doc.h"
#include "base/error.h"

#include <stddef.h>
#include <string.h>

#define MEDIA_MAX 10
#define NO_LINKS                                                               \
	"is no setting of a message at Telnyx: turn it on in the messaging "   \
	"profile there, or " JR_TEXTING_LINKS

#define AT(field) offsetof(JrTelnyx, field)

static const JrSetting settings[] = {
	{ "api_key", JR_SETTING_SECRET, AT(api_key), TRUE, NULL, NULL, NULL },
	{ "messaging_profile", JR_SETTING_TEXT, AT(profile), FALSE,
	  JR_TELNYX_PROFILE, "the profile's UUID", NULL },
	{ "from", JR_SETTING_TEXT, AT(from), FALSE,
	  "^(\\+?[0-9]{3,15}|[A-Za-z0-9 ]{1,11})$",
	  "a number as '+15550001111', a short code or a name", NULL },
	{ "status_callback", JR_SETTING_URL, AT(callback), FALSE, NULL, NULL,
	  NULL },
	{ "base_url", JR_SETTING_URL, AT(base_url), FALSE, NULL, NULL,
	  "https://api.telnyx.com" },
	{ .key = "public_key", .type = JR_SETTING_OTHERS }, /* of webhooks */
	{ .key = "shorten_urls", .type = JR_SETTING_LACKS, .want = NO_LINKS },
	JR_SETTINGS_OF_ALL,
};

static const JrTextingOption options[] = {
	{ "subject", "subject", JR_VAL_TEXT, NULL },
	{ "encoding", "encoding", JR_VAL_TEXT, NULL },
	{ "use_profile_webhooks", "use_profile_webhooks", JR_VAL_BOOL, NULL },
	{ "shorten_urls", NULL, JR_VAL_BOOL, NO_LINKS },
	{ NULL, NULL, 0, NULL },
};

/* A profile picks the number itself. */
static gboolean put_sender(json_t *body, const JrTelnyx *t, const JrHandover *h,
			   GError **error)
{
	const char *sender = h->sender ? h->sender : t->profile;

	if (!sender)
		sender = t->from;
	if (!sender) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "no sender for sms: write messaging_profile or "
			    "from");
		return FALSE;
	}
	if (g_regex_match_simple(JR_TELNYX_PROFILE, sender, 0, 0))
		jr_json_put_text(body, "messaging_profile_id", sender);
	else
		jr_json_put_text(body, "from", sender);
	/* A name is sent by a profile. */
	if (t->profile && !g_str_equal(sender, t->profile) && sender[0] != '+')
		jr_json_put_text(body, "messaging_profile_id", t->profile);
	return TRUE;
}

static gboolean put_content(json_t *body, const JrHandover *h, GError **error)
{
	/* Telnyx has no validity: what is late is not handed over. */
	gint64 left_s;

	if (!jr_texting_content(h, MEDIA_MAX, error) ||
	    !jr_texting_left(h, G_MAXINT64, &left_s, error))
		return FALSE;
	if (h->body && *h->body)
		jr_json_put_text(body, "text", h->body);
	if (h->media && h->media->len > 0)
		jr_json_put(body, "media_urls", jr_doc_of_val(h->media));
	return TRUE;
}

static gboolean put_callback(json_t *body, const JrTelnyx *t,
			     const JrHandover *h, GError **error)
{
	g_autofree char *url =
		t->callback ? jr_texting_callback(t->callback, h, error) : NULL;

	jr_json_put_text(body, "webhook_url", url);
	return url || !t->callback;
}

/* A JrTextingOptionFn. */
static void put_option(const char *parameter, const JrVal *val, gpointer body)
{
	jr_json_put(body, parameter, jr_doc_of_val(val));
}

static gboolean telnyx_request(JrProvider *provider, const JrHandover *h,
			       const JrPermit *permit, JrHttpRequest *request,
			       GError **error)
{
	const JrTelnyx *t = (const JrTelnyx *)provider;
	g_autoptr(json_t) body = json_object();

	g_assert(permit);
	jr_json_put_text(body, "to", h->to);
	if (!put_sender(body, t, h, error) || !put_content(body, h, error) ||
	    !put_callback(body, t, h, error) ||
	    !jr_texting_options(h, options, put_option, body, error))
		return FALSE;
	request->method = "POST";
	request->url = g_strconcat(t->base_url, "/v2/messages", NULL);
	request->headers = g_strsplit("Content-Type: application/json\n"
				      "Accept: application/json",
				      "\n", -1);
	request->authorization = g_strconcat("Bearer ", t->api_key, NULL);
	request->body = jr_json_bytes(body);
	return TRUE;
}

/* 40300 stands for several blocks; only a STOP is the person's own word. */
static char *code_of(const json_t *error)
{
	const char *code = json_string_value(json_object_get(error, "code"));
	const char *const where[] = { "title", "detail" };

	for (guint i = 0;
	     g_strcmp0(code, "40300") == 0 && i < G_N_ELEMENTS(where); i++) {
		const char *text =
			json_string_value(json_object_get(error, where[i]));

		if (text && strstr(text, "STOP"))
			return g_strdup("40300-stop");
	}
	return g_strdup(code);
}

static void read_cost(const json_t *data, JrAnswer *answer)
{
	const char *amount =
		jr_answer_code(jr_answer_text(data, "cost.amount"));

	if (!amount)
		return;
	answer->price = g_strdup(amount);
	answer->currency =
		g_strdup(jr_answer_code(jr_answer_text(data, "cost.currency")));
}

static void read_message(JrProvider *provider, const json_t *object, int status,
			 JrAnswer *answer)
{
	const json_t *data = json_object_get(object, "data");
	const json_t *to = json_array_get(json_object_get(data, "to"), 0);
	const json_t *errors = json_object_get(data, "errors");
	const char *id = jr_answer_code(jr_answer_text(data, "id"));
	const char *fate = jr_answer_text(to, "status");

	if (!id) {
		jr_answer_set(answer, provider, NULL, status);
		return;
	}
	if (g_strcmp0(fate, "sending_failed") == 0 ||
	    g_strcmp0(fate, "delivery_failed") == 0) {
		g_autofree char *code = code_of(json_array_get(errors, 0));

		jr_answer_set(answer, provider, code, 400);
	}
	answer->provider_id = g_strdup(id);
	read_cost(data, answer);
}

static void telnyx_answer(JrProvider *provider, const JrHttpAnswer *http,
			  JrAnswer *answer)
{
	g_autoptr(json_t) object = jr_answer_json(http->body);
	const json_t *errors = json_object_get(object, "errors");

	if (http->status / 100 == 2) {
		read_message(provider, object, http->status, answer);
		return;
	}
	g_autofree char *code = code_of(json_array_get(errors, 0));

	jr_texting_refused(provider, http, code, answer);
}

void jr_telnyx_get(const JrProvider *provider, char *url,
		   JrHttpRequest *request)
{
	const JrTelnyx *t = (const JrTelnyx *)provider;

	jr_texting_get(request, url);
	request->authorization = g_strconcat("Bearer ", t->api_key, NULL);
}

/* There is no list, but each can be asked for by their id. */
static gboolean telnyx_lookup(JrProvider *provider, const char *id,
			      JrHttpRequest *request,
			      GError **error G_GNUC_UNUSED)
{
	const JrTelnyx *t = (const JrTelnyx *)provider;
	g_autofree char *escaped = g_uri_escape_string(id, NULL, FALSE);

	jr_telnyx_get(provider,
		      g_strconcat(t->base_url, "/v2/messages/", escaped, NULL),
		      request);
	return TRUE;
}

static const JrTextingStatus statuses[] = {
	{ "sent", JR_METRIC_SENT },
	{ "delivered", JR_METRIC_DELIVERED },
	{ "sending_failed", JR_METRIC_FAILED },
	{ "delivery_failed", JR_METRIC_BOUNCED },
	{ "expired", JR_METRIC_FAILED },
	{ 0 },
};

static void telnyx_listed(JrProvider *provider G_GNUC_UNUSED,
			  const json_t *answer, JrListPage *page)
{
	const json_t *data = json_object_get(answer, "data");
	const json_t *to = json_array_get(json_object_get(data, "to"), 0);
	const json_t *cost = json_object_get(data, "cost");
	const json_t *parts = json_object_get(data, "parts");
	const char *fate = jr_answer_text(to, "status");
	g_autofree char *code =
		code_of(json_array_get(json_object_get(data, "errors"), 0));
	JrListed row = { .channel = JR_CHANNEL_SMS, .segments = -1 };

	row.provider_id = jr_answer_keep(data, "id", page->arena);
	row.to = jr_answer_keep(to, "phone_number", page->arena);
	row.price = jr_answer_code(jr_answer_keep(cost, "amount", page->arena));
	row.currency =
		jr_answer_code(jr_answer_keep(cost, "currency", page->arena));
	if (jr_answer_code(code))
		row.code = jr_arena_text(page->arena, code, strlen(code));
	if (json_integer_value(parts) > 0)
		row.segments = json_integer_value(parts);
	row.metric = jr_texting_metric(statuses, fate);
	if (row.provider_id && row.to)
		g_array_append_val(page->rows, row);
}

const JrProviderKind jr_provider_telnyx = {
	.name = "telnyx",
	.channels = 1 << JR_CHANNEL_SMS,
	.classes = jr_telnyx_classes,
	.size = sizeof(JrTelnyx),
	.settings = settings,
	.request = telnyx_request,
	.answer = telnyx_answer,
	.lookup = telnyx_lookup,
	.listed = telnyx_listed,
	.question = jr_telnyx_question,
	.verdict = jr_telnyx_verdict,
	.verify = jr_telnyx_verify,
};
