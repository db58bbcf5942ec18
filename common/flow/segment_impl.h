/*
 * segment_impl.h - the inside of the segmenter, for its files alone.
 */
#pragma once

#include "flow/facts_store.h"
#include "flow/segment.h"
#include "io/json.h"
#include "store/people.h"
#include "store/segments.h"

/* Somebody to be looked at. */
typedef struct {
	gint64 person;
	gboolean history; /* all that touched them is old news */
} JrSegmentSubject;

struct _JrSegmenter {
	JrFlow *flow;
	JrSegmentFile *file;
	JrSegmentOptions options;
	JrZone *zone;	  /* of people who have none */
	JrArena *arena;	  /* of what is done in one transaction */
	JrArena *scratch; /* of one person */
	JrJson *json;
	guint n;	 /* definitions */
	gboolean *asked; /* those to be evaluated; others stay as they are */
	gboolean *in;	 /* what is found of the person at hand */
	gboolean *was;	 /* what the store says */
	gint64 *enter, *leave; /* counts, for what is built */
	gint64 person;	       /* at hand */
	/* To be written in the transaction. */
	GArray **changes; /* of each definition: JrMemberChange */
	GArray *timers;	  /* JrTimer */
	GArray *rows;	  /* JrLogRow: who entered and left */
	GPtrArray *names; /* of the people of rows, in the arena */
};

/* Begin to gather what one transaction is to write. */
void jr_segment_gather(JrSegmenter *segmenter);

/* Look at @person, who is loaded, and gather what changes. */
gboolean jr_segment_look(JrSegmenter *segmenter, const JrPerson *person,
			 gboolean history, GError **error);

/* The same for @subjects (JrSegmentSubject), by number. */
gboolean jr_segment_look_at(JrSegmenter *segmenter, const GArray *subjects,
			    GError **error);

/* Write what was gathered; in jr_db_write(). */
gboolean jr_segment_write(JrSegmenter *segmenter, GError **error);

/* After the commit: tell of it in the stream. */
gboolean jr_segment_tell(JrSegmenter *segmenter, GError **error);

/* Learn the numbers of the definitions; give numbers to new ones. */
gboolean jr_segment_sync(JrSegmenter *segmenter, GError **error);

/* Build what is new or changed, and take leave of what was removed. */
gboolean jr_segment_build(JrSegmenter *segmenter, GError **error);

/* What is known of @person, until the next is asked for. */
gboolean jr_segment_facts(JrSegmenter *segmenter, const JrPerson *person,
			  JrFacts *facts, GError **error);

/* Whether all definitions are to be evaluated. */
void jr_segment_ask_all(JrSegmenter *segmenter, gboolean yes);

/* Gather the row of the log that says that @person enters or leaves @name. */
void jr_segment_gather_row(JrSegmenter *segmenter, const char *name,
			   const JrPerson *person, gboolean in,
			   gboolean history);
