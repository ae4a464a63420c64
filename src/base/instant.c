/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include <glib.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

enum {
	FIRST_DAY = -719162,    /* 0001-01-01 */
	LAST_DAY = 2932896,     /* 9999-12-31 */
	MARCH_OF_0 = -719468,   /* 0000-03-01 */
	TABLE_LAST_DAY = 47482, /* 2100-01-01 */
	INTERVALS_MAX = 512,
	NAME_MAX_LENGTH = 64,
};

/* A time during which a zone's distance from UTC stays. */
struct interval {
	int64_t begin; /* ms */
	int64_t offset;
};

/*
 * The table holds the intervals from 1970 to its end, in order and without gaps; what
 * is outside is asked of the library, ten times more slowly.
 */
struct zone {
	GTimeZone *rules;
	int64_t table_end;
	size_t count;
	struct interval table[];
};

struct civil {
	unsigned year;
	unsigned month;
	unsigned day;
};

instant
instant_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (instant){ (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 };
}

/* Names that the tz database could have: no way out of its directory, no dot files. */
static bool
name_plausible(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > NAME_MAX_LENGTH || !g_ascii_isupper(name[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!g_ascii_isalnum(name[i]) && strchr("_+-/", name[i]) == NULL)
			return false;
	return true;
}

static bool
is_zone_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char magic[4];
	bool is;

	if (file == NULL)
		return false;
	is = fread(magic, sizeof(magic), 1, file) == 1 && memcmp(magic, "TZif", 4) == 0;
	(void)fclose(file);
	return is;
}

