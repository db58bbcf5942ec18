/*
 * ndjson.h - streams of records: one JSON object a line, in UTF-8.
 *
 * Every jr- command speaks this on stdin and stdout, and nothing else there.
 * Format: RFC 8259, one object a line (github.com/ndjson/ndjson-spec).  This
 * is the one place where lines of a stream are cut and parsed.
 */
#pragma once

#include "base/doc.h"
#include "base/val.h"

/*
 * Longest line, in bytes without its '\n', read or written.  A person's record
 * is some 1-4 kB; the limit keeps a broken producer from taking all memory.
 */
#define JR_LINE_MAX ((gsize)1024 * 1024)

typedef struct _JrReader JrReader;

/*
 * A reader of @fd, which is borrowed: nobody else may read from it, and the
 * caller closes it afterwards.  @name, "stdin" or a path, is for messages.
 */
JrReader *jr_reader_new(int fd, const char *name);
void jr_reader_free(JrReader *reader);

/*
 * From now on the stream ends, in the middle of a line or of a wait, as soon as
 * @fd, borrowed, can be read from: another thread ends the reading so.
 */
void jr_reader_break_by(JrReader *reader, int fd);

/* One line.  All of it lives in the reader until jr_reader_release(). */
typedef struct {
	const char *raw;   /* its bytes, and a NUL; a '\r' at the end is kept */
	gsize len;	   /* of these, without the '\n' */
	guint64 line;	   /* its number, from 1 */
	gboolean cut;	   /* it was too long: raw is the first JR_LINE_MAX */
	const JrVal *val;  /* what it says, a map; NULL when it is bad */
	const GError *why; /* it is bad; JR_ERROR_INPUT, without NAME:LINE */
} JrRecord;

typedef enum {
	JR_READ_RECORD, /* here is one */
	JR_READ_END,	/* no line is left, or SIGTERM asked to stop */
	JR_READ_BAD,	/* not a record: @why says why; the next line may be */
	JR_READ_FAILED, /* JR_ERROR_IO: the stream broke */
} JrRead;

/*
 * Read the next record; blank lines are skipped.  A last line without '\n'
 * counts.  @record is filled for JR_READ_RECORD and JR_READ_BAD; only
 * JR_READ_FAILED sets @error.  What is read stays until it is released: the
 * caller does so after each record, or after as many as it wants together.
 */
JrRead jr_reader_next(JrReader *reader, JrRecord *record, GError **error);

/* The same for formats that are no JSON: val stays NULL, and blank lines are
 * not skipped. */
JrRead jr_reader_line(JrReader *reader, JrRecord *record, GError **error);

/* Take back the memory of all records read so far. */
void jr_reader_release(JrReader *reader);

/* How much is read together: to begin a transaction for. */
typedef struct {
	guint records;	/* at most */
	gsize bytes;	/* about, of memory: no record is begun beyond */
	gint linger_ms; /* how long to wait for more when there is something */
} JrBatch;

/*
 * Release what was read before, and read records, good and bad, into
 * @records, a GArray of JrRecord that is emptied first.  Waits for the first
 * as long as it takes, for each more at most limits->linger_ms.
 * JR_READ_RECORD when there is any; then JR_READ_END or JR_READ_FAILED.
 */
JrRead jr_reader_batch(JrReader *reader, const JrBatch *limits, GArray *records,
		       GError **error);

/*
 * Whether the next record, or the end, can be read within @wait_ms: for those
 * who gather a batch themselves.
 */
gboolean jr_reader_ready(JrReader *reader, gint wait_ms);

/* Whether a person would have to type: then do not wait for input. */
gboolean jr_reader_is_tty(const JrReader *reader);

const char *jr_reader_name(const JrReader *reader);

typedef struct _JrWriter JrWriter;

/*
 * A writer to @fd, which is borrowed.  It writes when its buffer is full and
 * when it is flushed: put records after the commit that makes them true.
 */
JrWriter *jr_writer_new(int fd, const char *name);
void jr_writer_free(JrWriter *writer); /* what was not flushed is lost */

/*
 * Put a line of @len bytes, without its '\n', or a document as compact JSON.
 * FALSE and JR_ERROR_IO when it cannot be written (all that follows fails as
 * well), or JR_ERROR_INPUT when it is longer than JR_LINE_MAX: then nothing of
 * it is written.
 */
gboolean jr_writer_line(JrWriter *writer, const char *line, gsize len,
			GError **error);
gboolean jr_writer_json(JrWriter *writer, const json_t *record, GError **error);

/* Put each of @lines, which end with '\n', as jr_writer_line() does. */
gboolean jr_writer_lines(JrWriter *writer, const GString *lines,
			 GError **error);

/*
 * Pass on all of @from byte for byte, as it comes, until its end or until we
 * are asked to stop; a last line that is not ended is.  @name is for messages.
 * FALSE and JR_ERROR_IO.
 */
gboolean jr_writer_copy(JrWriter *writer, int from, const char *name,
			GError **error);

/* Have all that was put reach @fd.  FALSE and JR_ERROR_IO. */
gboolean jr_writer_flush(JrWriter *writer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrReader, jr_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrWriter, jr_writer_free)
