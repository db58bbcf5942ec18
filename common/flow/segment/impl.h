/*
 * impl.h - the inside of the segmenter, for its files alone.
 *
 * In reading order: segment.c is the tick, and start.c how it begins;
 * eval.c looks at people, with what known.c knows of them;
 * write.c writes and tells what came of it; build.c looks at
 * everyone for new definitions, lists.c at those whose place on a list
 * is another, gone.c at members of what is no segment any more, and
 * progress.c knows how far they are.
 */
#pragma once

#include "flow/attribute_names.h"
#include "flow/facts_store.h"
#include "flow/history.h"
#include "flow/segment/segment.h"
#include "io/json.h"
#include "store/log.h"
#include "store/people.h"
#include "store/segments.h"

/* Somebody to be looked at. */
typedef struct {
	gint64 person;
	gboolean history; /* all that touched them is old news */
} JrSegmentSubject;

/* Somebody who entered or left, to be told of. */
typedef struct {
	const char *segment;
	const char *id; /* theirs; in the arena */
	gboolean in;
} JrSegmentNews;

/* A page of people, with what is quicker to read for all of them. */
typedef struct {
	gboolean open;
	GArray *memberships;		    /* JrMembership */
	GArray *having[JR_HAVE_WISHES + 1]; /* gint64: who has any */
	/* How far in each the person at hand is. */
	guint at_membership, at_having[JR_HAVE_WISHES + 1];
} JrSegmentPage;

struct _JrSegmenter {
	JrFlow *flow;
	JrSegmentFile *file;
	JrSegmentOptions options;
	JrZone *zone;	  /* of people who have none */
	JrArena *arena;	  /* of what is done in one transaction */
	JrArena *scratch; /* of one person */
	JrJson *json;
	guint n;	     /* definitions */
	GHashTable *by_name; /* to index + 1 */
	GHashTable *by_number;
	GHashTable *warned; /* lists that are no segments, and were told of */
	JrAttributeNames *names; /* while all people are looked at; or NULL */
	gboolean *asked;  /* those to be evaluated; others stay as they are */
	gboolean all;	  /* all are */
	gboolean settled; /* all is built, and nobody else can change that */
	gboolean quiet;	  /* who enters and leaves is no news: the log is not
			   * told, but the stream */
	gboolean wants[JR_HAVE_WISHES + 1]; /* what those asked look at */
	gboolean *listed_anew; /* lists that a dry run has not built: who is on
				* them is not what the store says */
	gboolean *in;	       /* what is found of the person at hand */
	gboolean *was;	       /* what the store says */
	gint64 *enter, *leave; /* counts */
	/* Of the person at hand. */
	JrHistory *history;
	JrSegmentPage page;
	gint64 person, due_s;
	gboolean has[JR_HAVE_WISHES + 1];
	GArray *identities; /* JrIdentity, where lists in files ask for them */
	/* To be written in the transaction, and told afterwards. */
	GArray *changes;  /* JrMemberChange */
	GArray *looks;	  /* JrLook */
	GArray *rows;	  /* JrLogRow: who entered and left */
	GArray *news;	  /* JrSegmentNews */
	GPtrArray *built; /* lines about whole segments; owned */
};

static inline JrSegmentDef *jr_segment_def(const JrSegmenter *segmenter,
					   guint i)
{
	return &g_array_index(segmenter->file->defs, JrSegmentDef, i);
}

