/*
 * messages.h - each message from its plan to its last receipt.
 *
 * The states and what clears each are DESIGN 10's.  A function here changes a
 * message only from the states it names, so that two who try do it once: the
 * other is told by an out parameter.
 */
#pragma once

#include "base/terms.h"
#include "store/db.h"

typedef struct {
	gint64 row;	  /* the store's number for it; 0: it is not kept */
	const char *id;	  /* made of workflow, person, run and step */
	gint64 enrolment; /* 0: none */
	const char *workflow, *version, *step; /* names, and content hash */
	const char *variant;		       /* of a split; or NULL */
	gint64 person;
	JrChannel channel;
	JrPurpose purpose;
	gint64 priority; /* of the workflow: more goes first */
	JrMessageState state;
	gint64 trigger_s;  /* when what began the journey happened; 0: none */
	gint64 due_s;	   /* when the journey came to it */
	gint64 wake_s;	   /* planned: look at it then; offered: end of the
			    * lease; claimed: end of the limit; waiting: not
			    * before; else 0 */
	gint64 deadline_s; /* not to be handed over after; 0: none */
	/* What is known once it is rendered; NULL and 0 before. */
	const char *address; /* number or e-mail address; NULL for push */
	const char *scope;   /* the sender that consent is asked for; or NULL */
	const char *sender;  /* From number or service, or NULL */
	const char *country; /* of the address, "US"; or NULL */
	const char *content; /* JSON as it is handed over */
	gint64 segments;     /* SMS parts */
	gint64 cost_micros;  /* estimate, later the provider's price */
	const char *currency; /* or NULL: the account's */
	/* What came of it. */
	gint64 counted_s;  /* since when it counts toward caps; 0: does not */
	gint64 attempts;   /* claims so far */
	gint64 accepted_s; /* 0: not */
	gint64 settled_s;  /* when it got its last state */
	const char *provider, *provider_id; /* or NULL */
	const char *code;   /* the provider's, or the gate; or NULL */
	const char *reason; /* for people; or NULL */
} JrMessage;

/*
 * Plan @message: state planned, @wake_s as given.  When its id is there,
 * *@fresh is FALSE and nothing changed.
 */
gboolean jr_message_plan(JrDb *db, const JrMessage *message, gboolean *fresh,
			 GError **error);

/*
 * Keep @message, which another system sent and tells us of: it was never ours
 * to send.  From its state (refused until a receipt says more) nothing here
 * lets it leave.  When its id is there, *@fresh is FALSE and nothing changed.
 */
gboolean jr_message_import(JrDb *db, const JrMessage *message, gboolean *fresh,
			   GError **error);

/* Row, channel, sender (in @arena) and segments of the message @id; the channel
 * is 0 when there is none such. */
gboolean jr_message_outline(JrDb *db, const char *id, JrArena *arena,
			    JrMessage *message, GError **error);

/* Message @id; *@found says whether it is there. */
gboolean jr_message_get(JrDb *db, const char *id, JrArena *arena,
			JrMessage *message, gboolean *found, GError **error);

/* The same of the message that is @row. */
gboolean jr_message_at(JrDb *db, gint64 row, JrArena *arena, JrMessage *message,
		       gboolean *found, GError **error);

/*
 * Append to @rows (gint64) the messages to be gated at @now_s: planned and due,
 * offered with the lease ended, waiting no longer; by priority, then @due_s,
 * then as they were planned; at most @limit.  They stay until something below
 * changes them.
 */
gboolean jr_messages_due(JrDb *db, gint64 now_s, guint limit, GArray *rows,
			 GError **error);

/*
 * Offer @message until @message->wake_s, with all that rendering gave it
 * (@address … @currency); it counts toward caps from @now_s.  It is found by
 * @message->row, or by its id where that is 0.  From: the states and instants
 * of jr_messages_due(), else *@done is FALSE.
 */
gboolean jr_message_offer(JrDb *db, const JrMessage *message, gint64 now_s,
			  gboolean *done, GError **error);

/* What becomes of a message instead.  From: planned, offered, waiting. */
typedef struct {
	const char *id;
	JrMessageState state; /* PLANNED, REFUSED or CANCELLED */
	gint64 wake_s;	      /* PLANNED: looked at again then */
	gint64 at_s;
	const char *code, *reason; /* the gate; or NULL */
} JrPutOff;
/* Its place under the caps is given back.  Else *@done is FALSE. */
gboolean jr_message_put_off(JrDb *db, const JrPutOff *put_off, gboolean *done,
			    GError **error);

/* Those of @person that are put off are due at @now_s. */
gboolean jr_messages_wake(JrDb *db, gint64 person, gint64 now_s,
			  GError **error);

/* The same of those of @workflow that the brake or the budget puts off. */
gboolean jr_messages_wake_held(JrDb *db, const char *workflow, gint64 now_s,
			       GError **error);

/* Cancel all of @enrolment's that are planned, offered or waiting; *@n. */
gboolean jr_messages_cancel(JrDb *db, gint64 enrolment, gint64 at_s,
			    const char *reason, guint *n, GError **error);

/* One hand-over of one message to one address or device. */
typedef struct {
	const char *message; /* its id */
	gint64 attempt;	     /* from 1 */
	gint64 device;	     /* 0: not a push */
	gint64 started_s, ended_s;
	JrMessageState state; /* claimed, then as it is settled */
	const char *provider, *provider_id, *code, *reason;
	gint64 cost_micros;   /* -1: the provider did not say */
	const char *currency; /* or NULL */
} JrAttempt;

