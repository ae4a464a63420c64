/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include "base/arena.h"

#include <stdbool.h>

/* One thing that is wrong with what a user sent. */
struct problem {
	struct problem *next;
	const char *attribute; /* "daily_budget" */
	text message;          /* "must be at least 0" */
};

/*
 * Everything that is wrong with what a user sent, in the order it was found.  All of it
 * lives in the arena, messages are copied there; attribute names are literals or live
 * as long as the arena.
 */
struct problems {
	struct arena *arena;
	struct problem *first;
	struct problem **end;
	size_t count;
};

void problems_init(struct problems *problems, struct arena *arena);

/* A message reads on from the attribute's name: "must be at least 0". */
void problems_add(struct problems *problems, const char *attribute, const char *format,
    ...) PRINTF_LIKE(3, 4);

/* INVALID if there are any, else OK. */
MUST_USE enum result problems_result(const struct problems *problems);

#endif
