/*
 * What push services answer to a Web Push.  Sources: RFC 8030, 5 to 7; RFC
 * 8292, 4.2.
 */
#include "net/providers.h"

const JrClass jr_webpush_classes[] = {
	{ "http-404", JR_OUTCOME_DROP_TOKEN, 0, "the subscription is gone" },
	{ "http-410", JR_OUTCOME_DROP_TOKEN, 0, "the subscription is gone" },
	{ "http-403", JR_OUTCOME_DROP_TOKEN, 0,
	  "the subscription was made for another key" },
	{ "http-401", JR_OUTCOME_STOP, 0,
	  "the VAPID token is refused: check vapid_key, subject and clock" },
	{ "http-413", JR_OUTCOME_REFUSED, 0, "the payload is too large" },
	{ "http-429", JR_OUTCOME_WAIT, 60, "too many requests" },
	{ "http-503", JR_OUTCOME_WAIT, 60, "the service is not available" },
	{ "http-2xx", JR_OUTCOME_UNKNOWN, 0, "an answer that is not known" },
	{ "http-3xx", JR_OUTCOME_REFUSED, 0, "redirected" },
	{ "http-4xx", JR_OUTCOME_REFUSED, 0, "refused, for an unknown reason" },
	{ "http-5xx", JR_OUTCOME_UNKNOWN, 0, "an error within the service" },
	{ 0 },
};
