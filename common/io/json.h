/*
 * json.h - JSON text as values.
 *
 * Strictly RFC 8259, in UTF-8 (Unicode 3.9, table 3-7).  More is refused than
 * the RFC demands, because two readers could believe two things of it: a key
 * that comes twice in one map, half a surrogate pair, U+0000, a number beyond
 * what a double holds.
 */
#pragma once

#include "base/doc.h"
#include "base/val.h"

#define JR_JSON_MAX_DEPTH 64 /* maps and lists within each other */

/* A parser keeps what it has allocated from one text to the next. */
typedef struct _JrJson JrJson;

JrJson *jr_json_new(void);
void jr_json_free(JrJson *json);

/*
 * The value that @len bytes of @text are, made in @arena, which need not
 * outlive @text, nor @text it.  Each value says at which offset it stood and
 * how many bytes it took there: a piece can be kept as it was written.  NULL
 * and JR_ERROR_INPUT "not JSON at byte N: why", N from 1, quoting no data; or
 * when @arena is full.
 */
const JrVal *jr_json_read(JrJson *json, JrArena *arena, const char *text,
			  gsize len, GError **error);

/* The same, once: for a text that does not come in a stream. */
const JrVal *jr_json_parse(JrArena *arena, const char *text, gsize len,
			   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrJson, jr_json_free)
