/*
 * net_unit.h - providers and hand-overs out of JSON, for the tests of net/.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "io/json.h"
#include "net/answer.h"
#include "net/provider.h"

#include <check.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

/* No gate is under test here. */
static const JrPermit *const permit G_GNUC_UNUSED = (const JrPermit *)"permit";

/* The value that @json is; it lives as long as the test. */
static inline const JrVal *val_of(const char *json)
{
	static JrArena *arena;
	g_autoptr(GError) error = NULL;

	if (!arena)
		arena = jr_arena_new(4 * 1024 * 1024);
	const char *text = jr_arena_text(arena, json, strlen(json));
	const JrVal *val = jr_json_parse(arena, text, strlen(text), &error);
	ck_assert_msg(val != NULL, "%s: %s", json, error ? error->message : "");
	return val;
}

/* A secret is what its "_file" holds, or its "_env" itself. */
static inline char *test_secret(const JrVal *settings, const char *key,
				GError **error)
{
	g_autofree char *file = g_strconcat(key, "_file", NULL);
	g_autofree char *env = g_strconcat(key, "_env", NULL);
	const char *path = jr_val_get_text(settings, file);
	char *text = NULL;

	if (!path)
		return g_strdup(jr_val_get_text(settings, env));
	g_file_get_contents(path, &text, NULL, error);
	return text;
}

/* The provider @name with @settings, or NULL and @error. */
static inline JrProvider *open_with(const char *name, const char *settings,
				    const char *cache_dir, GError **error)
{
	const JrProviderKind *kind = jr_provider_kind(name, error);
	const JrProviderSetup setup = {
		.settings = val_of(settings),
		.file = "jr.yaml",
		.secret = test_secret,
		.cache_dir = cache_dir,
		.now_s = 1793800000,
	};

	ck_assert(kind != NULL);
	return jr_provider_open(kind, &setup, error);
}

static inline JrProvider *open_good(const char *name, const char *settings,
				    const char *cache_dir)
{
	g_autoptr(GError) error = NULL;
	JrProvider *p = open_with(name, settings, cache_dir, &error);

	ck_assert_msg(p != NULL, "%s", error ? error->message : "");
	return p;
}

/* The hand-over that a map of its fields says; now is 1793800000. */
static inline JrHandover handover_of(const char *json)
{
	const JrVal *m = val_of(json);
	const JrVal *deadline = jr_val_get(m, "deadline");
	const char *channel = jr_val_get_text(m, "channel");

	return (JrHandover){
		.id = jr_val_get_text(m, "id") ? jr_val_get_text(m, "id")
					       : "m_1",
		.channel = channel ? jr_channel_of(channel) : JR_CHANNEL_SMS,
		.to = jr_val_get_text(m, "to") ? jr_val_get_text(m, "to")
					       : "+12065550101",
		.kind = jr_val_get_text(m, "kind"),
		.platform = jr_val_get_text(m, "platform"),
		.environment = jr_val_get_text(m, "environment"),
		.p256dh = jr_val_get_text(m, "p256dh"),
		.auth = jr_val_get_text(m, "auth"),
		.app = jr_val_get_text(m, "app"),
		.sender = jr_val_get_text(m, "sender"),
		.title = jr_val_get_text(m, "title"),
		.body = jr_val_get_text(m, "body"),
		.link = jr_val_get_text(m, "link"),
		.image = jr_val_get_text(m, "image"),
		.media = jr_val_get(m, "media"),
		.tmpl = jr_val_get_text(m, "template"),
		.data = jr_val_get(m, "data"),
		.options = jr_val_get(m, "options"),
		.now_s = 1793800000,
		.deadline_s = deadline ? deadline->num : 0,
		.segments = 1,
	};
}

/* What @error must be, and say; but never a secret of these tests. */
static inline void check_told(const GError *error, JrError code,
			      const char *says)
{
	ck_assert(g_error_matches(error, JR_ERROR, code));
	ck_assert_msg(strstr(error->message, says) != NULL, "%s",
		      error->message);
	ck_assert(strstr(error->message, "k3y") == NULL);
	ck_assert(strstr(error->message, "s3cr3t") == NULL);
}

/* That the provider @name refuses @settings, and @says why. */
static inline void check_wrong(const char *name, const char *settings,
			       const char *says)
{
	g_autoptr(GError) error = NULL;

	ck_assert(open_with(name, settings, NULL, &error) == NULL);
	check_told(error, JR_ERROR_CONFIG, says);
}

/* That @p cannot send @h, and @says why. */
static inline void check_refused(JrProvider *p, const JrHandover *h,
				 JrError code, const char *says)
{
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) error = NULL;

	ck_assert(!p->kind->request(p, h, permit, &request, &error));
	check_told(error, code, says);
}

/* @request as it would be sent: "POST URL", headers, an empty line, body. */
static inline char *request_text(const JrHttpRequest *request)
{
	GString *text = g_string_new(NULL);
	gsize len = 0;

	g_string_append_printf(text, "%s %s\n", request->method, request->url);
	for (char **h = request->headers; h && *h; h++)
		g_string_append_printf(text, "%s\n", *h);
	g_string_append_c(text, '\n');
	if (request->body) {
		const char *body = g_bytes_get_data(request->body, &len);
		g_string_append_len(text, body, (gssize)len);
	}
	return g_string_free(text, FALSE);
}

/* What @provider makes of an answer. */
static inline JrAnswer answer_to(JrProvider *provider, int status,
				 const char *head, const char *body)
{
	g_autoptr(GString) h = g_string_new(head);
	g_autoptr(GString) b = g_string_new(body);
	const JrHttpAnswer http = { .status = status, .head = h, .body = b };
	JrAnswer answer = { 0 };

	provider->kind->answer(provider, &http, &answer);
	return answer;
}

/* A private key in PEM, made for this test; owned. */
static inline char *make_key(gboolean rsa)
{
	EVP_PKEY *key = rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	BIO *bio = BIO_new(BIO_s_mem());
	char *data = NULL;

	ck_assert_int_eq(PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0,
						       NULL, NULL),
			 1);
	long len = BIO_get_mem_data(bio, &data);
	char *pem = g_strndup(data, (gsize)len);
	BIO_free(bio);
	EVP_PKEY_free(key);
	return pem;
}
