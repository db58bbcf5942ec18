/*
 * segment.h - who is in which segment, kept up to date: the use case of
 * jr-segment.
 */
#pragma once

#include "flow/flow.h"
#include "flow/segment/file.h"

/* What a changed definition does, for people. */
typedef struct {
	const char *segment;
	const char *why; /* "new", "changed", "rebuilt", "removed"; or
			  * "following" a list that it asks for */
	gint64 enter, leave;
} JrSegmentBuilt;

typedef void (*JrSegmentBuiltFn)(const JrSegmentBuilt *built, gpointer user);

/* What may be a slip, "segments.yaml:3:12: …". */
typedef void (*JrSegmentWarnFn)(const char *text, gpointer user);

typedef struct {
	gboolean rebuild;	/* build all anew, changed or not */
	JrSegmentBuiltFn built; /* told of each that was built; or NULL */
	JrSegmentWarnFn warn;	/* or NULL */
	gpointer user;
} JrSegmentOptions;

typedef struct _JrSegmenter JrSegmenter;

/*
 * For the definitions of @file, which is borrowed, as is @flow.  With
 * flow->dry_run nothing is written, and options->built is told what would be.
 * Owned.
 */
JrSegmenter *jr_segmenter_new(JrFlow *flow, JrSegmentFile *file,
			      const JrSegmentOptions *options);
void jr_segmenter_free(JrSegmenter *segmenter);

/*
 * Do what is due: build what is new or changed, look at whoever was touched
 * since the last time and at those whose time has come, and write out
 * `segment` records, each after the commit that makes it true.  What a build
 * is cut off at, the next tick goes on with.  Ends early, in
 * good order, when flow->stop says so.  FALSE and JR_ERROR_BUSY, JR_ERROR_IO,
 * or JR_ERROR_CONFIG when a definition cannot be answered.
 */
gboolean jr_segmenter_tick(JrSegmenter *segmenter, GError **error);

/* Whether the log has rows that it has not looked at. */
gboolean jr_segmenter_behind(JrSegmenter *segmenter, gboolean *yes,
			     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSegmenter, jr_segmenter_free)
