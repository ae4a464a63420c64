/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ipaddr.h"

#include <arpa/inet.h>
#include <assert.h>

enum {
	V4_AT = 12, /* where the bytes of an IPv4 address begin */
	GROUPS = 8,
	CHUNK = 1000000000, /* what fits in 32 bits: nine decimal digits */
	CHUNK_DIGITS = 9,
};

enum result
ipaddr_parse(text source, struct ipaddr *out)
{
	struct ipaddr addr = { 0 };
	char string[IPADDR_MAX];
	int read;

	if (source.length == 0 || source.length >= sizeof(string) ||
	    memchr(source.at, '\0', source.length) != NULL)
		return INVALID;
	memcpy(string, source.at, source.length);
	string[source.length] = '\0';
	if (memchr(string, ':', source.length) != NULL) {
		addr.family = 6;
		read = inet_pton(AF_INET6, string, addr.bytes);
	} else {
		addr.family = 4;
		read = inet_pton(AF_INET, string, addr.bytes + V4_AT);
	}
	if (read != 1)
		return INVALID;
	*out = addr;
	return OK;
}

static char *
print_decimal(uint8_t value, char *out)
{
	if (value >= 100)
		*out++ = (char)('0' + value / 100);
	if (value >= 10)
		*out++ = (char)('0' + value / 10 % 10);
	*out++ = (char)('0' + value % 10);
	return out;
}

static char *
print_v4(const uint8_t *bytes, char *out)
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*out++ = '.';
		out = print_decimal(bytes[i], out);
	}
	return out;
}

static unsigned
group(const struct ipaddr *addr, int i)
{
	const uint8_t *at = addr->bytes + 2 * (size_t)i;

	return (unsigned)at[0] << 8 | at[1];
}

static char *
print_group(unsigned value, char *out)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift > 0 && value >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*out++ = digits[value >> shift & 15];
	return out;
}

/* The first of the longest runs of two zero groups or more; its length is 0 for none. */
static void
find_zeros(const struct ipaddr *addr, int *out_begin, int *out_length)
{
	int length = 0;

	*out_begin = 0;
	*out_length = 0;
	for (int i = 0; i < GROUPS; i++) {
		length = group(addr, i) == 0 ? length + 1 : 0;
		if (length >= 2 && length > *out_length) {
			*out_length = length;
			*out_begin = i + 1 - length;
		}
	}
}

static char *
print_v6(const struct ipaddr *addr, char *out)
{
	static const uint8_t mapped[V4_AT] = { [10] = 0xFF, [11] = 0xFF };
	int zeros;
	int count;

	if (memcmp(addr->bytes, mapped, sizeof(mapped)) == 0) {
		memcpy(out, "::ffff:", sizeof("::ffff:"));
		return print_v4(addr->bytes + V4_AT, out + strlen("::ffff:"));
	}
	find_zeros(addr, &zeros, &count);
	for (int i = 0; i < GROUPS; i++) {
		if (count > 0 && i == zeros) {
			*out++ = ':';
			*out++ = ':';
			i += count - 1;
			continue;
		}
		if (i > 0 && (count == 0 || i != zeros + count))
			*out++ = ':';
		out = print_group(group(addr, i), out);
	}
	return out;
}

size_t
ipaddr_print(const struct ipaddr *addr, char out[static IPADDR_MAX])
{
	char *end = out;

	if (addr->family == 4)
		end = print_v4(addr->bytes + V4_AT, out);
	else if (addr->family == 6)
		end = print_v6(addr, out);
	*end = '\0';
	return (size_t)(end - out);
}

/* Divides by CHUNK, the highest limb first, and returns the remainder. */
static uint32_t
divide(uint32_t limbs[static 4])
{
	uint64_t rest = 0;

	for (int i = 0; i < 4; i++) {
		rest = rest << 32 | limbs[i];
		limbs[i] = (uint32_t)(rest / CHUNK);
		rest %= CHUNK;
	}
	return (uint32_t)rest;
}

size_t
ipaddr_print_number(const struct ipaddr *addr, char out[static IPADDR_NUMBER_MAX])
{
	char digits[5 * CHUNK_DIGITS];
	size_t at = sizeof(digits);
	uint32_t limbs[4];
	size_t length;

	for (int i = 0; i < 4; i++)
		limbs[i] = (uint32_t)group(addr, 2 * i) << 16 | group(addr, 2 * i + 1);
	while (at > 0) {
		uint32_t chunk = divide(limbs);

		for (int i = 0; i < CHUNK_DIGITS; i++, chunk /= 10)
			digits[--at] = (char)('0' + chunk % 10);
	}
	while (at < sizeof(digits) - 1 && digits[at] == '0')
		at++;
	length = sizeof(digits) - at;
	assert(length < IPADDR_NUMBER_MAX);
	memcpy(out, digits + at, length);
	out[length] = '\0';
	return length;
}
