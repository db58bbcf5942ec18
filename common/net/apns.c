/*
 * Apple Push Notification service: POST /3/device/{token} over HTTP/2, by a
 * provider token.  Sources: developer.apple.com/documentation/
 * usernotifications/sending-notification-requests-to-apns and
 * establishing-a-token-based-connection-to-apns.
 */
#include "base/doc.h"
#include "net/answer.h"
#include "net/json.h"
#include "net/providers.h"
#include "net/push.h"
#include "net/settings.h"
#include "net/token.h"
#include "base/error.h"
#include "base/hash.h"

#include <stddef.h>
#include <string.h>

/* A token may be renewed every 20 minutes at most and must be every 60. */
#define TOKEN_LIFE_S (50 * 60)

typedef struct {
	JrProvider base;
	char *key, *key_id, *team_id, *topic, *environment;
	char *base_url; /* for tests and gateways; NULL: by environment */
	char *cache_dir, *cache_name;
	JrToken token;
	JrToken refused; /* as expired: not to be taken out of the cache */
} Apns;

#define AT(field) offsetof(Apns, field)

static const JrSetting settings[] = {
	{ "key", JR_SETTING_SECRET, AT(key), TRUE, NULL, NULL, NULL },
	{ "key_id", JR_SETTING_TEXT, AT(key_id), TRUE, "^[A-Z0-9]{10}$",
	  "its 10 letters and digits", NULL },
	{ "team_id", JR_SETTING_TEXT, AT(team_id), TRUE, "^[A-Z0-9]{10}$",
	  "its 10 letters and digits", NULL },
	{ "topic", JR_SETTING_TEXT, AT(topic), TRUE, "^[A-Za-z0-9.-]{1,255}$",
	  "the app's bundle id", NULL },
	{ "environment", JR_SETTING_TEXT, AT(environment), FALSE,
	  "^(production|sandbox)$", "production or sandbox", "production" },
	{ "base_url", JR_SETTING_URL, AT(base_url), FALSE, NULL, NULL, NULL },
	JR_SETTINGS_OF_ALL,
};

static const struct {
	const char *environment, *url;
} hosts[] = {
	{ "production", "https://api.push.apple.com" },
	{ "sandbox", "https://api.sandbox.push.apple.com" },
};

static void apns_close(JrProvider *provider)
{
	Apns *a = (Apns *)provider;

	g_free(a->cache_dir);
	g_free(a->cache_name);
	jr_token_clear(&a->token);
	jr_token_clear(&a->refused);
}

static gboolean apns_open(JrProvider *provider, const JrProviderSetup *setup,
			  GError **error)
{
	Apns *a = (Apns *)provider;
	g_autoptr(GError) why = NULL;

	if (!jr_jwt_check_key(JR_JWT_ES256, a->key, &why)) {
		g_autofree char *what = g_strdup_printf("is %s", why->message);

		return jr_settings_wrong(setup, "key_file", what, error);
	}
	const char *const parts[] = { a->team_id, a->key_id, a->key, NULL };
	a->cache_dir = g_strdup(setup->cache_dir);
	a->cache_name = jr_token_name("apns", parts);
	return TRUE;
}

static gboolean is_good(const JrToken *token, gint64 now_s)
{
	return token->text && token->from_s <= now_s && now_s < token->until_s;
}

/* Take the token that another run signed. */
static gboolean take_kept(Apns *a, gint64 now_s)
{
	jr_token_clear(&a->token);
	if (jr_token_load(a->cache_dir, a->cache_name, &a->token) &&
	    is_good(&a->token, now_s) &&
	    g_strcmp0(a->token.text, a->refused.text) != 0)
		return TRUE;
	jr_token_clear(&a->token);
	return FALSE;
}

