#include "net/signature.h"
#include "net/base64url.h"
#include "net/form.h"
#include "base/hash.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define MAX_FIELDS 1000
#define ED25519_KEY 32	     /* bytes */
#define ED25519_SIGNATURE 64 /* bytes */

static gboolean same(const char *a, gsize a_len, const char *b, gsize b_len)
{
	return a_len == b_len && CRYPTO_memcmp(a, b, a_len) == 0;
}

static gboolean same_text(const char *a, const char *b)
{
	return a && b && same(a, strlen(a), b, strlen(b));
}

/* --- Twilio --- */

/* A URL in the parts that Twilio's ends treat differently; all owned. */
typedef struct {
	char *scheme;	 /* "https" */
	char *authority; /* without port */
	char *port;	 /* ":8443", or "" */
	char *path;	 /* begins with "/" */
	char *query;	 /* "?a=b", or "" */
} UrlParts;

static void url_parts_clear(UrlParts *u)
{
	g_free(u->scheme);
	g_free(u->authority);
	g_free(u->port);
	g_free(u->path);
	g_free(u->query);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UrlParts, url_parts_clear)

/* FALSE when @url is none. */
static gboolean split_url(const char *url, UrlParts *u)
{
	const char *host = strstr(url, "://");

	if (!host)
		return FALSE;
	host += strlen("://");
	gsize len = strcspn(host, "/?#");
	const char *path = host + len;
	const char *query = path + strcspn(path, "?#");
	g_autofree char *authority = g_strndup(host, len);
	const char *bracket = strchr(authority, ']'); /* [::1]:80 */
	char *colon = strrchr(bracket ? bracket : authority, ':');

	u->scheme = g_strndup(url, host - url - strlen("://"));
	u->port = g_strdup(colon ? colon : "");
	if (colon)
		*colon = '\0';
	u->authority = g_steal_pointer(&authority);
	u->path = path == query ? g_strdup("/") : g_strndup(path, query - path);
	u->query = g_strndup(query, *query == '?' ? strcspn(query, "#") : 0);
	return TRUE;
}

/* @query as Node's querystring writes it: all decoded and escaped anew. */
static char *legacy_query(const char *query)
{
	g_autoptr(GArray) fields = NULL;
	GString *out = g_string_new("?");

	if (*query)
		fields = jr_form_parse(query + 1, strlen(query + 1), MAX_FIELDS,
				       NULL);
	for (guint i = 0; fields && i < fields->len; i++) {
		const JrFormField *f = &g_array_index(fields, JrFormField, i);

		g_string_append(out, i > 0 ? "&" : "");
		g_string_append_uri_escaped(out, f->name, "!*'()", FALSE);
		g_string_append_c(out, '=');
		g_string_append_uri_escaped(out, f->value, "!*'()", FALSE);
	}
	if (out->len == 1)
		g_string_truncate(out, 0);
	return g_string_free(out, FALSE);
}

static int compare_fields(gconstpointer a, gconstpointer b)
{
	const JrFormField *x = a, *y = b;
	int by_name = strcmp(x->name, y->name);

	return by_name ? by_name : strcmp(x->value, y->value);
}

/* What is signed after the URL: names and values, sorted, each pair once. */
static char *signed_fields(GArray *fields)
{
	GString *out = g_string_new(NULL);

	g_array_sort(fields, compare_fields);
	for (guint i = 0; i < fields->len; i++) {
		const JrFormField *f = &g_array_index(fields, JrFormField, i);

		if (i > 0 && compare_fields(f - 1, f) == 0)
			continue;
		g_string_append(out, f->name);
		g_string_append(out, f->value);
	}
	return g_string_free(out, FALSE);
}

static char *twilio_hmac(const char *token, const char *text)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	HMAC(EVP_sha1(), token, (int)strlen(token), (const guchar *)text,
	     strlen(text), digest, &len);
	return g_base64_encode(digest, len);
}

