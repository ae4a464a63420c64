/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESOURCE_RESOURCE_H
#define RESOURCE_RESOURCE_H

#include "base/problem.h"
#include "db/db.h"
#include "resource/field.h"
#include "json/json.h"

/* A SELECT of a resource's columns: what follows them. */
struct resource_select {
	const char *name;  /* "campaign.by_id" */
	const char *types; /* as of struct query */
	const char *tail;  /* "WHERE campaigns.id = $1" */
};

enum { RESOURCE_SELECTS = 4 };

/*
 * A resource is declared once: its fields drive reading and checking JSON, storing,
 * rendering, and the API document.  Rules between fields are C in the noun's own file.
 */
struct resource {
	const char *name;  /* "campaign": the root key of its JSON input */
	const char *title; /* "Campaign": in the API document */
	const char
	    *table;       /* where rows are inserted and updated; NULL: written by hand */
	const char *from; /* what is selected from; NULL: the table */
	size_t size;      /* of the row struct */
	const struct field *fields; /* in the order of the JSON keys */
	size_t field_count;         /* at most 64 */
	const struct resource_select *selects;
	size_t select_count;
};

/* What is made from a resource's table when the program starts.  Constant from then on.
 */
struct resource_plan {
	const struct resource *resource;
	const struct row *initial; /* the defaults */
	struct query insert;
	struct query update;
	struct query selects[RESOURCE_SELECTS];
};

/* Makes the plan, in the arena.  A mistake in the table of fields asserts. */
const struct resource_plan *resource_plan_new(
    const struct resource *resource, struct arena *arena);

/* The keys of an object that were not taken: unknown ones and read-only ones. */
struct ignored_keys {
	size_t count;
	text keys[16]; /* the first ones */
};

/* Fills a row with the defaults. */
void resource_init(const struct resource_plan *plan, struct row *row);

/*
 * Reads an object's members into a row, which keeps what is not given.  Adds to problems
 * all that is wrong, and to ignored what was not taken.
 */
void resource_read(const struct resource *resource, const struct json *object,
    struct row *row, struct problems *problems, struct ignored_keys *ignored);

/* Reads one value into one member. */
void resource_read_member(const struct resource *resource, const void *member,
    const struct json *value, struct row *row, struct problems *problems);

/* Adds a problem for each required field that was not given. */
void resource_require(
    const struct resource *resource, const struct row *row, struct problems *problems);

/* Whether the stored fields of two rows are equal. */
bool resource_equal(
    const struct resource *resource, const struct row *a, const struct row *b);

/* Writes the fields as members of an object that is open. */
void resource_write(const struct resource *resource, const struct row *row,
    const struct zone *zone, struct json_writer *writer);

/* Writes the JSON schema of the answers' or of the input's members ("properties"). */
void resource_schema(
    const struct resource *resource, struct json_writer *writer, struct arena *arena);
void resource_input_schema(
    const struct resource *resource, struct json_writer *writer, struct arena *arena);

/*
 * Rows.  resource_insert stores every stored field but a null id; resource_update all but
 * counters and FIELD_ONCE ones, by the field "id".  Results are those of db_run and
 * db_one.
 */
MUST_USE enum result resource_insert(const struct resource_plan *plan, struct db *db,
    struct arena *arena, const struct row *row);
MUST_USE enum result resource_update(const struct resource_plan *plan, struct db *db,
    struct arena *arena, const struct row *row);

/* The columns of one row to a row struct; BROKEN when one does not fit its field. */
MUST_USE enum result resource_load(
    const struct resource_plan *plan, const struct db_row *columns, struct row *out);

/*
 * Members by their address: whether one is null or came with the input, and making it
 * null or not.  Asserts that the member is a field of the resource.
 */
bool resource_is_null(
    const struct resource *resource, const struct row *row, const void *member);
bool resource_is_given(
    const struct resource *resource, const struct row *row, const void *member);
void resource_set_null(const struct resource *resource, struct row *row, void *member);
void resource_set(const struct resource *resource, struct row *row, const void *member);

#endif
