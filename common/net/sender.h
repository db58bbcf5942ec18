/*
 * sender.h - many hand-overs at once through one provider.
 */
#pragma once

#include "net/provider.h"

typedef struct _JrSender JrSender;

typedef struct {
	guint in_flight;   /* most at once; 0: 16, for HTTP/2 100 */
	double per_second; /* pace; 0: as fast as it goes */
	JrHttpLimits http;
} JrSenderLimits;

/* Drive @provider, which is taken over. */
JrSender *jr_sender_new(JrProvider *provider, const JrSenderLimits *limits);
void jr_sender_free(JrSender *sender);

/* Called once for each hand-over, from submit or poll. */
typedef void (*JrSenderDone)(const JrAnswer *answer, gpointer data);

/*
 * Hand @handover over; it is borrowed until this returns.  Returns at once
 * unless as many as allowed are in flight or the pace says wait.  Whatever
 * happens, @done is called once with the answer.
 */
void jr_sender_submit(JrSender *sender, const JrHandover *handover,
		      const JrPermit *permit, JrSenderDone done,
		      gpointer data);

/* Wait until nothing is under way. */
void jr_sender_drain(JrSender *sender);

/* Whether an answer said STOP: what it was; NULL while all is well. */
const char *jr_sender_stopped(const JrSender *sender);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSender, jr_sender_free)
