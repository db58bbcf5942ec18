/*
 * val.h - a value as JSON and YAML know it, and where it stood.
 *
 * The one form in which foreign data is looked at: stream lines, stored
 * attributes, workflow files.  Values are made in an arena, never changed
 * afterwards, and borrowed by everyone else.  Documents that we make ourselves
 * (records written out, requests to providers) are jansson's json_t.
 */
#pragma once

#include "base/arena.h"

typedef enum {
	JR_VAL_NULL,
	JR_VAL_BOOL,
	JR_VAL_INT,  /* what fits 64 bits; other numbers are JR_VAL_REAL */
	JR_VAL_REAL, /* finite */
	JR_VAL_TEXT, /* UTF-8 without NUL, and a NUL after it */
	JR_VAL_LIST,
	JR_VAL_MAP, /* keys in the order they stood in, each once */
} JrValType;

typedef struct _JrVal JrVal;
typedef struct _JrMember JrMember;

struct _JrVal {
	JrValType type;
	guint32 len; /* bytes of a text, items of a list, members of a map */
	union {
		gboolean yes;
		gint64 num;
		double real;
		const char *text;
		const JrVal *items;
		const JrMember *members;
	};
	union { /* where it stood; all 0 when it was made otherwise */
		struct {
			guint32 offset; /* JSON: bytes before it in its text */
			guint32 bytes;	/* and how many it took there */
		};
		struct {
			guint32 line : 30;	 /* YAML: both from 1 */
			guint32 has_lines : 1;	 /* see jr_val_lines() */
			guint32 has_escapes : 1; /* see jr_val_escaped() */
			guint32 column;
		};
	};
};

struct _JrMember {
	const char *key; /* UTF-8, NUL-terminated */
	guint32 key_len;
	/* YAML: where the key stood, from 1; else 0 */
	guint32 key_line : 20;
	guint32 key_column : 12; /* 4095 for those behind it, too */
	JrVal val;
};

/* A null, for whoever must return something. */
extern const JrVal jr_val_null;

/* The value of @key in @map; NULL when it has none or @map is NULL or no map.
 */
const JrVal *jr_val_get(const JrVal *map, const char *key);
const JrVal *jr_val_get_len(const JrVal *map, const char *key, gsize len);

/*
 * The value at @path below @map, "address.city"; a key that itself holds the
 * dots wins over nesting.  NULL when there is none.
 */
const JrVal *jr_val_path(const JrVal *map, const char *path);

/* The text of @key in @map; NULL when there is none or it is no text. */
const char *jr_val_get_text(const JrVal *map, const char *key);

/*
 * The text of @val, which came from YAML, as it is laid out in its file, from
 * its first character to its last: lines that YAML folds into one are lines,
 * with what they are indented by.  It is the text itself where that is on one
 * line or has escapes.
 */
const char *jr_val_lines(const JrVal *val);

/* What stands between its quotes there; NULL: no other than jr_val_lines(). */
const char *jr_val_escaped(const JrVal *val);

/*
 * Go on by a letter in a text, *@text, and in what it was made of, *@source
 * (one of the two before): by all blanks at once where lines end there.
 * @escapes: it is jr_val_escaped().  Neither may be at its end.
 */
void jr_val_step(const char **text, const char **source, gboolean escapes);

/* Whether @val is NULL or a null. */
gboolean jr_val_is_null(const JrVal *val);

/*
 * Whether both are equal as values: 1 and 1.0 are, "1" and 1 are not, maps
 * whatever their order.  NULL is null.
 */
gboolean jr_val_equal(const JrVal *a, const JrVal *b);

/* Build values that stood nowhere.  Texts are borrowed, not copied. */
JrVal jr_val_bool(gboolean yes);
JrVal jr_val_int(gint64 num);
JrVal jr_val_real(double real); /* not finite becomes null */
JrVal jr_val_text(const char *text);
JrVal jr_val_text_len(const char *text, gsize len); /* NUL after it too */

/* What a message calls its type: "a number", "a text", "nothing" … */
const char *jr_val_type_name(const JrVal *val);

/*
 * Write @val as compact JSON (RFC 8259) at the end of @out; numbers so that
 * they read back the same (shortest form), keys in their order.
 */
void jr_val_write(const JrVal *val, GString *out);

/* Write @len bytes of UTF-8 @text as a JSON string with its quotes. */
void jr_val_write_text(const char *text, gsize len, GString *out);
