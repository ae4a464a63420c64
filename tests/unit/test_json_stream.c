/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json_stream.h"

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

enum { ELEMENT_MAX = 64, SIZE = 4096 };

/* All that came out of a stream: the elements, each with a ";", and the end. */
struct outcome {
	char elements[SIZE];
	size_t length;
	enum json_stream_event last;
	enum result result;
	bool found;
	bool is_array;
	char error[SIZE];
};

struct accepted {
	const char *name;
	text source;
	const char *elements;
	bool found;
	bool is_array;
};

static const struct accepted accepted[] = {
	{ "no member", T("{}"), "", false, false },
	{ "blanks everywhere", T(" { \n\"k\" : [ 1 , 2\t] , \"o\" : 3 } \r\n"), "1;2;",
	    true, true },
	{ "no element", T("{\"k\":[]}"), "", true, true },
	{ "blank array", T("{\"k\":[ ]}"), "", true, true },
	{ "every kind", T("{\"k\":[null,true,false,-1.50e+3,\"s\",[1,[]],{\"a\":{}}]}"),
	    "null;true;false;-1.50e+3;\"s\";[1,[]];{\"a\":{}};", true, true },
	{ "brackets in strings", T("{\"k\":[\"]}\",{\"}\":\"[{\"},[\"\\\"]\"]]}"),
	    "\"]}\";{\"}\":\"[{\"};[\"\\\"]\"];", true, true },
	{ "escapes at the end", T("{\"k\":[\"\\\\\",\"a\\\\\\\"\",[\"\\\\\"]]}"),
	    "\"\\\\\";\"a\\\\\\\"\";[\"\\\\\"];", true, true },
	{ "escaped key", T("{\"\\u006b\":[1]}"), "1;", true, true },
	{ "members around", T("{\"a\":[1],\"k\":[2],\"b\":{\"k\":[3]},\"c\":4}"), "2;",
	    true, true },
	{ "scalar members", T("{\"a\":1 ,\"b\":\"k\",\"c\":null,\"d\":true}"), "", false,
	    false },
	{ "value that is an object", T("{\"k\":{\"k\":[1]}}"), "", true, false },
	{ "value that is a string", T("{\"k\":\"[1]\"}"), "", true, false },
	{ "value that is a number", T("{\"k\":12}"), "", true, false },
	{ "value that is null", T("{\"k\":null,\"o\":[1]}"), "", true, false },
	{ "longer keys", T("{\"kk\":[1],\"\":[2],\"k\\u0000\":[3]}"), "", false, false },
	{ "UTF-8", T("{\"k\":[\"\xE2\x82\xAC\",\"\xF0\x9F\x98\x80\"],\"\xC3\xA9\":0}"),
	    "\"\xE2\x82\xAC\";\"\xF0\x9F\x98\x80\";", true, true },
	{ "same key in elements", T("{\"k\":[{\"k\":1},{\"k\":1}]}"),
	    "{\"k\":1};{\"k\":1};", true, true },
	{ "longest element",
	    T("{\"k\":["
	      "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"]}"),
	    "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\";", true,
	    true },
	{ "deepest",
	    T("{\"k\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"),
	    NULL, true, true },
};

struct refused {
	const char *name;
	text source;
	const char *elements; /* those before the error */
	const char *error;
};

