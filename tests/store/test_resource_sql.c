/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include "resource/resource.h"

/* A row of every kind. */
struct thing {
	struct row row;
	int64_t id;
	int64_t owner;
	int64_t number;
	bool on;
	text name;
	text note;
	money price;
	unsigned color;
	struct flags sides;
	instant seen;
	date day;
	struct ipaddr from;
	int64_t hits;
	int64_t computed;
};

static const char *const colors[] = { "red", "green", "blue", NULL };

#define F(member, kind, ...) FIELD(struct thing, member, kind, __VA_ARGS__)

static const struct field fields[] = {
	F(id, ID, .flags = FIELD_READ_ONLY),
	F(owner, ID, .flags = FIELD_ONCE),
	F(number, INT, .initial = "5"),
	F(on, BOOL, .initial = "true", .column = "is_on"),
	F(name, TEXT, .flags = FIELD_REQUIRED),
	F(note, TEXT, .flags = FIELD_NULLABLE),
	F(price, MONEY, .initial = "15.0"),
	F(color, CHOICE, .choices = colors, .initial = "green"),
	F(sides, FLAGS, .choices = colors, .initial = "{\"red\":true}"),
	F(seen, INSTANT, .flags = FIELD_READ_ONLY),
	F(day, DATE, .flags = FIELD_NULLABLE),
	F(from, IPADDR, .flags = FIELD_READ_ONLY, .column = "came_from"),
	F(hits, INT, .initial = "0", .flags = FIELD_COUNTER),
	F(computed, INT, .initial = "7", .flags = FIELD_COMPUTED),
};

static const struct resource_select selects[] = {
	{ "thing.by_id", "i", "WHERE id = $1" },
};

static const struct resource thing_resource = {
	.name = "thing",
	.title = "Thing",
	.table = "made",
	.size = sizeof(struct thing),
	.fields = fields,
	.field_count = COUNT(fields),
	.selects = selects,
	.select_count = COUNT(selects),
};

/* Not strict, so that a test can put what does not fit. */
static const char schema[] =
    "CREATE TABLE made (id INTEGER PRIMARY KEY, owner, number, is_on, name, note, price,"
    " color, sides, seen, day, came_from, hits)";

static struct ipaddr
address(const char *source)
{
	struct ipaddr addr;

	assert_int_equal(ipaddr_parse(text_of(source), &addr), OK);
	return addr;
}

/* Stores a thing and finds it again. */
static struct thing
round_trip(struct store *s, const struct resource_plan *plan, const struct thing *thing)
{
	struct thing found;
	struct db_row row;

	assert_int_equal(resource_insert(plan, s->writer, &s->arena, &thing->row), OK);
	assert_int_equal(db_one(s->writer, &s->arena, &plan->selects[0],
			     ARGS(db_int(db_last_id(s->writer))), &row),
	    OK);
	assert_int_equal(resource_load(plan, &row, &found.row), OK);
	return found;
}

static void
test_extremes(void **state)
{
	const struct thing things[] = {
		{
		    .owner = INT64_MIN,
		    .number = INT64_MIN,
		    .on = false,
		    .name = TEXT(""),
		    .note = TEXT(""),
		    .price.micros = INT64_MIN,
		    .color = 0,
		    .sides = { 0, 0 },
		    .seen.ms = INT64_MIN,
		    .day.days = INT32_MIN,
		    .from = address("0.0.0.0"),
		    .hits = INT64_MIN,
		},
		{
		    .owner = INT64_MAX,
		    .number = INT64_MAX,
		    .on = true,
		    .name = TEXT("\xf0\x9f\x98\x80'\"; DROP TABLE made; --\n\x01"),
		    .note = TEXT("\xf4\x8f\xbf\xbf"),
		    .price.micros = INT64_MAX,
		    .color = 2,
		    .sides = { UINT32_MAX, UINT32_MAX },
		    .seen.ms = INT64_MAX,
		    .day.days = INT32_MAX,
		    .from = address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
		    .hits = INT64_MAX,
		},
		{
		    .number = -1,
		    .name = TEXT("a"),
		    .note = TEXT("b"),
		    .price.micros = -1,
		    .color = 1,
		    .sides = { 5, 4 },
		    .seen.ms = -1,
		    .day.days = -1,
		    .from = address("::ffff:192.0.2.1"),
		},
	};
	struct store *s = *state;
	const struct resource_plan *plan = resource_plan_new(&thing_resource, &s->arena);

	for (size_t i = 0; i < COUNT(things); i++) {
		struct thing thing = things[i], found;

		thing.row = (struct row){ 0 };
		found = round_trip(s, plan, &thing);
		assert_true(resource_equal(&thing_resource, &thing.row, &found.row));
		assert_int_equal(found.owner, thing.owner);
		assert_int_equal(found.hits, thing.hits);
		assert_int_equal(found.computed, 7);
		assert_true(found.id > 0);
		assert_int_equal(found.row.given, 0);
		assert_int_equal(found.row.null, 0);
	}
}

