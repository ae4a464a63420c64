/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_PARSER_H
#define HTTP_PARSER_H

#include "base/result.h"
#include "base/text.h"
#include "http/header.h"

#include <stdbool.h>
#include <stdint.h>

enum { PARSER_FIELDS_MAX = 100 };

/*
 * Reads one request at a time out of bytes that come in any pieces.  Knows no socket.
 * (llhttp's header and http.h name the same methods, so this one includes neither.)
 */
struct parser;

/* What was read before the body.  Lives in the parser until parser_begin. */
struct parser_head {
	const char *method; /* a literal */
	text target;
	const struct http_header *fields;
	size_t field_count;
	unsigned minor; /* of version 1.x: 0 or 1 */
	bool keep_alive;
	bool chunked;
	uint64_t length; /* as Content-Length says; 0 without */
};

enum parser_event {
	PARSER_MORE, /* all input was taken: call again when there is more */
	PARSER_HEAD, /* parser_head may be asked */
	PARSER_BODY, /* *out_piece is a part of the body, within the input that was given
	              */
	PARSER_END,  /* the request is whole; the input behind it belongs to the next */
	PARSER_BAD,  /* parser_fault says why; nothing more can be read */
};

struct parser_fault {
	int status;
	const char *reason; /* a literal */
};

struct parser *parser_new(void);
void parser_free(struct parser *parser);

/* Before each request.  More than head_limit bytes before the body are a fault. */
void parser_begin(struct parser *parser, size_t head_limit);

/*
 * Goes on to the next event and moves *input behind what was read.  After every event
 * but PARSER_MORE and PARSER_BAD it must be called again even if no input is left.
 */
enum parser_event parser_next(struct parser *parser, text *input, text *out_piece);

const struct parser_head *parser_head(const struct parser *parser);
struct parser_fault parser_fault(const struct parser *parser);

#endif
