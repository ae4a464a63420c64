/* SPDX-License-Identifier: Apache-2.0 */
#include "http/exchange.h"

#include <assert.h>
#include <stdlib.h>

enum {
	/* So much of a body that nobody wants is read rather than the connection closed.
	 */
	DROP_MAX = 64 * 1024,
	BODY_FIRST = 64 * 1024,
};

static const struct http_handler *
handler_of(const struct exchange *x)
{
	return x->request.worker->shared->handler;
}

static const struct http_limits *
limits_of(const struct exchange *x)
{
	return &x->request.worker->shared->limits;
}

static struct exchange *
exchange_new(struct http_worker *worker)
{
	struct exchange *x = worker->spare_exchanges;

	if (x != NULL) {
		worker->spare_exchanges = x->next;
		worker->spare_exchange_count--;
	} else {
		x = calloc(1, sizeof(*x));
		if (x == NULL)
			abort();
		arena_init(&x->arena);
		x->parser = parser_new();
	}
	worker->exchange_count++;
	return x;
}

void
exchange_begin(struct connection *c)
{
	struct http_worker *worker = c->worker;
	struct exchange *x = exchange_new(worker);

	x->connection = c;
	x->request.worker = worker;
	x->request.arena = &x->arena;
	x->request.peer = c->peer;
	x->started = uv_now(&worker->loop);
	request_name(&x->request, worker->random, worker->requests++);
	parser_begin(x->parser, worker->shared->limits.headers);
	c->exchange = x;
	c->stage = STAGE_HEAD;
	c->fresh = false;
	c->deadline = x->started + worker->shared->limits.headers_ms;
}

static void
destroy(struct exchange *x)
{
	parser_free(x->parser);
	arena_clear(&x->arena);
	free(x);
}

void
exchange_free(struct exchange *x)
{
	struct http_worker *worker = x->request.worker;

	if (x->release != NULL)
		x->release(x->owner);
	worker->exchange_count--;
	if (worker->spare_exchange_count < WORKER_SPARE_MAX) {
		struct parser *parser = x->parser;
		struct arena arena;

		arena_reset(&x->arena);
		arena = x->arena;
		*x = (struct exchange){ .arena = arena, .parser = parser };
		x->next = worker->spare_exchanges;
		worker->spare_exchanges = x;
		worker->spare_exchange_count++;
	} else {
		destroy(x);
	}
	worker_settle(worker);
}

void
exchange_free_spare(struct http_worker *worker)
{
	while (worker->spare_exchanges != NULL) {
		struct exchange *x = worker->spare_exchanges;

		worker->spare_exchanges = x->next;
		destroy(x);
	}
}

static struct parser_fault
too_large(void)
{
	return (struct parser_fault){ 413, "the body is too large" };
}

/* The handler may answer, and so end the exchange, in any call: then the stage differs.
 */
static void
read_head(struct exchange *x)
{
	const struct http_handler *handler = handler_of(x);
	struct connection *c = x->connection;
	enum http_body wanted = HTTP_BODY_WHOLE;
	struct parser_fault fault;

	fault = request_read(&x->request, parser_head(x->parser), &x->framing);
	if (fault.status != 0) {
		exchange_refuse(x, fault);
		return;
	}
	c->stage = STAGE_BODY;
	c->deadline = x->started + limits_of(x)->request_ms;
	x->told = true;
	if (handler->headers != NULL)
		wanted = handler->headers(handler->context, &x->request);
	if (c->stage != STAGE_BODY)
		return;
	assert(wanted != HTTP_BODY_NONE);
	x->wanted = wanted;
	x->body_limit =
	    wanted == HTTP_BODY_STREAM ? limits_of(x)->stream : limits_of(x)->body;
	if (x->framing.length > x->body_limit)
		exchange_refuse(x, too_large());
	else if (x->framing.expects_continue && x->framing.has_body)
		connection_continue(c);
}

static void
collect(struct exchange *x, text piece)
{
	text *body = &x->request.body;
	size_t length = body->length + piece.length;

	if (length > x->body_room) {
		char *smaller = x->body;

		/* What Content-Length says is believed only as far as it costs little. */
		x->body_room = 2 * length;
		if (!x->framing.chunked &&
		    (x->framing.length <= BODY_FIRST || x->framing.length < x->body_room))
			x->body_room = x->framing.length;
		x->body = arena_alloc_raw(&x->arena, x->body_room);
		if (body->length > 0)
			memcpy(x->body, smaller, body->length);
		body->at = x->body;
	}
	memcpy(x->body + body->length, piece.at, piece.length);
	body->length = length;
}

static void
read_body(struct exchange *x, text piece)
{
	const struct http_handler *handler = handler_of(x);

	if (x->connection->stage == STAGE_DROP)
		return;
	x->body_bytes += piece.length;
	if (x->body_bytes > x->body_limit)
		exchange_refuse(x, too_large());
	else if (x->wanted == HTTP_BODY_STREAM)
		handler->body(handler->context, &x->request, piece);
	else
		collect(x, piece);
}

