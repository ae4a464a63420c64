/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static text
written(struct arena *arena, const struct json *value)
{
	struct json_writer *writer = json_writer_new(arena);

	json_value(writer, value);
	return json_writer_finish(writer);
}

/* What is read, written and read again is the same, and every refusal says why. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_error error = { 0 };
	const struct json *value;
	struct arena arena;
	text first;

	arena_init(&arena);
	if (json_parse(&arena, (text){ (const char *)data, size }, &value, &error) !=
	    OK) {
		if (error.line == 0 || error.column == 0 || error.message == NULL)
			abort();
	} else {
		first = written(&arena, value);
		if (json_parse(&arena, first, &value, &error) != OK)
			abort();
		if (!text_equal(first, written(&arena, value)))
			abort();
	}
	arena_clear(&arena);
	return 0;
}
