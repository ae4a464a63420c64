/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_IDENTITY_CACHE_H
#define API_IDENTITY_CACHE_H

#include "base/zones.h"
#include "model/api_key.h"

/* An identity with what every call needs of it. */
struct known_identity {
	struct identity identity;
	const struct zone *zone;
};

/*
 * The identities that a worker has seen lately, by the keyed hash of their token.  What
 * it holds is checked against the database's version in every snapshot, so that a revoked
 * key ends at once.  One thread.
 */
struct identity_cache;

struct identity_cache *identity_cache_new(const struct model *model, struct zones *zones);
void identity_cache_free(struct identity_cache *cache);

/* A snapshot was begun: forgets everything if it may be out of date. */
MUST_USE enum result identity_cache_check(
    struct identity_cache *cache, struct db *db, struct arena *arena);

/*
 * Whose token this is, if the e-mail is that user's too.  DENIED otherwise, for every
 * reason alike.  *out lives until the next identity_cache_check.
 */
MUST_USE enum result identity_cache_find(struct identity_cache *cache, struct db *db,
    struct arena *arena, text email, text token, const struct known_identity **out);

#endif
