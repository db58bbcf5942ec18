#include "net/ece.h"
#include "net/base64url.h"
#include "net/p256.h"
#include "base/error.h"

#include <openssl/kdf.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

#define KEY 16
#define NONCE 12
#define TAG 16
#define RECORD 4096
#define HEAD (JR_ECE_SALT + 4 + 1 + JR_ECE_POINT)

G_STATIC_ASSERT(HEAD + JR_ECE_MAX + 1 + TAG == RECORD);
G_STATIC_ASSERT(JR_ECE_POINT == JR_P256_POINT);

static gboolean wrong(const char *what, GError **error)
{
	g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT, what);
	return FALSE;
}

/* Exactly @want bytes of base64url. */
static gboolean read_bytes(const char *text, guint8 *bytes, gsize want)
{
	gsize n = 0;
	g_autofree guint8 *got =
		text ? jr_base64url_decode(text, strlen(text), &n) : NULL;

	if (!got || n != want)
		return FALSE;
	memcpy(bytes, got, want);
	return TRUE;
}

gboolean jr_ece_keys_read(const char *p256dh, const char *auth, JrEceKeys *keys,
			  GError **error)
{
	if (!read_bytes(p256dh, keys->p256dh, JR_ECE_POINT) ||
	    keys->p256dh[0] != 4)
		return wrong("p256dh is no key of a subscription: write the "
			     "65 bytes that the browser gave, in base64url",
			     error);
	if (!read_bytes(auth, keys->auth, JR_ECE_AUTH))
		return wrong("auth is no secret of a subscription: write the "
			     "16 bytes that the browser gave, in base64url",
			     error);
	return TRUE;
}

/* HKDF with SHA-256 (RFC 5869) from @salt and @input to @out. */
typedef struct {
	const void *salt, *input, *info;
	gsize salt_len, input_len, info_len;
} Hkdf;

static void derive(const Hkdf *from, guint8 *out, gsize len)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
						 (char *)"SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT,
						  (void *)from->salt,
						  from->salt_len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
						  (void *)from->input,
						  from->input_len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
						  (void *)from->info,
						  from->info_len),
		OSSL_PARAM_construct_end(),
	};

	g_assert(EVP_KDF_derive(ctx, out, len, params) == 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

/* What only both ends can work out (RFC 8291, 3.1). */
static void agree(EVP_PKEY *own, EVP_PKEY *theirs, guint8 secret[32])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	gsize len = 32;

	g_assert(EVP_PKEY_derive_init(ctx) == 1 &&
		 EVP_PKEY_derive_set_peer(ctx, theirs) == 1 &&
		 EVP_PKEY_derive(ctx, secret, &len) == 1 && len == 32);
	EVP_PKEY_CTX_free(ctx);
}

/* The keying material (RFC 8291, 3.3 and 3.4), from @point, ours. */
static void make_input(const JrEceKeys *keys, const guint8 *point,
		       const guint8 secret[32], guint8 input[32])
{
	static const char text[] = "WebPush: info"; /* its NUL, too */
	guint8 info[sizeof text + 2 * JR_ECE_POINT];

	memcpy(info, text, sizeof text);
	memcpy(info + sizeof text, keys->p256dh, JR_ECE_POINT);
	memcpy(info + sizeof text + JR_ECE_POINT, point, JR_ECE_POINT);
	derive(&(Hkdf){ .salt = keys->auth,
			.salt_len = JR_ECE_AUTH,
			.input = secret,
			.input_len = 32,
			.info = info,
			.info_len = sizeof info },
	       input, 32);
}

/* One record (RFC 8188, 2): @text and a 2, which says that it is the last. */
static void seal(const guint8 key[KEY], const guint8 nonce[NONCE],
		 const void *text, gsize len, guint8 *out)
{
	static const guint8 last = 2;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;

	g_assert(EVP_EncryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, key, nonce) ==
		 1);
	g_assert(EVP_EncryptUpdate(ctx, out, &n, text, (int)len) == 1);
	g_assert(EVP_EncryptUpdate(ctx, out + len, &n, &last, 1) == 1);
	g_assert(EVP_EncryptFinal_ex(ctx, out + len + 1, &n) == 1 && n == 0);
	g_assert(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG,
				     out + len + 1) == 1);
	EVP_CIPHER_CTX_free(ctx);
}

static GBytes *encrypt(const JrEceKeys *keys, const guint8 *salt, EVP_PKEY *own,
		       EVP_PKEY *theirs, const void *text, gsize len)
{
	static const char key_info[] = "Content-Encoding: aes128gcm";
	static const char nonce_info[] = "Content-Encoding: nonce";
	const guint32 record = GUINT32_TO_BE(RECORD);
	const gsize all = HEAD + len + 1 + TAG;
	guint8 *out = g_malloc(all), *at = out;
	guint8 secret[32], input[32], key[KEY], nonce[NONCE];
	Hkdf from = { .salt = salt,
		      .salt_len = JR_ECE_SALT,
		      .input = input,
		      .input_len = sizeof input };

	memcpy(at, salt, JR_ECE_SALT);
	memcpy(at += JR_ECE_SALT, &record, 4);
	*(at += 4) = JR_ECE_POINT;
	jr_p256_point(own, ++at);
	agree(own, theirs, secret);
	make_input(keys, at, secret, input);
	from.info = key_info; /* with its NUL, as from both */
	from.info_len = sizeof key_info;
	derive(&from, key, sizeof key);
	from.info = nonce_info;
	from.info_len = sizeof nonce_info;
	derive(&from, nonce, sizeof nonce);
	seal(key, nonce, text, len, at + JR_ECE_POINT);
	explicit_bzero(secret, sizeof secret);
	explicit_bzero(input, sizeof input);
	explicit_bzero(key, sizeof key);
	return g_bytes_new_take(out, all);
}

GBytes *jr_ece_encrypt(const JrEceKeys *keys, const JrEceOnce *once,
		       const void *text, gsize len, GError **error)
{
	g_autoptr(EVP_PKEY) theirs = jr_p256_of_point(keys->p256dh);
	g_autoptr(EVP_PKEY) own =
		once ? jr_p256_of_secret(once->secret) : jr_p256_new();
	guint8 salt[JR_ECE_SALT];

	if (!theirs) {
		wrong("the subscription's p256dh is not on its curve", error);
		return NULL;
	}
	if (len > JR_ECE_MAX) {
		wrong("there is too much to encrypt", error);
		return NULL;
	}
	if (once)
		memcpy(salt, once->salt, sizeof salt);
	else
		g_assert(RAND_bytes(salt, sizeof salt) == 1);
	g_assert(own); /* there are random numbers */
	return encrypt(keys, salt, own, theirs, text, len);
}
