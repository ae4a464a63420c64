/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_DB_DRIVER_H
#define DB_DB_DRIVER_H

#include "db/db.h"

/*
 * What a database must bring to serve db.h: one file a database, chosen by the scheme of
 * the url.  Only src/db includes this.
 */

/* A word of a migration and what this database reads in its place. */
struct db_word {
	const char *word; /* "{key}" */
	const char *sql;
};

/*
 * Each function keeps the promise that db.h makes for the function of its name.  db.c
 * has checked the values against the query's types before run, one and all are called.
 */
struct db_driver {
	const char *scheme;          /* what stands before the ":" of a url */
	const struct db_word *words; /* ended by a NULL word */
	/* `place` is what follows the scheme and its ":". */
	enum result (*open)(
	    const struct db_options *options, const char *place, struct db **out);
	void (*close)(struct db *db);
	enum result (*begin)(struct db *db);
	enum result (*commit)(struct db *db);
	void (*end)(struct db *db);
	enum result (*savepoint)(struct db *db);
	enum result (*release)(struct db *db);
	void (*rollback)(struct db *db);
	enum result (*run)(struct db *db, const struct query *query,
	    const struct db_value *args, size_t count);
	enum result (*one)(struct db *db, struct arena *arena, const struct query *query,
	    const struct db_value *args, size_t count, struct db_row *out);
	enum result (*all)(struct db *db, struct arena *arena, const struct query *query,
	    const struct db_value *args, size_t count, struct db_rows *out);
	enum result (*stage)(struct db *db, const struct db_stage *stage);
	int64_t (*changes)(const struct db *db);
	int64_t (*last_id)(const struct db *db);
	enum result (*prepare)(struct db *db, const struct query *query);
	enum result (*script)(struct db *db, const char *sql);
	enum result (*checkpoint)(struct db *db, bool leisure);
	enum result (*check)(struct db *db, struct arena *arena, text *out);
};

/* Every connection of a driver begins with this. */
struct db {
	const struct db_driver *driver;
};

extern const struct db_driver db_sqlite;

#endif
