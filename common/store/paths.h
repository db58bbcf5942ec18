/*
 * paths.h - which steps a run came to, and by which ways it left them.
 *
 * A path is text that only grows, of these lines:
 *   "STEP\tINSTANT\n"     it came to the step
 *   "STEP\tINSTANT\t-\n"  it was passed over there, as its `if` did not hold
 *   "\tWAY\n"            it left the step before by one of its ways
 * Steps lead forward only, so it has an end.
 */
#pragma once

#include "store/report.h"

/* The way, among counters, of who was passed over. */
#define JR_PATH_OVER "-"

/*
 * Count, on @run's day and of its workflow, the lines of @path (NULL: none)
 * that begin at byte @from or behind: JR_COUNT_CAME and _WENT, by
 * jr_counter_later().
 */
void jr_path_count(JrDb *db, const JrCounter *run, const char *path,
		   gsize from);
