/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include <stdbool.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MINUTE INT64_C(60000)
#define DAY    (1440 * MINUTE)
#define FIRST  (INT64_C(-719162) * DAY)
#define LAST   (INT64_C(2932897) * DAY - 1)

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static int64_t
digits(const char *at, int width)
{
	int64_t value = 0;

	for (int i = 0; i < width; i++) {
		must(at[i] >= '0' && at[i] <= '9');
		value = 10 * value + (at[i] - '0');
	}
	return value;
}

/* The instant that a printed text stands for; whatever a zone does, it is exact. */
static int64_t
read_back(const char *at)
{
	static const char form[] = "0000-00-00T00:00:00.000+00:00";
	int64_t minutes = digits(at + 24, 2) * 60 + digits(at + 27, 2);
	int64_t ms = digits(at + 11, 2) * 60 + digits(at + 14, 2);
	date day;

	must(strlen(at) == sizeof(form) - 1);
	for (size_t i = 0; i < sizeof(form) - 1; i++)
		must(at[i] == form[i] || form[i] == '0' || (i == 23 && at[i] == '-'));
	must(digits(at + 11, 2) < 24 && digits(at + 14, 2) < 60 &&
	     digits(at + 17, 2) < 60);
	must(digits(at + 27, 2) < 60 && minutes < 16 * 60);
	must(date_parse((text){ at, 10 }, &day) == OK);
	ms = ms * MINUTE + digits(at + 17, 2) * 1000 + digits(at + 20, 3);
	return day.days * DAY + ms - (at[23] == '-' ? -minutes : minutes) * MINUTE;
}

static void
check_instant(int64_t ms, const struct zone *zone)
{
	int64_t within = ms < FIRST ? FIRST : ms > LAST ? LAST : ms;
	char printed[INSTANT_MAX];
	char day[DATE_MAX];
	date on = instant_date((instant){ ms }, zone);

	must(instant_print((instant){ ms }, zone, printed) == strlen(printed));
	must(read_back(printed) == within);
	if (within < FIRST + DAY || within > LAST - DAY)
		return;
	must(date_print(on, day) == 10 && memcmp(day, printed, 10) == 0);
}

/* A day begins with the first instant that is on it or after it. */
static void
check_day(int32_t days, const struct zone *zone)
{
	instant begin = date_begin((date){ days }, zone);
	instant next = date_begin((date){ days + 1 }, zone);

	if (begin.ms <= FIRST || next.ms >= LAST)
		return;
	must(begin.ms <= next.ms);
	must(instant_date(begin, zone).days >= days);
	must(instant_date((instant){ begin.ms - 1 }, zone).days < days);
}

static void
check_date(text source)
{
	char printed[DATE_MAX];
	date day;

	if (date_parse(source, &day) != OK)
		return;
	must(day.days >= FIRST / DAY && day.days <= LAST / DAY);
	must(date_print(day, printed) == 10);
	must(text_equal(text_of(printed), source));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "UTC", "America/New_York", "Pacific/Apia",
		"America/Sao_Paulo", "Africa/Monrovia", "Australia/Lord_Howe",
		"America/Havana", "Asia/Kathmandu", "Europe/Berlin" };
	static struct zone *zones[COUNT(names)];
	size_t which = size == 0 ? 0 : data[0] % COUNT(names);
	int64_t ms;

	check_date((text){ (const char *)data, size });
	if (size < 1 + sizeof(ms))
		return 0;
	if (zones[which] == NULL)
		must(zone_open(names[which], &zones[which]) == OK);
	memcpy(&ms, data + 1, sizeof(ms));
	check_instant(ms, zones[which]);
	/* Of 64 random bits hardly any make an instant that a calendar has. */
	ms = FIRST + (int64_t)((uint64_t)ms % (uint64_t)(LAST - FIRST));
	check_instant(ms, zones[which]);
	check_day((int32_t)(ms / DAY), zones[which]);
	/* Times that people live in, and that the table of a zone holds. */
	ms = ms % (200 * 365 * DAY);
	check_instant(ms, zones[which]);
	check_day((int32_t)(ms / DAY), zones[which]);
	return 0;
}
