/* SPDX-License-Identifier: Apache-2.0 */
#include "base/zones.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

enum { THREADS = 4 };

static const char *const names[] = { "UTC", "America/New_York", "Asia/Kolkata",
	"Europe/Berlin", "Pacific/Apia" };

static const instant moment = { 1529477870906 };

static void
assert_prints(const struct zone *zone, const char *expected)
{
	char when[INSTANT_MAX];

	instant_print(moment, zone, when);
	assert_string_equal(when, expected);
}

static void
test_each_once(void **state)
{
	struct zones *zones = zones_new();
	const struct zone *found[COUNT(names)];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		found[i] = zones_find(zones, text_of(names[i]));
		assert_non_null(found[i]);
		for (size_t j = 0; j < i; j++)
			assert_ptr_not_equal(found[i], found[j]);
	}
	for (size_t i = 0; i < COUNT(names); i++)
		assert_ptr_equal(found[i], zones_find(zones, text_of(names[i])));
	assert_prints(found[0], "2018-06-20T06:57:50.906+00:00");
	assert_prints(found[1], "2018-06-20T02:57:50.906-04:00");
	assert_prints(found[2], "2018-06-20T12:27:50.906+05:30");
	zones_free(zones);
	zones_free(NULL);
}

/* A name is a slice: what is behind it does not count. */
static void
test_slices(void **state)
{
	struct zones *zones = zones_new();
	const struct zone *utc = zones_find(zones, TEXT("UTC"));

	(void)state;
	assert_ptr_equal(utc, zones_find(zones, (text){ "UTC+5", 3 }));
	assert_ptr_equal(zones_find(zones, (text){ "Asia/Kolkata2", 12 }),
	    zones_find(zones, TEXT("Asia/Kolkata")));
	zones_free(zones);
}

static void
test_unknown(void **state)
{
	static const char *const unknown[] = { "Mars/Phobos", "", "../../etc/passwd",
		"/etc/localtime", "America/New_York " };
	struct zones *zones = zones_new();

	(void)state;
	for (size_t i = 0; i < COUNT(unknown); i++) {
		const struct zone *zone = zones_find(zones, text_of(unknown[i]));

		assert_prints(zone, "2018-06-20T06:57:50.906+00:00");
		assert_ptr_equal(zone, zones_find(zones, text_of(unknown[i])));
	}
	zones_free(zones);
}

struct finder {
	struct zones *zones;
	const struct zone *found[COUNT(names)];
	pthread_t thread;
};

static void *
find_all(void *argument)
{
	struct finder *finder = argument;

	for (size_t i = 0; i < COUNT(names); i++)
		finder->found[i] = zones_find(finder->zones, text_of(names[i]));
	return NULL;
}

static void
test_threads(void **state)
{
	struct finder finders[THREADS];
	struct zones *zones = zones_new();

	(void)state;
	for (size_t i = 0; i < THREADS; i++) {
		finders[i].zones = zones;
		assert_int_equal(
		    pthread_create(&finders[i].thread, NULL, find_all, &finders[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(finders[i].thread, NULL);
	for (size_t i = 1; i < THREADS; i++)
		assert_memory_equal(
		    finders[i].found, finders[0].found, sizeof(finders[0].found));
	zones_free(zones);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_once),
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
