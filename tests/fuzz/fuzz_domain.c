/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever domain_parse makes is a host name, and it makes the same out of that again. */
#include "base/domain.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct suffixes *suffixes;
	const text source = { (const char *)data, size };
	char once[DOMAIN_MAX], twice[DOMAIN_MAX];
	size_t once_length, twice_length;
	const char *reason;

	if (suffixes == NULL && suffixes_open(NULL, &suffixes) != OK)
		abort();
	if (domain_parse(suffixes, source, once, &once_length, &reason) != OK) {
		if (reason == NULL)
			abort();
		return 0;
	}
	if (once_length == 0 || once_length >= DOMAIN_MAX || once[once_length] != '\0')
		abort();
	if (strspn(once, "abcdefghijklmnopqrstuvwxyz0123456789-.") != once_length)
		abort();
	if (domain_parse(suffixes, (text){ once, once_length }, twice, &twice_length,
		&reason) != OK)
		abort();
	if (twice_length != once_length || strcmp(once, twice) != 0)
		abort();
	return 0;
}
