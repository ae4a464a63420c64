/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A slice of characters that somebody else owns: UTF-8 unless said otherwise, not
 * necessarily ended by a NUL.  { NULL, 0 } is "no text", which is not the empty text.
 */
typedef struct text {
	const char *at;
	size_t length;
} text;

#define TEXT(literal) ((text){ "" literal, sizeof(literal) - 1 })

static inline text
text_of(const char *string)
{
	return (text){ string, string == NULL ? 0 : strlen(string) };
}

static inline bool
text_equal(text a, text b)
{
	return a.length == b.length &&
	       (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/* Whether two texts are equal when ASCII letters are taken without their case. */
bool text_equal_nocase(text a, text b);

/* Compares as memcmp does, a shorter text before a longer one that begins with it. */
int text_compare(text a, text b);

/* How many code points valid UTF-8 has. */
size_t text_characters(text t);

/* Whether the bytes are valid UTF-8: no surrogates, no overlong forms, no NUL. */
bool text_valid(text t);

#endif
