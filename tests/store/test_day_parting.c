/* SPDX-License-Identifier: Apache-2.0 */
#include "model/day_parting.h"

#include "tenant.h"

enum { SUNDAY, MONDAY, TUESDAY, SATURDAY = 6 };

static int64_t
new_campaign(const struct scope *scope)
{
	return tenant_campaign(scope, "{\"name\":\"a\"}").id;
}

/* "0 4-20, 1 9-12": days and hours, in order. */
static const char *
listed(const struct scope *scope, int64_t campaign_id)
{
	struct day_parting *ranges;
	text all = TEXT("");
	size_t count;

	assert_int_equal(day_parting_list(scope, campaign_id, &ranges, &count), OK);
	for (size_t i = 0; i < count; i++)
		all = arena_print(scope->arena, "%s%s%d %d-%d", all.at, i > 0 ? ", " : "",
		    ranges[i].day, ranges[i].from_hour, ranges[i].to_hour);
	return all.at;
}

static void
test_new_campaign(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;

	assert_string_equal(listed(scope, new_campaign(scope)),
	    "0 4-20, 1 4-20, 2 4-20, 3 4-20, 4 4-20, 5 4-20, 6 4-20");
	assert_string_equal(listed(scope, 999), "");
}

static void
test_edit(void **state)
{
	static const struct {
		const char *name;
		struct day_parting given[3];
		size_t count;
		bool changed;
		const char *listed;
	} cases[] = {
		{ "nothing", { { 0 } }, 0, false,
		    "0 4-20, 1 4-20, 2 4-20, 3 4-20, 4 4-20, 5 4-20, 6 4-20" },
		{ "as it is",
		    { { .day = MONDAY, .from_hour = 4, .to_hour = 20 },
			{ .day = SATURDAY, .from_hour = 4, .to_hour = 20 } },
		    2, false, "0 4-20, 1 4-20, 2 4-20, 3 4-20, 4 4-20, 5 4-20, 6 4-20" },
		{ "one day", { { .day = MONDAY, .from_hour = 9, .to_hour = 17 } }, 1,
		    true, "0 4-20, 1 9-17, 2 4-20, 3 4-20, 4 4-20, 5 4-20, 6 4-20" },
		{ "several ranges in any order",
		    { { .day = TUESDAY, .from_hour = 12, .to_hour = 24 },
			{ .day = SUNDAY, .from_hour = 0, .to_hour = 24 },
			{ .day = TUESDAY, .from_hour = 0, .to_hour = 12 } },
		    3, true,
		    "0 0-24, 1 9-17, 2 0-12, 2 12-24, 3 4-20, 4 4-20, 5 4-20, 6 4-20" },
		{ "the same in another order",
		    { { .day = TUESDAY, .from_hour = 0, .to_hour = 12 },
			{ .day = TUESDAY, .from_hour = 12, .to_hour = 24 } },
		    2, false,
		    "0 0-24, 1 9-17, 2 0-12, 2 12-24, 3 4-20, 4 4-20, 5 4-20, 6 4-20" },
		{ "fewer", { { .day = TUESDAY, .from_hour = 0, .to_hour = 12 } }, 1, true,
		    "0 0-24, 1 9-17, 2 0-12, 3 4-20, 4 4-20, 5 4-20, 6 4-20" },
	};
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope), other = new_campaign(scope);
	bool changed;

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("%s\n", cases[i].name);
		assert_int_equal(day_parting_edit(scope, campaign, cases[i].given,
				     cases[i].count, &changed),
		    OK);
		assert_int_equal(changed, cases[i].changed);
		assert_string_equal(listed(scope, campaign), cases[i].listed);
	}
	assert_string_equal(listed(scope, other), cases[0].listed);
}

/* What the check should have refused, the table does. */
static void
test_hours_that_are_none(void **state)
{
	static const struct day_parting cases[] = {
		{ .day = MONDAY, .from_hour = 9, .to_hour = 9 },
		{ .day = MONDAY, .from_hour = 9, .to_hour = 25 },
		{ .day = MONDAY, .from_hour = -1, .to_hour = 9 },
	};
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope);
	bool changed;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    day_parting_edit(scope, campaign, &cases[i], 1, &changed), CONFLICT);
}

static void
test_check(void **state)
{
	static const struct {
		const char *name;
		struct day_parting given[3];
		size_t count;
		const char *problem;
	} cases[] = {
		{ "none", { { 0 } }, 0, NULL },
		{ "side by side",
		    { { .day = MONDAY, .from_hour = 9, .to_hour = 12 },
			{ .day = MONDAY, .from_hour = 12, .to_hour = 24 } },
		    2, NULL },
		{ "the same hours of other days",
		    { { .day = MONDAY, .from_hour = 9, .to_hour = 12 },
			{ .day = TUESDAY, .from_hour = 9, .to_hour = 12 } },
		    2, NULL },
		{ "overlapping",
		    { { .day = MONDAY, .from_hour = 9, .to_hour = 13 },
			{ .day = MONDAY, .from_hour = 12, .to_hour = 24 } },
		    2, "has ranges that overlap on monday" },
		{ "twice",
		    { { .day = SUNDAY, .from_hour = 9, .to_hour = 13 },
			{ .day = SUNDAY, .from_hour = 9, .to_hour = 13 } },
		    2, "has ranges that overlap on sunday" },
		{ "one within another, out of order",
		    { { .day = SATURDAY, .from_hour = 10, .to_hour = 11 },
			{ .day = MONDAY, .from_hour = 0, .to_hour = 1 },
			{ .day = SATURDAY, .from_hour = 0, .to_hour = 24 } },
		    3, "has ranges that overlap on saturday" },
	};
	struct tenant *tenant = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct problems problems;

		print_message("%s\n", cases[i].name);
		problems_init(&problems, tenant->scope.arena);
		day_parting_check(cases[i].given, cases[i].count, &problems);
		assert_int_equal(problems.count, cases[i].problem == NULL ? 0 : 1);
		if (cases[i].problem == NULL)
			continue;
		assert_string_equal(problems.first->attribute, "day_partings");
		assert_text(problems.first->message, cases[i].problem);
	}
}

static void
test_too_many(void **state)
{
	struct tenant *tenant = *state;
	struct day_parting ranges[DAY_PARTING_MAX + 1] = { { 0 } };
	struct problems problems;

	for (int i = 0; i < DAY_PARTING_MAX; i++)
		ranges[i] = (struct day_parting){
			.day = i / 12, .from_hour = i % 12 * 2, .to_hour = i % 12 * 2 + 2
		};
	problems_init(&problems, tenant->scope.arena);
	day_parting_check(ranges, DAY_PARTING_MAX, &problems);
	assert_int_equal(problems.count, 0);
	day_parting_check(ranges, DAY_PARTING_MAX + 1, &problems);
	assert_int_equal(problems.count, 1);
	assert_text(problems.first->message, "must have at most 84 ranges");

	for (int i = 0; i < 13; i++)
		ranges[i] = (struct day_parting){ .from_hour = i, .to_hour = i + 1 };
	problems_init(&problems, tenant->scope.arena);
	day_parting_check(ranges, 13, &problems);
	assert_int_equal(problems.count, 1);
	assert_text(problems.first->message, "must have at most 12 ranges for sunday");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_new_campaign),
		TENANT_TEST(test_edit),
		TENANT_TEST(test_hours_that_are_none),
		TENANT_TEST(test_check),
		TENANT_TEST(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