/* Whether @signature is that of one of the ways to write the URL. */
static gboolean matches_one(const char *token, const UrlParts *u,
			    const char *fields, const char *signature)
{
	const char *standard = g_str_equal(u->scheme, "http") ? ":80" : ":443";
	g_autofree char *legacy = legacy_query(u->query);
	const char *const ports[] = { "", *u->port ? u->port : standard };
	const char *const queries[] = { u->query, legacy };
	gboolean match = FALSE;

	for (gsize i = 0; i < 4; i++) {
		g_autofree char *text = g_strconcat(
			u->scheme, "://", u->authority, ports[i % 2], u->path,
			queries[i / 2], fields, NULL);
		g_autofree char *expected = twilio_hmac(token, text);

		match |= same_text(expected, signature);
	}
	return match;
}

/* What the URL says of the body; owned; NULL: nothing. */
static char *body_digest(const UrlParts *u)
{
	g_autoptr(GArray) fields = NULL;

	if (!*u->query)
		return NULL;
	fields = jr_form_parse(u->query + 1, strlen(u->query + 1), MAX_FIELDS,
			       NULL);
	return fields ? g_strdup(jr_form_get(fields, "bodySHA256")) : NULL;
}

gboolean jr_signature_twilio(const char *auth_token, const JrSigned *what,
			     const char *signature)
{
	g_auto(UrlParts) u = { 0 };
	g_autofree char *fields = NULL;

	if (!signature || !split_url(what->url, &u))
		return FALSE;
	g_autofree char *digest = body_digest(&u);
	if (digest) {
		char hex[JR_SHA256_SIZE];
		g_autofree char *lower = g_ascii_strdown(digest, -1);

		jr_sha256(what->body ? what->body : "", what->len, hex);
		return same_text(hex, lower) &&
		       matches_one(auth_token, &u, "", signature);
	}
	g_autoptr(GArray) form = jr_form_parse(what->body ? what->body : "",
					       what->len, MAX_FIELDS, NULL);
	if (!form)
		return FALSE;
	fields = signed_fields(form);
	return matches_one(auth_token, &u, fields, signature);
}

/* --- Telnyx --- */

/* The bytes that @base64 is, when they are @len; owned, or NULL. */
static guchar *decode_exactly(const char *base64, gsize len)
{
	gsize n = 0;
	g_autofree guchar *bytes = g_base64_decode(base64, &n);

	return n == len ? g_steal_pointer(&bytes) : NULL;
}

static gboolean verify_ed25519(const guchar *key, const guchar *signature,
			       const GString *text)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
						     key, ED25519_KEY);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	gboolean good =
		pkey &&
		EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
		EVP_DigestVerify(ctx, signature, ED25519_SIGNATURE,
				 (const guchar *)text->str, text->len) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return good;
}

/* Whether @timestamp is one, and not further than @far seconds from @now_s. */
static gboolean is_near(const char *timestamp, gint64 now_s, gint64 far)
{
	gint64 at;

	return timestamp &&
	       g_ascii_string_to_signed(timestamp, 10, 0, G_MAXINT64 / 2, &at,
					NULL) &&
	       (!now_s || ABS(now_s - at) <= far);
}

gboolean jr_signature_telnyx(const char *public_key, const JrSigned *what,
			     const char *signature, const char *timestamp,
			     gint64 now_s)
{
	if (!signature || !is_near(timestamp, now_s, JR_SIGNATURE_TELNYX_S))
		return FALSE;
	g_autofree guchar *key = decode_exactly(public_key, ED25519_KEY);
	g_autofree guchar *sig = decode_exactly(signature, ED25519_SIGNATURE);
	g_autoptr(GString) text = g_string_new(timestamp);
	g_string_append_c(text, '|');
	g_string_append_len(text, what->body ? what->body : "",
			    (gssize)what->len);
	return key && sig && verify_ed25519(key, sig, text);
}

/* --- MessageBird --- */

static json_t *decode_json(const char *text, gsize len)
{
	gsize n = 0;
	g_autofree guchar *bytes = jr_base64url_decode(text, len, &n);

	return bytes ? json_loadb((char *)bytes, n, JSON_REJECT_DUPLICATES,
				  NULL)
		     : NULL;
}