typedef struct {
	gint64 row; /* the store's number of it; 0: found by its id */
	const char *id;
	const char *provider;
	gint64 now_s;
	gint64 limit_s;	       /* after which, unsettled, it is unknown */
	const gint64 *devices; /* push: each gets an attempt */
	const char *const *providers; /* of each; NULL: as provider says */
	gsize n_devices;	      /* 0: one attempt, for the address */
} JrClaim;

typedef enum {
	JR_CLAIM_TAKEN,	    /* yours: hand it over, then settle it */
	JR_CLAIM_ABSENT,    /* no such message */
	JR_CLAIM_TOO_LATE,  /* claimed, accepted … already, or put off */
	JR_CLAIM_FORBIDDEN, /* the schema itself says no: no consent for this
			     * person, number, channel and sender, or the
			     * number is suppressed */
} JrClaimResult;

/* Message @id comes from @sender, whose consents are of @scope; each or both
 * may be NULL. */
gboolean jr_message_from(JrDb *db, const char *id, const char *sender,
			 const char *scope, GError **error);

/*
 * Claim an offered message (or one that waits no longer), in the transaction
 * that looked at all gates again: write the attempt, say that it is under way,
 * count it.  An SMS or WhatsApp without consent is refused here whatever the
 * caller thinks; one whose purpose is re_permission needs no consent but is
 * the only one for its number, ever, and no opt-out.  Only TAKEN changes
 * anything; *@attempt is its number.
 */
gboolean jr_message_claim(JrDb *db, const JrClaim *claim, JrClaimResult *result,
			  gint64 *attempt, GError **error);

/*
 * Write what came of a claimed hand-over (looked at: message, attempt, device,
 * ended_s, state, provider_id, code, reason, cost).  When it was the last one
 * under way, the message gets the best of its attempts' states, in this order:
 * accepted, unknown, waiting, refused; its provider_id is that one's.
 * waiting: not before @wake_s.  waiting and refused give their place under
 * the caps back; accepted becomes the metric "sent", refused "failed", in the
 * same step.  *@state is the message's state now; an attempt that is not under
 * way (a receipt was faster, or its limit was over) changes nothing, but one
 * that became unknown by its limit may still be settled.
 */
gboolean jr_attempt_settle(JrDb *db, const JrAttempt *attempt, gint64 wake_s,
			   JrMessageState *state, GError **error);

/* What came of one of many hand-overs. */
typedef struct {
	JrAttempt attempt;
	gint64 wake_s;
	const JrMessage *message; /* as it was claimed; NULL: it is read */
	gboolean alone;		  /* the attempt has no other device */
	JrMessageState state;	  /* out: the message's now */
} JrSettlement;

/* As jr_attempt_settle(), of @n; what they count for is written once. */
gboolean jr_attempts_settle(JrDb *db, JrSettlement *all, gsize n,
			    GError **error);

/* Append to @attempts (JrAttempt) all of @message's, in order. */
gboolean jr_attempts_of(JrDb *db, const char *message, JrArena *arena,
			GArray *attempts, GError **error);

/* Make claims whose limit is over unknown; append their @ids (char *). */
gboolean jr_messages_expire(JrDb *db, gint64 now_s, JrArena *arena,
			    GPtrArray *ids, GError **error);

/*
 * Whether the person of @enrolment was sent, or may have been, @step in another
 * run of the same workflow and key that was entered after @after_s: when two
 * people had a run each before they were merged.
 */
gboolean jr_message_sent_before(JrDb *db, gint64 enrolment, const char *step,
				gint64 after_s, gboolean *yes, GError **error);

/* Whether a re_permission other than @except (an id, or NULL) was ever sent to
 * @number. */
gboolean jr_message_asked(JrDb *db, const char *number, const char *except,
			  gboolean *yes, GError **error);

/* What takes a place under a cap. */
typedef struct {
	gint64 person;
	JrChannel channel;
	const char *workflow; /* NULL: all */
	gint64 since_s;	      /* counted after it */
	const char *except;   /* a message's id: the one asked for; or NULL */
} JrCapQuery;

/*
 * Append to @times (gint64) since when each counts, oldest first: claimed,
 * accepted, unknown and what became of these, and those offered whose place is
 * reserved.
 */
gboolean jr_messages_counted(JrDb *db, const JrCapQuery *query, GArray *times,
			     GError **error);

/* How many segments count for @sender since @since_s: what was offered from it
 * then, or handed over. */
gboolean jr_messages_segments(JrDb *db, const char *sender, gint64 since_s,
			      gint64 *n, GError **error);

/* The message that a provider knows as @provider_id; *@id is NULL for none. */
gboolean jr_message_by_provider(JrDb *db, const char *provider,
				const char *provider_id, JrArena *arena,
				char **id, GError **error);

/* The newest message accepted for @address by @channel from @since_s until
 * @until_s: whose reply it is.  *@id is NULL when there is none. */
gboolean jr_message_by_address(JrDb *db, const char *address, JrChannel channel,
			       gint64 since_s, gint64 until_s, JrArena *arena,
			       char **id, GError **error);

/* Whether any was accepted for @address by @channel, until @until_s. */
gboolean jr_message_reached(JrDb *db, const char *address, JrChannel channel,
			    gint64 until_s, gboolean *yes, GError **error);

/* Append to @messages (JrMessage) all of @person's, by due_s and id. */
gboolean jr_messages_of(JrDb *db, gint64 person, JrArena *arena,
			GArray *messages, GError **error);

/* Append to @messages (JrMessage) at most @limit in @state, oldest wake_s or
 * settled_s first: what waits for a person, as unknown ones do. */
gboolean jr_messages_in(JrDb *db, JrMessageState state, guint limit,
			JrArena *arena, GArray *messages, GError **error);
