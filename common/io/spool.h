/*
 * spool.h - a folder in which others put files that are to be taken once.
 *
 * A file is finished when it stands in the folder under its name: who writes
 * it does so elsewhere on the same file system, or under a name that begins
 * with a dot or ends in ".tmp" or ".part", and renames it.  What is still open
 * for writing is left for later where the system can tell (Linux does, of files
 * of our own).  Who takes a file holds a lock on it, until it is moved to a
 * folder below; a lock ends with its process, whatever ends that.
 */
#pragma once

#include <glib.h>

/* More names than that are no spool. */
#define JR_SPOOL_FILES 1000000

typedef struct _JrSpool JrSpool;

typedef struct {
	char *name;	/* in the folder */
	char *path;	/* for messages */
	int fd;		/* to be read, from the beginning */
	gint64 time_ms; /* when it was written last */
} JrSpoolFile;

/* The files that are there now, to be had in the order of their names (bytes).
 * NULL and JR_ERROR_IO.  Owned. */
JrSpool *jr_spool_open(const char *folder, GError **error);
void jr_spool_free(JrSpool *spool);

typedef enum {
	JR_SPOOL_FILE,	 /* @file is ours: move it, or leave it */
	JR_SPOOL_END,	 /* there is no other */
	JR_SPOOL_FAILED, /* JR_ERROR_IO: one cannot be had; there may be more */
} JrSpoolNext;

/* Those that are being written, or taken by another process, are passed over;
 * so is all that is no regular file. */
JrSpoolNext jr_spool_next(JrSpool *spool, JrSpoolFile *file, GError **error);

/*
 * Move @file into the folder @into below (made for its owner alone), under its
 * name, or with a number behind it where that is taken, in one step that is on
 * the disk afterwards; and leave it.  FALSE and JR_ERROR_IO.
 */
gboolean jr_spool_move(JrSpool *spool, JrSpoolFile *file, const char *into,
		       GError **error);

/* Let others have it; all of @file is freed. */
void jr_spool_leave(JrSpoolFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSpool, jr_spool_free)
