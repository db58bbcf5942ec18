/*
 * Twilio: POST /2010-04-01/Accounts/{AccountSid}/Messages.json, a form.
 * Source: twilio.com/docs/messaging/api/message-resource.
 */
#include "net/answer.h"
#include "net/form.h"
#include "net/providers.h"
#include "net/settings.h"
#include "net/texting.h"
#include "net/twilio_impl.h"
#include "base/error.h"

#include <stddef.h>
#include <string.h>

#define MEDIA_MAX 10
#define VALIDITY_MAX_S 36000 /* what ValidityPeriod can say */
#define SID(letters) "^" letters "[0-9a-fA-F]{32}$"

#define SHORTEN "shorten_urls"

#define AT(field) offsetof(JrTwilio, field)

static const JrSetting settings[] = {
	{ "account_sid", JR_SETTING_TEXT, AT(account), TRUE, SID("AC"),
	  "'AC' and 32 hex digits", NULL },
	{ "api_key", JR_SETTING_TEXT, AT(api_key), FALSE, SID("SK"),
	  "'SK' and 32 hex digits", NULL },
	{ "api_key_secret", JR_SETTING_SECRET, AT(api_key_secret), FALSE, NULL,
	  NULL, NULL },
	{ "auth_token", JR_SETTING_SECRET, AT(auth_token), FALSE, NULL, NULL,
	  NULL },
	{ "messaging_service", JR_SETTING_TEXT, AT(service), FALSE, SID("MG"),
	  "'MG' and 32 hex digits", NULL },
	{ "from", JR_SETTING_TEXT, AT(from), FALSE,
	  "^(\\+?[0-9]{3,15}|[A-Za-z0-9 ]{1,11})$",
	  "a number as '+15550001111', a short code or a name", NULL },
	{ "whatsapp_from", JR_SETTING_TEXT, AT(whatsapp_from), FALSE,
	  "^\\+[1-9][0-9]{1,14}$", "a number as '+15550001111'", NULL },
	{ "status_callback", JR_SETTING_URL, AT(callback), FALSE, NULL, NULL,
	  NULL },
	{ "base_url", JR_SETTING_URL, AT(base_url), FALSE, NULL, NULL,
	  "https://api.twilio.com" },
	{ "messaging_url", JR_SETTING_URL, AT(messaging_url), FALSE, NULL, NULL,
	  "https://messaging.twilio.com" },
	{ .key = SHORTEN, .type = JR_SETTING_YES, .offset = AT(shorten) },
	JR_SETTINGS_OF_ALL,
};

static const JrTextingOption options[] = {
	{ SHORTEN, "ShortenUrls", JR_VAL_BOOL, NULL },
	{ "smart_encoded", "SmartEncoded", JR_VAL_BOOL, NULL },
	{ "send_as_mms", "SendAsMms", JR_VAL_BOOL, NULL },
	{ "provide_feedback", "ProvideFeedback", JR_VAL_BOOL, NULL },
	{ "risk_check", "RiskCheck", JR_VAL_TEXT, NULL },
	{ "content_retention", "ContentRetention", JR_VAL_TEXT, NULL },
	{ "address_retention", "AddressRetention", JR_VAL_TEXT, NULL },
	{ NULL, NULL, 0, NULL },
};

static gboolean check(JrProvider *provider, const JrProviderSetup *setup,
		      GError **error)
{
	const JrTwilio *t = (const JrTwilio *)provider;

	if (!t->api_key != !t->api_key_secret)
		return jr_settings_wrong(setup, "api_key",
					 "and api_key_secret_file or _env go "
					 "together: write both",
					 error);
	/* Both: the key sends, and webhooks are signed with the token. */
	if (!t->api_key && !t->auth_token)
		return jr_settings_wrong(setup, "auth_token",
					 "or api_key: write one of them",
					 error);
	g_autoptr(GUri) uri =
		t->callback ? g_uri_parse(t->callback, G_URI_FLAGS_NONE, NULL)
			    : NULL;
	if (uri && strchr(g_uri_get_host(uri), '_'))
		return jr_settings_wrong(setup, "status_callback",
					 "has an underscore in its host: "
					 "Twilio does not call that",
					 error);
	return TRUE;
}

