/* SPDX-License-Identifier: Apache-2.0 */
#include "db/migrate.h"

#include "store.h"

#include <pthread.h>

static const struct migration steps[] = {
	{ 1, "people",
	    "CREATE TABLE people (id {key}, age {bigint}, name TEXT){strict};"
	    " INSERT INTO people (name) VALUES ('{}{bigin}{key')" },
	{ 2, "pets",
	    "CREATE TABLE pets (id {serial}, owner {bigint} REFERENCES people (id))"
	    "{strict}" },
	{ 4, "age",
	    "ALTER TABLE people ADD COLUMN born {bigint}; UPDATE people SET born = 7" },
};

static const struct query count_steps = { "steps", "",
	"SELECT COUNT(*) FROM schema_migrations" };
static const struct query count_tables = { "tables", "",
	"SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
	"'sqlite%'" };

static void
test_from_nothing_to_the_newest(void **state)
{
	static const struct query born = { "born", "", "SELECT born FROM people" };
	static const struct query words = { "words", "",
		"SELECT COUNT(*) FROM people WHERE name = '{}{bigin}{key'" };
	static const struct query strict = { "strict", "",
		"SELECT COUNT(*) FROM pragma_table_list WHERE schema = 'main' AND strict "
		"= 1" };
	static const struct query recorded = { "recorded", "",
		"SELECT number, name, checksum, applied_at FROM schema_migrations"
		" ORDER BY number" };
	struct store *s = *state;
	struct db_rows rows;

	assert_int_equal(migrate(s->writer, steps, 1), OK);
	assert_int_equal(store_number(s, s->reader, &count_steps), 1);
	assert_int_equal(migrate(s->writer, steps, COUNT(steps)), OK);
	assert_int_equal(store_number(s, s->reader, &count_steps), 3);
	assert_int_equal(store_number(s, s->reader, &born), 7);
	assert_int_equal(store_number(s, s->reader, &words), 1);
	assert_int_equal(store_number(s, s->reader, &strict), 3);
	assert_int_equal(db_all(s->reader, &s->arena, &recorded, NO_ARGS, &rows), OK);
	for (size_t i = 0; i < rows.count; i++) {
		assert_int_equal(db_row_int(&rows.rows[i], 0), steps[i].number);
		assert_string_equal(db_row_text(&rows.rows[i], 1).at, steps[i].name);
		assert_int_equal(db_row_text(&rows.rows[i], 2).length, 16);
		assert_true(db_row_int(&rows.rows[i], 3) > 1500000000000);
	}
}

static void
test_nothing_to_do(void **state)
{
	static const struct query version = { "version", "", "PRAGMA data_version" };
	struct store *s = *state;
	int64_t before;

	assert_int_equal(migrate(s->writer, steps, 0), OK);
	assert_int_equal(store_number(s, s->reader, &count_tables), 0);
	assert_int_equal(migrate(s->writer, steps, COUNT(steps)), OK);
	before = store_number(s, s->reader, &version);
	assert_int_equal(migrate(s->writer, steps, COUNT(steps)), OK);
	assert_int_equal(store_number(s, s->reader, &version), before);
}

/* The numbers that AUTOINCREMENT gave are never given again. */
static void
test_keys_are_not_reused(void **state)
{
	static const struct query create = { "create", "t",
		"INSERT INTO people (name) VALUES ($1)" };
	static const struct query delete = { "delete", "", "DELETE FROM people" };
	struct store *s = *state;

	assert_int_equal(migrate(s->writer, steps, COUNT(steps)), OK);
	assert_int_equal(db_run(s->writer, &create, ARGS(db_text(TEXT("a")))), OK);
	assert_int_equal(db_last_id(s->writer), 2);
	assert_int_equal(db_run(s->writer, &delete, NO_ARGS), OK);
	assert_int_equal(db_run(s->writer, &create, ARGS(db_text(TEXT("b")))), OK);
	assert_int_equal(db_last_id(s->writer), 3);
}

