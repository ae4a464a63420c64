/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_IPADDR_H
#define BASE_IPADDR_H

#include "base/result.h"
#include "base/text.h"

#include <stdint.h>

enum {
	IPADDR_MAX = 46,        /* the longest address in text, with its NUL */
	IPADDR_NUMBER_MAX = 40, /* the longest 128-bit number in decimal, with its NUL */
};

/*
 * An IPv4 (the last four bytes, the others zero) or IPv6 address, in network order.  An
 * IPv4 address inside an IPv6 one ("::ffff:192.0.2.1") stays an IPv6 address.
 */
struct ipaddr {
	uint8_t family; /* 4 or 6; 0: none */
	uint8_t bytes[16];
};

/* Reads "192.0.2.1" or "2001:db8::1"; INVALID for anything else, also zone ids, ports. */
MUST_USE enum result ipaddr_parse(text source, struct ipaddr *out);

/* The usual text form (RFC 5952 for IPv6).  Returns the length. */
size_t ipaddr_print(const struct ipaddr *addr, char out[static IPADDR_MAX]);

/* The address as one decimal number, up to 2^128 - 1.  Returns the length. */
size_t ipaddr_print_number(const struct ipaddr *addr, char out[static IPADDR_NUMBER_MAX]);

#endif
