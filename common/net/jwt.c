#include "net/token.h"
#include "net/p256.h"
#include "base/error.h"

#include <jwt.h>
#include <stdlib.h>
#include <string.h>

#define RSA_BITS_MIN 2048

static const struct {
	jwt_alg_t jwt;
	int key_type, bits; /* EVP_PKEY_…; at least, for RSA */
	const char *want;
} algs[] = {
	[JR_JWT_RS256] = { JWT_ALG_RS256, EVP_PKEY_RSA, RSA_BITS_MIN,
			   "an RSA key of 2048 bits or more" },
	[JR_JWT_ES256] = { JWT_ALG_ES256, EVP_PKEY_EC, 256,
			   "a key on the curve P-256" },
};

gboolean jr_jwt_check_key(JrJwtAlg alg, const char *pem, GError **error)
{
	g_autoptr(EVP_PKEY) key = jr_pem_key(pem);
	gboolean good =
		key && EVP_PKEY_base_id(key) == algs[alg].key_type &&
		(alg == JR_JWT_RS256 ? EVP_PKEY_bits(key) >= algs[alg].bits
				     : EVP_PKEY_bits(key) == algs[alg].bits);

	if (!good)
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "%s: write %s, in PEM, without a passphrase",
			    key ? "another kind of key" : "not a private key",
			    algs[alg].want);
	return good;
}

/* Fill @jwt; 0 when all went well. */
static int fill(jwt_t *jwt, const JrJwt *from)
{
	g_autofree char *claims = json_dumps(from->claims, JSON_COMPACT);
	int failed = jwt_add_grants_json(jwt, claims);

	if (from->key_id)
		failed |= jwt_add_header(jwt, "kid", from->key_id);
	failed |= jwt_set_alg(jwt, algs[from->alg].jwt,
			      (const unsigned char *)from->pem,
			      (int)strlen(from->pem));
	return failed;
}

char *jr_jwt_sign(const JrJwt *from, GError **error)
{
	jwt_t *jwt = NULL;
	char *text = NULL;

	if (jwt_new(&jwt) == 0 && fill(jwt, from) == 0)
		text = jwt_encode_str(jwt);
	jwt_free(jwt);
	if (!text)
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "the key cannot sign: write %s",
			    algs[from->alg].want);
	return text; /* from the heap that GLib uses, too */
}
