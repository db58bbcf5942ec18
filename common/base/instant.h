/*
 * instant.h - instants and durations as people and formats write them.
 *
 * Pure: no clock.  An instant is gint64 seconds (or, by name, milliseconds)
 * since 1970-01-01T00:00:00Z, as POSIX counts them.
 */
#pragma once

#include "base/zone.h"

/*
 * Read an instant: RFC 3339 / ISO 8601 with a zone ("2026-11-23T06:40:00Z",
 * "…+01:00", fractions of a second kept to the millisecond), or a Unix time in
 * digits (more than 11 of them: milliseconds).  Without a zone @zone is used,
 * or it is an error when @zone is NULL; a date alone is its midnight there.
 * FALSE and JR_ERROR_INPUT, with what to write instead.
 */
gboolean jr_instant_parse(const char *text, JrZone *zone, gint64 *ms,
			  GError **error);

/* "2026-11-23T06:40:00Z"; room for a NUL.  What lies outside the years 0000 to
 * 9999, which is also all that is read, is shown as their end. */
#define JR_INSTANT_SIZE 21
const char *jr_instant_format(gint64 at_s, char buffer[JR_INSTANT_SIZE]);

/*
 * A duration: `1d` keeps the local clock time (a day may have 23 or 25 hours),
 * `24h` is 86400 seconds.  Months come first, then days, then seconds.
 */
typedef struct {
	gint32 months;	/* of the calendar: 31 January + 1 is 28 February */
	gint32 days;	/* of the calendar: weeks are 7 of these */
	gint64 seconds; /* exact */
} JrSpan;

/*
 * Read "30s", "10m", "24h", "3d", "2w", "1mo", "1y" and sums such as "1d12h",
 * perhaps with a minus sign before all; larger units first, each once; each of
 * the three sums at most 100 years.  FALSE and JR_ERROR_INPUT.
 */
gboolean jr_span_parse(const char *text, JrSpan *span, GError **error);

/* @at + @span by the clocks of @zone; a local time that is skipped is moved on
 * by the gap, one that comes twice is the first. */
gint64 jr_span_add(gint64 at_s, const JrSpan *span, JrZone *zone);

/* Seconds, a day counted as 24 hours and a month as 30 days: for limits. */
gint64 jr_span_seconds(const JrSpan *span);

/* "3d", "1d12h": reads back as @span, whose parts have one sign.  Owned. */
char *jr_span_format(const JrSpan *span);
