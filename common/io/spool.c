#define _GNU_SOURCE /* renameat2, F_SETLEASE */

#include "io/spool.h"
#include "base/crash.h"
#include "base/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAME_NAMES 10000 /* tried before one is given up */

struct _JrSpool {
	char *folder;
	int fd;
	GPtrArray *names; /* sorted */
	guint next;
};

static gboolean fail(GError **error, const char *what, const char *path)
{
	int why = errno;

	g_set_error(error, JR_ERROR, JR_ERROR_IO, "cannot %s '%s': %s", what,
		    path, g_strerror(why));
	return FALSE;
}

static gboolean is_finished(const char *name)
{
	return name[0] != '.' && !g_str_has_suffix(name, ".tmp") &&
	       !g_str_has_suffix(name, ".part");
}

static int by_bytes(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static gboolean list(JrSpool *spool, DIR *dir, GError **error)
{
	struct dirent *entry;

	while (errno = 0, (entry = readdir(dir))) {
		if (!is_finished(entry->d_name))
			continue;
		if (spool->names->len == JR_SPOOL_FILES) {
			g_set_error(error, JR_ERROR, JR_ERROR_IO,
				    "'%s' has more than %d files: take some "
				    "out",
				    spool->folder, JR_SPOOL_FILES);
			return FALSE;
		}
		g_ptr_array_add(spool->names, g_strdup(entry->d_name));
	}
	if (errno)
		return fail(error, "read", spool->folder);
	g_ptr_array_sort(spool->names, by_bytes);
	return TRUE;
}

static gboolean open_folder(JrSpool *spool, GError **error)
{
	DIR *dir;
	gboolean ok;
	int fd;

	spool->fd = open(spool->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = spool->fd < 0 ? -1 : fcntl(spool->fd, F_DUPFD_CLOEXEC, 0);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		fail(error, "open", spool->folder);
		if (fd >= 0)
			close(fd);
		return FALSE;
	}
	ok = list(spool, dir, error);
	closedir(dir);
	return ok;
}

JrSpool *jr_spool_open(const char *folder, GError **error)
{
	g_autoptr(JrSpool) spool = g_new0(JrSpool, 1);

	spool->folder = g_strdup(folder);
	spool->names = g_ptr_array_new_with_free_func(g_free);
	return open_folder(spool, error) ? g_steal_pointer(&spool) : NULL;
}

void jr_spool_free(JrSpool *spool)
{
	if (!spool)
		return;
	if (spool->fd >= 0)
		close(spool->fd);
	g_ptr_array_unref(spool->names);
	g_free(spool->folder);
	g_free(spool);
}

void jr_spool_leave(JrSpoolFile *file)
{
	if (file->fd >= 0)
		close(file->fd);
	g_free(file->name);
	g_free(file->path);
	*file = (JrSpoolFile){ .fd = -1 };
}

/* Whether someone has it open to write: then there is no lease to be had.  Not
 * every system, file or user can ask. */
static gboolean is_being_written(int fd)
{
	/* Who wants to write just now may have us told, which must not kill. */
	fcntl(fd, F_SETSIG, SIGWINCH);
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		return FALSE;
	}
	return errno == EAGAIN;
}

/* Whether it is ours now: nobody holds it, and nobody moved it meanwhile. */
static gboolean claim(JrSpool *spool, JrSpoolFile *file)
{
	struct stat open_one, named_one;

	if (fstat(file->fd, &open_one) < 0 || !S_ISREG(open_one.st_mode) ||
	    is_being_written(file->fd) ||
	    flock(file->fd, LOCK_EX | LOCK_NB) < 0 ||
	    fstatat(spool->fd, file->name, &named_one, AT_SYMLINK_NOFOLLOW) < 0)
		return FALSE;
	file->time_ms = (gint64)open_one.st_mtim.tv_sec * 1000 +
			open_one.st_mtim.tv_nsec / 1000000;
	return open_one.st_dev == named_one.st_dev &&
	       open_one.st_ino == named_one.st_ino;
}

/* A FIFO must not keep us waiting, and a link leads elsewhere. */
#define HOW (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

JrSpoolNext jr_spool_next(JrSpool *spool, JrSpoolFile *file, GError **error)
{
	while (spool->next < spool->names->len) {
		const char *name = spool->names->pdata[spool->next++];

		*file = (JrSpoolFile){
			.name = g_strdup(name),
			.path = g_build_filename(spool->folder, name, NULL),
			.fd = openat(spool->fd, name, HOW),
		};
		if (file->fd >= 0 && claim(spool, file)) {
			jr_crash_point("spool-claimed");
			return JR_SPOOL_FILE;
		}
		/* gone, or a link: none of ours */
		if (file->fd < 0 && errno != ENOENT && errno != ELOOP &&
		    errno != ENXIO) {
			fail(error, "open", file->path);
			jr_spool_leave(file);
			return JR_SPOOL_FAILED;
		}
		jr_spool_leave(file);
	}
	return JR_SPOOL_END;
}

static int open_below(JrSpool *spool, const char *into, GError **error)
{
	g_autofree char *path = g_build_filename(spool->folder, into, NULL);
	int fd;

	if (mkdirat(spool->fd, into, 0700) < 0 && errno != EEXIST) {
		fail(error, "make", path);
		return -1;
	}
	fd = openat(spool->fd, into,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		fail(error, "open", path);
	return fd;
}

/* Rename, but over nothing.  Some file systems cannot say so: then we look
 * before, which is enough between processes that hold locks. */
static int rename_to(JrSpool *spool, const char *name, int fd, const char *to)
{
	if (renameat2(spool->fd, name, fd, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (faccessat(fd, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(spool->fd, name, fd, to);
}

static gboolean move_to(JrSpool *spool, const JrSpoolFile *file, int fd,
			GError **error)
{
	g_autofree char *to = g_strdup(file->name);

	for (guint i = 1; rename_to(spool, file->name, fd, to) < 0; i++) {
		if (errno != EEXIST || i == SAME_NAMES)
			return fail(error, "move", file->path);
		g_free(to);
		to = g_strdup_printf("%s.%u", file->name, i);
	}
	jr_crash_point("spool-moved");
	/* There before it is gone from here. */
	return (fsync(fd) == 0 && fsync(spool->fd) == 0) ||
	       fail(error, "move", file->path);
}

gboolean jr_spool_move(JrSpool *spool, JrSpoolFile *file, const char *into,
		       GError **error)
{
	int fd = open_below(spool, into, error);
	gboolean ok = fd >= 0 && move_to(spool, file, fd, error);

	if (fd >= 0)
		close(fd);
	jr_spool_leave(file);
	return ok;
}