static void
test_nulls(void **state)
{
	struct store *s = *state;
	const struct resource_plan *plan = resource_plan_new(&thing_resource, &s->arena);
	struct thing thing, found;

	resource_init(plan, &thing.row);
	found = round_trip(s, plan, &thing);
	assert_true(resource_equal(&thing_resource, &thing.row, &found.row));
	assert_true(resource_is_null(&thing_resource, &found.row, &found.name));
	assert_true(resource_is_null(&thing_resource, &found.row, &found.day));
	assert_true(resource_is_null(&thing_resource, &found.row, &found.from));
	assert_false(resource_is_null(&thing_resource, &found.row, &found.number));
	assert_int_equal(found.number, 5);
	assert_int_equal(found.color, 1);
}

/* An edit leaves counters, what is set once, and other rows alone. */
static void
test_update(void **state)
{
	struct store *s = *state;
	const struct resource_plan *plan = resource_plan_new(&thing_resource, &s->arena);
	struct thing thing, first, second, found;
	struct db_row row;

	resource_init(plan, &thing.row);
	thing.row = (struct row){ 0 };
	thing.name = TEXT("a");
	thing.owner = 1;
	thing.hits = 2;
	thing.from = address("192.0.2.1");
	first = round_trip(s, plan, &thing);
	second = round_trip(s, plan, &thing);
	thing = second;
	thing.name = TEXT("b");
	thing.owner = 10;
	thing.hits = 20;
	resource_set_null(&thing_resource, &thing.row, &thing.day);
	assert_int_equal(resource_update(plan, s->writer, &s->arena, &thing.row), OK);
	assert_int_equal(db_changes(s->writer), 1);
	assert_int_equal(db_one(s->writer, &s->arena, &plan->selects[0],
			     ARGS(db_int(second.id)), &row),
	    OK);
	assert_int_equal(resource_load(plan, &row, &found.row), OK);
	assert_true(text_equal(found.name, TEXT("b")));
	assert_true(resource_is_null(&thing_resource, &found.row, &found.day));
	assert_int_equal(found.owner, 1);
	assert_int_equal(found.hits, 2);
	assert_int_equal(
	    db_one(s->writer, &s->arena, &plan->selects[0], ARGS(db_int(first.id)), &row),
	    OK);
	assert_int_equal(resource_load(plan, &row, &found.row), OK);
	assert_true(resource_equal(&thing_resource, &first.row, &found.row));
}

static void
test_what_does_not_fit(void **state)
{
	static const struct {
		const char *column;
		const char *value;
		enum result r;
	} cases[] = {
		{ "number", "number", OK },
		{ "number", "'5'", BROKEN },
		{ "number", "1.5", BROKEN },
		{ "is_on", "'true'", BROKEN },
		{ "name", "5", BROKEN },
		{ "price", "'1.0'", BROKEN },
		{ "color", "'pink'", BROKEN },
		{ "color", "''", BROKEN },
		{ "color", "1", BROKEN },
		{ "sides", "'{}'", BROKEN },
		{ "seen", "'2030-01-02'", BROKEN },
		{ "day", "'2030-01-02'", BROKEN },
		{ "day", "2147483647", OK },
		{ "day", "2147483648", BROKEN },
		{ "day", "-2147483649", BROKEN },
		{ "came_from", "'192.0.2.256'", BROKEN },
		{ "came_from", "1", BROKEN },
	};
	struct store *s = *state;
	const struct resource_plan *plan = resource_plan_new(&thing_resource, &s->arena);
	struct thing thing;
	struct db_row row;

	for (size_t i = 0; i < COUNT(cases); i++) {
		text script = arena_print(&s->arena,
		    "DELETE FROM made;"
		    "INSERT INTO made VALUES (1, 1, 1, 1, 'a', 'b', 1, 'red', 1, 1, 1,"
		    " '::1', 1); UPDATE made SET %s = %s",
		    cases[i].column, cases[i].value);

		print_message("%s = %s\n", cases[i].column, cases[i].value);
		assert_int_equal(db_script(s->writer, script.at), OK);
		assert_int_equal(db_one(s->writer, &s->arena, &plan->selects[0],
				     ARGS(db_int(1)), &row),
		    OK);
		assert_int_equal(resource_load(plan, &row, &thing.row), cases[i].r);
	}
}

static int
open_made(void **state)
{
	const struct store *s;

	store_open(state);
	s = *state;
	assert_int_equal(db_script(s->writer, schema), OK);
	return 0;
}

#define MADE_TEST(function)                                                              \
	cmocka_unit_test_setup_teardown(function, open_made, store_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(test_extremes),
		MADE_TEST(test_nulls),
		MADE_TEST(test_update),
		MADE_TEST(test_what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
