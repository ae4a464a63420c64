/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/result.h"
#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

/*
 * Memory that dies together: a list of blocks from which pieces are cut.  Nothing is
 * ever freed alone.  One thread at a time.  Running out of memory aborts: every body is
 * limited, so it means that the machine is sick.
 */
struct arena {
	struct arena_block *blocks; /* newest first */
	char *next;
	char *end;
};

/* An arena with no memory yet; the first piece allocates. */
void arena_init(struct arena *arena);

/* Frees everything but one block of ordinary size, which the next use begins with. */
void arena_reset(struct arena *arena);

/* Frees everything.  The arena is as after arena_init. */
void arena_clear(struct arena *arena);

/* Never NULL.  Zeroed, aligned for any type, alive until the next reset. */
void *arena_alloc(struct arena *arena, size_t size);

/* As arena_alloc, but the bytes are not zeroed. */
void *arena_alloc_raw(struct arena *arena, size_t size);

/* A copy, with a NUL behind it that its length does not count.  Of no text, no text. */
text arena_copy(struct arena *arena, text source);

/* What printf would print, with a NUL behind it that its length does not count. */
text arena_print(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
text arena_vprint(struct arena *arena, const char *format, va_list args)
    PRINTF_LIKE(2, 0);

/* How many bytes of memory the arena holds. */
size_t arena_held(const struct arena *arena);

#define NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define NEW_ARRAY(arena, type, count)                                                    \
	((type *)arena_alloc((arena), sizeof(type) * (count)))

#endif
