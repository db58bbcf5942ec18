/*
 * consents.h - the ledger: who agreed to what, when, and what proves it.
 *
 * Append-only, and each row holds the hash of the one before it, so that a row
 * changed, taken out or moved is found.  What is personal in a row enters its
 * hash as a salted digest: erasure blanks those fields and the chain holds.
 * Beside the ledger stands what is true now, kept by the same function and
 * asked by the schema itself before an SMS may be claimed.
 */
#pragma once

#include "base/terms.h"
#include "store/db.h"

/* One row of the ledger. */
typedef struct {
	gint64 row;	    /* its number, from 1 without gaps */
	gint64 person;	    /* 0: nobody known has this number */
	const char *number; /* E.164; NULL: the person had none, or is erased */
	JrChannel channel;
	const char *scope;  /* the sender it is for; "" or NULL: every one */
	gboolean in;	    /* agreed; FALSE: opted out */
	gint64 at_s;	    /* when the person said so */
	gint64 recorded_s;  /* when jr took it */
	const char *ip;	    /* of the person; or NULL, as all that follow */
	const char *agent;  /* user agent */
	const char *source; /* page, form, import file, provider */
	const char *disclosure;	    /* the words shown, or their version */
	const char *disclosure_sha; /* their SHA-256 */
	const char *method;	    /* "form", "keyword", "import", "api",
				     * "provider", "review" */
	const char *evidence;	    /* JSON: whatever else proves it */
	gint64 log_seq;		    /* the record it came with; 0: none */
	/* Out only: */
	const char *number_key; /* keyed hash of the number; "" without one */
	const char *hash;	/* of this row and so of all before it */
	gboolean erased;	/* personal fields are blanked */
} JrConsent;

/*
 * Write @consent at the end of the ledger (its @row is set) and bring what is
 * true now in line.  An opt-out takes effect for its number whoever has it; one
 * without a number for whatever number its person has.  It counts from @at_s,
 * but never from the future: then from @recorded_s.  *@changed says whether it
 * is what counts now: FALSE for a no not newer than the newest no, and for a
 * yes not newer than the newest yes and every no; those are kept in the ledger
 * and change nothing.
 */
gboolean jr_consent_add(JrDb *db, JrConsent *consent, gboolean *changed,
			GError **error);

/* A question: may @person be reached at @number through @channel by @scope? */
typedef struct {
	gint64 person;
	const char *number;
	JrChannel channel;
	const char *scope; /* "" or NULL: only what is for every sender */
} JrConsentKey;

/*
 * What is true now, for that sender and for every sender together: @in is
 * TRUE only when this person's newest yes for this number is newer than every
 * no for the number, or of the person; a tie is a no.
 */
typedef struct {
	gboolean in;
	gint64 in_s, out_s;	/* newest of each; 0: never */
	gint64 in_row, out_row; /* in the ledger; 0: none */
} JrConsentNow;

gboolean jr_consent_state(JrDb *db, const JrConsentKey *key,
			  JrConsentNow *state, GError **error);

/*
 * Append to @numbers (const char *, in @arena), in rising order, those for
 * which
 * @person's yes on @channel stands, for every sender or for one.
 */
gboolean jr_consent_open(JrDb *db, gint64 person, JrChannel channel,
			 JrArena *arena, GArray *numbers, GError **error);

/*
 * Append to @scopes (const char *, in @arena), in rising order, those for which
 * key->person once agreed to be reached at key->number and which a no has
 * closed since; key->scope is not looked at.
 */
gboolean jr_consent_closed(JrDb *db, const JrConsentKey *key, JrArena *arena,
			   GArray *scopes, GError **error);

/* The keyed hash under which @number stands in this store: 64 hex digits. */
#define JR_NUMBER_KEY_SIZE 65
gboolean jr_number_key(JrDb *db, const char *number,
		       char key[JR_NUMBER_KEY_SIZE], GError **error);

typedef struct {
	gint64 person;		/* 0: any */
	const char *number;	/* NULL: any; found also when it was erased */
	gint64 after_row;	/* rows behind it */
	gint64 from_s, until_s; /* when it was said; 0 and 0: any time */
} JrConsentQuery;

typedef gboolean (*JrConsentFn)(const JrConsent *consent, gpointer user);

/* Show @each the rows asked for, oldest first, until it returns FALSE. */
gboolean jr_consent_each(JrDb *db, const JrConsentQuery *query,
			 JrConsentFn each, gpointer user, GError **error);

/* What verifying found wrong. */
typedef enum {
	JR_LEDGER_CHANGED, /* the row is not what was written */
	JR_LEDGER_MISSING, /* rows from this one on, before the next, are gone
			    */
	JR_LEDGER_MOVED,   /* the row is whole, but not behind the one before */
	JR_LEDGER_STATE,   /* what counts as true now is not what the ledger
			    * says; row: the newest about it, or 0 */
} JrLedgerFault;

typedef gboolean (*JrLedgerFn)(JrLedgerFault fault, gint64 row, gpointer user);

/*
 * Verify the whole ledger: *@rows is how many there are, and @each is shown
 * every fault, in order, until it returns FALSE.  Whoever can write the file
 * can write all of it anew; keep *@head, the newest row's hash (owned), at
 * another place to find that too.
 */
gboolean jr_consent_verify(JrDb *db, JrLedgerFn each, gpointer user,
			   gint64 *rows, char **head, GError **error);
