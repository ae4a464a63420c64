/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include "json/json_position.h"

#include <assert.h>
#include <stdlib.h>
#include <yyjson.h>

enum {
	PAIRWISE_MAX = 16, /* objects of so few members are checked pair by pair */
	KEY_SHOWN_MAX = 64,
};

static_assert(JSON_DEPTH == 32, "messages here and in json_stream.c say 32");

/* A struct json is a yyjson_val; the library's readers do not say const. */
static yyjson_val *
val_of(const struct json *value)
{
	return (yyjson_val *)(uintptr_t)value;
}

static const struct json *
json_of(const yyjson_val *val)
{
	return (const struct json *)(const void *)val;
}

static text
text_of_val(yyjson_val *val)
{
	return (text){ unsafe_yyjson_get_str(val), unsafe_yyjson_get_len(val) };
}

static void *
alc_malloc(void *arena, size_t size)
{
	return arena_alloc_raw(arena, size);
}

static void *
alc_realloc(void *arena, void *old, size_t old_size, size_t size)
{
	void *fresh;

	if (size <= old_size)
		return old;
	fresh = arena_alloc_raw(arena, size);
	memcpy(fresh, old, old_size);
	return fresh;
}

static void
alc_free(void *arena, void *old)
{
	(void)arena;
	(void)old;
}

static enum result
refuse(text source, size_t offset, const char *message, struct json_error *out_error)
{
	struct json_position position = { 1, 1 };

	if (offset > source.length)
		offset = source.length;
	json_position_pass(&position, (text){ source.at, offset });
	out_error->line = position.line;
	out_error->column = position.column;
	out_error->message = message;
	return INVALID;
}

static bool
opens(char c)
{
	return c == '[' || c == '{';
}

static bool
closes(char c)
{
	return c == ']' || c == '}';
}

/* Blocks of a fixed length, because compilers make vector code of those. */
static bool
may_be_deep(text source)
{
	enum { BLOCK = 64 };
	size_t openers = 0;
	size_t i = 0;

	for (; source.length - i >= BLOCK; i += BLOCK) {
		const char *block = source.at + i;
		uint8_t in_block = 0;

		for (size_t j = 0; j < BLOCK; j++)
			in_block = (uint8_t)(in_block + ((block[j] | 0x20) == '{'));
		openers += in_block;
	}
	for (; i < source.length; i++)
		openers += opens(source.at[i]);
	return openers > JSON_DEPTH;
}

/* At the quote that ends the string which `i` is in, or at the end of the source. */
static size_t
string_end(text source, size_t i)
{
	while (i < source.length && source.at[i] != '"')
		i += source.at[i] == '\\' ? 2 : 1;
	return i;
}

/*
 * The offset of the first bracket that nests too deep, or the source's length.  Right
 * for all that is well-formed up to there; the parser goes no further than that, so it
 * never holds more than JSON_DEPTH levels.
 */
static size_t
too_deep(text source)
{
	unsigned depth = 0;

	if (!may_be_deep(source))
		return source.length;
	for (size_t i = 0; i < source.length; i++) {
		char c = source.at[i];

		if (c == '"')
			i = string_end(source, i + 1);
		else if (opens(c) && ++depth > JSON_DEPTH)
			return i;
		else if (closes(c) && depth-- == 0)
			break;
	}
	return source.length;
}

/* Equal keys stand in the order of the document. */
static int
compare_keys(const void *a, const void *b)
{
	yyjson_val *left = *(yyjson_val *const *)a;
	yyjson_val *right = *(yyjson_val *const *)b;
	int order = text_compare(text_of_val(left), text_of_val(right));

	return order != 0 ? order : (left > right) - (left < right);
}

/*
 * The first key, in the order of the document, that repeats an earlier one; or NULL.
 * Sorted, not hashed: no choice of keys makes that slow.
 */
static yyjson_val *
find_duplicate_sorted(struct arena *arena, yyjson_val *object, size_t size)
{
	yyjson_val **keys = arena_alloc_raw(arena, size * sizeof(*keys));
	yyjson_val *key = unsafe_yyjson_get_first(object);
	yyjson_val *found = NULL;

	for (size_t i = 0; i < size; i++) {
		keys[i] = key;
		key = unsafe_yyjson_get_next(key + 1);
	}
	qsort(keys, size, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < size; i++)
		if (text_equal(text_of_val(keys[i - 1]), text_of_val(keys[i])) &&
		    (found == NULL || keys[i] < found))
			found = keys[i];
	return found;
}

static yyjson_val *
find_duplicate(struct arena *arena, yyjson_val *object)
{
	yyjson_val *keys[PAIRWISE_MAX];
	size_t size = unsafe_yyjson_get_len(object);
	yyjson_val *key = unsafe_yyjson_get_first(object);

	if (size > PAIRWISE_MAX)
		return find_duplicate_sorted(arena, object, size);
	for (size_t i = 0; i < size; i++) {
		for (size_t j = 0; j < i; j++)
			if (text_equal(text_of_val(keys[j]), text_of_val(key)))
				return key;
		keys[i] = key;
		key = unsafe_yyjson_get_next(key + 1);
	}
	return NULL;
}

/* All values of a document lie in one row, so that no walk up and down is needed. */
static yyjson_val *
find_duplicate_anywhere(struct arena *arena, const yyjson_doc *doc)
{
	yyjson_val *end = unsafe_yyjson_get_next(doc->root);
	yyjson_val *found = NULL;

	for (yyjson_val *val = doc->root; val < end && found == NULL; val++)
		if (unsafe_yyjson_get_type(val) == YYJSON_TYPE_OBJ)
			found = find_duplicate(arena, val);
	return found;
}

