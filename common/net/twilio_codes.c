/*
 * Twilio's codes.  Sources: twilio.com/docs/api/errors for what they mean;
 * "Rest API best practices" for 429 being the one that was surely not
 * processed.  What a code makes of a message is our judgement.  Those of 30000
 * and above mostly come in status callbacks, long after the hand-over.
 */
#include "net/providers.h"
#include "net/texting.h"

enum { MINUTE = 60, HOUR = 3600 };

const JrClass jr_twilio_classes[] = {
	/* not taken, and not now */
	{ "20429", JR_OUTCOME_WAIT, 0, "too many requests at once" },
	{ "14107", JR_OUTCOME_WAIT, MINUTE,
	  "too many messages between two numbers: look for a loop" },
	{ "21611", JR_OUTCOME_WAIT, MINUTE, "the sender's queue is full" },
	{ "30001", JR_OUTCOME_WAIT, MINUTE, "the queue is full" },
	{ "30022", JR_OUTCOME_WAIT, MINUTE, "over the carrier's rate" },
	{ "30023", JR_OUTCOME_WAIT, HOUR, "over the carrier's daily cap" },
	{ "30027", JR_OUTCOME_WAIT, HOUR, "over the carrier's daily cap" },
	{ "30450", JR_OUTCOME_WAIT, HOUR, "held by SMS pumping protection" },
	{ "30610", JR_OUTCOME_WAIT, HOUR, "within the toolkit's quiet hours" },
	{ "63018", JR_OUTCOME_WAIT, MINUTE, "over the channel's rate" },

	/* never to this number */
	{ "21610", JR_OUTCOME_OPTED_OUT, 0, "the recipient opted out" },
	{ "30640", JR_OUTCOME_OPTED_OUT, 0,
	  "the recipient must not be messaged" },
	{ "21211", JR_OUTCOME_REFUSED, 0, "the number is not valid" },
	{ "21265", JR_OUTCOME_REFUSED, 0, "the number is a short code" },
	{ "21604", JR_OUTCOME_REFUSED, 0, "the number is missing" },
	{ "21612", JR_OUTCOME_REFUSED, 0,
	  "no route from this sender to the number" },
	{ "21614", JR_OUTCOME_REFUSED, 0, "the number is not a mobile one" },
	{ "21635", JR_OUTCOME_REFUSED, 0, "the number is a landline" },
	{ "30003", JR_OUTCOME_REFUSED, 0, "the handset cannot be reached" },
	{ "30004", JR_OUTCOME_REFUSED, 0, "the number is blocked" },
	{ "30005", JR_OUTCOME_REFUSED, 0, "the number is not in use" },
	{ "30006", JR_OUTCOME_REFUSED, 0,
	  "a landline, or a carrier that cannot be reached" },
	{ "30017", JR_OUTCOME_REFUSED, 0, "the carrier's network is full" },
	{ "30036", JR_OUTCOME_REFUSED, 0, "its deadline passed on the way" },
	{ "63003", JR_OUTCOME_REFUSED, 0, "the recipient is not on WhatsApp" },
	{ "63024", JR_OUTCOME_REFUSED, 0, "the recipient is not valid" },

	/* never with this content */
	{ "21602", JR_OUTCOME_REFUSED, 0, "the body is missing" },
	{ "21617", JR_OUTCOME_REFUSED, 0, "the body is too long" },
	{ "21619", JR_OUTCOME_REFUSED, 0, "body and media are missing" },
	{ "21620", JR_OUTCOME_REFUSED, 0, "a media URL is not valid" },
	{ "21621", JR_OUTCOME_REFUSED, 0, "the number cannot get media" },
	{ "21623", JR_OUTCOME_REFUSED, 0, "too many media" },
	{ "21654", JR_OUTCOME_REFUSED, 0, "the template is not valid" },
	{ "21655", JR_OUTCOME_REFUSED, 0, "the template's id is not valid" },
	{ "21656", JR_OUTCOME_REFUSED, 0, "the variables are not valid" },
	{ "30007", JR_OUTCOME_REFUSED, 0,
	  "filtered: look at what the campaign says" },
	{ "30010", JR_OUTCOME_REFUSED, 0, "over the price limit" },
	{ "30011", JR_OUTCOME_REFUSED, 0, "no MMS to this number" },
	{ "30019", JR_OUTCOME_REFUSED, 0, "the content is too big" },
	{ "63013", JR_OUTCOME_REFUSED, 0, "against the channel's policy" },
	{ "63016", JR_OUTCOME_REFUSED, 0,
	  "over 24 hours after their last message: use a template" },

	/* not allowed for us in this country, or to this number */
	{ "21408", JR_OUTCOME_REFUSED, 0,
	  "the country is off: turn it on in the geo permissions" },
	{ "21608", JR_OUTCOME_REFUSED, 0,
	  "a trial account sends to verified numbers only" },

	/* our account or settings: no other will fare better */
	{ "10001", JR_OUTCOME_STOP, 0, "the account is not active" },
	{ "20003", JR_OUTCOME_STOP, 0,
	  "wrong credentials: check account_sid and its secret" },
	{ "20005", JR_OUTCOME_STOP, 0, "the account is not active" },
	{ "20006", JR_OUTCOME_STOP, 0, "access denied" },
	{ "20008", JR_OUTCOME_STOP, 0, "test credentials cannot do this" },
	{ "20403", JR_OUTCOME_STOP, 0, "forbidden for this account" },
	{ "20404", JR_OUTCOME_STOP, 0, "not found: check account_sid" },
	{ "21212", JR_OUTCOME_STOP, 0, "the sender is not valid" },
	{ "21601", JR_OUTCOME_STOP, 0, "the sender cannot send SMS" },
	{ "21603", JR_OUTCOME_STOP, 0, "the sender is missing" },
	{ "21606", JR_OUTCOME_STOP, 0, "the sender cannot send SMS" },
	{ "21607", JR_OUTCOME_STOP, 0, "the sender cannot send SMS" },
	{ "21609", JR_OUTCOME_STOP, 0, "status_callback is not valid" },
	{ "21659", JR_OUTCOME_STOP, 0, "the sender is not Twilio's" },
	{ "21660", JR_OUTCOME_STOP, 0, "the sender is another account's" },
	{ "21661", JR_OUTCOME_STOP, 0, "the sender cannot send SMS" },
	{ "21662", JR_OUTCOME_STOP, 0, "the sender cannot send here" },
	{ "21703", JR_OUTCOME_STOP, 0, "no sender in the service is usable" },
	{ "21704", JR_OUTCOME_STOP, 0, "the service has no senders" },
	{ "21705", JR_OUTCOME_STOP, 0, "messaging_service is not valid" },
	{ "21712", JR_OUTCOME_STOP, 0, "the sender is not in the service" },
	{ "21910", JR_OUTCOME_STOP, 0,
	  "sender and recipient are on different channels" },
	{ "30002", JR_OUTCOME_STOP, 0, "the account is suspended" },
	{ "30018", JR_OUTCOME_STOP, 0, "the sender is not registered" },
	{ "30024", JR_OUTCOME_STOP, 0, "the sender is not registered" },
	{ "30032", JR_OUTCOME_STOP, 0, "the toll-free number is not verified" },
	{ "30033", JR_OUTCOME_STOP, 0, "the campaign is suspended" },
	{ "30034", JR_OUTCOME_STOP, 0, "the number has no 10DLC campaign" },
	{ "30035", JR_OUTCOME_STOP, 0, "the number is still being set up" },
	{ "35118", JR_OUTCOME_STOP, 0, "scheduling needs a service" },
	{ "63007", JR_OUTCOME_STOP, 0, "the sender has no such channel" },
	{ "90010", JR_OUTCOME_STOP, 0, "the account is not active" },

	/* nobody can say */
	{ "20500", JR_OUTCOME_UNKNOWN, 0, "an error within Twilio" },
	{ "20503", JR_OUTCOME_UNKNOWN, 0, "Twilio was not available" },
	{ "30008", JR_OUTCOME_UNKNOWN, 0, "the carrier did not say" },
	{ "30410", JR_OUTCOME_UNKNOWN, 0, "the carrier did not answer" },

	/* answers without a code */
	JR_TEXTING_CLASSES("Twilio"),
};
