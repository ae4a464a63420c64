/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/arena.h"
#include "base/ipaddr.h"
#include "http/header.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * An HTTP/1.1 server: llhttp on libuv, a loop a worker thread, each with its own
 * listening socket (SO_REUSEPORT).  It reads requests within limits and deadlines, hands
 * them to the handler, and writes the answers in the order of the requests.
 */
struct http_server;
struct http_worker;
struct http_request;
struct http_response;

enum http_method {
	HTTP_OTHER, /* one that no resource has: TRACE, CONNECT, PROPFIND ... */
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
};

/*
 * A request.  Everything in it lives in its arena until the answer was written.  It
 * belongs to one thread at a time: to its worker, except between the handler's handing
 * it over to another thread and its coming back through http_post.
 */
struct http_request {
	enum http_method method;
	text path;  /* as it was sent, without the query: "/campaigns/1" */
	text query; /* without "?"; { NULL, 0 } when there is none */
	const struct http_header *headers;
	size_t header_count;
	text body; /* whole, unless it was streamed */
	struct ipaddr peer;
	char id[33]; /* for X-Request-Id: 32 hexadecimal digits */
	struct arena *arena;
	struct http_worker *worker;
	void *user; /* the handler's */
};

/* How the handler wants the body of a request whose headers are read. */
enum http_body {
	/* Collect it, up to limits.body, then call request. */
	HTTP_BODY_WHOLE,
	/* Hand it over as it arrives, up to limits.stream, then call request. */
	HTTP_BODY_STREAM,
	/* The handler has called http_respond.  A small body is read and dropped, for
	   another the connection is closed behind the answer. */
	HTTP_BODY_NONE,
};

/*
 * What the server calls, on the request's worker.  Each request sees: headers; any
 * number of body (if streamed); then either request, or gone when the client went away,
 * was cut off or refused before its body was whole; neither if it was answered before.
 * While a request is paused, gone waits for http_resume.  A request that was passed to
 * `request` must be answered by exactly one http_respond, at once or later, even if the
 * client went away meanwhile.  All but `request` may be NULL, `body` if nothing is
 * streamed; without `headers` all bodies are collected.
 */
struct http_handler {
	void *context; /* of all of these, first argument */
	enum http_body (*headers)(void *context, struct http_request *request);
	/*
	 * A piece of a streamed body.  May call http_pause; the rest then waits for
	 * http_resume.  May call http_respond, after which nothing more of the request is
	 * handed over and the connection closes.
	 */
	void (*body)(void *context, struct http_request *request, text piece);
	void (*request)(void *context, struct http_request *request);
	void (*gone)(void *context, struct http_request *request);
	/*
	 * A request cannot be read or is over a limit: the status is 400, 408, 413, 414,
	 * 417, 431, 501 or 505.  Writes the body of the answer into *response (headers
	 * and body in the request's arena; the path may be empty).  The server then
	 * closes. If headers was called before, gone follows.
	 */
	void (*refuse)(void *context, struct http_request *request, int status,
	    const char *reason, struct http_response *response);
	/* A worker starts, before its first request; returns http_worker_user. */
	void *(*worker_start)(void *context, struct http_worker *worker, unsigned index);
	void (*worker_stop)(void *context, struct http_worker *worker, void *user);
	/* Everything at hand was handled: the worker is about to wait. */
	void (*worker_idle)(void *context, struct http_worker *worker, void *user);
};

struct http_response {
	int status;
	/* Beside Date, Connection, Content-Length, X-Request-Id, X-Content-Type-Options.
	   No line breaks: asserted.  Copied. */
	const struct http_header *headers;
	size_t header_count;
	text body;  /* lives until written: in the request's arena, or see release */
	bool close; /* end the connection after it */
	/* If not NULL: called once on the worker when the body's bytes are needed no
	   more, also when the client is gone. */
	void (*release)(void *owner);
	void *owner;
};

struct http_limits {
	size_t headers;       /* request line and headers together: 16 KiB */
	size_t body;          /* 1 MiB */
	size_t stream;        /* 256 MiB */
	unsigned connections; /* in all: 10,000; new ones wait in the accept queue */
	unsigned idle_ms;     /* without a request: 60,000 */
	unsigned headers_ms;  /* for all headers: 10,000 */
	unsigned
	    request_ms; /* for a whole request: 30,000; beyond only if its body ... */
	unsigned stream_rate; /* ... keeps so many bytes a second on average: 64 KiB */
	unsigned write_ms;    /* for a client to take any byte of an answer: 30,000 */
};

struct http_options {
	const char *host; /* "127.0.0.1", "::", "localhost" */
	uint16_t port;    /* 0: a free one */
	unsigned workers;
	struct http_limits limits;
	const struct http_handler *handler;
};

/* The defaults of the limits above. */
extern const struct http_limits http_limits_default;

/*
 * Binds and starts the workers; returns when all have called worker_start.  Raises the
 * limit of open files, and ignores SIGPIPE.  BROKEN, with the reason logged, if the
 * address cannot be had.
 */
MUST_USE enum result http_server_start(
    const struct http_options *options, struct http_server **out);

/* The port that is listened on. */
uint16_t http_server_port(const struct http_server *server);

/*
 * Stops: listening sockets close at once, requests under way (and those of clients that
 * wait in the accept queues) are answered with Connection: close, idle connections close.
 * After drain_ms what is left is cut off.  Returns when all workers have ended: each
 * waits for the answers that its requests are still owed, however long that takes.
 */
void http_server_stop(struct http_server *server, unsigned drain_ms);
void http_server_free(struct http_server *server);

/*
 * Answers.  Only on the request's worker.  HEAD sends no body but its length; 204 and 304
 * have none.  The request and its arena are gone afterwards.
 */
void http_respond(struct http_request *request, const struct http_response *response);

/*
 * Holds a streamed body back, and lets it go on.  Only on the worker, before request was
 * called.  A paused request's deadline stands still.  http_resume may call body, request
 * or gone.
 */
void http_pause(struct http_request *request);
void http_resume(struct http_request *request);

/* The value of the first header of that name, any case; { NULL, 0 } if there is none. */
text http_header(const struct http_request *request, const char *name);

/* What worker_start returned. */
void *http_worker_user(const struct http_worker *worker);

/* A piece of work for a worker.  Lives until run was called. */
struct http_task {
	void (*run)(struct http_task *task);
	struct http_task *next; /* private */
};

/*
 * Has the task run on the worker, soon.  From any thread, as long as the worker runs: a
 * request that is not answered yet keeps it.
 */
void http_post(struct http_worker *worker, struct http_task *task);

/*
 * Runs `work` on a pool of threads for what takes long, then `done` on the worker.
 * Called on the worker.
 */
struct http_job {
	void (*work)(struct http_job *job);
	void (*done)(struct http_job *job);
	void *private[32];
};
void http_work(struct http_worker *worker, struct http_job *job);

#endif
