/*
 * Firebase Cloud Messaging, HTTP v1: POST /v1/projects/{project}/messages:send
 * with an access token of Google's.  Sources: firebase.google.com/docs/
 * reference/fcm/rest/v1/projects.messages; developers.google.com/identity/
 * protocols/oauth2/service-account.
 */
#include "net/answer.h"
#include "net/form.h"
#include "net/json.h"
#include "net/providers.h"
#include "net/push.h"
#include "net/settings.h"
#include "net/token.h"
#include "base/error.h"

#include <stddef.h>
#include <string.h>

#define SCOPE "https://www.googleapis.com/auth/firebase.messaging"
#define GRANT "urn:ietf:params:oauth:grant-type:jwt-bearer"
#define TOKEN_LIFE_S 3600
#define TOKEN_SPARE_S 60 /* renewed so long before it ends */

typedef struct {
	JrProvider base;
	char *service_account; /* the key file's text */
	char *project, *base_url;
	gboolean validate_only, data_only;
	/* out of the key file */
	char *email, *key, *key_id, *token_url;
	char *cache_dir, *cache_name;
	JrToken token;
	JrToken refused; /* as expired: not to be taken out of the cache */
} Fcm;

#define AT(field) offsetof(Fcm, field)

static const JrSetting settings[] = {
	{ "service_account", JR_SETTING_SECRET, AT(service_account), TRUE, NULL,
	  NULL, NULL },
	{ "project", JR_SETTING_TEXT, AT(project), FALSE,
	  "^[a-z][a-z0-9-]{3,}[a-z0-9]$", "the Firebase project's id", NULL },
	{ "base_url", JR_SETTING_URL, AT(base_url), FALSE, NULL, NULL,
	  "https://fcm.googleapis.com" },
	{ "validate_only", JR_SETTING_YES, AT(validate_only), FALSE, NULL, NULL,
	  NULL },
	{ "data_only", JR_SETTING_YES, AT(data_only), FALSE, NULL, NULL, NULL },
	JR_SETTINGS_OF_ALL,
};

static void fcm_close(JrProvider *provider)
{
	Fcm *f = (Fcm *)provider;

	if (f->key)
		explicit_bzero(f->key, strlen(f->key));
	g_free(f->email);
	g_free(f->key);
	g_free(f->key_id);
	g_free(f->token_url);
	g_free(f->cache_dir);
	g_free(f->cache_name);
	jr_token_clear(&f->token);
	jr_token_clear(&f->refused);
}

static gboolean wrong_key_file(const JrProviderSetup *setup, const char *what,
			       GError **error)
{
	g_autofree char *text = g_strdup_printf(
		"%s: write the JSON key file of a service account", what);

	return jr_settings_wrong(setup, "service_account_file", text, error);
}

static gboolean no_field(const JrProviderSetup *setup, const json_t *file,
			 const char *field, GError **error)
{
	g_autofree char *what = file ? g_strdup_printf("has no %s", field)
				     : g_strdup("is no JSON");

	return wrong_key_file(setup, what, error);
}

/* Whether what is said in it can be used. */
static gboolean check_key_file(const JrProviderSetup *setup, const Fcm *f,
			       GError **error)
{
	g_autoptr(GError) key = NULL, url = NULL;
	g_autofree char *what = NULL;

	if (!jr_jwt_check_key(JR_JWT_RS256, f->key, &key))
		what = g_strdup_printf("has a private_key that is %s",
				       key->message);
	else if (!jr_http_check_url(f->token_url, &url))
		what = g_strdup_printf("has a token_uri that is %s",
				       url->message);
	return !what ||
	       jr_settings_wrong(setup, "service_account_file", what, error);
}

/* Take what is needed out of the key file. */
static gboolean read_key_file(const JrProviderSetup *setup, Fcm *f,
			      GError **error)
{
	const struct {
		const char *field;
		char **at;
		gboolean required;
	} fields[] = {
		{ "client_email", &f->email, TRUE },
		{ "private_key", &f->key, TRUE },
		{ "token_uri", &f->token_url, TRUE },
		{ "private_key_id", &f->key_id, FALSE },
		{ "project_id", &f->project, FALSE },
	};
	g_autoptr(GString) text = g_string_new(f->service_account);
	g_autoptr(json_t) file = jr_answer_json(text);

	explicit_bzero(text->str, text->len);
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		const char *value = jr_answer_text(file, fields[i].field);

		if (!value && fields[i].required)
			return no_field(setup, file, fields[i].field, error);
		if (!*fields[i].at)
			*fields[i].at = g_strdup(value);
	}
	if (!f->project)
		return no_field(setup, file, "project_id", error);
	return check_key_file(setup, f, error);
}

static gboolean fcm_open(JrProvider *provider, const JrProviderSetup *setup,
			 GError **error)
{
	Fcm *f = (Fcm *)provider;

	if (!read_key_file(setup, f, error))
		return FALSE;
	const char *const parts[] = { f->email, f->key, f->token_url, NULL };
	f->cache_dir = g_strdup(setup->cache_dir);
	f->cache_name = jr_token_name("fcm", parts);
	return TRUE;
}

