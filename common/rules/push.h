/*
 * push.h - what fits on a lock screen.
 *
 * Lengths are grapheme clusters, what people count.  The seed's limits: a body
 * of 178 and a title of 65 are what iOS shows; 150 and 50 are safe.
 */
#pragma once

#include <glib.h>

typedef struct {
	guint title_max, body_max;	   /* more is refused (or cut) */
	guint title_advised, body_advised; /* more is warned about */
} JrPushLimits;

#define JR_PUSH_LIMITS_DEFAULT                                                 \
	{                                                                      \
		65, 178, 50, 150                                               \
	}

typedef enum {
	JR_PUSH_FITS,
	JR_PUSH_LONG,	  /* over what is advised */
	JR_PUSH_TOO_LONG, /* over the limit */
} JrPushFit;

typedef struct {
	guint title, body; /* lengths */
	JrPushFit title_fit, body_fit;
} JrPushMeasure;

/* Measure; NULL texts have no length. */
JrPushMeasure jr_push_measure(const JrPushLimits *limits, const char *title,
			      const char *body);

/*
 * @text in at most @max clusters, the last of which is "…" when it had to be
 * cut; a word is not cut where a space stands in the last third.  Owned.
 */
char *jr_push_cut(const char *text, guint max);
