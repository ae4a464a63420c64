/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_sqlite.h"

#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/*
 * How long the log may grow.  A checkpoint holds up the writes that come meanwhile: many
 * short ones make for a better 99th percentile than a rare long one.
 */
enum { LOG_PAGES = 2000, LEISURE_PAGES = 1000 };

static const struct db_word words[] = {
	{ "{key}", "INTEGER PRIMARY KEY AUTOINCREMENT" },
	{ "{serial}", "INTEGER PRIMARY KEY" },
	{ "{bigint}", "INTEGER" },
	{ "{strict}", " STRICT" },
	{ NULL, NULL },
};

/* A name that SQLite takes for nothing but a file: no ":memory:", no "file:" URI. */
static char *
path_of(const char *place)
{
	size_t size = strlen(place) + sizeof("./");
	char *path = malloc(size);

	if (path == NULL)
		abort();
	snprintf(path, size, "%s%s", place[0] == '/' ? "" : "./", place);
	return path;
}

static void
sqlite_close(struct db *db)
{
	struct connection *connection = (struct connection *)db;

	db_sqlite_close(connection);
	free(connection->path);
	free(connection);
}

static enum result
sqlite_open(const struct db_options *options, const char *place, struct db **out)
{
	struct connection *connection;
	enum result r;

	assert(sqlite3_threadsafe() != 0);
	/* Saves a lock that all threads share; refused, and done, after the first time.
	 */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (place[0] == '\0') {
		log_error("database: \"sqlite:\" is not followed by the name of a file");
		return BROKEN;
	}
	connection = calloc(1, sizeof(*connection));
	if (connection == NULL)
		abort();
	connection->db.driver = &db_sqlite;
	connection->path = path_of(place);
	connection->access = options->access;
	connection->cache_kib = options->cache_kib;
	connection->wait_ms = options->wait_ms;
	/*
	 * Not open(): closing a second descriptor of a file that this process has open
	 * already would drop the locks that SQLite holds on it.
	 */
	if (mknod(connection->path, S_IFREG | S_IRUSR | S_IWUSR, 0) != 0 &&
	    errno != EEXIST) {
		log_error(
		    "database: cannot create %s: errno %d", connection->path, errno);
		sqlite_close(&connection->db);
		return BROKEN;
	}
	r = db_sqlite_open(connection);
	if (r != OK) {
		sqlite_close(&connection->db);
		return r;
	}
	*out = &connection->db;
	return OK;
}

static enum result
sqlite_begin(struct db *db)
{
	struct connection *connection = (struct connection *)db;
	enum result r;

	assert(!connection->transaction);
	r = db_sqlite_ready(connection);
	if (r != OK)
		return r;
	r = db_sqlite_control(connection, CONTROL_BEGIN);
	if (r != OK) {
		db_sqlite_settle(connection);
		return r;
	}
	connection->transaction = true;
	return OK;
}

static void
leave(struct connection *connection)
{
	if (!sqlite3_get_autocommit(connection->handle) &&
	    db_sqlite_control(connection, CONTROL_END) != OK)
		connection->suspect = true;
	connection->transaction = false;
	connection->doomed = false;
	connection->part = false;
	db_sqlite_settle(connection);
}

static enum result
sqlite_commit(struct db *db)
{
	struct connection *connection = (struct connection *)db;
	enum result r = BUSY;

	assert(connection->transaction && !connection->part);
	if (db_sqlite_alive(connection))
		r = db_sqlite_control(connection, CONTROL_COMMIT);
	if (r == OK && connection->access == DB_WRITE)
		connection->complained = false;
	leave(connection);
	return r;
}

static void
sqlite_end(struct db *db)
{
	struct connection *connection = (struct connection *)db;

	if (connection->transaction)
		leave(connection);
}

static enum result
sqlite_savepoint(struct db *db)
{
	struct connection *connection = (struct connection *)db;
	enum result r;

	assert(connection->transaction && !connection->part);
	if (!db_sqlite_alive(connection))
		return BUSY;
	r = db_sqlite_control(connection, CONTROL_SAVEPOINT);
	connection->part = r == OK;
	return r;
}

/* If a part cannot be undone, neither may the whole be committed. */
static void
sqlite_rollback(struct db *db)
{
	struct connection *connection = (struct connection *)db;

	assert(connection->transaction && connection->part);
	connection->part = false;
	if (!db_sqlite_alive(connection))
		return;
	if (db_sqlite_control(connection, CONTROL_ROLLBACK) != OK ||
	    db_sqlite_control(connection, CONTROL_RELEASE) != OK)
		connection->doomed = true;
}

