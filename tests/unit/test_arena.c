/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FIRST = 16 * 1024, LAST = 1024 * 1024, KEPT = 64 * 1024 };

static bool
is_filled(const unsigned char *piece, size_t size, unsigned char with)
{
	for (size_t i = 0; i < size; i++)
		if (piece[i] != with)
			return false;
	return true;
}

/* Pieces of all sizes are aligned, zeroed, and keep what was written into them. */
static void
pieces(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 100, 4000, 9000, 16384, 40000,
		70000, 600000, 3000000, 5, 1000, 20000 };
	unsigned char *at[COUNT(sizes)];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_int_equal(arena_held(&arena), 0);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT(sizes); i++) {
			at[i] = arena_alloc(&arena, sizes[i]);
			assert_non_null(at[i]);
			assert_int_equal((uintptr_t)at[i] % _Alignof(max_align_t), 0);
			assert_true(is_filled(at[i], sizes[i], 0));
			memset(at[i], (int)i + 1, sizes[i]);
		}
		for (size_t i = 0; i < COUNT(sizes); i++)
			assert_true(is_filled(at[i], sizes[i], (unsigned char)(i + 1)));
		arena_reset(&arena);
	}
	arena_clear(&arena);
	assert_int_equal(arena_held(&arena), 0);
	arena_clear(&arena);
	arena_reset(&arena);
	assert_int_equal(arena_held(&arena), 0);
}

static void
empty_pieces_differ(void **state)
{
	struct arena arena;
	char *a;
	char *b;

	(void)state;
	arena_init(&arena);
	a = arena_alloc(&arena, 0);
	b = arena_alloc(&arena, 0);
	assert_ptr_not_equal(a, b);
	arena_clear(&arena);
}

static void
blocks_grow_to_a_limit(void **state)
{
	struct arena arena;
	size_t held = 0;
	size_t last = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 8 * LAST / 1024; i++) {
		assert_non_null(arena_alloc_raw(&arena, 1024));
		if (arena_held(&arena) == held)
			continue;
		last = arena_held(&arena) - held;
		held = arena_held(&arena);
		assert_in_range(last, FIRST, LAST);
	}
	assert_int_equal(last, LAST);
	arena_clear(&arena);
}

/* A large piece does not end the block that is being cut. */
static void
large_pieces_stand_apart(void **state)
{
	struct arena arena;
	size_t held;
	char *a;
	char *b;

	(void)state;
	arena_init(&arena);
	assert_non_null(arena_alloc(&arena, 2 * LAST));
	assert_in_range(arena_held(&arena), 2 * LAST, 2 * LAST + 64);
	a = arena_alloc(&arena, 16);
	held = arena_held(&arena);
	assert_non_null(arena_alloc(&arena, LAST));
	b = arena_alloc(&arena, 16);
	assert_ptr_equal(b, a + 16);
	assert_in_range(arena_held(&arena) - held, LAST, LAST + 64);
	arena_clear(&arena);
}

/* What is used again and again settles in the block that a reset keeps. */
static void
reset_keeps_one_block(void **state)
{
	struct arena arena;
	size_t held;
	char *first;

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 40; i++)
		assert_non_null(arena_alloc(&arena, 1000));
	arena_reset(&arena);
	held = arena_held(&arena);
	assert_in_range(held, FIRST, KEPT);
	first = arena_alloc(&arena, 1000);
	arena_reset(&arena);
	assert_ptr_equal(arena_alloc(&arena, 1000), first);
	assert_int_equal(arena_held(&arena), held);

	for (int i = 0; i < 1000; i++)
		assert_non_null(arena_alloc(&arena, 20000));
	arena_reset(&arena);
	held = arena_held(&arena);
	assert_in_range(held, FIRST, KEPT);
	for (int i = 0; i < 3; i++) {
		assert_non_null(arena_alloc(&arena, 30000));
		assert_int_equal(arena_held(&arena), held);
		arena_reset(&arena);
	}
	arena_clear(&arena);
}

static void
copies(void **state)
{
	struct arena arena;
	text copy;

	(void)state;
	arena_init(&arena);
	copy = arena_copy(&arena, (text){ "abcdef", 3 });
	assert_int_equal(copy.length, 3);
	assert_string_equal(copy.at, "abc");
	copy = arena_copy(&arena, TEXT(""));
	assert_int_equal(copy.length, 0);
	assert_string_equal(copy.at, "");
	copy = arena_copy(&arena, (text){ NULL, 0 });
	assert_int_equal(copy.length, 0);
	assert_null(copy.at);
	arena_clear(&arena);
}

/* Printing is right with any room left, none included. */
static void
prints(void **state)
{
	struct arena arena;
	text printed;
	text before = { NULL, 0 };
	char expected[64];

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 3000; i++) {
		snprintf(expected, sizeof(expected), "%s-%0*d", "ab", i % 50 + 1, i);
		printed = arena_print(&arena, "%s-%0*d", "ab", i % 50 + 1, i);
		assert_string_equal(printed.at, expected);
		assert_int_equal(printed.length, strlen(expected));
		if (before.at != NULL)
			assert_int_equal(before.length, strlen(before.at));
		before = printed;
	}
	printed = arena_print(&arena, "%*d", 100000, 7);
	assert_int_equal(printed.length, 100000);
	assert_int_equal(printed.at[99999], '7');
	printed = arena_print(&arena, "%s", "");
	assert_string_equal(printed.at, "");
	arena_clear(&arena);
}

struct odd {
	char a;
	int64_t b;
	char c;
};

static void
typed(void **state)
{
	struct arena arena;
	struct odd *one;
	struct odd *many;

	(void)state;
	arena_init(&arena);
	one = NEW(&arena, struct odd);
	many = NEW_ARRAY(&arena, struct odd, 100);
	assert_int_equal(one->b, 0);
	assert_int_equal(many[99].b, 0);
	assert_true((char *)many >= (char *)(one + 1));
	arena_clear(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces),
		cmocka_unit_test(empty_pieces_differ),
		cmocka_unit_test(blocks_grow_to_a_limit),
		cmocka_unit_test(large_pieces_stand_apart),
		cmocka_unit_test(reset_keeps_one_block),
		cmocka_unit_test(copies),
		cmocka_unit_test(prints),
		cmocka_unit_test(typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
