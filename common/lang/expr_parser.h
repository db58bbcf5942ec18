/*
 * expr_parser.h - what reading an expression is made of.
 *
 * A parser fails once: after that no token is any good, all functions return
 * NULL or FALSE, and the first error stays.
 */
#pragma once

#include "lang/expr_impl.h"

typedef enum {
	TOKEN_BAD, /* the error is set */
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_TEXT,
	TOKEN_NUMBER,
	TOKEN_SPAN,
	TOKEN_TIME,
	TOKEN_MARK,
} ExprTokenKind;

typedef struct {
	ExprTokenKind kind;
	guint32 offset, bytes;
	const char *text; /* of a name, mark, time; of a text, unescaped */
	guint32 len;
	gboolean star;	 /* a text ends with a '*' that was not escaped */
	ExprValue value; /* of a number or a span */
} ExprToken;

/* What "event" means where the parser stands. */
typedef enum {
	SCOPE_OUTSIDE, /* the event at hand */
	SCOPE_EVENT,   /* the one that is looked at */
} ExprScope;

typedef struct {
	const char *text;
	gsize len;
	JrArena *arena;
	gsize at;	 /* where the lexer goes on */
	ExprToken token; /* the one at hand */
	gsize end;	 /* of the one before it */
	guint depth;
	guint32 n_nodes;
	ExprScope scope;
	gboolean failed;
	gsize wrong_at; /* where the error is */
	GError **error;
} ExprParser;

typedef const ExprNode *(*ExprParseFn)(ExprParser *p);

/* expr_lex.c */
void expr_advance(ExprParser *p);
/* Whether the token at hand is the name or mark @word. */
gboolean expr_at(const ExprParser *p, const char *word);
/* The same for the one after it. */
gboolean expr_peek(const ExprParser *p, const char *word);
/* Go past @word when it is at hand. */
gboolean expr_accept(ExprParser *p, const char *word);
/* The same; else fail with "expected @word". */
gboolean expr_expect(ExprParser *p, const char *word);

/* expr_error.c */
/* Fail at @offset, unless something has failed before; always NULL. */
gpointer expr_fail(ExprParser *p, gsize offset, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
/* "unexpected 'x': @instead", at the token at hand; always NULL. */
gpointer expr_unexpected(ExprParser *p, const char *instead);
/*
 * Fail at what stands at @offset when it is a habit from elsewhere, or (not
 * @known) in any case; whether it did.
 */
gboolean expr_refuse_mark(ExprParser *p, gsize offset, gboolean known);

/* expr_parse.c */
/* Memory of the expression: cleared; or a copy of @data, a NUL behind it. */
gpointer expr_take(ExprParser *p, gsize size);
gpointer expr_keep(ExprParser *p, const void *data, gsize size);
gpointer expr_too_deep(ExprParser *p, gsize offset); /* NULL */
/* The node of @kind from byte @from on, over @kids, or NULL: too deep. */
ExprNode *expr_node(ExprParser *p, ExprNodeKind kind, gsize from,
		    const GPtrArray *kids);
ExprNode *expr_node2(ExprParser *p, ExprNodeKind kind, gsize from,
		     const ExprNode *a, const ExprNode *b); /* or NULL */
const ExprNode *expr_parse(ExprParser *p);		    /* the whole text */
const ExprNode *expr_parse_condition(ExprParser *p);
/* A positive duration that stands written out. */
gboolean expr_parse_span(ExprParser *p, JrSpan *span);
/* A text that stands written out; else fail with @instead. */
const char *expr_parse_text(ExprParser *p, const char *instead);

/* expr_operand.c: what stands between operators */
const ExprNode *expr_parse_value(ExprParser *p);

/* expr_path.c */
gboolean expr_parse_path(ExprParser *p, ExprPath *path);
/* Whether the word at hand is none of an attribute that stands bare. */
gboolean expr_is_reserved(const ExprParser *p);

/* expr_call.c */
const ExprNode *expr_parse_call(ExprParser *p, const ExprToken *name);

/* expr_select.c */
const ExprNode *expr_parse_select(ExprParser *p, const ExprToken *name,
				  const ExprAggregate *aggregate);

/* expr_kind.c: each fails with a message and NULL or FALSE */
const ExprNode *expr_check_condition(ExprParser *p, const ExprNode *node);
gboolean expr_check_compare(ExprParser *p, const ExprNode *node);
gboolean expr_check_match(ExprParser *p, const ExprNode *node);
gboolean expr_check_time(ExprParser *p, const ExprNode *node);
/* That it can have one of @kinds; @instead ends the message. */
gboolean expr_check_takes(ExprParser *p, const ExprNode *node, guint kinds,
			  const char *instead);
