/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_JSON_POSITION_H
#define JSON_JSON_POSITION_H

#include "base/text.h"

/* A place in a document, as people count: lines and characters, both from 1. */
struct json_position {
	size_t line;
	size_t column;
};

/* Moves a position past bytes that follow it. */
static inline void
json_position_pass(struct json_position *position, text passed)
{
	const char *newline;

	while (passed.length > 0 &&
	       (newline = memchr(passed.at, '\n', passed.length)) != NULL) {
		passed.length -= (size_t)(newline + 1 - passed.at);
		passed.at = newline + 1;
		position->line++;
		position->column = 1;
	}
	position->column += text_characters(passed);
}

#endif
