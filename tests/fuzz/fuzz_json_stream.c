/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json_stream.h"

#include <stdint.h>
#include <stdlib.h>

enum { DOCUMENT_MAX = 60000 }; /* below every limit but depth */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
demand(bool fact)
{
	if (!fact)
		abort();
}

static text
written(struct arena *arena, const struct json *value)
{
	struct json_writer *writer = json_writer_new(arena);

	json_value(writer, value);
	return json_writer_finish(writer);
}

/* From one byte, piece lengths without end: short, long and none. */
static size_t
next_length(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % (*seed >> 28 == 0 ? 1000 : 9);
}

/* Feeds it all; the elements must be those that the walk yields. */
static enum result
stream_all(struct json_stream *stream, text source, uint32_t seed, struct json_walk *walk)
{
	enum json_stream_event event = JSON_STREAM_MORE;
	const struct json *element;
	struct arena arena;

	arena_init(&arena);
	while (source.length > 0 && event != JSON_STREAM_ERROR) {
		size_t length = next_length(&seed);
		text piece = { source.at,
			length < source.length ? length : source.length };

		source.at += piece.length;
		source.length -= piece.length;
		while ((event = json_stream_take(stream, &arena, &piece, &element)) ==
		       JSON_STREAM_ELEMENT) {
			/* Without a walk the document is bad, perhaps further on. */
			if (walk->of != NULL)
				demand(json_next(walk) &&
				       text_equal(written(&arena, element),
					   written(&arena, walk->value)));
			arena_reset(&arena);
		}
		demand(event == JSON_STREAM_ERROR || piece.length == 0);
	}
	arena_clear(&arena);
	return json_stream_finish(stream);
}

/* In any pieces, a document is taken or refused as json_parse does with all of it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_stream *stream = json_stream_new("k", DOCUMENT_MAX);
	const struct json *whole = NULL;
	struct json_walk walk = { 0 };
	struct json_error error;
	struct arena arena;
	bool good, is_array;

	arena_init(&arena);
	if (size > 0 && size <= DOCUMENT_MAX) {
		text source = { (const char *)data + 1, size - 1 };

		good = json_parse(&arena, source, &whole, &error) == OK &&
		       json_kind(whole) == JSON_OBJECT;
		if (good)
			walk.of = json_member(whole, "k");
		is_array = walk.of != NULL && json_kind(walk.of) == JSON_ARRAY;
		if (!is_array)
			walk.of = NULL;
		demand((stream_all(stream, source, data[0], &walk) == OK) == good);
		demand(walk.of == NULL || !json_next(&walk));
		demand(!good || json_stream_is_array(stream) == is_array);
		demand(!good ||
		       json_stream_found(stream) == (json_member(whole, "k") != NULL));
		demand(good || json_stream_error(stream)->message != NULL);
	}
	json_stream_free(stream);
	arena_clear(&arena);
	return 0;
}