static const char *
duplicate_message(struct arena *arena, text key)
{
	size_t shown = key.length;

	if (shown > KEY_SHOWN_MAX) {
		shown = KEY_SHOWN_MAX;
		while (((unsigned char)key.at[shown] & 0xC0) == 0x80)
			shown--;
	}
	return arena_print(arena, "duplicate key \"%.*s\"", (int)shown, key.at).at;
}

/* The byte at the offset is where the parser gave up. */
static const char *
string_message(text source, size_t offset)
{
	unsigned char c = offset < source.length ? (unsigned char)source.at[offset] : 0;

	if (c < 0x20)
		return "control character in a string";
	return c >= 0x80 ? "invalid UTF-8 in a string" : "invalid escape in a string";
}

/*
 * Reads again what could not be read, to learn where: about a number that was to keep
 * its digits the library is wrong by one.  (No table: its codes are variables.)
 */
static enum result
refuse_unread(struct arena *arena, text source, struct json_error *out_error)
{
	const yyjson_alc alc = { alc_malloc, alc_realloc, alc_free, arena };
	const char *message = "unexpected character";
	yyjson_read_err error;

	if (yyjson_read_opts((char *)(uintptr_t)source.at, source.length,
		YYJSON_READ_BIGNUM_AS_RAW, &alc, &error) != NULL)
		return refuse(source, source.length, "invalid number", out_error);
	if (error.code == YYJSON_READ_ERROR_EMPTY_CONTENT)
		return refuse(source, 0, "is empty", out_error);
	if (error.code == YYJSON_READ_ERROR_UNEXPECTED_END)
		message = "unexpected end";
	if (error.code == YYJSON_READ_ERROR_INVALID_NUMBER)
		message = "invalid number";
	if (error.code == YYJSON_READ_ERROR_INVALID_STRING)
		message = string_message(source, error.pos);
	return refuse(source, error.pos, message, out_error);
}

enum result
json_parse(struct arena *arena, text source, const struct json **out,
    struct json_error *out_error)
{
	const yyjson_alc alc = { alc_malloc, alc_realloc, alc_free, arena };
	yyjson_doc *doc;
	yyjson_val *duplicate;
	size_t deep = too_deep(source);
	char *copy;

	if (source.length == 0)
		return refuse(source, 0, "is empty", out_error);
	if (source.length >= 3 && memcmp(source.at, "\xEF\xBB\xBF", 3) == 0)
		return refuse(source, 0, "begins with a byte-order mark", out_error);
	if (deep < source.length)
		return refuse(source, deep, "nested deeper than 32", out_error);
	/* In place, so that a key's address tells where it stood. */
	copy = arena_alloc_raw(arena, source.length + YYJSON_PADDING_SIZE);
	memcpy(copy, source.at, source.length);
	memset(copy + source.length, 0, YYJSON_PADDING_SIZE);
	doc = yyjson_read_opts(copy, source.length,
	    YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW, &alc, NULL);
	if (doc == NULL)
		return refuse_unread(arena, source, out_error);
	duplicate = find_duplicate_anywhere(arena, doc);
	if (duplicate != NULL)
		return refuse(source,
		    (size_t)(unsafe_yyjson_get_str(duplicate) - copy - 1),
		    duplicate_message(arena, text_of_val(duplicate)), out_error);
	*out = json_of(doc->root);
	return OK;
}

enum json_kind
json_kind(const struct json *value)
{
	static const enum json_kind kinds[] = {
		[YYJSON_TYPE_RAW] = JSON_NUMBER,
		[YYJSON_TYPE_NULL] = JSON_NULL,
		[YYJSON_TYPE_BOOL] = JSON_BOOL,
		[YYJSON_TYPE_STR] = JSON_STRING,
		[YYJSON_TYPE_ARR] = JSON_ARRAY,
		[YYJSON_TYPE_OBJ] = JSON_OBJECT,
	};

	return kinds[unsafe_yyjson_get_type(val_of(value))];
}

bool
json_true(const struct json *value)
{
	assert(json_kind(value) == JSON_BOOL);
	return unsafe_yyjson_get_bool(val_of(value));
}

text
json_string(const struct json *value)
{
	assert(json_kind(value) == JSON_STRING);
	return text_of_val(val_of(value));
}

text
json_number(const struct json *value)
{
	assert(json_kind(value) == JSON_NUMBER);
	return (text){ unsafe_yyjson_get_raw(val_of(value)),
		unsafe_yyjson_get_len(val_of(value)) };
}

enum result
json_integer(const struct json *value, int64_t *out)
{
	text digits = json_number(value);
	bool negative = digits.at[0] == '-';
	int64_t sum = 0;

	/* Summed below zero, where the range is larger by one. */
	for (size_t i = negative; i < digits.length; i++) {
		int digit = digits.at[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, digit, &sum))
			return INVALID;
	}
	if (!negative && __builtin_sub_overflow(0, sum, &sum))
		return INVALID;
	*out = sum;
	return OK;
}

const struct json *
json_member(const struct json *object, const char *key)
{
	return json_of(yyjson_obj_get(val_of(object), key));
}

bool
json_next(struct json_walk *walk)
{
	yyjson_val *of = val_of(walk->of);
	bool is_object = yyjson_is_obj(of);
	yyjson_val *val = val_of(walk->next);

	if (!is_object && !yyjson_is_arr(of))
		return false;
	if (val != NULL)
		walk->index++;
	if (walk->index >= unsafe_yyjson_get_len(of))
		return false;
	if (val == NULL)
		val = unsafe_yyjson_get_first(of);
	if (is_object)
		walk->key = text_of_val(val++);
	walk->value = json_of(val);
	walk->next = unsafe_yyjson_get_next(val);
	return true;
}
