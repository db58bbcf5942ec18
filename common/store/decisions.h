/*
 * decisions.h - why each message did not go; which workflows a person or the
 * brake holds; and what providers said of our senders.
 */
#pragma once

#include "base/terms.h"
#include "store/db.h"

typedef struct {
	gint64 decision; /* the store's number for it */
	gint64 at_s;
	gint64 person;
	const char *workflow, *step; /* or NULL */
	JrChannel channel;	     /* of the step; 0: it has none */
	gint64 enrolment;	     /* 0: none */
	const char *message;	     /* id, or NULL */
	const char *gate;	     /* as in jr-records(5) */
	const char *verdict;	     /* "later" or "no" */
	const char *reason;	     /* for people */
	const char *details;	     /* JSON: the values that the gate saw */
	gint64 opens_s;		     /* when it would open; 0: not by time */
} JrDecisionRow;

gboolean jr_decision_add(JrDb *db, JrDecisionRow *decision, GError **error);

/* NULL and 0 restrict nothing. */
typedef struct {
	gint64 person;
	const char *workflow;
	const char *message;
	gint64 from_s, until_s; /* both inclusive; 0 and 0: any time */
} JrDecisionQuery;

typedef gboolean (*JrDecisionFn)(const JrDecisionRow *decision, gpointer user);

/* Show @each those asked for, oldest first, until it returns FALSE. */
gboolean jr_decisions_each(JrDb *db, const JrDecisionQuery *query,
			   JrDecisionFn each, gpointer user, GError **error);

/* A workflow that sends nothing until a person releases it. */
typedef struct {
	const char *workflow;
	gint64 held_s;
	const char *held_by; /* "brake", or who */
	const char *reason;
	gint64 released_s;	 /* 0: still held */
	const char *released_by; /* or NULL */
} JrHold;

/* Hold it; *@fresh is FALSE, and nothing changed, when it is held. */
gboolean jr_hold_put(JrDb *db, const JrHold *hold, gboolean *fresh,
		     GError **error);
/* Release it (looked at: workflow, released_s, released_by); *@was: was held.
 */
gboolean jr_hold_release(JrDb *db, const JrHold *hold, gboolean *was,
			 GError **error);
/* The newest hold of @workflow, released or not; the brake counts from its
 * release. */
gboolean jr_hold_get(JrDb *db, const char *workflow, JrArena *arena,
		     JrHold *hold, gboolean *found, GError **error);

typedef gboolean (*JrHoldFn)(const JrHold *hold, gpointer user);
/* Show @each those that are held now, by workflow. */
gboolean jr_holds_each(JrDb *db, JrHoldFn each, gpointer user, GError **error);

/* Whether carriers of +1 take its texts; any other status says nothing. */
#define JR_SENDER_REGISTERED "registered"
#define JR_SENDER_UNREGISTERED "unregistered"

/* What a provider last said of a sender (its name in jr.yaml), and when. */
typedef struct {
	const char *provider, *sender;
	const char *status;  /* JR_SENDER_REGISTERED … */
	const char *details; /* JSON, or NULL */
	gint64 checked_s;
} JrSenderStatus;

gboolean jr_sender_status_put(JrDb *db, const JrSenderStatus *status,
			      GError **error);
gboolean jr_sender_status_get(JrDb *db, const char *provider,
			      const char *sender, JrArena *arena,
			      JrSenderStatus *status, gboolean *found,
			      GError **error);
