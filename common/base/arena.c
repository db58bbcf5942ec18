#include "base/arena.h"

#include <string.h>

/*
 * Under AddressSanitizer what is not given out is poisoned, with a gap behind
 * each piece: an overrun, or a value kept past the reset, is told at once.
 */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#define GAP 16
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define GAP 0
#endif

#define ALIGN 16
#define FIRST_BLOCK ((gsize)16 * 1024) /* bytes; each later one is larger */

typedef struct _Block Block;

struct _Block {
	Block *older;
	gsize size; /* of bytes[] */
	_Alignas(ALIGN) char bytes[];
};

struct _JrArena {
	Block *newest; /* and largest */
	gsize used;    /* bytes of the newest block */
	gsize left;    /* bytes that may still be given out */
	gsize limit;
};

JrArena *jr_arena_new(gsize limit)
{
	JrArena *arena = g_new0(JrArena, 1);

	arena->limit = arena->left = limit;
	return arena;
}

/* Free @block and all that are older. */
static void free_blocks(Block *block)
{
	while (block) {
		Block *older = block->older;

		ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->size);
		g_free(block);
		block = older;
	}
}

void jr_arena_free(JrArena *arena)
{
	if (!arena)
		return;
	free_blocks(arena->newest);
	g_free(arena);
}

void jr_arena_reset(JrArena *arena)
{
	arena->left = arena->limit;
	arena->used = 0;
	if (!arena->newest)
		return;
	free_blocks(arena->newest->older);
	arena->newest->older = NULL;
	ASAN_POISON_MEMORY_REGION(arena->newest->bytes, arena->newest->size);
}

static void add_block(JrArena *arena, gsize need)
{
	gsize size = arena->newest ? 2 * arena->newest->size : FIRST_BLOCK;
	Block *block;

	/* The newest is always the largest: it is the one that stays. */
	while (size < need)
		size *= 2;
	block = g_malloc(sizeof *block + size);
	block->older = arena->newest;
	block->size = size;
	ASAN_POISON_MEMORY_REGION(block->bytes, size);
	arena->newest = block;
	arena->used = 0;
}

gpointer jr_arena_take(JrArena *arena, gsize size)
{
	gsize need;
	char *piece;

	if (size > arena->left)
		return NULL;
	need = ((size + ALIGN - 1) & ~(gsize)(ALIGN - 1)) + GAP;
	if (!arena->newest || need > arena->newest->size - arena->used)
		add_block(arena, need);
	piece = arena->newest->bytes + arena->used;
	ASAN_UNPOISON_MEMORY_REGION(piece, size);
	arena->used += need;
	arena->left -= MIN(need - GAP, arena->left);
	return piece;
}

char *jr_arena_text(JrArena *arena, const char *text, gsize len)
{
	char *copy = jr_arena_take(arena, len + 1);

	if (!copy)
		return NULL;
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

gsize jr_arena_used(const JrArena *arena)
{
	return arena->limit - arena->left;
}
