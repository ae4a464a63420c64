/* SPDX-License-Identifier: Apache-2.0 */
#include "api/query_string.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
test_find(void **state)
{
	static const struct {
		const char *query;
		const char *name;
		const char *value; /* NULL: none */
	} cases[] = {
		{ "limit=10&cursor=c7", "limit", "10" },
		{ "limit=10&cursor=c7", "cursor", "c7" },
		{ "limit=10&cursor=c7", "curso", NULL },
		{ "limit=10&cursor=c7", "c7", NULL },
		{ "limit=10&cursor=c7", "Limit", NULL },
		{ "", "limit", NULL },
		{ "limit", "limit", "" },
		{ "limit=", "limit", "" },
		{ "limit=&limit=2", "limit", "" },
		{ "limit=1&limit=2", "limit", "1" },
		{ "a&&&limit=3&", "limit", "3" },
		{ "=5", "limit", NULL },
		{ "a=b=c", "a", "b=c" },
		{ "a=1;b=2", "b", NULL },
		{ "a=1;b=2", "a", "1;b=2" },
		{ "q=a+b%20c%2Bd", "q", "a b c+d" },
		{ "%6Cimit=4", "limit", "4" },
		{ "%6cimi%74=4", "limit", "4" },
		{ "a+b=4", "a b", "4" },
		{ "q=%26%3D%25", "q", "&=%" },
		{ "q=%", "q", "%" },
		{ "q=%4", "q", "%4" },
		{ "q=%4&r", "q", "%4" },
		{ "q=%zz%4g%g4", "q", "%zz%4g%g4" },
		{ "q=%%41", "q", "%A" },
		{ "q=%C3%A9", "q", "\xc3\xa9" },
		{ "q=\xc3\xa9", "q", "\xc3\xa9" },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(cases); i++) {
		text found = query_string_find(
		    &arena, text_of(cases[i].query), text_of(cases[i].name));

		print_message("%s in %s\n", cases[i].name, cases[i].query);
		if (cases[i].value == NULL) {
			assert_null(found.at);
			continue;
		}
		assert_non_null(found.at);
		assert_int_equal(found.length, strlen(cases[i].value));
		assert_memory_equal(found.at, cases[i].value, found.length);
	}
	arena_clear(&arena);
}

static void
test_nul(void **state)
{
	struct arena arena;
	text found;

	(void)state;
	arena_init(&arena);
	found = query_string_find(&arena, TEXT("q=a%00b"), TEXT("q"));
	assert_int_equal(found.length, 3);
	assert_memory_equal(found.at, "a\0b", 3);
	found = query_string_find(&arena, TEXT("q%00=a"), TEXT("q"));
	assert_null(found.at);
	arena_clear(&arena);
}

static void
test_no_query(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_null(query_string_find(&arena, (text){ NULL, 0 }, TEXT("q")).at);
	arena_clear(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_no_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
