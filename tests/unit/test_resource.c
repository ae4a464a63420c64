/* SPDX-License-Identifier: Apache-2.0 */
#include "thing.h"

static void
assert_written(struct bench *bench, const char *member)
{
	const char *all = written(bench);

	if (strstr(all, member) == NULL)
		fail_msg("%s is not in %s", member, all);
}

/* "name must not be null; name is required": all problems, in order. */
static const char *
all_problems(struct bench *bench)
{
	text all = TEXT("");

	for (const struct problem *p = bench->problems.first; p != NULL; p = p->next)
		all = arena_print(&bench->arena, "%s%s%s %.*s", all.at,
		    all.length > 0 ? "; " : "", p->attribute, (int)p->message.length,
		    p->message.at);
	return all.at;
}

static void
test_defaults(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_string_equal(written(bench),
	    "{\"id\":null,\"number\":5,\"small\":null,\"on\":true,\"name\":null,"
	    "\"note\":null,\"price\":\"15.0\",\"tip\":\"1.0\",\"color\":\"green\","
	    "\"sides\":{\"red\":true},\"seen\":null,\"day\":null,\"from\":null,"
	    "\"hits\":0,\"owner\":null,\"computed\":7}");
}

static void
test_good_values(void **state)
{
	static const struct {
		const char *json;
		const char *written;
	} cases[] = {
		{ "{\"number\":9223372036854775807}", "\"number\":9223372036854775807" },
		{ "{\"number\":-9223372036854775808}",
		    "\"number\":-9223372036854775808" },
		{ "{\"number\":-0}", "\"number\":0" },
		{ "{\"small\":1}", "\"small\":1" },
		{ "{\"small\":10}", "\"small\":10" },
		{ "{\"small\":null}", "\"small\":null" },
		{ "{\"on\":false}", "\"on\":false" },
		{ "{\"name\":\"a\"}", "\"name\":\"a\"" },
		{ "{\"name\":\"\\ud83d\\ude00\xc3\xa9\xe2\x82\xac  \"}",
		    "\"name\":\"\xf0\x9f\x98\x80\xc3\xa9\xe2\x82\xac  \"" },
		{ "{\"note\":\"\"}", "\"note\":\"\"" },
		{ "{\"note\":null}", "\"note\":null" },
		{ "{\"note\":\"<b>'\\\"\\n\\u0001\"}",
		    "\"note\":\"<b>'\\\"\\n\\u0001\"" },
		{ "{\"price\":0}", "\"price\":\"0.0\"" },
		{ "{\"price\":100}", "\"price\":\"100.0\"" },
		{ "{\"price\":\"15.500000\"}", "\"price\":\"15.5\"" },
		{ "{\"price\":1e1}", "\"price\":\"10.0\"" },
		{ "{\"price\":0.000001}", "\"price\":\"0.000001\"" },
		{ "{\"tip\":0.5}", "\"tip\":\"0.5\"" },
		{ "{\"tip\":\"2.5\"}", "\"tip\":\"2.5\"" },
		{ "{\"color\":\"blue\"}", "\"color\":\"blue\"" },
		{ "{\"sides\":{}}", "\"sides\":{\"red\":true}" },
		{ "{\"sides\":{\"blue\":true,\"red\":false}}",
		    "\"sides\":{\"red\":false,\"blue\":true}" },
		{ "{\"day\":\"2024-02-29\"}", "\"day\":\"2024-02-29\"" },
		{ "{\"day\":\"0001-01-01\"}", "\"day\":\"0001-01-01\"" },
		{ "{\"day\":\"9999-12-31\"}", "\"day\":\"9999-12-31\"" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("%s\n", cases[i].json);
		begin(bench);
		read_json(bench, cases[i].json);
		assert_string_equal(all_problems(bench), "");
		assert_int_equal(bench->ignored.count, 0);
		assert_written(bench, cases[i].written);
	}
}

#define INTEGER  "must be an integer"
#define FITS     "must be an integer that fits 64 bits"
#define AMOUNT   "must be an amount"
#define DECIMALS "must be an amount with at most six decimals"
#define COLOR    "must be one of red, green, blue"
#define DAY      "must be a date like 2030-01-02"

static void
test_bad_values(void **state)
{
	static const struct {
		const char *json;
		const char *problem;
	} cases[] = {
		{ "{\"number\":\"5\"}", INTEGER },
		{ "{\"number\":true}", INTEGER },
		{ "{\"number\":1.0}", FITS },
		{ "{\"number\":1e3}", FITS },
		{ "{\"number\":9223372036854775808}", FITS },
		{ "{\"number\":null}", "must not be null" },
		{ "{\"small\":0}", "must be at least 1" },
		{ "{\"small\":11}", "must be at most 10" },
		{ "{\"small\":-9223372036854775808}", "must be at least 1" },
		{ "{\"on\":0}", "must be true or false" },
		{ "{\"on\":\"true\"}", "must be true or false" },
		{ "{\"name\":\"\"}", "must have at least 1 character" },
		{ "{\"name\":\"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\"}",
		    "must have at most 5 characters" },
		{ "{\"name\":\"a\\u0000b\"}", "must not hold a NUL character" },
		{ "{\"name\":5}", "must be a string" },
		{ "{\"name\":null}", "must not be null" },
		{ "{\"price\":true}", AMOUNT },
		{ "{\"price\":[1]}", AMOUNT },
		{ "{\"price\":\"\"}", DECIMALS },
		{ "{\"price\":\"$5\"}", DECIMALS },
		{ "{\"price\":\" 5\"}", DECIMALS },
		{ "{\"price\":0.0000001}", DECIMALS },
		{ "{\"price\":1e999}", DECIMALS },
		{ "{\"price\":-0.000001}", "must be at least 0" },
		{ "{\"price\":100.000001}", "must be at most 100" },
		{ "{\"price\":null}", "must not be null" },
		{ "{\"tip\":0.499999}", "must be at least 0.5" },
		{ "{\"tip\":\"2.500001\"}", "must be at most 2.5" },
		{ "{\"color\":\"Blue\"}", COLOR },
		{ "{\"color\":\"\"}", COLOR },
		{ "{\"color\":1}", COLOR },
		{ "{\"color\":\"red\\u0000\"}", COLOR },
		{ "{\"sides\":[]}", "must be an object of booleans" },
		{ "{\"sides\":true}", "must be an object of booleans" },
		{ "{\"sides\":{\"pink\":true}}", "may only hold red, green, blue" },
		{ "{\"sides\":{\"red\":1}}", "red must be true or false" },
		{ "{\"sides\":{\"red\":null}}", "red must be true or false" },
		{ "{\"day\":\"2023-02-29\"}", DAY },
		{ "{\"day\":\"2030-1-2\"}", DAY },
		{ "{\"day\":\"2030-01-02T00:00:00Z\"}", DAY },
		{ "{\"day\":20300102}", DAY },
		{ "{\"day\":\"\"}", DAY },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("%s\n", cases[i].json);
		begin(bench);
		read_json(bench, cases[i].json);
		assert_int_equal(bench->problems.count, 1);
		assert_string_equal(bench->problems.first->message.at, cases[i].problem);
		assert_memory_equal(bench->problems.first->attribute, cases[i].json + 2,
		    strlen(bench->problems.first->attribute));
	}
}

/* Everything that is wrong is told, not the first of it. */
static void
test_all_problems(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	read_json(bench, "{\"on\":1,\"small\":99,\"day\":\"x\",\"note\":null}");
	resource_require(&thing_resource, &bench->thing.row, &bench->problems);
	assert_string_equal(all_problems(bench),
	    "on must be true or false; small must be at most 10; "
	    "day must be a date like 2030-01-02; name is required");
	begin(bench);
	read_json(bench, "{\"name\":null}");
	resource_require(&thing_resource, &bench->thing.row, &bench->problems);
	assert_string_equal(all_problems(bench), "name must not be null");
}

static void
test_ignored(void **state)
{
	static const char *const keys[] = { "id", "unknown", "seen", "from", "secret",
		"hits", "owner", "computed", "Number", "", "row" };
	struct bench *bench = *state;
	struct row before;

	begin(bench);
	before = bench->thing.row;
	read_json(bench,
	    "{\"id\":9,\"unknown\":[{\"a\":1}],\"seen\":\"x\",\"from\":null,"
	    "\"secret\":\"s\",\"hits\":9,\"owner\":\"me\",\"computed\":9,\"Number\":1,"
	    "\"\":2,\"row\":3}");
	assert_int_equal(bench->problems.count, 0);
	assert_int_equal(bench->ignored.count, COUNT(keys));
	for (size_t i = 0; i < COUNT(keys); i++)
		assert_true(text_equal(bench->ignored.keys[i], text_of(keys[i])));
	assert_int_equal(bench->thing.row.given, before.given);
	assert_int_equal(bench->thing.row.null, before.null);
	assert_int_equal(bench->thing.computed, 7);
	begin(bench);
	read_json(bench,
	    "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,"
	    "\"j\":1,\"k\":1,\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"q\":1,\"r\":1}");
	assert_int_equal(bench->ignored.count, COUNT(bench->ignored.keys));
}

static void
test_partial(void **state)
{
	struct bench *bench = *state;
	struct thing *thing = &bench->thing;

	begin(bench);
	read_json(bench, "{\"name\":\"Ann\",\"note\":\"n\",\"small\":3}");
	thing->row.given = 0;
	read_json(bench, "{\"number\":6,\"note\":null,\"password\":\"p\"}");
	assert_int_equal(thing->number, 6);
	assert_true(text_equal(thing->name, TEXT("Ann")));
	assert_true(resource_is_null(&thing_resource, &thing->row, &thing->note));
	assert_true(resource_is_given(&thing_resource, &thing->row, &thing->note));
	assert_true(resource_is_given(&thing_resource, &thing->row, &thing->number));
	assert_false(resource_is_given(&thing_resource, &thing->row, &thing->small));
	assert_false(resource_is_null(&thing_resource, &thing->row, &thing->small));
	assert_true(text_equal(thing->password, TEXT("p")));
	assert_null(strstr(written(bench), "password"));
	resource_set_null(&thing_resource, &thing->row, &thing->small);
	assert_written(bench, "\"small\":null");
	resource_set(&thing_resource, &thing->row, &thing->small);
	assert_written(bench, "\"small\":3");
}

static void
test_one_member(void **state)
{
	struct bench *bench = *state;
	struct json_error error;
	const struct json *value;

	begin(bench);
	assert_int_equal(json_parse(&bench->arena, TEXT("\"Ann\""), &value, &error), OK);
	resource_read_member(&thing_resource, &bench->thing.name, value,
	    &bench->thing.row, &bench->problems);
	assert_written(bench, "\"name\":\"Ann\"");
	resource_read_member(&thing_resource, &bench->thing.number, value,
	    &bench->thing.row, &bench->problems);
	assert_string_equal(all_problems(bench), "number must be an integer");
}

static void
test_equality(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		bool equal;
	} cases[] = {
		{ "{}", "{}", true },
		{ "{}", "{\"number\":5}", true },
		{ "{}", "{\"number\":6}", false },
		{ "{\"note\":\"\"}", "{\"note\":null}", false },
		{ "{\"note\":\"ab\"}", "{\"note\":\"a\\u0062\"}", true },
		{ "{\"note\":\"ab\"}", "{\"note\":\"aB\"}", false },
		{ "{\"price\":15}", "{\"price\":\"15.000000\"}", true },
		{ "{\"sides\":{\"red\":true}}", "{}", true },
		{ "{\"sides\":{\"blue\":false}}", "{}", false },
		{ "{\"day\":\"2030-01-02\"}", "{\"day\":\"2030-01-03\"}", false },
		{ "{\"password\":\"a\"}", "{}", false },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct thing a;

		print_message("%s %s\n", cases[i].a, cases[i].b);
		begin(bench);
		read_json(bench, cases[i].a);
		a = bench->thing;
		begin(bench);
		read_json(bench, cases[i].b);
		assert_int_equal(
		    resource_equal(&thing_resource, &a.row, &bench->thing.row),
		    cases[i].equal);
		bench->thing.hits++; /* counters and computed fields are no edit */
		bench->thing.computed++;
		assert_int_equal(
		    resource_equal(&thing_resource, &a.row, &bench->thing.row),
		    cases[i].equal);
	}
}

static void
test_instants_and_addresses(void **state)
{
	struct bench *bench = *state;
	struct thing *thing = &bench->thing;

	begin(bench);
	thing->seen.ms = 1529477870906;
	resource_set(&thing_resource, &thing->row, &thing->seen);
	resource_set(&thing_resource, &thing->row, &thing->from);
	assert_int_equal(ipaddr_parse(TEXT("127.0.0.1"), &thing->from), OK);
	assert_written(bench, "\"seen\":\"2018-06-20T06:57:50.906+00:00\"");
	assert_written(bench,
	    "\"from\":{\"family\":2,\"addr\":2130706433,\"mask_addr\":4294967295}");
	assert_int_equal(ipaddr_parse(TEXT("::1"), &thing->from), OK);
	assert_written(bench, "\"from\":{\"family\":10,\"addr\":1,"
			      "\"mask_addr\":340282366920938463463374607431768211455}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_defaults),
		BENCH_TEST(test_good_values),
		BENCH_TEST(test_bad_values),
		BENCH_TEST(test_all_problems),
		BENCH_TEST(test_ignored),
		BENCH_TEST(test_partial),
		BENCH_TEST(test_one_member),
		BENCH_TEST(test_equality),
		BENCH_TEST(test_instants_and_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
