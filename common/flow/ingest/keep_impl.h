/*
 * keep_impl.h - the inside of keeping, for its files alone.
 *
 * Records are taken one after another.  What only changes people stays in the
 * roster, what else is to be written waits as an effect, and both are written
 * together by jr_keep_flush(): at the end of the batch, and before a record
 * that must find all before it written (a merge, an erasure, a reply).
 */
#pragma once

#include "flow/ingest/keep.h"
#include "rules/consent.h"
#include "store/consents.h"
#include "store/log.h"

typedef struct _JrKeepRun JrKeepRun;
typedef struct _JrEffect JrEffect;

struct _JrKeepRun {
	JrKeep *keep;
	JrDb *db;
	JrRoster *roster;
	JrArena *arena;
	JrIngestRec **recs; /* all but those that just pass */
	guint n;
	JrLogRow *rows;	 /* one for each record */
	JrWho **whos;	 /* whom each is about; NULL: nobody yet */
	guint taken;	 /* records before it are taken */
	guint flushed;	 /* and those before it written */
	GArray *effects; /* JrEffect: of records between both */
	GArray *extras;	 /* JrLogRow: what follows from records; written last */
	gboolean bars;	 /* someone must not be taken up again */
	gboolean number_bars; /* some number is blocked */
	gboolean outs;	      /* an opt-out is among the effects */
	gboolean imports;     /* a message of another system is */
	gint64 last;	      /* out: the newest row of the log */
	gint64 now_s;
};

/* Written after the rows and people of its record are. */
struct _JrEffect {
	gboolean (*write)(JrKeepRun *run, const JrEffect *effect,
			  GError **error);
	guint rec;
	gconstpointer data; /* by write: in the arena of the batch */
};

void jr_keep_effect(JrKeepRun *run,
		    gboolean (*write)(JrKeepRun *, const JrEffect *, GError **),
		    gconstpointer data);

/* The record (row, person) at hand, and that of an effect. */
JrIngestRec *jr_keep_rec(JrKeepRun *run, guint rec);

/* Write all that was taken. */
gboolean jr_keep_flush(JrKeepRun *run, GError **error);

/* A row that follows from record @rec, to be completed: kind, flags, person
 * and times are set.  Valid until the next call. */
JrLogRow *jr_keep_extra(JrKeepRun *run, guint rec, JrLogKind kind);

/* Zeroed memory, or text, in the arena of the batch. */
gpointer jr_keep_take(JrKeepRun *run, gsize size);
const char *jr_keep_text(JrKeepRun *run, const char *text, gssize len);

/* Part of @rec is refused: @field of it. */
void jr_keep_refuse(JrKeepRun *run, const JrIngestRec *rec, const char *field,
		    const char *reason);

/* Whom @rec is about: known or made; *@who NULL: ignore the record. */
gboolean jr_keep_who(JrKeepRun *run, JrIngestRec *rec, JrWho **who,
		     GError **error);

/* Whether nobody may be made of @identity again. */
gboolean jr_keep_barred(JrKeepRun *run, const JrIdentity *identity,
			gboolean *yes, GError **error);

/* Whether @number is blocked, whatever its person agrees to. */
gboolean jr_keep_number_barred(JrKeepRun *run, const char *number,
			       gboolean *yes, GError **error);

/* A STOP of @number, which nobody has: block it.  @source: who told us. */
gboolean jr_keep_bar_number(JrKeepRun *run, const char *number, gint64 at_s,
			    const char *source, GError **error);

/* A START of @number takes such an older block back; *@was: there was one. */
gboolean jr_keep_unbar_number(JrKeepRun *run, const char *number, gint64 at_s,
			      gboolean *was, GError **error);

/* What is done with a record, by action; each an own file.  run->taken is its
 * place. */
