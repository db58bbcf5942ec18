/*
 * impl.h - the parts of sending; for this folder alone.
 */
#pragma once

#include "flow/journey/gatefacts.h"
#include "flow/journey/verdict.h"
#include "flow/send/send.h"
#include "net/handover.h"
#include "net/sender.h"
#include "store/devices.h"

/* Lines that are read together: nothing is claimed meanwhile. */
#define JR_SEND_READ 250
/* Messages that may wait for their turn; beyond that nothing is read. */
#define JR_SEND_WAIT 10000
/* Messages that are claimed together, times what may be in flight: answers are
 * written with the next claim, and commits are what is dear. */
#define JR_SEND_CLAIM 10

/* A provider in use. */
typedef struct {
	char *name;
	JrProvider *provider; /* the sender's */
	JrSender *sender;
	double per_second; /* its pace; 0: as fast as it goes */
	JrSenderLimits limits;
} JrSendWay;

struct _JrSend {
	JrFlow *flow;
	JrSendOptions options;
	JrJourneyFiles *files;
	JrJourneys *journeys;
	GPtrArray *ways;     /* JrSendWay *, by name; all open from the start */
	GPtrArray *answered; /* JrSendJob *: to be settled; owned */
	GArray *again;	     /* gint64: rows of messages for who stands in */
	GString *lines;	     /* delivery records to be told, a line each */
	guint claimed;	     /* messages, in this run */

	/* over.c: while the thread runs, this is the thread's. */
	GThread *thread;	   /* NULL: none runs */
	gint wanted;		   /* atomic: it is to end */
	struct _JrSendBatch *over; /* what it hands over */
	GPtrArray *arrived;	   /* JrSendJob *: answered since; owned */
	gboolean tried;		   /* somebody has answered */
};

/* Messages claimed together: what belongs to them lives until the last one is
 * settled. */
typedef struct _JrSendBatch {
	gint refs;
	JrArena *arena;
	GPtrArray *permits; /* JrPermit *, one a message; owned */
	GPtrArray *jobs;    /* JrSendJob *: to be handed over */
} JrSendBatch;

/* One hand-over: of a message, to its address or to one device. */
typedef struct {
	JrSend *send;
	JrSendBatch *batch;	  /* a reference */
	const JrMessage *message; /* the batch's, and all that follows */
	const char *person_id;
	const JrVal *content;
	const JrDevice *device;	  /* push; else NULL */
	const JrVal *device_more; /* its attributes, for kinds that need them;
				   * else NULL */
	const JrPermit *permit;
	JrSendWay *way;
	gint64 attempt;
	gboolean alone; /* it is the attempt's only one */
	gint64 now_s;	/* when it was claimed */
	JrAnswer answer;
} JrSendJob;

void jr_send_job_free(JrSendJob *job);
JrSendBatch *jr_send_batch_new(void);
void jr_send_batch_unref(JrSendBatch *batch);
/* Give up the reference of who made it, and jobs that were not handed over. */
void jr_send_batch_drop(JrSendBatch *batch);

/*
 * The way that a message goes: send.c.  NULL and JR_ERROR_CONFIG when no
 * provider is configured for it.
 */
JrSendWay *jr_send_way(JrSend *send, const JrMessage *message,
		       const JrDevice *device, GError **error);

/*
 * Whom @message comes from when another provider than its own is to take it:
 * that one knows nothing of the step's sender.  NULL: nothing is changed.
 */
const JrPolicySender *jr_send_stand_in(JrSend *send, const JrMessage *message);

/* Whether another provider takes what @way would have taken. */
gboolean jr_send_has_stand_in(const JrSend *send, const JrSendWay *way);

/* Whether a provider has stopped and none stands in for it. */
gboolean jr_send_over(const JrSend *send);

/* Whether a provider has stopped at all: JR_ERROR_CONFIG or JR_ERROR_BUSY. */
gboolean jr_send_stopped(const JrSend *send, GError **error);

/*
 * Claim those of @rows (gint64, of messages) that may go, as far as --max
 * allows; what the gates say against others is kept and told.  In a write
 * transaction.
 */
gboolean jr_send_claim(JrSend *send, const GArray *rows, JrSendBatch *batch,
		       GError **error);

/* The same as a rehearsal: nothing is kept, the requests of @batch are told. */
gboolean jr_send_rehearse(JrSend *send, const GArray *rows, JrSendBatch *batch,
			  GError **error);

/*
 * Hand over all of @batch, whose reference is taken over, once the one before
 * is; what is answered meanwhile is to be settled.  Where it goes as fast as it
 * can this returns at once: the next batch is claimed meanwhile.
 */
void jr_send_hand_over(JrSend *send, JrSendBatch *batch);

/* Let no provider's answers wait for another's: once all ways are open. */
void jr_send_side_by_side(JrSend *send);

/* Wait until all are handed over; answers may be under way still. */
void jr_send_handed_over(JrSend *send);

/* Keep a copy of @answer, which is borrowed, with @job. */
void jr_send_keep_answer(JrSendJob *job, const JrAnswer *answer);

/* What @job is, for the provider; borrowed from the job. */
JrHandover jr_send_handover(const JrSendJob *job);

/* Wait for all answers, and write them. */
gboolean jr_send_drain(JrSend *send, GError **error);

/* Write the answers that have come, in a transaction of their own. */
gboolean jr_send_settle(JrSend *send, GError **error);

/* The same within a write transaction; once it is committed they are to be
 * forgotten. */
gboolean jr_send_write_answers(JrSend *send, GError **error);
void jr_send_forget_answers(JrSend *send);

/* Make claims over their limit unknown, and tell. */
gboolean jr_send_expire(JrSend *send, GError **error);

/* How a hand-over ended. */
typedef struct {
	JrMessageState state; /* of the attempt */
	JrMetric metric;
} JrSendEnd;

/* Its @i-th way; and the one called @name, or NULL.  Borrowed. */
JrSendWay *jr_send_way_at(const JrSend *send, guint i);
JrSendWay *jr_send_way_named(const JrSend *send, const char *name);

/* Gather the delivery record of @job; jr-records(5). */
void jr_send_record(const JrSendJob *job, const JrSendEnd *end);

/* Write these, then what the journeys tell: after the commit that makes them
 * true. */
gboolean jr_send_tell(JrSend *send, GError **error);

/* The provider says that this number opted out: ledger, attributes and log.
 * In a write transaction. */
gboolean jr_send_opt_out(const JrSendJob *job, GError **error);
