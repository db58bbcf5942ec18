/*
 * provider.h - who takes a message over: one row of functions each.
 *
 * To add a provider: a file with a JrProviderKind, a row in provider.c, a
 * table of its codes, a section in jr-config(5), its recorded exchanges under
 * tests/.  A provider that speaks HTTP makes a request and reads its answer,
 * both pure; the sender drives the connection.  Others (sandbox, exec) hand
 * over by themselves.
 */
#pragma once

#include "base/permit.h"
#include "base/terms.h"
#include "base/val.h"
#include "net/http.h"

#include <jansson.h>

/* What every answer comes down to; DESIGN: "each answer maps by a table". */
typedef enum {
	JR_OUTCOME_ACCEPTED,   /* theirs now */
	JR_OUTCOME_WAIT,       /* surely not taken: again after wait_s */
	JR_OUTCOME_REFUSED,    /* no, for this message, for good */
	JR_OUTCOME_OPTED_OUT,  /* no, and this number said STOP */
	JR_OUTCOME_DROP_TOKEN, /* no, and this device is gone */
	JR_OUTCOME_STOP,       /* no, and no other will fare better: our account
				* or configuration; not taken */
	JR_OUTCOME_UNKNOWN,    /* it may have been taken: never again */
} JrOutcome;

const char *jr_outcome_name(JrOutcome outcome); /* "accepted", … */

/* One hand-over to one address.  All borrowed. */
typedef struct {
	const char *id;	     /* the message's, and with devices the attempt's */
	JrChannel channel;
	const char *to;	     /* E.164 number, device token, address */
	const char *kind;    /* push: "fcm-token", "fcm-fid", "apns", "webpush" */
	const char *environment; /* apns: "production", "sandbox"; or NULL */
	const char *sender;  /* From number or service; NULL: the provider's */
	const char *title, *body;
	const char *link;    /* deep link, or NULL */
	const char *image;   /* or NULL */
	const JrVal *options; /* the step's further settings, a map, or NULL */
	const JrVal *data;   /* custom data for the app, a map, or NULL */
	gint64 now_s, deadline_s; /* deadline 0: none */
	int segments;	     /* SMS parts as counted by us */
} JrHandover;

typedef struct {
	JrOutcome outcome;
	char *provider_id;   /* their id, or NULL */
	char *code;	     /* their code or reason: "21610", "UNREGISTERED" */
	char *reason;	     /* for people; no number, token or text */
	gint64 wait_s;	     /* WAIT: seconds, 0: the caller's backoff */
	gint64 gone_at_ms;   /* DROP_TOKEN: since when, 0: now */
	char *price, *currency; /* decimal text, or NULL */
} JrAnswer;

void jr_answer_clear(JrAnswer *answer);

/*
 * The value of secret @key of @settings, from `<key>_file` or `<key>_env`;
 * owned.  NULL and JR_ERROR_CONFIG.  io/secret.h has the one that commands use.
 */
typedef char *(*JrSecretFn)(const JrVal *settings, const char *key,
			    GError **error);

typedef struct {
	const JrVal *settings; /* this provider's map of jr.yaml */
	const char *file;      /* its path, for messages */
	JrSecretFn secret;
	const char *cache_dir; /* where tokens may be kept, 0700; or NULL */
	gint64 now_s;
} JrProviderSetup;

typedef struct _JrProvider JrProvider;

typedef struct {
	const char *name;	   /* "twilio" */
	guint channels;		   /* bits 1 << JR_CHANNEL_… */
	gboolean first_alone;	   /* the first request goes alone (APNs) */
	/* Check settings, read secrets.  NULL and JR_ERROR_CONFIG. */
	JrProvider *(*open)(const JrProviderSetup *setup, GError **error);
	void (*close)(JrProvider *provider);
	/*
	 * Make the request.  FALSE and JR_ERROR_INPUT: the message cannot be
	 * sent so; JR_ERROR_CONFIG: nothing can.  @permit proves that the
	 * gates said yes.
	 */
	gboolean (*request)(JrProvider *provider, const JrHandover *handover,
			    const JrPermit *permit, JrHttpRequest *request,
			    GError **error);
	/* Read the answer into @answer, which is zeroed. */
	void (*answer)(JrProvider *provider, const JrHttpAnswer *http,
		       JrAnswer *answer);
	/*
	 * Before requests, when it needs a token first: fill @request and
	 * return TRUE; its answer goes to token_answer.  NULL: no token needed.
	 */
	gboolean (*token_request)(JrProvider *provider, gint64 now_s,
				  JrHttpRequest *request, GError **error);
	gboolean (*token_answer)(JrProvider *provider, gint64 now_s,
				 const JrHttpAnswer *http, GError **error);
	/* Instead of request/answer: hand over here and now (sandbox, exec). */
	void (*hand_over)(JrProvider *provider, const JrHandover *handover,
			  const JrPermit *permit, JrAnswer *answer);
} JrProviderKind;

/* Each provider begins with this. */
struct _JrProvider {
	const JrProviderKind *kind;
};

/* The provider named @name; NULL and JR_ERROR_CONFIG that lists those known. */
const JrProviderKind *jr_provider_kind(const char *name, GError **error);
