/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db.h"

#include "base/log.h"
#include "db/db_driver.h"

#include <assert.h>

static const struct db_driver *const drivers[] = { &db_sqlite };

enum result
db_open(const struct db_options *options, struct db **out)
{
	const char *colon = strchr(options->url, ':');
	size_t length = colon == NULL ? 0 : (size_t)(colon - options->url);
	text scheme = { options->url, length };

	for (size_t i = 0; i < COUNT(drivers); i++) {
		if (length > 0 && text_equal(scheme, text_of(drivers[i]->scheme)))
			return drivers[i]->open(options, colon + 1, out);
	}
	/* The rest of a url may hold a password. */
	log_error("database: unknown kind of url \"%.*s:\"; known is \"sqlite:FILE\"",
	    (int)length, options->url);
	return BROKEN;
}

void
db_close(struct db *db)
{
	if (db != NULL)
		db->driver->close(db);
}

enum result
db_begin(struct db *db)
{
	return db->driver->begin(db);
}

enum result
db_commit(struct db *db)
{
	return db->driver->commit(db);
}

void
db_end(struct db *db)
{
	db->driver->end(db);
}

enum result
db_savepoint(struct db *db)
{
	return db->driver->savepoint(db);
}

enum result
db_release(struct db *db)
{
	return db->driver->release(db);
}

void
db_rollback(struct db *db)
{
	db->driver->rollback(db);
}

static bool
fits(char letter, const struct db_value *value)
{
	if (value->type == DB_NULL)
		return letter != '\0';
	switch (letter) {
	case 'i': return value->type == DB_INT;
	case 't': return value->type == DB_TEXT;
	case 'b': return value->type == DB_INT && (uint64_t)value->integer <= 1;
	case 'r': return value->type == DB_REAL;
	default: return false;
	}
}

/* PostgreSQL cannot hold a NUL in a text, so no database may. */
static enum result
check_values(const struct query *query, const struct db_value *args, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct db_value *value = &args[i];

		assert(fits(query->types[i], value));
		if (value->type == DB_TEXT && value->text.length > 0 &&
		    memchr(value->text.at, '\0', value->text.length) != NULL) {
			log_error("database: %s: a NUL in the text for $%zu", query->name,
			    i + 1);
			return BROKEN;
		}
	}
	assert(query->types[count] == '\0');
	return OK;
}

enum result
db_run(
    struct db *db, const struct query *query, const struct db_value *args, size_t count)
{
	enum result r = check_values(query, args, count);

	return r != OK ? r : db->driver->run(db, query, args, count);
}

enum result
db_one(struct db *db, struct arena *arena, const struct query *query,
    const struct db_value *args, size_t count, struct db_row *out)
{
	enum result r = check_values(query, args, count);

	return r != OK ? r : db->driver->one(db, arena, query, args, count, out);
}

enum result
db_all(struct db *db, struct arena *arena, const struct query *query,
    const struct db_value *args, size_t count, struct db_rows *out)
{
	enum result r = check_values(query, args, count);

	return r != OK ? r : db->driver->all(db, arena, query, args, count, out);
}

int64_t
db_changes(const struct db *db)
{
	return db->driver->changes(db);
}

int64_t
db_last_id(const struct db *db)
{
	return db->driver->last_id(db);
}

enum result
db_stage(struct db *db, const struct db_stage *stage)
{
	return db->driver->stage(db, stage);
}

enum result
db_prepare(struct db *db, const struct query *query)
{
	return db->driver->prepare(db, query);
}

enum result
db_script(struct db *db, const char *sql)
{
	return db->driver->script(db, sql);
}

enum result
db_checkpoint(struct db *db, bool leisure)
{
	return db->driver->checkpoint(db, leisure);
}

enum result
db_check(struct db *db, struct arena *arena, text *out)
{
	return db->driver->check(db, arena, out);
}

static const struct db_value *
column_get(const struct db_row *row, size_t column)
{
	assert(column < row->columns);
	return &row->values[column];
}

bool
db_row_is_null(const struct db_row *row, size_t column)
{
	return column_get(row, column)->type == DB_NULL;
}

int64_t
db_row_int(const struct db_row *row, size_t column)
{
	const struct db_value *value = column_get(row, column);

	assert(value->type == DB_INT);
	return value->integer;
}

bool
db_row_bool(const struct db_row *row, size_t column)
{
	int64_t value = db_row_int(row, column);

	assert(value == 0 || value == 1);
	return value == 1;
}

text
db_row_text(const struct db_row *row, size_t column)
{
	const struct db_value *value = column_get(row, column);

	if (value->type == DB_NULL)
		return (text){ NULL, 0 };
	assert(value->type == DB_TEXT);
	return value->text;
}
