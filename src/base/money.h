/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/result.h"
#include "base/text.h"

#include <stdint.h>

/* An amount in millionths of a dollar. */
typedef struct money {
	int64_t micros;
} money;

#define DOLLARS(amount) ((int64_t)(amount)*1000000)

enum { MONEY_MAX = 24 }; /* characters of the longest amount, with its NUL */

/*
 * Reads a decimal number as JSON writes one ("15", "0.02", "-1.5e3"), exactly.  INVALID
 * for anything else: blanks, "+1", ".5", "1.", a number with more than six decimals that
 * are not zero, or one that does not fit.
 */
MUST_USE enum result money_parse(text source, money *out);

/*
 * Writes the fewest digits, with at least one decimal and never an exponent: "15.0",
 * "0.02", "-1500.0".  Returns the length, without the NUL.
 */
size_t money_print(money amount, char out[static MONEY_MAX]);

#endif
