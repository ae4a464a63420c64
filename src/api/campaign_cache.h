/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CAMPAIGN_CACHE_H
#define API_CAMPAIGN_CACHE_H

#include "base/instant.h"
#include "model/campaign.h"

/*
 * The answers of campaigns that a worker showed lately.  An answer is good as long as the
 * versions and the day are those it was made at, so nothing ever needs to be told that it
 * changed.  One thread.
 */
struct campaign_cache;

/* What an answer was made of. */
struct campaign_stamp {
	int64_t id;
	int64_t organization_id;
	struct campaign_versions versions;
	date day; /* in the organization's time zone: dates begin and end */
};

/* An answer.  Whoever got it holds it until document_release. */
struct document;
text document_text(const struct document *document);
void document_release(void *document);

struct campaign_cache *campaign_cache_new(void);
void campaign_cache_free(struct campaign_cache *cache);

/* NULL if there is none that was made of this. */
struct document *campaign_cache_find(
    struct campaign_cache *cache, const struct campaign_stamp *stamp);

/* Keeps a copy of an answer, which may be given up for another one at any time. */
void campaign_cache_keep(
    struct campaign_cache *cache, const struct campaign_stamp *stamp, text answer);

#endif
