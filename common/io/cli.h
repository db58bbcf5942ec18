/*
 * cli.h - what every jr- command does at its two ends.
 *
 * The one module of the library that prints.  Options come from a table, which
 * is also what --help prints and what the manual is checked against.
 */
#pragma once

#include "base/clock.h"

#include <glib.h>

typedef struct {
	/* Given by the command. */
	const char *name;     /* "jr-ingest" */
	const char *synopsis; /* what follows the name in SYNOPSIS */
	gboolean takes_operands;

	/* What the options that all commands have said.  Owned. */
	char *state, *config; /* NULL: not given */
	JrClock clock;	      /* fixed by --now */
	gboolean quiet;	      /* no progress, no summary */
	char **operands;      /* NULL-terminated; NULL: none */

	int code;	      /* exit code; EX_OK until something is told */
	gboolean in_progress; /* a line of progress stands on the terminal */
	GPtrArray *shown;     /* see jr_cli_show(); owned; or NULL */
} JrCli;

/*
 * Read @options (ended by G_OPTION_ENTRY_NULL), and those all commands have:
 * --config --state --now --quiet --help --version.  Paths and texts are
 * G_OPTION_ARG_FILENAME: cron's locale is C, where G_OPTION_ARG_STRING refuses
 * all but ASCII.  FALSE when nothing is left to do but jr_cli_end(): help was
 * asked for, or the command line is wrong.
 *
 * From here on SIGTERM and SIGINT ask to stop (stop.h), a closed pipe is an
 * error of write(), and new files are for their owner alone.
 */
gboolean jr_cli_parse(JrCli *cli, const GOptionEntry *options, int argc,
		      char **argv);

/* Tell @what is wrong with the command line.  Returns FALSE. */
gboolean jr_cli_misused(JrCli *cli, const char *what);

/*
 * Print "NAME: MESSAGE" to stderr and take the exit code from @error.  Wrong
 * records (65), and alarms (1), give way to any other code, before and after
 * them.
 */
void jr_cli_tell(JrCli *cli, const GError *error);

/*
 * From now on what is told, or noted, of a place "NAME:LINE:COLUMN: …" is
 * followed by that line, with a caret below it, when NAME is the file @name or
 * one in the folder @name; with @text, when NAME is @name, of that text.  It is
 * for what people wrote to be read by jr, and not for data: a line of that may
 * hold a number or a secret.  Nothing is shown with --quiet.
 */
void jr_cli_show(JrCli *cli, const char *name, const char *text);

/*
 * For a person who watches: nothing is printed unless stderr is a terminal, or
 * with --quiet.  A line of progress is replaced by the next one.
 */
void jr_cli_progress(JrCli *cli, const char *format, ...) G_GNUC_PRINTF(2, 3);
void jr_cli_say(JrCli *cli, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What whoever reads cron's mail should know, too: told without a terminal,
 * unless with --quiet.  It is no error. */
void jr_cli_note(JrCli *cli, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * Tell @error unless it is NULL; close stdout, and tell when what was written
 * there is lost; free what jr_cli_parse() made; return the exit code.
 */
int jr_cli_end(JrCli *cli, const GError *error);
