/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_DAY_PARTING_H
#define MODEL_DAY_PARTING_H

#include "model/model.h"

enum {
	DAY_PARTING_DAYS = 7,
	DAY_PARTING_MAX = 7 * 12, /* ranges of a campaign: at most 12 a day */
};

/*
 * Hours of a day of the week, in the organization's time zone, in which a campaign may
 * run: from
 * <= hour < to.
 */
struct day_parting {
	int64_t id;
	int day; /* 0: Sunday */
	int from_hour;
	int to_hour;
};

/* "sunday" ... "saturday", ended by NULL. */
extern const char *const day_parting_days[];

/* The default of a new campaign: every day from 4 to 20. */
MUST_USE enum result day_parting_create_all(
    const struct scope *scope, int64_t campaign_id);

/* A campaign's, by day and hour. */
MUST_USE enum result day_parting_list(const struct scope *scope, int64_t campaign_id,
    struct day_parting **out, size_t *out_count);

/*
 * Replaces the ranges of the days that are named; a day that is not keeps its own.
 * *out_changed: whether anything differs now.
 */
MUST_USE enum result day_parting_edit(const struct scope *scope, int64_t campaign_id,
    const struct day_parting *given, size_t count, bool *out_changed);

/* Adds a problem for ranges of one day that overlap, or too many of them. */
void day_parting_check(
    const struct day_parting *given, size_t count, struct problems *problems);

extern const struct query *const day_parting_queries[];

#endif
