/*
 * provider.h - who takes a message over: one row of functions each.
 *
 * To add a provider: a file with a JrProviderKind, a row in provider.c, a
 * table of its codes, a section in jr-providers(5), its recorded exchanges
 * under tests/.  A provider that speaks HTTP makes a request and reads its
 * answer, both pure; the sender drives the connection.  Others (sandbox, exec)
 * hand over by themselves.
 */
#pragma once

#include "base/permit.h"
#include "base/terms.h"
#include "base/val.h"
#include "net/classes.h"
#include "net/http.h"

#include <jansson.h>

/* One hand-over to one address.  All borrowed. */
typedef struct {
	const char *id; /* the message's, and with devices the attempt's */
	JrChannel channel;
	const char *to;	  /* E.164 number, device token, address */
	const char *kind; /* push: "fcm-token", "fcm-fid", "apns", "webpush" */
	const char *platform;	   /* push: "ios", "android", "web"; or NULL */
	const char *environment;   /* apns: "production", "sandbox"; or NULL */
	const char *p256dh, *auth; /* webpush: the subscription's keys */
	const char *app;    /* apns: bundle id; NULL: the provider's topic */
	const char *sender; /* From number or service; NULL: the provider's */
	const char *title, *body; /* title: of an email its subject */
	const char *link;	  /* deep link, or NULL */
	const char *image;	  /* push, or NULL */
	const JrVal *media;	  /* SMS: list of URLs, or NULL */
	const char *tmpl;  /* whatsapp: the approved template's id, or NULL */
	const JrVal *data; /* push: custom data; whatsapp: variables; a map or
			    * NULL */
	const JrVal
		*options; /* the step's further settings, a map, or NULL;
			   * those known are tabled in the provider's file */
	gint64 now_s, deadline_s; /* deadline 0: none */
	int segments;		  /* SMS parts as counted by us */
} JrHandover;

typedef struct {
	JrOutcome outcome;
	char *provider_id; /* their id, or NULL */
	char *code;	   /* their code or reason: "21610", "UNREGISTERED";
			    * ours in lower case: "timeout"; or NULL */
	char *reason;	   /* for people; no number, token or text */
	gint64 wait_s;	   /* WAIT: seconds, 0: the caller's backoff */
	gint64 gone_at_ms; /* DROP_TOKEN: since when, 0: now */
	char *price, *currency; /* decimal text, or NULL */
	gboolean stale_token;	/* it was not taken because our access token has
				 * expired: with a new one it may be */
} JrAnswer;

void jr_answer_clear(JrAnswer *answer);

/* Make @copy, which is not cleared before, a copy of its own of @answer. */
void jr_answer_copy(JrAnswer *copy, const JrAnswer *answer);

/*
 * The value of secret @key of @settings, from `<key>_file` or `<key>_env`;
 * owned.  NULL and JR_ERROR_CONFIG.  io/secret.h has the one that commands use.
 */
typedef char *(*JrSecretFn)(const JrVal *settings, const char *key,
			    GError **error);

/* @settings and @file must live as long as the provider. */
typedef struct {
	const JrVal *settings; /* this provider's map of jr.yaml */
	const char *file;      /* its path, for messages */
	JrSecretFn secret;
	const char *cache_dir; /* where tokens may be kept, 0700; or NULL */
	gint64 now_s;
} JrProviderSetup;

typedef struct _JrProvider JrProvider;

/* What --verify finds out about our account there. */
typedef enum {
	JR_CHECK_GOOD,
	JR_CHECK_WRONG, /* a person has to mend it */
	JR_CHECK_LATER, /* nobody knows: no answer, or an odd one */
} JrCheckState;

typedef struct {
	const char *what; /* "access token": a literal */
	JrCheckState state;
	char *said; /* for people: what was found; owned; or NULL */
} JrCheck;

void jr_check_clear(JrCheck *check);

/* Whether a provider is ready to be asked. */
typedef enum {
	JR_TOKEN_READY,	 /* it has an access token that is good now */
	JR_TOKEN_ASK,	 /* @request gets one; its answer to token_answer */
	JR_TOKEN_FAILED, /* JR_ERROR_CONFIG: it will never have one */
} JrTokenState;

/* Which of the messages that a provider has on record. */
typedef struct {
	gint64 since_s;	   /* about; the provider may tell of older ones */
	const char *to;	   /* this number's alone, whenever; NULL: all since */
	JrChannel channel; /* with a number: how it was sent there */
	char *next;	   /* where the next page is; NULL: the first; owned */
} JrListAsk;

/* One of them; texts are in the arena of the page. */
typedef struct {
	const char *provider_id;
	const char *id; /* ours, where it comes back; or NULL */
	const char *to; /* E.164 */
	JrChannel channel;
	const char *body;     /* or NULL: they do not say */
	gint64 at_s;	      /* when they took it */
	JrMetric metric;      /* what became of it; 0: it is on its way */
	const char *code;     /* theirs, of a failure; or NULL */
	const char *price;    /* decimal text; or NULL */
	const char *currency; /* or NULL */
	gint64 segments;      /* -1: they do not say */
} JrListed;

typedef struct {
	JrArena *arena;
	GArray *rows; /* JrListed; appended to */
	char *next;   /* where the next page is, owned; NULL: there is none */
} JrListPage;

