#include "io/ndjson.h"
#include "base/error.h"
#include "io/json.h"
#include "io/stop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define BUFFER ((gsize)256 * 1024)

/*
 * For a batch, and one line more of the worst kind: of lists of one digit each,
 * four bytes of which become 56.
 */
#define MEMORY ((gsize)64 * 1024 * 1024)
#define BATCH_MEMORY (MEMORY / 2)

struct _JrReader {
	int fd;
	int broken_by; /* -1: nothing */
	gboolean broken;
	char *name;
	char *buffer;
	gsize size;	  /* of the buffer */
	gsize start, end; /* of what is in it and was not taken */
	gsize seen;	  /* up to here there is no '\n' */
	gboolean at_end;  /* of the file */
	int failure;	  /* errno of a read, told once it is come to */
	guint64 line;	  /* the number of the line last taken */
	JrArena *arena;	  /* of records */
	JrJson *json;
	GPtrArray *errors; /* of bad records */
};

JrReader *jr_reader_new(int fd, const char *name)
{
	JrReader *reader = g_new0(JrReader, 1);

	reader->fd = fd;
	reader->broken_by = -1;
	reader->name = g_strdup(name);
	reader->buffer = g_malloc(BUFFER);
	reader->size = BUFFER;
	reader->arena = jr_arena_new(MEMORY);
	reader->json = jr_json_new();
	reader->errors =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
	return reader;
}

void jr_reader_free(JrReader *reader)
{
	if (!reader)
		return;
	g_ptr_array_unref(reader->errors);
	jr_json_free(reader->json);
	jr_arena_free(reader->arena);
	g_free(reader->buffer);
	g_free(reader->name);
	g_free(reader);
}

void jr_reader_break_by(JrReader *reader, int fd)
{
	reader->broken_by = fd;
}

gboolean jr_reader_is_tty(const JrReader *reader)
{
	return isatty(reader->fd);
}

const char *jr_reader_name(const JrReader *reader)
{
	return reader->name;
}

void jr_reader_release(JrReader *reader)
{
	jr_arena_reset(reader->arena);
	g_ptr_array_set_size(reader->errors, 0);
}

/* Make room behind what is in the buffer. */
static void make_room(JrReader *reader)
{
	gsize len = reader->end - reader->start;

	if (reader->start > 0 && reader->end == reader->size) {
		memmove(reader->buffer, reader->buffer + reader->start, len);
		reader->seen -= reader->start;
		reader->start = 0;
		reader->end = len;
	}
	if (reader->end == reader->size) {
		reader->size *= 2;
		reader->buffer = g_realloc(reader->buffer, reader->size);
	}
}

/* Wait until there is something to read, or someone says that we may not. */
static gboolean await(JrReader *reader, int wait_ms)
{
	struct pollfd fds[] = {
		{ .fd = reader->fd, .events = POLLIN },
		{ .fd = reader->broken_by, .events = POLLIN },
		{ .fd = jr_stop_fd(), .events = POLLIN },
	};
	int n;

	do
		n = poll(fds, G_N_ELEMENTS(fds), wait_ms);
	while (n < 0 && errno == EINTR && !jr_stop_requested());
	reader->broken |= fds[1].revents != 0;
	return n > 0 && !reader->broken && !jr_stop_requested();
}

/* Read more; FALSE when there is no more: at_end, or failure, or a stop. */
static gboolean fill(JrReader *reader)
{
	gssize n;

	if (reader->at_end || reader->failure || !await(reader, -1))
		return FALSE;
	make_room(reader);
	do
		n = read(reader->fd, reader->buffer + reader->end,
			 reader->size - reader->end);
	while (n < 0 && errno == EINTR && !jr_stop_requested());
	if (n < 0)
		reader->failure = errno;
	else if (n == 0)
		reader->at_end = TRUE;
	else
		reader->end += (gsize)n;
	return n > 0;
}

/* Where the '\n' of the line at the start is; NULL when it is not here yet. */
static char *find_newline(JrReader *reader)
{
	char *newline = memchr(reader->buffer + reader->seen, '\n',
			       reader->end - reader->seen);

	if (!newline)
		reader->seen = reader->end;
	return newline;
}

/* Drop the rest of a line that is too long. */
static void skip_line(JrReader *reader)
{
	char *newline;

	while (!(newline = find_newline(reader))) {
		reader->start = reader->seen = reader->end = 0;
		if (!fill(reader))
			return;
	}
	reader->start = reader->seen = (gsize)(newline + 1 - reader->buffer);
}

typedef struct {
	const char *text; /* in the buffer: until it is filled */
	gsize len;	  /* may be more than JR_LINE_MAX: then cut it */
	gboolean open;	  /* more of it may come */
} Line;

