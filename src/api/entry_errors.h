/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ENTRY_ERRORS_H
#define API_ENTRY_ERRORS_H

#include "base/arena.h"
#include "json/json.h"

enum { ENTRY_ERRORS_MAX = 1000 };

struct entry_error;

/*
 * The entries of a list that were not taken: all are counted, the first ENTRY_ERRORS_MAX
 * are kept.
 */
struct entry_errors {
	int64_t count;
	size_t kept;
	struct entry_error *errors;
	struct arena arena; /* holds them */
};

void entry_errors_init(struct entry_errors *errors);
void entry_errors_clear(struct entry_errors *errors);

/*
 * An entry, by its place in the list (from 0), with the domain as it was sent ({ NULL, 0
 * } if it was not), which may be cut, and what is wrong.  Texts are copied.
 */
void entry_errors_add(
    struct entry_errors *errors, int64_t index, text domain, text message);

/* Writes them as the member "errors" of an object that is open. */
void entry_errors_print(const struct entry_errors *errors, struct json_writer *writer);

#endif
