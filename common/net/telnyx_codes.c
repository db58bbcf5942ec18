/*
 * Telnyx's codes.  Source: support.telnyx.com, "Messaging Error Codes", for
 * what they mean; what a code makes of a message is our judgement.
 */
#include "net/providers.h"
#include "net/texting.h"

enum { MINUTE = 60, HOUR = 3600 };

const JrClass jr_telnyx_classes[] = {
	/* not taken, and not now */
	{ "10011", JR_OUTCOME_WAIT, 0, "too many requests at once" },
	{ "40006", JR_OUTCOME_WAIT, MINUTE, "the carrier was not available" },
	{ "40011", JR_OUTCOME_WAIT, MINUTE, "over the sender's rate" },
	{ "40016", JR_OUTCOME_WAIT, HOUR, "over T-Mobile's daily cap" },
	{ "40018", JR_OUTCOME_WAIT, HOUR, "over AT&T's cap" },
	{ "40318", JR_OUTCOME_WAIT, MINUTE, "the queue is full" },

	/* never to this number */
	{ "40300-stop", JR_OUTCOME_OPTED_OUT, 0, "the recipient opted out" },
	{ "40300", JR_OUTCOME_REFUSED, 0, "blocked" },
	{ "10002", JR_OUTCOME_REFUSED, 0, "the number is not valid" },
	{ "10016", JR_OUTCOME_REFUSED, 0, "the number is not in E.164" },
	{ "40001", JR_OUTCOME_REFUSED, 0,
	  "a landline, or a number without a route" },
	{ "40008", JR_OUTCOME_REFUSED, 0, "it could not be delivered" },
	{ "40012", JR_OUTCOME_REFUSED, 0, "the number is not valid" },
	{ "40301", JR_OUTCOME_REFUSED, 0, "the number takes no such message" },
	{ "40310", JR_OUTCOME_REFUSED, 0, "the number is not valid" },
	{ "40319", JR_OUTCOME_REFUSED, 0,
	  "sender and number do not go together" },

	/* never with this content, or no longer */
	{ "40002", JR_OUTCOME_REFUSED, 0, "blocked as spam, for now" },
	{ "40003", JR_OUTCOME_REFUSED, 0, "blocked as spam" },
	{ "40005", JR_OUTCOME_REFUSED, 0, "it expired on the way" },
	{ "40014", JR_OUTCOME_REFUSED, 0, "it expired in the queue" },
	{ "40015", JR_OUTCOME_REFUSED, 0, "blocked as spam within Telnyx" },
	{ "40017", JR_OUTCOME_REFUSED, 0, "blocked as spam by AT&T" },
	{ "40302", JR_OUTCOME_REFUSED, 0, "the content is too big" },
	{ "40316", JR_OUTCOME_REFUSED, 0, "neither text nor media" },
	{ "40322", JR_OUTCOME_REFUSED, 0, "blocked for its content" },
	{ "40328", JR_OUTCOME_REFUSED, 0, "over ten parts" },

	/* our account or settings: no other will fare better */
	{ "10009", JR_OUTCOME_STOP, 0, "wrong credentials: check api_key" },
	{ "10010", JR_OUTCOME_STOP, 0, "the key may not do this" },
	{ "20002", JR_OUTCOME_STOP, 0, "the key has expired" },
	{ "20012", JR_OUTCOME_STOP, 0, "the account is not active" },
	{ "20013", JR_OUTCOME_STOP, 0, "the account is not verified" },
	{ "20100", JR_OUTCOME_STOP, 0, "the account is out of funds" },
	{ "40010", JR_OUTCOME_STOP, 0, "the number has no 10DLC campaign" },
	{ "40013", JR_OUTCOME_STOP, 0, "the sender is not valid" },
	{ "40100", JR_OUTCOME_STOP, 0, "the number cannot send messages" },
	{ "40305", JR_OUTCOME_STOP, 0, "the sender is not Telnyx's" },
	{ "40306", JR_OUTCOME_STOP, 0, "the name is not set up as a sender" },
	{ "40308", JR_OUTCOME_STOP, 0, "the sender cannot send this" },
	{ "40309", JR_OUTCOME_REFUSED, 0,
	  "the region is off: turn it on in the profile" },
	{ "40311", JR_OUTCOME_STOP, 0, "the number has no profile" },
	{ "40312", JR_OUTCOME_STOP, 0, "the profile is off" },
	{ "40313", JR_OUTCOME_STOP, 0, "the profile is not there" },
	{ "40314", JR_OUTCOME_STOP, 0, "messaging is off for the account" },
	{ "40315", JR_OUTCOME_STOP, 0, "the sender is not healthy" },
	{ "40320", JR_OUTCOME_STOP, 0, "no sender in the pool is usable" },
	{ "40321", JR_OUTCOME_STOP, 0, "no sender in the pool is usable" },
	{ "40329", JR_OUTCOME_STOP, 0, "the toll-free number is not verified" },

	/* nobody can say */
	{ "10007", JR_OUTCOME_UNKNOWN, 0, "an error within Telnyx" },
	{ "10008", JR_OUTCOME_UNKNOWN, 0, "Telnyx did not answer in time" },

	/* answers without a code */
	JR_TEXTING_CLASSES("Telnyx"),
};
