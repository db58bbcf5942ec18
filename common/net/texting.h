/*
 * texting.h - what the requests of all providers of SMS share.
 *
 * Each returns FALSE (or NULL) and JR_ERROR_INPUT when the message cannot be
 * sent so.
 */
#pragma once

#include "net/provider.h"

/* Set JR_ERROR_INPUT "WHAT".  FALSE. */
gboolean jr_texting_wrong(GError **error, const char *what);

/*
 * How long the provider may try, at most @max_s: until the deadline; 0: there
 * is none.  It is dropped then, so that it is not sent when everyone has
 * forgotten it.
 */
gboolean jr_texting_left(const JrHandover *handover, gint64 max_s,
			 gint64 *left_s, GError **error);

/*
 * @url with jr_id=ID of the message: it comes back with each status, and
 * settles what was thought lost.  Owned.
 */
char *jr_texting_callback(const char *url, const JrHandover *handover,
			  GError **error);

/* Whether there is a body of at most 1600 characters, or else media; and at
 * most @max_media of these, each a text. */
gboolean jr_texting_content(const JrHandover *handover, guint max_media,
			    GError **error);

/* The rows of answers without a code, of the provider called @name; they end
 * its table. */
#define JR_TEXTING_CLASSES(name)                                               \
	{ "http-2xx", JR_OUTCOME_UNKNOWN, 0, "accepted, but without an id" },  \
		{ "http-3xx", JR_OUTCOME_STOP, 0,                              \
		  "redirected: check base_url" },                              \
		{ "http-401", JR_OUTCOME_STOP, 0, "wrong credentials" },       \
		{ "http-402", JR_OUTCOME_STOP, 0,                              \
		  "the account is out of funds" },                             \
		{ "http-403", JR_OUTCOME_STOP, 0,                              \
		  "forbidden for this key and account" },                      \
		{ "http-404", JR_OUTCOME_STOP, 0,                              \
		  "not found: check the account and base_url" },               \
		{ "http-408", JR_OUTCOME_UNKNOWN, 0, "the server timed out" }, \
		{ "http-429", JR_OUTCOME_WAIT, 0,                              \
		  "too many requests at once" },                               \
		{ "http-4xx", JR_OUTCOME_REFUSED, 0,                           \
		  "refused, with an unknown code" },                           \
		{ "http-5xx", JR_OUTCOME_UNKNOWN, 0,                           \
		  "an error within " name },                                   \
	{                                                                      \
		.code = NULL                                                   \
	}

/* A setting of a step, and what the provider calls it. */
typedef struct {
	const char *option;    /* NULL ends a table */
	const char *parameter; /* NULL: others have it */
	JrValType type;
	const char *lacks; /* and why it is wrong here */
} JrTextingOption;

/* Why a provider does not shorten links: what to write instead. */
#define JR_TEXTING_LINKS "write links in jr.yaml, and jr shortens them itself"

/* Call @each for every option of @handover; those not in @table are wrong. */
typedef void (*JrTextingOptionFn)(const char *parameter, const JrVal *val,
				  gpointer user);
gboolean jr_texting_options(const JrHandover *handover,
			    const JrTextingOption *table,
			    JrTextingOptionFn each, gpointer user,
			    GError **error);

/* Make @request a GET of @url (taken), for JSON. */
void jr_texting_get(JrHttpRequest *request, char *url);

/*
 * What a status other than 2xx means: by @code, theirs or NULL, but by the
 * status alone where it is 5xx, for whatever a failing server says of codes, it
 * may have taken the message.
 */
void jr_texting_refused(JrProvider *provider, const JrHttpAnswer *http,
			const char *code, JrAnswer *answer);

/* What @status, theirs or NULL, says became of a message; 0: nothing yet. */
typedef struct {
	const char *status; /* NULL ends a table */
	JrMetric metric;
} JrTextingStatus;
JrMetric jr_texting_metric(const JrTextingStatus *table, const char *status);

/* The verdict on the question for our balance: the key is good for whom may
 * see it, and @left, a decimal or NULL, is not used up. */
void jr_texting_credit(const JrHttpAnswer *http, const char *left,
		       JrCheck *check);
