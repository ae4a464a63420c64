/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http/worker.h"

/* How far a connection is. */
enum stage {
	STAGE_IDLE,    /* no byte of a request yet */
	STAGE_HEAD,    /* some */
	STAGE_BODY,    /* the handler has seen the headers */
	STAGE_HANDLER, /* the request is whole and waits for its answer */
	STAGE_ANSWER,  /* the client takes the answer slowly */
	STAGE_DROP,    /* answered early: the rest of the body is read and dropped */
	STAGE_LINGER,  /* half closed: the client is given time to read the last answer */
	STAGE_CLOSED,
};

/*
 * A client.  At most one exchange is under way: the next request is not parsed before
 * the answer was written.  Input that cannot be parsed yet is kept, and reading stops,
 * so it never grows beyond one read.
 */
struct connection {
	uv_tcp_t tcp;
	struct http_worker *worker;
	struct connection *next;
	struct connection *previous;
	struct exchange *exchange; /* NULL when idle, lingering, or left to the handler */
	enum stage stage;
	bool running; /* connection_advance is at work further up the stack */
	bool reading;
	bool ended;     /* the client sends no more */
	bool fresh;     /* has not sent a request yet */
	bool half_crlf; /* of an empty line before a request */
	text input;     /* not parsed yet: in kept or in the worker's buffer */
	char *kept;
	uint64_t deadline; /* in the loop's time; 0: none */
	size_t unsent;     /* of the answer, when the deadline was last set */
	size_t dropped;    /* while it lingers */
	struct ipaddr peer;
	uv_write_t answer;
	uv_write_t interim;
};

/* Takes the socket over. */
void connection_open(struct http_worker *worker, int fd, const struct ipaddr *peer);

/* Cuts it off. */
void connection_close(struct connection *connection);

/* Does what can be done with the input at hand.  Nothing when it is at work already. */
void connection_advance(struct connection *connection);

/* Writes an answer; both texts live until exchange_sent was called. */
void connection_send(struct connection *connection, text head, text body);

/* Asks for the body of a request that waits to be asked. */
void connection_continue(struct connection *connection);

/* The last answer was written: says that no more will come and waits for the client. */
void connection_linger(struct connection *connection);

/* Waits for the next request. */
void connection_rest(struct connection *connection);

/* Looks at the deadline. */
void connection_tick(struct connection *connection, uint64_t now);

/* The worker stops: a connection without a request closes. */
void connection_drain(struct connection *connection);

void connection_free_spare(struct http_worker *worker);

#endif
