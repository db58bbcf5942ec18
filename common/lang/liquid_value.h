/*
 * liquid_value.h - what templates reckon with; only common/lang/liquid*.c
 * include it.
 *
 * liquid_value.c compares values and makes lists of them, liquid_show.c texts,
 * liquid_number.c reckons, liquid_time.c and liquid_strftime.c read and write
 * moments.  What a value points to lives in the arena of its rendering (LqRun)
 * or longer; a function that cannot go on has the run fail, and gives
 * something that does no harm.
 */
#pragma once

#include "base/val.h"
#include "base/zone.h"

#define LQ_MAX_NESTING 64 /* of lists and maps looked into */

typedef struct _LqRun LqRun;
typedef struct _LqExpr LqExpr;
typedef struct _LqLoop LqLoop;

typedef struct {
	guint line, column; /* from 1; columns are characters */
} LqPos;

typedef struct {
	const char *str; /* a NUL after it only where a comment says so */
	gsize len;
} LqText;

/* A text of a rendering that grows. */
typedef struct {
	LqRun *run;
	char *text;
	gsize len, room;
} LqBuild;

LqText lq_str(const char *str); /* borrowed */
gboolean lq_str_is(LqText text, const char *what);
gboolean lq_str_begins(LqText text, const char *what);
int lq_str_cmp(LqText a, LqText b); /* byte by byte */

/* ------------------------------------------------------------- values */

/* What a template knows beside JSON.  Lists hold JSON values only. */
typedef enum {
	LQ_DATA,  /* val */
	LQ_RANGE, /* (from..to) */
	LQ_LOOP,  /* forloop and tablerowloop */
	LQ_EMPTY, /* the word in a condition; elsewhere it is "" */
	LQ_BLANK, /* the same */
} LqKind;

typedef struct {
	LqKind kind;
	JrVal val;
	union {
		struct {
			gint64 from, to;
		};
		const LqLoop *loop;
	};
	const LqExpr *missing; /* the lookup that found nothing (or a blank
				* text in the data); NULL: nothing is missing */
} LqVal;

struct _LqLoop {
	const char *name; /* "tag-product.tags" */
	const LqLoop *parent;
	gint64 index, length; /* from 0 */
	gint64 cols;	      /* tablerow; 0: a for */
};

LqVal lq_data(JrVal val);
LqVal lq_nil(void);
LqVal lq_bool(gboolean yes);
LqVal lq_int(gint64 num);
LqVal lq_real(double real);
LqVal lq_text_val(const char *text); /* borrowed, NUL-terminated */
LqVal lq_list(const JrVal *items, gsize n);
LqText lq_val_text(const LqVal *v); /* of an LQ_DATA text, NUL-terminated */
gboolean lq_is_nil(const LqVal *v);
gboolean lq_is_type(const LqVal *v, JrValType type);
gboolean lq_is_number(const LqVal *v);
gboolean lq_truthy(const LqVal *v);
gboolean lq_is_empty(const LqVal *v); /* == empty */
gboolean lq_is_blank(const LqVal *v); /* == blank */
const char *lq_type_name(const LqVal *v);

/* As output and filters see a text: lists are joined (@inspect: shown as Ruby
 * shows them), maps shown.  A NUL after it. */
LqText lq_join_text(LqRun *run, const LqVal *v);
LqText lq_to_text(LqRun *run, const LqVal *v);

/* As a list of JSON values, as array filters see their input: lists flattened,
 * a map or anything else alone, nil none.  An LQ_DATA list, always. */
LqVal lq_to_list(LqRun *run, const LqVal *v);
/* The value of a range as a list, anything else as it stands. */
LqVal lq_materialise(LqRun *run, const LqVal *v);

gint64 lq_range_length(const LqVal *v); /* G_MAXINT64: too many */

/* What a loop goes through: a text is one item, a map its pairs. */
gint64 lq_each_length(const LqVal *v);
LqVal lq_each_item(LqRun *run, const LqVal *v, gint64 at);

/* FALSE when it is none ("invalid integer", as Ruby reads them). */
gboolean lq_to_integer(LqRun *run, const LqVal *v, gint64 *num);

gboolean lq_equal(LqRun *run, const LqVal *a, const LqVal *b);

/* "3.0", "1.0e+16": the fewest digits that read back, as Ruby lays them out. */
#define LQ_REAL_SIZE 40
void lq_real_text(double real, char text[LQ_REAL_SIZE]);

/* White space as the language knows it: ASCII only. */
gboolean lq_space(char c);
/* Where @what first stands, in linear time; NULL: nowhere. */
const char *lq_find(const char *at, const char *end, LqText what);
LqText lq_strip(LqText text, gboolean left, gboolean right);

/* ----------------------------------------------------------- numbers */

/* Exact as far as 38 digits go; then a double. */
__extension__ typedef __int128 LqWide;

typedef enum { LQ_NUM_INT, LQ_NUM_DEC, LQ_NUM_REAL } LqNumType;

typedef struct {
	LqNumType type;
	LqWide coef; /* INT: the number; DEC: coef / 10^scale */
	int scale;
	double real;
} LqNum;

LqNum lq_to_number(LqRun *run, const LqVal *v);
LqVal lq_from_number(LqRun *run, LqNum num);
LqNum lq_num_int(gint64 num);
LqNum lq_num_read(LqText text); /* as Ruby reads a number at its start */
LqNum lq_num_add(LqNum a, LqNum b);
LqNum lq_num_neg(LqNum a);
LqNum lq_num_mul(LqNum a, LqNum b);
/* FALSE: divided by zero. */
gboolean lq_num_div(LqNum a, LqNum b, LqNum *out);
gboolean lq_num_mod(LqNum a, LqNum b, LqNum *out);
int lq_num_cmp(LqNum a, LqNum b);
double lq_num_real(LqNum a);

typedef enum {
	LQ_HALF_UP, /* away from zero */
	LQ_FLOOR,
	LQ_CEIL,
	LQ_TOWARDS_ZERO,
} LqRounding;
/* To @digits after the point; an LQ_NUM_INT when @digits <= 0. */
LqNum lq_num_round(LqNum a, gint64 digits, LqRounding how);
/* |@a| with @digits after the point, no sign: "1234.50". */
char *lq_num_fixed(LqNum a, int digits); /* owned */

/* -------------------------------------------------------------- times */

typedef struct {
	gint64 at_s;
	gint32 nanos;
	JrZone *zone;	 /* NULL: the offset */
	gint32 offset_s; /* of the text; 0: UTC */
} LqTime;

/* What @v means as a moment; FALSE when it is none. */
gboolean lq_to_time(LqRun *run, const LqVal *v, LqTime *time);
void lq_time_format(LqBuild *b, const LqTime *time, LqText format);
JrLocal lq_time_local(const LqTime *time);
gint32 lq_time_offset(const LqTime *time);
