/*
 * fields.h - a map of YAML, read into a struct by a table of its keys.
 *
 * To add a key: a field in the struct, a row in the table, a line in the
 * manual.  A key that no row knows is an error that names the nearest one.
 */
#pragma once

#include "base/val.h"

/*
 * Read @val into what @at points to.  FALSE and JR_ERROR_CONFIG with
 * "FILE:LINE:COLUMN: what is wrong: what to write instead".
 */
typedef gboolean (*JrFieldFn)(const JrVal *val, const char *file, gpointer at,
			      GError **error);

typedef struct {
	const char *key; /* NULL ends the table */
	JrFieldFn read;	 /* NULL: known, and read by someone else */
	gsize offset;	 /* of the field in the struct */
} JrField;

/* Read @map, which must be one, into @target by @table. */
gboolean jr_fields_read(const JrVal *map, const JrField *table,
			const char *file, gpointer target, GError **error);

/* Set JR_ERROR_CONFIG at the place of @val.  FALSE. */
gboolean jr_field_wrong(const JrVal *val, const char *file, GError **error,
			const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Whether @text is matched by @pattern, a regular expression. */
gboolean jr_field_is_like(const char *text, const char *pattern);

/* Readers, and what @at points to; texts are copied, maps are borrowed. */
gboolean jr_field_text(const JrVal *val, const char *file, gpointer at,
		       GError **error); /* char * */
gboolean jr_field_yes(const JrVal *val, const char *file, gpointer at,
		      GError **error); /* gboolean */
gboolean jr_field_count(const JrVal *val, const char *file, gpointer at,
			GError **error); /* guint */
gboolean jr_field_rate(const JrVal *val, const char *file, gpointer at,
		       GError **error); /* double in [0, 1] */
gboolean jr_field_real(const JrVal *val, const char *file, gpointer at,
		       GError **error); /* double, from 0 */
gboolean jr_field_span(const JrVal *val, const char *file, gpointer at,
		       GError **error); /* JrSpan */
gboolean jr_field_seconds(const JrVal *val, const char *file, gpointer at,
			  GError **error); /* gint64 */
gboolean jr_field_money(const JrVal *val, const char *file, gpointer at,
			GError **error); /* gint64, millionths */
gboolean jr_field_texts(const JrVal *val, const char *file, gpointer at,
			GError **error); /* char **, NULL-terminated */
gboolean jr_field_minute(const JrVal *val, const char *file, gpointer at,
			 GError **error); /* gint16, of the day: "09:00" */
gboolean jr_field_clock(const JrVal *val, const char *file, gpointer at,
			GError **error); /* the same, but no "24:00" */
gboolean jr_field_weekdays(const JrVal *val, const char *file, gpointer at,
			   GError **error); /* guint8, bits 1 << weekday */
gboolean jr_field_map(const JrVal *val, const char *file, gpointer at,
		      GError **error); /* const JrVal * */
