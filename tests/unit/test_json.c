/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* As TEXT, for a table that is static. */
#define T(literal)                                                                       \
	{                                                                                \
		"" literal, sizeof(literal) - 1                                          \
	}

struct accepted {
	const char *name;
	text source;
	enum json_kind kind;
};

static const struct accepted accepted[] = {
	{ "null", T("null"), JSON_NULL },
	{ "true", T("true"), JSON_BOOL },
	{ "false", T("false"), JSON_BOOL },
	{ "zero", T("0"), JSON_NUMBER },
	{ "minus zero", T("-0"), JSON_NUMBER },
	{ "lone number and blank", T("12 "), JSON_NUMBER },
	{ "fraction", T("0.10"), JSON_NUMBER },
	{ "exponent", T("1e5"), JSON_NUMBER },
	{ "exponent with sign", T("-1.5E+07"), JSON_NUMBER },
	{ "exponent with minus", T("1e-05"), JSON_NUMBER },
	{ "huge exponent", T("1e99999"), JSON_NUMBER },
	{ "tiny exponent", T("-123.456e-789"), JSON_NUMBER },
	{ "many digits", T("123456789012345678901234567890.5"), JSON_NUMBER },
	{ "lone string", T("\"a\""), JSON_STRING },
	{ "empty string", T("\"\""), JSON_STRING },
	{ "every escape", T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\""), JSON_STRING },
	{ "escaped NUL", T("\"\\u0000\""), JSON_STRING },
	{ "surrogate pair", T("\"\\uD83D\\ude00\""), JSON_STRING },
	{ "noncharacter", T("\"\\uFFFF\""), JSON_STRING },
	{ "raw noncharacter", T("\"\xEF\xBF\xBF\""), JSON_STRING },
	{ "raw delete", T("\"\x7F\""), JSON_STRING },
	{ "raw two bytes", T("\"\xC3\xA9\""), JSON_STRING },
	{ "raw three bytes", T("\"\xE2\x82\xAC\""), JSON_STRING },
	{ "raw four bytes", T("\"\xF0\x9F\x98\x80\""), JSON_STRING },
	{ "last code point", T("\"\xF4\x8F\xBF\xBF\""), JSON_STRING },
	{ "raw line separator", T("\"\xE2\x80\xA8\""), JSON_STRING },
	{ "bracket in a string", T("\"[{\""), JSON_STRING },
	{ "empty array", T("[]"), JSON_ARRAY },
	{ "blanks everywhere", T(" \t\r\n[ 1 , 2 ] \n"), JSON_ARRAY },
	{ "mixed array", T("[null,true,0,\"\",[],{}]"), JSON_ARRAY },
	{ "empty object", T("{}"), JSON_OBJECT },
	{ "empty key", T("{\"\":0}"), JSON_OBJECT },
	{ "key with NUL", T("{\"a\\u0000\":0,\"a\":1}"), JSON_OBJECT },
	{ "same key on two levels", T("{\"a\":{\"a\":[{\"a\":0}]}}"), JSON_OBJECT },
	{ "keys that differ in case", T("{\"a\":0,\"A\":0}"), JSON_OBJECT },
};

struct refused {
	const char *name;
	text source;
	size_t line;
	size_t column;
	const char *message;
};

