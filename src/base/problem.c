/* SPDX-License-Identifier: Apache-2.0 */
#include "base/problem.h"

#include <stdarg.h>

void
problems_init(struct problems *problems, struct arena *arena)
{
	*problems = (struct problems){ .arena = arena, .end = &problems->first };
}

void
problems_add(struct problems *problems, const char *attribute, const char *format, ...)
{
	struct problem *problem = NEW(problems->arena, struct problem);
	va_list args;

	problem->attribute = attribute;
	va_start(args, format);
	problem->message = arena_vprint(problems->arena, format, args);
	va_end(args);
	*problems->end = problem;
	problems->end = &problem->next;
	problems->count++;
}

enum result
problems_result(const struct problems *problems)
{
	return problems->count == 0 ? OK : INVALID;
}
