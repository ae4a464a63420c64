/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdint.h>

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool
text_equal_nocase(text a, text b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

int
text_compare(text a, text b)
{
	size_t common = a.length < b.length ? a.length : b.length;
	int order = common == 0 ? 0 : memcmp(a.at, b.at, common);

	if (order != 0)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

size_t
text_characters(text t)
{
	size_t count = 0;

	for (size_t i = 0; i < t.length; i++)
		count += ((unsigned char)t.at[i] & 0xC0) != 0x80;
	return count;
}

/* How many of the first bytes are ASCII and not NUL, in whole words. */
static size_t
ascii_words(const char *at, size_t length)
{
	size_t i = 0;
	uint64_t word;

	for (; length - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, at + i, sizeof(word));
		/* A byte of 0 borrows from its top bit; false alarms only cost time. */
		if (((word | (word - EACH_BYTE(0x01))) & EACH_BYTE(0x80)) != 0)
			break;
	}
	return i;
}

/* The length of the valid sequence that begins here, or 0. */
static size_t
sequence(const unsigned char *at, size_t left)
{
	size_t length;
	unsigned low = 0x80;
	unsigned high = 0xBF;

	if (at[0] < 0x80)
		return at[0] != 0;
	if (at[0] < 0xC2 || at[0] > 0xF4)
		return 0;
	length = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
	if (left < length)
		return 0;
	/* The second byte alone tells overlong forms, surrogates and too large values. */
	switch (at[0]) {
	case 0xE0: low = 0xA0; break;
	case 0xED: high = 0x9F; break;
	case 0xF0: low = 0x90; break;
	case 0xF4: high = 0x8F; break;
	default: break;
	}
	if (at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((at[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

bool
text_valid(text t)
{
	size_t i = 0;

	while (i < t.length) {
		size_t step = ascii_words(t.at + i, t.length - i);

		if (step == 0)
			step = sequence((const unsigned char *)t.at + i, t.length - i);
		if (step == 0)
			return false;
		i += step;
	}
	return true;
}