static const struct refused refused[] = {
	{ "no text", { NULL, 0 }, 1, 1, "is empty" },
	{ "nothing", T(""), 1, 1, "is empty" },
	{ "blanks", T(" \n "), 1, 1, "is empty" },
	{ "byte-order mark", T("\xEF\xBB\xBF{}"), 1, 1, "begins with a byte-order mark" },
	{ "mark alone", T("\xEF\xBB\xBF"), 1, 1, "begins with a byte-order mark" },
	{ "UTF-16", T("[\0]\0"), 1, 2, "unexpected character" },
	{ "NUL alone", T("\0"), 1, 1, "unexpected character" },
	{ "NUL behind", T("1\0"), 1, 2, "unexpected character" },
	{ "form feed", T("[\f]"), 1, 2, "unexpected character" },
	{ "no-break space", T("[\xC2\xA0]"), 1, 2, "unexpected character" },
	{ "two values", T("1 2"), 1, 3, "unexpected character" },
	{ "garbage behind", T("{}x"), 1, 3, "unexpected character" },
	{ "bracket behind", T("[]]"), 1, 3, "unexpected character" },
	{ "comma behind", T("[],"), 1, 3, "unexpected character" },
	{ "open array", T("["), 1, 2, "unexpected end" },
	{ "open array, number", T("[1"), 1, 3, "unexpected end" },
	{ "open array, comma", T("[1,"), 1, 4, "unexpected end" },
	{ "open object", T("{"), 1, 2, "unexpected end" },
	{ "open object, key", T("{\"a\""), 1, 5, "unexpected end" },
	{ "open object, colon", T("{\"a\":"), 1, 6, "unexpected end" },
	{ "open object, comma", T("{\"a\":1,"), 1, 8, "unexpected end" },
	{ "closed by the other", T("[1}"), 1, 3, "unexpected character" },
	{ "only closed", T("]"), 1, 1, "unexpected character" },
	{ "trailing comma", T("[1,]"), 1, 3, "unexpected character" },
	{ "trailing comma, object", T("{\"a\":1,}"), 1, 7, "unexpected character" },
	{ "leading comma", T("[,1]"), 1, 2, "unexpected character" },
	{ "two commas", T("[1,,2]"), 1, 4, "unexpected character" },
	{ "no comma", T("[1 2]"), 1, 4, "unexpected character" },
	{ "no colon", T("{\"a\" 1}"), 1, 6, "unexpected character" },
	{ "two colons", T("{\"a\"::1}"), 1, 6, "unexpected character" },
	{ "colon in an array", T("[\"a\":1]"), 1, 5, "unexpected character" },
	{ "no value", T("{\"a\":}"), 1, 6, "unexpected character" },
	{ "key that is a number", T("{1:2}"), 1, 2, "unexpected character" },
	{ "key without quotes", T("{a:2}"), 1, 2, "unexpected character" },
	{ "single quotes", T("['a']"), 1, 2, "unexpected character" },
	{ "comment", T("[/**/]"), 1, 2, "unexpected character" },
	{ "line comment", T("[]//"), 1, 3, "unexpected character" },
	{ "literal in capitals", T("[True]"), 1, 2, "unexpected character" },
	{ "literal too short", T("[nul]"), 1, 2, "unexpected character" },
	{ "literal too long", T("[nulls]"), 1, 6, "unexpected character" },
	{ "NaN", T("[NaN]"), 1, 2, "unexpected character" },
	{ "nan", T("[nan]"), 1, 2, "unexpected character" },
	{ "Infinity", T("[Infinity]"), 1, 2, "unexpected character" },
	{ "minus Infinity", T("[-Infinity]"), 1, 3, "invalid number" },
	{ "plus", T("[+1]"), 1, 2, "unexpected character" },
	{ "minus alone", T("[-]"), 1, 3, "invalid number" },
	{ "two minuses", T("[--1]"), 1, 3, "invalid number" },
	{ "leading zero", T("[01]"), 1, 2, "invalid number" },
	{ "leading zero, minus", T("[-01]"), 1, 3, "invalid number" },
	{ "hexadecimal", T("[0x1]"), 1, 3, "unexpected character" },
	{ "no integer part", T("[.5]"), 1, 2, "unexpected character" },
	{ "no digits in the fraction", T("[1.]"), 1, 4, "invalid number" },
	{ "no digits, exponent", T("[1.e1]"), 1, 4, "invalid number" },
	{ "no digits in the exponent", T("[1e]"), 1, 4, "invalid number" },
	{ "only a sign there", T("[1e+]"), 1, 5, "invalid number" },
	{ "fraction there", T("[1e1.5]"), 1, 5, "unexpected character" },
	{ "two points", T("[1.2.3]"), 1, 5, "unexpected character" },
	{ "blank in a number", T("[1 .5]"), 1, 4, "unexpected character" },
	{ "digit of another script", T("[\xEF\xBC\x91]"), 1, 2, "unexpected character" },
	{ "string that does not end", T("\"abc"), 1, 5, "unexpected end" },
	{ "escape that does not end", T("\"\\"), 1, 3, "unexpected end" },
	{ "tab", T("\"a\tb\""), 1, 3, "control character in a string" },
	{ "new line", T("\"a\nb\""), 1, 3, "control character in a string" },
	{ "NUL", T("\"a\0b\""), 1, 3, "control character in a string" },
	{ "unit separator", T("\"\x1F\""), 1, 2, "control character in a string" },
	{ "unknown escape", T("\"\\x41\""), 1, 3, "invalid escape in a string" },
	{ "escape in capitals", T("\"\\N\""), 1, 3, "invalid escape in a string" },
	{ "short escape", T("\"\\u12\""), 1, 2, "invalid escape in a string" },
	{ "not hexadecimal", T("\"\\u12G4\""), 1, 2, "invalid escape in a string" },
	{ "high surrogate alone", T("\"\\ud800\""), 1, 8, "invalid escape in a string" },
	{ "high and no low", T("\"\\ud800\\u0041\""), 1, 8,
	    "invalid escape in a string" },
	{ "two highs", T("\"\\ud800\\ud800\""), 1, 8, "invalid escape in a string" },
	{ "low surrogate alone", T("\"\\udc00\""), 1, 2, "invalid escape in a string" },
	{ "lone continuation", T("\"\x80\""), 1, 2, "invalid UTF-8 in a string" },
	{ "lone lead", T("\"\xC3\""), 1, 2, "invalid UTF-8 in a string" },
	{ "cut short", T("\"\xE2\x82\""), 1, 2, "invalid UTF-8 in a string" },
	{ "overlong slash", T("\"\xC0\xAF\""), 1, 2, "invalid UTF-8 in a string" },
	{ "overlong NUL", T("\"\xC0\x80\""), 1, 2, "invalid UTF-8 in a string" },
	{ "overlong, three", T("\"\xE0\x80\xAF\""), 1, 2, "invalid UTF-8 in a string" },
	{ "overlong, four", T("\"\xF0\x80\x80\xAF\""), 1, 2,
	    "invalid UTF-8 in a string" },
	{ "raw surrogate", T("\"\xED\xA0\x80\""), 1, 2, "invalid UTF-8 in a string" },
	{ "too large", T("\"\xF4\x90\x80\x80\""), 1, 2, "invalid UTF-8 in a string" },
	{ "no such byte", T("\"\xFF\""), 1, 2, "invalid UTF-8 in a string" },
	{ "invalid key", T("{\"\xFF\":1}"), 1, 3, "invalid UTF-8 in a string" },
	{ "duplicate", T("{\"a\":1,\"a\":2}"), 1, 8, "duplicate key \"a\"" },
	{ "duplicate empty", T("{\"\":1,\"\":2}"), 1, 7, "duplicate key \"\"" },
	{ "escaped duplicate", T("{\"a\":1,\"\\u0061\":2}"), 1, 8,
	    "duplicate key \"a\"" },
	{ "duplicate of escaped", T("{\"\\u0061\":1,\"a\":2}"), 1, 13,
	    "duplicate key \"a\"" },
	{ "duplicate inside", T("[1,\n {\"a\":{\n\"b\":1, \"b\":1}}]"), 3, 8,
	    "duplicate key \"b\"" },
	{ "duplicate after a nest", T("{\"a\":[{\"a\":1}],\"b\":2,\"a\":{}}"), 1, 22,
	    "duplicate key \"a\"" },
	{ "line and column", T("{\n  \"a\": 1,\n  \"b\": x\n}"), 3, 8,
	    "unexpected character" },
	{ "carriage returns", T("{\r\n\"a\": x}"), 2, 6, "unexpected character" },
	{ "columns of characters", T("[\"\xE2\x82\xAC\xF0\x9F\x98\x80\xC3\xA9\", x]"), 1,
	    9, "unexpected character" },
};