/* segment.c: say what whoever reads the messages should know. */
void jr_segment_warn(const JrSegmenter *segmenter, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

/* From now on nobody has entered or left. */
void jr_segment_count_none(JrSegmenter *segmenter);

/* known.c */

/* Whether @row may change who is in what, of those asked. */
gboolean jr_segment_concerns(const JrSegmenter *segmenter, const JrLogRow *row);

/* Be ready for the definitions that segmenter->asked has. */
void jr_segment_prepare(JrSegmenter *segmenter);
/* All are to be evaluated. */
void jr_segment_ask_all(JrSegmenter *segmenter);
/* Read ahead what people from @first to @last need, but for their events: until
 * the end. */
gboolean jr_segment_page_begin(JrSegmenter *segmenter, gint64 first,
			       gint64 last, GError **error);
void jr_segment_page_end(JrSegmenter *segmenter);
/* Fill @facts, was, due_s and the rest of what is known of @person, until the
 * next is asked for. */
gboolean jr_segment_know(JrSegmenter *segmenter, const JrPerson *person,
			 JrFacts *facts, GError **error);
/* Whether the person at hand is on the list of definition @i. */
gboolean jr_segment_listed(JrSegmenter *segmenter, guint i, gboolean *yes,
			   GError **error);

/* eval.c */

/* Look at @person, and gather what changes. */
gboolean jr_segment_look(JrSegmenter *segmenter, const JrPerson *person,
			 gboolean history, GError **error);
/* The same for @subjects (JrSegmentSubject), each once, whom it sorts. */
gboolean jr_segment_look_at(JrSegmenter *segmenter, GArray *subjects,
			    GError **error);

/* write.c */

/* Begin to gather what one transaction is to write. */
void jr_segment_gather(JrSegmenter *segmenter);
/* Gather that @person enters or leaves @name; the log is told if it is news or
 * old @history, but not when nobody is to be told (segmenter->quiet). */
void jr_segment_gather_news(JrSegmenter *segmenter, const char *name,
			    const JrPerson *person, gboolean in,
			    gboolean history);
/* Write what was gathered; in jr_db_write(). */
gboolean jr_segment_write(JrSegmenter *segmenter, GError **error);
/* Write into the log what became of a whole segment, and gather it. */
gboolean jr_segment_write_built(JrSegmenter *segmenter,
				const JrSegmentBuilt *built, GError **error);
/* After the commit: tell of it in the stream. */
gboolean jr_segment_tell(JrSegmenter *segmenter, GError **error);
/* Do @body in a transaction, and tell what came of it; in a dry run it is one
 * that reads, and nothing is told. */
gboolean jr_segment_do(JrSegmenter *segmenter, JrDbBody body, gpointer data,
		       GError **error);

/* What the store knows of segments, when the tick begins. */
typedef struct {
	JrArena *arena;
	GArray *segments; /* JrSegment */
	GArray *builds;	  /* JrSegmentBuild */
	/* At the very first tick whose records are fresh: a bit for each
	 * person's number; else NULL: nobody's. */
	GByteArray *fresh;
	gint64 fresh_until; /* and the row of the log up to which */
} JrSegmentStored;

/*
 * Fill @stored, and give all definitions their numbers in the store; at the
 * very first tick, whose records are fresh.  start.c.
 */
gboolean jr_segment_start(JrSegmenter *segmenter, JrSegmentStored *stored,
			  GError **error);
/* All that is fresh has been looked at. */
gboolean jr_segment_started(JrSegmenter *segmenter, JrSegmentStored *stored,
			    GError **error);
#define JR_SEGMENT_CURSOR "segment"
/* What we said ourselves of members tells us nothing of them. */
#define JR_SEGMENT_OURS                                                        \
	(JR_LOG_BIT(JR_LOG_SEGMENT_ENTERED) |                                  \
	 JR_LOG_BIT(JR_LOG_SEGMENT_LEFT) | JR_LOG_BIT(JR_LOG_DEFINED))
#define JR_SEGMENT_NEWS ((guint)G_MAXINT32 & ~JR_SEGMENT_OURS)

const JrSegment *jr_segment_stored(const JrSegmentStored *stored,
				   const char *name);
const JrSegmentBuild *jr_segment_build_of(const JrSegmentStored *stored,
					  gint64 segment);
gboolean jr_segment_is_fresh(const JrSegmentStored *stored, gint64 person);
/* "new", "changed" or "rebuilt". */
const char *jr_segment_why(const JrSegmentStored *stored,
			   const JrSegmentDef *def);

/* Whether @def is to be built, when the store knows it as @is (NULL: not). */
gboolean jr_segment_is_another(const JrSegmenter *segmenter,
			       const JrSegmentDef *def, const JrSegment *is);

/* Build what is new or changed, each way for its kind of definition. */
gboolean jr_segment_build(JrSegmenter *segmenter, const JrSegmentStored *stored,
			  GError **error);
gboolean jr_segment_build_lists(JrSegmenter *segmenter,
				const JrSegmentStored *stored, GError **error);
/* Take leave of what is no segment any more. */
gboolean jr_segment_build_gone(JrSegmenter *segmenter,
			       const JrSegmentStored *stored, GError **error);
/*
 * The parts of building definition @i that are the same for both kinds.  Two
 * may do it at the same time: each begins, a row of the store says so, and what
 * the other has finished is not done again.  In transactions, but for a dry
 * run.
 */

/* Whether it is to be built, as things stand now: then @build is how far it
 * is. */
gboolean jr_segment_build_begin(JrSegmenter *segmenter, guint i,
				JrSegmentBuild *build, gboolean *yes,
				GError **error);
/* Whether it is being built still: then @build is how far it is by now, with
 * what others did of it meanwhile. */
gboolean jr_segment_build_goes_on(JrSegmenter *segmenter, guint i,
				  JrSegmentBuild *build, gboolean *yes,
				  GError **error);
/* It is built. */
gboolean jr_segment_build_end(JrSegmenter *segmenter, guint i,
			      const JrSegmentBuilt *built, GError **error);