static const struct refused refused[] = {
	{ "nothing", T(""), "", "1:1 is empty" },
	{ "blanks", T(" \n"), "", "1:1 is empty" },
	{ "mark", T("\xEF\xBB\xBF{}"), "", "1:1 begins with a byte-order mark" },
	{ "array", T("\n [1]"), "", "2:2 must be an object" },
	{ "number", T("1"), "", "1:1 must be an object" },
	{ "closed", T("}"), "", "1:1 must be an object" },
	{ "NUL", T("\0"), "", "1:1 must be an object" },
	{ "open", T("{"), "", "1:2 unexpected end" },
	{ "open key", T("{\"k"), "", "1:4 unexpected end" },
	{ "no colon at the end", T("{\"k\""), "", "1:5 unexpected end" },
	{ "no value at the end", T("{\"k\":"), "", "1:6 unexpected end" },
	{ "open array", T("{\"k\":["), "", "1:7 unexpected end" },
	{ "open number", T("{\"k\":[12"), "", "1:9 unexpected end" },
	{ "open literal", T("{\"k\":[nul"), "", "1:10 unexpected end" },
	{ "open element", T("{\"k\":[1,\n{\"a\":"), "1;", "2:6 unexpected end" },
	{ "open element, wrong before", T("{\"k\":[1,\n{\"a\":x,"), "1;",
	    "2:6 unexpected character" },
	{ "open after an element", T("{\"k\":[1 "), "1;", "1:9 unexpected end" },
	{ "open after the array", T("{\"k\":[1]"), "1;", "1:9 unexpected end" },
	{ "open other", T("{\"o\":[1"), "", "1:8 unexpected end" },
	{ "no object end", T("{\"k\":[1],"), "1;", "1:10 unexpected end" },
	{ "key without quotes", T("{k:[]}"), "", "1:2 unexpected character" },
	{ "comma first", T("{,\"k\":[]}"), "", "1:2 unexpected character" },
	{ "comma last", T("{\"k\":[1],}"), "1;", "1:10 unexpected character" },
	{ "comma last in the array", T("{\"k\":[1,]}"), "1;",
	    "1:9 unexpected character" },
	{ "comma first in the array", T("{\"k\":[,1]}"), "", "1:7 unexpected character" },
	{ "no comma in the array", T("{\"k\":[1 2]}"), "1;", "1:9 unexpected character" },
	{ "no comma after a nest", T("{\"k\":[[1][2]]}"), "[1];",
	    "1:10 unexpected character" },
	{ "no comma after a string", T("{\"k\":[\"a\"\"b\"]}"), "\"a\";",
	    "1:10 unexpected character" },
	{ "no comma", T("{\"k\":[1]\"o\":2}"), "1;", "1:9 unexpected character" },
	{ "no colon", T("{\"k\" [1]}"), "", "1:6 unexpected character" },
	{ "two colons", T("{\"k\"::[1]}"), "", "1:6 unexpected character" },
	{ "no value", T("{\"k\":}"), "", "1:6 unexpected character" },
	{ "no other value", T("{\"o\":,\"k\":[]}"), "", "1:6 unexpected character" },
	{ "closed by the other", T("{\"k\":[1}"), "1;", "1:8 unexpected character" },
	{ "element closed by the other", T("{\"k\":[{\"a\":1]]}"), "",
	    "1:13 unexpected character" },
	{ "garbage behind", T("{\"k\":[1]} x"), "1;", "1:11 unexpected character" },
	{ "second document", T("{}\n{}"), "", "2:1 unexpected character" },
	{ "NUL behind", T("{}\0"), "", "1:3 unexpected character" },
	{ "NUL in the array", T("{\"k\":[\0]}"), "", "1:7 unexpected character" },
	{ "number of no number", T("{\"k\":[1,01]}"), "1;", "1:9 invalid number" },
	{ "word", T("{\"k\":[1,\n  yes]}"), "1;", "2:3 unexpected character" },
	{ "quotes after a number", T("{\"k\":[1\"a,b\"]}"), "",
	    "1:8 unexpected character" },
	{ "error in an element", T("{\n\"k\": [1,\n {\"a\": 1,\n  \"b\": x},2]}"), "1;",
	    "4:8 unexpected character" },
	{ "error in a value", T("{\"o\": {\n\"a\":tru}}"), "",
	    "2:5 unexpected character" },
	{ "error in a key", T("{\"a\\x\":1}"), "", "1:5 invalid escape in a string" },
	{ "columns of characters", T("{\"k\":[\"\xE2\x82\xAC\xF0\x9F\x98\x80\",x]}"),
	    "\"\xE2\x82\xAC\xF0\x9F\x98\x80\";", "1:12 unexpected character" },
	{ "columns in an element", T("{\"\xC3\xA9\":0,\"k\":[[\"\xC3\xA9\",x]]}"), "",
	    "1:18 unexpected character" },
	{ "bad UTF-8", T("{\"k\":[\"a\xC3\"]}"), "", "1:9 invalid UTF-8 in a string" },
	{ "bad UTF-8 in a key", T("{\"\xFF\":1}"), "", "1:3 invalid UTF-8 in a string" },
	{ "tab in a string", T("{\"k\":[\"\t\"]}"), "",
	    "1:8 control character in a string" },
	{ "key twice", T("{\"k\":[1],\n\"k\":[2]}"), "1;", "2:1 duplicate key \"k\"" },
	{ "key twice, escaped", T("{\"k\":1,\"\\u006B\":[2]}"), "",
	    "1:8 duplicate key \"k\"" },
	{ "other twice", T("{\"a\":1,\n\"k\":[1],\n \"a\":2}"), "1;",
	    "3:2 duplicate key \"a\"" },
	{ "other twice, escaped", T("{\"\\u0061\":1,\"b\":0,\"a\":2}"), "",
	    "1:19 duplicate key \"a\"" },
	{ "twice in an element", T("{\"k\":[{\"a\":1},\n{\"a\":1,\"a\":2}]}"),
	    "{\"a\":1};", "2:8 duplicate key \"a\"" },
	{ "element too long",
	    T("{\"k\":[1,"
	      "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"]}"),
	    "1;", "1:9 an element is longer than 64 bytes" },
	{ "number too long",
	    T("{\"k\":[10000000000000000000000000000000000000000000000000000000000000000]"
	      "}"),
	    "", "1:7 an element is longer than 64 bytes" },
	{ "too long for a quote",
	    T("{\"k\":[{\"a\":\"b,\"c\":\"d\"},{\"a\":\"b\",\"c\":\"d\"},{\"a\":\"b\"}]"
	      "}"),
	    "", "1:16 unexpected character" },
	{ "too deep in an element",
	    T("{\"k\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
	      "}"),
	    "", "1:37 nested deeper than 32" },
	{ "too deep in another",
	    T("{\"o\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
	      "}"),
	    "", "1:37 nested deeper than 32" },
};

