/* SPDX-License-Identifier: Apache-2.0 */
#include "db/migrate.h"

#include "base/instant.h"
#include "base/log.h"
#include "db/db_driver.h"

#include <inttypes.h>
#include <stdio.h>

static const char table_sql[] = "CREATE TABLE IF NOT EXISTS schema_migrations ("
				"number {bigint} PRIMARY KEY,"
				" name TEXT NOT NULL,"
				" checksum TEXT NOT NULL,"
				" applied_at {bigint} NOT NULL){strict}";

static const struct query applied = { "migrate.applied", "",
	"SELECT number, name, checksum FROM schema_migrations ORDER BY number" };

static const struct query record = { "migrate.record", "itti",
	"INSERT INTO schema_migrations (number, name, checksum, applied_at)"
	" VALUES ($1, $2, $3, $4)" };

/* FNV-1a: it finds an accident, not an attacker. */
static text
checksum(struct arena *arena, const char *sql)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (; *sql != '\0'; sql++)
		hash = (hash ^ (unsigned char)*sql) * 0x100000001b3U;
	return arena_print(arena, "%016" PRIx64, hash);
}

static const struct db_word *
word_at(const struct db_word *words, const char *sql)
{
	for (; words->word != NULL; words++) {
		if (strncmp(sql, words->word, strlen(words->word)) == 0)
			return words;
	}
	return NULL;
}

/* Writes the text with its words replaced, unless out is NULL.  Returns its length. */
static size_t
replace(const struct db_word *words, const char *sql, char *out)
{
	size_t length = 0;

	while (*sql != '\0') {
		const struct db_word *word = *sql == '{' ? word_at(words, sql) : NULL;
		const char *piece = word == NULL ? sql : word->sql;
		size_t piece_length = word == NULL ? 1 : strlen(piece);

		for (size_t i = 0; out != NULL && i < piece_length; i++)
			out[length + i] = piece[i];
		length += piece_length;
		sql += word == NULL ? 1 : strlen(word->word);
	}
	return length;
}

static enum result
run_script(struct db *db, struct arena *arena, const char *sql)
{
	const struct db_word *words = db->driver->words;
	char *own = arena_alloc(arena, replace(words, sql, NULL) + 1);

	replace(words, sql, own);
	return db_script(db, own);
}

/* Whether what the database has is how our steps begin. */
static enum result
compare(struct arena *arena, const struct db_rows *rows, const struct migration *steps,
    size_t count)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct db_row *row = &rows->rows[i];
		int64_t number = db_row_int(row, 0);
		const char *name = db_row_text(row, 1).at;

		if (i >= count || number < steps[i].number) {
			log_error("database: it has the schema step %04" PRId64
				  "-%s, which this"
				  " program does not know: is the program too old?",
			    number, name);
			return INVALID;
		}
		if (number > steps[i].number) {
			log_error("database: it has the schema step %04" PRId64
				  "-%s but not"
				  " %04d-%s, which comes before",
			    number, name, steps[i].number, steps[i].name);
			return INVALID;
		}
		if (!text_equal(db_row_text(row, 2), checksum(arena, steps[i].sql))) {
			log_error("database: its schema step %04" PRId64
				  "-%s is not the one that this program has",
			    number, name);
			return INVALID;
		}
	}
	return OK;
}

static enum result
apply(struct db *db, struct arena *arena, const struct migration *step)
{
	enum result r = run_script(db, arena, step->sql);

	if (r == OK)
		r = db_run(db, &record,
		    ARGS(db_int(step->number), db_text(text_of(step->name)),
			db_text(checksum(arena, step->sql)), db_int(instant_now().ms)));
	return r;
}

/*
 * The first step that is missing, in a transaction.  Looks only when it has the write
 * lock: another process may be at it too.
 */
static enum result
advance(struct db *db, struct arena *arena, const struct migration *steps, size_t count,
    const struct migration **out_step)
{
	struct db_rows rows;
	enum result r = run_script(db, arena, table_sql);

	*out_step = NULL;
	if (r == OK)
		r = db_all(db, arena, &applied, NO_ARGS, &rows);
	if (r == OK)
		r = compare(arena, &rows, steps, count);
	if (r != OK || rows.count == count)
		return r;
	*out_step = &steps[rows.count];
	return apply(db, arena, *out_step);
}

enum result
migrate(struct db *db, const struct migration *steps, size_t count)
{
	const struct migration *step;
	struct arena arena;
	enum result r;

	do {
		r = db_begin(db);
		if (r != OK)
			return r;
		arena_init(&arena);
		r = advance(db, &arena, steps, count, &step);
		if (r == OK && step != NULL)
			r = db_commit(db);
		else
			db_end(db);
		arena_clear(&arena);
		if (step != NULL && r == OK)
			log_info("database: schema step %04d-%s done", step->number,
			    step->name);
		else if (step != NULL)
			log_error("database: schema step %04d-%s failed", step->number,
			    step->name);
	} while (r == OK && step != NULL);
	/* Rows that a step does not expect are no conflict of the caller's. */
	return r == CONFLICT ? BROKEN : r;
}
