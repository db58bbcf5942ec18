/*
 * error.h - the kinds of failure there are, and the exit code of each.
 *
 * A function that can fail takes a GError ** last and says by what it returns
 * (FALSE, NULL, or what its header names) that it did; then, and only then, it
 * has set the error.  A message has no newline, full stop or program name, no
 * number, token or text of a person, and says what to write instead.
 */
#pragma once

#include <glib.h>

#define JR_ERROR (jr_error_quark())

/* To add a kind: a row here, one in error.c, one in EXIT STATUS of jr(7). */
typedef enum {
	JR_ERROR_USAGE,	 /* 64: the command line is wrong */
	JR_ERROR_INPUT,	 /* 65: this record is wrong; the next may be right */
	JR_ERROR_CONFIG, /* 78: a workflow or a setting is wrong: do not start
			  */
	JR_ERROR_BUSY, /* 75: nothing is wrong: the same again later will do */
	JR_ERROR_REFUSED, /* 69: the other side said no and will say it again */
	JR_ERROR_IO,	  /* 74: a read, a write or the database failed */
	JR_ERROR_ALARM,	  /* 1: a report found what someone should look at */
} JrError;

GQuark jr_error_quark(void);

/*
 * The code of sysexits(3) that tells @error to who started the command: EX_OK
 * for NULL; EX_SOFTWARE (70) for another domain's, which should have become
 * ours.
 */
int jr_error_exit_code(const GError *error);

/* Put "FILE:LINE:COLUMN: " (each part where it is known) before @error. */
void jr_error_at(GError **error, const char *file, guint line, guint column);
