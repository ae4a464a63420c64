/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STORE_STORE_H
#define TESTS_STORE_STORE_H

#include "db/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { STORE_WAIT_MS = 50, STORE_CACHE_KIB = 1024 };

/* A database in a directory of its own, which both connections have open. */
struct store {
	char directory[256];
	char url[300];
	struct db *writer;
	struct db *reader;
	struct arena arena;
};

static inline struct db *
store_connect(const struct store *s, enum db_access access)
{
	struct db_options options = { .url = s->url,
		.access = access,
		.cache_kib = STORE_CACHE_KIB,
		.wait_ms = STORE_WAIT_MS };
	struct db *db;

	assert_int_equal(db_open(&options, &db), OK);
	return db;
}

/* A cmocka set-up: *state is a struct store. */
static inline int
store_open(void **state)
{
	struct store *s = calloc(1, sizeof(*s));
	const char *base = getenv("TMPDIR");

	assert_non_null(s);
	snprintf(s->directory, sizeof(s->directory), "%s/listenloop-store-XXXXXX",
	    base == NULL ? "/tmp" : base);
	assert_non_null(mkdtemp(s->directory));
	snprintf(s->url, sizeof(s->url), "sqlite:%s/store.db", s->directory);
	s->writer = store_connect(s, DB_WRITE);
	s->reader = store_connect(s, DB_READ);
	arena_init(&s->arena);
	*state = s;
	return 0;
}

/* A file of the store, by what stands behind its name: "", "-wal". */
static inline void
store_path(const struct store *s, const char *suffix, char out[static 320])
{
	snprintf(out, 320, "%s/store.db%s", s->directory, suffix);
}

static inline int
store_close(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", ".copy", ".copy-wal",
		".copy-shm", ".other", ".other-wal", ".other-shm" };
	struct store *s = *state;
	char path[320];

	db_close(s->reader);
	db_close(s->writer);
	arena_clear(&s->arena);
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		store_path(s, suffixes[i], path);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(s->directory), 0);
	free(s);
	return 0;
}

static inline long long
store_size(const struct store *s, const char *suffix)
{
	struct stat status;
	char path[320];

	store_path(s, suffix, path);
	assert_int_equal(stat(path, &status), 0);
	return (long long)status.st_size;
}

/* The only value of the only row. */
static inline int64_t
store_number(struct store *s, struct db *db, const struct query *query)
{
	struct db_row row;

	assert_int_equal(db_one(db, &s->arena, query, NO_ARGS, &row), OK);
	return db_row_int(&row, 0);
}

/* As store_open, with two tables to try things on. */
static inline int
store_open_tables(void **state)
{
	static const char schema[] =
	    "CREATE TABLE owners (id INTEGER PRIMARY KEY AUTOINCREMENT,"
	    " name TEXT NOT NULL UNIQUE) STRICT;"
	    "CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT,"
	    " owner_id INTEGER REFERENCES owners (id),"
	    " name TEXT, size INTEGER CHECK (size < 100), weight REAL) STRICT;";
	const struct store *s;

	store_open(state);
	s = *state;
	assert_int_equal(db_script(s->writer, schema), OK);
	return 0;
}

static inline enum result
create_owner(struct db *db, const char *name)
{
	static const struct query create = { "owner.create", "t",
		"INSERT INTO owners (name) VALUES ($1)" };

	return db_run(db, &create, ARGS(db_text(text_of(name))));
}

static inline int64_t
count_owners(struct store *s, struct db *db)
{
	static const struct query count = { "owner.count", "",
		"SELECT COUNT(*) FROM owners" };

	return store_number(s, db, &count);
}

/* Things of a kilobyte each. */
static inline enum result
create_things(struct db *db, int count)
{
	static const struct query create = { "thing.many", "i",
		"INSERT INTO things (name) WITH RECURSIVE n (i) AS"
		" (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
		" SELECT printf('%01000d', i) FROM n" };

	return db_run(db, &create, ARGS(db_int(count)));
}

#define STORE_TEST(function)                                                             \
	cmocka_unit_test_setup_teardown(function, store_open_tables, store_close)

#endif
