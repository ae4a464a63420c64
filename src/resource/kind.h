/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESOURCE_KIND_H
#define RESOURCE_KIND_H

#include "base/arena.h"
#include "db/db.h"
#include "resource/field.h"
#include "json/json.h"

/* What differs from kind to kind, so that nothing else needs to ask. */
struct kind_ops {
	size_t size; /* of the C type */

	/* JSON (never null) to the slot; what is wrong, or { NULL, 0 }. */
	text (*read)(const struct field *field, const struct json *value, void *slot,
	    struct arena *arena);

	void (*write)(const struct field *field, const void *slot,
	    const struct zone *zone, struct json_writer *writer);

	struct db_value (*bind)(
	    const struct field *field, const void *slot, struct arena *arena);

	/* A column (never null) to the slot; false when it holds what the field cannot.
	 */
	bool (*load)(const struct field *field, const struct db_value *value, void *slot);

	/* The members of the field's JSON schema, in an object that is open. */
	void (*schema)(const struct field *field, struct json_writer *writer);
};

const struct kind_ops *kind_ops(enum kind kind);

/* The JSON that a table's initial or example stands for: quoted where the kind is a
 * string. */
text kind_literal(const struct field *field, const char *value, struct arena *arena);

#endif
