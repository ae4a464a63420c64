/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <pthread.h>

static void
test_a_snapshot_stays(void **state)
{
	struct store *s = *state;

	assert_int_equal(create_owner(s->writer, "a"), OK);
	assert_int_equal(db_begin(s->reader), OK);
	assert_int_equal(count_owners(s, s->reader), 1);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "b"), OK);
	assert_int_equal(count_owners(s, s->writer), 2);
	assert_int_equal(count_owners(s, s->reader), 1);
	assert_int_equal(db_commit(s->writer), OK);
	assert_int_equal(count_owners(s, s->reader), 1);
	db_end(s->reader);
	assert_int_equal(count_owners(s, s->reader), 2);
	db_end(s->reader);
}

static void
test_a_reader_cannot_write(void **state)
{
	struct store *s = *state;

	assert_int_equal(create_owner(s->reader, "a"), BROKEN);
	assert_int_equal(db_begin(s->reader), OK);
	assert_int_equal(create_owner(s->reader, "a"), BROKEN);
	db_end(s->reader);
	assert_int_equal(count_owners(s, s->writer), 0);
}

static void
test_an_end_rolls_back(void **state)
{
	struct store *s = *state;

	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "a"), OK);
	db_end(s->writer);
	assert_int_equal(count_owners(s, s->writer), 0);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "b"), OK);
	db_close(s->writer);
	s->writer = store_connect(s, DB_WRITE);
	assert_int_equal(count_owners(s, s->writer), 0);
}

static void
test_one_writer_at_a_time(void **state)
{
	struct store *s = *state;
	struct db *other = store_connect(s, DB_WRITE);

	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(db_begin(other), BUSY);
	assert_int_equal(create_owner(other, "a"), BUSY);
	assert_int_equal(db_commit(s->writer), OK);
	assert_int_equal(db_begin(other), OK);
	assert_int_equal(create_owner(other, "a"), OK);
	assert_int_equal(db_commit(other), OK);
	db_close(other);
	assert_int_equal(count_owners(s, s->reader), 1);
}

/* A part that is undone, or in which something was refused, leaves the others. */
static void
test_savepoints(void **state)
{
	struct store *s = *state;

	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(db_savepoint(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "a"), OK);
	assert_int_equal(db_release(s->writer), OK);
	assert_int_equal(db_savepoint(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "b"), OK);
	assert_int_equal(create_owner(s->writer, "a"), CONFLICT);
	db_rollback(s->writer);
	assert_int_equal(count_owners(s, s->writer), 1);
	assert_int_equal(db_savepoint(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "c"), OK);
	assert_int_equal(create_owner(s->writer, "c"), CONFLICT);
	assert_int_equal(db_release(s->writer), OK);
	assert_int_equal(count_owners(s, s->reader), 0);
	assert_int_equal(db_commit(s->writer), OK);
	assert_int_equal(count_owners(s, s->reader), 2);
}

/* A schema that changes under a statement that is ready. */
static void
test_a_changed_schema(void **state)
{
	static const struct query all = { "owner.star", "", "SELECT * FROM owners" };
	struct store *s = *state;
	struct db_row row;

	assert_int_equal(create_owner(s->writer, "a"), OK);
	assert_int_equal(db_one(s->reader, &s->arena, &all, NO_ARGS, &row), OK);
	assert_int_equal(row.columns, 2);
	assert_int_equal(
	    db_script(s->writer, "ALTER TABLE owners ADD COLUMN more TEXT"), OK);
	assert_int_equal(db_one(s->reader, &s->arena, &all, NO_ARGS, &row), OK);
	assert_int_equal(row.columns, 3);
}

static void
test_scripts(void **state)
{
	struct store *s = *state;

	assert_int_equal(db_script(s->writer, ""), OK);
	assert_int_equal(db_script(s->writer, "SELECT 1; nonsense"), BROKEN);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "a"), OK);
	assert_int_equal(db_script(s->writer, "COMMIT"), BROKEN);
	assert_int_equal(create_owner(s->writer, "b"), BUSY);
	assert_int_equal(db_commit(s->writer), BUSY);
	assert_int_equal(count_owners(s, s->reader), 1);
}

