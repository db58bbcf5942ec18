/*
 * format.h - the forms that lines come in, and what each makes of one.
 *
 * To add a format: a file format_x.c with a JrFormat, its row in format.c in
 * the order in which shapes are tried, a section in jr-records(5), examples of
 * each line it knows and each it refuses in tests/unit/test_flow_format.c.
 */
#pragma once

#include "base/val.h"
#include "flow/format/rec.h"
#include "flow/format/refusals.h"
#include "net/classes.h"

typedef struct _JrTrust JrTrust; /* trust.h */

/* What a format may know of the run. */
typedef struct {
	gint64 now_ms;
	gint64 when_ms;		 /* of records that do not say when */
	const char *country;	 /* default for numbers; NULL: must be E.164 */
	const char *link_prefix; /* of paths of short links, "/" */
	JrRefusals *refusals;	 /* for the parts of an envelope */
	/* What their codes mean. */
	const JrClasses *twilio, *telnyx, *messagebird;
	const JrTrust *trust; /* which webhooks are believed */
	guint64 *believed;    /* how many are that nobody signed: counted */
} JrFormatSetup;

typedef struct _JrFormat JrFormat;

/* A line, or a part of one. */
typedef struct {
	const JrFormatSetup *setup;
	JrArena *arena;	       /* of the batch: records live there */
	GArray *recs;	       /* JrIngestRec: appended to */
	guint64 number;	       /* of the line */
	const char *base;      /* its text: offsets of values count from here */
	const JrVal *val;      /* it, or its part; lives as long as the call */
	const JrVal *envelope; /* what val is a part of; or NULL */
	JrSlice raw;	       /* of val, in the arena of the batch */
	gpointer state;	       /* the format's own, of this input */
	gboolean ignored;      /* set: it is none of ours, and nothing is
				* wrong with it */
	/* Why it is refused; in the arena of the batch. */
	const char *field, *reason;
} JrFormatLine;

struct _JrFormat {
	const char *name; /* for --format: "entity" */
	/* By shape; val is a map.  NULL: never by itself. */
	gboolean (*is)(const JrVal *val);
	/* What it may be, too, to whoever says that it is of this form; or
	 * NULL: nothing. */
	gboolean (*may)(const JrVal *val);
	gboolean (*read)(JrFormatLine *line); /* FALSE: refused */
	/* Of forms that are no JSON: raw is the line, val is NULL. */
	gboolean text;
	/* What such a form remembers of one input from line to line; NULL:
	 * nothing.  @end is asked once behind the last line; FALSE: what
	 * remains is refused. */
	gpointer (*open)(void);
	void (*close)(gpointer state);
	gboolean (*end)(JrFormatLine *line);
};

/* The formats, one file each, in the order in which shapes are tried. */
extern const JrFormat jr_format_entity, jr_format_segment, jr_format_report,
	jr_format_track, jr_format_batch, jr_format_pass, jr_format_twilio,
	jr_format_telnyx, jr_format_messagebird, jr_format_customerio,
	jr_format_clf, jr_format_csv;

/* The *@format called @name; NULL for "auto": each line by its shape.  FALSE
 * and JR_ERROR_USAGE that lists those there are. */
gboolean jr_format_find(const char *name, const JrFormat **format,
			GError **error);

/* "auto, entity, …"; owned. */
char *jr_format_names(void);

/*
 * Make records of @line by @format; NULL: by the one whose shape it has.
 * FALSE: the line is refused, and says why; records made of it are gone.
 */
gboolean jr_format_read(JrFormatLine *line, const JrFormat *format);

/*
 * Go on with @text, a text in @line, as the JSON map that it is: what is made
 * of it counts its places from there.  FALSE: it is none, @field is to blame.
 */
gboolean jr_line_enter(JrFormatLine *line, const char *field, const char *text,
		       gsize len);

/* What formats are made of.  Those that return gboolean return FALSE when
 * they refused the line, field and reason filled. */

/* A new record of @line, all 0 but for line, raw, at_ms.  It moves those made
 * before it. */