static void
note(struct outcome *out, struct arena *arena, const struct json *element)
{
	struct json_writer *writer = json_writer_new(arena);
	text written;

	json_value(writer, element);
	written = json_writer_finish(writer);
	assert_true(out->length + written.length + 2 < sizeof(out->elements));
	memcpy(out->elements + out->length, written.at, written.length);
	out->length += written.length;
	out->elements[out->length++] = ';';
	out->elements[out->length] = '\0';
}

/* The piece is copied to where a byte too far is seen, and wiped after. */
static void
feed(struct json_stream *stream, struct outcome *out, text piece)
{
	char *copy = malloc(piece.length == 0 ? 1 : piece.length);
	text left = { copy, piece.length };
	const struct json *element = NULL;
	struct arena arena;

	assert_non_null(copy);
	if (piece.length > 0)
		memcpy(copy, piece.at, piece.length);
	arena_init(&arena);
	do {
		out->last = json_stream_take(stream, &arena, &left, &element);
		if (out->last == JSON_STREAM_ELEMENT)
			note(out, &arena, element);
	} while (out->last == JSON_STREAM_ELEMENT);
	if (out->last != JSON_STREAM_ERROR)
		assert_int_equal(left.length, 0);
	arena_clear(&arena);
	free(copy);
}

/* Feeds the source in two pieces, or with `at` beyond its end in pieces of a byte. */
static void
run(text source, size_t at, struct outcome *out)
{
	struct json_stream *stream = json_stream_new("k", ELEMENT_MAX);
	const struct json_error *error;

	memset(out, 0, sizeof(*out));
	if (at <= source.length) {
		feed(stream, out, (text){ source.at, at });
		feed(stream, out, (text){ source.at + at, source.length - at });
	}
	for (size_t i = 0; at > source.length && i < source.length; i++)
		feed(stream, out, (text){ source.at + i, 1 });
	out->result = json_stream_finish(stream);
	out->found = json_stream_found(stream);
	out->is_array = json_stream_is_array(stream);
	if (out->result != OK) {
		error = json_stream_error(stream);
		snprintf(out->error, sizeof(out->error), "%zu:%zu %s", error->line,
		    error->column, error->message);
	}
	json_stream_free(stream);
}

static void
accepts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++) {
		const struct accepted *c = &accepted[i];

		print_message("  %s\n", c->name);
		for (size_t at = 0; at <= c->source.length + 1; at++) {
			struct outcome out;

			run(c->source, at, &out);
			assert_string_equal(out.error, "");
			assert_int_equal(out.result, OK);
			assert_int_equal(out.last, JSON_STREAM_END);
			if (c->elements != NULL)
				assert_string_equal(out.elements, c->elements);
			assert_int_equal(out.found, c->found);
			assert_int_equal(out.is_array, c->is_array);
		}
	}
}

static void
refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		const struct refused *c = &refused[i];

		print_message("  %s\n", c->name);
		for (size_t at = 0; at <= c->source.length + 1; at++) {
			struct outcome out;

			run(c->source, at, &out);
			assert_int_equal(out.result, INVALID);
			assert_string_equal(out.error, c->error);
			assert_string_equal(out.elements, c->elements);
		}
	}
}

