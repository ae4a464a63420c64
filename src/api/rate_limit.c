/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rate_limit.h"

#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 1 << 16, PROBES = 64 };

/* full_at: when all of the burst would be there again ("theoretical arrival time"). */
struct slot {
	uint64_t who;
	int64_t full_at; /* microseconds */
};

struct rate_limit {
	pthread_mutex_t lock;
	int64_t interval; /* microseconds that one costs */
	int64_t burst;    /* microseconds that may be owed */
	struct slot *slots;
};

struct rate_limit *
rate_limit_new(int64_t amount, int64_t period_ms, int64_t burst)
{
	struct rate_limit *limit = calloc(1, sizeof *limit);

	if (limit == NULL)
		abort();
	limit->slots = calloc(SLOTS, sizeof *limit->slots);
	if (limit->slots == NULL)
		abort();
	pthread_mutex_init(&limit->lock, NULL);
	limit->interval = period_ms * 1000 / amount;
	limit->burst = limit->interval * burst;
	return limit;
}

void
rate_limit_free(struct rate_limit *limit)
{
	if (limit == NULL)
		return;
	pthread_mutex_destroy(&limit->lock);
	free(limit->slots);
	free(limit);
}

/* The slot of `who`, or the one to give it: of those near, the least in debt. */
static struct slot *
find_slot(struct rate_limit *limit, uint64_t who)
{
	uint64_t at = (who * UINT64_C(0x9e3779b97f4a7c15)) >> 48;
	struct slot *best = &limit->slots[at % SLOTS];

	for (unsigned i = 0; i < PROBES; i++) {
		struct slot *slot = &limit->slots[(at + i) % SLOTS];

		if (slot->who == who || slot->full_at == 0) {
			slot->who = who;
			return slot;
		}
		if (slot->full_at < best->full_at)
			best = slot;
	}
	*best = (struct slot){ .who = who };
	return best;
}

static int64_t
take(struct rate_limit *limit, uint64_t who, instant now, int64_t cost)
{
	int64_t present = now.ms * 1000, full_at, wait;
	struct slot *slot;

	pthread_mutex_lock(&limit->lock);
	slot = find_slot(limit, who);
	full_at = slot->full_at > present ? slot->full_at : present;
	wait = full_at + limit->interval - limit->burst - present;
	if (wait <= 0)
		slot->full_at = full_at + cost;
	pthread_mutex_unlock(&limit->lock);
	return wait <= 0 ? 0 : (wait + 999) / 1000;
}

int64_t
rate_limit_take(struct rate_limit *limit, uint64_t who, instant now)
{
	return take(limit, who, now, limit->interval);
}

int64_t
rate_limit_look(struct rate_limit *limit, uint64_t who, instant now)
{
	return take(limit, who, now, 0);
}
