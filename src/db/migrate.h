/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"

/*
 * A step of the schema, from a file migrations/0001-name.sql.  One text for every
 * database, in which the words {key}, {serial}, {bigint} and {strict} are replaced by
 * what the database calls them: docs/SQL.md tells what they mean.  Any other word in
 * braces stays as it is.
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
 * Brings a database, opened with DB_WRITE, to the newest schema, a transaction a step;
 * does nothing when it is there.  Any number of processes may do so at once.
 *
 * INVALID, with the reason logged, when the database has a step that this program does
 * not know, one whose text differs from ours, or one without those before it; then
 * nothing was changed.  BUSY or BROKEN, logged, when a step failed: nothing of it was
 * done, but those before it were.
 */
MUST_USE enum result migrate(struct db *db, const struct migration *steps, size_t count);

#endif