static void
test_schemas_that_are_refused(void **state)
{
	static const struct migration edited[] = {
		{ 1, "people", "CREATE TABLE people (id {serial}){strict}" },
		{ 3, "late", "CREATE TABLE late (id {key}){strict}" },
	};
	static const struct migration between[] = {
		{ 1, "people", "CREATE TABLE people (id {key}){strict}" },
		{ 2, "pets", "CREATE TABLE pets (id {key}){strict}" },
		{ 3, "late", "CREATE TABLE late (id {key}){strict}" },
	};
	static const struct migration original[] = {
		{ 1, "people", "CREATE TABLE people (id {key}){strict}" },
		{ 3, "late", "CREATE TABLE late (id {key}){strict}" },
	};
	static const struct {
		const char *name;
		const struct migration *steps;
		size_t count;
	} cases[] = {
		{ "a step that is not known, at the end", original, 1 },
		{ "no step is known", NULL, 0 },
		{ "a step whose text differs", edited, COUNT(edited) },
		{ "a step that was added between", between, COUNT(between) },
		{ "a step that is gone", &original[1], 1 },
	};
	struct store *s = *state;
	int64_t tables;

	assert_int_equal(migrate(s->writer, original, COUNT(original)), OK);
	assert_int_equal(
	    db_script(s->writer, "UPDATE schema_migrations SET applied_at = 1"), OK);
	tables = store_number(s, s->reader, &count_tables);
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum result r = migrate(s->writer, cases[i].steps, cases[i].count);

		if (r != INVALID)
			fail_msg("%s: %d", cases[i].name, r);
		assert_int_equal(store_number(s, s->reader, &count_tables), tables);
		assert_int_equal(store_number(s, s->reader, &count_steps), 2);
	}
	assert_int_equal(migrate(s->writer, original, COUNT(original)), OK);
}

/* Nothing of it is done, what came before it stays, and it can be tried again. */
static void
test_a_step_that_fails(void **state)
{
	static const struct {
		const char *name;
		const char *sql;
	} cases[] = {
		{ "syntax", "CREATE TABLE half (id {key}){strict}; CREATE TABEL" },
		{ "conflict", "CREATE TABLE half (id {key}){strict};"
			      " INSERT INTO pets (owner) VALUES (77)" },
		{ "ends its transaction",
		    "CREATE TABLE half (id {key}){strict}; ROLLBACK" },
		{ "unknown word", "CREATE TABLE half (id {key}, n {int}){strict}" },
	};
	struct store *s = *state;
	struct migration own[3] = { steps[0], steps[1], { .number = 3, .name = "bad" } };

	for (size_t i = 0; i < COUNT(cases); i++) {
		enum result r;

		own[2].sql = cases[i].sql;
		r = migrate(s->writer, own, 3);
		if (r != BROKEN)
			fail_msg("%s: %d", cases[i].name, r);
		assert_int_equal(store_number(s, s->reader, &count_steps), 2);
		assert_int_equal(store_number(s, s->reader, &count_tables), 3);
	}
	assert_int_equal(migrate(s->writer, steps, COUNT(steps)), OK);
}

static void
test_somebody_else_is_writing(void **state)
{
	struct store *s = *state;
	struct db *other = store_connect(s, DB_WRITE);

	assert_int_equal(db_begin(other), OK);
	assert_int_equal(migrate(s->writer, steps, COUNT(steps)), BUSY);
	db_end(other);
	assert_int_equal(migrate(s->writer, steps, COUNT(steps)), OK);
	assert_int_equal(migrate(other, steps, COUNT(steps)), OK);
	db_close(other);
}

static void *
open_and_migrate(void *context)
{
	struct db_options options = { .url = context,
		.access = DB_WRITE,
		.cache_kib = STORE_CACHE_KIB,
		.wait_ms = 10000 };
	struct db *db;
	enum result r = db_open(&options, &db);

	if (r != OK)
		return context;
	r = migrate(db, steps, COUNT(steps));
	db_close(db);
	return r == OK ? NULL : context;
}

static void
test_many_at_once(void **state)
{
	enum { THREADS = 6 };
	struct store *s = *state;
	pthread_t threads[THREADS];
	void *failed;

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, open_and_migrate, s->url), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(store_number(s, s->reader, &count_steps), 3);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, store_open, store_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_from_nothing_to_the_newest),
		TEST(test_nothing_to_do),
		TEST(test_keys_are_not_reused),
		TEST(test_schemas_that_are_refused),
		TEST(test_a_step_that_fails),
		TEST(test_somebody_else_is_writing),
		TEST(test_many_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
