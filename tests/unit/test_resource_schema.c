/* SPDX-License-Identifier: Apache-2.0 */
#include "thing.h"

static const char *
schema_of(struct bench *bench, bool input)
{
	struct json_writer *writer = json_writer_new(&bench->arena);

	json_object_begin(writer);
	if (input)
		resource_input_schema(&thing_resource, writer, &bench->arena);
	else
		resource_schema(&thing_resource, writer, &bench->arena);
	json_object_end(writer);
	return arena_copy(&bench->arena, json_writer_finish(writer)).at;
}

static void
test_schema(void **state)
{
	static const char *const answer[] = {
		"{\"id\":{\"type\":\"integer\",\"format\":\"int64\",\"readOnly\":true}",
		"\"number\":{\"type\":\"integer\",\"format\":\"int64\","
		"\"description\":\"Any number.\"}",
		"\"small\":{\"type\":[\"integer\",\"null\"],\"format\":\"int64\","
		"\"minimum\":1,\"maximum\":10}",
		"\"name\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":5,"
		"\"examples\":[\"Ann\"]}",
		"\"color\":{\"type\":\"string\",\"enum\":[\"red\",\"green\",\"blue\"]}",
		"\"day\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}",
		"\"computed\":{",
	};
	static const char *const input[] = {
		"{\"number\":{",
		"\"default\":5",
		"\"price\":{\"type\":[\"string\",\"number\"],",
		"\"minimum\":0,\"maximum\":100,\"default\":\"15.0\"}",
		"\"sides\":{\"type\":\"object\",",
		"\"default\":{\"red\":true}",
		"\"password\":{\"type\":[\"string\",\"null\"]}",
	};
	struct bench *bench = *state;
	const char *schema = schema_of(bench, false);

	for (size_t i = 0; i < COUNT(answer); i++)
		assert_non_null(strstr(schema, answer[i]));
	assert_null(strstr(schema, "password"));
	assert_null(strstr(schema, "secret"));
	schema = schema_of(bench, true);
	for (size_t i = 0; i < COUNT(input); i++)
		assert_non_null(strstr(schema, input[i]));
	assert_null(strstr(schema, "\"id\""));
	assert_null(strstr(schema, "secret"));
	assert_null(strstr(schema, "computed"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
