/*
 * csv.h - what the columns of a file of people mean.
 */
#pragma once

#include "flow/format/format.h"

/* What a field is made of. */
typedef enum {
	JR_CSV_BY_LOOKS, /* true, false, a number, null; else a text */
	JR_CSV_TEXT,
	JR_CSV_NUMBER,
	JR_CSV_BOOL, /* true, false, yes, no, 1, 0 in any case */
} JrCsvType;

typedef struct {
	char *name;
	char **path; /* of "address.city": its parts */
	JrCsvType type;
	JrIdentityKind who; /* it names the person; 0: it does not */
	gboolean when;	    /* it says of when the values are */
} JrCsvColumn;

void jr_csv_column_free(gpointer column);

/* Append the column called @header, "name" or "name:type", to @columns
 * (JrCsvColumn).  FALSE: refused. */
gboolean jr_csv_add_column(JrFormatLine *line, const char *header,
			   GPtrArray *columns);

/* Whether @columns go together, and name people.  FALSE: refused. */
gboolean jr_csv_check_columns(JrFormatLine *line, const GPtrArray *columns);

/* Make an identify of @fields (JrCsvField), one for each of @columns. */
gboolean jr_csv_person(JrFormatLine *line, const GPtrArray *columns,
		       const GArray *fields);