static void
test_checkpoints(void **state)
{
	struct store *s = *state;
	long long before = store_size(s, "");
	long long log;

	assert_int_equal(create_things(s->writer, 1000), OK);
	assert_int_equal(db_checkpoint(s->writer, true), OK);
	assert_int_equal(store_size(s, ""), before);
	/* As far as the reader allows. */
	assert_int_equal(db_begin(s->reader), OK);
	assert_int_equal(count_owners(s, s->reader), 0);
	assert_int_equal(create_things(s->writer, 5000), OK);
	assert_int_equal(db_checkpoint(s->writer, true), OK);
	assert_true(store_size(s, "") < before + 2000 * 1000);
	db_end(s->reader);
	assert_int_equal(db_checkpoint(s->writer, true), OK);
	assert_true(store_size(s, "") > before + 5000 * 1000);
	/* The log then begins anew. */
	log = store_size(s, "-wal");
	assert_int_equal(create_things(s->writer, 3000), OK);
	assert_int_equal(store_size(s, "-wal"), log);
	assert_int_equal(db_checkpoint(s->writer, true), OK);
}

static void
test_checks(void **state)
{
	struct store *s = *state;
	text found;

	assert_int_equal(db_check(s->reader, &s->arena, &found), OK);
	assert_true(text_equal(found, TEXT("ok")));
	assert_int_equal(db_script(s->writer, "PRAGMA foreign_keys = OFF;"
					      "INSERT INTO things (owner_id) VALUES (77);"
					      "PRAGMA foreign_keys = ON"),
	    OK);
	assert_int_equal(db_check(s->reader, &s->arena, &found), OK);
	assert_non_null(strstr(found.at, "1 rows refer to rows that are not there"));
	assert_non_null(strstr(found.at, "things, row 1"));
}

static void *
open_and_write(void *context)
{
	static const struct query write = { "fresh.write", "i",
		"INSERT INTO fresh (n) VALUES ($1)" };
	const struct db_options *options = context;
	struct db *db;
	enum result r = db_open(options, &db);

	if (r != OK)
		return context;
	r = db_script(db, "CREATE TABLE IF NOT EXISTS fresh (n INTEGER)");
	if (r == OK)
		r = db_run(db, &write, ARGS(db_int(1)));
	db_close(db);
	return r == OK ? NULL : context;
}

/* Many open a new file at once, and what each wrote is in it. */
static void
test_many_open_at_once(void **state)
{
	enum { THREADS = 8, ROUNDS = 10 };
	static const struct query count = { "fresh.count", "",
		"SELECT COUNT(*) FROM fresh" };
	struct store *s = *state;
	char url[340] = "sqlite:";
	char *path = url + strlen(url);
	struct db_options options = { .url = url,
		.access = DB_WRITE,
		.cache_kib = STORE_CACHE_KIB,
		.wait_ms = 10000 };
	pthread_t threads[THREADS];
	struct db *db;
	void *failed;

	store_path(s, ".other", path);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < THREADS; i++)
			assert_int_equal(
			    pthread_create(&threads[i], NULL, open_and_write, &options),
			    0);
		for (int i = 0; i < THREADS; i++) {
			assert_int_equal(pthread_join(threads[i], &failed), 0);
			assert_null(failed);
		}
		assert_int_equal(db_open(&options, &db), OK);
		assert_int_equal(store_number(s, db, &count), THREADS);
		db_close(db);
		assert_int_equal(unlink(path), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_snapshot_stays),
		STORE_TEST(test_a_reader_cannot_write),
		STORE_TEST(test_an_end_rolls_back),
		STORE_TEST(test_one_writer_at_a_time),
		STORE_TEST(test_savepoints),
		STORE_TEST(test_a_changed_schema),
		STORE_TEST(test_scripts),
		STORE_TEST(test_checkpoints),
		STORE_TEST(test_checks),
		STORE_TEST(test_many_open_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
