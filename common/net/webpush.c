/*
 * Web Push: POST to the address that a browser gave us, encrypted for it.
 * Sources: RFC 8030 (the request), RFC 8291 (what is in it), RFC 8292 (VAPID:
 * whose it is).
 */
#include "net/answer.h"
#include "net/base64url.h"
#include "net/ece.h"
#include "net/json.h"
#include "net/p256.h"
#include "net/providers.h"
#include "net/push.h"
#include "net/settings.h"
#include "net/token.h"
#include "net/webpush.h"
#include "base/error.h"
#include "base/hash.h"

#include <stddef.h>
#include <string.h>

#define TTL_MAX_S (28 * 86400)	 /* services keep no message longer */
#define TOKEN_LIFE_S (12 * 3600) /* RFC 8292, 2: at most 24 hours */
#define TOKEN_SPARE_S 600
#define TOPIC_MAX 32 /* RFC 8030, 5.4; characters of base64url */

typedef struct {
	JrProvider base;
	char *vapid_key, *public_key, *subject;
	const JrVal *hosts;
	char *pem, *public; /* of vapid_key: base64url */
	GHashTable *tokens; /* origin to JrToken * */
} WebPush;

#define AT(field) offsetof(WebPush, field)

static const JrSetting settings[] = {
	{ "vapid_key", JR_SETTING_SECRET, AT(vapid_key), TRUE, NULL, NULL,
	  NULL },
	{ "public_key", JR_SETTING_TEXT, AT(public_key), FALSE,
	  "^B[A-Za-z0-9_-]{86}=?$",
	  "the key that browsers subscribe with, 65 bytes of base64url", NULL },
	{ "subject", JR_SETTING_TEXT, AT(subject), TRUE,
	  "^(mailto:.+@.+|https://.+)$",
	  "mailto: and an address, or a https URL, where the services reach you",
	  NULL },
	{ "hosts", JR_SETTING_LIST, AT(hosts), FALSE, NULL, NULL, NULL },
	JR_SETTINGS_OF_ALL,
};

/* Whoever registers a subscription says where we POST to: no further than to
 * the services of the browsers that there are. */
static const char *const known_hosts[] = {
	"fcm.googleapis.com",
	"push.services.mozilla.com",
	"push.apple.com",
	"notify.windows.com",
};

static void token_free(gpointer data)
{
	jr_token_clear(data);
	g_free(data);
}

static void webpush_close(JrProvider *provider)
{
	WebPush *w = (WebPush *)provider;

	if (w->pem)
		explicit_bzero(w->pem, strlen(w->pem));
	g_free(w->pem);
	g_free(w->public);
	g_clear_pointer(&w->tokens, g_hash_table_unref);
}

/* As PEM has it, or as tools for Web Push print it: 32 bytes of base64url. */
static EVP_PKEY *read_key(const char *text)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(text));
	g_autofree guint8 *bytes = NULL;
	EVP_PKEY *key = NULL;
	gsize n = 0;

	if (strstr(text, "-----BEGIN"))
		return jr_p256_of_pem(text);
	bytes = jr_base64url_decode(trimmed, strlen(trimmed), &n);
	if (bytes && n == JR_P256_SECRET)
		key = jr_p256_of_secret(bytes);
	if (bytes)
		explicit_bzero(bytes, n);
	explicit_bzero(trimmed, strlen(trimmed));
	return key;
}

/* Browsers that subscribed with another key refuse whatever we send. */
static gboolean check_public_key(const JrProviderSetup *setup, const WebPush *w,
				 GError **error)
{
	g_autofree char *what = g_strdup_printf(
		"is not of vapid_key, whose public key is %s: give the key "
		"that goes with what browsers subscribe with",
		w->public);

	return !w->public_key ||
	       strncmp(w->public_key, w->public, strlen(w->public)) == 0 ||
	       jr_settings_wrong(setup, "public_key", what, error);
}

static gboolean webpush_open(JrProvider *provider, const JrProviderSetup *setup,
			     GError **error)
{
	WebPush *w = (WebPush *)provider;
	g_autoptr(EVP_PKEY) key = NULL;
	guint8 point[JR_P256_POINT];

	w->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					  token_free);
	key = read_key(w->vapid_key);
	if (!key)
		return jr_settings_wrong(
			setup, "vapid_key_file",
			"holds no key pair on the curve P-256: write one "
			"in PEM or as 32 bytes of base64url",
			error);
	jr_p256_point(key, point);
	w->pem = jr_p256_pem(key);
	w->public = jr_base64url(point, sizeof point);
	return check_public_key(setup, w, error);
}

