/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <limits.h>

static const struct query owner_returning = { "owner.returning", "t",
	"INSERT INTO owners (name) VALUES ($1) RETURNING id, name" };
static const struct query owner_delete = { "owner.delete", "i",
	"DELETE FROM owners WHERE id = $1" };
static const struct query owner_rename_all = { "owner.rename_all", "t",
	"UPDATE owners SET name = name || $1" };
static const struct query thing_create = { "thing.create", "itir",
	"INSERT INTO things (owner_id, name, size, weight) VALUES ($1, $2, $3, $4)" };
static const struct query thing_list = { "thing.list", "",
	"SELECT id, owner_id, name, size, weight FROM things ORDER BY id" };

static void
test_urls_that_are_refused(void **state)
{
	static const char *const urls[] = { "", "sqlite", "sqlite:", ":x",
		"postgres://a:b@c/d", "sqlite3:x", "sqlite:/no/such/directory/x.db",
		"sqlite:/" };
	struct db_options options = { .access = DB_WRITE, .cache_kib = STORE_CACHE_KIB };
	struct db *db = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		options.url = urls[i];
		if (db_open(&options, &db) != BROKEN)
			fail_msg("\"%s\" was not refused", urls[i]);
	}
	assert_null(db);
	db_close(NULL);
}

static void
test_a_name_is_always_a_file(void **state)
{
	struct store *s = *state;
	char before[PATH_MAX];
	struct db_options options = {
		.url = "sqlite::memory:", .access = DB_WRITE, .cache_kib = STORE_CACHE_KIB
	};
	struct db *db;

	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(s->directory), 0);
	assert_int_equal(db_open(&options, &db), OK);
	assert_int_equal(access(":memory:", F_OK), 0);
	db_close(db);
	assert_int_equal(unlink(":memory:"), 0);
	assert_int_equal(chdir(before), 0);
}

static void
test_files_are_private(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	struct store *s = *state;
	struct stat status;
	char path[320];

	for (size_t i = 0; i < COUNT(suffixes); i++) {
		store_path(s, suffixes[i], path);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
	}
}

static void
test_a_file_that_is_no_database(void **state)
{
	struct store *s = *state;
	char url[340] = "sqlite:";
	char *path = url + strlen(url);
	struct db_options options = {
		.url = url, .access = DB_READ, .cache_kib = STORE_CACHE_KIB
	};
	struct db *db;
	FILE *file;

	store_path(s, ".other", path);
	file = fopen(path, "w");
	assert_non_null(file);
	for (int i = 0; i < 1000; i++)
		fputs("this is no database ", file);
	fclose(file);
	assert_int_equal(db_open(&options, &db), BROKEN);
}

/* What goes in comes out, from the other connection too. */
static void
test_values(void **state)
{
	static const struct {
		const char *name;
		struct db_value text;
		struct db_value integer;
		struct db_value real;
	} cases[] = {
		{ "nulls", { .type = DB_NULL }, { .type = DB_NULL },
		    { .type = DB_NULL } },
		{ "empty text", { .type = DB_TEXT, .text = { "", 0 } },
		    { .type = DB_INT, .integer = 0 }, { .type = DB_REAL, .real = 0.5 } },
		{ "part of a text", { .type = DB_TEXT, .text = { "abcdef", 3 } },
		    { .type = DB_INT, .integer = INT64_MIN },
		    { .type = DB_REAL, .real = -1e300 } },
		{ "UTF-8",
		    { .type = DB_TEXT, .text = { "m\303\274\xf0\x9f\x8c\x8d", 7 } },
		    { .type = DB_INT, .integer = 99 },
		    { .type = DB_REAL, .real = 1e-300 } },
	};
	struct store *s = *state;
	struct db *const connections[] = { s->writer, s->reader };
	struct db_rows rows;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    db_run(s->writer, &thing_create,
			ARGS(db_null(), cases[i].text, cases[i].integer, cases[i].real)),
		    OK);
	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		size_t at = i / 2;
		struct db *db = connections[i % 2];
		const struct db_row *row;

		assert_int_equal(db_all(db, &s->arena, &thing_list, NO_ARGS, &rows), OK);
		assert_int_equal(rows.count, COUNT(cases));
		row = &rows.rows[at];
		assert_int_equal(row->columns, 5);
		assert_int_equal(db_row_int(row, 0), at + 1);
		assert_true(db_row_is_null(row, 1));
		assert_int_equal(row->values[2].type, cases[at].text.type);
		assert_int_equal(row->values[3].type, cases[at].integer.type);
		assert_int_equal(row->values[4].type, cases[at].real.type);
		if (cases[at].text.type == DB_NULL) {
			assert_null(db_row_text(row, 2).at);
			continue;
		}
		assert_true(text_equal(db_row_text(row, 2), cases[at].text.text));
		assert_int_equal(
		    db_row_text(row, 2).at[cases[at].text.text.length], '\0');
		assert_true(db_row_int(row, 3) == cases[at].integer.integer);
		assert_true(row->values[4].real == cases[at].real.real);
	}
}