static gboolean sign(Apns *a, gint64 now_s, GError **error)
{
	g_autoptr(json_t) claims = json_pack("{s:s, s:I}", "iss", a->team_id,
					     "iat", (json_int_t)now_s);
	char *jwt = jr_jwt_sign(
		&(JrJwt){ JR_JWT_ES256, a->key, a->key_id, claims }, error);

	if (!jwt)
		return FALSE;
	a->token = (JrToken){ jwt, now_s, now_s + TOKEN_LIFE_S };
	/* Without a cache runs may renew it too often, and APNs says so. */
	jr_token_save(a->cache_dir, a->cache_name, &a->token, NULL);
	return TRUE;
}

static JrTokenState apns_token(JrProvider *provider, gint64 now_s,
			       JrHttpRequest *request, GError **error)
{
	Apns *a = (Apns *)provider;

	(void)request; /* nobody is asked: we sign it ourselves */
	if (is_good(&a->token, now_s) || take_kept(a, now_s))
		return JR_TOKEN_READY;
	/* Of runs that come here together one signs, and the others take it. */
	int lock = jr_token_lock(a->cache_dir, a->cache_name);
	gboolean ready = take_kept(a, now_s) || sign(a, now_s, error);
	jr_token_unlock(lock);
	return ready ? JR_TOKEN_READY : JR_TOKEN_FAILED;
}

static void apns_token_stale(JrProvider *provider)
{
	Apns *a = (Apns *)provider;

	jr_token_clear(&a->refused);
	a->refused = a->token;
	a->token = (JrToken){ 0 };
}

static char *apns_authorization(JrProvider *provider)
{
	return g_strconcat("bearer ", ((Apns *)provider)->token.text, NULL);
}

/* A UUID (RFC 9562, version 8) that is the same for the same message and
 * device; owned. */
static char *uuid_of(const JrHandover *h)
{
	g_autofree char *both = g_strconcat(h->id, "\n", h->to, NULL);
	char hex[JR_SHA256_SIZE];

	jr_sha256(both, strlen(both), hex);
	hex[12] = '8';
	hex[16] = "89ab"[g_ascii_xdigit_value(hex[16]) & 3];
	return g_strdup_printf("%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
			       hex + 12, hex + 16, hex + 20);
}

static const char *url_of(const Apns *a, const JrHandover *h)
{
	const char *environment =
		h->environment ? h->environment : a->environment;

	if (a->base_url)
		return a->base_url;
	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++)
		if (g_str_equal(hosts[i].environment, environment))
			return hosts[i].url;
	return NULL;
}

static const char *type_of(const JrPushOptions *o)
{
	if (o->push_type)
		return o->push_type;
	return o->silent ? "background" : "alert";
}

/* The bundle id and, for some types, what APNs wants it to end in; owned. */
static char *topic_of(const Apns *a, const JrHandover *h, const char *type)
{
	static const struct {
		const char *type, *end;
	} ends[] = {
		{ "location", ".location-query" },
		{ "voip", ".voip" },
		{ "complication", ".complication" },
		{ "fileprovider", ".pushkit.fileprovider" },
		{ "liveactivity", ".push-type.liveactivity" },
		{ "pushtotalk", ".voip-ptt" },
	};
	const char *app = h->app ? h->app : a->topic;

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_equal(ends[i].type, type) &&
		    !g_str_has_suffix(app, ends[i].end))
			return g_strconcat(app, ends[i].end, NULL);
	return g_strdup(app);
}