/* A sender of ours, whose standing --verify asks for. */
typedef struct {
	const char *sender; /* as in a hand-over; NULL: the provider's own */
	const char *number; /* or code; NULL: the provider picks it */
	gboolean ten_dlc, toll_free, short_code; /* what kind it is */
} JrVerifyAsk;

/* How it is asked: net/ask.h. */
typedef struct _JrAsk JrAsk;

typedef struct _JrSetting JrSetting; /* net/settings.h */

typedef struct {
	const char *name;	/* "twilio" */
	guint channels;		/* bits 1 << JR_CHANNEL_… */
	gboolean http2;		/* its requests go over HTTP/2 */
	gboolean first_alone;	/* the first request goes alone (APNs
				 * asks for it; and then its limits are known) */
	const JrClass *classes; /* its codes */
	gsize size;	   /* of its struct, which begins with JrProvider */
	const void *fresh; /* that before settings are read; NULL: zeroes */
	const JrSetting *settings; /* where they go in it: net/settings.h */
	/* What else is to be checked or made of its settings, and undone (of
	 * what failed, too); NULL: nothing.  FALSE and JR_ERROR_CONFIG. */
	gboolean (*open)(JrProvider *provider, const JrProviderSetup *setup,
			 GError **error);
	void (*close)(JrProvider *provider);
	/*
	 * Make the request, all but what an access token makes of its
	 * authorization.  FALSE and
	 * JR_ERROR_INPUT: the message cannot be sent so; JR_ERROR_CONFIG:
	 * nothing can.  @permit proves that the gates said yes.
	 */
	gboolean (*request)(JrProvider *provider, const JrHandover *handover,
			    const JrPermit *permit, JrHttpRequest *request,
			    GError **error);
	/* Read an answer (JR_HTTP_ANSWERED) into @answer, which is zeroed. */
	void (*answer)(JrProvider *provider, const JrHttpAnswer *http,
		       JrAnswer *answer);

	/*
	 * Codes that drop a token, but that all devices get when our settings
	 * are wrong (APNs: the environment); or that stop the run, though one
	 * device may be to blame (APNs: its bundle id).  Until something shows
	 * that our settings are right, no token is dropped for them; from then
	 * on, nothing is stopped.  NULL-terminated; or NULL.
	 */
	const char *const *doubtful;
	/*
	 * --verify: make the request that asks question @n, from 0, about our
	 * account, and say in @check what is asked.  It messages nobody.
	 * Without a URL there is no request, and @check says it all.
	 * FALSE: there are no more.  NULL: there are none.
	 */
	gboolean (*question)(JrProvider *provider, guint n, gint64 now_s,
			     JrHttpRequest *request, JrCheck *check);
	/* Read its answer (JR_HTTP_ANSWERED) into state and said of @check. */
	void (*verdict)(JrProvider *provider, guint n, const JrHttpAnswer *http,
			JrCheck *check);

	/* The rest is NULL in a provider without access tokens. */

	JrTokenState (*token)(JrProvider *provider, gint64 now_s,
			      JrHttpRequest *request, GError **error);
	/*
	 * Take the answer to a token request, however it ended.  FALSE and
	 * JR_ERROR_BUSY (later), JR_ERROR_CONFIG (it refuses our key).
	 */
	gboolean (*token_answer)(JrProvider *provider, gint64 now_s,
				 const JrHttpAnswer *http, GError **error);
	/* The token that is in use was refused as expired: have another. */
	void (*token_stale)(JrProvider *provider);
	/* The value of the header Authorization with the token; owned. */
	char *(*authorization)(JrProvider *provider);

	/*
	 * What it has on record: the request for a page, or for the message it
	 * knows by @id, and its answer.  NULL where it cannot be asked so.
	 */
	gboolean (*list)(JrProvider *provider, const JrListAsk *ask,
			 JrHttpRequest *request, GError **error);
	gboolean (*lookup)(JrProvider *provider, const char *id,
			   JrHttpRequest *request, GError **error);
	void (*listed)(JrProvider *provider, const json_t *answer,
		       JrListPage *page);

	/* --verify: append to @checks (JrCheck) how a sender stands; NULL
	 * where it cannot say.  FALSE and an error of jr_ask_json(). */
	gboolean (*verify)(JrProvider *provider, JrAsk *ask,
			   const JrVerifyAsk *what, GArray *checks,
			   GError **error);

	/* Instead of all since request: hand over now (sandbox, exec). */
	void (*hand_over)(JrProvider *provider, const JrHandover *handover,
			  const JrPermit *permit, JrAnswer *answer);
} JrProviderKind;

/* Each provider begins with this. */
struct _JrProvider {
	const JrProviderKind *kind;
	JrClasses *classes; /* kind->classes and what configuration adds */
};

/* The provider named @name; NULL and JR_ERROR_CONFIG that lists those known. */
const JrProviderKind *jr_provider_kind(const char *name, GError **error);

/* A provider of @kind with @setup's settings.  NULL and JR_ERROR_CONFIG at the
 * setting's place.  Closing overwrites its secrets. */
JrProvider *jr_provider_open(const JrProviderKind *kind,
			     const JrProviderSetup *setup, GError **error);
void jr_provider_close(JrProvider *provider);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrAnswer, jr_answer_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrCheck, jr_check_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrProvider, jr_provider_close)
