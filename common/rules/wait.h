/*
 * wait.h - when a pause ends, by the clocks of the person.
 *
 * "1d" keeps the local time of day, "24h" is 24 hours (base/instant.h).  Parts
 * are applied in this order: start at the date attribute, else now; add the
 * span; go on to the time of day on one of the weekdays; go on to the window.
 */
#pragma once

#include "base/instant.h"
#include "base/val.h"
#include "rules/quiet.h"

typedef struct {
	const char *date; /* attribute ("trial_ends_at") or "event.due_at";
			   * NULL: from now */
	JrSpan span;	  /* added; may be negative with a date */
	gint16 until;	  /* minute of the day, the next one; -1: none */
	guint8 weekdays;  /* for until and window; bits 1 << weekday */
	gboolean windowed;
	JrWindow window;
} JrWait;

typedef struct {
	const JrVal *person, *event; /* maps, or NULL */
	JrZone *zone;		     /* the person's */
	gint64 at_s;		     /* now: when the step was reached */
} JrWaitFacts;

/*
 * When @wait ends; never before facts->at_s.  FALSE and JR_ERROR_INPUT when its
 * date is missing or cannot be read.
 */
gboolean jr_wait_ends(const JrWait *wait, const JrWaitFacts *facts,
		      gint64 *ends_s, GError **error);

/*
 * Read an attribute as an instant: Unix seconds or milliseconds, RFC 3339, a
 * date ("2026-12-24": its midnight in @zone).  FALSE and JR_ERROR_INPUT.
 */
gboolean jr_wait_date(const JrVal *val, JrZone *zone, gint64 *at_s,
		      GError **error);

/* Read "09:00" as a minute of the day, "24:00" too.  FALSE and error. */
gboolean jr_wait_minute(const char *text, gint16 *minute, GError **error);
