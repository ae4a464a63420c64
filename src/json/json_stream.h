/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_JSON_STREAM_H
#define JSON_JSON_STREAM_H

#include "json/json.h"

/*
 * Reads a document of the form {"KEY": [element, element, ...]} as its bytes arrive, an
 * element at a time, in memory that does not grow with the document.  Other members
 * beside KEY, in any order, are checked and skipped.  The document as a whole is held to
 * the rules of json_parse (depth, duplicate keys, UTF-8); positions count from the
 * document's start.
 */
struct json_stream;

enum json_stream_event {
	JSON_STREAM_MORE,    /* all bytes were taken; more are needed */
	JSON_STREAM_ELEMENT, /* an element is complete */
	JSON_STREAM_END,     /* the document is complete; only white space may follow */
	JSON_STREAM_ERROR, /* not of that form, or over a limit: see json_stream_error */
};

/*
 * An element longer than element_max bytes is an error, and so are keys and values of
 * other members that are longer than 64 KiB together.  The key is copied.
 */
struct json_stream *json_stream_new(const char *key, size_t element_max);
void json_stream_free(struct json_stream *stream);

/*
 * Takes bytes from *source, which is moved past what was taken, until an element is
 * complete or the bytes are spent.  After JSON_STREAM_ELEMENT, *out is the element,
 * parsed into the arena given, where it lives as long as that; call again with the rest.
 */
enum json_stream_event json_stream_take(struct json_stream *stream, struct arena *arena,
    text *source, const struct json **out);

/* No more bytes will come.  OK if the document was complete, else INVALID. */
MUST_USE enum result json_stream_finish(struct json_stream *stream);

/* After JSON_STREAM_ERROR or INVALID.  Lives as long as the stream. */
const struct json_error *json_stream_error(const struct json_stream *stream);

/*
 * After the end: whether KEY was there, and whether it was an array (elements come only
 * from an array).
 */
bool json_stream_found(const struct json_stream *stream);
bool json_stream_is_array(const struct json_stream *stream);

#endif
