/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/http.h"
#include "http/parser.h"

/* What a head says about the body and the connection. */
struct request_framing {
	bool has_body;
	bool chunked;
	bool expects_continue;
	uint64_t length; /* unless it is chunked */
	bool keep_alive;
	unsigned minor;
};

/*
 * Fills method, path, query and headers from a head, and checks what the parser does
 * not: Host, Expect, that the body's length is told in one way, the target's form.
 * A status of 0 if all is well.
 */
struct parser_fault request_read(struct http_request *request,
    const struct parser_head *head, struct request_framing *out);

/* Writes the 32 digits of an id that is unique to the worker's random number and count.
 */
void request_name(struct http_request *request, uint64_t random, uint64_t count);

#endif
