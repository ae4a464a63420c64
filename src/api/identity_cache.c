/* SPDX-License-Identifier: Apache-2.0 */
#include "api/identity_cache.h"

#include "model/user.h"

#include <stdlib.h>

enum { SLOTS = 1024, MOST = 10000, HASH_LENGTH = 2 * SECRET_HASH_SIZE };

struct entry {
	struct entry *next;
	char hash[HASH_LENGTH + 1];
	struct known_identity known;
};

struct identity_cache {
	const struct model *model;
	struct zones *zones;
	struct arena arena; /* holds the entries */
	struct entry *slots[SLOTS];
	size_t count;
	int64_t version;
};

struct identity_cache *
identity_cache_new(const struct model *model, struct zones *zones)
{
	struct identity_cache *cache = calloc(1, sizeof *cache);

	if (cache == NULL)
		abort();
	cache->model = model;
	cache->zones = zones;
	arena_init(&cache->arena);
	return cache;
}

void
identity_cache_free(struct identity_cache *cache)
{
	if (cache == NULL)
		return;
	arena_clear(&cache->arena);
	free(cache);
}

static void
forget(struct identity_cache *cache)
{
	memset(cache->slots, 0, sizeof cache->slots);
	cache->count = 0;
	arena_reset(&cache->arena);
}

enum result
identity_cache_check(struct identity_cache *cache, struct db *db, struct arena *arena)
{
	int64_t version;
	enum result r;

	r = api_key_version(db, arena, &version);
	if (r != OK)
		return r;
	if (version != cache->version || cache->count > MOST)
		forget(cache);
	cache->version = version;
	return OK;
}

static struct entry **
slot_of(struct identity_cache *cache, const char *hash)
{
	/* The characters are those of a keyed hash: any of them are as good as random. */
	uint32_t bits;

	memcpy(&bits, hash, sizeof bits);
	return &cache->slots[(bits * 2654435761U) >> 22];
}

static enum result
load(struct identity_cache *cache, struct db *db, struct arena *arena, const char *hash,
    struct entry **out)
{
	struct identity found;
	struct entry **slot = slot_of(cache, hash), *entry;
	enum result r;

	r = api_key_find(db, arena, text_of(hash), &found);
	if (r != OK)
		return r;
	entry = NEW(&cache->arena, struct entry);
	memcpy(entry->hash, hash, sizeof entry->hash);
	entry->known.identity = found;
	entry->known.identity.email = arena_copy(&cache->arena, found.email);
	entry->known.identity.time_zone = arena_copy(&cache->arena, found.time_zone);
	entry->known.zone = zones_find(cache->zones, found.time_zone);
	entry->next = *slot;
	*slot = entry;
	cache->count++;
	*out = entry;
	return OK;
}

enum result
identity_cache_find(struct identity_cache *cache, struct db *db, struct arena *arena,
    text email, text token, const struct known_identity **out)
{
	char hash[HASH_LENGTH + 1];
	struct entry *entry;
	enum result r;

	/* A token that is missing is looked for all the same: it must not be faster. */
	secret_hash(&cache->model->secret, token, hash);
	entry = *slot_of(cache, hash);
	while (entry != NULL && memcmp(entry->hash, hash, HASH_LENGTH) != 0)
		entry = entry->next;
	if (entry == NULL) {
		r = load(cache, db, arena, hash, &entry);
		if (r == NOT_FOUND)
			return DENIED;
		if (r != OK)
			return r;
	}
	email = user_email(arena, email);
	if (!secret_equal(email, entry->known.identity.email))
		return DENIED;
	*out = &entry->known;
	return OK;
}
