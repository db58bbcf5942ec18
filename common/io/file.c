#include "io/file.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char *fail(const char *path, const char *why, GError **error)
{
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG, "cannot read '%s': %s",
		    path, why);
	return NULL;
}

/* Up to @size bytes of @fd in @text; -1 when a read failed. */
static gssize read_all(int fd, char *text, gsize size)
{
	gsize len = 0;

	while (len < size) {
		gssize n = read(fd, text + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (gsize)n;
	}
	return (gssize)len;
}

/* What is read, when it is all of it; else the reason. */
static char *whole(const char *path, char *text, gssize n, gsize max,
		   GError **error)
{
	g_autofree char *own = text;
	g_autofree char *why = NULL;

	if (n < 0)
		return fail(path, g_strerror(errno), error);
	if ((gsize)n > max) {
		why = g_strdup_printf("longer than %" G_GSIZE_FORMAT " bytes",
				      max);
		return fail(path, why, error);
	}
	text[n] = '\0';
	return g_steal_pointer(&own);
}

char *jr_file_read_fd(int fd, const char *path, gsize max, gsize *len,
		      GError **error)
{
	struct stat info;
	char *text;
	gssize n;

	if (fstat(fd, &info) < 0)
		return fail(path, g_strerror(errno), error);
	if (!S_ISREG(info.st_mode))
		return fail(path, "not a regular file", error);
	/* One byte more shows that it is too long, or has grown. */
	text = g_malloc(MIN((gsize)info.st_size, max) + 2);
	n = read_all(fd, text, MIN((gsize)info.st_size, max) + 1);
	*len = (gsize)n;
	return whole(path, text, n, max, error);
}

char *jr_file_read_pipe(int fd, const char *name, gsize max, gsize *len,
			GError **error)
{
	char *text = g_malloc(max + 2);
	gssize n = read_all(fd, text, max + 1);

	*len = (gsize)n;
	return whole(name, text, n, max, error);
}

char *jr_file_read(const char *path, gsize max, gsize *len, GError **error)
{
	/* Without O_NONBLOCK a FIFO nobody writes to would hold us here. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text;

	if (fd < 0)
		return fail(path, g_strerror(errno), error);
	text = jr_file_read_fd(fd, path, max, len, error);
	close(fd);
	return text;
}