static void
test_integers_at_the_ends(void **state)
{
	static const struct query echo = { "echo", "iib", "SELECT $1, $2, $3" };
	struct store *s = *state;
	struct db_row row;

	assert_int_equal(
	    db_one(s->reader, &s->arena, &echo,
		ARGS(db_int(INT64_MAX), db_int(INT64_MIN), db_bool(true)), &row),
	    OK);
	assert_true(db_row_int(&row, 0) == INT64_MAX);
	assert_true(db_row_int(&row, 1) == INT64_MIN);
	assert_true(db_row_bool(&row, 2));
}

static void
test_a_long_text(void **state)
{
	struct store *s = *state;
	size_t length = 3 * 1024 * 1024;
	char *long_text = arena_alloc_raw(&s->arena, length);
	struct db_rows rows;

	memset(long_text, 'x', length);
	assert_int_equal(db_run(s->writer, &thing_create,
			     ARGS(db_null(), db_text((text){ long_text, length }),
				 db_int(1), db_null())),
	    OK);
	assert_int_equal(db_all(s->reader, &s->arena, &thing_list, NO_ARGS, &rows), OK);
	assert_int_equal(db_row_text(&rows.rows[0], 2).length, length);
	assert_memory_equal(db_row_text(&rows.rows[0], 2).at, long_text, length);
}

static void
test_a_nul_is_refused(void **state)
{
	struct store *s = *state;

	assert_int_equal(
	    db_run(s->writer, &owner_returning, ARGS(db_text(TEXT("a\0b")))), BROKEN);
	assert_int_equal(count_owners(s, s->reader), 0);
}

static void
test_rows(void **state)
{
	static const struct query all = { "owner.all", "",
		"SELECT id FROM owners ORDER BY id" };
	static const struct query none = { "owner.none", "",
		"SELECT id FROM owners WHERE id < 0" };
	struct store *s = *state;
	struct db_rows rows;
	struct db_row row;
	char name[16];

	assert_int_equal(db_one(s->reader, &s->arena, &none, NO_ARGS, &row), NOT_FOUND);
	assert_int_equal(db_all(s->reader, &s->arena, &none, NO_ARGS, &rows), OK);
	assert_int_equal(rows.count, 0);
	assert_int_equal(db_begin(s->writer), OK);
	for (int i = 1; i <= 1000; i++) {
		snprintf(name, sizeof(name), "owner %d", i);
		assert_int_equal(create_owner(s->writer, name), OK);
		assert_int_equal(db_last_id(s->writer), i);
		assert_int_equal(db_changes(s->writer), 1);
	}
	assert_int_equal(db_commit(s->writer), OK);
	assert_int_equal(db_all(s->reader, &s->arena, &all, NO_ARGS, &rows), OK);
	assert_int_equal(rows.count, 1000);
	for (size_t i = 0; i < rows.count; i++)
		assert_int_equal(db_row_int(&rows.rows[i], 0), i + 1);
	assert_int_equal(db_one(s->reader, &s->arena, &all, NO_ARGS, &row), BROKEN);
	assert_int_equal(db_run(s->reader, &all, NO_ARGS), OK);
	assert_int_equal(
	    db_run(s->writer, &owner_rename_all, ARGS(db_text(TEXT("!")))), OK);
	assert_int_equal(db_changes(s->writer), 1000);
	assert_int_equal(db_run(s->writer, &owner_delete, ARGS(db_int(5000))), OK);
	assert_int_equal(db_changes(s->writer), 0);
}

/* Outside a transaction the row must be there for others as soon as it was returned. */
static void
test_returning(void **state)
{
	struct store *s = *state;
	struct db_row row;

	assert_int_equal(db_one(s->writer, &s->arena, &owner_returning,
			     ARGS(db_text(TEXT("somebody"))), &row),
	    OK);
	assert_int_equal(db_row_int(&row, 0), 1);
	assert_true(text_equal(db_row_text(&row, 1), TEXT("somebody")));
	assert_int_equal(count_owners(s, s->reader), 1);
	assert_int_equal(db_one(s->writer, &s->arena, &owner_returning,
			     ARGS(db_text(TEXT("somebody"))), &row),
	    CONFLICT);
	assert_int_equal(count_owners(s, s->reader), 1);
}

