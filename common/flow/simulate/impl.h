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

/* Let it be @at_s: take in what happened until then, and do what is due. */
gboolean jr_world_tick(JrWorld *world, gint64 at_s, GError **error);

/* What happened before @at_s, as old news; then tick. */
gboolean jr_world_begin(JrWorld *world, gint64 at_s, GError **error);

/* When something comes in or falls due next; G_MAXINT64: never. */
gboolean jr_world_next(JrWorld *world, gint64 *at_s, GError **error);

/* tally.c: what came of one or two runs. */
typedef struct _JrTally JrTally;

JrTally *jr_tally_new(const JrSimulateAsk *ask, const char *currency);
void jr_tally_free(JrTally *tally);

/* Count what is in the state of run @run: 0, or 1 for the one against which. */
gboolean jr_tally_add(JrTally *tally, JrDb *db, guint run, GError **error);
JrTable *jr_tally_table(const JrTally *tally);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrWorld, jr_world_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrTally, jr_tally_free)