static void
accepts(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(accepted); i++) {
		const struct json *value = NULL;
		struct json_error error = { 0 };

		print_message("  %s\n", accepted[i].name);
		assert_int_equal(
		    json_parse(&arena, accepted[i].source, &value, &error), OK);
		assert_int_equal(json_kind(value), accepted[i].kind);
	}
	arena_clear(&arena);
}

static void
assert_refused(const struct refused *expected)
{
	const struct json *value;
	struct json_error error = { 0 };
	struct arena arena;

	arena_init(&arena);
	assert_int_equal(json_parse(&arena, expected->source, &value, &error), INVALID);
	assert_string_equal(error.message, expected->message);
	assert_int_equal(error.line, expected->line);
	assert_int_equal(error.column, expected->column);
	arena_clear(&arena);
}

static void
refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		print_message("  %s\n", refused[i].name);
		assert_refused(&refused[i]);
	}
}

/* Brackets, so many within each other, a number innermost. */
static text
nested(struct arena *arena, size_t depth, const char *open, const char *close)
{
	size_t step = strlen(open);
	char *at = arena_alloc(arena, depth * (step + 1) + 1);

	for (size_t i = 0; i < depth; i++) {
		memcpy(at + i * step, open, step);
		at[depth * step + 1 + i] = *close;
	}
	at[depth * step] = '1';
	return (text){ at, depth * (step + 1) + 1 };
}

