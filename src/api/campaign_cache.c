/* SPDX-License-Identifier: Apache-2.0 */
#include "api/campaign_cache.h"

#include <stdlib.h>

/* With at most MOST bytes each, a cache never holds more than 16 MiB. */
enum { SLOTS = 4096, MOST = 4096 };

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

void
campaign_cache_free(struct campaign_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		document_release(cache->slots[i].document);
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

	document_release(slot->document);
	slot->document = NULL;
	if (answer.length > MOST)
		return;
	document = malloc(sizeof *document + answer.length);
	if (document == NULL)
		abort();
	document->holders = 1;
	document->length = answer.length;
	memcpy(document->characters, answer.at, answer.length);
	*slot = (struct slot){ *stamp, document };
}
