/*
 * APNs' reasons.  Source: developer.apple.com/documentation/usernotifications/
 * handling-notification-responses-from-apns.
 */
#include "net/providers.h"

enum { MINUTE = 60 };

const JrClass jr_apns_classes[] = {
	{ "Unregistered", JR_OUTCOME_DROP_TOKEN, 0, "the app is gone" },
	{ "ExpiredToken", JR_OUTCOME_DROP_TOKEN, 0, "the token has expired" },
	{ "BadDeviceToken", JR_OUTCOME_DROP_TOKEN, 0,
	  "this is no token of this environment" },
	{ "DeviceTokenNotForTopic", JR_OUTCOME_DROP_TOKEN, 0,
	  "the token is another app's" },

	{ "TooManyRequests", JR_OUTCOME_WAIT, MINUTE,
	  "too many to this device" },
	{ "TooManyProviderTokenUpdates", JR_OUTCOME_WAIT, 20 * MINUTE,
	  "a new provider token too often: who else signs with this key?" },
	{ "IdleTimeout", JR_OUTCOME_WAIT, 0, "the connection was idle" },
	{ "InternalServerError", JR_OUTCOME_WAIT, 15 * MINUTE,
	  "an error within APNs" },
	{ "ServiceUnavailable", JR_OUTCOME_WAIT, MINUTE,
	  "APNs is not available" },
	{ "Shutdown", JR_OUTCOME_WAIT, MINUTE, "APNs is shutting down" },

	{ "BadCollapseId", JR_OUTCOME_REFUSED, 0, "apns-collapse-id is wrong" },
	{ "BadExpirationDate", JR_OUTCOME_REFUSED, 0,
	  "apns-expiration is wrong" },
	{ "BadMessageId", JR_OUTCOME_REFUSED, 0, "apns-id is wrong" },
	{ "BadPriority", JR_OUTCOME_REFUSED, 0, "apns-priority is wrong" },
	{ "DuplicateHeaders", JR_OUTCOME_REFUSED, 0, "a header comes twice" },
	{ "InvalidPushType", JR_OUTCOME_REFUSED, 0, "apns-push-type is wrong" },
	{ "MissingDeviceToken", JR_OUTCOME_REFUSED, 0, "the token is missing" },
	{ "BadPath", JR_OUTCOME_REFUSED, 0, "the path is wrong" },
	{ "MethodNotAllowed", JR_OUTCOME_REFUSED, 0, "the method is wrong" },
	{ "PayloadEmpty", JR_OUTCOME_REFUSED, 0, "the payload is empty" },
	{ "PayloadTooLarge", JR_OUTCOME_REFUSED, 0,
	  "the payload is over 4096 bytes" },

	/* our account or settings: no other will fare better */
	{ "ExpiredProviderToken", JR_OUTCOME_STOP, 0,
	  "the provider token has expired: check the clock" },
	{ "InvalidProviderToken", JR_OUTCOME_STOP, 0,
	  "the provider token is refused: check key, key_id and team_id" },
	{ "MissingProviderToken", JR_OUTCOME_STOP, 0,
	  "the provider token is missing" },
	{ "BadCertificate", JR_OUTCOME_STOP, 0, "the certificate is wrong" },
	{ "BadCertificateEnvironment", JR_OUTCOME_STOP, 0,
	  "the certificate is another environment's" },
	{ "Forbidden", JR_OUTCOME_STOP, 0, "forbidden for this key" },
	{ "UnrelatedKeyIdInToken", JR_OUTCOME_STOP, 0,
	  "key_id is not this connection's" },
	{ "BadEnvironmentKeyIdInToken", JR_OUTCOME_STOP, 0,
	  "key_id is another environment's" },
	{ "BadEnvironmentKeyInToken", JR_OUTCOME_STOP, 0,
	  "key_id is another environment's" },
	{ "MissingTopic", JR_OUTCOME_STOP, 0, "topic is missing" },
	{ "BadTopic", JR_OUTCOME_STOP, 0, "topic is wrong" },
	{ "TopicDisallowed", JR_OUTCOME_STOP, 0, "the key may not use topic" },

	{ "http-2xx", JR_OUTCOME_UNKNOWN, 0, "an answer that is not known" },
	{ "http-3xx", JR_OUTCOME_STOP, 0, "redirected: check base_url" },
	{ "http-403", JR_OUTCOME_STOP, 0, "forbidden for this key" },
	{ "http-410", JR_OUTCOME_DROP_TOKEN, 0, "the token is gone" },
	{ "http-429", JR_OUTCOME_WAIT, MINUTE, "too many requests" },
	{ "http-4xx", JR_OUTCOME_REFUSED, 0, "refused, for an unknown reason" },
	{ "http-5xx", JR_OUTCOME_UNKNOWN, 0, "an error within APNs" },
	{ 0 },
};