static void
limits_depth(void **state)
{
	const struct json *value;
	struct json_error error;
	struct arena arena;
	text million;

	(void)state;
	arena_init(&arena);
	assert_int_equal(
	    json_parse(&arena, nested(&arena, 32, "[", "]"), &value, &error), OK);
	assert_int_equal(
	    json_parse(&arena, nested(&arena, 32, "{\"[\":", "}"), &value, &error), OK);
	assert_refused(&(struct refused){
	    "", nested(&arena, 33, "[", "]"), 1, 33, "nested deeper than 32" });
	assert_refused(&(struct refused){ "", nested(&arena, 33, "{\"\\\"\":", "}"), 1,
	    32 * 6 + 1, "nested deeper than 32" });
	million = nested(&arena, 1000000, "[", "]");
	arena_reset(&arena);
	million = nested(&arena, 1000000, "[", "]");
	assert_refused(&(struct refused){ "", million, 1, 33, "nested deeper than 32" });
	arena_clear(&arena);
}

static void
costs_little_for_brackets(void **state)
{
	enum { MANY = 1 << 20 };
	const struct json *value;
	struct json_error error;
	struct arena arena;
	char *brackets = malloc(MANY);

	(void)state;
	assert_non_null(brackets);
	memset(brackets, '[', MANY);
	arena_init(&arena);
	assert_int_equal(
	    json_parse(&arena, (text){ brackets, MANY }, &value, &error), INVALID);
	assert_int_equal(arena_held(&arena), 0);
	arena_clear(&arena);
	free(brackets);
}

/* An object with members "0", "1" and so on, and one more with the key given. */
static text
many_members(struct arena *arena, unsigned count, const char *last)
{
	char *bytes = arena_alloc(arena, (size_t)count * 16 + 64);
	size_t length = 1;

	bytes[0] = '{';
	for (unsigned i = 0; i < count; i++)
		length += (size_t)snprintf(bytes + length, 16, "\"%u\":0,", i);
	length += (size_t)snprintf(bytes + length, 64, "\"%s\":1}", last);
	return (text){ bytes, length };
}

static void
finds_duplicates_among_many(void **state)
{
	static const unsigned counts[] = { 15, 16, 17, 18, 100, 100000 };
	const struct json *value;
	struct json_error error;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(counts); i++) {
		text good = many_members(&arena, counts[i], "x");
		text bad = many_members(&arena, counts[i], "\\u0037");
		size_t column = bad.length - strlen("\"\\u0037\":1}") + 1;

		assert_int_equal(json_parse(&arena, good, &value, &error), OK);
		assert_refused(
		    &(struct refused){ "", bad, 1, column, "duplicate key \"7\"" });
		arena_reset(&arena);
	}
	arena_clear(&arena);
}

