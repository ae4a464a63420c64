/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_RESULT_H
#define BASE_RESULT_H

/*
 * What became of a call.  These are facts, not HTTP statuses: api/reply.c alone
 * knows which status each becomes.
 */
enum result {
	OK,
	INVALID,   /* the caller's input is wrong: a list of problems says what */
	NOT_FOUND, /* there is none, or it belongs to somebody else */
	CONFLICT,  /* a unique or foreign key refused it */
	DENIED,    /* who asks may not */
	BUSY,      /* not now: locked, full or shutting down; trying again may work */
	BROKEN,    /* our fault or the machine's; logged where it was first known */
};

#define MUST_USE               __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#define COUNT(array)           (sizeof(array) / sizeof((array)[0]))
#define UNUSED                 __attribute__((unused))

#endif
