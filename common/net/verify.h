/*
 * verify.h - asking how our senders stand, for the verify of JrProviderKind;
 * for *_verify.c alone.
 *
 * Statuses are the providers' own, free words: only the one that is good counts
 * as good.
 */
#pragma once

#include "net/ask.h"

typedef struct _JrVerify JrVerify;

struct _JrVerify {
	JrProvider *provider;
	JrAsk *ask;
	const JrVerifyAsk *what;
	GArray *checks;	    /* JrCheck: appended to */
	const char *number; /* or code, that is ours; NULL: any of the pool */
	GPtrArray *pool;    /* char *: numbers that a list had; owned */
	/* Make a GET of @url, taken over, with our key. */
	void (*aim)(const JrProvider *provider, char *url,
		    JrHttpRequest *request);
	/* Where the page after @page, the @n-th from 1 on of @url, is; owned;
	 * NULL: it was the last. */
	char *(*next)(const JrVerify *v, const char *url, guint n,
		      const json_t *page);
};

/* Append a finding; @what is a literal, @said is copied and may be NULL. */
void jr_verify_found(JrVerify *v, const char *what, JrCheckState state,
		     const char *said);

/*
 * The answer to a GET of @url, taken over; a new reference.  NULL without
 * error: there is no such thing, and that is @what's finding.
 */
json_t *jr_verify_get(JrVerify *v, const char *what, char *url, GError **error);

/* Find @what good when @word is @good, else wrong, and say what it is. */
void jr_verify_word(JrVerify *v, const char *what, const char *word,
		    const char *good);

/* A finding about a list: good when one of its items is. */
typedef struct {
	const char *what, *key; /* where in the answer the list is */
	const char *field;	/* what is said of an item */
	const char *good;	/* its word; NULL: that there is one */
	const char *number;	/* where an item's number is: only ours count;
				 * NULL: all do */
	const char *numbers;	/* or the list of such */
	gboolean whole;		/* read on when a good one is found */
} JrVerifyList;

/*
 * Look at the list at @url, taken over, page by page: at most 50 of them, and
 * when ours is not among those nobody knows.  Numbers go to the pool.
 */
gboolean jr_verify_list(JrVerify *v, const JrVerifyList *list, char *url,
			GError **error);
