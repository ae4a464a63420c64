/* SPDX-License-Identifier: Apache-2.0 */
#include "resource/kind_schema.h"

static void
schema_member(struct json_writer *writer, const char *key, const char *value)
{
	json_key(writer, key);
	json_text(writer, text_of(value));
}

/* "type": "string", or ["string", "null"] where the field may be null. */
static void
schema_type(const struct field *field, struct json_writer *writer, const char *type)
{
	json_key(writer, "type");
	if (!(field->flags & FIELD_NULLABLE)) {
		json_text(writer, text_of(type));
		return;
	}
	json_array_begin(writer);
	json_text(writer, text_of(type));
	json_text(writer, TEXT("null"));
	json_array_end(writer);
}

void
kind_schema_int(const struct field *field, struct json_writer *writer)
{
	schema_type(field, writer, "integer");
	schema_member(writer, "format", "int64");
	if (field->min == 0 && field->max == 0)
		return;
	json_key(writer, "minimum");
	json_int(writer, field->min);
	json_key(writer, "maximum");
	json_int(writer, field->max);
}

void
kind_schema_bool(const struct field *field, struct json_writer *writer)
{
	schema_type(field, writer, "boolean");
}

void
kind_schema_text(const struct field *field, struct json_writer *writer)
{
	schema_type(field, writer, "string");
	if (field->min != 0) {
		json_key(writer, "minLength");
		json_int(writer, field->min);
	}
	if (field->max != 0) {
		json_key(writer, "maxLength");
		json_int(writer, field->max);
	}
}

void
kind_schema_money(const struct field *field, struct json_writer *writer)
{
	schema_type(field, writer, "string");
	schema_member(writer, "format", "decimal");
	schema_member(writer, "pattern", "^-?[0-9]+\\.[0-9]{1,6}$");
}

void
kind_schema_choice(const struct field *field, struct json_writer *writer)
{
	schema_type(field, writer, "string");
	json_key(writer, "enum");
	json_array_begin(writer);
	for (size_t i = 0; field->choices[i] != NULL; i++)
		json_text(writer, text_of(field->choices[i]));
	if (field->flags & FIELD_NULLABLE)
		json_null(writer);
	json_array_end(writer);
}

void
kind_schema_flags(const struct field *field, struct json_writer *writer)
{
	schema_type(field, writer, "object");
	json_key(writer, "properties");
	json_object_begin(writer);
	for (size_t i = 0; field->choices[i] != NULL; i++) {
		json_key(writer, field->choices[i]);
		json_object_begin(writer);
		schema_member(writer, "type", "boolean");
		json_object_end(writer);
	}
	json_object_end(writer);
	json_key(writer, "additionalProperties");
	json_bool(writer, false);
}

void
kind_schema_instant(const struct field *field, struct json_writer *writer)
{
	schema_type(field, writer, "string");
	schema_member(writer, "format", "date-time");
}

void
kind_schema_date(const struct field *field, struct json_writer *writer)
{
	schema_type(field, writer, "string");
	schema_member(writer, "format", "date");
}

void
kind_schema_ipaddr(const struct field *field, struct json_writer *writer)
{
	static const char *const members[] = { "family", "addr", "mask_addr" };

	schema_type(field, writer, "object");
	json_key(writer, "properties");
	json_object_begin(writer);
	for (size_t i = 0; i < COUNT(members); i++) {
		json_key(writer, members[i]);
		json_object_begin(writer);
		schema_member(writer, "type", "integer");
		json_object_end(writer);
	}
	json_object_end(writer);
}
