/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_THING_H
#define TESTS_THING_H

#include "resource/resource.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A row of every kind and every flag. */
struct thing {
	struct row row;
	int64_t id;
	int64_t number;
	int64_t small;
	bool on;
	text name;
	text note;
	money price;
	money tip;
	unsigned color;
	struct flags sides;
	instant seen;
	date day;
	struct ipaddr from;
	text password;
	text secret;
	int64_t hits;
	text owner;
	int64_t computed;
};

static const char *const colors[] = { "red", "green", "blue", NULL };

#define F(member, kind, ...) FIELD(struct thing, member, kind, __VA_ARGS__)

static const struct field fields[] = {
	F(id, ID, .flags = FIELD_READ_ONLY),
	F(number, INT, .initial = "5", .doc = "Any number."),
	F(small, INT, .flags = FIELD_NULLABLE, .min = 1, .max = 10),
	F(on, BOOL, .initial = "true"),
	F(name, TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 5, .example = "Ann"),
	F(note, TEXT, .flags = FIELD_NULLABLE),
	F(price, MONEY, .initial = "15.0", .max = DOLLARS(100)),
	F(tip, MONEY, .initial = "1.0", .min = 500000, .max = 2500000),
	F(color, CHOICE, .choices = colors, .initial = "green"),
	F(sides, FLAGS, .choices = colors, .initial = "{\"red\":true}"),
	F(seen, INSTANT, .flags = FIELD_READ_ONLY),
	F(day, DATE, .flags = FIELD_NULLABLE),
	F(from, IPADDR, .flags = FIELD_READ_ONLY),
	F(password, TEXT, .flags = FIELD_NULLABLE | FIELD_WRITE_ONLY),
	F(secret, TEXT, .flags = FIELD_NULLABLE | FIELD_HIDDEN),
	F(hits, INT, .initial = "0", .flags = FIELD_COUNTER),
	F(owner, TEXT, .flags = FIELD_ONCE),
	F(computed, INT, .initial = "7", .flags = FIELD_COMPUTED),
};

static const struct resource thing_resource = {
	.name = "thing",
	.title = "Thing",
	.table = "things",
	.size = sizeof(struct thing),
	.fields = fields,
	.field_count = COUNT(fields),
};

struct bench {
	struct arena arena;
	const struct resource_plan *plan;
	struct zone *zone;
	struct thing thing;
	struct problems problems;
	struct ignored_keys ignored;
};

static inline int
open_bench(void **state)
{
	static struct bench bench;

	arena_init(&bench.arena);
	bench.plan = resource_plan_new(&thing_resource, &bench.arena);
	assert_int_equal(zone_open("UTC", &bench.zone), OK);
	*state = &bench;
	return 0;
}

static inline int
close_bench(void **state)
{
	struct bench *bench = *state;

	zone_close(bench->zone);
	arena_clear(&bench->arena);
	return 0;
}

static inline void
begin(struct bench *bench)
{
	problems_init(&bench->problems, &bench->arena);
	bench->ignored.count = 0;
	resource_init(bench->plan, &bench->thing.row);
}

static inline void
read_json(struct bench *bench, const char *source)
{
	const struct json *object;
	struct json_error error;

	assert_int_equal(json_parse(&bench->arena, text_of(source), &object, &error), OK);
	resource_read(&thing_resource, object, &bench->thing.row, &bench->problems,
	    &bench->ignored);
}

static inline const char *
written(struct bench *bench)
{
	struct json_writer *writer = json_writer_new(&bench->arena);

	json_object_begin(writer);
	resource_write(&thing_resource, &bench->thing.row, bench->zone, writer);
	json_object_end(writer);
	return arena_copy(&bench->arena, json_writer_finish(writer)).at;
}

#define BENCH_TEST(function)                                                             \
	cmocka_unit_test_setup_teardown(function, open_bench, close_bench)

#endif
