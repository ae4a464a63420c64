/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_RATE_LIMIT_H
#define API_RATE_LIMIT_H

#include "base/instant.h"
#include "base/result.h"

#include <stdbool.h>

/*
 * How often somebody may do something: the generic cell rate algorithm (ITU-T I.371),
 * which needs one number for each that is limited.  Any thread.
 */
struct rate_limit;

/* `amount` in `period_ms` on average, and `burst` at once.  Remembers at least the 32,768
 * latest. */
struct rate_limit *rate_limit_new(int64_t amount, int64_t period_ms, int64_t burst);
void rate_limit_free(struct rate_limit *limit);

/*
 * Counts one for `who` if that is within the limit: 0; else counts nothing and returns
 * in how many milliseconds it would be.
 */
int64_t rate_limit_take(struct rate_limit *limit, uint64_t who, instant now);

/* As rate_limit_take, but counts nothing. */
int64_t rate_limit_look(struct rate_limit *limit, uint64_t who, instant now);

#endif
