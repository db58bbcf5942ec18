/*
 * suppress.h - whom nobody messages, whatever else is true; topics that people
 * subscribed to; and replies that a person should look at.
 *
 * Suppressed things are kept as keyed hashes, so that the list may outlive an
 * erasure, and hold numbers and names that belong to nobody known.
 */
#pragma once

#include "base/terms.h"
#include "store/db.h"

/* Stored: add at the end. */
typedef enum {
	JR_SUPPRESS_NUMBER = 1, /* value: E.164: no SMS, no WhatsApp */
	JR_SUPPRESS_EMAIL,	/* value: address in lower case */
	JR_SUPPRESS_IDENTITY,	/* value: "KIND:VALUE" of an identity: whoever
				 * comes under it is not taken up again */
} JrSuppressKind;

typedef struct {
	JrSuppressKind kind;
	const char *value;
	gint64 at_s;
	const char *reason; /* "stop", "erased", "suppressed", "complaint" … */
	const char *source; /* where from, or NULL */
} JrSuppress;

/* Add it; *@fresh is FALSE, and nothing changed, when it is on the list. */
gboolean jr_suppress_add(JrDb *db, const JrSuppress *suppress, gboolean *fresh,
			 GError **error);

/* Take it off (looked at: kind, value); *@was says whether it was on. */
gboolean jr_suppress_remove(JrDb *db, const JrSuppress *suppress, gboolean *was,
			    GError **error);

/*
 * Whether @kind and @value of @ask are on the list: then its other fields are
 * filled, texts in @arena.
 */
gboolean jr_suppress_has(JrDb *db, JrSuppress *ask, JrArena *arena,
			 gboolean *yes, GError **error);

/* Whether anything of @kind is on the list: who asks often asks this first. */
gboolean jr_suppress_any(JrDb *db, JrSuppressKind kind, gboolean *yes,
			 GError **error);

/* What a person's wish about a topic, or about "channel:sms", is. */
typedef enum {
	JR_WISH_NONE, /* never said */
	JR_WISH_OFF,
	JR_WISH_ON,
} JrWish;

/* Set it; one older than what is known changes nothing: *@changed. */
typedef struct {
	gint64 person;
	const char *topic;
	gboolean on;
	gint64 at_s;
} JrSubscription;
gboolean jr_subscription_set(JrDb *db, const JrSubscription *subscription,
			     gboolean *changed, GError **error);
gboolean jr_subscription_get(JrDb *db, gint64 person, const char *topic,
			     JrWish *wish, GError **error);
/* Append to @all (JrSubscription) what @person said, by topic. */
gboolean jr_subscriptions_of(JrDb *db, gint64 person, JrArena *arena,
			     GArray *all, GError **error);

/* A reply that might be an opt-out. */
typedef struct {
	gint64 review; /* its number */
	gint64 person; /* 0: nobody known */
	const char *number;
	gint64 at_s;
	const char *text;
	gint64 log_seq;
	gint64 done_s;	     /* 0: open */
	const char *done_by; /* who looked at it; or NULL */
	const char *verdict; /* "opt_out", "ignore"; or NULL */
} JrReview;

gboolean jr_review_add(JrDb *db, JrReview *review, GError **error);
/* Close it (looked at: review, done_s, done_by, verdict); *@was: was open. */
gboolean jr_review_done(JrDb *db, const JrReview *review, gboolean *was,
			GError **error);
/* The review with that number, open or not; *@found. */
gboolean jr_review_get(JrDb *db, gint64 number, JrArena *arena,
		       JrReview *review, gboolean *found, GError **error);
/* How many are open. */
gboolean jr_reviews_count(JrDb *db, gint64 *n, GError **error);
/* Append to @reviews (JrReview) those open, oldest first, at most @limit. */
gboolean jr_reviews_open(JrDb *db, guint limit, JrArena *arena, GArray *reviews,
			 GError **error);
