/*
 * expr.h - conditions over people: segments, filters, branches, goals.
 *
 * One language everywhere; its grammar and its table of meanings stand in
 * jr-expr(7).  Pure: no files, no clock, no store.  Compiled once, evaluated
 * many times without allocating where no list or text must be made.
 */
#pragma once

#include "lang/facts.h"

typedef struct _JrExpr JrExpr;

/* Where a text stands in its file, so that errors point into the file. */
typedef struct {
	const char *file;   /* NULL: an argument, say */
	guint line, column; /* of the first byte of the text, from 1; 0: none */
	const char *lines;  /* the text as it stands there, line by line, which
			     * has been folded into one; NULL: it has not, and
			     * its lines stand as far in as the first */
	const char *escaped; /* the text as it stands there, in YAML's quotes,
			      * with escapes and all; NULL: without */
} JrOrigin;

#define JR_EXPR_MAX_BYTES 65536 /* of a text */
#define JR_EXPR_MAX_DEPTH 64	/* of nesting */
#define JR_EXPR_MAX_LIST 4096	/* items of a list written out */

/*
 * Compile @text.  NULL and JR_ERROR_CONFIG: "FILE:LINE:COLUMN: what is wrong:
 * what to write instead", columns counted in characters; jr_excerpt() draws
 * where.  Owned by the caller.
 */
JrExpr *jr_expr_new(const char *text, const JrOrigin *origin, GError **error);

/*
 * The same of @text, a text from the YAML @file, which may stand on many lines:
 * a comment ends with its line, folded or not.
 */
JrExpr *jr_expr_new_in(const JrVal *text, const char *file, GError **error);
void jr_expr_free(JrExpr *expr);

/*
 * Whether it holds for @facts.  A value that is not true or false (null, too)
 * is not true.  @next_s, unless NULL, is lowered to the first instant after
 * facts->now_s at which the answer could differ although nothing happens, by
 * time alone; left alone when there is none.  -1 and JR_ERROR_* when a fact
 * could not be had, else 0 or 1.
 */
int jr_expr_holds(const JrExpr *expr, const JrFacts *facts, gint64 *next_s,
		  GError **error);

/* A property of an event that is looked up: count("A" where event.x > 1). */
typedef struct {
	const char *event; /* its name; "test*": a prefix */
	const char *path;  /* as that of an attribute */
	guint line, column;
} JrExprLooked;

/*
 * What it asks for, so that the caller knows what can change it.  Each is
 * called once for each name, where it stands first (lines and columns as in
 * errors); names are borrowed from @expr.  Functions may be NULL.
 */
typedef struct {
	/* Its path up to an index: "address.city", "tags" for tags[0]. */
	void (*attribute)(gpointer user, const char *path, guint line,
			  guint column);
	void (*event)(gpointer user, const char *name); /* "test*": a prefix */
	/* Of the event at hand; not of those looked up. */
	void (*property)(gpointer user, const char *path, guint line,
			 guint column);
	/* Of those looked up; once for each event. */
	void (*looked)(gpointer user, const JrExprLooked *looked);
	/* Of what triggered the journey. */
	void (*trigger)(gpointer user, const char *path, guint line,
			guint column);
	void (*segment)(gpointer user, const char *name, guint line,
			guint column);
	void (*messages)(gpointer user);
	void (*devices)(gpointer user);
	void (*subscriptions)(gpointer user);
	void (*time)(gpointer user); /* the answer may change by time alone */
} JrExprVisitor;
void jr_expr_visit(const JrExpr *expr, const JrExprVisitor *visitor,
		   gpointer user);

/* The text it was made of; its lines, where they were folded over a comment. */
const char *jr_expr_text(const JrExpr *expr);

/* The text of an expression for one line: without comments, and a blank where
 * there are some, or ends of lines.  Owned. */
char *jr_expr_on_one_line(const char *text);

/*
 * Show why: call @each for every node, parents before children, with the
 * source text of the node and its value as compact JSON ("?" where it was not
 * looked at).  What is looked at once for each event (a "where") is not shown.
 * FALSE and error as jr_expr_holds().
 */
typedef void (*JrExprExplainFn)(gpointer user, guint depth, const char *source,
				const char *value);
gboolean jr_expr_explain(const JrExpr *expr, const JrFacts *facts,
			 JrExprExplainFn each, gpointer user, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrExpr, jr_expr_free)
