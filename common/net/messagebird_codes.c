/*
 * MessageBird's codes of requests; "CODE-PARAMETER" where the parameter that
 * they name decides.  Source: developers.messagebird.com/api, "API errors";
 * what a code makes of a message is our judgement.
 */
#include "net/providers.h"

const JrClass jr_messagebird_classes[] = {
	/* our account or settings: no other will fare better */
	{ "2", JR_OUTCOME_STOP, 0, "wrong credentials: check access_key" },
	{ "9-originator", JR_OUTCOME_STOP, 0, "the sender is missing" },
	{ "10-originator", JR_OUTCOME_STOP, 0, "the sender is not valid" },
	{ "10-reportUrl", JR_OUTCOME_STOP, 0, "status_callback is not valid" },
	{ "10-gateway", JR_OUTCOME_STOP, 0, "the gateway is not valid" },
	{ "20", JR_OUTCOME_STOP, 0, "not found: check base_url" },
	{ "25", JR_OUTCOME_STOP, 0, "the account is out of funds" },

	/* this message */
	{ "9", JR_OUTCOME_REFUSED, 0, "something is missing in it" },
	{ "10", JR_OUTCOME_REFUSED, 0, "something in it is not valid" },
	{ "21", JR_OUTCOME_REFUSED, 0, "the request was not understood" },

	/* nobody can say */
	{ "98", JR_OUTCOME_UNKNOWN, 0, "an error within MessageBird" },
	{ "99", JR_OUTCOME_UNKNOWN, 0, "an error within MessageBird" },

	/* answers without a code */
	{ "http-2xx", JR_OUTCOME_UNKNOWN, 0, "accepted, but without an id" },
	{ "http-3xx", JR_OUTCOME_STOP, 0, "redirected: check base_url" },
	{ "http-401", JR_OUTCOME_STOP, 0, "wrong credentials" },
	{ "http-402", JR_OUTCOME_STOP, 0, "the account is out of funds" },
	{ "http-403", JR_OUTCOME_STOP, 0, "forbidden for this key" },
	{ "http-404", JR_OUTCOME_STOP, 0, "not found: check base_url" },
	{ "http-408", JR_OUTCOME_UNKNOWN, 0, "the server timed out" },
	{ "http-429", JR_OUTCOME_WAIT, 0, "too many requests at once" },
	{ "http-4xx", JR_OUTCOME_REFUSED, 0, "refused, with an unknown code" },
	{ "http-5xx", JR_OUTCOME_UNKNOWN, 0, "an error within MessageBird" },
	{ 0 },
};