/* The answer is out: on to what the connection does next. */
static void
finish(struct exchange *x, void (*next)(struct connection *))
{
	struct connection *c = x->connection;

	c->exchange = NULL;
	exchange_free(x);
	next(c);
}

static void
read_end(struct exchange *x)
{
	const struct http_handler *handler = handler_of(x);
	struct connection *c = x->connection;

	x->whole = true;
	if (c->stage == STAGE_DROP) {
		finish(x, connection_rest);
		return;
	}
	x->passed = true;
	c->stage = STAGE_HANDLER;
	c->deadline = 0;
	if (x->request.body.at == NULL)
		x->request.body = TEXT("");
	handler->request(handler->context, &x->request);
}

bool
exchange_read(struct exchange *x)
{
	struct connection *c = x->connection;
	text piece = { NULL, 0 };

	if (x->paused)
		return false;
	switch (parser_next(x->parser, &c->input, &piece)) {
	case PARSER_MORE: return false;
	case PARSER_HEAD: read_head(x); break;
	case PARSER_BODY: read_body(x, piece); break;
	case PARSER_END: read_end(x); break;
	case PARSER_BAD:
		if (c->stage == STAGE_DROP)
			finish(x, connection_linger);
		else
			exchange_refuse(x, parser_fault(x->parser));
		break;
	}
	return true;
}

static void
tell_gone(struct exchange *x)
{
	const struct http_handler *handler = handler_of(x);

	if (x->told && handler->gone != NULL)
		handler->gone(handler->context, &x->request);
}

void
exchange_refuse(struct exchange *x, struct parser_fault fault)
{
	const struct http_handler *handler = handler_of(x);
	struct http_response response = { .status = fault.status };

	assert(!x->passed && !x->answered);
	if (handler->refuse != NULL)
		handler->refuse(
		    handler->context, &x->request, fault.status, fault.reason, &response);
	response.status = fault.status;
	response.close = true;
	tell_gone(x);
	x->paused = false;
	http_respond(&x->request, &response);
}

void
exchange_abandon(struct exchange *x)
{
	x->connection = NULL;
	if (x->passed || x->paused)
		return;
	tell_gone(x);
	exchange_free(x);
}

bool
exchange_fast(const struct exchange *x, uint64_t now)
{
	return now > x->started &&
	       x->body_bytes * 1000 / (now - x->started) >= limits_of(x)->stream_rate;
}

/* Whether the rest of the body, if any, can be read and dropped for the next request's
 * sake. */
static bool
droppable(const struct exchange *x)
{
	if (x->whole || !x->framing.has_body)
		return true;
	return x->body_bytes == 0 && !x->framing.chunked &&
	       !x->framing.expects_continue && x->framing.length <= DROP_MAX;
}

void
http_respond(struct http_request *request, const struct http_response *response)
{
	struct exchange *x = (struct exchange *)request;
	struct connection *c = x->connection;
	struct response_frame frame;

	assert(!x->answered);
	x->answered = true;
	x->release = response->release;
	x->owner = response->owner;
	if (c == NULL) {
		exchange_free(x);
		return;
	}
	x->paused = false;
	x->whole = x->whole || !x->framing.has_body;
	x->linger = response->close || c->worker->draining || !droppable(x);
	x->close = x->linger || !x->framing.keep_alive || c->ended;
	frame = (struct response_frame){
		.date = c->worker->date,
		.close = x->close,
		.say_keep_alive = x->framing.minor == 0,
	};
	connection_send(c, response_head(request, response, &frame),
	    response_body(request, response));
	connection_advance(c);
}

void
exchange_sent(struct exchange *x)
{
	struct connection *c = x->connection;

	if (!x->close && x->whole) {
		finish(x, connection_rest);
	} else if (!x->close) {
		c->stage = STAGE_DROP;
		c->deadline = x->started + limits_of(x)->request_ms;
	} else if (x->linger || c->input.length > 0) {
		finish(x, connection_linger);
	} else {
		finish(x, connection_close);
	}
}

void
http_pause(struct http_request *request)
{
	struct exchange *x = (struct exchange *)request;

	assert(!x->passed && !x->answered);
	if (x->paused)
		return;
	x->paused = true;
	x->paused_at = uv_now(&request->worker->loop);
	x->connection->deadline = 0;
}

void
http_resume(struct http_request *request)
{
	struct exchange *x = (struct exchange *)request;
	struct connection *c = x->connection;

	if (!x->paused)
		return;
	x->paused = false;
	if (c == NULL) {
		exchange_abandon(x);
		return;
	}
	x->started += uv_now(&request->worker->loop) - x->paused_at;
	c->deadline = x->started + limits_of(x)->request_ms;
	connection_advance(c);
}
