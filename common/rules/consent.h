/*
 * consent.h - what an identify says about SMS consent, and whether it counts.
 *
 * Sources: 47 CFR 64.1200(f)(9) (prior express written consent), 16 CFR
 * 310.5(a)(8) (what a record of consent holds), GDPR art. 7(1).  A yes counts
 * only with when, evidence and a number; a no needs nothing.  Evidence is the
 * IP address, or something else in words; of an old opt-in that is brought from
 * elsewhere (method import), where it was collected and what was shown.
 *
 * Attributes that are read: sms_consent, sms_consent_at, sms_consent_ip,
 * sms_consent_evidence, sms_consent_user_agent, sms_consent_source,
 * sms_consent_text, sms_consent_text_sha256, sms_consent_text_version,
 * sms_consent_method, sms_consent_scope, sms_phone, phone; and the same with
 * whatsapp_ in place of sms_.
 */
#pragma once

#include "base/hash.h"
#include "base/terms.h"
#include "base/val.h"
#include "rules/phone.h"

/* Rows of the ledger.  The numbers are stored: add at the end. */
typedef enum {
	JR_CONSENT_YES = 1,
	JR_CONSENT_NO,
} JrConsentState;

typedef enum {
	JR_CONSENT_FORM = 1, /* a person ticked a box */
	JR_CONSENT_KEYWORD,  /* a person wrote START or STOP */
	JR_CONSENT_IMPORT,   /* brought from elsewhere, with its evidence */
	JR_CONSENT_API,	     /* our user's backend said so */
	JR_CONSENT_PROVIDER, /* the provider said opted out */
	JR_CONSENT_REVIEW,   /* someone read a reply and took it for a no */
} JrConsentMethod;
#define JR_CONSENT_METHOD_LAST JR_CONSENT_REVIEW

const char *jr_consent_state_name(JrConsentState state);    /* "yes", "no" */
const char *jr_consent_method_name(JrConsentMethod method); /* "form", … */
JrConsentMethod jr_consent_method_of(const char *name);	    /* 0: none */

/* Texts are borrowed from the attributes; NULL when not given. */
typedef struct {
	JrChannel channel;
	JrConsentState state;
	char number[JR_PHONE_SIZE]; /* "" only with a no: all of the person's */
	gint64 at_s;		    /* when it was given; a no without time:
				     * the time of the record */
	JrConsentMethod method;
	const char *ip, *evidence, *user_agent, *source, *scope;
	const char *text, *text_version; /* what was shown */
	char sha256[JR_SHA256_SIZE]; /* of the text, as given or found; or "" */
} JrConsentClaim;

typedef struct {
	const JrVal *attributes; /* of this identify, a map */
	const JrVal *stored;	 /* of the person, for a number given earlier;
				  * may be NULL */
	const char *country;	 /* default for numbers; NULL: must be E.164 */
	gint64 at_s;		 /* the record's time */
	gint64 now_s;		 /* a consent from the future does not count */
} JrConsentAsk;

typedef enum {
	JR_CONSENT_SILENT,  /* says nothing */
	JR_CONSENT_CLAIMED, /* @claim is filled */
	JR_CONSENT_REFUSED, /* error is set: what is missing, what to write */
} JrConsentRead;

/*
 * Read what @ask->attributes says for @channel, sms or whatsapp.  A value that
 * is no yes or no is refused.  Null, which removes the attribute, is a no.
 */
JrConsentRead jr_consent_read(const JrConsentAsk *ask, JrChannel channel,
			      JrConsentClaim *claim, GError **error);
