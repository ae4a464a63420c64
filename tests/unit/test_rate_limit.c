/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rate_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

enum { REMEMBERED = 32768, THREADS = 4, EACH = 1000 };

static const instant start = { 1715774400000 };

static instant
after(int64_t ms)
{
	return (instant){ start.ms + ms };
}

/* Ten a second, three at once. */
static void
test_steps(void **state)
{
	static const struct {
		const char *name;
		int64_t at;
		int64_t wait;
	} steps[] = {
		{ "first", 0, 0 },
		{ "second at once", 0, 0 },
		{ "third at once", 0, 0 },
		{ "one too many", 0, 100 },
		{ "still", 1, 99 },
		{ "just before", 99, 1 },
		{ "one has passed", 100, 0 },
		{ "and no more", 100, 100 },
		{ "two have passed", 300, 0 },
		{ "the second of them", 300, 0 },
		{ "not a third", 300, 100 },
		{ "all of the burst, not more", 100000, 0 },
		{ "second of it", 100000, 0 },
		{ "third of it", 100000, 0 },
		{ "over", 100000, 100 },
		{ "a clock that went back", 99000, 1100 },
	};
	struct rate_limit *limit = rate_limit_new(10, 1000, 3);

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		print_message("%s\n", steps[i].name);
		assert_int_equal(
		    rate_limit_look(limit, 7, after(steps[i].at)), steps[i].wait);
		assert_int_equal(
		    rate_limit_take(limit, 7, after(steps[i].at)), steps[i].wait);
	}
	rate_limit_free(limit);
}

static void
test_looking_counts_nothing(void **state)
{
	struct rate_limit *limit = rate_limit_new(1, 60000, 1);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(rate_limit_look(limit, 1, start), 0);
	assert_int_equal(rate_limit_take(limit, 1, start), 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(rate_limit_look(limit, 1, after(1)), 59999);
	assert_int_equal(rate_limit_look(limit, 1, after(60000)), 0);
	rate_limit_free(limit);
}

static void
test_everybody_alone(void **state)
{
	static const uint64_t everybody[] = { 0, 1, 2, UINT64_MAX, UINT64_C(1) << 63,
		0xdeadbeef };
	struct rate_limit *limit = rate_limit_new(1, 1000, 2);

	(void)state;
	for (size_t i = 0; i < COUNT(everybody); i++) {
		assert_int_equal(rate_limit_take(limit, everybody[i], start), 0);
		assert_int_equal(rate_limit_take(limit, everybody[i], start), 0);
		assert_int_equal(rate_limit_take(limit, everybody[i], start), 1000);
	}
	rate_limit_free(limit);
}

/* Over a long time as much as was promised passes, to the last one. */
static void
test_average(void **state)
{
	static const struct {
		int64_t amount, period_ms, burst;
	} cases[] = { { 1000, 1000, 2000 }, { 20, 60000, 20 }, { 3, 1000, 1 },
		{ 7, 86400000, 5 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rate_limit *limit =
		    rate_limit_new(cases[i].amount, cases[i].period_ms, cases[i].burst);
		int64_t step = cases[i].period_ms / cases[i].amount / 4 + 1;
		int64_t taken = 0;

		for (int64_t ms = 0; ms <= 10 * cases[i].period_ms; ms += step)
			while (rate_limit_take(limit, 1, after(ms)) == 0)
				taken++;
		assert_in_range(taken, 10 * cases[i].amount + cases[i].burst - 1,
		    10 * cases[i].amount + cases[i].burst);
		rate_limit_free(limit);
	}
}

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Numbers of keys, which count up, and hashes of addresses, which do not. */
static void
test_remembers(void **state)
{
	struct rate_limit *keys = rate_limit_new(1, 60000, 1);
	struct rate_limit *hashes = rate_limit_new(1, 60000, 1);
	unsigned forgotten = 0;

	(void)state;
	for (uint64_t i = 0; i < REMEMBERED; i++) {
		(void)rate_limit_take(keys, i, start);
		(void)rate_limit_take(hashes, mix(i), start);
	}
	for (uint64_t i = 0; i < REMEMBERED; i++) {
		forgotten += rate_limit_take(keys, i, after(1)) == 0;
		forgotten += rate_limit_take(hashes, mix(i), after(1)) == 0;
	}
	assert_int_equal(forgotten, 0);
	rate_limit_free(keys);
	rate_limit_free(hashes);
}

struct taker {
	struct rate_limit *limit;
	atomic_int *taken;
};

static void *
take_many(void *argument)
{
	struct taker *taker = argument;

	for (int i = 0; i < EACH; i++)
		if (rate_limit_take(taker->limit, 1, start) == 0)
			atomic_fetch_add(taker->taken, 1);
	return NULL;
}

static void
test_threads(void **state)
{
	struct rate_limit *limit = rate_limit_new(1, 1000, 2500);
	pthread_t threads[THREADS];
	atomic_int taken = 0;
	struct taker taker = { limit, &taken };

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_many, &taker), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(taken, 2500);
	rate_limit_free(limit);
	rate_limit_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_looking_counts_nothing),
		cmocka_unit_test(test_everybody_alone),
		cmocka_unit_test(test_average),
		cmocka_unit_test(test_remembers),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
