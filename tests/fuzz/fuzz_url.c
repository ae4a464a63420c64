/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever url_normalize makes is an http or https URL, and it leaves that as it is. */
#include "base/url.h"

#include "base/domain.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct suffixes *suffixes, struct arena *arena, text source)
{
	const char *reason;
	text once, twice;

	if (url_normalize(suffixes, arena, source, &once, &reason) != OK) {
		if (reason == NULL)
			abort();
		return;
	}
	if (text_characters(once) > URL_MAX || strlen(once.at) != once.length)
		abort();
	if (strncasecmp(once.at, "http://", 7) != 0 &&
	    strncasecmp(once.at, "https://", 8) != 0)
		abort();
	if (strpbrk(once.at, " \t\r\n\\\"<>") != NULL)
		abort();
	if (url_normalize(suffixes, arena, once, &twice, &reason) != OK)
		abort();
	if (!text_equal(once, twice))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct suffixes *suffixes;
	struct arena arena;

	if (suffixes == NULL && suffixes_open(NULL, &suffixes) != OK)
		abort();
	arena_init(&arena);
	check(suffixes, &arena, (text){ (const char *)data, size });
	arena_clear(&arena);
	return 0;
}
