/*
 * send.h - the use case of jr-send-sms and jr-send-push: claim, hand over,
 * settle.
 *
 * A message is known by its id alone; everything about it is read from the
 * store, so that a record altered in the pipe cannot redirect it.  In one
 * transaction each of a batch passes all gates again and is claimed; then they
 * are handed over; what came of each is written as it comes.  Pushes are
 * claimed while those of the batch before are handed over (over.c).  A
 * crash leaves the claim, which after its limit is unknown, and is never handed
 * over again.
 *
 * crash point           state it leaves
 * send-claim            nothing: the transaction is rolled back
 * send-claimed          claimed, not handed over
 * send-handed-over      claimed, handed over, answer not written
 * send-settle           the same: the transaction is rolled back; answers are
 *                       written together with the next claim
 * send-settled          settled; its delivery record is lost with the pipe
 */
#pragma once

#include "flow/flow.h"

typedef struct _JrSend JrSend;

typedef struct {
	guint channels;	      /* ours: bits 1 << JR_CHANNEL_… */
	guint max;	      /* messages to claim at most; 0: no limit */
	double per_second;    /* pace of hand-overs; 0: the provider's */
	const char *provider; /* for all, in place of those configured */
	/* Told now and then how many messages are claimed; or NULL. */
	void (*progress)(gpointer user, guint claimed);
	gpointer user;
} JrSendOptions;

/*
 * Load workflows (gates ask them), open the providers of our channels.  NULL
 * and JR_ERROR_CONFIG.  @options is copied.  Owned.
 */
JrSend *jr_send_new(JrFlow *flow, const JrSendOptions *options, GError **error);
void jr_send_free(JrSend *send);

/*
 * Read @reader to its end: pass on every line but the messages of our
 * channels; hand those over.  Messages that are not known pass, and are told
 * of to @odd.  With flow->dry_run nothing is claimed, and in place of each
 * hand-over its request is written as a record.  FALSE and
 *   JR_ERROR_CONFIG, JR_ERROR_BUSY: a provider took nothing more, because of
 *     our account or settings, or because it has trouble; the rest of the
 *     input has been passed on, and stays offered;
 *   JR_ERROR_IO, JR_ERROR_BUSY: of store and pipe.
 */
typedef void (*JrSendOddFn)(gpointer user, const char *what);
gboolean jr_send_stream(JrSend *send, JrReader *reader, JrSendOddFn odd,
			gpointer user, GError **error);

/* One real message to a test recipient. */
typedef struct {
	const char *recipient; /* number or token, listed in jr.yaml */
	JrChannel channel;
	const char *text; /* NULL: one that says what it is */
} JrSendTest;

/* Hand it over; its delivery record is written.  FALSE and an error also when
 * the provider does not take it. */
gboolean jr_send_test(JrSend *send, const JrSendTest *test, GError **error);

/*
 * Ask each provider whether it would take messages of ours, sending nobody
 * anything; a record of type check is written for each thing that was looked
 * at.  FALSE and JR_ERROR_CONFIG (a person has to mend something) or
 * JR_ERROR_BUSY (nobody answers): of the first that is not well.
 */
gboolean jr_send_verify(JrSend *send, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSend, jr_send_free)
