/*
 * file.h - segments.yaml: who is in which segment, by definition.
 *
 *   trialists: plan == "trial"
 *   lapsed:
 *     where: not did "Logged In" within 30d
 *     description: Nobody has seen them for a month
 *   vips:
 *     manual: true
 *   partners:
 *     file: partners.txt
 *
 * The manual is jr-segment(1), that of the expressions jr-expr(7).
 */
#pragma once

#include "flow/segment/list.h"
#include "lang/expr.h"

typedef struct {
	const char *name;
	const char *description; /* or NULL */
	JrExpr *expr;		 /* NULL: manual, members by list */
	JrSegmentList *list; /* in a file; NULL: by expression or by records */
	const char *text;    /* what the store knows it by: the expression, or
			      * which list; not for eyes only: another file's
			      * text is another list */
	char hash[JR_SHA256_SIZE]; /* of it and of those it asks for; not of
				    * what a list holds */
	gboolean timed;		   /* the answer may change by time alone */
	guint line;		   /* where it stands */
	gint64 number;		   /* the store's; 0 until it is known */
} JrSegmentDef;

typedef struct {
	char *path;
	GArray *defs; /* JrSegmentDef: those asked for before who asks */
	JrArena *arena;
} JrSegmentFile;

/*
 * Read the file at @path.  NULL and JR_ERROR_CONFIG "FILE:LINE:COLUMN: …": no
 * such file, no YAML, a word that is none, an expression that does not
 * compile, a list that cannot be read, a segment that is not there, or one that
 * asks for itself.  Owned.
 */
JrSegmentFile *jr_segment_file_load(const char *path, GError **error);
void jr_segment_file_free(JrSegmentFile *file);

/* The segment @name; NULL when there is none. */
JrSegmentDef *jr_segment_file_find(const JrSegmentFile *file, const char *name);

/* The names of all, in the order of defs; NULL at the end; owned list of
 * borrowed texts. */
const char **jr_segment_file_names(const JrSegmentFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSegmentFile, jr_segment_file_free)
