/* Taking in files, and folders of files. */
#include "base/crash.h"
#include "base/error.h"
#include "flow/ingest/impl.h"
#include "io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* What is no JSON is known by the ending of its name. */
static const struct {
	const char *ending;
	const JrFormat *format;
} endings[] = {
	{ ".csv", &jr_format_csv },
	{ ".clf", &jr_format_clf },
};

static const JrFormat *format_of(const char *path)
{
	for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(path, endings[i].ending))
			return endings[i].format;
	return NULL;
}

static gboolean take_fd(JrIngest *ingest, int fd, const char *path,
			gint64 when_ms, GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(fd, path);

	return jr_ingest_take(ingest, in, format_of(path), when_ms, error);
}

static gboolean take_file(JrIngest *ingest, const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	gboolean ok;

	if (fd < 0) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "cannot open '%s': %s", path, g_strerror(errno));
		return FALSE;
	}
	ok = take_fd(ingest, fd, path, 0, error);
	close(fd);
	return ok;
}

/*
 * What does not say when it happened did when its file was written: taken a
 * second time, after a crash, it is the same record.
 */
static gboolean take_spooled(JrIngest *ingest, JrSpool *spool,
			     JrSpoolFile *file, GError **error)
{
	guint64 before = jr_ingest_rejected(ingest);
	gboolean ok =
		take_fd(ingest, file->fd, file->path, file->time_ms, error);

	if (!ok || jr_ingest_stopped(ingest)) {
		jr_spool_leave(file); /* the next run takes it, all of it */
		return ok;
	}
	jr_crash_point("spool-taken");
	return jr_spool_move(spool, file,
			     jr_ingest_rejected(ingest) > before ? "rejected"
								 : "done",
			     error);
}

static gboolean take_folder(JrIngest *ingest, const char *path, GError **error)
{
	g_autoptr(JrSpool) spool = jr_spool_open(path, error);
	g_autoptr(GError) why = NULL;
	JrSpoolFile file;

	if (!spool)
		return FALSE;
	while (!jr_ingest_stopped(ingest)) {
		/* One that cannot be opened does not keep the others. */
		switch (jr_spool_next(spool, &file, why ? NULL : &why)) {
		case JR_SPOOL_FILE:
			if (!take_spooled(ingest, spool, &file, error))
				return FALSE;
			break;
		case JR_SPOOL_FAILED:
			break;
		case JR_SPOOL_END:
			if (!why)
				return TRUE;
			g_propagate_error(error, g_steal_pointer(&why));
			return FALSE;
		}
	}
	return TRUE;
}

gboolean jr_ingest_path(JrIngest *ingest, const char *path, GError **error)
{
	return g_file_test(path, G_FILE_TEST_IS_DIR)
		       ? take_folder(ingest, path, error)
		       : take_file(ingest, path, error);
}
