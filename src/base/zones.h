/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ZONES_H
#define BASE_ZONES_H

#include "base/instant.h"
#include "base/text.h"

/* The time zones in use, each opened once.  Any thread. */
struct zones;

struct zones *zones_new(void);
void zones_free(struct zones *zones);

/* A zone by name; lives as long as zones.  UTC, with a log line, if there is none of that
 * name. */
const struct zone *zones_find(struct zones *zones, text name);

#endif
