/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include "http/http.h"
#include "http/response.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <uv.h>

enum {
	WORKER_BUFFER_SIZE = 64 * 1024,
	WORKER_TICK_MS = 250,
	WORKER_SPARE_MAX = 1024, /* objects of a kind that are kept for the next use */
};

struct connection;
struct exchange;

/* What the workers of a server have in common. */
struct worker_shared {
	struct http_limits limits;
	const struct http_handler *handler;
	atomic_uint connections; /* open now, of all workers */
	sem_t started;           /* raised once by each worker */
};

/*
 * One thread with its loop.  Everything but the posted tasks and the wish to stop
 * belongs to that thread alone.  It ends when it was told to stop and holds neither
 * connections nor exchanges nor jobs: a request that somebody still works on keeps it.
 */
struct http_worker {
	struct worker_shared *shared;
	unsigned index;
	void *user;
	pthread_t thread;

	uv_loop_t loop;
	uv_poll_t listener;
	int listener_fd; /* -1: closed */
	uv_async_t wake;
	uv_timer_t tick;
	uv_prepare_t idle;

	pthread_mutex_t mutex; /* guards the next five */
	struct http_task *tasks;
	struct http_task **tasks_end;
	bool stop;
	bool ended;
	unsigned drain_ms;

	struct connection *connections; /* all that are open */
	struct connection *spare_connections;
	struct exchange *spare_exchanges;
	unsigned spare_connection_count;
	unsigned spare_exchange_count;
	unsigned connection_count;
	unsigned exchange_count;
	unsigned job_count;

	bool accepting;
	bool draining;
	bool cut;            /* the time to drain is over */
	uint64_t drain_end;  /* in the loop's time */
	uint64_t complained; /* when it was last logged that accepting fails, or draining
	                        lasts */

	int64_t date_seconds;
	char date[RESPONSE_DATE_LENGTH + 1];
	uint64_t random;
	uint64_t requests;
	char *buffer; /* what is read, until it is parsed or kept */
};

/* Takes the listening socket over, also when it fails. */
MUST_USE enum result worker_open(
    struct http_worker *worker, struct worker_shared *shared, int listener_fd);

/* Starts the thread.  It raises shared->started when worker_start was called. */
MUST_USE enum result worker_run(struct http_worker *worker);

/* Tells it to drain and to end.  From any thread. */
void worker_stop(struct http_worker *worker, unsigned drain_ms);

/* Frees what is left, after the thread has ended (or if it never began). */
void worker_close(struct http_worker *worker);

/* A connection, an exchange or a job is over: there may be room or nothing left to do. */
void worker_settle(struct http_worker *worker);

#endif
