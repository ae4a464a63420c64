/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_sqlite.h"

#include <stdlib.h>

/*
 * The relation "staged": an eponymous virtual table over the rows that db_stage was
 * given, so that a statement reads them where they lie.  https://www.sqlite.org/vtab.html
 */
struct staged_table {
	sqlite3_vtab table;
	const struct connection *connection;
};

struct staged_cursor {
	sqlite3_vtab_cursor cursor;
	const struct db_stage *stage;
	size_t position;
	text row[DB_STAGE_COLUMNS];
};

static int
staged_connect(sqlite3 *handle, void *context, int argc, const char *const *argv,
    sqlite3_vtab **out, char **error)
{
	struct staged_table *table;
	int code;

	(void)argc;
	(void)argv;
	(void)error;
	code = sqlite3_declare_vtab(handle,
	    "CREATE TABLE staged (position INTEGER, c1 TEXT, c2 TEXT, c3 TEXT, c4 TEXT,"
	    " c5 TEXT, c6 TEXT, c7 TEXT, c8 TEXT)");
	if (code != SQLITE_OK)
		return code;
	table = calloc(1, sizeof *table);
	if (table == NULL)
		abort();
	table->connection = context;
	*out = &table->table;
	return SQLITE_OK;
}

static int
staged_disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

/*
 * It can only be read from end to end.  Said to be dear, and short: the planner then
 * makes it the outer loop, and looks for each row in the other table's index.
 */
static int
staged_plan(sqlite3_vtab *table, sqlite3_index_info *plan)
{
	(void)table;
	plan->orderByConsumed = plan->nOrderBy == 1 && plan->aOrderBy[0].iColumn == 0 &&
	                        !plan->aOrderBy[0].desc;
	plan->estimatedRows = 1000;
	plan->estimatedCost = 1e12;
	return SQLITE_OK;
}

static int
staged_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct staged_cursor *cursor = calloc(1, sizeof *cursor);

	(void)table;
	if (cursor == NULL)
		abort();
	*out = &cursor->cursor;
	return SQLITE_OK;
}

static int
staged_close(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static void
read_row(struct staged_cursor *cursor)
{
	if (cursor->position < cursor->stage->count)
		cursor->stage->read(cursor->stage->rows, cursor->position, cursor->row);
}

static int
staged_filter(
    sqlite3_vtab_cursor *base, int plan, const char *name, int argc, sqlite3_value **argv)
{
	struct staged_cursor *cursor = (struct staged_cursor *)base;
	const struct staged_table *table = (const struct staged_table *)base->pVtab;

	(void)plan;
	(void)name;
	(void)argc;
	(void)argv;
	cursor->stage = &table->connection->stage;
	cursor->position = 0;
	read_row(cursor);
	return SQLITE_OK;
}

static int
staged_next(sqlite3_vtab_cursor *base)
{
	struct staged_cursor *cursor = (struct staged_cursor *)base;

	cursor->position++;
	read_row(cursor);
	return SQLITE_OK;
}

static int
staged_eof(sqlite3_vtab_cursor *base)
{
	const struct staged_cursor *cursor = (const struct staged_cursor *)base;

	return cursor->position >= cursor->stage->count;
}

static int
staged_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	const struct staged_cursor *cursor = (const struct staged_cursor *)base;
	text value;

	if (column == 0) {
		sqlite3_result_int64(context, (sqlite3_int64)cursor->position);
		return SQLITE_OK;
	}
	value = cursor->row[column - 1];
	if (value.at == NULL)
		sqlite3_result_null(context);
	else
		sqlite3_result_text64(
		    context, value.at, value.length, SQLITE_STATIC, SQLITE_UTF8);
	return SQLITE_OK;
}

static int
staged_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((const struct staged_cursor *)base)->position;
	return SQLITE_OK;
}

static const sqlite3_module staged = {
	.xConnect = staged_connect,
	.xBestIndex = staged_plan,
	.xDisconnect = staged_disconnect,
	.xDestroy = staged_disconnect,
	.xOpen = staged_open,
	.xClose = staged_close,
	.xFilter = staged_filter,
	.xNext = staged_next,
	.xEof = staged_eof,
	.xColumn = staged_column,
	.xRowid = staged_rowid,
};

int
db_sqlite_stage_register(struct connection *connection)
{
	return sqlite3_create_module(connection->handle, "staged", &staged, connection);
}

enum result
db_sqlite_stage(struct db *db, const struct db_stage *stage)
{
	struct connection *connection = (struct connection *)db;

	connection->stage = *stage;
	return OK;
}
