/*
 * track.h - what each call of the Track API v1 means.
 */
#pragma once

#include "flow/format/format.h"

/* A call; line->val is its body, NULL for none. */
typedef struct {
	const char *path; /* of its route, "/api/v1/customers/" and a star */
	const char *parts[2]; /* what the stars stand for; NULL: fewer */
	JrIdentity who;	      /* named otherwise; kind 0: by parts[0] */
} JrTrackCall;

/* Each appends the records of its call.  FALSE: refused. */
gboolean jr_track_identify(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_delete(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_event(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_anonymous(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_add_device(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_delete_device(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_suppress(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_unsuppress(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_merge(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_segment(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_form(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_metric(JrFormatLine *line, const JrTrackCall *call);
gboolean jr_track_unsubscribe(JrFormatLine *line, const JrTrackCall *call);
