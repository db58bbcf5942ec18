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

char *jr_file_read_fd(int fd, const char *path, gsize max, gsize *len,
		      GError **error)
{
	g_autofree char *why = NULL;
	g_autofree char *text = NULL;
	struct stat info;
	gssize n;

	if (fstat(fd, &info) < 0)
		return fail(path, g_strerror(errno), error);
	if (!S_ISREG(info.st_mode))
		return fail(path, "not a regular file", error);
	/* One byte more shows that it is too long, or has grown. */
	text = g_malloc(MIN((gsize)info.st_size, max) + 2);
	n = read_all(fd, text, MIN((gsize)info.st_size, max) + 1);
	if (n < 0)
		return fail(path, g_strerror(errno), error);
	if ((gsize)n > max) {
		why = g_strdup_printf("longer than %" G_GSIZE_FORMAT " bytes",
				      max);
		return fail(path, why, error);
	}
	text[n] = '\0';
	*len = (gsize)n;
	return g_steal_pointer(&text);
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
