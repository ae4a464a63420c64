/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HOUR INT64_C(3600000)

static struct zone *
open_zone(const char *name)
{
	struct zone *zone = NULL;

	if (zone_open(name, &zone) != OK)
		fail_msg("no zone %s", name);
	return zone;
}

static void
prints(void **state)
{
	static const struct {
		int64_t ms;
		const char *zone;
		const char *printed;
	} cases[] = {
		{ 1529492270906, "America/New_York", "2018-06-20T06:57:50.906-04:00" },
		{ 0, "UTC", "1970-01-01T00:00:00.000+00:00" },
		{ -1, "UTC", "1969-12-31T23:59:59.999+00:00" },
		{ -1, "America/New_York", "1969-12-31T18:59:59.999-05:00" },
		{ 1299999599999, "America/New_York", "2011-03-13T01:59:59.999-05:00" },
		{ 1299999600000, "America/New_York", "2011-03-13T03:00:00.000-04:00" },
		{ 1320559199999, "America/New_York", "2011-11-06T01:59:59.999-04:00" },
		{ 1320559200000, "America/New_York", "2011-11-06T01:00:00.000-05:00" },
		{ 2540000000000, "America/New_York", "2050-06-27T23:33:20.000-04:00" },
		{ 4102444800000, "America/New_York", "2099-12-31T19:00:00.000-05:00" },
		{ 4118000000000, "America/New_York", "2100-06-29T20:53:20.000-04:00" },
		{ 1325239199999, "Pacific/Apia", "2011-12-29T23:59:59.999-10:00" },
		{ 1325239200000, "Pacific/Apia", "2011-12-31T00:00:00.000+14:00" },
		{ 1700000000000, "Asia/Kathmandu", "2023-11-15T03:58:20.000+05:45" },
		{ 1700000000000, "EST5EDT", "2023-11-14T17:13:20.000-05:00" },
		{ 1700000000000, "Etc/GMT+5", "2023-11-14T17:13:20.000-05:00" },
		{ 0, "Africa/Monrovia", "1969-12-31T23:16:00.000-00:44" },
		{ 951782400000, "UTC", "2000-02-29T00:00:00.000+00:00" },
		{ 4107542400000, "UTC", "2100-03-01T00:00:00.000+00:00" },
		{ -62135596800000, "UTC", "0001-01-01T00:00:00.000+00:00" },
		{ -62135596800000, "America/New_York", "0001-01-01T00:00:00.000+00:00" },
		{ 253402300799999, "UTC", "9999-12-31T23:59:59.999+00:00" },
		{ 253402300799999, "Asia/Tokyo", "9999-12-31T23:59:59.999+00:00" },
		{ INT64_MIN, "Asia/Tokyo", "0001-01-01T09:18:00.000+09:18" },
		{ INT64_MAX, "UTC", "9999-12-31T23:59:59.999+00:00" },
	};
	char printed[INSTANT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zone *zone = open_zone(cases[i].zone);
		size_t length = instant_print((instant){ cases[i].ms }, zone, printed);

		if (length != strlen(printed) || strcmp(printed, cases[i].printed) != 0)
			fail_msg("%s: printed %s", cases[i].printed, printed);
		zone_close(zone);
	}
}

static void
no_zone(void **state)
{
	static const char *const cases[] = { "", "Nowhere", "America", "America/",
		"America/Nowhere", "america/new_york", "/usr/share/zoneinfo/UTC",
		"../zoneinfo/UTC", "Etc/../UTC", "+05:00", "GMT+5", "Z", "05",
		"PST8PDT,M3.2.0,M11.1.0", ":UTC", "UTC ", " UTC", "zone.tab", "tzdata.zi",
		"posix/UTC", "right/UTC", "posixrules", "localtime", "A\n",
		"AVeryLongNameAVeryLongNameAVeryLongNameAVeryLongNameAVeryLongName" };
	struct zone *zone = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (zone_open(cases[i], &zone) != NOT_FOUND || zone != NULL)
			fail_msg("%s", cases[i]);
	zone_close(NULL);
}

static const char *const zones[] = { "UTC", "America/New_York", "America/St_Johns",
	"America/Sao_Paulo", "America/Havana", "America/Nuuk", "Europe/London",
	"Europe/Berlin", "Africa/Casablanca", "Africa/Cairo", "Africa/Monrovia",
	"Asia/Tehran", "Asia/Kolkata", "Asia/Gaza", "Asia/Manila", "Australia/Lord_Howe",
	"Pacific/Apia", "Pacific/Chatham", "Pacific/Kwajalein", "America/Juneau",
	"Antarctica/Troll" };

static void
print_as_libc(int64_t seconds, char out[static 64])
{
	time_t when = (time_t)seconds;
	struct tm tm;
	long offset;

	assert_non_null(localtime_r(&when, &tm));
	offset = tm.tm_gmtoff / 60;
	when += offset * 60;
	assert_non_null(gmtime_r(&when, &tm));
	snprintf(out, 64, "%04d-%02d-%02dT%02d:%02d:%02d.000%c%02ld:%02ld",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec, offset < 0 ? '-' : '+', labs(offset) / 60, labs(offset) % 60);
}