gboolean jr_webpush_check_keys(const char *p256dh, const char *auth,
			       GError **error)
{
	JrEceKeys keys;

	return jr_ece_keys_read(p256dh, auth, &keys, error);
}

/* ---- the request ---- */

static gboolean is_host(const char *host, const char *allowed)
{
	gsize len = strlen(host), want = strlen(allowed);

	return len >= want &&
	       g_ascii_strcasecmp(host + len - want, allowed) == 0 &&
	       (len == want || host[len - want - 1] == '.');
}

static gboolean may_go_to(const WebPush *w, const char *host)
{
	for (guint32 i = 0; w->hosts && i < w->hosts->len; i++)
		if (is_host(host, w->hosts->items[i].text))
			return TRUE;
	for (gsize i = 0; !w->hosts && i < G_N_ELEMENTS(known_hosts); i++)
		if (is_host(host, known_hosts[i]))
			return TRUE;
	return FALSE;
}

/* The origin (RFC 6454) of the address @to; owned.  NULL and JR_ERROR_INPUT. */
static char *origin_of(const WebPush *w, const char *to, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(to, G_URI_FLAGS_ENCODED, NULL);
	const char *fault = NULL;
	int port;

	if (!uri || !g_uri_get_host(uri) ||
	    g_strcmp0(g_uri_get_scheme(uri), "https") != 0 ||
	    !jr_http_check_url(to, NULL))
		fault = "the subscription's endpoint is no https URL";
	else if (!may_go_to(w, g_uri_get_host(uri)))
		fault = "the subscription's endpoint is of no push service "
			"that is known: see hosts in jr-providers(5)";
	if (fault) {
		g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT, fault);
		return NULL;
	}
	port = g_uri_get_port(uri);
	return port < 0 || port == 443
		       ? g_strdup_printf("https://%s", g_uri_get_host(uri))
		       : g_strdup_printf("https://%s:%d", g_uri_get_host(uri),
					 port);
}

/* The token for @origin, good at @now_s; borrowed.  NULL and
 * JR_ERROR_CONFIG. */
static const char *token_for(WebPush *w, const char *origin, gint64 now_s,
			     GError **error)
{
	JrToken *token = g_hash_table_lookup(w->tokens, origin);
	const gint64 until_s = now_s + TOKEN_LIFE_S;
	g_autoptr(json_t) claims = NULL;
	char *jwt;

	if (token && token->from_s <= now_s &&
	    now_s < token->until_s - TOKEN_SPARE_S)
		return token->text;
	claims = json_pack("{s:s, s:I, s:s}", "aud", origin, "exp",
			   (json_int_t)until_s, "sub", w->subject);
	jwt = jr_jwt_sign(&(JrJwt){ JR_JWT_ES256, w->pem, NULL, claims },
			  error);
	if (!jwt)
		return NULL;
	token = g_new(JrToken, 1);
	*token = (JrToken){ jwt, now_s, until_s };
	g_hash_table_replace(w->tokens, g_strdup(origin), token);
	return token->text;
}

