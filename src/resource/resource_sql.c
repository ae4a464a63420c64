/* SPDX-License-Identifier: Apache-2.0 */
#include "resource/kind.h"
#include "resource/resource.h"

#include "base/log.h"

#include <assert.h>

static const char *
column_of(const struct field *field)
{
	return field->column != NULL ? field->column : field->key;
}

static bool
is_stored(const struct field *field)
{
	return !(field->flags & FIELD_COMPUTED);
}

static bool
is_id(const struct field *field)
{
	return field->kind == KIND_ID && strcmp(field->key, "id") == 0;
}

static bool
is_updated(const struct field *field)
{
	return is_stored(field) && !(field->flags & (FIELD_COUNTER | FIELD_ONCE)) &&
	       !is_id(field);
}

static const char *
type_of(const struct field *field)
{
	switch (field->kind) {
	case KIND_TEXT:
	case KIND_CHOICE:
	case KIND_IPADDR: return "t";
	case KIND_BOOL: return "b";
	default: return "i";
	}
}

static struct query
insert_query(const struct resource *resource, struct arena *arena)
{
	text columns = TEXT(""), values = TEXT(""), types = TEXT("");
	int n = 0;

	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (!is_stored(field) || is_id(field))
			continue;
		columns = arena_print(
		    arena, "%s%s%s", columns.at, n > 0 ? ", " : "", column_of(field));
		values =
		    arena_print(arena, "%s%s$%d", values.at, n > 0 ? ", " : "", n + 1);
		types = arena_print(arena, "%s%s", types.at, type_of(field));
		n++;
	}
	return (struct query){
		.name = arena_print(arena, "%s.insert", resource->name).at,
		.types = types.at,
		.sql = arena_print(arena, "INSERT INTO %s (%s) VALUES (%s)",
		    resource->table, columns.at, values.at)
		           .at,
	};
}

static struct query
update_query(const struct resource *resource, struct arena *arena)
{
	text sets = TEXT(""), types = TEXT("");
	int n = 0;

	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (!is_updated(field))
			continue;
		sets = arena_print(arena, "%s%s%s = $%d", sets.at, n > 0 ? ", " : "",
		    column_of(field), n + 1);
		types = arena_print(arena, "%s%s", types.at, type_of(field));
		n++;
	}
	return (struct query){
		.name = arena_print(arena, "%s.update", resource->name).at,
		.types = arena_print(arena, "%si", types.at).at,
		.sql = arena_print(arena, "UPDATE %s SET %s WHERE id = $%d",
		    resource->table, sets.at, n + 1)
		           .at,
	};
}

static struct query
select_query(const struct resource *resource, const struct resource_select *select,
    struct arena *arena)
{
	const char *from = resource->from != NULL ? resource->from : resource->table;
	text columns = TEXT("");

	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (is_stored(field))
			columns = arena_print(arena, "%s%s%s", columns.at,
			    columns.length > 0 ? ", " : "", column_of(field));
	}
	return (struct query){
		.name = select->name,
		.types = select->types,
		.sql = arena_print(
		    arena, "SELECT %s FROM %s %s", columns.at, from, select->tail)
		           .at,
	};
}

static const struct row *
initial_row(const struct resource *resource, struct arena *arena)
{
	struct row *row = arena_alloc(arena, resource->size);

	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];
		const struct json *value;
		struct json_error error;
		enum result r;
		text wrong;

		if (field->initial == NULL) {
			row->null |= UINT64_C(1) << i;
			continue;
		}
		r = json_parse(
		    arena, kind_literal(field, field->initial, arena), &value, &error);
		assert(r == OK);
		(void)r;
		wrong = kind_ops(field->kind)
		            ->read(field, value, field_slot(field, row), arena);
		assert(wrong.length == 0);
		(void)wrong;
	}
	return row;
}

const struct resource_plan *
resource_plan_new(const struct resource *resource, struct arena *arena)
{
	struct resource_plan *plan = NEW(arena, struct resource_plan);

	assert(resource->field_count <= 64);
	assert(resource->select_count <= RESOURCE_SELECTS);
	plan->resource = resource;
	plan->initial = initial_row(resource, arena);
	if (resource->table != NULL) {
		plan->insert = insert_query(resource, arena);
		plan->update = update_query(resource, arena);
	}
	for (size_t i = 0; i < resource->select_count; i++)
		plan->selects[i] = select_query(resource, &resource->selects[i], arena);
	return plan;
}

static struct db_value
bind_field(const struct resource *resource, size_t index, const struct row *row,
    struct arena *arena)
{
	const struct field *field = &resource->fields[index];

	if (field_is_null(row, index))
		return db_null();
	return kind_ops(field->kind)->bind(field, field_value(field, row), arena);
}

enum result
resource_insert(const struct resource_plan *plan, struct db *db, struct arena *arena,
    const struct row *row)
{
	const struct resource *resource = plan->resource;
	struct db_value args[64];
	size_t n = 0;

	for (size_t i = 0; i < resource->field_count; i++)
		if (is_stored(&resource->fields[i]) && !is_id(&resource->fields[i]))
			args[n++] = bind_field(resource, i, row, arena);
	return db_run(db, &plan->insert, args, n);
}

enum result
resource_update(const struct resource_plan *plan, struct db *db, struct arena *arena,
    const struct row *row)
{
	const struct resource *resource = plan->resource;
	struct db_value args[64];
	size_t n = 0, id = 0;

	for (size_t i = 0; i < resource->field_count; i++) {
		if (is_updated(&resource->fields[i]))
			args[n++] = bind_field(resource, i, row, arena);
		else if (is_id(&resource->fields[i]))
			id = i;
	}
	args[n++] = bind_field(resource, id, row, arena);
	return db_run(db, &plan->update, args, n);
}

bool
resource_equal(const struct resource *resource, const struct row *a, const struct row *b)
{
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];
		const void *x = field_value(field, a), *y = field_value(field, b);

		if (!is_updated(field))
			continue;
		if (field_is_null(a, i) != field_is_null(b, i))
			return false;
		if (field_is_null(a, i))
			continue;
		if (field->kind == KIND_TEXT
			? !text_equal(*(const text *)x, *(const text *)y)
			: memcmp(x, y, kind_ops(field->kind)->size) != 0)
			return false;
	}
	return true;
}

enum result
resource_load(
    const struct resource_plan *plan, const struct db_row *columns, struct row *out)
{
	const struct resource *resource = plan->resource;
	size_t column = 0;

	resource_init(plan, out);
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];
		const struct db_value *value;

		if (!is_stored(field))
			continue;
		assert(column < columns->columns);
		value = &columns->values[column++];
		if (value->type == DB_NULL) {
			out->null |= UINT64_C(1) << i;
			continue;
		}
		out->null &= ~(UINT64_C(1) << i);
		if (!kind_ops(field->kind)->load(field, value, field_slot(field, out))) {
			log_error("%s.%s holds what does not fit it", resource->name,
			    field->key);
			return BROKEN;
		}
	}
	return OK;
}
