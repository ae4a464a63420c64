/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/connection.h"
#include "http/request.h"

/*
 * A request and its answer.  Reused for others later, with its parser and arena.  It is
 * over when the answer was written and the body read, or the handler was told that the
 * client is gone.
 */
struct exchange {
	struct http_request request; /* first: one is found by the other */
	struct arena arena;
	struct parser *parser;
	struct connection
	    *connection; /* NULL: the client is gone, the handler still busy */
	struct exchange *next;
	struct request_framing framing;
	uint64_t started; /* in the loop's time, without the time it was held back */
	uint64_t paused_at;
	uint64_t body_limit;
	uint64_t body_bytes;
	char *body; /* collected so far */
	size_t body_room;
	enum http_body wanted;
	bool told;   /* the handler has seen the headers */
	bool passed; /* and the whole request: it owes an answer */
	bool whole;  /* all of it was read */
	bool paused;
	bool answered;
	bool close;  /* after the answer */
	bool linger; /* before: the client may be sending, and must see the answer */
	void (*release)(void *owner);
	void *owner;
};

/* Begins a request on an idle connection. */
void exchange_begin(struct connection *connection);

/* Reads on; false when it needs more input, or must wait for the handler. */
bool exchange_read(struct exchange *exchange);

/* Answers a request that cannot be read, and ends the connection. */
void exchange_refuse(struct exchange *exchange, struct parser_fault fault);

/* The answer was written. */
void exchange_sent(struct exchange *exchange);

/* The connection is gone before the answer was given. */
void exchange_abandon(struct exchange *exchange);

/* Whether the body comes as fast as it must to go on beyond its time. */
bool exchange_fast(const struct exchange *exchange, uint64_t now);

void exchange_free(struct exchange *exchange);
void exchange_free_spare(struct http_worker *worker);

#endif
