/*
 * expr_impl.h - values and nodes, which reading and evaluating share.
 *
 * In reading order: expr_lex.c makes tokens of a text, expr_error.c messages of
 * what is wrong with it; expr_parse.c and, for
 * what has parentheses, expr_call.c and expr_select.c make nodes of tokens;
 * expr_kind.c refuses what can never hold; expr_eval.c makes values of nodes,
 * with expr_value.c, expr_text.c, expr_arith.c and expr_fn.c (functions), and
 * for events expr_query.c, expr_event.c and expr_aggregate.c; expr_time.c knows
 * when a value changes by itself; expr.c and expr_explain.c are what expr.h
 * promises.
 */
#pragma once

#include "base/instant.h"
#include "lang/expr.h"

/* Values */

typedef enum {
	EXPR_NULL,
	EXPR_BOOL,
	EXPR_INT,
	EXPR_REAL,
	EXPR_TEXT,
	EXPR_INSTANT,
	EXPR_SPAN,
	EXPR_TREE, /* a list or a map of the facts */
} ExprKind;

/* Sets of kinds: what a node can have as its value. */
#define EXPR_IS(kind) (1u << (kind))
#define EXPR_NUMBERS (EXPR_IS(EXPR_INT) | EXPR_IS(EXPR_REAL))
#define EXPR_TIMES (EXPR_NUMBERS | EXPR_IS(EXPR_TEXT) | EXPR_IS(EXPR_INSTANT))
#define EXPR_JSON                                                              \
	(EXPR_IS(EXPR_NULL) | EXPR_IS(EXPR_BOOL) | EXPR_NUMBERS |              \
	 EXPR_IS(EXPR_TEXT) | EXPR_IS(EXPR_TREE))

/*
 * How an instant or a span changes by itself: by @slope seconds in each second
 * that goes by ("now" has 1), exactly so until @until_s, and never by more
 * than @wobble_s more or less than that.  As long as this is known, it is
 * known when a comparison turns.
 */
typedef struct {
	gint32 slope;
	gint32 wobble_s; /* 0: exactly, for ever */
	gint64 until_s;
} ExprMove;

typedef struct {
	ExprKind kind;
	ExprMove move;
	union {
		gboolean yes;
		gint64 num; /* an int, or an instant in seconds */
		double real;
		struct {
			const char *text; /* a NUL after it */
			guint32 len;
		};
		JrSpan span;
		const JrVal *tree;
	};
} ExprValue;

/* How two values stand to each other; an operator is a set of these. */
enum {
	EXPR_LESS = 1,
	EXPR_EQUAL = 2,
	EXPR_GREATER = 4,
	EXPR_SAME = 8,	  /* equal, but of a kind that has no order */
	EXPR_UNLIKE = 16, /* not equal, and no order */
};

/* Nodes */

typedef struct ExprNode ExprNode;
typedef struct ExprRun ExprRun;

typedef enum {
	NODE_CONST,
	NODE_DATE, /* an instant without zone: the person's decides */
	NODE_NOW,
	NODE_PATH,
	NODE_WHEN, /* when the event or the trigger happened */
	NODE_AND,
	NODE_OR,
	NODE_NOT,
	NODE_HAS,
	NODE_COMPARE,
	NODE_MATCH, /* contains, starts_with, ends_with */
	NODE_IN,
	NODE_WITHIN,
	NODE_ARITH,
	NODE_NEGATE,
	NODE_CALL,   /* a function of one value */
	NODE_ASK,    /* a question about one name */
	NODE_SELECT, /* over events or messages */
} ExprNodeKind;
#define NODE_LAST NODE_SELECT

/* What a node, or one below it, has to do with. */
enum {
	NODE_MOVES = 1,	   /* the present: it may change by time alone */
	NODE_CALENDAR = 2, /* faces of clocks: it may change often */
	NODE_ASKS = 4,	   /* questions to the source */
	NODE_DATA = 8,	   /* properties of the event that is looked at */
};

typedef enum {
	ROOT_CUSTOMER,
	ROOT_EVENT,
	ROOT_TRIGGER,
} ExprRoot;

typedef struct {
	const char *key; /* NULL: @index */
	gboolean dotted; /* "a.b": a way down, or a key with a dot in it */
	gint32 index;	 /* below 0: from the end */
} ExprStep;

typedef struct {
	ExprRoot root;
	guint n_steps;
	const ExprStep *steps;
	const char *name; /* the keys before the first index, with dots */
} ExprPath;

/* A row of the table in expr_text.c. */
typedef struct {
	const char *word;
	gboolean (*text)(const ExprValue *text, const ExprValue *part);
	gboolean lists; /* whether it asks lists for an item, too */
} ExprMatch;

/* A row of the table in expr_arith.c: the first whose kinds fit is taken. */
typedef struct {
	char op;
	guint left, right; /* sets of kinds */
	guint result;	   /* besides null */
	gboolean (*apply)(ExprRun *run, const ExprValue *a, const ExprValue *b,
			  ExprValue *out); /* FALSE: null */
} ExprArith;