static void
shortens_a_long_duplicate(void **state)
{
	const struct json *value;
	struct json_error error;
	struct arena arena;
	char source[1024];

	(void)state;
	arena_init(&arena);
	/* 63 letters and then a character of two bytes that the cut must not split. */
	snprintf(
	    source, sizeof(source), "{\"%063d\xC3\xA9z\":1,\"%063d\xC3\xA9z\":1}", 0, 0);
	assert_int_equal(json_parse(&arena, text_of(source), &value, &error), INVALID);
	assert_int_equal(strlen(error.message), strlen("duplicate key \"\"") + 63);
	arena_clear(&arena);
}

static const struct json *
read_good(struct arena *arena, text source)
{
	const struct json *value;
	struct json_error error;

	assert_int_equal(json_parse(arena, source, &value, &error), OK);
	return value;
}

static void
keeps_digits_and_bytes(void **state)
{
	struct arena arena;
	const struct json *value;
	text string;

	(void)state;
	arena_init(&arena);
	value =
	    read_good(&arena, TEXT("[1.50,-0,1E+400,\"a\\u0000b\\u20ac\",true,false]"));
	static const char *const digits[] = { "1.50", "-0", "1E+400" };
	struct json_walk walk = { .of = value };
	for (size_t i = 0; i < COUNT(digits); i++) {
		assert_true(json_next(&walk));
		assert_int_equal(walk.index, i);
		assert_true(text_equal(json_number(walk.value), text_of(digits[i])));
	}
	assert_true(json_next(&walk));
	string = json_string(walk.value);
	assert_true(text_equal(string, TEXT("a\0b\xE2\x82\xAC")));
	assert_true(json_next(&walk));
	assert_true(json_true(walk.value));
	assert_true(json_next(&walk));
	assert_false(json_true(walk.value));
	assert_false(json_next(&walk));
	assert_false(json_next(&walk));
	arena_clear(&arena);
}

static void
reads_integers(void **state)
{
	static const struct {
		const char *source;
		enum result result;
		int64_t value;
	} cases[] = {
		{ "0", OK, 0 },
		{ "-0", OK, 0 },
		{ "42", OK, 42 },
		{ "-42", OK, -42 },
		{ "9223372036854775807", OK, INT64_MAX },
		{ "-9223372036854775808", OK, INT64_MIN },
		{ "9223372036854775808", INVALID, 0 },
		{ "-9223372036854775809", INVALID, 0 },
		{ "18446744073709551616", INVALID, 0 },
		{ "99999999999999999999999999", INVALID, 0 },
		{ "1.0", INVALID, 0 },
		{ "1e3", INVALID, 0 },
		{ "1E3", INVALID, 0 },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct json *value = read_good(&arena, text_of(cases[i].source));
		int64_t out = 0;

		print_message("  %s\n", cases[i].source);
		assert_int_equal(json_integer(value, &out), cases[i].result);
		assert_true(out == cases[i].value);
	}
	arena_clear(&arena);
}

static void
walks_objects(void **state)
{
	static const char *const keys[] = { "a", "b", "" };
	struct arena arena;
	const struct json *value;
	struct json_walk walk;
	size_t count = 0;

	(void)state;
	arena_init(&arena);
	value =
	    read_good(&arena, TEXT("{\"a\":[1,2,{\"x\":[]}],\"b\":{\"c\":null},\"\":7}"));
	for (walk = (struct json_walk){ .of = value }; json_next(&walk); count++) {
		assert_true(text_equal(walk.key, text_of(keys[count])));
		assert_int_equal(walk.index, count);
		assert_ptr_equal(walk.value, json_member(value, keys[count]));
	}
	assert_int_equal(count, COUNT(keys));
	assert_null(json_member(value, "x"));
	assert_null(json_member(json_member(value, "a"), "x"));
	assert_null(json_member(NULL, "x"));
	walk = (struct json_walk){ .of = json_member(value, "") };
	assert_false(json_next(&walk));
	arena_clear(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts),
		cmocka_unit_test(refuses),
		cmocka_unit_test(limits_depth),
		cmocka_unit_test(costs_little_for_brackets),
		cmocka_unit_test(finds_duplicates_among_many),
		cmocka_unit_test(shortens_a_long_duplicate),
		cmocka_unit_test(keeps_digits_and_bytes),
		cmocka_unit_test(reads_integers),
		cmocka_unit_test(walks_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
