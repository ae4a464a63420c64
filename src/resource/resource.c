/* SPDX-License-Identifier: Apache-2.0 */
#include "resource/resource.h"

#include "resource/kind.h"

#include <assert.h>

void
resource_init(const struct resource_plan *plan, struct row *row)
{
	memcpy(row, plan->initial, plan->resource->size);
}

/* The index of the field whose member of the row this is. */
static size_t
member_index(const struct resource *resource, const struct row *row, const void *member)
{
	size_t offset = (size_t)((const char *)member - (const char *)row);
	size_t i = 0;

	while (i < resource->field_count && resource->fields[i].offset != offset)
		i++;
	assert(i < resource->field_count);
	return i;
}

static uint64_t
member_bit(const struct resource *resource, const struct row *row, const void *member)
{
	return UINT64_C(1) << member_index(resource, row, member);
}

bool
resource_is_null(
    const struct resource *resource, const struct row *row, const void *member)
{
	return row->null & member_bit(resource, row, member);
}

bool
resource_is_given(
    const struct resource *resource, const struct row *row, const void *member)
{
	return row->given & member_bit(resource, row, member);
}

void
resource_set_null(const struct resource *resource, struct row *row, void *member)
{
	row->null |= member_bit(resource, row, member);
}

void
resource_set(const struct resource *resource, struct row *row, const void *member)
{
	row->null &= ~member_bit(resource, row, member);
}

/* The index of the field that input of this key is for, or field_count. */
static size_t
input_field(const struct resource *resource, text key)
{
	size_t i = 0;

	while (i < resource->field_count &&
	       !text_equal(key, text_of(resource->fields[i].key)))
		i++;
	if (i < resource->field_count && resource->fields[i].flags & FIELD_NOT_INPUT)
		return resource->field_count;
	return i;
}

static void
read_field(const struct resource *resource, size_t index, const struct json *value,
    struct row *row, struct problems *problems)
{
	const struct field *field = &resource->fields[index];
	uint64_t bit = UINT64_C(1) << index;
	text wrong;

	row->given |= bit;
	if (json_kind(value) == JSON_NULL) {
		if (field->flags & FIELD_NULLABLE)
			row->null |= bit;
		else
			problems_add(problems, field->key, "must not be null");
		return;
	}
	row->null &= ~bit;
	wrong = kind_ops(field->kind)
	            ->read(field, value, field_slot(field, row), problems->arena);
	if (wrong.length > 0)
		problems_add(problems, field->key, "%.*s", (int)wrong.length, wrong.at);
}

void
resource_read(const struct resource *resource, const struct json *object, struct row *row,
    struct problems *problems, struct ignored_keys *ignored)
{
	struct json_walk walk = { .of = object };

	while (json_next(&walk)) {
		size_t index = input_field(resource, walk.key);

		if (index < resource->field_count)
			read_field(resource, index, walk.value, row, problems);
		else if (ignored->count < COUNT(ignored->keys))
			ignored->keys[ignored->count++] = walk.key;
	}
}

void
resource_read_member(const struct resource *resource, const void *member,
    const struct json *value, struct row *row, struct problems *problems)
{
	read_field(resource, member_index(resource, row, member), value, row, problems);
}

void
resource_require(
    const struct resource *resource, const struct row *row, struct problems *problems)
{
	for (size_t i = 0; i < resource->field_count; i++)
		if (resource->fields[i].flags & FIELD_REQUIRED && !field_is_given(row, i))
			problems_add(problems, resource->fields[i].key, "is required");
}

void
resource_write(const struct resource *resource, const struct row *row,
    const struct zone *zone, struct json_writer *writer)
{
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (field->flags & (FIELD_HIDDEN | FIELD_WRITE_ONLY))
			continue;
		json_key(writer, field->key);
		if (field_is_null(row, i))
			json_null(writer);
		else
			kind_ops(field->kind)
			    ->write(field, field_value(field, row), zone, writer);
	}
}
