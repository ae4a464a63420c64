/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include "base/result.h"
#include "base/text.h"

#include <stdint.h>

/* A point in time: milliseconds since 1970-01-01T00:00:00Z. */
typedef struct instant {
	int64_t ms;
} instant;

/* A day of the proleptic Gregorian calendar: days since 1970-01-01. */
typedef struct date {
	int32_t days;
} date;

/* The rules of a time zone.  Safe from any thread, never changes. */
struct zone;

enum {
	INSTANT_MAX = 32, /* "2018-06-20T06:57:50.906-04:00" and its NUL */
	DATE_MAX = 16,
};

/* The present, from the system's clock. */
instant instant_now(void);

/*
 * NOT_FOUND if the tz database has no zone of that name ("America/New_York"); "UTC" is
 * always there.  Reads a file and takes a millisecond or two: keep the zone.  Offsets
 * are cut to whole minutes, so that what is printed is exact: zones had seconds long ago.
 */
MUST_USE enum result zone_open(const char *name, struct zone **out);
void zone_close(struct zone *zone);

/*
 * Writes "2018-06-20T06:57:50.906-04:00": milliseconds, and always a numeric offset
 * ("+00:00", never "Z").  For instants of the years 0001 to 9999, others become the
 * nearest that is.  Returns the length.
 */
size_t instant_print(instant when, const struct zone *zone, char out[static INSTANT_MAX]);

/* The day that an instant falls on in a zone. */
date instant_date(instant when, const struct zone *zone);

/*
 * The first instant of a day in a zone (not always 00:00: some days begin at 01:00), or
 * of the next one if the zone left that day out.
 */
instant date_begin(date day, const struct zone *zone);

/* Reads "2030-01-02", years 0001 to 9999; INVALID for anything else ("2030-02-30"). */
MUST_USE enum result date_parse(text source, date *out);
size_t date_print(date day, char out[static DATE_MAX]);

#endif