JrIngestRec *jr_line_add(JrFormatLine *line, JrIngestAction action);

gboolean jr_line_refuse(JrFormatLine *line, const char *field,
			const char *format, ...) G_GNUC_PRINTF(3, 4);

/* @len bytes of @text and a NUL, in the arena of the batch. */
const char *jr_line_keep(JrFormatLine *line, const char *text, gsize len);
const char *jr_line_printf(JrFormatLine *line, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

/* The bytes that @val, of this line, stood in; none for NULL. */
JrSlice jr_line_slice(const JrFormatLine *line, const JrVal *val);

/* How far ahead of our clock a record may be; beyond, it is refused. */
#define JR_FORMAT_SKEW_MS ((gint64)10 * 60 * 1000)

/* @val, not NULL, in milliseconds; FALSE when it is no instant. */
gboolean jr_line_instant(const JrVal *val, gint64 *ms);

/* What is a bit ahead of us is now; refuse what is further ahead, or before
 * 1970. */
gboolean jr_line_past(JrFormatLine *line, const char *field, gint64 *ms);

/* An instant as formats write it; what is a bit ahead of us is now. */
gboolean jr_line_time(JrFormatLine *line, const char *field, const JrVal *val,
		      gint64 *ms);

/* The time of @rec, from @val: NULL or null is now. */
gboolean jr_line_at(JrFormatLine *line, JrIngestRec *rec, const char *field,
		    const JrVal *val);

/* A text, not empty, at most @max bytes; @trim takes blanks off its ends. */
typedef struct {
	const char *field;
	gsize max;
	gboolean trim;
} JrFormatText;
gboolean jr_line_text(JrFormatLine *line, const JrFormatText *want,
		      const JrVal *val, const char **text);

/* Who @val names as @kind: a text, or a number for an id. */
gboolean jr_line_identity(JrFormatLine *line, const char *field,
			  JrIdentityKind kind, const JrVal *val,
			  JrIdentity *identity);

/* Whom a map of exactly one of id, email, phone, cio_id, anonymous_id names. */
gboolean jr_line_identifiers(JrFormatLine *line, const char *field,
			     const JrVal *val, JrIdentity *identity);

/* The name of an event. */
gboolean jr_line_name(JrFormatLine *line, JrIngestRec *rec, const char *field,
		      const JrVal *val);

/* A map, at most as large as properties may be; absent or null: none. */
gboolean jr_line_map(JrFormatLine *line, const char *field, const JrVal *val,
		     JrSlice *map);

/* The record's own id, from @val; absent or null: made of its content. */
gboolean jr_line_own_id(JrFormatLine *line, JrIngestRec *rec, const char *field,
			const JrVal *val);

/* The id of @rec, the line's record number @place, where it brings none: made
 * of @content, which is all that it says. */
const char *jr_line_content_id(JrFormatLine *line, const JrIngestRec *rec,
			       JrSlice content, guint place);

/* The text of @key in @map, at most 4096 bytes; absent or null: NULL. */
gboolean jr_line_short(JrFormatLine *line, const JrVal *map, const char *key,
		       const char **text);

/* What a device is, from a map in which @token_key names it. */
gboolean jr_line_device(JrFormatLine *line, const JrVal *val,
			const char *token_key, JrIngestRec *rec);

/* What attributes say beside themselves: _update, _timestamp, anonymous_id.
 * @prefix stands before these names in messages. */
gboolean jr_line_identify(JrFormatLine *line, const char *prefix,
			  const JrVal *attributes, JrIngestRec *rec);

/* A metric in which nothing is said yet. */
JrIngestMetric *jr_line_new_metric(JrFormatLine *line);
gboolean jr_line_message_id(JrFormatLine *line, const char *field,
			    const JrVal *val, JrIngestMetric *metric);
gboolean jr_line_metric(JrFormatLine *line, const char *field, const JrVal *val,
			JrIngestMetric *metric);

/* Whether @code (NULL: none), of @classes, says that the number opted out. */
gboolean jr_line_opts_out(const JrClasses *classes, const char *code);
