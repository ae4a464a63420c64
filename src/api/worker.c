/* SPDX-License-Identifier: Apache-2.0 */
#include "api/worker.h"

#include "base/log.h"

#include <stdlib.h>

enum { READ_CACHE_KIB = 2048, READ_WAIT_MS = 5000 };

struct api_worker *
api_worker_new(const struct service *service)
{
	const struct db_options options = {
		.url = service->database_url,
		.access = DB_READ,
		.cache_kib = READ_CACHE_KIB,
		.wait_ms = READ_WAIT_MS,
	};
	struct api_worker *worker = calloc(1, sizeof *worker);

	if (worker == NULL)
		abort();
	worker->service = service;
	arena_init(&worker->arena);
	if (db_open(&options, &worker->db) != OK) {
		log_error("a worker cannot open the database");
		exit(EXIT_FAILURE);
	}
	worker->identities = identity_cache_new(service->model, service->zones);
	worker->campaigns = campaign_cache_new();
	return worker;
}

void
api_worker_free(struct api_worker *worker)
{
	if (worker == NULL)
		return;
	api_worker_rest(worker);
	campaign_cache_free(worker->campaigns);
	identity_cache_free(worker->identities);
	db_close(worker->db);
	arena_clear(&worker->arena);
	free(worker);
}

enum result
api_worker_read(struct api_worker *worker)
{
	uint64_t commits = executor_commits(worker->service->executor);
	enum result r;

	if (worker->reading && worker->commits == commits)
		return OK;
	api_worker_rest(worker);
	r = db_begin(worker->db);
	if (r != OK)
		return r;
	worker->reading = true;
	worker->commits = commits;
	r = identity_cache_check(worker->identities, worker->db, &worker->arena);
	if (r != OK)
		api_worker_rest(worker);
	return r;
}

void
api_worker_rest(struct api_worker *worker)
{
	if (!worker->reading)
		return;
	db_end(worker->db);
	worker->reading = false;
	arena_reset(&worker->arena);
}
