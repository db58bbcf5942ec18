/*
 * arena.h - memory that is given back all at once.
 *
 * What is parsed for one record, one person or one file lives in an arena:
 * taking from it is an addition, giving it all back a few pointer writes, and
 * a limit keeps one record from taking all memory.
 */
#pragma once

#include <glib.h>

typedef struct _JrArena JrArena;

/*
 * A new arena that gives out at most @limit bytes between resets, each piece
 * rounded up to 16.  It takes memory when first asked.  Owned.
 */
JrArena *jr_arena_new(gsize limit);
void jr_arena_free(JrArena *arena);

/* Take everything back; the largest block stays, so a loop stays warm. */
void jr_arena_reset(JrArena *arena);

/*
 * @size bytes, aligned for any type, not cleared; NULL when the limit is
 * reached.  They live until the reset.
 */
gpointer jr_arena_take(JrArena *arena, gsize size);

/* @len bytes of @text and a NUL; NULL when the limit is reached. */
char *jr_arena_text(JrArena *arena, const char *text, gsize len);

/* Bytes that were given out since the last reset. */
gsize jr_arena_used(const JrArena *arena);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrArena, jr_arena_free)