/* A token made after now is of another clock: --now, or one that was set. */
static gboolean is_good(const JrToken *token, gint64 now_s)
{
	return token->text && token->from_s <= now_s + TOKEN_SPARE_S &&
	       now_s < token->until_s - TOKEN_SPARE_S;
}

/* The JWT that a token is asked for with; owned. */
static char *assertion(const Fcm *f, gint64 now_s, GError **error)
{
	g_autoptr(json_t) claims =
		json_pack("{s:s, s:s, s:s, s:I, s:I}", "iss", f->email, "scope",
			  SCOPE, "aud", f->token_url, "iat", (json_int_t)now_s,
			  "exp", (json_int_t)now_s + TOKEN_LIFE_S);

	return jr_jwt_sign(&(JrJwt){ JR_JWT_RS256, f->key, f->key_id, claims },
			   error);
}

static JrTokenState fcm_token(JrProvider *provider, gint64 now_s,
			      JrHttpRequest *request, GError **error)
{
	Fcm *f = (Fcm *)provider;

	if (is_good(&f->token, now_s))
		return JR_TOKEN_READY;
	jr_token_clear(&f->token);
	if (jr_token_load(f->cache_dir, f->cache_name, &f->token) &&
	    is_good(&f->token, now_s) &&
	    g_strcmp0(f->token.text, f->refused.text) != 0)
		return JR_TOKEN_READY;
	jr_token_clear(&f->token);
	g_autofree char *jwt = assertion(f, now_s, error);
	if (!jwt)
		return JR_TOKEN_FAILED;
	GString *form = g_string_new(NULL);
	jr_form_add(form, "grant_type", GRANT);
	jr_form_add(form, "assertion", jwt);
	request->method = "POST";
	request->url = g_strdup(f->token_url);
	request->headers = g_strsplit(
		"Content-Type: application/x-www-form-urlencoded", "\n", -1);
	request->body = g_string_free_to_bytes(form);
	request->http2 = TRUE;
	return JR_TOKEN_ASK;
}

/* Why no token came: later may do, or never. */
static gboolean no_token(const JrHttpAnswer *http, const json_t *object,
			 GError **error)
{
	const char *code = jr_answer_code(jr_answer_text(object, "error"));
	gboolean ours = http->end == JR_HTTP_ANSWERED &&
			http->status / 100 == 4 && http->status != 429 &&
			http->status != 408;

	if (http->end != JR_HTTP_ANSWERED)
		g_set_error(error, JR_ERROR, JR_ERROR_BUSY,
			    "no access token: %s", http->reason);
	else
		g_set_error(error, JR_ERROR,
			    ours ? JR_ERROR_CONFIG : JR_ERROR_BUSY,
			    "no access token: http-%d %s%s", http->status,
			    code ? code : "without a reason",
			    ours ? ": check the service account and the clock"
				 : "");
	return FALSE;
}

static gboolean fcm_token_answer(JrProvider *provider, gint64 now_s,
				 const JrHttpAnswer *http, GError **error)
{
	Fcm *f = (Fcm *)provider;
	gboolean good =
		http->end == JR_HTTP_ANSWERED && http->status / 100 == 2;
	g_autoptr(json_t) object = http->end == JR_HTTP_ANSWERED
					   ? jr_answer_json(http->body)
					   : NULL;
	const char *text = jr_answer_id(jr_answer_text(object, "access_token"));
	json_int_t life =
		json_integer_value(json_object_get(object, "expires_in"));

	if (!good || !text || life <= TOKEN_SPARE_S)
		return no_token(http, object, error);
	jr_token_clear(&f->token);
	f->token = (JrToken){ g_strdup(text), now_s,
			      now_s + MIN(life, TOKEN_LIFE_S) };
	/* Without a cache the next run asks again: no reason to stop. */
	jr_token_save(f->cache_dir, f->cache_name, &f->token, NULL);
	return TRUE;
}

static void fcm_token_stale(JrProvider *provider)
{
	Fcm *f = (Fcm *)provider;

	/* Before one was asked for it is about the one that is kept. */
	if (!f->token.text)
		jr_token_load(f->cache_dir, f->cache_name, &f->token);
	jr_token_clear(&f->refused);
	f->refused = f->token;
	f->token = (JrToken){ 0 };
}

static char *fcm_authorization(JrProvider *provider)
{
	return g_strconcat("Bearer ", ((Fcm *)provider)->token.text, NULL);
}

static void aim(JrHttpRequest *request, const Fcm *f)
{
	request->method = "POST";
	request->url = g_strdup_printf("%s/v1/projects/%s/messages:send",
				       f->base_url, f->project);
	request->headers =
		g_strsplit("Content-Type: application/json", "\n", -1);
	request->http2 = TRUE;
}

