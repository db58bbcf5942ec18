/*
 * liquid.h - templates of messages, in the Liquid language.
 *
 * Sources: shopify.github.io/liquid for the language, docs.customer.io for
 * what lifecycle senders add to it.  The manual is jr-liquid(7).  Pure: no
 * files, no clock.  Parsed once, rendered many times; not by two threads at
 * once.  Data is never executed as a template.
 */
#pragma once

#include "base/val.h"
#include "base/zone.h"

typedef struct _JrLiquid JrLiquid;

#define JR_LIQUID_MAX_BYTES (256 * 1024) /* of a template */
#define JR_LIQUID_MAX_DEPTH 64		 /* nesting of tags, and of snippets */

/*
 * Find the source of snippet @name for render and include: NULL when there is
 * none.  Borrowed while the template that asked lives.  Asked while parsing,
 * but while rendering where a variable holds the name (include only).
 */
typedef const char *(*JrSnippetFn)(gpointer data, const char *name);

typedef struct {
	const char *file;   /* for messages; NULL: none */
	guint line, column; /* of the template's first byte; 0: unknown */
	const JrVal *yaml;  /* which says how it stands there; NULL: as it is */
	JrSnippetFn snippet; /* NULL: there are none */
	gpointer snippet_data;
} JrLiquidSource;

/*
 * Parse @len bytes of @text.  NULL and JR_ERROR_CONFIG with line and column;
 * an unknown tag or filter is such an error.  Owned by the caller.
 */
JrLiquid *jr_liquid_new(const char *text, gsize len,
			const JrLiquidSource *source, GError **error);
void jr_liquid_free(JrLiquid *liquid);

typedef struct {
	const JrVal *vars;     /* top-level variables, a map */
	const JrVal *fallback; /* where a bare name is sought next: customer */
	gboolean strict;   /* what would leave a hole fails: a missing value or
			    * a blank text of the data without default, a text
			    * that is no date, a map as text */
	gint64 now_s;	   /* for "now" | date */
	JrZone *zone;	   /* in which dates are shown; NULL: the text's
			    * own offset, else UTC */
	JrZones *zones;	   /* for a zone named in a filter; may be NULL */
	const char *seed;  /* random, uuid: the message id; may be NULL */
	gsize max_bytes;   /* of output; 0: 64 KiB */
	guint64 max_steps; /* nodes, filters and items; 0: 100,000 */
} JrLiquidRun;

/*
 * Render to the end of @out.  FALSE and JR_ERROR_INPUT "LINE:COLUMN: missing
 * customer.first_name: …" when a value is missing (strict), a filter cannot
 * work with what it gets, or a limit is reached; within a snippet "snippet
 * 'NAME':LINE:COLUMN: …".  @out then holds what came before.  A rendering may
 * take 16 MiB of memory of its own.
 */
gboolean jr_liquid_render(const JrLiquid *liquid, const JrLiquidRun *run,
			  GString *out, GError **error);

/*
 * Call @each for every variable path that is looked up with constant keys
 * ("customer.first_name"), in snippets too, but not for what the template sets
 * itself: for --check.  @has_default: it does no harm when it is missing, for a
 * default follows it or only a condition or a loop asks for it.
 */
typedef void (*JrLiquidVarFn)(gpointer user, const char *path,
			      gboolean has_default, guint line, guint column);
void jr_liquid_visit(const JrLiquid *liquid, JrLiquidVarFn each, gpointer user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrLiquid, jr_liquid_free)
