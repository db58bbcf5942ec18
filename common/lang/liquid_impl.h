/*
 * liquid_impl.h - what the files of the Liquid language share; only
 * common/lang/liquid*.c include it.
 *
 * In reading order: liquid_lex.c cuts a template into texts, outputs and tags,
 * and a tag's markup into tokens; liquid_expr.c makes expressions, filters and
 * conditions of tokens; liquid_parse.c makes nodes of all; liquid_tags_*.c
 * parse and render the tags; liquid_eval.c finds and compares values
 * (liquid_value.h); liquid_filters_*.c are the filters; liquid_render.c is one
 * rendering with its limits; liquid_visit.c tells what is asked for. Everything
 * parsed lives in the arena of its JrLiquid, everything rendered in the arena
 * of its LqRun.
 */
#pragma once

#include "base/error.h"
#include "lang/liquid.h"
#include "lang/liquid_value.h"

#define LQ_MAX_ARGS 4	 /* of any filter */
#define LQ_MAX_LEVEL 256 /* blocks and snippets being rendered */
#define LQ_MAX_MEMORY (16 * 1024 * 1024) /* bytes that a rendering may make */
#define LQ_STEP_BYTES 256		 /* bytes looked at that are one step */

typedef struct _LqParser LqParser;
typedef struct _LqCond LqCond;
typedef struct _LqChain LqChain;
typedef struct _LqTag LqTag;
typedef struct _LqFilter LqFilter;
typedef struct _LqVisit LqVisit;

/* -------------------------------------------------------- expressions */

typedef enum { LQ_EXPR_CONST, LQ_EXPR_PATH, LQ_EXPR_RANGE } LqExprType;

typedef struct {
	const LqExpr *expr; /* in brackets; NULL: a name after a dot */
	LqText name;	    /* a NUL after it */
} LqKey;

struct _LqExpr {
	LqExprType type;
	LqPos pos;
	const char *snippet; /* that it stands in; NULL: the template */
	const char *text;    /* "product.tags", "(1..3)": its source, tidied */
	union {
		LqVal value;
		struct {
			const LqExpr *root; /* [root]; NULL: symbol, name */
			guint symbol;
			LqText name; /* a NUL after it */
			LqKey *keys;
			guint n_keys;
		};
		struct {
			const LqExpr *first, *last;
		};
	};
};

typedef struct {
	const char *name;
	const LqExpr *expr;
	guint symbol;
} LqNamed;

/* A filter at work in a template. */
typedef struct {
	const LqFilter *filter;
	LqPos pos;
	const LqExpr *args[LQ_MAX_ARGS];
	guint n_args;
	gboolean covered;     /* by a default, this one or a later one */
	const LqExpr *named;  /* the value of filter->named */
	const LqCond *cond;   /* of where_exp and its like */
	const LqChain *chain; /* of group_by_exp */
	guint item;	      /* the symbol of the item in either */
} LqCall;

struct _LqChain {
	const LqExpr *in; /* NULL: nothing at all */
	LqCall *calls;
	guint n_calls;
	gboolean has_default; /* nothing is missing that default replaces */
};

typedef enum {
	LQ_OP_NONE, /* left alone */
	LQ_OP_EQ,
	LQ_OP_NE,
	LQ_OP_LT,
	LQ_OP_LE,
	LQ_OP_GT,
	LQ_OP_GE,
	LQ_OP_CONTAINS,
} LqOp;

typedef enum { LQ_END, LQ_AND, LQ_OR } LqJoin;

/* From right to left: a and b or c is a and (b or c). */
struct _LqCond {
	const LqExpr *left, *right;
	LqOp op;
	LqPos pos;
	LqJoin join;
	const LqCond *next;
};

LqVal lq_eval(LqRun *run, const LqExpr *expr);
/* The same, failing when it is missing and that is forbidden. */
LqVal lq_eval_present(LqRun *run, const LqExpr *expr);
LqVal lq_eval_chain(LqRun *run, const LqChain *chain);
gboolean lq_holds(LqRun *run, const LqCond *cond);
/* What @v has under @key, as in v[key] and v.name; nil when nothing. */
LqVal lq_step(LqRun *run, const LqVal *v, const LqVal *key);
LqVal lq_member(LqRun *run, const LqVal *v, LqText name);
LqVal lq_pair(LqRun *run, const JrMember *member); /* [key, value] */
gboolean lq_contains(LqRun *run, const LqVal *a, const LqVal *b);

/* ------------------------------------------------------------ filters */

typedef struct {
	LqVal in;
	LqVal arg[LQ_MAX_ARGS]; /* nil from n on */
	guint n;
	LqVal named; /* nil when not given */
	const LqCall *call;
} LqArgs;

