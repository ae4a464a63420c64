/* SPDX-License-Identifier: Apache-2.0 */
/* What a name and a value become in a URL is read back as it was, behind anything else.
 */
#include "api/query_string.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every byte escaped, or only what must be, with blanks as "+". */
static text
escape(struct arena *arena, text source, bool all)
{
	static const char digits[] = "0123456789abcdef";
	char *out = arena_alloc(arena, 3 * source.length + 1), *at = out;

	for (size_t i = 0; i < source.length; i++) {
		unsigned char c = (unsigned char)source.at[i];

		if (!all && c == ' ') {
			*at++ = '+';
		} else if (!all && strchr("&=%+", c) == NULL) {
			*at++ = (char)c;
		} else {
			*at++ = '%';
			*at++ = digits[c >> 4];
			*at++ = digits[c & 15];
		}
	}
	return (text){ out, (size_t)(at - out) };
}

static text
join(struct arena *arena, const text *pieces, size_t count)
{
	size_t length = 0;
	char *out, *at;

	for (size_t i = 0; i < count; i++)
		length += pieces[i].length;
	out = at = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < count; i++) {
		memcpy(at, pieces[i].at, pieces[i].length);
		at += pieces[i].length;
	}
	return (text){ out, length };
}

static void
check(struct arena *arena, text name, text value, text other)
{
	text before = query_string_find(arena, other, name);

	if (before.length > other.length || (before.at == NULL && before.length > 0))
		abort();
	for (int all = 0; all < 2; all++) {
		text query = join(arena,
		    (const text[]){ other, TEXT("&"), escape(arena, name, all), TEXT("="),
			escape(arena, value, all), TEXT("&x=y") },
		    6);
		text found = query_string_find(arena, query, name);

		if (found.at == NULL)
			abort();
		if (!text_equal(found, before.at == NULL ? value : before))
			abort();
	}
}

/* Two bytes tell how long the name and the value are; the rest stands before them. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t lengths[2];
	struct arena arena;
	text rest, name, value;

	if (size < 2)
		return 0;
	rest = (text){ (const char *)data + 2, size - 2 };
	lengths[0] = data[0] < rest.length ? data[0] : rest.length;
	name = (text){ rest.at, lengths[0] };
	rest = (text){ rest.at + lengths[0], rest.length - lengths[0] };
	lengths[1] = data[1] < rest.length ? data[1] : rest.length;
	value = (text){ rest.at, lengths[1] };
	rest = (text){ rest.at + lengths[1], rest.length - lengths[1] };
	if (name.length == 0)
		return 0;
	arena_init(&arena);
	check(&arena, name, value, rest);
	arena_clear(&arena);
	return 0;
}
