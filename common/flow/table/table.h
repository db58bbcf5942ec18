/*
 * table.h - what a report shows, before anyone says in which form.
 *
 * A report fills tables; the forms (text for a terminal, NDJSON, CSV, HTML) are
 * rows of jr_table_forms and know nothing of what a table is about.  Names and
 * texts in cells may come from anyone: each form makes them harmless.
 *
 * To add a form: a file with its function, and a row in table.c.
 */
#pragma once

#include <glib.h>

typedef enum {
	JR_CELL_TEXT,	 /* text; NULL: nothing */
	JR_CELL_COUNT,	 /* num; JR_CELL_NOTHING: nothing */
	JR_CELL_RATE,	 /* num of den; den 0: nothing */
	JR_CELL_MONEY,	 /* num in millionths of the table's currency;
			  * JR_CELL_NOTHING: nothing */
	JR_CELL_INSTANT, /* num: seconds since 1970 UTC; 0: nothing */
	JR_CELL_SECONDS, /* num: a length of time; below 0: nothing */
} JrCellKind;

#define JR_CELL_NOTHING G_MININT64

/*
 * Where a rate ought to be, in [0, 1]: at least so much, and below so much;
 * both 0: no target is known.  Of fewer than @base nothing is said (0: 100).
 */
typedef struct {
	double at_least, below;
	gint64 base;
} JrTarget;

#define JR_TARGET_BASE 100

enum {
	JR_PLOT_BAR = 1,  /* each row beside the others */
	JR_PLOT_LINE = 2, /* rows follow one another in time */
};

typedef struct {
	const char *key;   /* in NDJSON and CSV: "opt_outs" */
	const char *title; /* for people: "opt-outs" */
	JrCellKind kind;
	guint plot;	 /* JR_PLOT_ bits */
	JrTarget target; /* of a rate */
} JrColumn;

typedef struct {
	char *text; /* owned */
	gint64 num, den;
} JrCell;

typedef struct {
	const char *name;  /* "sms": of the panel */
	const char *title; /* "SMS by workflow and step" */
	const char *empty; /* what to say when there is no row */
	const char *note;  /* a line below it, or NULL */
	GString *said; /* more lines below it, see jr_table_say(); or NULL */
	const char *currency; /* of money; borrowed; NULL: no unit is shown */
	gboolean summed;      /* the last row sums the others: people see it,
			       * programs do not */
	gboolean tall; /* rows are many columns wide: each is shown as lines */
	gboolean silent; /* without rows nothing is shown at all */
	gboolean alarm;	 /* its rows are alarms: jr-report exits with 1 */
	JrColumn *columns;
	guint n_columns;
	GArray *cells; /* of JrCell: row after row */
} JrTable;

/* A table without rows; @columns are copied, their texts borrowed.  Owned. */
JrTable *jr_table_new(const char *name, const char *title,
		      const JrColumn *columns, guint n_columns);
void jr_table_free(JrTable *table);

/* Append the next cell; @text is copied. */
void jr_table_text(JrTable *table, const char *text);
void jr_table_num(JrTable *table, gint64 num);
void jr_table_rate(JrTable *table, gint64 num, gint64 den);

/* Say a line below the table, for people alone. */
void jr_table_say(JrTable *table, const char *format, ...) G_GNUC_PRINTF(2, 3);

guint jr_table_rows(const JrTable *table);	/* with the sum */
guint jr_table_data_rows(const JrTable *table); /* without */
const JrCell *jr_table_cell(const JrTable *table, guint row, guint column);

/* How a rate stands to its target. */
typedef enum {
	JR_STANDING_NONE, /* there is no target, or nothing was counted */
	JR_STANDING_FEW,  /* too few were counted to say */
	JR_STANDING_ON,
	JR_STANDING_OFF,
} JrStanding;
JrStanding jr_table_standing(const JrColumn *column, const JrCell *cell);

/*
 * Between what a rate is credibly: Wilson's score interval of 95 % (see
 * rules/brake.h).  FALSE when nothing was counted.
 */
gboolean jr_table_bounds(const JrCell *cell, double *low, double *high);

/* Whether there is nothing in it to show. */
gboolean jr_table_is_nothing(const JrColumn *column, const JrCell *cell);

/*
 * What a person reads in a cell: "1,204", "94.2 %", "3 min"; nothing is "-".
 * Control characters are replaced.  Owned.
 */
char *jr_table_show(const JrTable *table, const JrColumn *column,
		    const JrCell *cell);

/* Whether @u is a control character, a line's end, or turns the direction of a
 * text. */
gboolean jr_char_is_harmful(gunichar u);

/* @text without what could drive a terminal, break a line or turn its
 * direction.  Owned. */
char *jr_plain_text(const char *text);

typedef struct {
	guint width;	 /* of the terminal, in columns; 0: unlimited */
	gboolean colour; /* ANSI colours may be used */
	gboolean plots;	 /* bars and lines of block characters may be drawn */
} JrTableStyle;

typedef struct {
	const char *name; /* "table", "ndjson", "csv" */
	/* Write all of @table at the end of @out. */
	void (*write)(const JrTable *table, const JrTableStyle *style,
		      GString *out);
} JrTableForm;

/* The form @name; NULL when there is none. */
const JrTableForm *jr_table_form(const char *name);

/* The forms, one file each. */
void jr_table_write_text(const JrTable *table, const JrTableStyle *style,
			 GString *out);
void jr_table_write_ndjson(const JrTable *table, const JrTableStyle *style,
			   GString *out);
void jr_table_write_csv(const JrTable *table, const JrTableStyle *style,
			GString *out);

/* @text with the five characters that mean something in HTML escaped, and
 * without control characters. */
void jr_html_escape(const char *text, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrTable, jr_table_free)
