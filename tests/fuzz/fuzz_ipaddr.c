/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ipaddr.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Puts a decimal number back together, digit by digit. */
static void
check_number(const struct ipaddr *addr)
{
	char number[IPADDR_NUMBER_MAX];
	size_t length = ipaddr_print_number(addr, number);
	uint8_t bytes[16] = { 0 };

	must(length == strlen(number) && length > 0 && length < IPADDR_NUMBER_MAX);
	must(number[0] != '0' || length == 1);
	for (size_t i = 0; i < length; i++) {
		unsigned carry = (unsigned)(number[i] - '0');

		must(carry <= 9);
		for (int at = 15; at >= 0; at--) {
			carry += 10U * bytes[at];
			bytes[at] = (uint8_t)carry;
			carry >>= 8;
		}
		must(carry == 0);
	}
	must(memcmp(bytes, addr->bytes, sizeof(bytes)) == 0);
}

/* What is printed is read as the same address, by the C library too. */
static void
check_print(const struct ipaddr *addr)
{
	char printed[IPADDR_MAX];
	size_t length = ipaddr_print(addr, printed);
	uint8_t bytes[16] = { 0 };
	struct ipaddr back;
	char libc[INET6_ADDRSTRLEN];
	int family = addr->family == 4 ? AF_INET : AF_INET6;
	size_t at = addr->family == 4 ? 12 : 0;

	must(length == strlen(printed) && length < IPADDR_MAX);
	must(inet_pton(family, printed, bytes + at) == 1);
	must(memcmp(bytes, addr->bytes, sizeof(bytes)) == 0);
	must(ipaddr_parse((text){ printed, length }, &back) == OK);
	must(memcmp(&back, addr, sizeof(back)) == 0);
	/* The library prints ::1.2.3.4 in the old mixed form; else both agree. */
	must(inet_ntop(family, addr->bytes + at, libc, sizeof(libc)) != NULL);
	if (strncmp(libc, "::", 2) != 0 || strchr(libc, '.') == NULL)
		must(strcmp(libc, printed) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ipaddr addr = { 0 };

	if (ipaddr_parse((text){ (const char *)data, size }, &addr) == OK) {
		must(size > 0 && size < IPADDR_MAX);
		check_print(&addr);
		check_number(&addr);
	}
	if (size >= sizeof(addr.bytes)) {
		addr.family = 6;
		memcpy(addr.bytes, data, sizeof(addr.bytes));
		check_print(&addr);
		check_number(&addr);
	}
	return 0;
}
