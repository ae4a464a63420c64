/* SPDX-License-Identifier: Apache-2.0 */
#include "api/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A call with nothing but what a page is read from and written to. */
struct bench {
	struct arena arena;
	struct http_request request;
	struct call call;
};

static void
bench_open(struct bench *bench, const char *query)
{
	memset(bench, 0, sizeof(*bench));
	arena_init(&bench->arena);
	bench->request.arena = &bench->arena;
	bench->request.path = TEXT("/campaigns/7/accounts");
	bench->request.query = text_of(query);
	bench->call.request = &bench->request;
	problems_init(&bench->call.problems, &bench->arena);
}

static void
test_read(void **state)
{
	static const struct {
		const char *query;
		const char *problem; /* its attribute; NULL: none */
		int64_t limit;
		int64_t after;
	} cases[] = {
		{ NULL, NULL, 100, 0 },
		{ "", NULL, 100, 0 },
		{ "limit=1", NULL, 1, 0 },
		{ "limit=1000", NULL, 1000, 0 },
		{ "cursor=c7", NULL, 100, 7 },
		{ "cursor=c0", NULL, 100, 0 },
		{ "limit=5&cursor=c999999999999999999", NULL, 5, 999999999999999999 },
		{ "limit=%35", NULL, 5, 0 },
		{ "offset=5", NULL, 100, 0 },
		{ "limit=0", "limit", 0, 0 },
		{ "limit=1001", "limit", 0, 0 },
		{ "limit=", "limit", 0, 0 },
		{ "limit", "limit", 0, 0 },
		{ "limit=-1", "limit", 0, 0 },
		{ "limit=%2B1", "limit", 0, 0 },
		{ "limit=01", "limit", 0, 0 },
		{ "limit=1.0", "limit", 0, 0 },
		{ "limit=1e2", "limit", 0, 0 },
		{ "limit=1%00", "limit", 0, 0 },
		{ "limit=18446744073709551617", "limit", 0, 0 },
		{ "cursor=7", "cursor", 0, 0 },
		{ "cursor=c", "cursor", 0, 0 },
		{ "cursor=", "cursor", 0, 0 },
		{ "cursor=c-1", "cursor", 0, 0 },
		{ "cursor=c07", "cursor", 0, 0 },
		{ "cursor=C7", "cursor", 0, 0 },
		{ "cursor=c9999999999999999999", "cursor", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench;
		struct page page;
		enum result r;

		print_message("%s\n", cases[i].query == NULL ? "-" : cases[i].query);
		bench_open(&bench, cases[i].query);
		r = page_read(&bench.call, &page);
		if (cases[i].problem == NULL) {
			assert_int_equal(r, OK);
			assert_int_equal(page.limit, cases[i].limit);
			assert_int_equal(page.after, cases[i].after);
		} else {
			assert_int_equal(r, INVALID);
			assert_int_equal(bench.call.problems.count, 1);
			assert_string_equal(
			    bench.call.problems.first->attribute, cases[i].problem);
		}
		arena_clear(&bench.arena);
	}
}

static void
test_both_wrong(void **state)
{
	struct bench bench;
	struct page page;

	(void)state;
	bench_open(&bench, "limit=x&cursor=y");
	assert_int_equal(page_read(&bench.call, &page), INVALID);
	assert_int_equal(bench.call.problems.count, 2);
	arena_clear(&bench.arena);
}

static text
header(const struct bench *bench, const char *name)
{
	for (size_t i = 0; i < bench->call.response.header_count; i++)
		if (text_equal(bench->call.headers[i].name, text_of(name)))
			return bench->call.headers[i].value;
	return (text){ NULL, 0 };
}

static void
test_headers(void **state)
{
	const struct page page = { .limit = 5, .after = 2 };
	struct bench bench;

	(void)state;
	bench_open(&bench, NULL);
	page_headers(&bench.call, &page, 12, true, 9);
	assert_true(text_equal(header(&bench, "X-Total-Count"), TEXT("12")));
	assert_true(text_equal(header(&bench, "Link"),
	    TEXT("</campaigns/7/accounts?limit=5&cursor=c9>; rel=\"next\"")));
	arena_clear(&bench.arena);
	bench_open(&bench, NULL);
	page_headers(&bench.call, &page, 0, false, 0);
	assert_true(text_equal(header(&bench, "X-Total-Count"), TEXT("0")));
	assert_null(header(&bench, "Link").at);
	arena_clear(&bench.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_both_wrong),
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
