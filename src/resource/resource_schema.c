/* SPDX-License-Identifier: Apache-2.0 */
#include "resource/kind.h"
#include "resource/resource.h"

static void
write_property(const struct field *field, bool input, struct json_writer *writer,
    struct arena *arena)
{
	json_key(writer, field->key);
	json_object_begin(writer);
	if (input && field->kind == KIND_MONEY) {
		json_key(writer, "type");
		json_array_begin(writer);
		json_text(writer, TEXT("string"));
		json_text(writer, TEXT("number"));
		json_array_end(writer);
		if (field->max != 0) {
			json_key(writer, "minimum");
			json_int(writer, field->min / DOLLARS(1));
			json_key(writer, "maximum");
			json_int(writer, field->max / DOLLARS(1));
		}
	} else {
		kind_ops(field->kind)->schema(field, writer);
	}
	if (field->doc != NULL) {
		json_key(writer, "description");
		json_text(writer, text_of(field->doc));
	}
	if (input && field->initial != NULL) {
		json_key(writer, "default");
		json_raw(writer, kind_literal(field, field->initial, arena));
	}
	if (field->example != NULL) {
		json_key(writer, "examples");
		json_array_begin(writer);
		json_raw(writer, kind_literal(field, field->example, arena));
		json_array_end(writer);
	}
	if (!input && field->flags & FIELD_NOT_INPUT) {
		json_key(writer, "readOnly");
		json_bool(writer, true);
	}
	json_object_end(writer);
}

void
resource_schema(
    const struct resource *resource, struct json_writer *writer, struct arena *arena)
{
	for (size_t i = 0; i < resource->field_count; i++)
		if (!(resource->fields[i].flags & (FIELD_HIDDEN | FIELD_WRITE_ONLY)))
			write_property(&resource->fields[i], false, writer, arena);
}

void
resource_input_schema(
    const struct resource *resource, struct json_writer *writer, struct arena *arena)
{
	for (size_t i = 0; i < resource->field_count; i++)
		if (!(resource->fields[i].flags & FIELD_NOT_INPUT))
			write_property(&resource->fields[i], true, writer, arena);
}
