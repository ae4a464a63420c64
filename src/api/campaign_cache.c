/* SPDX-License-Identifier: Apache-2.0 */
#include "api/campaign_cache.h"

#include <stdlib.h>

/* The longest document that is kept, and all of them together. */
enum { SLOTS = 4096, DOCUMENT_MAX = 64 * 1024, BYTES_MAX = 8 * 1024 * 1024 };

struct document {
	unsigned holders;
	size_t length;
	char characters[];
};

struct slot {
	struct campaign_stamp stamp;
	struct document *document;
};

struct campaign_cache {
	size_t bytes; /* of all documents */
	struct slot slots[SLOTS];
};

text
document_text(const struct document *document)
{
	return (text){ document->characters, document->length };
}

void
document_release(void *document)
{
	struct document *held = document;

	if (held != NULL && --held->holders == 0)
		free(held);
}

struct campaign_cache *
campaign_cache_new(void)
{
	struct campaign_cache *cache = calloc(1, sizeof *cache);

	if (cache == NULL)
		abort();
	return cache;
}

static void
give_up(struct campaign_cache *cache, struct slot *slot)
{
	if (slot->document == NULL)
		return;
	cache->bytes -= slot->document->length;
	document_release(slot->document);
	slot->document = NULL;
}

static void
give_up_all(struct campaign_cache *cache)
{
	for (size_t i = 0; i < SLOTS; i++)
		give_up(cache, &cache->slots[i]);
}

void
campaign_cache_free(struct campaign_cache *cache)
{
	if (cache == NULL)
		return;
	give_up_all(cache);
	free(cache);
}

static struct slot *
slot_of(struct campaign_cache *cache, int64_t id)
{
	return &cache->slots[(uint64_t)id % SLOTS];
}

static bool
same_stamp(const struct campaign_stamp *a, const struct campaign_stamp *b)
{
	return a->id == b->id && a->organization_id == b->organization_id &&
	       a->versions.campaign == b->versions.campaign &&
	       a->versions.organization == b->versions.organization &&
	       a->day.days == b->day.days;
}

struct document *
campaign_cache_find(struct campaign_cache *cache, const struct campaign_stamp *stamp)
{
	struct slot *slot = slot_of(cache, stamp->id);

	if (slot->document == NULL || !same_stamp(&slot->stamp, stamp))
		return NULL;
	slot->document->holders++;
	return slot->document;
}

void
campaign_cache_keep(
    struct campaign_cache *cache, const struct campaign_stamp *stamp, text answer)
{
	struct slot *slot = slot_of(cache, stamp->id);
	struct document *document;

	give_up(cache, slot);
	if (answer.length > DOCUMENT_MAX)
		return;
	/* Starting over is rare, and simpler than telling which one was used last. */
	if (cache->bytes + answer.length > BYTES_MAX)
		give_up_all(cache);
	document = malloc(sizeof *document + answer.length);
	if (document == NULL)
		abort();
	document->holders = 1;
	document->length = answer.length;
	memcpy(document->characters, answer.at, answer.length);
	*slot = (struct slot){ *stamp, document };
	cache->bytes += answer.length;
}
