/*
 * file.h - small files, whole.
 */
#pragma once

#include <glib.h>

/*
 * What the file at @path holds: *@len bytes and a NUL, owned.  NULL and
 * JR_ERROR_CONFIG when it cannot be read, is no regular file (a pipe or a
 * device would wait for ever), or is longer than @max bytes.
 */
char *jr_file_read(const char *path, gsize max, gsize *len, GError **error);

/* The same from a descriptor, which stays open; @path is for messages. */
char *jr_file_read_fd(int fd, const char *path, gsize max, gsize *len,
		      GError **error);

/* The same of whatever stands open, a pipe or a terminal too: until its end.
 * @name is for messages. */
char *jr_file_read_pipe(int fd, const char *name, gsize max, gsize *len,
			GError **error);