gboolean jr_keep_identify(JrKeepRun *run, JrIngestRec *rec, GError **error);
gboolean jr_keep_merge(JrKeepRun *run, JrIngestRec *rec, GError **error);
gboolean jr_keep_delete(JrKeepRun *run, JrIngestRec *rec, GError **error);
gboolean jr_keep_suppress(JrKeepRun *run, JrIngestRec *rec, GError **error);
gboolean jr_keep_unsuppress(JrKeepRun *run, JrIngestRec *rec, GError **error);
gboolean jr_keep_metric(JrKeepRun *run, JrIngestRec *rec, GError **error);
gboolean jr_keep_inbound(JrKeepRun *run, JrIngestRec *rec, GError **error);
gboolean jr_keep_review(JrKeepRun *run, JrIngestRec *rec, GError **error);
gboolean jr_keep_recall_metric(JrKeepRun *run, JrIngestRec *rec,
			       GError **error);
gboolean jr_keep_recall_inbound(JrKeepRun *run, JrIngestRec *rec,
				GError **error);

/* The number of @person's device with @token; 0: not said, or gone. */
gboolean jr_keep_find_device(JrKeepRun *run, gint64 person, const char *token,
			     gint64 *device, GError **error);

/* What the metric of @rec, at hand, says of its device: that it is gone. */
void jr_keep_feedback(JrKeepRun *run, const JrIngestRec *rec);

/* Make @loser, who is written, a part of @winner; all is written, and the
 * roster forgotten, afterwards. */
gboolean jr_keep_merge_people(JrKeepRun *run, gint64 winner, gint64 loser,
			      GError **error);

/*
 * What the attributes of @rec, about @who, say of consent goes to the ledger.
 * Of a yes that does not count the attribute must not be believed: its name is
 * added to @doubted.
 */
gboolean jr_keep_claims(JrKeepRun *run, const JrIngestRec *rec, JrWho *who,
			GPtrArray *doubted, GError **error);

/* The person of the record at hand wants @topic, or not; below 0: does not say.
 * @topic is in the arena of the batch, or a literal. */
void jr_keep_wish(JrKeepRun *run, const char *topic, int on);

/* @who's address, or number, was @old and is @now: the name follows.  @old
 * NULL: there was none. */
gboolean jr_keep_rename_email(JrKeepRun *run, JrWho *who, const char *old,
			      const JrVal *now, GError **error);
gboolean jr_keep_rename_phone(JrKeepRun *run, JrWho *who, const char *old,
			      const JrVal *now, GError **error);

/* What attributes say of topics and channels. */
void jr_keep_wishes(JrKeepRun *run, const JrIngestRec *rec);

/*
 * What is wrong with attribute @name, or how it is to be kept: a number in
 * E.164, a zone by its name.  FALSE: it is refused, *@why says why.  *@skip: it
 * is none of the attributes.
 */
gboolean jr_keep_attribute(JrKeepRun *run, const JrMember *member, JrVal *val,
			   gboolean *skip, const char **why);

/*
 * Write @consent, which came with record @rec, into the ledger.  When it is
 * news, the attribute of whoever it holds for says so, too: a no for a number
 * holds for all who have it.
 */
gboolean jr_keep_consent(JrKeepRun *run, guint rec, JrConsent *consent,
			 GError **error);

/* "sms_consent" or "whatsapp_consent". */
const char *jr_keep_consent_attribute(JrChannel channel);

/*
 * Let that attribute of @about's person, who is written, say what the ledger
 * says of the number that texts go to now.  One that was never said stays away,
 * unless about->number is that number.  @rec is why.
 */
gboolean jr_keep_mirror(JrKeepRun *run, guint rec, const JrConsentKey *about,
			GError **error);

/* Whether @key's person agreed to be texted at its number, which is not
 * blocked, for every sender or for one; key->scope is not looked at. */
gboolean jr_keep_is_open(JrKeepRun *run, const JrConsentKey *key, gboolean *yes,
			 GError **error);

/* For whoever reads the log: @person may be reached on @channel now, or not. */
void jr_keep_tell_consent(JrKeepRun *run, guint rec, gint64 person,
			  JrChannel channel, gboolean in);

/* The same for whom the record at hand is about, once that is written. */
void jr_keep_mirror_later(JrKeepRun *run, JrChannel channel);
