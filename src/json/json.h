/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* A value of a document that was read.  Lives as long as the arena it was read into. */
struct json;

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

enum { JSON_DEPTH = 32 }; /* arrays and objects within each other */

/* Where and why a document could not be read. */
struct json_error {
	size_t line;         /* from 1 */
	size_t column;       /* from 1, in characters */
	const char *message; /* a literal, or in the arena: "unexpected end" */
};

/*
 * Reads one whole document.  INVALID with *out_error for anything that RFC 8259 does not
 * allow, and also for a byte-order mark, invalid UTF-8, an unpaired surrogate, a
 * duplicate key, NaN, and more depth than JSON_DEPTH.  The cost is linear in the length
 * (for duplicate keys n log n in the members of one object), whatever the bytes.
 * Numbers keep their digits.  The source is copied: it need not live on.
 */
MUST_USE enum result json_parse(struct arena *arena, text source, const struct json **out,
    struct json_error *out_error);

enum json_kind json_kind(const struct json *value);
bool json_true(const struct json *value);   /* of a JSON_BOOL */
text json_string(const struct json *value); /* of a JSON_STRING; may hold NULs */
text json_number(const struct json *value); /* of a JSON_NUMBER: its text */

/* A number without fraction or exponent that fits; else INVALID (1.0 and 1e3 too). */
MUST_USE enum result json_integer(const struct json *value, int64_t *out);

/* The member of an object, or NULL when it is absent or the value is no object. */
const struct json *json_member(const struct json *object, const char *key);

/* Walks an array or an object.  Begin with { .of = value }; false at the end. */
struct json_walk {
	const struct json *of;
	text key; /* in an object */
	const struct json *value;
	size_t index;     /* of value, from 0 */
	const void *next; /* private */
};
bool json_next(struct json_walk *walk);

/*
 * Writes a document, value by value, in order.  Texts must be valid UTF-8; they are
 * copied.  Within an object every value follows a json_key.  Misuse asserts, as does
 * nesting deeper than 64.  Only what RFC 8259 demands is escaped.
 */
struct json_writer;

struct json_writer *json_writer_new(struct arena *arena);
void json_key(struct json_writer *writer, const char *key);
void json_null(struct json_writer *writer);
void json_bool(struct json_writer *writer, bool value);
void json_int(struct json_writer *writer, int64_t value);
void json_text(struct json_writer *writer, text value); /* { NULL, 0 } writes null */
void json_raw(struct json_writer *writer, text value);  /* a value that is JSON already */
void json_array_begin(struct json_writer *writer);
void json_array_end(struct json_writer *writer);
void json_object_begin(struct json_writer *writer);
void json_object_end(struct json_writer *writer);

/* The document, in the arena; everything must be ended.  The writer is spent. */
text json_writer_finish(struct json_writer *writer);

/* Writes a value that was read. */
void json_value(struct json_writer *writer, const struct json *value);

#endif
