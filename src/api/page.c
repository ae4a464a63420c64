/* SPDX-License-Identifier: Apache-2.0 */
#include "api/page.h"

#include "api/reply.h"

#include <inttypes.h>

enum { LIMIT = 100, LIMIT_MAX = 1000 };

/* A decimal number without sign or leading zeros. */
static bool
read_number(text source, int64_t *out)
{
	uint64_t number = 0;

	if (source.length == 0 || source.length > 18 ||
	    (source.at[0] == '0' && source.length > 1))
		return false;
	for (size_t i = 0; i < source.length; i++) {
		if (source.at[i] < '0' || source.at[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(source.at[i] - '0');
	}
	*out = (int64_t)number;
	return true;
}

enum result
page_read(struct call *call, struct page *out)
{
	text limit = call_parameter(call, "limit"),
	     cursor = call_parameter(call, "cursor");

	*out = (struct page){ .limit = LIMIT };
	if (limit.at != NULL && (!read_number(limit, &out->limit) || out->limit < 1 ||
				    out->limit > LIMIT_MAX))
		problems_add(
		    &call->problems, "limit", "must be a number from 1 to %d", LIMIT_MAX);
	if (cursor.at != NULL &&
	    (cursor.length < 2 || cursor.at[0] != 'c' ||
		!read_number((text){ cursor.at + 1, cursor.length - 1 }, &out->after)))
		problems_add(&call->problems, "cursor",
		    "is not one that a page's Link header gave");
	return problems_result(&call->problems);
}

void
page_headers(
    struct call *call, const struct page *page, int64_t total, bool more, int64_t last)
{
	struct arena *arena = call->request->arena;
	text path = call->request->path;

	reply_header(call, "X-Total-Count", arena_print(arena, "%" PRId64, total));
	if (!more)
		return;
	reply_header(call, "Link",
	    arena_print(arena,
		"<%.*s?limit=%" PRId64 "&cursor=c%" PRId64 ">; rel=\"next\"",
		(int)path.length, path.at, page->limit, last));
}
