/* SPDX-License-Identifier: Apache-2.0 */
#include "base/result.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
equal(void **state)
{
	static const struct {
		const char *name;
		text a;
		text b;
		bool same;
		bool same_nocase;
	} cases[] = {
		{ "none", { NULL, 0 }, { NULL, 0 }, true, true },
		{ "none and empty", { NULL, 0 }, { "", 0 }, true, true },
		{ "same", { "abc", 3 }, { "abc", 3 }, true, true },
		{ "case", { "aBc", 3 }, { "AbC", 3 }, false, true },
		{ "longer", { "abc", 3 }, { "abcd", 4 }, false, false },
		{ "not letters", { "[", 1 }, { "{", 1 }, false, false },
		{ "around the letters", { "@`", 2 }, { "`@", 2 }, false, false },
		{ "ASCII only", { "\xC3\x84", 2 }, { "\xC3\xA4", 2 }, false, false },
		{ "with NUL", { "a\0b", 3 }, { "a\0c", 3 }, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (text_equal(cases[i].a, cases[i].b) != cases[i].same ||
		    text_equal_nocase(cases[i].a, cases[i].b) != cases[i].same_nocase)
			fail_msg("%s", cases[i].name);
}

static int
sign(int value)
{
	return (value > 0) - (value < 0);
}

static void
compare(void **state)
{
	static const struct {
		const char *name;
		text a;
		text b;
		int order;
	} cases[] = {
		{ "none and empty", { NULL, 0 }, { "", 0 }, 0 },
		{ "empty first", { "", 0 }, { "a", 1 }, -1 },
		{ "same", { "ab", 2 }, { "ab", 2 }, 0 },
		{ "begins with", { "ab", 2 }, { "abc", 3 }, -1 },
		{ "letters", { "b", 1 }, { "abc", 3 }, 1 },
		{ "bytes are unsigned", { "\x80", 1 }, { "a", 1 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (sign(text_compare(cases[i].a, cases[i].b)) != cases[i].order ||
		    sign(text_compare(cases[i].b, cases[i].a)) != -cases[i].order)
			fail_msg("%s", cases[i].name);
}

static void
valid(void **state)
{
	static const struct {
		const char *name;
		text source;
		bool valid;
		size_t characters;
	} cases[] = {
		{ "none", { NULL, 0 }, true, 0 },
		{ "ASCII", { "hello, world, hello", 19 }, true, 19 },
		{ "controls", { "\x01\x1F\x7F", 3 }, true, 3 },
		{ "two bytes", { "\xC2\x80\xDF\xBF", 4 }, true, 2 },
		{ "three bytes", { "\xE0\xA0\x80\xEF\xBF\xBF", 6 }, true, 2 },
		{ "around surrogates", { "\xED\x9F\xBF\xEE\x80\x80", 6 }, true, 2 },
		{ "four bytes", { "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8 }, true, 2 },
		{ "NUL", { "\0", 1 }, false, 0 },
		{ "NUL in a word", { "1234567\0", 8 }, false, 0 },
		{ "NUL after a word", { "12345678\0", 9 }, false, 0 },
		{ "bare continuation", { "\x80", 1 }, false, 0 },
		{ "overlong 2", { "\xC1\xBF", 2 }, false, 0 },
		{ "overlong NUL", { "\xC0\x80", 2 }, false, 0 },
		{ "overlong 3", { "\xE0\x9F\xBF", 3 }, false, 0 },
		{ "overlong 4", { "\xF0\x8F\xBF\xBF", 4 }, false, 0 },
		{ "surrogate", { "\xED\xA0\x80", 3 }, false, 0 },
		{ "too large", { "\xF4\x90\x80\x80", 4 }, false, 0 },
		{ "F5", { "\xF5\x80\x80\x80", 4 }, false, 0 },
		{ "FF", { "\xFF", 1 }, false, 0 },
		{ "cut 2", { "\xC3", 1 }, false, 0 },
		{ "cut 3", { "\xE2\x82", 2 }, false, 0 },
		{ "cut 4", { "\xF0\x9F\x98", 3 }, false, 0 },
		{ "broken third", { "\xE2\x82g", 3 }, false, 0 },
		{ "broken fourth", { "\xF0\x9F\x98g", 4 }, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (text_valid(cases[i].source) != cases[i].valid)
			fail_msg("%s", cases[i].name);
		if (cases[i].valid &&
		    text_characters(cases[i].source) != cases[i].characters)
			fail_msg("%s: characters", cases[i].name);
	}
}

/* One bad byte is found wherever it is, with whole words before and behind it. */
static void
valid_everywhere(void **state)
{
	char bytes[40];

	(void)state;
	for (size_t at = 0; at < sizeof(bytes); at++) {
		memset(bytes, 0x01, sizeof(bytes));
		assert_true(text_valid((text){ bytes, sizeof(bytes) }));
		bytes[at] = '\0';
		assert_false(text_valid((text){ bytes, sizeof(bytes) }));
		bytes[at] = '\x80';
		assert_false(text_valid((text){ bytes, sizeof(bytes) }));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal),
		cmocka_unit_test(compare),
		cmocka_unit_test(valid),
		cmocka_unit_test(valid_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