/* The library also takes offsets and rules for names, but never for a path. */
static GTimeZone *
rules_open(const char *name)
{
	const char *folder = getenv("TZDIR");
	char path[PATH_MAX];
	int length;

	if (strcmp(name, "UTC") == 0)
		return g_time_zone_new_utc();
	if (!name_plausible(name))
		return NULL;
	if (folder == NULL || folder[0] != '/')
		folder = "/usr/share/zoneinfo";
	length = snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (length < 0 || (size_t)length >= sizeof(path) || !is_zone_file(path))
		return NULL;
	return g_time_zone_new_identifier(path);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int
rules_interval(GTimeZone *rules, int64_t seconds)
{
	return g_time_zone_find_interval(rules, G_TIME_TYPE_UNIVERSAL, seconds);
}

static int64_t
rules_offset(GTimeZone *rules, int interval)
{
	return g_time_zone_get_offset(rules, interval) / 60 * MINUTE_MS;
}

/* Where the interval that a second is in ends, or the limit if that comes first. */
static int64_t
interval_end(GTimeZone *rules, int64_t seconds, int64_t limit)
{
	int interval = rules_interval(rules, seconds);
	int64_t inside = seconds;
	int64_t outside = limit;

	while (outside - inside > 1) {
		int64_t middle = inside + (outside - inside) / 2;

		if (rules_interval(rules, middle) == interval)
			inside = middle;
		else
			outside = middle;
	}
	return outside;
}

/* Lists the intervals from 1970 on and returns the end of the last one, in ms. */
static int64_t
table_fill(GTimeZone *rules, struct interval table[static INTERVALS_MAX], size_t *out)
{
	const int64_t limit = TABLE_LAST_DAY * (DAY_MS / 1000);
	int64_t seconds = 0;
	size_t count = 0;

	while (seconds < limit) {
		int64_t offset = rules_offset(rules, rules_interval(rules, seconds));

		if (count == 0 || table[count - 1].offset != offset) {
			if (count == INTERVALS_MAX)
				break;
			table[count++] = (struct interval){ seconds * 1000, offset };
		}
		seconds = interval_end(rules, seconds, limit);
	}
	*out = count;
	return seconds * 1000;
}

enum result
zone_open(const char *name, struct zone **out)
{
	struct interval table[INTERVALS_MAX];
	GTimeZone *rules = rules_open(name);
	struct zone *zone;
	int64_t end;
	size_t count;

	if (rules == NULL)
		return NOT_FOUND;
	end = table_fill(rules, table, &count);
	zone = malloc(sizeof(*zone) + count * sizeof(table[0]));
	if (zone == NULL)
		abort();
	zone->rules = rules;
	zone->table_end = end;
	zone->count = count;
	memcpy(zone->table, table, count * sizeof(table[0]));
	*out = zone;
	return OK;
}

void
zone_close(struct zone *zone)
{
	if (zone == NULL)
		return;
	g_time_zone_unref(zone->rules);
	free(zone);
}

static int64_t
zone_offset(const struct zone *zone, int64_t ms)
{
	const struct interval *at = zone->table;
	size_t left = zone->count;

	if (ms < 0 || ms >= zone->table_end)
		return rules_offset(
		    zone->rules, rules_interval(zone->rules, floor_div(ms, 1000)));
	/* The interval searched for is always among the ones that are left. */
	while (left > 1) {
		size_t half = left / 2;

		if (at[half].begin <= ms)
			at += half;
		left -= half;
	}
	return at->offset;
}

static instant
clamp(instant when)
{
	if (when.ms < FIRST_DAY * DAY_MS)
		return (instant){ FIRST_DAY * DAY_MS };
	if (when.ms >= (LAST_DAY + 1) * DAY_MS)
		return (instant){ (LAST_DAY + 1) * DAY_MS - 1 };
	return when;
}

/*
 * Years are taken to begin in March, so that the day that is only sometimes there is the
 * last one.  Months from March on then have 153 days in every five.
 */
static struct civil
civil_of(date day)
{
	unsigned days = (unsigned)(day.days - MARCH_OF_0);
	unsigned century = (4 * days + 3) / 146097;
	unsigned year;
	unsigned month;

	days -= 146097 * century / 4;
	year = (4 * days + 3) / 1461;
	days -= 1461 * year / 4;
	month = (5 * days + 2) / 153;
	return (struct civil){
		.year = 100 * century + year + (month >= 10),
		.month = month >= 10 ? month - 9 : month + 3,
		.day = days - (153 * month + 2) / 5 + 1,
	};
}

static date
date_of(struct civil civil)
{
	unsigned year = civil.month > 2 ? civil.year : civil.year - 1;
	unsigned month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
	unsigned days = 365 * year + year / 4 - year / 100 + year / 400;

	days += (153 * month + 2) / 5 + civil.day - 1;
	return (date){ (int32_t)days + MARCH_OF_0 };
}

static char *
print_digits(unsigned value, int width, char *out)
{
	for (int i = width - 1; i >= 0; i--, value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + width;
}

static char *
print_day(date day, char *out)
{
	struct civil civil = civil_of(day);

	out = print_digits(civil.year, 4, out);
	*out++ = '-';
	out = print_digits(civil.month, 2, out);
	*out++ = '-';
	return print_digits(civil.day, 2, out);
}

static char *
print_time(unsigned ms, char *out)
{
	out = print_digits(ms / (unsigned)HOUR_MS, 2, out);
	*out++ = ':';
	out = print_digits(ms / (unsigned)MINUTE_MS % 60, 2, out);
	*out++ = ':';
	out = print_digits(ms / 1000 % 60, 2, out);
	*out++ = '.';
	return print_digits(ms % 1000, 3, out);
}

static char *
print_offset(int64_t offset, char *out)
{
	unsigned minutes = (unsigned)(llabs(offset) / MINUTE_MS);

	*out++ = offset < 0 ? '-' : '+';
	out = print_digits(minutes / 60, 2, out);
	*out++ = ':';
	return print_digits(minutes % 60, 2, out);
}

size_t
instant_print(instant when, const struct zone *zone, char out[static INSTANT_MAX])
{
	int64_t utc = clamp(when).ms;
	int64_t offset = zone_offset(zone, utc);
	int64_t day = floor_div(utc + offset, DAY_MS);
	char *end = out;

	/* On the first and the last day a zone could lead to a year of another width. */
	if (day < FIRST_DAY || day > LAST_DAY) {
		offset = 0;
		day = floor_div(utc, DAY_MS);
	}
	end = print_day((date){ (int32_t)day }, end);
	*end++ = 'T';
	end = print_time((unsigned)(utc + offset - day * DAY_MS), end);
	end = print_offset(offset, end);
	*end = '\0';
	return (size_t)(end - out);
}

date
instant_date(instant when, const struct zone *zone)
{
	int64_t utc = clamp(when).ms;

	return (date){ (int32_t)floor_div(utc + zone_offset(zone, utc), DAY_MS) };
}

static bool
has_begun(int64_t utc, int64_t local, const struct zone *zone)
{
	return utc + zone_offset(zone, utc) >= local;
}

/* The instant in (before, after] from which a zone shows a local time or a later one. */
static int64_t
find_jump(int64_t before, int64_t after, int64_t local, const struct zone *zone)
{
	while (after - before > 1) {
		int64_t middle = before + (after - before) / 2;

		if (has_begun(middle, local, zone))
			after = middle;
		else
			before = middle;
	}
	return after;
}

instant
date_begin(date day, const struct zone *zone)
{
	int64_t local = day.days * DAY_MS;
	int64_t a = zone_offset(zone, local - 16 * HOUR_MS);
	int64_t b = zone_offset(zone, local + 16 * HOUR_MS);
	int64_t early = local - (a > b ? a : b);
	int64_t late = local - (a > b ? b : a);

	/* No zone is 16 hours from UTC, and none changes twice in 32 hours. */
	if (has_begun(early, local, zone))
		return (instant){ early };
	return (instant){ find_jump(early, late, local, zone) };
}

static bool
parse_digits(const char *at, int width, unsigned *out)
{
	*out = 0;
	for (int i = 0; i < width; i++) {
		if (!g_ascii_isdigit(at[i]))
			return false;
		*out = 10 * *out + (unsigned)(at[i] - '0');
	}
	return true;
}

enum result
date_parse(text source, date *out)
{
	struct civil civil;
	struct civil back;
	date day;

	if (source.length != 10 || source.at[4] != '-' || source.at[7] != '-' ||
	    !parse_digits(source.at, 4, &civil.year) ||
	    !parse_digits(source.at + 5, 2, &civil.month) ||
	    !parse_digits(source.at + 8, 2, &civil.day))
		return INVALID;
	if (civil.year < 1 || civil.month < 1 || civil.month > 12)
		return INVALID;
	/* A day that the month does not have comes back as one of another month. */
	day = date_of(civil);
	back = civil_of(day);
	if (civil.day < 1 || back.month != civil.month)
		return INVALID;
	*out = day;
	return OK;
}

size_t
date_print(date day, char out[static DATE_MAX])
{
	char *end = print_day(day, out);

	*end = '\0';
	return (size_t)(end - out);
}
