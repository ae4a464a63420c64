/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_WORKER_H
#define API_WORKER_H

#include "api/campaign_cache.h"
#include "api/identity_cache.h"
#include "api/service.h"

/*
 * What one worker thread of the server has for itself: a connection to read with, and
 * what it remembers.
 */
struct api_worker {
	const struct service *service;
	struct db *db;
	struct identity_cache *identities;
	struct campaign_cache *campaigns;
	struct arena arena;
	bool reading;     /* a snapshot is open */
	uint64_t commits; /* executor_commits when it was begun */
};

struct api_worker *api_worker_new(const struct service *service);
void api_worker_free(struct api_worker *worker);

/*
 * Opens a snapshot for reads, or keeps the one that is open if nothing was committed
 * since: all requests that came in together share one, which costs a fraction.  Every
 * answer that was sent before a request came is seen by it.
 */
MUST_USE enum result api_worker_read(struct api_worker *worker);

/* Ends the snapshot, if one is open. */
void api_worker_rest(struct api_worker *worker);

#endif
