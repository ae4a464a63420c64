/* SPDX-License-Identifier: Apache-2.0 */
#include "http/connection.h"

#include "http/exchange.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	LINGER_MS = 2000,
	LINGER_BYTES = 1024 * 1024,
	DRAIN_GRACE_MS = 250,
};

static uint64_t
now_of(const struct connection *c)
{
	return uv_now(&c->worker->loop);
}

static void
forget_input(struct connection *c)
{
	free(c->kept);
	c->kept = NULL;
	c->input = (text){ NULL, 0 };
}

static void
link_in(struct connection *c)
{
	struct http_worker *worker = c->worker;

	c->next = worker->connections;
	if (c->next != NULL)
		c->next->previous = c;
	worker->connections = c;
	worker->connection_count++;
}

static void
link_out(struct connection *c)
{
	struct http_worker *worker = c->worker;

	if (c->previous != NULL)
		c->previous->next = c->next;
	else
		worker->connections = c->next;
	if (c->next != NULL)
		c->next->previous = c->previous;
	worker->connection_count--;
}

static void
on_closed(uv_handle_t *handle)
{
	struct connection *c = handle->data;
	struct http_worker *worker = c->worker;

	/* Its answer was not written whole; only now is nobody reading it any more. */
	if (c->exchange != NULL)
		exchange_free(c->exchange);
	link_out(c);
	atomic_fetch_sub(&worker->shared->connections, 1);
	if (worker->spare_connection_count < WORKER_SPARE_MAX) {
		c->next = worker->spare_connections;
		worker->spare_connections = c;
		worker->spare_connection_count++;
	} else {
		free(c);
	}
	worker_settle(worker);
}

void
connection_close(struct connection *c)
{
	struct exchange *x = c->exchange;

	if (c->stage == STAGE_CLOSED)
		return;
	c->stage = STAGE_CLOSED;
	c->deadline = 0;
	uv_close((uv_handle_t *)&c->tcp, on_closed);
	if (x != NULL && !x->answered) {
		c->exchange = NULL;
		exchange_abandon(x);
	}
	if (!c->running)
		forget_input(c);
}

static void
on_room(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
	struct connection *c = handle->data;

	(void)size;
	*out = uv_buf_init(c->worker->buffer, WORKER_BUFFER_SIZE);
}

static void
on_end(struct connection *c, ssize_t error)
{
	c->ended = true;
	c->reading = false;
	uv_read_stop((uv_stream_t *)&c->tcp);
	/* Some close their side as soon as they have asked: they get their answer. */
	if (error == UV_EOF && (c->stage == STAGE_HANDLER || c->stage == STAGE_ANSWER))
		return;
	connection_close(c);
}

static void
on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	struct connection *c = stream->data;

	if (length < 0) {
		on_end(c, length);
	} else if (length > 0) {
		assert(c->kept == NULL);
		c->input = (text){ buffer->base, (size_t)length };
		connection_advance(c);
	}
}

/*
 * Skips the empty lines that some clients send behind a request.  They begin nothing,
 * so they do not put the deadline off either.
 */
static bool
skip_lines(struct connection *c)
{
	while (c->input.length > 0 && c->input.at[0] == (c->half_crlf ? '\n' : '\r')) {
		c->half_crlf = !c->half_crlf;
		c->input.at++;
		c->input.length--;
	}
	return c->input.length > 0;
}

static bool
begin(struct connection *c)
{
	bool bare;

	if (!skip_lines(c))
		return false;
	bare = c->half_crlf || c->input.at[0] == '\n';
	c->half_crlf = false;
	exchange_begin(c);
	if (bare)
		exchange_refuse(
		    c->exchange, (struct parser_fault){ 400, "half an end of a line" });
	return true;
}

static void
drop(struct connection *c)
{
	c->dropped += c->input.length;
	c->input.length = 0;
	if (c->dropped > LINGER_BYTES)
		connection_close(c);
}

/* One step; false when there is nothing more to do now. */
static bool
step(struct connection *c)
{
	switch (c->stage) {
	case STAGE_IDLE: return begin(c);
	case STAGE_HEAD:
	case STAGE_BODY:
	case STAGE_DROP: return exchange_read(c->exchange);
	case STAGE_LINGER: drop(c); return false;
	case STAGE_HANDLER:
	case STAGE_ANSWER:
	case STAGE_CLOSED: break;
	}
	return false;
}

static void
set_reading(struct connection *c, bool reading)
{
	if (reading == c->reading || c->ended)
		return;
	c->reading = reading;
	if (reading)
		uv_read_start((uv_stream_t *)&c->tcp, on_room, on_read);
	else
		uv_read_stop((uv_stream_t *)&c->tcp);
}

/* The worker's buffer is read into again soon: what is left in it moves. */
static void
keep_input(struct connection *c)
{
	if (c->kept != NULL)
		return;
	c->kept = malloc(c->input.length);
	if (c->kept == NULL)
		abort();
	memcpy(c->kept, c->input.at, c->input.length);
	c->input.at = c->kept;
}

void
connection_advance(struct connection *c)
{
	bool paused;

	if (c->running)
		return;
	c->running = true;
	while (step(c))
		;
	c->running = false;
	if (c->stage == STAGE_CLOSED || c->input.length == 0)
		forget_input(c);
	else
		keep_input(c);
	if (c->stage == STAGE_CLOSED)
		return;
	paused = c->exchange != NULL && c->exchange->paused;
	set_reading(c, c->input.length == 0 && !paused);
}

static void
on_answer(uv_write_t *write, int status)
{
	struct connection *c = write->data;

	if (c->stage == STAGE_CLOSED)
		return;
	if (status < 0) {
		connection_close(c);
		return;
	}
	exchange_sent(c->exchange);
	connection_advance(c);
}

