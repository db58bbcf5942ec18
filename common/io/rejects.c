#include "io/rejects.h"
#include "base/doc.h"
#include "base/error.h"
#include "base/instant.h"
#include "io/json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct _JrRejects {
	char *path;
	int fd; /* -1: nothing was refused yet */
};

JrRejects *jr_rejects_new(const char *path)
{
	JrRejects *rejects = g_new(JrRejects, 1);

	*rejects = (JrRejects){ .path = g_strdup(path), .fd = -1 };
	return rejects;
}

void jr_rejects_free(JrRejects *rejects)
{
	if (!rejects)
		return;
	if (rejects->fd >= 0)
		close(rejects->fd);
	g_free(rejects->path);
	g_free(rejects);
}

static gboolean fail(const JrRejects *rejects, GError **error)
{
	g_set_error(error, JR_ERROR, JR_ERROR_IO, "cannot write '%s': %s",
		    rejects->path, g_strerror(errno));
	return FALSE;
}

/* A disk that was full may have left half a line: do not go on behind it. */
static gboolean ends_in_half_a_line(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char last;

	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

static gboolean open_file(JrRejects *rejects, GString *line, GError **error)
{
	if (rejects->fd >= 0)
		return TRUE;
	rejects->fd = open(rejects->path,
			   O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (rejects->fd < 0)
		return fail(rejects, error);
	if (ends_in_half_a_line(rejects->fd))
		g_string_prepend_c(line, '\n');
	return TRUE;
}

/* A path need not be UTF-8, but JSON must. */
static void set_text(json_t *doc, const char *key, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	json_object_set_new(doc, key, json_string(valid));
}

static json_t *make_doc(const JrReject *reject)
{
	json_t *doc = json_object();
	char at[JR_INSTANT_SIZE];

	json_object_set_new(doc, "at",
			    json_string(jr_instant_format(reject->at_s, at)));
	set_text(doc, "source", reject->source);
	json_object_set_new(doc, "line", json_integer((gint64)reject->line));
	if (reject->field)
		set_text(doc, "field", reject->field);
	set_text(doc, "reason", reject->reason);
	if (g_utf8_validate_len(reject->record, reject->len, NULL)) {
		json_object_set_new(
			doc, "record",
			json_stringn_nocheck(reject->record, reject->len));
	} else {
		g_autofree char *text = g_base64_encode(
			(const guchar *)reject->record, reject->len);

		json_object_set_new(doc, "record_base64", json_string(text));
	}
	if (reject->cut)
		json_object_set_new(doc, "cut", json_true());
	return doc;
}

/* With O_APPEND one write() is one line, whoever else appends. */
static gboolean append(const JrRejects *rejects, const GString *line)
{
	gsize done = 0;

	while (done < line->len) {
		gssize n =
			write(rejects->fd, line->str + done, line->len - done);

		if (n < 0 && errno != EINTR)
			return FALSE;
		done += (gsize)MAX(n, 0);
	}
	return TRUE;
}

gboolean jr_rejects_put(JrRejects *rejects, const JrReject *reject,
			GError **error)
{
	g_autoptr(json_t) doc = make_doc(reject);
	g_autoptr(GString) line = g_string_new(NULL);

	jr_doc_write(doc, line);
	g_string_append_c(line, '\n');
	if (!open_file(rejects, line, error))
		return FALSE;
	return append(rejects, line) || fail(rejects, error);
}

gboolean jr_rejects_sync(JrRejects *rejects, GError **error)
{
	/* A pipe or a terminal in its place cannot be synced, and need not. */
	if (rejects->fd < 0 || fsync(rejects->fd) == 0 || errno == EINVAL)
		return TRUE;
	return fail(rejects, error);
}
