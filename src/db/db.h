/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A connection to a database.  One thread at a time.  The same SQL text runs on every
 * driver: see docs/SQL.md for what it may contain.
 */
struct db;

/*
 * A statement, written out beside the function that runs it; always static.  `types` has
 * a letter for each parameter, $1 first: i bigint, t text, b boolean, r real.
 */
struct query {
	const char *name; /* for logs: "account.by_domain" */
	const char *types;
	const char *sql;
};

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_REAL };

/* A parameter or a column.  Booleans are integers 0 and 1. */
struct db_value {
	enum db_type type;
	union {
		int64_t integer;
		double real;
		text text;
	};
};

/* What came of a row; lives as long as the arena that was given for it. */
struct db_row {
	size_t columns;
	struct db_value *values;
};

struct db_rows {
	size_t count;
	struct db_row *rows;
};

static inline struct db_value
db_int(int64_t value)
{
	return (struct db_value){ .type = DB_INT, .integer = value };
}

static inline struct db_value
db_bool(bool value)
{
	return (struct db_value){ .type = DB_INT, .integer = value };
}

static inline struct db_value
db_text(text value)
{
	return (struct db_value){ .type = value.at == NULL ? DB_NULL : DB_TEXT,
		.text = value };
}

static inline struct db_value
db_null(void)
{
	return (struct db_value){ .type = DB_NULL };
}

/* ARGS(db_int(1), db_text(name)) and NO_ARGS give the two parameters `args, count`. */
#define ARGS(...)                                                                        \
	(const struct db_value[]){ __VA_ARGS__ },                                        \
	    sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value)
#define NO_ARGS NULL, 0

enum db_access {
	DB_READ,  /* reads; a snapshot is begun and ended with db_begin and db_end */
	DB_WRITE, /* reads and writes */
};

struct db_options {
	const char *url; /* "sqlite:DIR/listenloop.db" */
	enum db_access access;
	int cache_kib; /* most memory for cached pages */
	int wait_ms;   /* how long to wait for another process's lock before BUSY */
};

/*
 * Opens, and creates if need be, a database.  BROKEN, with the reason logged, when it
 * cannot be; BUSY when somebody else holds it.
 */
MUST_USE enum result db_open(const struct db_options *options, struct db **out);
void db_close(struct db *db);

/*
 * Transactions.  DB_READ: a snapshot, all reads see one state.  DB_WRITE: takes the
 * write lock at once.  Not nested.  db_commit returns OK only when the effects are on
 * disk; after anything else nothing of the transaction is, and it has ended.  db_end ends
 * a snapshot, and rolls a write transaction back; it does nothing when none is open.
 *
 * A full disk or an input/output error may end a transaction from within: then all that
 * follows in it, db_commit too, is BUSY.  After such an error the file is closed and
 * opened again when the transaction is over; the caller need not.
 */
MUST_USE enum result db_begin(struct db *db);
MUST_USE enum result db_commit(struct db *db);
void db_end(struct db *db);

/*
 * A part of a write transaction that can be undone alone: db_savepoint, and if that was
 * OK exactly one of db_release and db_rollback.  Not nested.  When db_release fails the
 * part was undone.
 */
MUST_USE enum result db_savepoint(struct db *db);
MUST_USE enum result db_release(struct db *db);
void db_rollback(struct db *db);

/*
 * Runs a statement.  CONFLICT: a unique or foreign key or a check refused it; what else
 * was done in the transaction stays.  BUSY: locked, disk full or read-only.  BROKEN:
 * anything else; logged with the query's name.  Outside a transaction it is one by
 * itself. The values are only read during the call.  Texts are valid UTF-8 and hold no
 * NUL.
 */
MUST_USE enum result db_run(
    struct db *db, const struct query *query, const struct db_value *args, size_t count);

/*
 * As db_run, for a statement that yields at most one row; NOT_FOUND if it yields none,
 * BROKEN if it yields more.
 */
MUST_USE enum result db_one(struct db *db, struct arena *arena, const struct query *query,
    const struct db_value *args, size_t count, struct db_row *out);

/* As db_run, with all the rows. */
MUST_USE enum result db_all(struct db *db, struct arena *arena, const struct query *query,
    const struct db_value *args, size_t count, struct db_rows *out);

/*
 * Rows that statements read as a relation "staged", with their position (from 0) and the
 * texts c1 to c8: what is inserted from there costs a fraction of an INSERT a row.
 */
enum { DB_STAGE_COLUMNS = 8 };
struct db_stage {
	const void *rows;
	size_t count;
	/* A text that is { NULL, 0 } is null. */
	void (*read)(const void *rows, size_t position, text out[DB_STAGE_COLUMNS]);
};

/*
 * Takes the place of what was staged before.  The rows stay the caller's, and must live
 * as long as statements read them.
 */
MUST_USE enum result db_stage(struct db *db, const struct db_stage *stage);

/* How many rows the last INSERT, UPDATE or DELETE changed, not counting cascades. */
int64_t db_changes(const struct db *db);

/* The key that the last INSERT of this connection made. */
int64_t db_last_id(const struct db *db);

/*
 * Prepares a statement and checks it against its types and against docs/SQL.md as far as
 * that can be checked: how tests try every query.
 */
MUST_USE enum result db_prepare(struct db *db, const struct query *query);

/* Runs statements that take no parameters, separated by semicolons: migrations. */
MUST_USE enum result db_script(struct db *db, const char *sql);

/*
 * Moves what the write-ahead log holds into the database file, as far as readers allow,
 * without waiting for them, if the log is long; at leisure, when no one waits for the
 * connection, also a shorter one.  Else does nothing, and is cheap.  To be called after
 * commits, outside a transaction; nothing else does it while the database is open.
 */
MUST_USE enum result db_checkpoint(struct db *db, bool leisure);

/* "ok", or what is wrong, in the arena. */
MUST_USE enum result db_check(struct db *db, struct arena *arena, text *out);

/* Columns.  A wrong type asserts: the text and its reader are ours. */
bool db_row_is_null(const struct db_row *row, size_t column);
int64_t db_row_int(const struct db_row *row, size_t column);
bool db_row_bool(const struct db_row *row, size_t column);
text db_row_text(const struct db_row *row, size_t column); /* { NULL, 0 } for null */

#endif