/* Take the next line, or as much as shows that it is too long. */
static gboolean take_line(JrReader *reader, Line *line)
{
	char *newline;

	if (jr_stop_requested() || reader->broken)
		return FALSE;
	while (!(newline = find_newline(reader)))
		if (reader->end - reader->start > JR_LINE_MAX || !fill(reader))
			break;
	line->text = reader->buffer + reader->start;
	line->len = newline ? (gsize)(newline - line->text)
			    : reader->end - reader->start;
	line->open = !newline;
	if (!newline && line->len <= JR_LINE_MAX &&
	    (line->len == 0 || !reader->at_end))
		return FALSE; /* none, or the half of one that broke off */
	reader->start += line->len + (newline != NULL);
	reader->seen = reader->start;
	reader->line++;
	return TRUE;
}

static gboolean is_blank(const Line *line)
{
	for (gsize i = 0; i < line->len; i++)
		if (!strchr(" \t\r", line->text[i]) || !line->text[i])
			return FALSE;
	return TRUE;
}

static JrRead bad(JrReader *reader, JrRecord *record, GError *why)
{
	g_ptr_array_add(reader->errors, why);
	record->why = why;
	return JR_READ_BAD;
}

/* Keep what @record needs of @line. */
static JrRead keep_line(JrReader *reader, const Line *line, JrRecord *record)
{
	gsize len = MIN(line->len, JR_LINE_MAX);

	*record = (JrRecord){
		.raw = jr_arena_text(reader->arena, line->text, len),
		.len = len,
		.line = reader->line,
		.cut = line->len > JR_LINE_MAX,
	};
	g_assert(record->raw); /* else the caller never releases any */
	if (!record->cut)
		return JR_READ_RECORD;
	if (line->open)
		skip_line(reader);
	return bad(reader, record,
		   g_error_new(JR_ERROR, JR_ERROR_INPUT,
			       "longer than %" G_GSIZE_FORMAT " bytes",
			       JR_LINE_MAX));
}

static JrRead read_line(JrReader *reader, JrRecord *record, gboolean blank_too,
			GError **error)
{
	Line line;

	while (take_line(reader, &line))
		if (blank_too || line.len > JR_LINE_MAX || !is_blank(&line))
			return keep_line(reader, &line, record);
	if (!reader->failure || jr_stop_requested())
		return JR_READ_END;
	g_set_error(error, JR_ERROR, JR_ERROR_IO, "cannot read %s: %s",
		    reader->name, g_strerror(reader->failure));
	return JR_READ_FAILED;
}

JrRead jr_reader_line(JrReader *reader, JrRecord *record, GError **error)
{
	return read_line(reader, record, TRUE, error);
}

/* A file of Windows' may begin with a byte order mark, which is no JSON. */
static gsize mark_size(const JrRecord *record)
{
	return record->line == 1 &&
			       g_str_has_prefix(record->raw, "\xef\xbb\xbf")
		       ? 3
		       : 0;
}

JrRead jr_reader_next(JrReader *reader, JrRecord *record, GError **error)
{
	JrRead read = read_line(reader, record, FALSE, error);
	GError *why = NULL;

	if (read != JR_READ_RECORD)
		return read;
	gsize mark = mark_size(record);
	record->raw += mark;
	record->len -= mark;
	record->val = jr_json_read(reader->json, reader->arena, record->raw,
				   record->len, &why);
	if (!record->val)
		return bad(reader, record, why);
	if (record->val->type == JR_VAL_MAP)
		return JR_READ_RECORD;
	why = g_error_new(JR_ERROR, JR_ERROR_INPUT,
			  "%s is no record: write one object a line, {...}",
			  jr_val_type_name(record->val));
	record->val = NULL;
	return bad(reader, record, why);
}

gboolean jr_reader_ready(JrReader *reader, gint wait_ms)
{
	while (!find_newline(reader))
		if (reader->end - reader->start > JR_LINE_MAX)
			return TRUE;
		else if (!await(reader, wait_ms))
			return FALSE;
		else if (!fill(reader))
			return TRUE;
	return TRUE;
}

JrRead jr_reader_batch(JrReader *reader, const JrBatch *limits, GArray *records,
		       GError **error)
{
	gsize bytes = MIN(limits->bytes, BATCH_MEMORY);
	JrRecord record;
	JrRead read;

	jr_reader_release(reader);
	g_array_set_size(records, 0);
	do {
		/* A failure behind good records is told the next time. */
		read = jr_reader_next(reader, &record,
				      records->len > 0 ? NULL : error);
		if (read != JR_READ_RECORD && read != JR_READ_BAD)
			break;
		g_array_append_val(records, record);
	} while (records->len < limits->records &&
		 jr_arena_used(reader->arena) < bytes &&
		 jr_reader_ready(reader, limits->linger_ms));
	return records->len > 0 ? JR_READ_RECORD : read;
}