/* Appends the same text so many times. */
static size_t
repeat(char *to, size_t length, const char *what, size_t times)
{
	size_t step = strlen(what);

	for (size_t i = 0; i < times; i++, length += step)
		memcpy(to + length, what, step);
	return length;
}

static void
expect(text source, size_t piece, size_t element_max, const char *message)
{
	struct json_stream *stream = json_stream_new("k", element_max);
	enum json_stream_event event = JSON_STREAM_MORE;
	const struct json *element;
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < source.length && event != JSON_STREAM_ERROR; i += piece) {
		size_t left = source.length - i;
		text next = { source.at + i, left < piece ? left : piece };

		while ((event = json_stream_take(stream, &arena, &next, &element)) ==
		       JSON_STREAM_ELEMENT)
			arena_reset(&arena);
	}
	if (message == NULL) {
		assert_int_equal(json_stream_finish(stream), OK);
	} else {
		assert_int_equal(json_stream_finish(stream), INVALID);
		assert_string_equal(json_stream_error(stream)->message, message);
	}
	arena_clear(&arena);
	json_stream_free(stream);
}

static void
limits_the_rest(void **state)
{
	enum { LIMIT = 64 * 1024, ROOM = 4 * LIMIT };
	static const char *const message = "more than 65536 bytes beside \"k\"";
	static const size_t pieces[] = { 1, 7, 4096, ROOM };
	char *bytes = malloc(ROOM);
	size_t length;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		/* "o" takes 3 bytes, the quotes of its value 2. */
		length = repeat(bytes, repeat(bytes, 0, "{\"o\":\"", 1), "x", LIMIT - 5);
		length = repeat(bytes, length, "\"}", 1);
		expect((text){ bytes, length }, pieces[i], 10, NULL);
		length = repeat(bytes, repeat(bytes, 0, "{\"o\":\"", 1), "x", LIMIT - 4);
		length = repeat(bytes, length, "\"}", 1);
		expect((text){ bytes, length }, pieces[i], 10, message);
		length = repeat(bytes, repeat(bytes, 0, "{\"", 1), "x", LIMIT);
		expect((text){ bytes, length }, pieces[i], 10, message);
		length =
		    repeat(bytes, repeat(bytes, 0, "{\"k\":1", 1), ",\"\":0", LIMIT / 3);
		expect((text){ bytes, length }, pieces[i], 10, message);
		/* Blanks and elements do not count. */
		length = repeat(bytes, repeat(bytes, 0, "{\"k\":[0", 1), ",1", LIMIT);
		length = repeat(bytes, repeat(bytes, length, "]", 1), " ", LIMIT);
		expect(
		    (text){ bytes, repeat(bytes, length, "}", 1) }, pieces[i], 10, NULL);
	}
	free(bytes);
}

static void
keeps_within_its_memory(void **state)
{
	static const char one[] = ",{\"domainName\":\"www.example.com\",\"zip\":[1,2]}";
	enum { MANY = 20000 };
	struct json_stream *stream = json_stream_new("k", 1000);
	const struct json *element;
	struct arena arena;
	size_t count = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < MANY; i++) {
		text pieces[] = { text_of(i == 0 ? "{\"k\":[0" : ""), { one, 20 },
			{ one + 20, sizeof(one) - 21 } };

		for (size_t j = 0; j < COUNT(pieces); j++)
			while (json_stream_take(stream, &arena, &pieces[j], &element) ==
			       JSON_STREAM_ELEMENT)
				count++;
		assert_true(arena_held(&arena) < 100000);
		arena_reset(&arena);
	}
	assert_int_equal(count, MANY + 1);
	arena_clear(&arena);
	json_stream_free(stream);
	json_stream_free(NULL);
}

static void
stays_refused(void **state)
{
	struct json_stream *stream = json_stream_new("k", 10);
	const struct json *element;
	struct arena arena;
	text bad = TEXT("{]");
	text good = TEXT("{}");

	(void)state;
	arena_init(&arena);
	assert_int_equal(
	    json_stream_take(stream, &arena, &bad, &element), JSON_STREAM_ERROR);
	assert_int_equal(
	    json_stream_take(stream, &arena, &good, &element), JSON_STREAM_ERROR);
	assert_int_equal(json_stream_finish(stream), INVALID);
	assert_int_equal(json_stream_error(stream)->column, 2);
	arena_clear(&arena);
	json_stream_free(stream);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts),
		cmocka_unit_test(refuses),
		cmocka_unit_test(limits_the_rest),
		cmocka_unit_test(keeps_within_its_memory),
		cmocka_unit_test(stays_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
