/* SPDX-License-Identifier: Apache-2.0 */
#include "http/worker.h"

#include "base/log.h"
#include "http/connection.h"
#include "http/exchange.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	ACCEPT_BATCH = 64,
	LATE_MS = 1000, /* between two complaints in the log */
};

static bool
may_complain(struct http_worker *worker)
{
	uint64_t now = uv_now(&worker->loop);

	if (worker->complained != 0 && now - worker->complained < LATE_MS)
		return false;
	worker->complained = now;
	return true;
}

static struct ipaddr
peer_of(const struct sockaddr_storage *from)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct ipaddr addr = { 0 };

	if (from->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)from;

		addr.family = 4;
		memcpy(addr.bytes + 12, &in->sin_addr, 4);
	} else if (from->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)from;

		addr.family = 6;
		memcpy(addr.bytes, &in6->sin6_addr, 16);
		if (memcmp(addr.bytes, mapped, sizeof(mapped)) == 0) {
			addr.family = 4;
			memset(addr.bytes, 0, sizeof(mapped));
		}
	}
	return addr;
}

/* Takes one client out of the queue.  0, or the reason why there is none. */
static int
accept_one(struct http_worker *worker)
{
	struct sockaddr_storage from = { 0 };
	socklen_t size = sizeof(from);
	struct ipaddr peer;
	int fd = accept4(worker->listener_fd, (struct sockaddr *)&from, &size,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return errno;
	peer = peer_of(&from);
	atomic_fetch_add(&worker->shared->connections, 1);
	connection_open(worker, fd, &peer);
	return 0;
}

static bool
room_left(const struct http_worker *worker)
{
	return atomic_load(&worker->shared->connections) <
	       worker->shared->limits.connections;
}

static void on_client(uv_poll_t *poll, int status, int events);

static void
set_accepting(struct http_worker *worker, bool accepting)
{
	if (accepting == worker->accepting || worker->listener_fd < 0)
		return;
	worker->accepting = accepting;
	if (accepting)
		uv_poll_start(&worker->listener, UV_READABLE, on_client);
	else
		uv_poll_stop(&worker->listener);
}

/* Whether an attempt that failed may be repeated at once. */
static bool
passing(int error)
{
	return error == 0 || error == EINTR || error == ECONNABORTED || error == EPROTO ||
	       error == ENETDOWN || error == EHOSTUNREACH || error == ENETUNREACH ||
	       error == EHOSTDOWN;
}

static void
accept_some(struct http_worker *worker, unsigned most)
{
	for (unsigned i = 0; i < most; i++) {
		int error;

		if (!room_left(worker)) {
			set_accepting(worker, false);
			return;
		}
		error = accept_one(worker);
		if (error == EAGAIN || error == EWOULDBLOCK)
			return;
		if (passing(error))
			continue;
		/* Out of descriptors or memory: the queue stays readable, so look away
		   until the next tick. */
		set_accepting(worker, false);
		if (may_complain(worker))
			log_warning("no connection can be accepted: %s", strerror(error));
		return;
	}
}

static void
on_client(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	accept_some(poll->data, ACCEPT_BATCH);
}

static void
refresh_date(struct http_worker *worker)
{
	int64_t seconds = (int64_t)time(NULL);

	if (seconds == worker->date_seconds)
		return;
	worker->date_seconds = seconds;
	response_date(seconds, worker->date);
}

static void
cut_off(struct http_worker *worker)
{
	struct connection *next;

	worker->cut = true;
	for (struct connection *c = worker->connections; c != NULL; c = next) {
		next = c->next;
		connection_close(c);
	}
	if (worker->connection_count == 0 && worker->exchange_count > 0 &&
	    may_complain(worker))
		log_warning("worker %u still waits for the answers to %u requests",
		    worker->index, worker->exchange_count);
}

static void
on_tick(uv_timer_t *timer)
{
	struct http_worker *worker = timer->data;
	uint64_t now = uv_now(&worker->loop);
	struct connection *next;

	refresh_date(worker);
	if (worker->draining && now >= worker->drain_end)
		cut_off(worker);
	for (struct connection *c = worker->connections; c != NULL; c = next) {
		next = c->next;
		connection_tick(c, now);
	}
	set_accepting(worker, room_left(worker));
}

static void
on_listener_closed(uv_handle_t *handle)
{
	struct http_worker *worker = handle->data;

	close(worker->listener_fd);
	worker->listener_fd = -1;
	worker_settle(worker);
}

static void
drain(struct http_worker *worker, unsigned drain_ms)
{
	struct connection *next;

	worker->draining = true;
	uv_update_time(&worker->loop);
	worker->drain_end = uv_now(&worker->loop) + drain_ms;
	/* Closing would reset who already waits in the queue. */
	accept_some(worker, UINT32_MAX);
	set_accepting(worker, false);
	uv_close((uv_handle_t *)&worker->listener, on_listener_closed);
	for (struct connection *c = worker->connections; c != NULL; c = next) {
		next = c->next;
		connection_drain(c);
	}
}

static void
run_tasks(struct http_task *task)
{
	while (task != NULL) {
		struct http_task *next = task->next;

		task->run(task);
		task = next;
	}
}

static struct http_task *
take_tasks(struct http_worker *worker)
{
	struct http_task *tasks = worker->tasks;

	worker->tasks = NULL;
	worker->tasks_end = &worker->tasks;
	return tasks;
}

static void
on_wake(uv_async_t *wake)
{
	struct http_worker *worker = wake->data;
	struct http_task *tasks;
	bool stop;
	unsigned drain_ms;

	pthread_mutex_lock(&worker->mutex);
	tasks = take_tasks(worker);
	stop = worker->stop;
	drain_ms = worker->drain_ms;
	pthread_mutex_unlock(&worker->mutex);
	run_tasks(tasks);
	if (stop && !worker->draining)
		drain(worker, drain_ms);
}

static void
on_idle(uv_prepare_t *idle)
{
	struct http_worker *worker = idle->data;
	const struct http_handler *handler = worker->shared->handler;

	handler->worker_idle(handler->context, worker, worker->user);
}

static void
close_handle(uv_handle_t *handle, void *unused)
{
	(void)unused;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

void
worker_settle(struct http_worker *worker)
{
	if (!worker->draining) {
		if (!worker->accepting && room_left(worker))
			set_accepting(worker, true);
		return;
	}
	if (worker->listener_fd >= 0 || worker->connection_count > 0 ||
	    worker->exchange_count > 0 || worker->job_count > 0)
		return;
	uv_walk(&worker->loop, close_handle, NULL);
}

/* Nobody may post from here on; what was posted before still runs. */
static void
end(struct http_worker *worker)
{
	struct http_task *tasks;

	pthread_mutex_lock(&worker->mutex);
	worker->ended = true;
	tasks = take_tasks(worker);
	pthread_mutex_unlock(&worker->mutex);
	run_tasks(tasks);
}

static void *
work(void *argument)
{
	struct http_worker *worker = argument;
	const struct http_handler *handler = worker->shared->handler;

	uv_update_time(&worker->loop);
	if (handler->worker_start != NULL)
		worker->user =
		    handler->worker_start(handler->context, worker, worker->index);
	sem_post(&worker->shared->started);
	set_accepting(worker, true);
	uv_run(&worker->loop, UV_RUN_DEFAULT);
	end(worker);
	if (handler->worker_stop != NULL)
		handler->worker_stop(handler->context, worker, worker->user);
	return NULL;
}

static enum result
open_handles(struct http_worker *worker)
{
	uv_loop_t *loop = &worker->loop;

	if (uv_poll_init(loop, &worker->listener, worker->listener_fd) != 0 ||
	    uv_async_init(loop, &worker->wake, on_wake) != 0 ||
	    uv_timer_init(loop, &worker->tick) != 0 ||
	    uv_prepare_init(loop, &worker->idle) != 0 ||
	    uv_timer_start(&worker->tick, on_tick, WORKER_TICK_MS, WORKER_TICK_MS) != 0)
		return BROKEN;
	if (worker->shared->handler->worker_idle != NULL &&
	    uv_prepare_start(&worker->idle, on_idle) != 0)
		return BROKEN;
	worker->listener.data = worker;
	worker->wake.data = worker;
	worker->tick.data = worker;
	worker->idle.data = worker;
	return OK;
}

enum result
worker_open(struct http_worker *worker, struct worker_shared *shared, int listener_fd)
{
	*worker = (struct http_worker){ .shared = shared, .listener_fd = listener_fd };
	worker->tasks_end = &worker->tasks;
	pthread_mutex_init(&worker->mutex, NULL);
	if (getrandom(&worker->random, sizeof(worker->random), 0) < 0)
		worker->random = (uint64_t)time(NULL);
	if (uv_loop_init(&worker->loop) != 0) {
		log_error("a worker's event loop cannot be made");
		return BROKEN;
	}
	worker->loop.data = worker;
	worker->buffer = malloc(WORKER_BUFFER_SIZE);
	if (worker->buffer == NULL)
		abort();
	refresh_date(worker);
	if (open_handles(worker) != OK) {
		log_error("a worker's event loop cannot be filled");
		return BROKEN;
	}
	return OK;
}

enum result
worker_run(struct http_worker *worker)
{
	int error = pthread_create(&worker->thread, NULL, work, worker);

	if (error != 0) {
		log_error("a worker's thread cannot be started: %s", strerror(error));
		return BROKEN;
	}
	return OK;
}

void
worker_stop(struct http_worker *worker, unsigned drain_ms)
{
	pthread_mutex_lock(&worker->mutex);
	worker->stop = true;
	worker->drain_ms = drain_ms;
	if (!worker->ended)
		uv_async_send(&worker->wake);
	pthread_mutex_unlock(&worker->mutex);
}

void
worker_close(struct http_worker *worker)
{
	if (worker->buffer != NULL) {
		uv_walk(&worker->loop, close_handle, NULL);
		uv_run(&worker->loop, UV_RUN_DEFAULT);
		if (uv_loop_close(&worker->loop) != 0)
			abort();
	}
	if (worker->listener_fd >= 0)
		close(worker->listener_fd);
	connection_free_spare(worker);
	exchange_free_spare(worker);
	pthread_mutex_destroy(&worker->mutex);
	free(worker->buffer);
}

void *
http_worker_user(const struct http_worker *worker)
{
	return worker->user;
}

void
http_post(struct http_worker *worker, struct http_task *task)
{
	bool ended;

	task->next = NULL;
	pthread_mutex_lock(&worker->mutex);
	ended = worker->ended;
	if (!ended) {
		*worker->tasks_end = task;
		worker->tasks_end = &task->next;
		uv_async_send(&worker->wake);
	}
	pthread_mutex_unlock(&worker->mutex);
	if (ended)
		log_error("a task was posted to a worker that has ended");
}

static_assert(sizeof(uv_work_t) <= sizeof(((struct http_job *)0)->private),
    "a job holds libuv's request");

static void
run_work(uv_work_t *request)
{
	struct http_job *job = request->data;

	job->work(job);
}

static void
run_done(uv_work_t *request, int status)
{
	struct http_job *job = request->data;
	struct http_worker *worker = request->loop->data;

	(void)status;
	worker->job_count--;
	job->done(job);
	worker_settle(worker);
}

void
http_work(struct http_worker *worker, struct http_job *job)
{
	uv_work_t *request = (void *)job->private;

	request->data = job;
	worker->job_count++;
	if (uv_queue_work(&worker->loop, request, run_work, run_done) != 0)
		abort();
}
