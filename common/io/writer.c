/* writer.c - the writing half of ndjson.h. */
#include "base/error.h"
#include "base/doc.h"
#include "io/json.h"
#include "io/ndjson.h"
#include "io/stop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define BUFFER ((gsize)256 * 1024) /* when so much waits, it is written */

struct _JrWriter {
	int fd;
	char *name;
	GString *buffer;
	int failure; /* errno of the write that lost something */
};

JrWriter *jr_writer_new(int fd, const char *name)
{
	JrWriter *writer = g_new0(JrWriter, 1);

	writer->fd = fd;
	writer->name = g_strdup(name);
	writer->buffer = g_string_sized_new(BUFFER);
	return writer;
}

void jr_writer_free(JrWriter *writer)
{
	if (!writer)
		return;
	g_string_free(writer->buffer, TRUE);
	g_free(writer->name);
	g_free(writer);
}

/* Write some of it; FALSE when that failed for good. */
static gboolean write_some(JrWriter *writer, gsize *done)
{
	struct pollfd room = { .fd = writer->fd, .events = POLLOUT };
	gssize n = write(writer->fd, writer->buffer->str + *done,
			 writer->buffer->len - *done);

	if (n >= 0) {
		*done += (gsize)n;
		return TRUE;
	}
	/* Whoever shares our pipe may have made it non-blocking. */
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return poll(&room, 1, -1) >= 0 || errno == EINTR;
	return errno == EINTR;
}

static gboolean write_out(JrWriter *writer)
{
	gsize done = 0;

	while (!writer->failure && done < writer->buffer->len)
		if (!write_some(writer, &done))
			writer->failure = errno;
	g_string_truncate(writer->buffer, 0);
	return !writer->failure;
}

static gboolean tell_failure(const JrWriter *writer, GError **error)
{
	g_set_error(error, JR_ERROR, JR_ERROR_IO, "cannot write %s: %s",
		    writer->name, g_strerror(writer->failure));
	return FALSE;
}

gboolean jr_writer_flush(JrWriter *writer, GError **error)
{
	return write_out(writer) || tell_failure(writer, error);
}

/* What was put since the buffer held @from bytes is a line. */
static gboolean end_line(JrWriter *writer, gsize from, GError **error)
{
	if (writer->buffer->len - from > JR_LINE_MAX) {
		g_string_truncate(writer->buffer, from);
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "a record has become longer than %" G_GSIZE_FORMAT
			    " bytes",
			    JR_LINE_MAX);
		return FALSE;
	}
	g_string_append_c(writer->buffer, '\n');
	if (writer->failure ||
	    (writer->buffer->len >= BUFFER && !write_out(writer)))
		return tell_failure(writer, error);
	return TRUE;
}

gboolean jr_writer_line(JrWriter *writer, const char *line, gsize len,
			GError **error)
{
	gsize from = writer->buffer->len;

	g_string_append_len(writer->buffer, line, (gssize)len);
	return end_line(writer, from, error);
}

gboolean jr_writer_lines(JrWriter *writer, const GString *lines, GError **error)
{
	const char *at = lines->str;

	for (const char *end; (end = strchr(at, '\n')); at = end + 1)
		if (!jr_writer_line(writer, at, (gsize)(end - at), error))
			return FALSE;
	return TRUE;
}

gboolean jr_writer_json(JrWriter *writer, const json_t *record, GError **error)
{
	gsize from = writer->buffer->len;

	jr_doc_write(record, writer->buffer);
	return end_line(writer, from, error);
}

/* Read some of @from; FALSE at the end, and when reading failed: *@failure. */
static gboolean read_some(JrWriter *writer, int from, int *failure)
{
	static const gsize piece = 64 * 1024;
	gsize before = writer->buffer->len;
	gssize n;

	g_string_set_size(writer->buffer, before + piece);
	do
		n = read(from, writer->buffer->str + before, piece);
	while (n < 0 && errno == EINTR && !jr_stop_requested());
	*failure = n < 0 && !jr_stop_requested() ? errno : 0;
	g_string_set_size(writer->buffer, before + (gsize)MAX(n, 0));
	return n > 0;
}

gboolean jr_writer_copy(JrWriter *writer, int from, const char *name,
			GError **error)
{
	gboolean open = FALSE; /* the last line is not ended */
	int failure;

	if (!jr_writer_flush(writer, error))
		return FALSE;
	while (read_some(writer, from, &failure)) {
		open = writer->buffer->str[writer->buffer->len - 1] != '\n';
		if (!jr_writer_flush(writer, error))
			return FALSE;
	}
	if (open)
		g_string_append_c(writer->buffer, '\n');
	if (!jr_writer_flush(writer, error))
		return FALSE;
	if (!failure)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_IO, "cannot read %s: %s", name,
		    g_strerror(failure));
	return FALSE;
}
