/*
 * signature.h - whether a webhook really comes from the provider.
 *
 * Pure.  Comparisons take the same time whatever is compared.  @body is the
 * body byte for byte as it came.
 */
#pragma once

#include <glib.h>

typedef struct {
	const char *url;  /* whole, as configured at the provider */
	const char *body; /* NULL: none (GET) */
	gsize len;
} JrSigned;

/*
 * X-Twilio-Signature (twilio.com/docs/usage/security): base64 of HMAC-SHA1 by
 * the auth token, never an API key, over the URL and the sorted parameters of
 * a form body; where the URL has bodySHA256, over the URL alone and the body
 * must have that digest.  Twilio's own ends sign the URL with or without the
 * standard port and with two ways to escape the query: any of these will do.
 */
gboolean jr_signature_twilio(const char *auth_token, const JrSigned *what,
			     const char *signature);

/* How far a signed time may be from ours. */
#define JR_SIGNATURE_CUSTOMERIO_S 300
#define JR_SIGNATURE_TELNYX_S 300
#define JR_SIGNATURE_MESSAGEBIRD_S 5

/*
 * telnyx-signature-ed25519 and telnyx-timestamp: Ed25519 by @public_key, base64
 * as the portal shows it, over "timestamp|body"; not older or newer than
 * JR_SIGNATURE_TELNYX_S seconds at @now_s (0: any age).
 */
gboolean jr_signature_telnyx(const char *public_key, const JrSigned *what,
			     const char *signature, const char *timestamp,
			     gint64 now_s);

/*
 * MessageBird-Signature-JWT: a JWT by HS256, HS384 or HS512 with the signing
 * key, issued by MessageBird, whose url_hash and payload_hash are the SHA-256
 * of URL and body, valid at @now_s (0: any age).
 */
gboolean jr_signature_messagebird(const char *signing_key, const JrSigned *what,
				  const char *jwt, gint64 now_s);

/*
 * X-CIO-Signature and X-CIO-Timestamp of Customer.io's reporting webhooks: hex
 * of HMAC-SHA256 by the signing key over "v0:timestamp:body"; not older or
 * newer than JR_SIGNATURE_CUSTOMERIO_S seconds at @now_s (0: any age).
 */
gboolean jr_signature_customerio(const char *signing_key, const JrSigned *what,
				 const char *signature, const char *timestamp,
				 gint64 now_s);
