/*
 * csv.h - records of comma-separated values (RFC 4180), one at a time.
 *
 * Pure: whoever has the lines says where a record may end.  A field in quotes
 * may hold separators, ends of lines and, doubled, quotes; one without holds
 * none of these.
 */
#pragma once

#include "base/arena.h"

typedef struct {
	const char *text; /* and a NUL; in the arena */
	gsize len;
	gboolean quoted;
} JrCsvField;

typedef enum {
	JR_CSV_RECORD, /* here it is */
	JR_CSV_OPEN,   /* a quote is open: more lines belong to it */
	JR_CSV_BAD,    /* JR_ERROR_INPUT says why */
} JrCsv;

/* The most fields of a record. */
#define JR_CSV_FIELDS 500

/*
 * Cut @len bytes of @text, without the end of the last line (a '\r' there is
 * not looked at), into @fields (JrCsvField, emptied first).  Its texts are
 * copied into @arena.
 */
JrCsv jr_csv_cut(const char *text, gsize len, char separator, JrArena *arena,
		 GArray *fields, GError **error);

/*
 * Whether a quote is open behind a line of a record; @open: one was before it.
 * Only a quote at the beginning of a field opens.
 */
gboolean jr_csv_is_open(const char *text, gsize len, char separator,
			gboolean open);

/* What separates the fields of a header line: the most frequent, outside of
 * quotes, of ',', ';', tab and '|'; ',' where there is none. */
char jr_csv_separator(const char *text, gsize len);
