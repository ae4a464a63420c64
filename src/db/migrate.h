/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"

/*
 * A step of the schema, from a file migrations/0001-name.sql.  One text for every database; the word
 * {key} stands for "an integer primary key that the database numbers, never reused".
 */
struct migration {
	int number;
	const char *name;
	const char *sql;
};

/* All steps, ascending; embedded when the program is built. */
extern const struct migration migrations[];
extern const size_t migrations_count;

/*
 * Brings a database to the newest schema, a transaction a step; does nothing when it is
 * there.  INVALID, with the reason logged, when the database has a step that this program does not know or one
 * whose text differs from ours; then nothing was changed.
 */
MUST_USE enum result migrate(struct db *db, const struct migration *steps, size_t count);

#endif
