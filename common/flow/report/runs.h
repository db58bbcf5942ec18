/* runs.h - what runs.c shares with the alarms. */
#pragma once

#include "flow/flow.h"
#include "store/runs.h"

/* The commands that work from cron; NULL ends them. */
extern const char *const jr_commands[];

/* The newest run of @command; *@found says whether there is one. */
gboolean jr_run_newest(JrFlow *flow, const char *command, JrArena *arena,
		       JrRun *run, gboolean *found, GError **error);

/* What an exit code says, "some records were wrong". */
const char *jr_exit_meaning(int code);