/* A row of the table in expr_fn.c. */
typedef struct {
	const char *name;
	const char *example;
	guint takes, result; /* sets of kinds */
	guint flags;	     /* NODE_CALENDAR */
	gboolean (*apply)(ExprRun *run, const ExprValue *in,
			  ExprValue *out); /* FALSE: null */
} ExprFunction;

/* A row of the table in expr_fn.c: FALSE is a failure. */
typedef struct {
	const char *name;
	const char *example; /* what to write for its name */
	guint result;
	gboolean (*ask)(ExprRun *run, const ExprNode *node, ExprValue *out);
	const char *const *words; /* the only names there are, or NULL */
} ExprAsk;

/* Events by their name, or by how it begins. */
typedef struct {
	const char *name; /* without its star */
	gboolean prefix;
	const char *shown; /* with its star */
} ExprEvents;

/* A property that both events must share. */
typedef struct {
	ExprPath path;
	guint32 offset; /* where it stands in the text */
} ExprSame;

typedef struct {
	gboolean no;	 /* "not followed by" */
	gboolean strict; /* by the same name: only in a later second */
	ExprEvents events;
	gboolean limited;
	JrSpan within;
	const ExprNode *where;
	guint n_same;
	const ExprSame *same;
	gboolean with_data;
} ExprFollow;

typedef struct ExprGather ExprGather;

/* A row of the table in expr_aggregate.c. */
typedef struct {
	const char *name;
	/* Whether "VALUE of" stands before the selection. */
	enum { EXPR_VALUE_NO, EXPR_VALUE_MAY, EXPR_VALUE_MUST } value;
	guint takes;  /* kinds of a value that are of any use */
	guint result; /* kinds; 0: those of the value, and null */
	gboolean newest_first;
	gboolean counts; /* comparisons with a number can stop it early */
	/* Take one more; FALSE when nothing after it makes a difference. */
	gboolean (*add)(ExprGather *g, const ExprValue *value);
	void (*finish)(ExprGather *g, ExprValue *out);
} ExprAggregate;

typedef struct {
	const ExprAggregate *aggregate;
	const ExprNode *value; /* NULL: when it happened */
	ExprEvents events;     /* or, where its name is NULL, messages: */
	const char *metric, *workflow, *step, *channel;
	gboolean limited;
	JrSpan within;
	const ExprNode *since, *before, *where; /* NULL: not asked */
	const ExprFollow *follow;
	gboolean with_data;
	gint64 enough; /* more than that many make no difference; 0: all do */
} ExprSelect;

struct ExprNode {
	ExprNodeKind kind;
	guint32 offset, bytes; /* where it stands in the text */
	guint32 id;	       /* its number, from 0 */
	guint kinds;	       /* that its value can have */
	guint flags;
	guint depth;	    /* of the tree below it */
	gboolean tighten;   /* worth looking further ahead */
	gboolean per_event; /* belongs to each event, not to the person */
	guint32 n_kids;
	const ExprNode **kids;
	union {
		ExprValue value; /* CONST; DATE: its text */
		ExprPath path;
		ExprRoot root; /* WHEN */
		struct {       /* COMPARE */
			guint relation;
			gboolean as_time;
			gboolean fold; /* ignoring case; MATCH and IN, too */
			const ExprMatch *match;
			gboolean listed; /* IN: the kids after the first */
		};
		struct { /* WITHIN */
			JrSpan span;
			gboolean next;
		};
		const ExprArith *arith;
		const ExprFunction *function;
		struct {
			const ExprAsk *ask;
			const char *name;
		};
		ExprSelect *select;
	};
};

struct _JrExpr {
	JrArena *arena;	   /* holds all that follows */
	const char *text;  /* what is compiled */
	const char *shown; /* the same for who asks for its text */
	JrOrigin origin;   /* its file, and what was escaped: owned */
	gboolean laid_out; /* lines of text stand in the file as in it */
	const ExprNode *top;
	guint32 n_nodes;
};

/* Rows of the tables by name, NULL when there is none such. */
const ExprMatch *expr_match_find(const char *word);
const ExprArith *expr_arith_find(char op, guint left, guint right);
const ExprFunction *expr_function_find(const char *name);
const ExprAsk *expr_ask_find(const char *name);
const ExprAggregate *expr_aggregate_find(const char *name);
/* Add all names to @names. */
void expr_function_names(GPtrArray *names);
void expr_aggregate_names(GPtrArray *names);

/* Minus @value; null when it has none. */
ExprValue expr_negate(const ExprValue *value);

/* Line and column, both from 1, of @offset in @text. */
void expr_locate(const char *text, gsize offset, guint *line, guint *column);
/* The same in the file that @expr is from. */
void expr_place(const JrExpr *expr, gsize offset, guint *line, guint *column);
/* @bytes of @text at @offset for a message: short, no control characters. */
char *expr_quote(const char *text, gsize offset, gsize bytes);
