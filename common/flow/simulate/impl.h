/*
 * impl.h - the parts of a simulation; for this folder alone.
 */
#pragma once

#include "flow/simulate/replay.h"
#include "flow/schedule/schedule.h"
#include "flow/segment/segment.h"
#include "flow/simulate/simulate.h"

/* A state and a clock of their own, and the files that are tried. */
typedef struct {
	const JrFlow *source;
	JrFlow flow; /* its clock is the virtual one */
	JrConfig files;
	char *workflows, *snippets, *segments; /* of files; owned */
	JrReplay *replay;
	JrSegmentFile *segment_file; /* NULL: there are no segments */
	JrSegmenter *segmenter;
	JrSchedule *schedule;
} JrWorld;

/* world.c: with the files of @folder; NULL: those configured. */
JrWorld *jr_world_new(JrFlow *source, const char *folder, GError **error);
void jr_world_free(JrWorld *world);

/*
 * Live as @ask says, from one tick of cron at which anything comes in or falls
 * due to the next.  @told hears of each before it comes, and may end it: FALSE
 * and its error.
 */
typedef gboolean (*JrWorldFn)(gpointer user, gint64 at_s, GError **error);
gboolean jr_world_live(JrWorld *world, const JrSimulateAsk *ask, JrWorldFn told,
		       gpointer user, GError **error);

/* tally.c: what came of one or two runs. */
typedef struct _JrTally JrTally;

JrTally *jr_tally_new(const JrSimulateAsk *ask, const char *currency);
void jr_tally_free(JrTally *tally);

/* Count what is in the state of run @run: 0, or 1 for the one against which. */
gboolean jr_tally_add(JrTally *tally, JrDb *db, guint run, GError **error);
JrTable *jr_tally_table(const JrTally *tally);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrWorld, jr_world_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrTally, jr_tally_free)