static char **headers_of(const Apns *a, const JrHandover *h,
			 const JrPushOptions *o)
{
	g_autoptr(GStrvBuilder) headers = g_strv_builder_new();
	const char *type = type_of(o);
	g_autofree char *uuid = uuid_of(h);
	g_autofree char *topic = topic_of(a, h, type);
	g_autofree char *collapse = jr_push_id(
		o->collapse_id ? o->collapse_id : h->id, JR_PUSH_COLLAPSE_MAX);
	gboolean later = o->silent || g_strcmp0(o->priority, "normal") == 0;
	const struct {
		const char *name, *value;
	} list[] = {
		{ "content-type", "application/json" },
		{ "apns-topic", topic },
		{ "apns-push-type", type },
		{ "apns-priority", later ? "5" : "10" },
		{ "apns-id", uuid },
		{ "apns-collapse-id", collapse },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(list); i++) {
		g_autofree char *line =
			g_strconcat(list[i].name, ": ", list[i].value, NULL);

		g_strv_builder_add(headers, line);
	}
	if (h->deadline_s) {
		g_autofree char *line = g_strdup_printf(
			"apns-expiration: %" G_GINT64_FORMAT, h->deadline_s);

		g_strv_builder_add(headers, line);
	}
	return g_strv_builder_end(headers);
}

/* The app's own part of the payload. */
static gboolean put_data(json_t *payload, const JrHandover *h, GError **error)
{
	guint32 n = jr_val_is_null(h->data) ? 0 : h->data->len;

	for (guint32 i = 0; i < n; i++) {
		const JrMember *member = &h->data->members[i];

		if (!jr_push_key_check(member->key, JR_PUSH_TO_APNS, error))
			return FALSE;
		json_object_set_new(payload, member->key,
				    jr_doc_of_val(&member->val));
	}
	jr_json_put_text(payload, "link", h->link);
	jr_json_put_text(payload, "CIO.push.link", h->link);
	jr_json_put_text(payload, "CIO.push.image", h->image);
	jr_json_put_text(payload, "CIO-Delivery-ID", h->id);
	jr_json_put_text(payload, "CIO-Delivery-Token", h->to);
	return TRUE;
}

static GBytes *payload_of(const JrHandover *h, const JrPushOptions *o,
			  GError **error)
{
	g_autoptr(json_t) payload = json_object();
	g_autoptr(GBytes) bytes = NULL;

	if (o->silent) {
		jr_json_put(payload, "aps.content-available", json_integer(1));
	} else {
		jr_json_put_text(payload, "aps.alert.title", h->title);
		jr_json_put_text(payload, "aps.alert.body", h->body);
		jr_json_put(payload, "aps.mutable-content", json_integer(1));
		json_object_update_recursive(json_object_get(payload, "aps"),
					     o->aps);
	}
	if (!put_data(payload, h, error))
		return NULL;
	bytes = jr_json_bytes(payload);
	return jr_push_fits(g_bytes_get_size(bytes), JR_PUSH_PAYLOAD_MAX, error)
		       ? g_steal_pointer(&bytes)
		       : NULL;
}

/* What of @h APNs cannot take; NULL: nothing. */
static const char *fault_of(const JrHandover *h, const JrPushOptions *o,
			    const char *url)
{
	gsize len = strlen(h->to);

	if (g_strcmp0(h->kind, "apns") != 0)
		return "APNs takes devices of the kind 'apns' only";
	if (len < 64 || len > 200 || len % 2 ||
	    strspn(h->to, "0123456789abcdefABCDEF") != len)
		return "this is no APNs token: write 64 or more hex digits";
	if (!url)
		return "the device's environment is neither production nor "
		       "sandbox";
	if (h->app && !g_regex_match_simple("^[A-Za-z0-9.-]{1,255}$", h->app,
					    G_REGEX_DOLLAR_ENDONLY, 0))
		return "the device's app is no bundle id";
	if (g_strcmp0(o->push_type, "background") == 0 && !o->silent)
		return "push_type background shows nothing: write silent: true";
	if (g_strcmp0(o->push_type, "alert") == 0 && o->silent)
		return "push_type alert shows something: leave it or silent "
		       "out";
	return NULL;
}

static gboolean fill_request(const Apns *a, const JrHandover *h,
			     const JrPushOptions *o, JrHttpRequest *request,
			     GError **error)
{
	const char *url = url_of(a, h);
	const char *fault = fault_of(h, o, url);

	if (fault) {
		g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT, fault);
		return FALSE;
	}
	request->body = payload_of(h, o, error);
	if (!request->body)
		return FALSE;
	request->method = "POST";
	request->url = g_strconcat(url, "/3/device/", h->to, NULL);
	request->headers = headers_of(a, h, o);
	request->http2 = TRUE;
	return TRUE;
}

