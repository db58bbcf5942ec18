/*
 * people.h - who there is, under which names, with which attributes.
 */
#pragma once

#include "store/db.h"

/* What a person may be known by.  Stored: add at the end. */
typedef enum {
	JR_IDENTITY_ID = 1,
	JR_IDENTITY_EMAIL, /* give it in lower case */
	JR_IDENTITY_PHONE, /* E.164 */
	JR_IDENTITY_ANONYMOUS,
	JR_IDENTITY_CIO_ID,
} JrIdentityKind;
#define JR_IDENTITY_LAST JR_IDENTITY_CIO_ID

const char *jr_identity_name(JrIdentityKind kind); /* "id" … NULL for none */
JrIdentityKind jr_identity_of(const char *name);   /* 0 for none */

/* Stored: add at the end. */
typedef enum {
	JR_PERSON_LIVE = 1,
	JR_PERSON_SUPPRESSED, /* known, and never to be messaged */
	JR_PERSON_ERASED,     /* nothing is known any more; keeps its number */
	JR_PERSON_MERGED,     /* is merged_into another */
} JrPersonState;

typedef struct {
	gint64 person;
	const char *id; /* whom records and messages name; never NULL */
	JrPersonState state;
	gint64 merged_into;	/* 0 unless merged */
	const char *attributes; /* JSON map */
	const char *times; /* JSON map: when each was set, or removed, in s */
	const char *zone;  /* IANA name as given, or NULL */
	gint64 created_s, updated_s;
} JrPerson;

typedef struct {
	JrIdentityKind kind;
	const char *value;
} JrIdentity;

/* One question of jr_people_find(). */
typedef struct {
	JrIdentity identity;
	gint64 person; /* the answer; 0: nobody has it */
} JrPersonAsk;

/*
 * Answer @n questions, fastest when many are asked at once.  The answer is
 * never a merged or erased person: identities follow a merge, and end with an
 * erasure.
 */
gboolean jr_people_find(JrDb *db, JrPersonAsk *asks, gsize n, GError **error);

/*
 * Make @n people of their @id, @state, @attributes, @times, @zone, @created_s
 * and @updated_s and set their @person, rising in the order given.  They have
 * no identity yet.
 */
gboolean jr_people_add(JrDb *db, JrPerson *people, gsize n, GError **error);

/*
 * Say that @person has @identity.  *@owner is who has it now: @person, or the
 * one who had it before, and then nothing changed.
 */
gboolean jr_person_identify(JrDb *db, gint64 person, const JrIdentity *identity,
			    gint64 *owner, GError **error);

/* The same for many that nobody has yet, as just made people's: fast. */
typedef struct {
	gint64 person;
	JrIdentity identity;
} JrPersonIdentity;
gboolean jr_people_identify(JrDb *db, const JrPersonIdentity *all, gsize n,
			    GError **error);

/* @person has @identity no longer; nothing happens when it had not. */
gboolean jr_person_unidentify(JrDb *db, gint64 person,
			      const JrIdentity *identity, GError **error);

/* Append to @identities (JrIdentity) all of @person's, by kind and value. */
gboolean jr_person_identities(JrDb *db, gint64 person, JrArena *arena,
			      GArray *identities, GError **error);

/*
 * Fill each of the @n @people from its @person; one that is not there gets
 * @person 0.  Merged people are shown as such.
 */
gboolean jr_people_load(JrDb *db, JrPerson *people, gsize n, JrArena *arena,
			GError **error);

/* Write @id, @state, @attributes, @times, @zone and @updated_s of all @n. */
gboolean jr_people_save(JrDb *db, const JrPerson *people, gsize n,
			GError **error);

/*
 * Set the numbers (E.164; @numbers ends with NULL) under which @person may be
 * texted, in place of those before: this is how a STOP finds everyone.
 */
gboolean jr_person_set_numbers(JrDb *db, gint64 person,
			       const char *const *numbers, GError **error);

/* A number that someone has, or, by the ledger of consents, had. */
typedef struct {
	const char *number;
	gboolean now;
} JrNumber;

/*
 * Append to @numbers (JrNumber, texts in @arena), in rising order, each that is
 * or was @person's, or of those merged into them: one that is both comes twice.
 */
gboolean jr_person_numbers(JrDb *db, gint64 person, JrArena *arena,
			   GArray *numbers, GError **error);

/* Append to @people (gint64) all who have @number, in rising order. */
gboolean jr_people_with_number(JrDb *db, const char *number, GArray *people,
			       GError **error);

/*
 * Append to @people (JrPerson) at most @limit live and suppressed people
 * behind number @after, in rising order: all of them, page by page, for a
 * rebuild.  With @arena reset in between, memory is that of one page.  Of each
 * the number, @id, @state, @attributes and @zone are filled.
 */
gboolean jr_people_page(JrDb *db, gint64 after, guint limit, JrArena *arena,
			GArray *people, GError **error);

/* The same, as many as take about @bytes of @arena: for who looks at all of
 * them, whatever they are like.  None are left when none is appended. */
gboolean jr_people_batch(JrDb *db, gint64 after, gsize bytes, JrArena *arena,
			 GArray *people, GError **error);

/* What some people have any of, and many have none of. */
typedef enum {
	JR_HAVE_METRICS,
	JR_HAVE_DEVICES,
	JR_HAVE_WISHES, /* said about topics and channels */
} JrHave;

/* Append to @people (gint64) those from @first to @last who have any of @what,
 * in rising order. */
gboolean jr_people_having(JrDb *db, JrHave what, gint64 first, gint64 last,
			  GArray *people, GError **error);

/* How many live people there are; counted, so not for every tick. */
gboolean jr_people_count(JrDb *db, gint64 *n, GError **error);

/*
 * Make @loser a part of @winner: log, identities, numbers, devices, consents,
 * segments, subscriptions, journeys, messages and decisions move, the ledger
 * of consents keeps both and who became whom.  Where both have something that
 * can be only once (a live run of a workflow), the winner's stays and the
 * loser's ends with reason "merged".  Attributes are the caller's to merge and
 * save.  Cannot be undone.
 */
gboolean jr_people_merge(JrDb *db, gint64 winner, gint64 loser, gint64 at_s,
			 GError **error);
