#include "net/p256.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <string.h>

#define GROUP "prime256v1"

EVP_PKEY *jr_p256_new(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "EC", GROUP);
}

/* A key of @point and, when it is a private one, @secret. */
static EVP_PKEY *key_of(const guint8 *point, const BIGNUM *secret)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
					GROUP, 0);
	OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point,
					 JR_P256_POINT);
	if (secret)
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, secret);
	params = OSSL_PARAM_BLD_to_param(build);
	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key,
			      secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
			      params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

EVP_PKEY *jr_p256_of_secret(const guint8 secret[JR_P256_SECRET])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *point = EC_POINT_new(group);
	BIGNUM *number = BN_bin2bn(secret, JR_P256_SECRET, NULL);
	guint8 public[JR_P256_POINT];
	EVP_PKEY *key = NULL;

	/* 0 and what is beyond the curve's order are no keys. */
	if (!BN_is_zero(number) &&
	    BN_cmp(number, EC_GROUP_get0_order(group)) < 0 &&
	    EC_POINT_mul(group, point, number, NULL, NULL, NULL) == 1 &&
	    EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
			       public, sizeof public, NULL) == sizeof public)
		key = key_of(public, number);
	BN_clear_free(number);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return key;
}

EVP_PKEY *jr_p256_of_point(const guint8 point[JR_P256_POINT])
{
	/* Other forms of a point are not what browsers give. */
	return point[0] == POINT_CONVERSION_UNCOMPRESSED ? key_of(point, NULL)
							 : NULL;
}

/* OpenSSL would ask the terminal. */
static int no_passphrase(char *buffer, int size, int rw, void *data)
{
	(void)buffer;
	(void)size;
	(void)rw;
	(void)data;
	return -1;
}

EVP_PKEY *jr_pem_key(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);

	BIO_free(bio);
	return key;
}

/* PEM has both parts, and may have those of two keys. */
static gboolean is_pair(EVP_PKEY *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	gboolean pair = EVP_PKEY_pairwise_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return pair;
}

EVP_PKEY *jr_p256_of_pem(const char *pem)
{
	g_autoptr(EVP_PKEY) key = jr_pem_key(pem);
	char group[32] = "";

	if (key && EVP_PKEY_is_a(key, "EC") &&
	    EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
	    strcmp(group, GROUP) == 0 && is_pair(key))
		return g_steal_pointer(&key);
	return NULL;
}

void jr_p256_point(const EVP_PKEY *key, guint8 point[JR_P256_POINT])
{
	guint8 *encoded = NULL;
	gsize len = EVP_PKEY_get1_encoded_public_key((EVP_PKEY *)key, &encoded);

	g_assert(len == JR_P256_POINT);
	memcpy(point, encoded, len);
	OPENSSL_free(encoded);
}

char *jr_p256_pem(const EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long len;

	g_assert(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL,
					  NULL) == 1);
	len = BIO_get_mem_data(bio, &data);
	char *pem = g_strndup(data, (gsize)len);
	explicit_bzero(data, (gsize)len);
	BIO_free(bio);
	return pem;
}