/* Takes the bytes that were written off the buffers.  Returns how many are left to write.
 */
static unsigned
shift(uv_buf_t buffers[2], unsigned count, size_t written)
{
	while (count > 0 && written >= buffers[0].len) {
		written -= buffers[0].len;
		buffers[0] = buffers[1];
		count--;
	}
	if (count > 0) {
		buffers[0].base += written;
		buffers[0].len -= written;
	}
	return count;
}

static uv_buf_t
buffer_of(text t)
{
	/* libuv's buffers are not const, but it does not write to them here. */
	union {
		const char *from;
		char *to;
	} at = { t.at };

	return (uv_buf_t){ .base = at.to, .len = t.length };
}

void
connection_send(struct connection *c, text head, text body)
{
	uv_buf_t buffers[2] = { buffer_of(head), buffer_of(body) };
	unsigned count = body.length > 0 ? 2 : 1;
	int written = uv_try_write((uv_stream_t *)&c->tcp, buffers, count);

	c->stage = STAGE_ANSWER;
	if (written < 0 && written != UV_EAGAIN) {
		connection_close(c);
		return;
	}
	count = shift(buffers, count, written < 0 ? 0 : (size_t)written);
	if (count == 0) {
		exchange_sent(c->exchange);
		return;
	}
	c->answer.data = c;
	if (uv_write(&c->answer, (uv_stream_t *)&c->tcp, buffers, count, on_answer) !=
	    0) {
		connection_close(c);
		return;
	}
	c->unsent = uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp);
	c->deadline = now_of(c) + c->worker->shared->limits.write_ms;
}

static void
on_interim(uv_write_t *write, int status)
{
	struct connection *c = write->data;

	if (status < 0)
		connection_close(c);
}

void
connection_continue(struct connection *c)
{
	uv_buf_t buffers[2] = { buffer_of(TEXT("HTTP/1.1 100 Continue\r\n\r\n")) };
	int written = uv_try_write((uv_stream_t *)&c->tcp, buffers, 1);

	if (shift(buffers, 1, written < 0 ? 0 : (size_t)written) == 0)
		return;
	c->interim.data = c;
	if (uv_write(&c->interim, (uv_stream_t *)&c->tcp, buffers, 1, on_interim) != 0)
		connection_close(c);
}

void
connection_linger(struct connection *c)
{
	uv_os_fd_t fd;

	if (c->ended || c->worker->cut || uv_fileno((uv_handle_t *)&c->tcp, &fd) != 0 ||
	    shutdown(fd, SHUT_WR) != 0) {
		connection_close(c);
		return;
	}
	c->stage = STAGE_LINGER;
	c->deadline = now_of(c) + LINGER_MS;
	c->dropped = 0;
}

void
connection_rest(struct connection *c)
{
	c->stage = STAGE_IDLE;
	c->deadline = now_of(c) + c->worker->shared->limits.idle_ms;
	if (c->ended || (c->worker->draining && c->input.length == 0))
		connection_close(c);
}

static void
check_answer(struct connection *c, uint64_t now)
{
	size_t unsent = uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp);

	if (unsent >= c->unsent) {
		connection_close(c);
		return;
	}
	c->unsent = unsent;
	c->deadline = now + c->worker->shared->limits.write_ms;
}

void
connection_tick(struct connection *c, uint64_t now)
{
	if (c->stage == STAGE_ANSWER &&
	    uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp) < c->unsent)
		check_answer(c, now);
	if (c->deadline == 0 || now < c->deadline)
		return;
	switch (c->stage) {
	case STAGE_HEAD:
		exchange_refuse(c->exchange,
		    (struct parser_fault){ 408, "the headers took too long" });
		break;
	case STAGE_BODY:
		if (!exchange_fast(c->exchange, now))
			exchange_refuse(c->exchange,
			    (struct parser_fault){ 408, "the body took too long" });
		break;
	case STAGE_ANSWER: check_answer(c, now); break;
	case STAGE_IDLE:
	case STAGE_DROP:
	case STAGE_LINGER: connection_close(c); break;
	case STAGE_HANDLER:
	case STAGE_CLOSED: break;
	}
}

/* Whether bytes have come that the loop has not read yet. */
static bool
has_unread(const struct connection *c)
{
	uv_os_fd_t fd;
	char byte;

	return uv_fileno((const uv_handle_t *)&c->tcp, &fd) == 0 &&
	       recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void
connection_drain(struct connection *c)
{
	if (c->stage != STAGE_IDLE)
		return;
	if (c->fresh || has_unread(c))
		c->deadline = now_of(c) + DRAIN_GRACE_MS;
	else
		connection_close(c);
}

void
connection_open(struct http_worker *worker, int fd, const struct ipaddr *peer)
{
	struct connection *c = worker->spare_connections;

	if (c != NULL) {
		worker->spare_connections = c->next;
		worker->spare_connection_count--;
	} else {
		c = malloc(sizeof(*c));
		if (c == NULL)
			abort();
	}
	*c = (struct connection){ .worker = worker, .fresh = true, .peer = *peer };
	uv_tcp_init(&worker->loop, &c->tcp);
	c->tcp.data = c;
	link_in(c);
	c->deadline = now_of(c) + worker->shared->limits.idle_ms;
	if (uv_tcp_open(&c->tcp, fd) != 0) {
		close(fd);
		connection_close(c);
		return;
	}
	set_reading(c, true);
	if (worker->draining)
		connection_drain(c);
}

void
connection_free_spare(struct http_worker *worker)
{
	while (worker->spare_connections != NULL) {
		struct connection *c = worker->spare_connections;

		worker->spare_connections = c->next;
		free(c);
	}
}