struct _LqFilter {
	const char *name;
	LqVal (*run)(LqRun *run, const LqArgs *args);
	guint8 min, max;   /* arguments */
	const char *named; /* the one argument with a name; or NULL */
	enum {
		LQ_PLAIN,
		LQ_FILLS,	/* what is missing: default */
		LQ_TAKES_COND,	/* ('item', 'item.price > 3'): where_exp */
		LQ_TAKES_CHAIN, /* ('item', 'item.name | size') */
	} kind;
};

/* The tables, each ended by a row without a name: where to add a filter. */
extern const LqFilter lq_filters_array[], lq_filters_crypto[],
	lq_filters_date[], lq_filters_escape[], lq_filters_math[],
	lq_filters_money[], lq_filters_select[], lq_filters_string[],
	lq_filters_value[], lq_filters_words[];

const LqFilter *lq_filter_find(LqText name);

/* The input and the arguments as texts, a NUL after each. */
LqText lq_in_text(LqRun *run, const LqArgs *args);
LqText lq_arg_text(LqRun *run, const LqArgs *args, guint i);
/* Texts of the run: a copy; a copy of @text, which is freed; a copy of bytes
 * that come from outside, if they are text at all. */
LqVal lq_text_of(LqRun *run, LqText text);
LqVal lq_text_owned(LqRun *run, char *text);
LqVal lq_text_checked(LqRun *run, const void *bytes, gsize len);
/* The arguments of truncate and truncatewords: how many, and what then. */
gboolean lq_truncate_args(LqRun *run, const LqArgs *args, gint64 *limit,
			  LqText *dots);
LqVal lq_list_of(LqRun *run, const GArray *vals); /* of JrVal, copied */
/* The part of @n from @from on, of @length, as Ruby cuts; FALSE: nothing. */
gboolean lq_cut(gint64 length, gint64 *from, gint64 *n);
/* What @v has under @property; FALSE when such a thing can have none. */
gboolean lq_property(LqRun *run, const LqVal *v, const LqVal *property,
		     LqVal *value);
LqVal lq_read_json(LqRun *run, LqText text);
LqText lq_escape_html(LqRun *run, LqText text);
/* @c as a word begins with it; some are two then: ß is Ss. */
void lq_add_title(LqBuild *b, gunichar c);
/* @v as Ruby shows it: two values that differ, differ in it. */
LqText lq_inspect(LqRun *run, const JrVal *v);

/* All their names, ended by NULL.  Free the array only. */
const char **lq_filter_names(void);

/* ---------------------------------------------------------------- nodes */

typedef enum {
	LQ_GO,
	LQ_BREAK,    /* out of the loop, or of the template */
	LQ_CONTINUE, /* with the next item */
	LQ_FAILED,   /* run->error is set */
} LqFlow;

typedef struct {
	const LqTag *tag;
	LqPos pos;
	gpointer data;	/* what tag->parse made */
	gboolean blank; /* writes nothing that can be seen */
} LqNode;

typedef struct {
	LqNode *nodes;
	guint n;
	gboolean blank; /* nothing but white space and blank nodes */
} LqBlock;

struct _LqTag {
	const char *name;
	/* Make node->data of the markup, and of the blocks that follow. */
	gboolean (*parse)(LqParser *p, LqNode *node);
	LqFlow (*render)(LqRun *run, const LqNode *node);
	void (*visit)(LqVisit *visit, const LqNode *node); /* NULL: nothing */
	gboolean blank;
	const char *extra; /* for rows that share functions */
};

extern const LqTag lq_node_text, lq_node_output;
extern const LqTag lq_tags_basic[], lq_tags_cond[], lq_tags_loop[],
	lq_tags_snippet[], lq_tags_sender[];

const LqTag *lq_tag_find(LqText name);
const char **lq_tag_names(void);

/* A template or a snippet. */
typedef struct {
	const char *name; /* of a snippet; NULL: the template itself */
	LqBlock body;
	gboolean parsed; /* FALSE while it is being parsed */
} LqTemplate;

struct _JrLiquid {
	JrArena *arena;
	GHashTable *symbols;  /* name to number + 1 */
	GHashTable *snippets; /* name to LqTemplate */
	JrLiquidSource source;
	LqTemplate *main;
	JrArena *scratch; /* of renderings, reset after each */
};

/* The number of a variable's name within @liquid. */
guint lq_symbol(JrLiquid *liquid, const char *name);
/* The same, G_MAXUINT when the template does not know it. */
guint lq_symbol_known(JrLiquid *liquid, const char *name);

/* ------------------------------------------------------------- parsing */

