/* SPDX-License-Identifier: Apache-2.0 */
#include "api/query_string.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static text
decode(struct arena *arena, text source)
{
	char *out = arena_alloc_raw(arena, source.length + 1);
	size_t length = 0;

	for (size_t i = 0; i < source.length; i++) {
		int high = -1, low = -1;

		if (source.at[i] == '%' && i + 2 < source.length) {
			high = hex_digit(source.at[i + 1]);
			low = hex_digit(source.at[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			out[length++] = (char)(high << 4 | low);
			i += 2;
		} else {
			out[length++] = (char)(source.at[i] == '+' ? ' ' : source.at[i]);
		}
	}
	out[length] = '\0';
	return (text){ out, length };
}

/* Cuts what is before the first separator off *rest. */
static text
cut(text *rest, char separator)
{
	const char *at = memchr(rest->at, separator, rest->length);
	size_t length = at == NULL ? rest->length : (size_t)(at - rest->at);
	size_t taken = at == NULL ? length : length + 1;
	text piece = { rest->at, length };

	*rest = (text){ rest->at + taken, rest->length - taken };
	return piece;
}

text
query_string_find(struct arena *arena, text query, text name)
{
	while (query.length > 0) {
		text value = cut(&query, '&');
		text key = cut(&value, '=');

		if (text_equal(decode(arena, key), name))
			return decode(arena, value);
	}
	return (text){ NULL, 0 };
}
