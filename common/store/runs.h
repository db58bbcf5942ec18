/*
 * runs.h - a row for each run of a command: a pipe hides the exit codes of all
 * but its last.
 */
#pragma once

#include "store/db.h"

typedef struct {
	gint64 run; /* the store's number for it */
	const char *command, *version;
	const char *host;
	gint64 pid;
	gint64 started_ms, ended_ms; /* ended 0: under way, or it died */
	int exit_code;
	const char *counts; /* JSON map of numbers, or NULL */
	const char *note;   /* what should be known of it; or NULL */
} JrRun;

/* Say that a run began (looked at: command … started_ms, note); sets @run. */
gboolean jr_run_start(JrDb *db, JrRun *run, GError **error);

/* Say how it ended: @ended_ms, @exit_code, @counts, @note. */
gboolean jr_run_finish(JrDb *db, const JrRun *run, GError **error);

/* Append to @runs (JrRun) the newest @limit of @command, newest first; NULL:
 * of all commands. */
gboolean jr_runs_newest(JrDb *db, const char *command, guint limit,
			JrArena *arena, GArray *runs, GError **error);