/* The C library reads the same files with other code. */
static void
agrees_with_libc(void **state)
{
	const int64_t step = 86400 * 5 + 4321;
	char printed[INSTANT_MAX];
	char expected[64];

	(void)state;
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct zone *zone = open_zone(zones[i]);

		setenv("TZ", zones[i], 1);
		tzset();
		for (int64_t s = -3000000000; s < 5000000000; s += step) {
			instant_print((instant){ s * 1000 }, zone, printed);
			print_as_libc(s, expected);
			if (strcmp(printed, expected) != 0)
				fail_msg("%s: %s, %s", zones[i], printed, expected);
		}
		zone_close(zone);
	}
	unsetenv("TZ");
	tzset();
}

/* A day begins where the day before ends. */
static void
days_begin(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct zone *zone = open_zone(zones[i]);
		instant before = date_begin((date){ -20001 }, zone);

		for (int32_t d = -20000; d < 50000; d++) {
			instant begin = date_begin((date){ d }, zone);
			instant end = { begin.ms - 1 };
			int64_t length = begin.ms - before.ms;

			if (instant_date(begin, zone).days < d ||
			    instant_date(end, zone).days >= d)
				fail_msg("%s: day %d", zones[i], d);
			/* Days left out have no length; others lose or win some hours. */
			if (length != 0 && (length < 20 * HOUR || length > 48 * HOUR))
				fail_msg("%s: length of day %d", zones[i], d - 1);
			before = begin;
		}
		zone_close(zone);
	}
}

static void
odd_days(void **state)
{
	static const struct {
		const char *zone;
		const char *day;
		const char *begin;
	} cases[] = {
		{ "UTC", "2030-01-02", "2030-01-02T00:00:00.000+00:00" },
		{ "America/New_York", "2011-03-13", "2011-03-13T00:00:00.000-05:00" },
		{ "America/New_York", "2011-03-14", "2011-03-14T00:00:00.000-04:00" },
		{ "America/Sao_Paulo", "2017-10-15", "2017-10-15T01:00:00.000-02:00" },
		{ "America/Havana", "2024-11-03", "2024-11-03T00:00:00.000-04:00" },
		{ "America/St_Johns", "2010-11-07", "2010-11-07T00:00:00.000-02:30" },
		{ "Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00.000+14:00" },
		{ "Pacific/Kwajalein", "1993-08-21", "1993-08-22T00:00:00.000+12:00" },
		{ "America/New_York", "0001-01-01", "0001-01-01T00:00:00.000-04:56" },
		{ "Asia/Tokyo", "9999-12-31", "9999-12-31T00:00:00.000+09:00" },
	};
	char printed[INSTANT_MAX];
	date day;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zone *zone = open_zone(cases[i].zone);

		assert_int_equal(date_parse(text_of(cases[i].day), &day), OK);
		instant_print(date_begin(day, zone), zone, printed);
		if (strcmp(printed, cases[i].begin) != 0)
			fail_msg("%s: printed %s", cases[i].begin, printed);
		zone_close(zone);
	}
}

static void
dates(void **state)
{
	static const struct {
		const char *source;
		int32_t days;
	} cases[] = {
		{ "1970-01-01", 0 },
		{ "1969-12-31", -1 },
		{ "2000-02-29", 11016 },
		{ "2000-03-01", 11017 },
		{ "2030-01-02", 21916 },
		{ "2100-02-28", 47540 },
		{ "2100-03-01", 47541 },
		{ "0001-01-01", -719162 },
		{ "9999-12-31", 2932896 },
	};
	char printed[DATE_MAX];
	date day;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (date_parse(text_of(cases[i].source), &day) != OK ||
		    day.days != cases[i].days)
			fail_msg("%s: read", cases[i].source);
		assert_int_equal(date_print(day, printed), 10);
		assert_string_equal(printed, cases[i].source);
	}
}

static void
no_date(void **state)
{
	static const char *const cases[] = { "", "2030", "2030-1-2", "2030-01-2",
		"2030-01-022", "20300102", "2030/01/02", "2030-02-30", "2030-02-29",
		"2100-02-29", "1900-02-29", "2030-04-31", "2030-00-01", "2030-13-01",
		"2030-01-00", "2030-01-32", "2030-03-00", "0000-01-01", "0000-12-31",
		"10000-01-01", "-001-01-01", "+203-01-01", " 2030-01-0", "2030-01-0 ",
		"203a-01-01", "2030-01-02T00:00:00Z", "9999-12-32", "2030-99-99" };
	date day = { 42 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (date_parse(text_of(cases[i]), &day) != INVALID || day.days != 42)
			fail_msg("%s", cases[i]);
	assert_int_equal(date_parse((text){ NULL, 0 }, &day), INVALID);
}

/* Every day there is: they follow each other in text, too, and can be read again. */
static void
all_dates(void **state)
{
	char before[DATE_MAX] = "";
	char printed[DATE_MAX];
	date back;

	(void)state;
	for (int32_t d = -719162; d <= 2932896; d++) {
		assert_int_equal(date_print((date){ d }, printed), 10);
		assert_true(strcmp(before, printed) < 0);
		assert_int_equal(date_parse((text){ printed, 10 }, &back), OK);
		assert_int_equal(back.days, d);
		memcpy(before, printed, sizeof(before));
	}
}

static void
now(void **state)
{
	int64_t seconds = (int64_t)time(NULL);
	instant when = instant_now();

	(void)state;
	assert_true(when.ms / 1000 >= seconds && when.ms / 1000 <= seconds + 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints),
		cmocka_unit_test(no_zone),
		cmocka_unit_test(agrees_with_libc),
		cmocka_unit_test(days_begin),
		cmocka_unit_test(odd_days),
		cmocka_unit_test(dates),
		cmocka_unit_test(no_date),
		cmocka_unit_test(all_dates),
		cmocka_unit_test(now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