static gboolean fill_request(const Fcm *f, const JrHandover *h,
			     const JrPushOptions *o, JrHttpRequest *request,
			     GError **error)
{
	const JrFcmForm form = { .validate_only = f->validate_only,
				 .data_only = f->data_only };

	request->body = jr_fcm_body(h, o, &form, error);
	if (!request->body)
		return FALSE;
	aim(request, f);
	return TRUE;
}

static gboolean fcm_request(JrProvider *provider, const JrHandover *h,
			    const JrPermit *permit, JrHttpRequest *request,
			    GError **error)
{
	JrPushOptions options;

	g_assert(permit);
	if (g_strcmp0(h->kind, "fcm-token") != 0 &&
	    g_strcmp0(h->kind, "fcm-fid") != 0) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "FCM takes no device of the kind '%s'",
			    h->kind ? h->kind : "");
		return FALSE;
	}
	gboolean good = jr_push_options_read(h, &options, error) &&
			jr_push_check(h, &options, error) &&
			fill_request((const Fcm *)provider, h, &options,
				     request, error);
	jr_push_options_clear(&options);
	return good;
}

/* Whether what is wrong is the token, in one of the ways FCM says so. */
static gboolean blames_token(const json_t *error)
{
	const char *text = jr_answer_text(error, "message");
	const json_t *detail, *violation;
	size_t i, j;

	if (text && strstr(text, "registration token"))
		return TRUE;
	json_array_foreach (json_object_get(error, "details"), i, detail)
		json_array_foreach (json_object_get(detail, "fieldViolations"),
				    j, violation)
			if (g_strcmp0(jr_answer_text(violation, "field"),
				      "message.token") == 0)
				return TRUE;
	return FALSE;
}

/* FCM's own code, else Google's status, else NULL.  Borrowed. */
static const char *code_of(const json_t *error)
{
	const char *code = NULL;
	const json_t *detail;
	size_t i;

	json_array_foreach (json_object_get(error, "details"), i, detail) {
		const char *type = jr_answer_text(detail, "@type");

		if (type && g_str_has_suffix(type, ".FcmError"))
			code = jr_answer_text(detail, "errorCode");
	}
	if (!code)
		code = jr_answer_text(error, "status");
	if (g_strcmp0(code, "INVALID_ARGUMENT") == 0 && blames_token(error))
		return "INVALID_ARGUMENT.token";
	return code;
}

static void fcm_answer(JrProvider *provider, const JrHttpAnswer *http,
		       JrAnswer *answer)
{
	g_autoptr(json_t) object = jr_answer_json(http->body);
	const char *name = jr_answer_id(jr_answer_text(object, "name"));

	if (http->status / 100 == 2 && name) {
		answer->provider_id = g_strdup(name);
		return;
	}
	jr_answer_set(answer, provider,
		      http->status / 100 == 2
			      ? NULL
			      : code_of(json_object_get(object, "error")),
		      http->status);
	answer->stale_token =
		http->status == 401 && answer->outcome == JR_OUTCOME_STOP;
	if (answer->outcome == JR_OUTCOME_WAIT)
		answer->wait_s =
			MAX(answer->wait_s, jr_http_answer_retry_after_s(http));
}

/* ---- --verify: a message to nobody, which is only looked at ---- */

static gboolean fcm_question(JrProvider *provider, guint n, gint64 now_s,
			     JrHttpRequest *request, JrCheck *check)
{
	static const char body[] =
		"{\"validate_only\":true,\"message\":{\"token\":\"nobody\","
		"\"data\":{}}}";

	(void)now_s;
	if (n > 0)
		return FALSE;
	check->what = "a message to nobody";
	aim(request, (const Fcm *)provider);
	request->body = g_bytes_new_static(body, strlen(body));
	return TRUE;
}

/* Who may not send is told that; who may, that the token is none. */
static void fcm_verdict(JrProvider *provider, guint n, const JrHttpAnswer *http,
			JrCheck *check)
{
	g_auto(JrAnswer) answer = { 0 };

	(void)n;
	fcm_answer(provider, http, &answer);
	jr_answer_check(&answer, JR_OUTCOME_DROP_TOKEN, check);
}

static const char *const doubtful[] = { "SENDER_ID_MISMATCH",
					"INVALID_ARGUMENT.token", NULL };

const JrProviderKind jr_provider_fcm = {
	.name = "fcm",
	.channels = 1 << JR_CHANNEL_PUSH,
	.http2 = TRUE,
	.first_alone = TRUE, /* until its limit of streams is known */
	.classes = jr_fcm_classes,
	.size = sizeof(Fcm),
	.settings = settings,
	.open = fcm_open,
	.close = fcm_close,
	.request = fcm_request,
	.answer = fcm_answer,
	.doubtful = doubtful,
	.question = fcm_question,
	.verdict = fcm_verdict,
	.token = fcm_token,
	.token_answer = fcm_token_answer,
	.token_stale = fcm_token_stale,
	.authorization = fcm_authorization,
};
