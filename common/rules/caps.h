/*
 * caps.h - how often one person is messaged at most: rolling windows.
 *
 * Pure: who counts what is the caller's business.  Claimed, accepted, unknown
 * and later states count from the instant of the claim; what was refused gives
 * its place back by not being among the times.
 */
#pragma once

#include <glib.h>

typedef struct {
	guint count;  /* at most so many; 0: none, ever */
	gint64 per_s; /* within any so many seconds */
} JrCap;

/* Read "1 per 24h", "4 per 30d".  FALSE and JR_ERROR_INPUT. */
gboolean jr_cap_parse(const char *text, JrCap *cap, GError **error);

/* "4 per 30d"; owned. */
char *jr_cap_format(const JrCap *cap);

/*
 * The first instant, @at_s or later, at which one more is allowed, given when
 * the others were (@times_s, newest first; one in the future counts as well):
 * one at T holds its place until T + per_s, not at it.  G_MAXINT64: never.
 */
gint64 jr_cap_opens(const JrCap *cap, const gint64 *times_s, guint n,
		    gint64 at_s);