typedef enum {
	LQ_T_END,
	LQ_T_ID,
	LQ_T_STRING, /* text without the quotes */
	LQ_T_NUMBER,
	LQ_T_COMPARE,
	LQ_T_DOTDOT,
	LQ_T_PUNCT, /* one of | . : , [ ] ( ) = */
	LQ_T_BAD,   /* lex->why says what is wrong with it */
} LqTokenType;

typedef struct {
	const char *at, *end; /* what is still to be read */
	LqTokenType type;     /* the token in hand */
	LqText token;
	const char *start; /* where it stands, quotes included */
	const char *stop;  /* the byte after it */
	const char *why;
} LqLex;

void lq_lex_init(LqLex *lex, LqText markup); /* and read the first token */
void lq_lex_next(LqLex *lex);
gboolean lq_lex_is(const LqLex *lex, char punct);
gboolean lq_lex_word(const LqLex *lex, const char *word);
/* The character after the token in hand, white space skipped; 0: none. */
char lq_lex_ahead(const LqLex *lex);

typedef enum {
	LQ_ITEM_END,
	LQ_ITEM_TEXT,
	LQ_ITEM_OUTPUT,
	LQ_ITEM_TAG,
	LQ_ITEM_OPEN, /* an output or tag without its end */
} LqItemType;

typedef struct {
	LqItemType type;
	LqText text;	   /* the text, or the markup */
	LqText name;	   /* of the tag */
	const char *start; /* where it stands */
} LqItem;

typedef struct {
	const char *at, *end;
	gboolean lines; /* within {% liquid %}: one tag a line */
	gboolean plain; /* within a comment: quotes mean nothing */
	gboolean trim;	/* the next text loses its leading white space */
} LqScan;

LqItem lq_scan_next(LqScan *scan);
/* Skip to behind {% @name %}; FALSE when there is none.  @body is before it. */
gboolean lq_scan_until(LqScan *scan, const char *name, LqText *body);

struct _LqParser {
	JrLiquid *liquid;
	const char *snippet; /* its name, or NULL */
	LqText text;
	LqScan scan;
	LqItem item;	  /* the tag in hand */
	LqLex lex;	  /* its markup */
	const char *mark; /* lines are counted up to here */
	LqPos mark_pos;
	const char *mark_source; /* where in the file mark is; NULL: mark is */
	gboolean escapes;	 /* in there */
	guint depth;		 /* of blocks */
	guint parens;		 /* of brackets in an expression */
	guint nested; /* snippets and blocks that asked for this snippet */
	GError *error;
};

