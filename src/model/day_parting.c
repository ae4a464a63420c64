/* SPDX-License-Identifier: Apache-2.0 */
#include "model/day_parting.h"

#include <stdlib.h>

enum { FROM_HOUR = 4, TO_HOUR = 20, RANGES_A_DAY = DAY_PARTING_MAX / DAY_PARTING_DAYS };

const char *const day_parting_days[] = { "sunday", "monday", "tuesday", "wednesday",
	"thursday", "friday", "saturday", NULL };

static const struct query insert = { "day_parting.insert", "iiiii",
	"INSERT INTO day_partings (organization_id, campaign_id, day, from_hour, to_hour)"
	" VALUES ($1, $2, $3, $4, $5)" };

static const struct query by_campaign = { "day_parting.by_campaign", "i",
	"SELECT id, day, from_hour, to_hour FROM day_partings WHERE campaign_id = $1"
	" ORDER BY day, from_hour" };

static const struct query delete_day = { "day_parting.delete_day", "ii",
	"DELETE FROM day_partings WHERE campaign_id = $1 AND day = $2" };

const struct query *const day_parting_queries[] = { &insert, &by_campaign, &delete_day,
	NULL };

static enum result
day_parting_create(
    const struct scope *scope, int64_t campaign_id, const struct day_parting *range)
{
	return db_run(scope->db, &insert,
	    ARGS(db_int(scope->organization_id), db_int(campaign_id), db_int(range->day),
		db_int(range->from_hour), db_int(range->to_hour)));
}

enum result
day_parting_create_all(const struct scope *scope, int64_t campaign_id)
{
	struct day_parting range = { .from_hour = FROM_HOUR, .to_hour = TO_HOUR };
	enum result r = OK;

	for (range.day = 0; range.day < DAY_PARTING_DAYS && r == OK; range.day++)
		r = day_parting_create(scope, campaign_id, &range);
	return r;
}

enum result
day_parting_list(const struct scope *scope, int64_t campaign_id, struct day_parting **out,
    size_t *out_count)
{
	struct day_parting *ranges;
	struct db_rows rows;
	enum result r;

	r = db_all(
	    scope->db, scope->arena, &by_campaign, ARGS(db_int(campaign_id)), &rows);
	if (r != OK)
		return r;
	ranges = NEW_ARRAY(scope->arena, struct day_parting, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		const struct db_row *row = &rows.rows[i];

		ranges[i] = (struct day_parting){
			.id = db_row_int(row, 0),
			.day = (int)db_row_int(row, 1),
			.from_hour = (int)db_row_int(row, 2),
			.to_hour = (int)db_row_int(row, 3),
		};
	}
	*out = ranges;
	*out_count = rows.count;
	return OK;
}

static int
compare(const void *a, const void *b)
{
	const struct day_parting *x = a, *y = b;

	return x->day != y->day ? x->day - y->day : x->from_hour - y->from_hour;
}

/* The ranges of one day, in order of their hours; returns how many. */
static size_t
of_day(const struct day_parting *ranges, size_t count, int day, struct day_parting *out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (ranges[i].day == day)
			out[n++] = ranges[i];
	qsort(out, n, sizeof *out, compare);
	return n;
}

static bool
same_hours(const struct day_parting *a, size_t a_count, const struct day_parting *b,
    size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++)
		if (a[i].from_hour != b[i].from_hour || a[i].to_hour != b[i].to_hour)
			return false;
	return true;
}

static enum result
replace_day(const struct scope *scope, int64_t campaign_id, int day,
    const struct day_parting *ranges, size_t count)
{
	enum result r;

	r = db_run(scope->db, &delete_day, ARGS(db_int(campaign_id), db_int(day)));
	for (size_t i = 0; i < count && r == OK; i++)
		r = day_parting_create(scope, campaign_id, &ranges[i]);
	return r;
}

enum result
day_parting_edit(const struct scope *scope, int64_t campaign_id,
    const struct day_parting *given, size_t count, bool *out_changed)
{
	struct day_parting *stored, *old, *new;
	size_t stored_count;
	enum result r;

	*out_changed = false;
	r = day_parting_list(scope, campaign_id, &stored, &stored_count);
	if (r != OK)
		return r;
	old = NEW_ARRAY(scope->arena, struct day_parting, stored_count);
	new = NEW_ARRAY(scope->arena, struct day_parting, count);
	for (int day = 0; day < DAY_PARTING_DAYS && r == OK; day++) {
		size_t old_count = of_day(stored, stored_count, day, old);
		size_t new_count = of_day(given, count, day, new);

		if (new_count == 0 || same_hours(old, old_count, new, new_count))
			continue;
		*out_changed = true;
		r = replace_day(scope, campaign_id, day, new, new_count);
	}
	return r;
}

void
day_parting_check(
    const struct day_parting *given, size_t count, struct problems *problems)
{
	struct day_parting ranges[DAY_PARTING_MAX];

	if (count > DAY_PARTING_MAX) {
		problems_add(problems, "day_partings", "must have at most %d ranges",
		    DAY_PARTING_MAX);
		return;
	}
	for (int day = 0; day < DAY_PARTING_DAYS; day++) {
		size_t n = of_day(given, count, day, ranges);

		if (n > RANGES_A_DAY)
			problems_add(problems, "day_partings",
			    "must have at most %d ranges for %s", RANGES_A_DAY,
			    day_parting_days[day]);
		for (size_t i = 1; i < n; i++)
			if (ranges[i].from_hour < ranges[i - 1].to_hour) {
				problems_add(problems, "day_partings",
				    "has ranges that overlap on %s",
				    day_parting_days[day]);
				break;
			}
	}
}
