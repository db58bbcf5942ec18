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
