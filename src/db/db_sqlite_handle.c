/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_sqlite.h"

#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <time.h>

enum {
	LOG_BYTES = 128 * 1024 * 1024, /* the log is cut to this when it begins anew */
	OPEN_PAUSE = 5000000,          /* nanoseconds */
	MS = 1000000,                  /* nanoseconds */
};

static const char *const control_sql[] = {
	[CONTROL_COMMIT] = "COMMIT",
	[CONTROL_END] = "ROLLBACK",
	[CONTROL_SAVEPOINT] = "SAVEPOINT part",
	[CONTROL_RELEASE] = "RELEASE part",
	[CONTROL_ROLLBACK] = "ROLLBACK TO part",
};

static const char *
control_text(const struct connection *connection, enum control which)
{
	if (which == CONTROL_BEGIN)
		return connection->access == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN";
	return control_sql[which];
}

enum result
db_sqlite_control(struct connection *connection, enum control which)
{
	sqlite3_stmt *handle = connection->control[which];
	int code = sqlite3_step(handle);
	enum result r = OK;

	if (code != SQLITE_DONE)
		r = db_sqlite_result(connection, code, control_text(connection, which));
	sqlite3_reset(handle);
	return r;
}

void
db_sqlite_close(struct connection *connection)
{
	int code;

	db_sqlite_forget(&connection->statements);
	for (size_t i = 0; i < CONTROL_COUNT; i++) {
		sqlite3_finalize(connection->control[i]);
		connection->control[i] = NULL;
	}
	code = sqlite3_close(connection->handle);
	assert(code == SQLITE_OK);
	(void)code;
	connection->handle = NULL;
}

/* Who commits learns how long the log is.  Takes the place of automatic checkpoints. */
static int
committed(void *context, sqlite3 *handle, const char *name, int pages)
{
	struct connection *connection = context;

	(void)handle;
	(void)name;
	if (pages < connection->log_pages)
		connection->moved_pages = 0;
	connection->log_pages = pages;
	return SQLITE_OK;
}

/* SQLite answers a journal mode that it could not set with the one there is. */
static int
expect_wal(void *context, int columns, char **values, char **names)
{
	(void)context;
	(void)names;
	return columns == 1 && values[0] != NULL && strcmp(values[0], "wal") == 0 ? 0 : 1;
}

static int
configure(struct connection *connection)
{
	static const struct {
		int option;
		int value;
	} options[] = {
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		/* "x" is never a text, as in PostgreSQL. */
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		/* No statement is planned anew because a value changed. */
		{ SQLITE_DBCONFIG_ENABLE_QPSG, 1 },
	};
	sqlite3 *handle = connection->handle;
	char pragmas[512];
	int code = sqlite3_busy_timeout(handle, connection->wait_ms);

	for (size_t i = 0; i < COUNT(options) && code == SQLITE_OK; i++)
		code =
		    sqlite3_db_config(handle, options[i].option, options[i].value, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(
		    handle, "PRAGMA journal_mode = WAL", expect_wal, NULL, NULL);
	if (code != SQLITE_OK)
		return code;
	sqlite3_wal_hook(handle, committed, connection);
	snprintf(pragmas, sizeof(pragmas),
	    "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
	    "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST;"
	    "PRAGMA journal_size_limit = %d; PRAGMA cache_size = -%d; PRAGMA query_only "
	    "= %d",
	    LOG_BYTES, connection->cache_kib, connection->access == DB_READ);
	return sqlite3_exec(handle, pragmas, NULL, NULL, NULL);
}

static int
handle_try(struct connection *connection)
{
	int code = sqlite3_open_v2(connection->path, &connection->handle,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
		SQLITE_OPEN_EXRESCODE,
	    NULL);

	if (code == SQLITE_OK)
		code = db_sqlite_stage_register(connection);
	if (code == SQLITE_OK)
		code = configure(connection);
	for (enum control i = 0; i < CONTROL_COUNT && code == SQLITE_OK; i++)
		code = sqlite3_prepare_v3(connection->handle, control_text(connection, i),
		    -1, SQLITE_PREPARE_PERSISTENT, &connection->control[i], NULL);
	return code;
}

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / MS;
}

/*
 * SQLite does not wait when two switch a new file to WAL at once: one is told at once
 * that it is locked, and must try again.
 */
enum result
db_sqlite_open(struct connection *connection)
{
	const struct timespec pause = { .tv_nsec = OPEN_PAUSE };
	int64_t deadline = monotonic_ms() + connection->wait_ms;
	int code;
	enum result r;

	for (;;) {
		code = handle_try(connection);
		if (code == SQLITE_OK)
			break;
		if ((code & 0xff) != SQLITE_BUSY || monotonic_ms() >= deadline) {
			r = (code & 0xff) == SQLITE_BUSY ? BUSY : BROKEN;
			log_error("database: cannot open %s: %s (code %d, errno %d)",
			    connection->path, sqlite3_errmsg(connection->handle), code,
			    errno);
			db_sqlite_close(connection);
			return r;
		}
		db_sqlite_close(connection);
		nanosleep(&pause, NULL);
	}
	connection->suspect = false;
	connection->log_pages = 0;
	connection->moved_pages = 0;
	return OK;
}

/*
 * When the log could not be synced, the refused commit may lie in it whole, beyond what
 * counts: after a crash it would come back.  Any commit is written over it.
 */
static void
overwrite_refused(struct connection *connection)
{
	char sql[64];
	sqlite3_stmt *handle = NULL;
	int code = sqlite3_prepare_v2(
	    connection->handle, "PRAGMA user_version", -1, &handle, NULL);
	int version = 0;

	if (code == SQLITE_OK && sqlite3_step(handle) == SQLITE_ROW)
		version = sqlite3_column_int(handle, 0);
	code = sqlite3_finalize(handle);
	if (code == SQLITE_OK) {
		snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", version);
		code = sqlite3_exec(connection->handle, sql, NULL, NULL, NULL);
	}
	if (code == SQLITE_OK)
		connection->unsynced = false;
	else
		connection->suspect = true;
}

static enum result
reopen(struct connection *connection)
{
	db_sqlite_close(connection);
	if (db_sqlite_open(connection) != OK)
		return BUSY;
	if (connection->unsynced && connection->access == DB_WRITE)
		overwrite_refused(connection);
	log_warning(
	    "database: opened %s again after an input/output error", connection->path);
	return OK;
}

void
db_sqlite_settle(struct connection *connection)
{
	/* If it cannot be opened now, the next call tries again. */
	if (connection->suspect && !connection->transaction)
		(void)!reopen(connection);
}

enum result
db_sqlite_ready(struct connection *connection)
{
	if (connection->transaction)
		return db_sqlite_alive(connection) ? OK : BUSY;
	return connection->handle != NULL ? OK : reopen(connection);
}
