/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	ALIGNMENT = _Alignof(max_align_t),
	BLOCK_FIRST = 16 * 1024,
	BLOCK_LAST = 1024 * 1024,
	BLOCK_KEPT = 64 * 1024, /* the largest that a reset keeps: many arenas lie idle */
};

/*
 * Blocks that pieces are cut from come first, newest at the head; a large piece has
 * a block of its own, which goes behind the head so that the head can be cut further.
 */
struct arena_block {
	struct arena_block *next;
	size_t size; /* with this header */
	bool own;
	_Alignas(max_align_t) char bytes[];
};

void
arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

static struct arena_block *
block_new(size_t size, bool own)
{
	struct arena_block *block = malloc(size);

	if (block == NULL)
		abort();
	block->next = NULL;
	block->size = size;
	block->own = own;
	return block;
}

/* Makes a block the only one and the one to cut from. */
static void
start_with(struct arena *arena, struct arena_block *block)
{
	block->next = NULL;
	arena->blocks = block;
	arena->next = block->bytes;
	arena->end = (char *)block + block->size;
}

void
arena_reset(struct arena *arena)
{
	struct arena_block *block = arena->blocks;
	struct arena_block *kept = NULL;
	struct arena_block *next;

	for (; block != NULL; block = next) {
		next = block->next;
		/* They only got larger: the first that may be kept is the largest. */
		if (kept == NULL && !block->own && block->size <= BLOCK_KEPT)
			kept = block;
		else
			free(block);
	}
	arena_init(arena);
	if (kept != NULL)
		start_with(arena, kept);
}

void
arena_clear(struct arena *arena)
{
	struct arena_block *next;

	for (struct arena_block *block = arena->blocks; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	arena_init(arena);
}

static void *
alloc_own(struct arena *arena, size_t size)
{
	struct arena_block *block = block_new(sizeof(*block) + size, true);

	if (arena->blocks == NULL) {
		arena->blocks = block;
	} else {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	}
	return block->bytes;
}

/* The piece does not fit in the block that is being cut. */
static void *
alloc_slow(struct arena *arena, size_t size)
{
	struct arena_block *head = arena->blocks;
	size_t block_size = BLOCK_FIRST;

	if (size > SIZE_MAX / 2)
		abort();
	if (head != NULL && !head->own)
		block_size = head->size < BLOCK_LAST ? 2 * head->size : BLOCK_LAST;
	/* Grown rather than apart as long as the block will be kept: no malloc next time.
	 */
	while (size > block_size / 2 && block_size < BLOCK_KEPT)
		block_size *= 2;
	if (size > block_size / 2)
		return alloc_own(arena, size);
	head = block_new(block_size, false);
	head->next = arena->blocks;
	arena->blocks = head;
	arena->next = head->bytes + size;
	arena->end = (char *)head + block_size;
	return head->bytes;
}

void *
arena_alloc_raw(struct arena *arena, size_t size)
{
	size_t room = (uintptr_t)arena->end - (uintptr_t)arena->next;
	size_t rounded = (size + ALIGNMENT - 1 + (size == 0)) & ~(size_t)(ALIGNMENT - 1);
	char *piece = arena->next;

	/* A size so large that rounding wraps must not look small. */
	if (rounded > room || rounded < size)
		return alloc_slow(arena, rounded < size ? size : rounded);
	arena->next += rounded;
	return piece;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_alloc_raw(arena, size), 0, size);
}

text
arena_copy(struct arena *arena, text source)
{
	char *copy;

	if (source.at == NULL)
		return source;
	copy = arena_alloc_raw(arena, source.length + 1);
	memcpy(copy, source.at, source.length);
	copy[source.length] = '\0';
	return (text){ copy, source.length };
}

text
arena_vprint(struct arena *arena, const char *format, va_list args)
{
	size_t room = (uintptr_t)arena->end - (uintptr_t)arena->next;
	va_list again;
	int length;
	char *copy;

	/* Most texts fit in what is left, and then need no second pass. */
	va_copy(again, args);
	length = vsnprintf(arena->next, room, format, args);
	if (length < 0)
		abort();
	copy = arena_alloc_raw(arena, (size_t)length + 1);
	if ((size_t)length >= room)
		(void)vsnprintf(copy, (size_t)length + 1, format, again);
	va_end(again);
	return (text){ copy, (size_t)length };
}

text
arena_print(struct arena *arena, const char *format, ...)
{
	va_list args;
	text printed;

	va_start(args, format);
	printed = arena_vprint(arena, format, args);
	va_end(args);
	return printed;
}

size_t
arena_held(const struct arena *arena)
{
	size_t held = 0;

	for (const struct arena_block *b = arena->blocks; b != NULL; b = b->next)
		held += b->size;
	return held;
}
