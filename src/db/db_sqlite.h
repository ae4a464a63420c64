/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_DB_SQLITE_H
#define DB_DB_SQLITE_H

#include "db/db_driver.h"

#include <sqlite3.h>

/* What the files of the SQLite driver share; nobody else includes this. */

/* The statements that every connection keeps ready. */
enum control {
	CONTROL_BEGIN,
	CONTROL_COMMIT,
	CONTROL_END,
	CONTROL_SAVEPOINT,
	CONTROL_RELEASE,
	CONTROL_ROLLBACK,
	CONTROL_COUNT,
};

/* A statement that was prepared, or none when query is NULL. */
struct statement {
	const struct query *query;
	sqlite3_stmt *handle;
};

/* Statements by the address of their query, open addressing, at most half full. */
struct statements {
	struct statement *slots;
	size_t capacity; /* a power of two */
	size_t count;
};

struct connection {
	struct db db; /* first: a struct db is cast to its connection */
	char *path;
	enum db_access access;
	int cache_kib;
	int wait_ms;
	sqlite3 *handle; /* NULL: the file could not be opened again yet */
	sqlite3_stmt *control[CONTROL_COUNT];
	struct statements statements;
	bool transaction; /* between db_begin and db_commit or db_end */
	bool doomed;      /* it must not be committed */
	bool part;        /* within it, a savepoint is open */
	bool suspect;  /* I/O failed: open the file again when the transaction is over */
	bool unsynced; /* what was written last may or may not be on disk */
	bool complained;       /* a full disk or the like was logged; once is enough */
	struct db_stage stage; /* what the relation "staged" shows */
	int log_pages;         /* in the write-ahead log, at the last commit */
	int moved_pages;       /* of these, how many are in the database file */
};

/*
 * Whether the open transaction still is one: SQLite rolls back by itself after some
 * errors, and what ran after that would be committed alone.
 */
static inline bool
db_sqlite_alive(const struct connection *connection)
{
	return !connection->doomed && !sqlite3_get_autocommit(connection->handle);
}

/*
 * Opens the file of a connection, and sets it up; the other way round.  When it cannot
 * be opened, the reason was logged.
 */
MUST_USE enum result db_sqlite_open(struct connection *connection);
void db_sqlite_close(struct connection *connection);

MUST_USE enum result db_sqlite_control(struct connection *connection, enum control which);

/* What SQLite's result code is in ours; logs what is to be logged.  `name` of a query. */
enum result db_sqlite_result(struct connection *connection, int code, const char *name);

/* OK when a statement may run: BUSY in a transaction that is dead, or without the file.
 */
MUST_USE enum result db_sqlite_ready(struct connection *connection);

/* After a call outside a transaction: opens the file again if it must be. */
void db_sqlite_settle(struct connection *connection);

/* Finalizes all cached statements. */
void db_sqlite_forget(struct statements *statements);

/* Makes the relation "staged" known to a handle that was opened; an SQLite result code.
 */
int db_sqlite_stage_register(struct connection *connection);

enum result db_sqlite_stage(struct db *db, const struct db_stage *stage);
enum result db_sqlite_prepare(struct db *db, const struct query *query);
enum result db_sqlite_run(
    struct db *db, const struct query *query, const struct db_value *args, size_t count);
enum result db_sqlite_one(struct db *db, struct arena *arena, const struct query *query,
    const struct db_value *args, size_t count, struct db_row *out);
enum result db_sqlite_all(struct db *db, struct arena *arena, const struct query *query,
    const struct db_value *args, size_t count, struct db_rows *out);

#endif
