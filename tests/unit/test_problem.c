/* SPDX-License-Identifier: Apache-2.0 */
#include "base/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
none(void **state)
{
	struct problems problems;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	problems_init(&problems, &arena);
	assert_int_equal(problems_result(&problems), OK);
	assert_int_equal(problems.count, 0);
	assert_null(problems.first);
	assert_int_equal(arena_held(&arena), 0);
}

static void
in_order(void **state)
{
	char message[] = "must be at least 0";
	struct problems problems;
	struct problem *second;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	problems_init(&problems, &arena);
	problems_add(&problems, "name", "%s", message);
	message[0] = 'X';
	problems_add(&problems, "end_date", "must be at least %d", 15);
	problems_add(&problems, "name", "is taken");

	assert_int_equal(problems_result(&problems), INVALID);
	assert_int_equal(problems.count, 3);
	assert_string_equal(problems.first->attribute, "name");
	assert_true(text_equal(problems.first->message, TEXT("must be at least 0")));
	second = problems.first->next;
	assert_string_equal(second->attribute, "end_date");
	assert_true(text_equal(second->message, TEXT("must be at least 15")));
	assert_true(text_equal(second->next->message, TEXT("is taken")));
	assert_null(second->next->next);
	arena_clear(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none),
		cmocka_unit_test(in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