static enum result
sqlite_release(struct db *db)
{
	struct connection *connection = (struct connection *)db;
	enum result r = BUSY;

	assert(connection->transaction && connection->part);
	if (db_sqlite_alive(connection))
		r = db_sqlite_control(connection, CONTROL_RELEASE);
	if (r != OK)
		sqlite_rollback(db);
	connection->part = false;
	return r;
}

static int64_t
sqlite_changes(const struct db *db)
{
	const struct connection *connection = (const struct connection *)db;

	return connection->handle == NULL ? 0 : sqlite3_changes64(connection->handle);
}

static int64_t
sqlite_last_id(const struct db *db)
{
	const struct connection *connection = (const struct connection *)db;

	return connection->handle == NULL ? 0
	                                  : sqlite3_last_insert_rowid(connection->handle);
}

static enum result
sqlite_script(struct db *db, const char *sql)
{
	struct connection *connection = (struct connection *)db;
	enum result r = db_sqlite_ready(connection);

	if (r != OK)
		return r;
	r = db_sqlite_result(connection,
	    sqlite3_exec(connection->handle, sql, NULL, NULL, NULL), "script");
	if (r == OK && connection->transaction && !db_sqlite_alive(connection)) {
		log_error("database: a script ended the transaction that it ran in");
		r = BROKEN;
	}
	if (r != OK)
		db_sqlite_settle(connection);
	return r;
}

/* Never waits for readers: what they are in the way of, a later one moves. */
static enum result
sqlite_checkpoint(struct db *db, bool leisure)
{
	struct connection *connection = (struct connection *)db;
	int in_log = 0, moved = 0, code;
	enum result r;

	assert(!connection->transaction);
	if (connection->log_pages - connection->moved_pages <
	    (leisure ? LEISURE_PAGES : LOG_PAGES))
		return OK;
	r = db_sqlite_ready(connection);
	if (r != OK)
		return r;
	code = sqlite3_wal_checkpoint_v2(
	    connection->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
	if ((code & 0xff) == SQLITE_BUSY)
		return OK;
	r = db_sqlite_result(connection, code, "checkpoint");
	if (r == OK)
		connection->moved_pages = moved;
	else
		db_sqlite_settle(connection);
	return r;
}

static enum result
sqlite_check(struct db *db, struct arena *arena, text *out)
{
	static const struct query integrity = { "db.integrity", "",
		"PRAGMA integrity_check" };
	static const struct query foreign = { "db.foreign_keys", "",
		"PRAGMA foreign_key_check" };
	struct db_rows rows;
	text all = { NULL, 0 };
	enum result r = db_sqlite_all(db, arena, &integrity, NO_ARGS, &rows);

	if (r != OK)
		return r;
	for (size_t i = 0; i < rows.count; i++) {
		text line = db_row_text(&rows.rows[i], 0);

		all = arena_print(arena, "%.*s%s%.*s", (int)all.length,
		    all.length == 0 ? "" : all.at, i == 0 ? "" : "\n", (int)line.length,
		    line.at);
	}
	r = db_sqlite_all(db, arena, &foreign, NO_ARGS, &rows);
	if (r != OK)
		return r;
	if (rows.count > 0) {
		const struct db_row *row = &rows.rows[0];

		all = arena_print(arena,
		    "%.*s\n%zu rows refer to rows that are not there, the first in %s, "
		    "row %lld",
		    (int)all.length, all.at, rows.count, db_row_text(row, 0).at,
		    db_row_is_null(row, 1) ? 0LL : (long long)db_row_int(row, 1));
	}
	*out = all;
	return OK;
}

const struct db_driver db_sqlite = {
	.scheme = "sqlite",
	.words = words,
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.end = sqlite_end,
	.savepoint = sqlite_savepoint,
	.release = sqlite_release,
	.rollback = sqlite_rollback,
	.run = db_sqlite_run,
	.one = db_sqlite_one,
	.all = db_sqlite_all,
	.stage = db_sqlite_stage,
	.changes = sqlite_changes,
	.last_id = sqlite_last_id,
	.prepare = db_sqlite_prepare,
	.script = sqlite_script,
	.checkpoint = sqlite_checkpoint,
	.check = sqlite_check,
};
