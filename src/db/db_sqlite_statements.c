/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_sqlite.h"

#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256, FIRST_ROWS = 16 };

/* What an operator must know: once, until a commit works again. */
static enum result
refuse(struct connection *connection, int code, int error, const char *name)
{
	if (!connection->complained) {
		log_warning("database: %s: %s (code %d, errno %d)", name,
		    sqlite3_errmsg(connection->handle), code, error);
		connection->complained = true;
	}
	return BUSY;
}

static bool
disk_is_full(int code, int error)
{
	return code == SQLITE_IOERR_SHMSIZE || error == ENOSPC || error == EDQUOT ||
	       error == EFBIG;
}

enum result
db_sqlite_result(struct connection *connection, int code, const char *name)
{
	/* What sqlite3_system_errno lacks after a COMMIT is still in errno. */
	int error = errno;

	if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) {
		log_error("database: %s: out of memory", name);
		abort();
	}
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return BUSY;
	case SQLITE_CONSTRAINT:
		if (code != SQLITE_CONSTRAINT_DATATYPE)
			return CONFLICT;
		break;
	case SQLITE_READONLY:
		if (connection->access == DB_WRITE)
			return refuse(connection, code, error, name);
		break;
	case SQLITE_FULL:
	case SQLITE_CANTOPEN:
	case SQLITE_PROTOCOL: return refuse(connection, code, error, name);
	case SQLITE_IOERR:
		connection->suspect = true;
		if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
			connection->unsynced = true;
		if (disk_is_full(code, error))
			return refuse(connection, code, error, name);
		break;
	default: break;
	}
	log_error("database: %s: %s (code %d, errno %d)", name,
	    sqlite3_errmsg(connection->handle), code, error);
	return BROKEN;
}

/* Where a query is, or the empty slot where it belongs. */
static struct statement *
slot_of(const struct statements *statements, const struct query *query)
{
	size_t mask = statements->capacity - 1;
	size_t at =
	    (size_t)((uint64_t)(uintptr_t)query * 0x9e3779b97f4a7c15U >> 32) & mask;

	while (
	    statements->slots[at].query != NULL && statements->slots[at].query != query)
		at = (at + 1) & mask;
	return &statements->slots[at];
}

