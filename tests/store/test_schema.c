/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant.h"

#include "model/campaign_item.h"
#include "model/user.h"
#include "resource/kind.h"

static const struct resource *const resources[] = { &organization_resource,
	&user_resource, &campaign_resource, &campaign_item_resource, &account_resource };

static bool
is_stored(const struct field *field)
{
	return !(field->flags & FIELD_COMPUTED);
}

static const char *
column_of(const struct field *field)
{
	const char *column = field->column == NULL ? field->key : field->column;
	const char *dot = strchr(column, '.');

	return dot == NULL ? column : dot + 1;
}

/* The table that holds a field: its resource's, or what its column names. */
static text
table_of(const struct resource *resource, const struct field *field)
{
	const char *dot;

	if (resource->table != NULL)
		return text_of(resource->table);
	assert_non_null(field->column);
	dot = strchr(field->column, '.');
	assert_non_null(dot);
	return (text){ field->column, (size_t)(dot - field->column) };
}

static const char *
column_type(const struct field *field)
{
	bool is_text = field->kind == KIND_TEXT || field->kind == KIND_CHOICE ||
	               field->kind == KIND_IPADDR;

	return is_text ? "TEXT" : "INTEGER";
}

static void
check_column(
    struct tenant *tenant, const struct resource *resource, const struct field *field)
{
	static const struct query find = { "test.column", "tt",
		"SELECT type, \"notnull\", pk FROM pragma_table_info($1)"
		" WHERE name = $2" };
	bool is_key = strcmp(field->key, "id") == 0;
	struct db_row row;

	print_message("%s.%s\n", resource->name, field->key);
	assert_int_equal(db_one(tenant->store->reader, &tenant->store->arena, &find,
			     ARGS(db_text(table_of(resource, field)),
				 db_text(text_of(column_of(field)))),
			     &row),
	    OK);
	assert_text(db_row_text(&row, 0), column_type(field));
	assert_int_equal(db_row_bool(&row, 2), is_key);
	if (!is_key)
		assert_int_equal(db_row_bool(&row, 1), !(field->flags & FIELD_NULLABLE));
}

static void
test_a_column_for_each_field(void **state)
{
	for (size_t i = 0; i < COUNT(resources); i++)
		for (size_t j = 0; j < resources[i]->field_count; j++)
			if (is_stored(&resources[i]->fields[j]))
				check_column(
				    *state, resources[i], &resources[i]->fields[j]);
}

static void
test_a_field_for_each_column(void **state)
{
	static const struct query count = { "test.columns", "t",
		"SELECT count(*) FROM pragma_table_info($1)" };
	struct tenant *tenant = *state;

	for (size_t i = 0; i < COUNT(resources); i++) {
		const struct resource *resource = resources[i];
		int64_t stored = 0;
		struct db_row row;

		if (resource->table == NULL)
			continue;
		print_message("%s\n", resource->table);
		for (size_t j = 0; j < resource->field_count; j++)
			stored += is_stored(&resource->fields[j]);
		assert_int_equal(
		    db_one(tenant->store->reader, &tenant->store->arena, &count,
			ARGS(db_text(text_of(resource->table))), &row),
		    OK);
		assert_int_equal(db_row_int(&row, 0), stored);
	}
}

static size_t
alignment_of(const struct field *field)
{
	switch (field->kind) {
	case KIND_BOOL: return _Alignof(bool);
	case KIND_CHOICE: return _Alignof(unsigned);
	case KIND_FLAGS: return _Alignof(struct flags);
	case KIND_DATE: return _Alignof(date);
	case KIND_IPADDR: return _Alignof(struct ipaddr);
	default: return _Alignof(int64_t);
	}
}

static const struct field *
field_at(const struct resource *resource, size_t offset)
{
	for (size_t i = 0; i < resource->field_count; i++)
		if (resource->fields[i].offset == offset)
			return &resource->fields[i];
	return NULL;
}

/* The first field at or behind an offset. */
static const struct field *
next_field(const struct resource *resource, size_t offset)
{
	while (offset < resource->size && field_at(resource, offset) == NULL)
		offset++;
	return field_at(resource, offset);
}

static size_t
padded(size_t offset, size_t alignment)
{
	return (offset + alignment - 1) / alignment * alignment;
}

/*
 * Fields lie where members without anything between them lie: each byte of the struct is
 * a field's or padding, and no two fields share any.
 */
static void
test_a_field_for_each_member(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(resources); i++) {
		const struct resource *resource = resources[i];
		size_t end = sizeof(struct row), found = 0;
		const struct field *field;

		while ((field = next_field(resource, end)) != NULL) {
			print_message("%s.%s\n", resource->name, field->key);
			assert_int_equal(field->offset, padded(end, alignment_of(field)));
			end = field->offset + kind_ops(field->kind)->size;
			found++;
		}
		assert_int_equal(found, resource->field_count);
		assert_int_equal(resource->size, padded(end, _Alignof(struct row)));
	}
}

static void
test_keys_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(resources); i++)
		for (size_t j = 0; j < resources[i]->field_count; j++)
			for (size_t k = 0; k < j; k++)
				assert_string_not_equal(resources[i]->fields[j].key,
				    resources[i]->fields[k].key);
}

static void
test_migrating_again(void **state)
{
	struct tenant *tenant = *state;
	text found;

	db_end(tenant->store->writer);
	assert_int_equal(
	    migrate(tenant->store->writer, migrations, migrations_count), OK);
	assert_int_equal(
	    db_check(tenant->store->reader, &tenant->store->arena, &found), OK);
	assert_text(found, "ok");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_a_column_for_each_field),
		TENANT_TEST(test_a_field_for_each_column),
		cmocka_unit_test(test_a_field_for_each_member),
		cmocka_unit_test(test_keys_are_unique),
		TENANT_TEST(test_migrating_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
