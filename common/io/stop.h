/*
 * stop.h - being asked to end: SIGTERM and SIGINT.
 *
 * A command goes on until what it has begun is settled, and begins nothing
 * new.  A read or a wait that was interrupted asks here whether to go on.
 */
#pragma once

#include <glib.h>

/* From now on take note of both signals; SIGPIPE and SIGHUP are ignored. */
void jr_stop_catch(void);

/* Whether one of them has come. */
gboolean jr_stop_requested(void);

/*
 * A descriptor that can be read from as soon as one has come, for whoever waits
 * by poll(): a signal that comes just before the wait, or to another thread,
 * is not slept through.  Nobody reads from it.  -1: there is none.
 */
int jr_stop_fd(void);