static void
grow(struct statements *statements)
{
	struct statements bigger = { .count = statements->count,
		.capacity = statements->capacity == 0 ? FIRST_CAPACITY
		                                      : statements->capacity * 2 };

	bigger.slots = calloc(bigger.capacity, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		abort();
	for (size_t i = 0; i < statements->capacity; i++) {
		if (statements->slots[i].query != NULL)
			*slot_of(&bigger, statements->slots[i].query) =
			    statements->slots[i];
	}
	free(statements->slots);
	*statements = bigger;
}

void
db_sqlite_forget(struct statements *statements)
{
	for (size_t i = 0; i < statements->capacity; i++)
		sqlite3_finalize(statements->slots[i].handle);
	free(statements->slots);
	*statements = (struct statements){ .slots = NULL };
}

/* What is wrong with a query that the database itself took, or NULL. */
static const char *
fault(const struct query *query, sqlite3_stmt *handle, const char *tail)
{
	size_t count = strlen(query->types);
	char name[16];

	if (handle == NULL)
		return "no statement in it";
	if (tail[strspn(tail, " \t\n;")] != '\0')
		return "something behind the statement";
	if (strstr(query->sql, "::") != NULL)
		return "\"::\" in it";
	if (strspn(query->types, "itbr") != count)
		return "unknown letter among its types";
	if ((size_t)sqlite3_bind_parameter_count(handle) != count)
		return "not as many parameters as types";
	for (int i = 1; i <= (int)count; i++) {
		const char *there = sqlite3_bind_parameter_name(handle, i);

		snprintf(name, sizeof(name), "$%d", i);
		if (there == NULL || strcmp(there, name) != 0)
			return "parameters are not $1, $2 ... in this order";
	}
	return NULL;
}

static enum result
prepare(struct connection *connection, const struct query *query, sqlite3_stmt **out)
{
	sqlite3_stmt *handle = NULL;
	const char *tail = "";
	const char *why;
	int code = sqlite3_prepare_v3(connection->handle, query->sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &handle, &tail);

	if (code != SQLITE_OK)
		return db_sqlite_result(connection, code, query->name);
	why = fault(query, handle, tail);
	if (why != NULL) {
		log_error("database: %s: bad query: %s", query->name, why);
		sqlite3_finalize(handle);
		return BROKEN;
	}
	*out = handle;
	return OK;
}

static enum result
find(struct connection *connection, const struct query *query, sqlite3_stmt **out)
{
	struct statements *statements = &connection->statements;
	struct statement *slot;
	enum result r;

	if (2 * (statements->count + 1) > statements->capacity)
		grow(statements);
	slot = slot_of(statements, query);
	if (slot->query == NULL) {
		r = prepare(connection, query, &slot->handle);
		if (r != OK)
			return r;
		slot->query = query;
		statements->count++;
	}
	*out = slot->handle;
	return OK;
}

/* Texts are not copied: every call binds all parameters anew before it steps. */
static int
bind(sqlite3_stmt *handle, const struct db_value *args, size_t count)
{
	int code = SQLITE_OK;

	for (int i = 0; i < (int)count && code == SQLITE_OK; i++) {
		const struct db_value *value = &args[i];

		switch (value->type) {
		case DB_NULL: code = sqlite3_bind_null(handle, i + 1); break;
		case DB_INT:
			code = sqlite3_bind_int64(handle, i + 1, value->integer);
			break;
		case DB_REAL:
			code = sqlite3_bind_double(handle, i + 1, value->real);
			break;
		case DB_TEXT:
			code = sqlite3_bind_text64(handle, i + 1, value->text.at,
			    value->text.length, SQLITE_STATIC, SQLITE_UTF8);
			break;
		}
	}
	return code;
}

/* A statement that is ready to be stepped. */
static enum result
start(struct connection *connection, const struct query *query,
    const struct db_value *args, size_t count, sqlite3_stmt **out)
{
	enum result r = db_sqlite_ready(connection);

	if (r != OK)
		return r;
	r = find(connection, query, out);
	if (r == OK)
		r = db_sqlite_result(connection, bind(*out, args, count), query->name);
	if (r != OK)
		db_sqlite_settle(connection);
	return r;
}

/* Ends what start began; `code` is what the last step returned. */
static enum result
finish(struct connection *connection, const struct query *query, sqlite3_stmt *handle,
    int code)
{
	enum result r = OK;

	if (code == SQLITE_ROW) {
		log_error("database: %s: more than one row", query->name);
		r = BROKEN;
	} else if (code != SQLITE_DONE) {
		r = db_sqlite_result(connection, code, query->name);
	}
	sqlite3_reset(handle);
	if (r != OK)
		db_sqlite_settle(connection);
	return r;
}

/*
 * The text stays SQLite's for now.  Read as a blob, because that does not make SQLite
 * copy it only to put a NUL behind it.
 */
static void
read_column(sqlite3_stmt *handle, int column, struct db_value *out)
{
	switch (sqlite3_column_type(handle, column)) {
	case SQLITE_NULL: out->type = DB_NULL; break;
	case SQLITE_INTEGER:
		out->type = DB_INT;
		out->integer = sqlite3_column_int64(handle, column);
		break;
	case SQLITE_FLOAT:
		out->type = DB_REAL;
		out->real = sqlite3_column_double(handle, column);
		break;
	default:
		out->type = DB_TEXT;
		out->text.at = sqlite3_column_blob(handle, column);
		out->text.length = (size_t)sqlite3_column_bytes(handle, column);
		break;
	}
}

static void
copy_row(struct arena *arena, sqlite3_stmt *handle, struct db_row *out)
{
	size_t columns = (size_t)sqlite3_data_count(handle);
	struct db_value *values = arena_alloc_raw(arena, columns * sizeof(*values));
	size_t bytes = 0;
	char *to;

	for (size_t i = 0; i < columns; i++) {
		read_column(handle, (int)i, &values[i]);
		if (values[i].type == DB_TEXT)
			bytes += values[i].text.length + 1;
	}
	to = arena_alloc_raw(arena, bytes);
	for (size_t i = 0; i < columns; i++) {
		size_t length = values[i].text.length;

		if (values[i].type != DB_TEXT)
			continue;
		if (length > 0)
			memcpy(to, values[i].text.at, length);
		to[length] = '\0';
		values[i].text.at = to;
		to += length + 1;
	}
	*out = (struct db_row){ .columns = columns, .values = values };
}

enum result
db_sqlite_prepare(struct db *db, const struct query *query)
{
	sqlite3_stmt *handle;
	enum result r = db_sqlite_ready((struct connection *)db);

	return r != OK ? r : find((struct connection *)db, query, &handle);
}

enum result
db_sqlite_run(
    struct db *db, const struct query *query, const struct db_value *args, size_t count)
{
	struct connection *connection = (struct connection *)db;
	sqlite3_stmt *handle;
	enum result r = start(connection, query, args, count, &handle);
	int code;

	if (r != OK)
		return r;
	do {
		code = sqlite3_step(handle);
	} while (code == SQLITE_ROW);
	return finish(connection, query, handle, code);
}

/* Steps beyond the row, since an INSERT ... RETURNING is complete only then. */
enum result
db_sqlite_one(struct db *db, struct arena *arena, const struct query *query,
    const struct db_value *args, size_t count, struct db_row *out)
{
	struct connection *connection = (struct connection *)db;
	sqlite3_stmt *handle;
	bool found = false;
	enum result r = start(connection, query, args, count, &handle);
	int code;

	if (r != OK)
		return r;
	code = sqlite3_step(handle);
	if (code == SQLITE_ROW) {
		copy_row(arena, handle, out);
		found = true;
		code = sqlite3_step(handle);
	}
	r = finish(connection, query, handle, code);
	return r == OK && !found ? NOT_FOUND : r;
}

enum result
db_sqlite_all(struct db *db, struct arena *arena, const struct query *query,
    const struct db_value *args, size_t count, struct db_rows *out)
{
	struct connection *connection = (struct connection *)db;
	struct db_rows list = { .count = 0 };
	size_t room = 0;
	sqlite3_stmt *handle;
	enum result r = start(connection, query, args, count, &handle);
	int code;

	if (r != OK)
		return r;
	while ((code = sqlite3_step(handle)) == SQLITE_ROW) {
		if (list.count == room) {
			struct db_row *old = list.rows;

			room = room == 0 ? FIRST_ROWS : room * 2;
			list.rows = arena_alloc_raw(arena, room * sizeof(*list.rows));
			if (list.count > 0)
				memcpy(list.rows, old, list.count * sizeof(*old));
		}
		copy_row(arena, handle, &list.rows[list.count++]);
	}
	r = finish(connection, query, handle, code);
	if (r == OK)
		*out = list;
	return r;
}
