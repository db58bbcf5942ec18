/*
 * roster.h - the people that a batch of records is about.
 *
 * Who is who is asked of the store for many at once and remembered, within a
 * limit, from batch to batch; who is new or changed is written for many at
 * once, by jr_roster_flush().  All but new, free and forget belong into the
 * body of a write transaction.
 */
#pragma once

#include "base/val.h"
#include "rules/attrs.h"
#include "store/people.h"

/* One person; lives until jr_roster_forget() or the next jr_roster_begin(). */
typedef struct {
	gint64 person;	 /* the store's number; 0: new, not written yet */
	JrPerson *data;	 /* once loaded or made; else NULL */
	gboolean made;	 /* is new in this batch, not written yet */
	gboolean dirty;	 /* data is to be written */
	gboolean number; /* a number they can be texted at may be another */
} JrWho;

typedef struct _JrRoster JrRoster;

JrRoster *jr_roster_new(void);
void jr_roster_free(JrRoster *roster);

/*
 * Begin a batch on @db; what belongs to it is taken from @arena.  What was
 * remembered is dropped when another has written since, or it is too much.
 */
gboolean jr_roster_begin(JrRoster *roster, JrDb *db, JrArena *arena,
			 gint64 now_s, GError **error);

/* The batch is committed, and @seq was the log's last row in it: what is known
 * may be remembered. */
void jr_roster_committed(JrRoster *roster, gint64 seq);

/* Drop all that is remembered: after merges and erasures, and a roll back.
 * Nothing may wait for a flush. */
void jr_roster_forget(JrRoster *roster);

/*
 * What another connection found out, at a time when @view was the end of the
 * log, holds for this batch, unless names were taken from someone since then.
 * 0: do not believe it.
 */
void jr_roster_believe(JrRoster *roster, gint64 view);

/* Say that @identity will be asked for; then fetch all at once.  @found is
 * whose it was, or 0: a name that was nobody's may be someone's by now. */
void jr_roster_ask(JrRoster *roster, const JrIdentity *identity, gint64 found);
gboolean jr_roster_fetch(JrRoster *roster, GError **error);

/* How many names of this batch nobody remembered. */
guint jr_roster_unknown(const JrRoster *roster);

/* Who has @identity; *@who is NULL for nobody.  A number that is no one's
 * identity finds the one person who has it: jr_roster_get() asks for those
 * written; flush first when numbers may have changed. */
gboolean jr_roster_get(JrRoster *roster, const JrIdentity *identity,
		       JrWho **who, GError **error);

/* Say that @who's attributes will be needed; then load all at once. */
void jr_roster_want(JrRoster *roster, JrWho *who);
gboolean jr_roster_load(JrRoster *roster, GError **error);

/* @who by number, with attributes; *@who is NULL when there is none. */
gboolean jr_roster_person(JrRoster *roster, gint64 person, JrWho **who,
			  GError **error);

/* A new person known as @identity, which nobody has. */
JrWho *jr_roster_make(JrRoster *roster, const JrIdentity *identity);

/* @who, loaded, has @identity, too, which nobody else has. */
void jr_roster_name(JrRoster *roster, JrWho *who, const JrIdentity *identity);

/* Nobody has @identity any more. */
void jr_roster_unname(JrRoster *roster, const JrIdentity *identity);

/* Merge @update, a map, of @at_ms into @who, who is loaded. */
gboolean jr_roster_merge(JrRoster *roster, JrWho *who, const JrVal *update,
			 gint64 at_ms, const JrAttrsReport *report,
			 GError **error);

/* @json of a person, attributes or times, as values in the batch's arena. */
const JrVal *jr_roster_values(JrRoster *roster, const char *json,
			      GError **error);

/* @len bytes of @json, read before, as values in the batch's arena. */
const JrVal *jr_roster_again(JrRoster *roster, const char *json, gsize len);

/* Whether anything waits to be written. */
gboolean jr_roster_pending(const JrRoster *roster);

/* Write what is new or changed. */
gboolean jr_roster_flush(JrRoster *roster, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrRoster, jr_roster_free)
