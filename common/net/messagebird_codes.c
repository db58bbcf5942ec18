/*
 * MessageBird's codes of requests; "CODE-PARAMETER" where the parameter that
 * they name decides.  Source: developers.messagebird.com/api, "API errors";
 * what a code makes of a message is our judgement.
 */
#include "net/providers.h"
#include "net/texting.h"

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
	JR_TEXTING_CLASSES("MessageBird"),
};
