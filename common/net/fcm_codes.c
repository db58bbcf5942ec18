/*
 * FCM's codes.  Source: firebase.google.com/docs/reference/fcm/rest/v1/
 * ErrorCode, and google.rpc.Code where FCM gives none of its own.
 */
#include "net/providers.h"

const JrClass jr_fcm_classes[] = {
	{ "UNREGISTERED", JR_OUTCOME_DROP_TOKEN, 0, "the app is gone" },
	{ "SENDER_ID_MISMATCH", JR_OUTCOME_DROP_TOKEN, 0,
	  "the token is another project's" },
	/* ours: INVALID_ARGUMENT that speaks of the token */
	{ "INVALID_ARGUMENT.token", JR_OUTCOME_DROP_TOKEN, 0,
	  "this is no FCM token" },
	{ "INVALID_ARGUMENT", JR_OUTCOME_REFUSED, 0,
	  "something in the message is not valid" },
	{ "THIRD_PARTY_AUTH_ERROR", JR_OUTCOME_WAIT, 3600,
	  "the APNs or web push key in Firebase is wrong: renew it there" },
	{ "QUOTA_EXCEEDED", JR_OUTCOME_WAIT, 60, "over a rate limit" },
	{ "RESOURCE_EXHAUSTED", JR_OUTCOME_WAIT, 60, "over a rate limit" },
	{ "INTERNAL", JR_OUTCOME_WAIT, 0, "an error within FCM" },
	{ "UNAVAILABLE", JR_OUTCOME_WAIT, 0, "FCM is overloaded" },
	{ "UNAUTHENTICATED", JR_OUTCOME_STOP, 0,
	  "the access token is refused: check the service account" },
	{ "PERMISSION_DENIED", JR_OUTCOME_STOP, 0,
	  "the service account may not send for this project" },
	{ "http-2xx", JR_OUTCOME_UNKNOWN, 0, "accepted, but without a name" },
	{ "http-3xx", JR_OUTCOME_STOP, 0, "redirected: check base_url" },
	{ "http-401", JR_OUTCOME_STOP, 0, "the access token is refused" },
	{ "http-403", JR_OUTCOME_STOP, 0, "forbidden: check the project" },
	{ "http-404", JR_OUTCOME_STOP, 0, "not found: check the project" },
	{ "http-408", JR_OUTCOME_UNKNOWN, 0, "the server timed out" },
	{ "http-429", JR_OUTCOME_WAIT, 60, "over a rate limit" },
	{ "http-4xx", JR_OUTCOME_REFUSED, 0, "refused, with an unknown code" },
	{ "http-5xx", JR_OUTCOME_UNKNOWN, 0, "an error within FCM" },
	{ 0 },
};
