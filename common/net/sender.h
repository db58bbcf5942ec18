/*
 * sender.h - many hand-overs at once through one provider.
 *
 * What is sent is sent once: only what surely was not taken because our access
 * token had expired is asked again, once, with a new one.  When the provider
 * says that nothing will fare better (wrong key, closed account), or has no
 * verdict (time-outs, cut connections, 429), one at a time goes, after a pause;
 * many times in a row, and the sender stops: the rest is not sent, so that an
 * outage does not make a whole run unknown.
 *
 * A verdict that drops a token is held back while nothing has shown that our
 * settings are right, when with wrong ones all devices would get it: after as
 * many of these as there may be trouble the sender stops and drops none; but
 * nothing more goes to the one environment (APNs) alone where devices say it.
 * One that would stop the sender is held back likewise where a single device
 * may be to blame: it stops it when nothing has shown at the end that others
 * are taken.
 */
#pragma once

#include "net/provider.h"

typedef struct _JrSender JrSender;

typedef struct {
	guint in_flight;   /* most at once; 0: 16, for HTTP/2 100 */
	double per_second; /* pace; 0: as fast as it goes */
	guint trouble;	   /* stop after so many times in a row without a
			    * verdict (unknown, or wait); what was under way
			    * together counts once unless it was the last;
			    * 0: 10 */
	JrHttpLimits http;
} JrSenderLimits;

/*
 * What @setup's settings say: per_second, in_flight, trouble, connect_timeout,
 * timeout, ca_file (borrowed), max_connections; other settings are left to the
 * provider.  FALSE and JR_ERROR_CONFIG.
 */
gboolean jr_sender_limits_read(const JrProviderSetup *setup,
			       JrSenderLimits *limits, GError **error);

/* Drive @provider, which is taken over.  @limits: NULL for all 0. */
JrSender *jr_sender_new(JrProvider *provider, const JrSenderLimits *limits);

/*
 * At most @per_second segments for hand-overs from @from (NULL: the provider's
 * own); one that waits for it holds up those behind it.
 */
void jr_sender_pace(JrSender *sender, const char *from, double per_second);

/* Cuts off what is under way: its JrSenderDone is called all the same. */
void jr_sender_free(JrSender *sender);

/*
 * Called once for each hand-over, from submit, drain or free.  @answer is
 * borrowed until it returns.  It must not submit or free.
 */
typedef void (*JrSenderDone)(const JrAnswer *answer, gpointer data);

/*
 * Hand @handover over; it is borrowed until this returns.  Returns at once
 * unless as many as allowed are in flight or the pace says wait.  Whatever
 * happens, @done is called once with the answer.  After a stop the answer is
 * WAIT with the code "stopped": it was not sent.
 */
void jr_sender_submit(JrSender *sender, const JrHandover *handover,
		      const JrPermit *permit, JrSenderDone done, gpointer data);

/* How many hand-overs may be under way at once. */
guint jr_sender_room(const JrSender *sender);

/*
 * While a submission waits, for room or its pace, @meanwhile is called every
 * few milliseconds: who has several senders lets the others move on in it, so
 * that their answers are read in time.
 */
typedef void (*JrSenderMeanwhileFn)(JrSender *waiting, gpointer user);
void jr_sender_meanwhile(JrSender *sender, JrSenderMeanwhileFn meanwhile,
			 gpointer user);

/* Move on with what is under way, for up to @wait_ms.  FALSE: nothing is. */
gboolean jr_sender_move_on(JrSender *sender, int wait_ms);

/* End such a wait, this one or the next. */
void jr_sender_wake(JrSender *sender);

/* Wait until nothing is under way. */
void jr_sender_drain(JrSender *sender);

/*
 * The run is at its end: what was wrong with a part of the devices alone stops
 * the sender now.
 */
void jr_sender_end(JrSender *sender);

/*
 * Ask @sender's provider whether it would take messages of ours: have an
 * access token, a new one where that is fetched, and put its questions.  @told
 * hears of each check in turn; it is borrowed until that returns.
 */
typedef void (*JrSenderCheckFn)(const JrCheck *check, gpointer user);
void jr_sender_verify(JrSender *sender, gint64 now_s, JrSenderCheckFn told,
		      gpointer user);

/* How the sender is doing. */
typedef enum {
	JR_SENDER_RUNS,
	JR_SENDER_LATER,  /* stopped: nobody answers; later may do */
	JR_SENDER_CONFIG, /* stopped: our account, key or settings are wrong */
} JrSenderState;

/*
 * Whether it has stopped, and (*@why, borrowed, may be NULL) what was said.
 * Any thread may ask this, and wake, while another has the sender; all else is
 * for one.
 */
JrSenderState jr_sender_state(const JrSender *sender, const char **why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSender, jr_sender_free)
