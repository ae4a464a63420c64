/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HTTP_ECHO_H
#define TESTS_HTTP_ECHO_H

#include "http/http.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { ECHO_BIG = 8 * 1024 * 1024 };

/* What the handler saw. */
struct echo {
	atomic_uint told;   /* headers */
	atomic_uint passed; /* request */
	atomic_uint early;  /* answered before request could be called */
	atomic_uint gone;
	atomic_uint released;
	atomic_uint started; /* workers */
	atomic_uint stopped;
	atomic_uint idle;
	atomic_int refused; /* the last status */
	char *big;          /* ECHO_BIG bytes */
};

/* Something that another thread, or a job, does for a request. */
struct errand {
	struct http_task task; /* first */
	struct http_job job;
	struct http_request *request;
	unsigned wait_ms;
	bool resume; /* or answer */
};

/* What a request's `user` is while it is streamed. */
struct stream {
	size_t bytes;
	unsigned sum;
};

static inline bool
echo_is(const struct http_request *request, const char *path)
{
	return text_equal(request->path, text_of(path));
}

static inline void
echo_say(struct http_request *request, int status, text body)
{
	static const struct http_header headers[] = { { { "Content-Type", 12 },
	    { "text/plain", 10 } } };
	struct http_response response = {
		.status = status,
		.headers = headers,
		.header_count = 1,
		.body = body,
	};

	http_respond(request, &response);
}

static inline void
errand_run(struct http_task *task)
{
	struct errand *errand = (struct errand *)task;

	if (errand->resume)
		http_resume(errand->request);
	else
		echo_say(errand->request, 200, TEXT("errand"));
	free(errand);
}

static inline void *
errand_thread(void *argument)
{
	struct errand *errand = argument;

	usleep(errand->wait_ms * 1000);
	http_post(errand->request->worker, &errand->task);
	return NULL;
}

static inline void
errand_work(struct http_job *job)
{
	(void)job;
	usleep(1000);
}

static inline void
errand_done(struct http_job *job)
{
	struct errand *errand =
	    (struct errand *)(void *)((char *)job - offsetof(struct errand, job));

	errand_run(&errand->task);
}

static inline struct errand *
errand_new(struct http_request *request, unsigned wait_ms, bool resume)
{
	struct errand *errand = calloc(1, sizeof(*errand));

	if (errand == NULL)
		abort();
	errand->task.run = errand_run;
	errand->job.work = errand_work;
	errand->job.done = errand_done;
	errand->request = request;
	errand->wait_ms = wait_ms;
	errand->resume = resume;
	return errand;
}

static inline void
errand_send(struct http_request *request, unsigned wait_ms, bool resume)
{
	pthread_t thread;

	if (pthread_create(
		&thread, NULL, errand_thread, errand_new(request, wait_ms, resume)) != 0)
		abort();
	pthread_detach(thread);
}

static inline enum http_body
echo_headers(void *context, struct http_request *request)
{
	struct echo *echo = context;

	atomic_fetch_add(&echo->told, 1);
	if (echo_is(request, "/denied")) {
		atomic_fetch_add(&echo->early, 1);
		echo_say(request, 401, TEXT("denied"));
		return HTTP_BODY_NONE;
	}
	if (!echo_is(request, "/stream") && !echo_is(request, "/mid") &&
	    !echo_is(request, "/slow-stream"))
		return HTTP_BODY_WHOLE;
	request->user = NEW(request->arena, struct stream);
	return HTTP_BODY_STREAM;
}

static inline void
echo_body(void *context, struct http_request *request, text piece)
{
	struct echo *echo = context;
	struct stream *stream = request->user;

	if (echo_is(request, "/mid")) {
		atomic_fetch_add(&echo->early, 1);
		echo_say(request, 409, TEXT("enough"));
		return;
	}
	stream->bytes += piece.length;
	for (size_t i = 0; i < piece.length; i++)
		stream->sum += (unsigned char)piece.at[i];
	if (echo_is(request, "/slow-stream"))
		return;
	http_pause(request);
	errand_send(request, 1, true);
}

static inline void
echo_release(void *owner)
{
	struct echo *echo = owner;

	atomic_fetch_add(&echo->released, 1);
}

static inline void
echo_request(void *context, struct http_request *request)
{
	struct echo *echo = context;
	struct stream *stream = request->user;

	atomic_fetch_add(&echo->passed, 1);
	if (stream != NULL) {
		echo_say(request, 200,
		    arena_print(request->arena, "%zu %u", stream->bytes, stream->sum));
	} else if (echo_is(request, "/thread")) {
		errand_send(request, 5, false);
	} else if (echo_is(request, "/slow")) {
		errand_send(request, 400, false);
	} else if (echo_is(request, "/job")) {
		http_work(request->worker, &errand_new(request, 0, false)->job);
	} else if (echo_is(request, "/big")) {
		struct http_response response = {
			.status = 200,
			.body = { echo->big, ECHO_BIG },
			.release = echo_release,
			.owner = echo,
		};

		http_respond(request, &response);
	} else if (echo_is(request, "/empty")) {
		echo_say(request, 204, TEXT(""));
	} else if (echo_is(request, "/peer")) {
		echo_say(request, 200,
		    arena_print(request->arena, "%d %d.%d", request->peer.family,
			request->peer.bytes[12], request->peer.bytes[15]));
	} else {
		echo_say(request, 200, request->body);
	}
}

static inline void
echo_gone(void *context, struct http_request *request)
{
	struct echo *echo = context;

	(void)request;
	atomic_fetch_add(&echo->gone, 1);
}

static inline void
echo_refuse(void *context, struct http_request *request, int status, const char *reason,
    struct http_response *response)
{
	struct echo *echo = context;

	atomic_store(&echo->refused, status);
	response->body = arena_print(request->arena, "refused: %s", reason);
}

static inline void *
echo_worker_start(void *context, struct http_worker *worker, unsigned index)
{
	struct echo *echo = context;

	(void)worker;
	(void)index;
	atomic_fetch_add(&echo->started, 1);
	return context;
}

static inline void
echo_worker_stop(void *context, struct http_worker *worker, void *user)
{
	struct echo *echo = context;

	if (user != context || http_worker_user(worker) != user)
		abort();
	atomic_fetch_add(&echo->stopped, 1);
}

static inline void
echo_worker_idle(void *context, struct http_worker *worker, void *user)
{
	struct echo *echo = user;

	(void)context;
	(void)worker;
	atomic_fetch_add(&echo->idle, 1);
}

static inline struct http_handler
echo_handler(struct echo *echo)
{
	return (struct http_handler){
		.context = echo,
		.headers = echo_headers,
		.body = echo_body,
		.request = echo_request,
		.gone = echo_gone,
		.refuse = echo_refuse,
		.worker_start = echo_worker_start,
		.worker_stop = echo_worker_stop,
		.worker_idle = echo_worker_idle,
	};
}

#endif