static void
test_conflicts(void **state)
{
	static const struct {
		const char *name;
		const char *sql;
		enum result expected;
	} cases[] = {
		{ "unique", "INSERT INTO owners (name) VALUES ('a')", CONFLICT },
		{ "primary key", "INSERT INTO owners (id, name) VALUES (1, 'b')",
		    CONFLICT },
		{ "no such parent", "INSERT INTO things (owner_id) VALUES (77)",
		    CONFLICT },
		{ "parent in use", "DELETE FROM owners WHERE id = 1", CONFLICT },
		{ "check", "INSERT INTO things (size) VALUES (100)", CONFLICT },
		{ "not null", "INSERT INTO owners (name) VALUES (NULL)", CONFLICT },
		{ "wrong type", "INSERT INTO things (size) VALUES ('x')", BROKEN },
		{ "no such table", "INSERT INTO nowhere VALUES (1)", BROKEN },
		{ "double quotes", "INSERT INTO owners (name) VALUES (\"b\")", BROKEN },
		{ "syntax", "INSRT", BROKEN },
	};
	struct store *s = *state;
	struct query queries[COUNT(cases)];

	assert_int_equal(create_owner(s->writer, "a"), OK);
	assert_int_equal(db_run(s->writer, &thing_create,
			     ARGS(db_int(1), db_null(), db_int(1), db_null())),
	    OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum result r;

		queries[i] = (struct query){ cases[i].name, "", cases[i].sql };
		r = db_run(s->writer, &queries[i], NO_ARGS);
		if (r != cases[i].expected)
			fail_msg("%s: %d", cases[i].name, r);
	}
	assert_int_equal(count_owners(s, s->reader), 1);
}

static void
test_queries_that_are_refused(void **state)
{
	static const struct {
		struct query query;
		enum result expected;
	} cases[] = {
		{ { "good", "it", "SELECT $1, $2, $1" }, OK },
		{ { "semicolon behind", "", "SELECT 1; \n" }, OK },
		{ { "wrong order", "it", "SELECT $2, $1" }, BROKEN },
		{ { "too few types", "i", "SELECT $1, $2" }, BROKEN },
		{ { "too many types", "itt", "SELECT $1, $2" }, BROKEN },
		{ { "question mark", "i", "SELECT ?" }, BROKEN },
		{ { "gap", "ii", "SELECT $1, $3" }, BROKEN },
		{ { "named", "i", "SELECT $name" }, BROKEN },
		{ { "unknown letter", "x", "SELECT $1" }, BROKEN },
		{ { "cast that SQLite misreads", "i", "SELECT $1::bigint" }, BROKEN },
		{ { "double colon in a text", "", "SELECT '::'" }, BROKEN },
		{ { "two statements", "", "SELECT 1; SELECT 2" }, BROKEN },
		{ { "nothing", "", " " }, BROKEN },
	};
	struct store *s = *state;

	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		enum result r = db_prepare(s->reader, &cases[i / 2].query);

		if (r != cases[i / 2].expected)
			fail_msg("%s: %d", cases[i / 2].query.name, r);
	}
}

/* More statements than the cache begins with. */
static void
test_many_queries(void **state)
{
	enum { MANY = 700 };
	static struct query queries[MANY];
	static char sql[MANY][24];
	struct store *s = *state;
	struct db_row row;

	for (int i = 0; i < 2 * MANY; i++) {
		int at = i % MANY;

		snprintf(sql[at], sizeof(sql[at]), "SELECT %d, $1", at);
		queries[at] = (struct query){ "many", "i", sql[at] };
		assert_int_equal(
		    db_one(s->reader, &s->arena, &queries[at], ARGS(db_int(i)), &row),
		    OK);
		assert_int_equal(db_row_int(&row, 0), at);
		assert_int_equal(db_row_int(&row, 1), i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_urls_that_are_refused),
		STORE_TEST(test_a_name_is_always_a_file),
		STORE_TEST(test_files_are_private),
		STORE_TEST(test_a_file_that_is_no_database),
		STORE_TEST(test_values),
		STORE_TEST(test_integers_at_the_ends),
		STORE_TEST(test_a_long_text),
		STORE_TEST(test_a_nul_is_refused),
		STORE_TEST(test_rows),
		STORE_TEST(test_returning),
		STORE_TEST(test_conflicts),
		STORE_TEST(test_queries_that_are_refused),
		STORE_TEST(test_many_queries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
