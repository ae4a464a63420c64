/* SPDX-License-Identifier: Apache-2.0 */
#include "api/campaign_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LARGEST = 64 * 1024, ALL = 8 * 1024 * 1024 };

static const struct campaign_stamp stamp = {
	.id = 7,
	.organization_id = 3,
	.versions = { .campaign = 5, .organization = 2 },
	.day = { 20000 },
};

static void
assert_found(struct campaign_cache *cache, const struct campaign_stamp *of, text expected)
{
	struct document *document = campaign_cache_find(cache, of);

	if (expected.at == NULL) {
		assert_null(document);
		return;
	}
	assert_non_null(document);
	assert_true(text_equal(document_text(document), expected));
	document_release(document);
}

/* Whatever an answer was made of: another one is not it. */
static void
test_stamps(void **state)
{
	static const struct {
		const char *name;
		struct campaign_stamp stamp;
	} cases[] = {
		{ "another campaign", { 8, 3, { 5, 2 }, { 20000 } } },
		{ "one that shares the slot", { 7 + 4096, 3, { 5, 2 }, { 20000 } } },
		{ "another organization", { 7, 4, { 5, 2 }, { 20000 } } },
		{ "changed", { 7, 3, { 6, 2 }, { 20000 } } },
		{ "its organization changed", { 7, 3, { 5, 3 }, { 20000 } } },
		{ "tomorrow", { 7, 3, { 5, 2 }, { 20001 } } },
	};
	struct campaign_cache *cache = campaign_cache_new();

	(void)state;
	assert_found(cache, &stamp, (text){ NULL, 0 });
	campaign_cache_keep(cache, &stamp, TEXT("{}"));
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("%s\n", cases[i].name);
		assert_found(cache, &cases[i].stamp, (text){ NULL, 0 });
		assert_found(cache, &stamp, TEXT("{}"));
	}
	campaign_cache_free(cache);
	campaign_cache_free(NULL);
}

/* Whoever holds an answer keeps it, whatever becomes of the cache. */
static void
test_holding(void **state)
{
	struct campaign_cache *cache = campaign_cache_new();
	struct campaign_stamp later = stamp;
	struct document *first, *second, *third;
	char answer[] = "one";

	(void)state;
	campaign_cache_keep(cache, &stamp, text_of(answer));
	answer[0] = 'X';
	first = campaign_cache_find(cache, &stamp);
	second = campaign_cache_find(cache, &stamp);
	later.versions.campaign++;
	campaign_cache_keep(cache, &later, TEXT("two"));
	assert_found(cache, &stamp, (text){ NULL, 0 });
	third = campaign_cache_find(cache, &later);
	document_release(first);
	campaign_cache_free(cache);
	assert_true(text_equal(document_text(second), TEXT("one")));
	assert_true(text_equal(document_text(third), TEXT("two")));
	document_release(second);
	document_release(third);
	document_release(NULL);
}

/* A large answer is not kept, and what it stands in the place of is not either. */
static void
test_sizes(void **state)
{
	struct campaign_cache *cache = campaign_cache_new();
	char large[LARGEST + 1];

	(void)state;
	memset(large, 'a', sizeof(large));
	campaign_cache_keep(cache, &stamp, (text){ large, LARGEST });
	assert_found(cache, &stamp, (text){ large, LARGEST });
	campaign_cache_keep(cache, &stamp, (text){ large, LARGEST + 1 });
	assert_found(cache, &stamp, (text){ NULL, 0 });
	campaign_cache_keep(cache, &stamp, TEXT(""));
	assert_found(cache, &stamp, TEXT(""));
	campaign_cache_free(cache);
}

static void
test_many(void **state)
{
	struct campaign_cache *cache = campaign_cache_new();
	struct campaign_stamp each = stamp;

	(void)state;
	for (each.id = 1; each.id <= 10000; each.id++)
		campaign_cache_keep(
		    cache, &each, (text){ (const char *)&each.id, sizeof(each.id) });
	for (each.id = 10000 - 4095; each.id <= 10000; each.id++)
		assert_found(
		    cache, &each, (text){ (const char *)&each.id, sizeof(each.id) });
	each.id = 1;
	assert_found(cache, &each, (text){ NULL, 0 });
	campaign_cache_free(cache);
}

/* However many there are, all together are no more than they may be. */
static void
test_memory(void **state)
{
	struct campaign_cache *cache = campaign_cache_new();
	struct campaign_stamp each = stamp;
	char large[LARGEST];
	size_t held = 0;

	(void)state;
	memset(large, 'a', sizeof(large));
	for (each.id = 1; each.id <= 300; each.id++) {
		campaign_cache_keep(cache, &each, (text){ large, sizeof(large) });
		assert_found(cache, &each, (text){ large, sizeof(large) });
	}
	for (each.id = 1; each.id <= 300; each.id++) {
		struct document *document = campaign_cache_find(cache, &each);

		held += document == NULL ? 0 : document_text(document).length;
		document_release(document);
	}
	assert_in_range(held, LARGEST, ALL);
	campaign_cache_free(cache);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_holding),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
