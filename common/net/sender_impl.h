/*
 * sender_impl.h - the parts of a sender; for sender*.c alone.
 */
#pragma once

#include "net/sender.h"

#define JR_SENDER_POLL_MS 1000

/* How fast hand-overs go. */
typedef struct {
	double per_second; /* 0: as fast as they come */
	double due_ms;	   /* the next may go then, in ticks */
} JrPace;

struct _JrSender {
	JrProvider *provider;
	JrHttp *http; /* NULL: the provider hands over by itself */
	guint max_in_flight, max_trouble;
	JrPace pace;
	GHashTable *paces;	       /* From to its JrPace */
	JrSenderMeanwhileFn meanwhile; /* NULL: none */
	gpointer meanwhile_user;

	guint in_flight;      /* submitted and not told of */
	GPtrArray *doubts;    /* JrDoubt *: answered, not yet told of */
	GHashTable *believed; /* environments that are surely right */
	GHashTable *given_up; /* those that are surely not */
	char *given_up_why;   /* of the first of them; NULL: none */
	GQueue again;	      /* JrPending that waits for a new token */
	guint token;	      /* how many tokens were thrown away */
	GHashTable *proved;   /* environments whose host has taken our token */
	guint trouble;	      /* rounds in a row without a verdict */
	guint unsure;	      /* messages in a row without one */
	char *last_why;	      /* what was said of the last of them */
	guint round;	      /* what goes now is of this round */
	gint64 pause_ms;      /* nothing goes before, in ticks */
	int state; /* a JrSenderState; atomic, for jr_sender_state() */
	char *why; /* set once it has stopped */
	gint64 now_s, ticks_ms; /* what the last submit said, and when */
};

/* A hand-over that is under way. */
typedef struct {
	JrSender *sender;
	JrHttpRequest request;
	JrSenderDone done;
	gpointer data;
	guint token;		 /* sent with the token of this number */
	guint round;		 /* and in this round */
	gboolean again;		 /* for the second time */
	const char *environment; /* interned */
} JrPending;

/* Tell the caller of @pending's answer, and free it. */
void jr_sender_settle(JrPending *pending, const JrAnswer *answer);

/*
 * Look at @answer, to @pending, for what it says of our settings.  TRUE: it is
 * doubted, a copy is kept, and told of later.  FALSE: it stands, but one that
 * would stop us is a refusal where others showed that our settings are right.
 */
gboolean jr_sender_doubt(JrPending *pending, JrAnswer *answer);

/* Nothing more comes: no token is dropped for what is still doubted; and where
 * our settings would be to blame, the sender stops. */
void jr_sender_end_doubts(JrSender *sender);

/* It sends no more; the first reason is kept. */
void jr_sender_stop(JrSender *sender, JrSenderState state, const char *why);

/* Have a token that is good now.  FALSE: there is none; the sender stops. */
gboolean jr_sender_have_token(JrSender *sender);

/* Start @request and wait for its answer, which @done is told of. */
void jr_sender_ask(JrSender *sender, const JrHttpRequest *request,
		   JrHttpDone done, gpointer data);
