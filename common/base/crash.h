/*
 * crash.h - places where a test may kill the process.
 *
 * Stands at every step that changes state.  JR_CRASH=NAME ends the process
 * there as kill -9 would, JR_CRASH=NAME:N at the N-th pass; without the
 * variable it costs one comparison.  JR_CRASH=list has each name written to
 * stderr as it is passed.  JR_CRASH is in jr(7).
 */
#pragma once

void jr_crash_point(const char *name);