/* Characters of base64url, and few; a hash of @id where it is not that. */
static char *topic_of(const char *id)
{
	const char *const parts[] = { id, NULL };
	gsize len = strspn(id, "abcdefghijklmnopqrstuvwxyz"
			       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	return len > 0 && len <= TOPIC_MAX && id[len] == '\0'
		       ? g_strdup(id)
		       : jr_hash_id("h-", parts);
}

static char **headers_of(const JrHandover *h, const JrPushOptions *o)
{
	g_autoptr(GStrvBuilder) headers = g_strv_builder_new();
	g_autofree char *topic =
		topic_of(o->collapse_id ? o->collapse_id : h->id);
	g_autofree char *ttl = g_strdup_printf("TTL: %" G_GINT64_FORMAT,
					       jr_push_ttl_s(h, TTL_MAX_S));
	g_autofree char *topic_line = g_strconcat("Topic: ", topic, NULL);

	g_strv_builder_add(headers, "Content-Type: application/octet-stream");
	g_strv_builder_add(headers, "Content-Encoding: aes128gcm");
	g_strv_builder_add(headers, ttl);
	g_strv_builder_add(headers, topic_line);
	if (o->priority) {
		g_autofree char *line =
			g_strconcat("Urgency: ", o->priority, NULL);

		g_strv_builder_add(headers, line);
	}
	return g_strv_builder_end(headers);
}

static GBytes *body_of(const JrHandover *h, const JrPushOptions *o,
		       GError **error)
{
	g_autoptr(json_t) message = jr_webpush_message(h, o, error);
	g_autoptr(GBytes) text = message ? jr_json_bytes(message) : NULL;
	JrEceKeys keys;
	gsize len;

	if (!text || !jr_push_fits(g_bytes_get_size(text), JR_ECE_MAX, error) ||
	    !jr_ece_keys_read(h->p256dh, h->auth, &keys, error))
		return NULL;
	const void *bytes = g_bytes_get_data(text, &len);
	return jr_ece_encrypt(&keys, NULL, bytes, len, error);
}

static gboolean fill_request(WebPush *w, const JrHandover *h,
			     const JrPushOptions *o, JrHttpRequest *request,
			     GError **error)
{
	g_autofree char *origin = origin_of(w, h->to, error);
	const char *token =
		origin ? token_for(w, origin, h->now_s, error) : NULL;

	if (!token)
		return FALSE;
	request->body = body_of(h, o, error);
	if (!request->body)
		return FALSE;
	request->method = "POST";
	request->url = g_strdup(h->to);
	request->headers = headers_of(h, o);
	request->authorization =
		g_strdup_printf("vapid t=%s, k=%s", token, w->public);
	request->http2 = TRUE;
	return TRUE;
}

static gboolean webpush_request(JrProvider *provider, const JrHandover *h,
				const JrPermit *permit, JrHttpRequest *request,
				GError **error)
{
	JrPushOptions options;

	g_assert(permit);
	if (g_strcmp0(h->kind, "webpush") != 0) {
		g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT,
				    "Web Push takes devices of the kind "
				    "'webpush' only");
		return FALSE;
	}
	gboolean good =
		jr_push_options_read(h, &options, error) &&
		jr_push_check(h, &options, error) &&
		fill_request((WebPush *)provider, h, &options, request, error);
	jr_push_options_clear(&options);
	return good;
}

static void webpush_answer(JrProvider *provider, const JrHttpAnswer *http,
			   JrAnswer *answer)
{
	g_autofree char *where = jr_http_answer_header(http, "Location");

	if (http->status >= 200 && http->status <= 202) {
		answer->provider_id = g_strdup(jr_answer_id(where));
		return;
	}
	jr_answer_set(answer, provider, NULL, http->status);
	if (answer->outcome == JR_OUTCOME_WAIT)
		answer->wait_s =
			MAX(answer->wait_s, jr_http_answer_retry_after_s(http));
}

static const char *const doubtful[] = { "http-403", NULL };

/*
 * Push services look at our key together with a subscription alone, and who has
 * one is messaged.  So it is only said with what browsers must have subscribed;
 * that the key can sign is seen.
 */
static gboolean webpush_question(JrProvider *provider, guint n, gint64 now_s,
				 JrHttpRequest *request, JrCheck *check)
{
	WebPush *w = (WebPush *)provider;
	g_autoptr(GError) error = NULL;
	const char *token;

	(void)request;
	if (n > 0)
		return FALSE;
	check->what = "vapid key";
	token = token_for(w, "https://fcm.googleapis.com", now_s, &error);
	if (token) {
		check->said = g_strdup_printf("browsers subscribe with %s",
					      w->public);
	} else {
		check->state = JR_CHECK_WRONG;
		check->said = g_strdup(error->message);
	}
	return TRUE;
}

const JrProviderKind jr_provider_webpush = {
	.name = "webpush",
	.channels = 1 << JR_CHANNEL_PUSH,
	.http2 = TRUE,
	.classes = jr_webpush_classes,
	.question = webpush_question,
	.size = sizeof(WebPush),
	.settings = settings,
	.open = webpush_open,
	.close = webpush_close,
	.request = webpush_request,
	.answer = webpush_answer,
	.doubtful = doubtful,
};