static void add_address(GString *form, const JrHandover *h, const char *name,
			const char *address)
{
	g_autofree char *prefixed = g_strconcat(
		h->channel == JR_CHANNEL_WHATSAPP ? "whatsapp:" : "", address,
		NULL);

	jr_form_add(form, name, prefixed);
}

/* The service that @h goes through; NULL: none. */
static const char *service_of(const JrTwilio *t, const JrHandover *h)
{
	const char *sender = h->sender ? h->sender : t->service;

	return sender && g_regex_match_simple(SID("MG"), sender, 0, 0) ? sender
								       : NULL;
}

static gboolean add_sender(GString *form, const JrTwilio *t,
			   const JrHandover *h, GError **error)
{
	const char *from =
		h->channel == JR_CHANNEL_WHATSAPP ? t->whatsapp_from : t->from;
	const char *service = service_of(t, h);
	const char *sender = h->sender ? h->sender : from;

	if (service) {
		jr_form_add(form, "MessagingServiceSid", service);
		return TRUE;
	}
	if (!sender) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "no sender for %s: write messaging_service or %s",
			    jr_channel_name(h->channel),
			    h->channel == JR_CHANNEL_WHATSAPP ? "whatsapp_from"
							      : "from");
		return FALSE;
	}
	add_address(form, h, "From", sender);
	return TRUE;
}

static gboolean add_template(GString *form, const JrHandover *h, GError **error)
{
	if (!g_regex_match_simple(SID("HX"), h->tmpl, 0, 0))
		return jr_texting_wrong(
			error, "the template is no ContentSid: write 'HX' "
			       "and 32 hex digits");
	jr_form_add(form, "ContentSid", h->tmpl);
	if (!jr_val_is_null(h->data)) {
		g_autoptr(GString) json = g_string_new(NULL);

		jr_val_write(h->data, json);
		jr_form_add(form, "ContentVariables", json->str);
	}
	return TRUE;
}

static gboolean add_content(GString *form, const JrHandover *h, GError **error)
{
	if (h->tmpl)
		return add_template(form, h, error);
	if (!jr_texting_content(h, MEDIA_MAX, error))
		return FALSE;
	if (h->body && *h->body)
		jr_form_add(form, "Body", h->body);
	for (guint32 i = 0; h->media && i < h->media->len; i++)
		jr_form_add(form, "MediaUrl", h->media->items[i].text);
	return TRUE;
}

static gboolean add_validity(GString *form, const JrHandover *h, GError **error)
{
	gint64 left_s;
	char text[24];

	if (!jr_texting_left(h, VALIDITY_MAX_S, &left_s, error))
		return FALSE;
	g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, left_s);
	if (left_s > 0)
		jr_form_add(form, "ValidityPeriod", text);
	return TRUE;
}

static gboolean add_callback(GString *form, const JrTwilio *t,
			     const JrHandover *h, GError **error)
{
	g_autofree char *url =
		t->callback ? jr_texting_callback(t->callback, h, error) : NULL;

	if (url)
		jr_form_add(form, "StatusCallback", url);
	return url || !t->callback;
}

/*
 * Links are shortened by the service whose domain they get: where the settings
 * ask for it and the step does not say otherwise, or where it does.
 */
static gboolean add_shortening(GString *form, const JrTwilio *t,
			       const JrHandover *h, GError **error)
{
	const JrVal *own = jr_val_get(h->options, SHORTEN);
	gboolean ours =
		t->shorten && !own && h->body && h->channel == JR_CHANNEL_SMS;

	if (ours && service_of(t, h))
		jr_form_add(form, "ShortenUrls", "true");
	if ((!ours && !(own && own->type == JR_VAL_BOOL && own->yes)) ||
	    service_of(t, h))
		return TRUE;
	g_set_error(error, JR_ERROR, ours ? JR_ERROR_CONFIG : JR_ERROR_INPUT,
		    SHORTEN " needs a messaging service, and this goes from a "
			    "number: write messaging_service, or false");
	return FALSE;
}