/* Where @at stands; best asked in rising order. */
LqPos lq_pos(LqParser *p, const char *at);
/* Note what is wrong at @pos, unless something was before.  FALSE. */
gboolean lq_bad(LqParser *p, LqPos pos, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
/* The same at the token in hand: "expected @what". */
gboolean lq_expected(LqParser *p, const char *what);
gpointer lq_parse_new(LqParser *p, gsize size); /* cleared */
const char *lq_parse_copy(LqParser *p, LqText text);

const LqExpr *lq_parse_expr(LqParser *p);
/* An expression of a condition, where empty and blank are themselves. */
const LqExpr *lq_parse_operand(LqParser *p);
const LqCond *lq_parse_cond(LqParser *p);
gboolean lq_parse_chain(LqParser *p, LqChain *chain);
/* name: value, …, up to the end. */
gboolean lq_parse_named(LqParser *p, LqNamed **named, guint *n);
gboolean lq_parse_end(LqParser *p); /* nothing may follow */
gboolean lq_parse_punct(LqParser *p, char punct);
/* A variable's name to be bound. */
gboolean lq_parse_target(LqParser *p, guint *symbol, const char **name);

/*
 * Parse nodes into @block up to one of the tags @stops (ended by NULL), whose
 * item is then in hand: its number, or -1 on failure.  The first of @stops is
 * what closes the tag @name that stands at @pos.
 */
int lq_parse_block(LqParser *p, LqBlock *block, const char *name, LqPos pos,
		   const char *const *stops);
/* Forget the white space of a block that is blank. */
void lq_block_hush(LqBlock *block);

/* Parse @text, which lives as long as @liquid; @snippet is its name or NULL. */
LqTemplate *lq_parse_text(JrLiquid *liquid, LqText text, const char *snippet,
			  guint nested, GError **error);
/* The snippet @name, parsed at most once; NULL: p->error or *error. */
LqTemplate *lq_parse_snippet(LqParser *p, const char *name, LqPos pos);
/* Make @node, an output, show @chain->in as render would, when that is
 * snippets.NAME and there is one.  FALSE: that snippet is wrong. */
gboolean lq_parse_snippets_name(LqParser *p, const LqChain *chain,
				LqNode *node);
LqTemplate *lq_late_snippet(JrLiquid *liquid, const char *name, GError **error);

/* ------------------------------------------------------------ rendering */

/* Variables by the number of their symbol; a number from n on has none. */
typedef struct {
	const LqVal **local;  /* of loops and arguments */
	const LqVal **global; /* assigned and captured */
	const LqVal **count;  /* of increment and decrement */
	guint n;
	gboolean isolated; /* within render */
} LqScope;

/* What tags keep from one use to the next: cycle, offset: continue. */
typedef struct _LqKept LqKept;
struct _LqKept {
	LqKept *next;
	const char *key;
	gint64 number;
};

struct _LqRun {
	const JrLiquidRun *with;
	JrLiquid *liquid;
	JrArena *arena;
	LqScope *scope;
	GString *out; /* where output goes: the caller's, or a capture */
	gsize out_base, out_max;
	guint64 steps; /* left */
	guint level;
	LqPos at;		/* of what is being done, for errors */
	const LqFilter *filter; /* at work, or the last one that was */
	const char *snippet;	/* and in which; NULL: the template */
	const LqLoop *loop;
	LqKept *kept;
	const char *shown; /* by the last ifchanged */
	guint64 drawn;	   /* how many random numbers */
	GError *error;	   /* once set, nothing goes on */
};

/* Note what went wrong at run->at, unless something did before.  A nil. */
LqVal lq_fail(LqRun *run, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same with @error, which is taken over.  LQ_FAILED. */
LqFlow lq_fail_error(LqRun *run, GError *error);
/* Fail because of what @v misses. */
LqVal lq_fail_missing(LqRun *run, const LqVal *v);
/* Pay for work; FALSE when there is none left (and the run has failed). */
gboolean lq_pay(LqRun *run, guint64 steps);
gboolean lq_pay_bytes(LqRun *run, gsize bytes);
/* Memory of the run; NULL when there is none left (and the run has failed). */
gpointer lq_take(LqRun *run, gsize size);
JrVal *lq_take_items(LqRun *run, gsize n); /* of a list; not cleared */

LqFlow lq_render_block(LqRun *run, const LqBlock *block);
LqFlow lq_render_chain(LqRun *run, const LqChain *chain);
gboolean lq_write(LqRun *run, LqText text);
gboolean lq_write_val(LqRun *run, const LqVal *v);
/* Render @block aside; a text of the run with a NUL.  Breaks pass through. */
LqFlow lq_render_aside(LqRun *run, const LqBlock *block, LqText *text);

/* Bind @symbol for a while; what it was before, for lq_unbind(). */
const LqVal *lq_bind(LqRun *run, guint symbol, const LqVal *v);
void lq_unbind(LqRun *run, guint symbol, const LqVal *before);
void lq_assign(LqRun *run, guint symbol, LqVal v);
void lq_count(LqRun *run, guint symbol, LqVal v); /* increment, decrement */
LqScope *lq_scope_new(LqRun *run);
const LqVal *lq_scope_get(const LqRun *run, guint symbol);
gint64 *lq_kept(LqRun *run, const char *key);

/* A draw from 0 to @below - 1, the same for the same seed. */
guint64 lq_draw(LqRun *run, guint64 below);

/* At the end of what grows; nothing once the run has failed. */
void lq_add(LqBuild *b, const char *text, gsize len);
void lq_add_text(LqBuild *b, LqText text);
void lq_add_str(LqBuild *b, const char *str);
void lq_add_char(LqBuild *b, char c);
void lq_add_unichar(LqBuild *b, gunichar c);
LqVal lq_built(LqBuild *b);
LqText lq_built_text(LqBuild *b);

/* -------------------------------------------------------------- visits */

struct _LqVisit {
	JrLiquidVarFn each;
	gpointer user;
	gboolean naming;      /* first pass: collect what is bound */
	GHashTable *bound;    /* symbols that the template itself sets */
	GHashTable *seen;     /* snippets included, in this pass */
	GHashTable *rendered; /* snippets rendered, in all */
	const LqPos *within;  /* of the outermost tag that shows the snippet
			       * at hand; NULL: in the template itself */
};

/* @template in two passes, with visit->bound as it is. */
void lq_visit_whole(LqVisit *visit, const LqTemplate *template);
void lq_visit_block(LqVisit *visit, const LqBlock *block);
void lq_visit_chain(LqVisit *visit, const LqChain *chain);
/* @may_miss: a missing value does no harm there, as in a condition. */
void lq_visit_expr(LqVisit *visit, const LqExpr *expr, gboolean may_miss);
void lq_visit_cond(LqVisit *visit, const LqCond *cond);
void lq_visit_bound(LqVisit *visit, guint symbol);
