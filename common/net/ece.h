/*
 * ece.h - a push message that only one browser can read.
 *
 * Sources: RFC 8291 (the keys), RFC 8188 (the content coding aes128gcm); the
 * test is the example of RFC 8291, appendix A.
 */
#pragma once

#include <glib.h>

#define JR_ECE_POINT 65 /* bytes of an uncompressed point of P-256 */
#define JR_ECE_AUTH 16
#define JR_ECE_SALT 16
#define JR_ECE_SECRET 32 /* of a private key of P-256 */

/* What a payload may take, so that the message is one record of 4096 bytes,
 * which is what push services have to accept (RFC 8030, 7.2). */
#define JR_ECE_MAX 3993

/* The keys of a subscription, as the browser gave them. */
typedef struct {
	guint8 p256dh[JR_ECE_POINT];
	guint8 auth[JR_ECE_AUTH];
} JrEceKeys;

/* Read them from base64url.  FALSE and JR_ERROR_INPUT: they are none. */
gboolean jr_ece_keys_read(const char *p256dh, const char *auth, JrEceKeys *keys,
			  GError **error);

/* What must never be the same twice. */
typedef struct {
	guint8 secret[JR_ECE_SECRET]; /* the sender's private key */
	guint8 salt[JR_ECE_SALT];
} JrEceOnce;

/*
 * @len bytes of @text, at most JR_ECE_MAX, for @keys.  @once: NULL, but in
 * tests; it is drawn then.  NULL and JR_ERROR_INPUT: p256dh is no point of the
 * curve, or there is too much text.
 */
GBytes *jr_ece_encrypt(const JrEceKeys *keys, const JrEceOnce *once,
		       const void *text, gsize len, GError **error);