static gboolean apns_request(JrProvider *provider, const JrHandover *h,
			     const JrPermit *permit, JrHttpRequest *request,
			     GError **error)
{
	JrPushOptions options;

	g_assert(permit);
	gboolean good = jr_push_options_read(h, &options, error) &&
			jr_push_check(h, &options, error) &&
			fill_request((const Apns *)provider, h, &options,
				     request, error);
	jr_push_options_clear(&options);
	return good;
}

static void apns_answer(JrProvider *provider, const JrHttpAnswer *http,
			JrAnswer *answer)
{
	g_autofree char *id = jr_http_answer_header(http, "apns-id");

	if (http->status == 200) {
		answer->provider_id = g_strdup(jr_answer_id(id));
		return;
	}
	g_autoptr(json_t) object = jr_answer_json(http->body);
	jr_answer_set(answer, provider, jr_answer_text(object, "reason"),
		      http->status);
	answer->stale_token =
		g_strcmp0(answer->code, "ExpiredProviderToken") == 0;
	if (answer->outcome == JR_OUTCOME_DROP_TOKEN && http->status == 410)
		answer->gone_at_ms = json_integer_value(
			json_object_get(object, "timestamp"));
	if (answer->outcome == JR_OUTCOME_WAIT)
		answer->wait_s =
			MAX(answer->wait_s, jr_http_answer_retry_after_s(http));
}

/* ---- --verify: a device that nobody has ---- */

static gboolean apns_question(JrProvider *provider, guint n, gint64 now_s,
			      JrHttpRequest *request, JrCheck *check)
{
	static const char payload[] = "{\"aps\":{\"content-available\":1}}";
	const Apns *a = (const Apns *)provider;
	const JrPushOptions options = { .silent = TRUE };
	char token[JR_SHA256_SIZE];
	const JrHandover nobody = {
		.id = "verify", .to = token, .now_s = now_s, .deadline_s = now_s
	};

	if (n > 0)
		return FALSE;
	jr_sha256("nobody", strlen("nobody"), token);
	check->what = "a device that nobody has";
	request->method = "POST";
	request->url =
		g_strconcat(url_of(a, &nobody), "/3/device/", token, NULL);
	request->headers = headers_of(a, &nobody, &options);
	request->body = g_bytes_new_static(payload, strlen(payload));
	request->http2 = TRUE;
	return TRUE;
}

/* It is told apart from known ones only after all else was found right. */
static void apns_verdict(JrProvider *provider, guint n,
			 const JrHttpAnswer *http, JrCheck *check)
{
	g_auto(JrAnswer) answer = { 0 };

	(void)n;
	apns_answer(provider, http, &answer);
	jr_answer_check(&answer, JR_OUTCOME_DROP_TOKEN, check);
}

/* An app says itself what its bundle id is, and its environment. */
static const char *const doubtful[] = {
	"BadDeviceToken",
	"DeviceTokenNotForTopic",
	"BadTopic",
	"TopicDisallowed",
	"BadEnvironmentKeyIdInToken",
	"BadEnvironmentKeyInToken",
	NULL,
};

const JrProviderKind jr_provider_apns = {
	.name = "apns",
	.channels = 1 << JR_CHANNEL_PUSH,
	.http2 = TRUE,
	.first_alone = TRUE,
	.classes = jr_apns_classes,
	.size = sizeof(Apns),
	.settings = settings,
	.open = apns_open,
	.close = apns_close,
	.request = apns_request,
	.answer = apns_answer,
	.doubtful = doubtful,
	.question = apns_question,
	.verdict = apns_verdict,
	.token = apns_token,
	.token_stale = apns_token_stale,
	.authorization = apns_authorization,
};