/* The digest that @header names; NULL for all that is not HMAC. */
static const EVP_MD *digest_of(const json_t *header)
{
	static const struct {
		const char *alg;
		const EVP_MD *(*md)(void);
	} rows[] = {
		{ "HS256", EVP_sha256 },
		{ "HS384", EVP_sha384 },
		{ "HS512", EVP_sha512 },
	};
	const char *alg = json_string_value(json_object_get(header, "alg"));

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_strcmp0(rows[i].alg, alg) == 0)
			return rows[i].md();
	return NULL;
}

/*
 * The claims of @jwt when @key signed it, else NULL.  New reference.  libjwt
 * could do this, but 1.10 compares with strcmp() (CVE-2024-25189).
 */
static json_t *signed_claims(const char *jwt, const char *key)
{
	const char *claims = strchr(jwt, '.');
	const char *signature = claims ? strchr(claims + 1, '.') : NULL;
	unsigned char expected[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	gsize n = 0;

	if (!signature)
		return NULL;
	json_t *header = decode_json(jwt, claims - jwt);
	const EVP_MD *md = digest_of(header);
	g_autofree guchar *given =
		jr_base64url_decode(signature + 1, strlen(signature + 1), &n);
	json_decref(header);
	if (!md || !given)
		return NULL;
	HMAC(md, key, (int)strlen(key), (const guchar *)jwt, signature - jwt,
	     expected, &len);
	if (!same((char *)expected, len, (char *)given, n))
		return NULL;
	return decode_json(claims + 1, signature - claims - 1);
}

static gboolean is_digest_of(const json_t *claim, const char *text, gsize len)
{
	char hex[JR_SHA256_SIZE];

	jr_sha256(text, len, hex);
	return same_text(hex, json_string_value(claim));
}

static gboolean is_current(const json_t *claims, gint64 now_s)
{
	const json_t *after = json_object_get(claims, "nbf");
	const json_t *until = json_object_get(claims, "exp");

	if (!now_s)
		return TRUE;
	if (after &&
	    json_integer_value(after) > now_s + JR_SIGNATURE_MESSAGEBIRD_S)
		return FALSE;
	return json_is_integer(until) &&
	       json_integer_value(until) > now_s - JR_SIGNATURE_MESSAGEBIRD_S;
}

/* A body and payload_hash come together, or neither does. */
static gboolean covers_body(const json_t *claims, const JrSigned *what)
{
	const json_t *hash = json_object_get(claims, "payload_hash");

	if (!hash || what->len == 0)
		return !hash && what->len == 0;
	return is_digest_of(hash, what->body, what->len);
}

gboolean jr_signature_messagebird(const char *signing_key, const JrSigned *what,
				  const char *jwt, gint64 now_s)
{
	json_t *claims = jwt ? signed_claims(jwt, signing_key) : NULL;
	const char *issuer = json_string_value(json_object_get(claims, "iss"));
	gboolean good = g_strcmp0(issuer, "MessageBird") == 0 &&
			is_current(claims, now_s) &&
			is_digest_of(json_object_get(claims, "url_hash"),
				     what->url, strlen(what->url)) &&
			covers_body(claims, what);

	json_decref(claims);
	return good;
}

/* --- Customer.io --- */

gboolean jr_signature_customerio(const char *signing_key, const JrSigned *what,
				 const char *signature, const char *timestamp,
				 gint64 now_s)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (!signature || !is_near(timestamp, now_s, JR_SIGNATURE_CUSTOMERIO_S))
		return FALSE;
	g_autoptr(GString) text = g_string_new("v0:");
	g_string_append_printf(text, "%s:", timestamp);
	g_string_append_len(text, what->body ? what->body : "",
			    (gssize)what->len);
	HMAC(EVP_sha256(), signing_key, (int)strlen(signing_key),
	     (const guchar *)text->str, text->len, digest, &len);
	g_autoptr(GString) hex = g_string_new(NULL);
	for (unsigned int i = 0; i < len; i++)
		g_string_append_printf(hex, "%02x", digest[i]);
	g_autofree char *lower = g_ascii_strdown(signature, -1);
	return same_text(hex->str, lower);
}
