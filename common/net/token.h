/*
 * token.h - access tokens: signed by us (JWT, RFC 7519), or fetched with one
 * that is, and kept from one run to the next.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Which key a JWT is signed by. */
typedef enum {
	JR_JWT_RS256, /* RSA of 2048 bits or more (Google) */
	JR_JWT_ES256, /* elliptic curve P-256 (APNs, VAPID) */
} JrJwtAlg;

/*
 * Whether @pem is a private key for @alg, without a passphrase.  FALSE and
 * JR_ERROR_CONFIG, which says nothing of what it holds.
 */
gboolean jr_jwt_check_key(JrJwtAlg alg, const char *pem, GError **error);

typedef struct {
	JrJwtAlg alg;
	const char *pem;    /* the private key */
	const char *key_id; /* header "kid"; NULL: none */
	json_t *claims;	    /* an object, borrowed */
} JrJwt;

/* Sign @jwt.  Owned.  NULL and JR_ERROR_CONFIG. */
char *jr_jwt_sign(const JrJwt *jwt, GError **error);

typedef struct {
	char *text;		/* owned; a secret; NULL: none */
	gint64 from_s, until_s; /* made, and good until */
} JrToken;

void jr_token_clear(JrToken *token); /* overwrites it */

/*
 * The name under which the token of a key is kept: @kind and a hash over
 * @parts (NULL-terminated; the key among them), so that another key does not
 * find it.  Owned.
 */
char *jr_token_name(const char *kind, const char *const *parts);

/*
 * The token kept as @name in folder @dir (NULL: none is).  FALSE when there is
 * none, or its file is not a regular one of ours that only we can read.
 */
gboolean jr_token_load(const char *dir, const char *name, JrToken *token);

/*
 * Wait until no other run has the token named @name in the making, and have
 * others wait: what is to be given to jr_token_unlock(), which a crash does,
 * too.  With @dir NULL, or where there can be no such file, nobody waits.
 */
int jr_token_lock(const char *dir, const char *name);
void jr_token_unlock(int lock);

/*
 * Keep @token in a file that only we can read, put in place by a rename, so
 * that runs side by side see the old one or the new one.  With @dir NULL this
 * does nothing.  FALSE and JR_ERROR_IO.
 */
gboolean jr_token_save(const char *dir, const char *name, const JrToken *token,
		       GError **error);
