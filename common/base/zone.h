/*
 * zone.h - how far the clocks of a place are from UTC.
 *
 * Source: the system's IANA tzdata, through GTimeZone.  Neither TZ nor the
 * zone this machine stands in is ever looked at.  Opening a zone costs about
 * 100 µs, so a process keeps each that it has seen in a JrZones.
 */
#pragma once

#include <glib.h>

typedef struct _JrZone JrZone;	 /* borrowed from its JrZones */
typedef struct _JrZones JrZones; /* not for two threads at once */

JrZones *jr_zones_new(void);
void jr_zones_free(JrZones *zones);

/*
 * The zone of @id, "America/New_York" (in any case) or "UTC"; NULL and
 * JR_ERROR_INPUT when there is none.  @id may come from anyone: paths and
 * POSIX rules are refused; names not known are remembered up to a limit.
 */
JrZone *jr_zones_get(JrZones *zones, const char *id, GError **error);

/* Its IANA name as tzdata spells it. */
const char *jr_zone_id(const JrZone *zone);

/*
 * Below a @zone may be NULL, which is UTC: the calendar needs no tzdata.
 */

/* Seconds the clocks are ahead of UTC at instant @at_s; west of it below 0. */
gint32 jr_zone_offset(JrZone *zone, gint64 at_s);

/* What the clocks there are called at @at_s: "EST", "UTC"; borrowed. */
const char *jr_zone_abbreviation(JrZone *zone, gint64 at_s);

/* The face of a clock there, by the Gregorian calendar of any year. */
typedef struct {
	gint32 year;
	gint8 month, day; /* from 1 */
	gint8 hour, minute, second;
	gint8 weekday; /* 1 Monday … 7 Sunday */
} JrLocal;

JrLocal jr_zone_local(JrZone *zone, gint64 at_s);

/*
 * The instant at which the clocks there show @local (its weekday is not looked
 * at; day and month may overflow: 32 January is 1 February).  When they skip
 * it, the instant moved on by the gap; when they show it twice, the first.
 */
gint64 jr_zone_instant(JrZone *zone, const JrLocal *local);

/*
 * The next instant after @at_s at which the offset changes, or G_MAXINT64 when
 * none is known.
 */
gint64 jr_zone_next_change(JrZone *zone, gint64 at_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrZones, jr_zones_free)