/* A JrTextingOptionFn. */
static void add_option(const char *parameter, const JrVal *val, gpointer form)
{
	jr_form_add(form, parameter,
		    val->type == JR_VAL_TEXT ? val->text
		    : val->yes		     ? "true"
					     : "false");
}

void jr_twilio_sign(const JrTwilio *t, JrHttpRequest *request)
{
	request->user = g_strdup(t->api_key ? t->api_key : t->account);
	request->password =
		g_strdup(t->api_key ? t->api_key_secret : t->auth_token);
}

void jr_twilio_get(const JrTwilio *t, char *url, JrHttpRequest *request)
{
	jr_texting_get(request, url);
	jr_twilio_sign(t, request);
}

static gboolean twilio_request(JrProvider *provider, const JrHandover *h,
			       const JrPermit *permit, JrHttpRequest *request,
			       GError **error)
{
	const JrTwilio *t = (const JrTwilio *)provider;
	g_autoptr(GString) form = g_string_new(NULL);

	g_assert(permit);
	add_address(form, h, "To", h->to);
	if (!add_sender(form, t, h, error) || !add_content(form, h, error) ||
	    !add_validity(form, h, error) || !add_callback(form, t, h, error) ||
	    !add_shortening(form, t, h, error) ||
	    !jr_texting_options(h, options, add_option, form, error))
		return FALSE;
	request->method = "POST";
	request->url =
		g_strdup_printf("%s/2010-04-01/Accounts/%s/Messages.json",
				t->base_url, t->account);
	request->headers =
		g_strsplit("Content-Type: application/x-www-form-urlencoded\n"
			   "Accept: application/json",
			   "\n", -1);
	jr_twilio_sign(t, request);
	request->body = g_string_free_to_bytes(g_steal_pointer(&form));
	return TRUE;
}

/* The number at @key of @object as text; owned; NULL when there is none. */
static char *number_text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT,
				       json_integer_value(value));
	return g_strdup(json_string_value(value));
}

static void read_message(JrProvider *provider, const json_t *object, int status,
			 JrAnswer *answer)
{
	const char *sid = jr_answer_code(jr_answer_text(object, "sid"));
	g_autofree char *code = number_text(object, "error_code");
	const char *price = jr_answer_code(jr_answer_text(object, "price"));

	if (!sid) {
		jr_answer_set(answer, provider, NULL, status);
		return;
	}
	if (g_strcmp0(jr_answer_text(object, "status"), "failed") == 0)
		jr_answer_set(answer, provider, code ? code : "http-4xx", 400);
	answer->provider_id = g_strdup(sid);
	if (!price)
		return;
	answer->price = g_strdup(price);
	answer->currency =
		g_strdup(jr_answer_code(jr_answer_text(object, "price_unit")));
}

static void twilio_answer(JrProvider *provider, const JrHttpAnswer *http,
			  JrAnswer *answer)
{
	g_autoptr(json_t) object = jr_answer_json(http->body);

	if (http->status / 100 == 2) {
		read_message(provider, object, http->status, answer);
		return;
	}
	g_autofree char *code = number_text(object, "code");

	jr_texting_refused(provider, http, code, answer);
}

const JrProviderKind jr_provider_twilio = {
	.name = "twilio",
	.channels = 1 << JR_CHANNEL_SMS | 1 << JR_CHANNEL_WHATSAPP,
	.classes = jr_twilio_classes,
	.size = sizeof(JrTwilio),
	.settings = settings,
	.open = check,
	.request = twilio_request,
	.answer = twilio_answer,
	.list = jr_twilio_list,
	.listed = jr_twilio_listed,
	.question = jr_twilio_question,
	.verdict = jr_twilio_verdict,
	.verify = jr_twilio_verify,
};
