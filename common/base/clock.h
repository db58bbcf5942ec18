/*
 * clock.h - what time it is: the only place that asks the system.
 *
 * Everything else takes the instant as an argument.  `--now TIME` makes a
 * fixed clock, so that the same input gives the same output.
 */
#pragma once

#include <glib.h>

typedef struct {
	gboolean fixed;	 /* whether --now was given */
	gint64 fixed_ms; /* then: milliseconds since 1970 UTC, for ever */
} JrClock;

gint64 jr_clock_now_s(const JrClock *clock);
gint64 jr_clock_now_ms(const JrClock *clock);

/* Milliseconds that only grow, for pacing and time-outs; never stored. */
gint64 jr_clock_ticks_ms(void);

/* Wait for @ms milliseconds; a signal may end it earlier. */
void jr_clock_sleep_ms(gint64 ms);
