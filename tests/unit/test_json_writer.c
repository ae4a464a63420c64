/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* As TEXT, for a table that is static. */
#define T(literal)                                                                       \
	{                                                                                \
		"" literal, sizeof(literal) - 1                                          \
	}

static void
assert_text(text got, const char *expected)
{
	assert_int_equal(got.length, strlen(expected));
	assert_memory_equal(got.at, expected, got.length);
}

static void
writes_every_kind(void **state)
{
	struct arena arena;
	struct json_writer *w;

	(void)state;
	arena_init(&arena);
	w = json_writer_new(&arena);
	json_object_begin(w);
	json_key(w, "n");
	json_null(w);
	json_key(w, "b");
	json_array_begin(w);
	json_bool(w, true);
	json_bool(w, false);
	json_array_begin(w);
	json_array_end(w);
	json_object_begin(w);
	json_object_end(w);
	json_int(w, -1);
	json_array_end(w);
	json_key(w, "t");
	json_text(w, TEXT("x"));
	json_key(w, "none");
	json_text(w, (text){ NULL, 0 });
	json_key(w, "empty");
	json_text(w, TEXT(""));
	json_key(w, "quo\"te");
	json_raw(w, TEXT("[1.50]"));
	json_object_end(w);
	assert_text(json_writer_finish(w),
	    "{\"n\":null,\"b\":[true,false,[],{},-1],\"t\":\"x\",\"none\":null,"
	    "\"empty\":\"\",\"quo\\\"te\":[1.50]}");
	arena_clear(&arena);
}

static void
writes_integers(void **state)
{
	static const struct {
		int64_t value;
		const char *expected;
	} cases[] = {
		{ 0, "0" },
		{ 7, "7" },
		{ -10, "-10" },
		{ 1234567890, "1234567890" },
		{ INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_writer *w = json_writer_new(&arena);

		json_int(w, cases[i].value);
		assert_text(json_writer_finish(w), cases[i].expected);
	}
	arena_clear(&arena);
}

static void
escapes(void **state)
{
	static const struct {
		text value;
		const char *expected;
	} cases[] = {
		{ T("plain"), "\"plain\"" },
		{ T("\""), "\"\\\"\"" },
		{ T("\\"), "\"\\\\\"" },
		{ T("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
		{ T("a\0b"), "\"a\\u0000b\"" },
		{ T("\x01\x1F\x7F"), "\"\\u0001\\u001f\x7F\"" },
		{ T("</script>&'"), "\"</script>&'\"" },
		{ T("\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80"),
		    "\"\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80\"" },
		{ T("\"middle\"end"), "\"\\\"middle\\\"end\"" },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_writer *w = json_writer_new(&arena);

		json_text(w, cases[i].value);
		assert_text(json_writer_finish(w), cases[i].expected);
	}
	arena_clear(&arena);
}

/* Every byte of a document that is grown many times must be where it belongs. */
static void
grows(void **state)
{
	enum { COUNT_OF_TEXTS = 3000, LONGEST = 40 };
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz\"\\\n\t";
	const struct json *value;
	struct json_error error;
	struct json_writer *w;
	struct json_walk walk;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	w = json_writer_new(&arena);
	json_array_begin(w);
	for (size_t i = 0; i < COUNT_OF_TEXTS; i++)
		json_text(w, (text){ letters + i % LONGEST, LONGEST - i % LONGEST });
	json_array_end(w);
	assert_int_equal(json_parse(&arena, json_writer_finish(w), &value, &error), OK);
	walk = (struct json_walk){ .of = value };
	for (size_t i = 0; i < COUNT_OF_TEXTS; i++) {
		assert_true(json_next(&walk));
		assert_true(text_equal(json_string(walk.value),
		    (text){ letters + i % LONGEST, LONGEST - i % LONGEST }));
	}
	assert_false(json_next(&walk));
	arena_clear(&arena);
}

static void
writes_what_was_read(void **state)
{
	static const char *const sources[] = {
		"null",
		"[]",
		"{}",
		"-1.50E+400",
		"[1,[2,[3,{\"a\":[]}]],\"\\u0000\"]",
		"{\"\\\"k\\u0001\":{\"b\":[true,false,null,{}]},\"\":\"\\\\\"}",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(sources); i++) {
		struct json_writer *w = json_writer_new(&arena);
		const struct json *value;
		struct json_error error;

		print_message("  %s\n", sources[i]);
		assert_int_equal(
		    json_parse(&arena, text_of(sources[i]), &value, &error), OK);
		json_value(w, value);
		assert_text(json_writer_finish(w), sources[i]);
	}
	arena_clear(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_every_kind),
		cmocka_unit_test(writes_integers),
		cmocka_unit_test(escapes),
		cmocka_unit_test(grows),
		cmocka_unit_test(writes_what_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
