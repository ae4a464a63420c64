/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include <assert.h>

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

enum {
	NEST_MAX = 64,
	SIZE_FIRST = 1024,
	INTEGER_MAX = 21, /* characters of the longest int64_t, and one to spare */
};

/*
 * The bytes so far, and what may come next.  `objects` has a bit for each level that is
 * open, set where it is an object, the innermost last.  `empty` says that nothing is in
 * the innermost level yet, `keyed` that a key waits for its value.
 */
struct json_writer {
	struct arena *arena;
	char *bytes;
	size_t length;
	size_t size;
	uint64_t objects;
	unsigned depth;
	bool empty;
	bool keyed;
};

struct json_writer *
json_writer_new(struct arena *arena)
{
	struct json_writer *writer = arena_alloc_raw(arena, sizeof(*writer));

	*writer = (struct json_writer){
		.arena = arena,
		.bytes = arena_alloc_raw(arena, SIZE_FIRST),
		.size = SIZE_FIRST,
		.empty = true,
	};
	return writer;
}

static void
grow(struct json_writer *writer, size_t more)
{
	char *larger;

	do
		writer->size *= 2;
	while (writer->size - writer->length < more);
	larger = arena_alloc_raw(writer->arena, writer->size);
	memcpy(larger, writer->bytes, writer->length);
	writer->bytes = larger;
}

/* Room for so many bytes more; the caller fills them and moves the length. */
static inline char *
room_for(struct json_writer *writer, size_t more)
{
	if (writer->size - writer->length < more)
		grow(writer, more);
	return writer->bytes + writer->length;
}

static inline void
put(struct json_writer *writer, char c)
{
	*room_for(writer, 1) = c;
	writer->length++;
}

static inline void
put_bytes(struct json_writer *writer, text bytes)
{
	if (bytes.length == 0)
		return;
	memcpy(room_for(writer, bytes.length), bytes.at, bytes.length);
	writer->length += bytes.length;
}

/* What has to stand between what was written and a value. */
static inline void
begin_value(struct json_writer *writer)
{
	assert(writer->bytes != NULL);
	assert(writer->keyed == (writer->objects & 1));
	assert(writer->depth > 0 || writer->empty);
	if (!writer->keyed && !writer->empty)
		put(writer, ',');
	writer->keyed = false;
	writer->empty = false;
}

static void
put_escape(struct json_writer *writer, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	static const char letters[0x80] = {
		['"'] = '"',
		['\\'] = '\\',
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't',
	};
	char *to = room_for(writer, 6);

	to[0] = '\\';
	if (letters[c] != '\0') {
		to[1] = letters[c];
		writer->length += 2;
		return;
	}
	to[1] = 'u';
	to[2] = '0';
	to[3] = '0';
	to[4] = digits[c >> 4];
	to[5] = digits[c & 0xF];
	writer->length += 6;
}

static bool
must_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* Whether one of eight bytes must be escaped; a false alarm only costs time. */
static bool
word_must_escape(const char *at)
{
	uint64_t word, quotes, backslashes, found;

	memcpy(&word, at, sizeof(word));
	quotes = word ^ EACH_BYTE('"');
	backslashes = word ^ EACH_BYTE('\\');
	found = (word - EACH_BYTE(0x20)) & ~word;
	found |= (quotes - EACH_BYTE(1)) & ~quotes;
	found |= (backslashes - EACH_BYTE(1)) & ~backslashes;
	return (found & EACH_BYTE(0x80)) != 0;
}

/* How many of the first bytes need no escape. */
static size_t
plain(text value)
{
	size_t i = 0;

	for (;;) {
		while (value.length - i >= 8 && !word_must_escape(value.at + i))
			i += 8;
		for (size_t n = 0; n < 8; n++, i++)
			if (i == value.length || must_escape((unsigned char)value.at[i]))
				return i;
	}
}

static void
put_string(struct json_writer *writer, text value)
{
	put(writer, '"');
	for (;;) {
		size_t run = plain(value);

		put_bytes(writer, (text){ value.at, run });
		if (run == value.length)
			break;
		put_escape(writer, (unsigned char)value.at[run]);
		value = (text){ value.at + run + 1, value.length - run - 1 };
	}
	put(writer, '"');
}

static void
key_text(struct json_writer *writer, text key)
{
	assert((writer->objects & 1) != 0 && !writer->keyed);
	if (!writer->empty)
		put(writer, ',');
	put_string(writer, key);
	put(writer, ':');
	writer->keyed = true;
}

void
json_key(struct json_writer *writer, const char *key)
{
	key_text(writer, text_of(key));
}

void
json_null(struct json_writer *writer)
{
	json_raw(writer, TEXT("null"));
}

void
json_bool(struct json_writer *writer, bool value)
{
	json_raw(writer, value ? TEXT("true") : TEXT("false"));
}

void
json_int(struct json_writer *writer, int64_t value)
{
	char digits[INTEGER_MAX];
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (value < 0)
		digits[--at] = '-';
	json_raw(writer, (text){ digits + at, sizeof(digits) - at });
}

void
json_text(struct json_writer *writer, text value)
{
	if (value.at == NULL) {
		json_null(writer);
		return;
	}
	begin_value(writer);
	put_string(writer, value);
}

void
json_raw(struct json_writer *writer, text value)
{
	assert(value.length > 0);
	begin_value(writer);
	put_bytes(writer, value);
}

static void
begin(struct json_writer *writer, char bracket)
{
	begin_value(writer);
	assert(writer->depth < NEST_MAX);
	writer->depth++;
	writer->objects = writer->objects << 1 | (bracket == '{');
	writer->empty = true;
	put(writer, bracket);
}

static void
end(struct json_writer *writer, char bracket)
{
	assert(writer->depth > 0);
	assert((writer->objects & 1) == (bracket == '}'));
	assert(!writer->keyed);
	writer->depth--;
	writer->objects >>= 1;
	writer->empty = false;
	put(writer, bracket);
}

void
json_array_begin(struct json_writer *writer)
{
	begin(writer, '[');
}

void
json_array_end(struct json_writer *writer)
{
	end(writer, ']');
}

void
json_object_begin(struct json_writer *writer)
{
	begin(writer, '{');
}

void
json_object_end(struct json_writer *writer)
{
	end(writer, '}');
}

text
json_writer_finish(struct json_writer *writer)
{
	text document = { writer->bytes, writer->length };

	assert(writer->depth == 0 && !writer->empty);
	writer->bytes = NULL;
	return document;
}

/* NOLINTBEGIN(misc-no-recursion): what was read is no deeper than JSON_DEPTH. */
static void
container(struct json_writer *writer, const struct json *value, bool is_object)
{
	struct json_walk walk = { .of = value };

	begin(writer, is_object ? '{' : '[');
	while (json_next(&walk)) {
		if (is_object)
			key_text(writer, walk.key);
		json_value(writer, walk.value);
	}
	end(writer, is_object ? '}' : ']');
}

void
json_value(struct json_writer *writer, const struct json *value)
{
	switch (json_kind(value)) {
	case JSON_NULL: json_null(writer); break;
	case JSON_BOOL: json_bool(writer, json_true(value)); break;
	case JSON_NUMBER: json_raw(writer, json_number(value)); break;
	case JSON_STRING: json_text(writer, json_string(value)); break;
	case JSON_ARRAY: container(writer, value, false); break;
	case JSON_OBJECT: container(writer, value, true); break;
	}
}
/* NOLINTEND(misc-no-recursion) */
