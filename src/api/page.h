/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include "api/call.h"

/* The part of a list that a request asks for: ?limit= and ?cursor=. */
struct page {
	int64_t limit; /* 1 to 1,000; 100 if it is not given */
	int64_t after; /* the id that it begins behind */
};

/* INVALID, with problems, for a limit or cursor that is none. */
MUST_USE enum result page_read(struct call *call, struct page *out);

/*
 * Adds the headers of a page: X-Total-Count, and a Link to the next one if there is one,
 * which begins behind the id `last`.
 */
void page_headers(
    struct call *call, const struct page *page, int64_t total, bool more, int64_t last);

#endif
