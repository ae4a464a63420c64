/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/domain.h"
#include "base/instant.h"
#include "base/secret.h"
#include "db/db.h"
#include "resource/resource.h"

/* What the nouns need and what never changes while the program runs. */
struct model {
	struct suffixes *suffixes;
	struct secret_key secret;
	const struct resource_plan *organization;
	const struct resource_plan *user;
	const struct resource_plan *campaign;
	const struct resource_plan *item;
	const struct resource_plan *account;
	struct arena arena; /* holds the plans */
};

/*
 * Loads the public suffix list (NULL: the system's) and the server's key from the data
 * directory, which is made (mode 0700) if need be.
 */
MUST_USE enum result model_open(
    const char *data_dir, const char *suffix_file, struct model **out);
void model_close(struct model *model);

/*
 * On whose behalf something is done, and in which transaction.  Every query of a noun
 * carries the organization, so that nothing of another one can be reached.
 */
struct scope {
	const struct model *model;
	struct db *db; /* in a transaction, of the write kind for changes */
	struct arena *arena;
	const struct zone *zone; /* the organization's */
	instant now;
	int64_t organization_id;
};

/* A moment after `before` and not before now: what is edited in its first millisecond
 * still moves. */
instant scope_moment(const struct scope *scope, instant before);

#endif
