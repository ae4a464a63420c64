/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entry_errors.h"

enum { DOMAIN_KEPT = 255 }; /* bytes of a bad domain that are kept */

struct entry_error {
	int64_t index;
	text domain;
	text message;
};

void
entry_errors_init(struct entry_errors *errors)
{
	*errors = (struct entry_errors){ .count = 0 };
	arena_init(&errors->arena);
}

void
entry_errors_clear(struct entry_errors *errors)
{
	arena_clear(&errors->arena);
}

void
entry_errors_add(struct entry_errors *errors, int64_t index, text domain, text message)
{
	errors->count++;
	if (errors->kept == ENTRY_ERRORS_MAX)
		return;
	if (errors->errors == NULL)
		errors->errors =
		    NEW_ARRAY(&errors->arena, struct entry_error, ENTRY_ERRORS_MAX);
	/* Cut between characters, never within one. */
	if (domain.length > DOMAIN_KEPT) {
		domain.length = DOMAIN_KEPT;
		while (domain.length > 0 && (domain.at[domain.length] & 0xc0) == 0x80)
			domain.length--;
	}
	errors->errors[errors->kept++] = (struct entry_error){
		.index = index,
		.domain = arena_copy(&errors->arena, domain),
		.message = arena_copy(&errors->arena, message),
	};
}

void
entry_errors_print(const struct entry_errors *errors, struct json_writer *writer)
{
	json_key(writer, "errors");
	json_array_begin(writer);
	for (size_t i = 0; i < errors->kept; i++) {
		json_object_begin(writer);
		json_key(writer, "index");
		json_int(writer, errors->errors[i].index);
		json_key(writer, "domainName");
		json_text(writer, errors->errors[i].domain);
		json_key(writer, "error");
		json_text(writer, errors->errors[i].message);
		json_object_end(writer);
	}
	json_array_end(writer);
}
