/* SPDX-License-Identifier: Apache-2.0 */
#include "http/parser.h"

#include <llhttp.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROOM_FIRST = 2048,
	ROOM_KEPT = 8192,
	/* Chunked framing costs some bytes a chunk; a body in chunks of one byte has 5.
	 */
	FRAMING_PER_BYTE = 16,
};

/* A part of the text buffer, which may move while it grows. */
struct span {
	uint32_t at;
	uint32_t length;
};

struct field {
	struct span name;
	struct span value;
};

struct parser {
	llhttp_t llhttp;
	enum parser_event event;
	struct parser_fault fault;
	text piece;

	size_t limit; /* of the head */
	size_t taken; /* bytes of the head, then of the body with its framing */
	uint64_t body;
	bool head_done;
	bool line_done;

	char *buffer; /* target, names and values, one behind the other */
	size_t room;
	size_t used;
	struct span target;
	struct field fields[PARSER_FIELDS_MAX];
	size_t field_count;

	struct parser_head head;
	struct http_header headers[PARSER_FIELDS_MAX];
};

static int
fail(struct parser *p, int status, const char *reason)
{
	p->fault = (struct parser_fault){ status, reason };
	return HPE_USER;
}

/* Adds to a span that is the newest in the buffer. */
static void
append(struct parser *p, struct span *span, const char *at, size_t length)
{
	if (p->room - p->used < length) {
		while (p->room - p->used < length)
			p->room *= 2;
		p->buffer = realloc(p->buffer, p->room);
		if (p->buffer == NULL)
			abort();
	}
	if (span->length == 0)
		span->at = (uint32_t)p->used;
	memcpy(p->buffer + p->used, at, length);
	p->used += length;
	span->length += (uint32_t)length;
}

static int
on_url(llhttp_t *llhttp, const char *at, size_t length)
{
	struct parser *p = llhttp->data;

	append(p, &p->target, at, length);
	return 0;
}

static bool
other_version(const struct parser *p)
{
	return p->llhttp.http_major != 1 || p->llhttp.http_minor > 1;
}

static int
on_version_complete(llhttp_t *llhttp)
{
	struct parser *p = llhttp->data;

	p->line_done = true;
	if (other_version(p))
		return fail(p, 505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
	return 0;
}

static int
on_header_field(llhttp_t *llhttp, const char *at, size_t length)
{
	struct parser *p = llhttp->data;

	if (p->head_done)
		return 0;
	if (p->field_count == PARSER_FIELDS_MAX)
		return fail(p, 431, "too many header fields");
	append(p, &p->fields[p->field_count].name, at, length);
	return 0;
}

static int
on_header_value(llhttp_t *llhttp, const char *at, size_t length)
{
	struct parser *p = llhttp->data;

	if (!p->head_done)
		append(p, &p->fields[p->field_count].value, at, length);
	return 0;
}

static int
on_header_value_complete(llhttp_t *llhttp)
{
	struct parser *p = llhttp->data;

	if (p->head_done)
		return 0;
	p->field_count++;
	if (p->field_count < PARSER_FIELDS_MAX)
		p->fields[p->field_count] = (struct field){ 0 };
	return 0;
}

static text
span_text(const struct parser *p, struct span span)
{
	return (text){ p->buffer + span.at, span.length };
}

static text
trim(text value)
{
	while (value.length > 0 &&
	       (value.at[value.length - 1] == ' ' || value.at[value.length - 1] == '\t'))
		value.length--;
	return value;
}

static int
on_headers_complete(llhttp_t *llhttp)
{
	struct parser *p = llhttp->data;

	for (size_t i = 0; i < p->field_count; i++)
		p->headers[i] = (struct http_header){
			.name = span_text(p, p->fields[i].name),
			.value = trim(span_text(p, p->fields[i].value)),
		};
	if (!p->line_done)
		return fail(p, 505, "a version is missing");
	p->head = (struct parser_head){
		.method = llhttp_method_name((llhttp_method_t)llhttp->method),
		.target = span_text(p, p->target),
		.fields = p->headers,
		.field_count = p->field_count,
		.minor = llhttp->http_minor,
		.keep_alive = llhttp_should_keep_alive(llhttp) != 0,
		.chunked = (llhttp->flags & F_CHUNKED) != 0,
		.length =
		    (llhttp->flags & F_CONTENT_LENGTH) != 0 ? llhttp->content_length : 0,
	};
	/* Whoever asks for another protocol, or a tunnel, gets an answer in this one. */
	llhttp->upgrade = 0;
	p->head_done = true;
	p->event = PARSER_HEAD;
	return HPE_PAUSED;
}

static int
on_body(llhttp_t *llhttp, const char *at, size_t length)
{
	struct parser *p = llhttp->data;

	if (length == 0)
		return 0;
	p->piece = (text){ at, length };
	p->body += length;
	p->event = PARSER_BODY;
	return HPE_PAUSED;
}

static int
on_message_complete(llhttp_t *llhttp)
{
	struct parser *p = llhttp->data;

	p->event = PARSER_END;
	return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
	.on_url = on_url,
	.on_version_complete = on_version_complete,
	.on_header_field = on_header_field,
	.on_header_value = on_header_value,
	.on_header_value_complete = on_header_value_complete,
	.on_headers_complete = on_headers_complete,
	.on_body = on_body,
	.on_message_complete = on_message_complete,
};

struct parser *
parser_new(void)
{
	struct parser *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->buffer = malloc(ROOM_FIRST)) == NULL)
		abort();
	p->room = ROOM_FIRST;
	return p;
}

void
parser_free(struct parser *p)
{
	if (p == NULL)
		return;
	free(p->buffer);
	free(p);
}

void
parser_begin(struct parser *p, size_t head_limit)
{
	if (p->room > ROOM_KEPT) {
		free(p->buffer);
		p->buffer = malloc(ROOM_FIRST);
		if (p->buffer == NULL)
			abort();
		p->room = ROOM_FIRST;
	}
	llhttp_init(&p->llhttp, HTTP_REQUEST, &settings);
	p->llhttp.data = p;
	p->fault = (struct parser_fault){ 0, NULL };
	p->limit = head_limit;
	p->taken = 0;
	p->body = 0;
	p->head_done = false;
	p->line_done = false;
	p->used = 0;
	p->target = (struct span){ 0 };
	p->fields[0] = (struct field){ 0 };
	p->field_count = 0;
}

static bool
token_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static enum parser_event
broken(struct parser *p, llhttp_errno_t error)
{
	const char *at = llhttp_get_error_pos(&p->llhttp);

	if (p->fault.status != 0)
		return PARSER_BAD;
	p->fault = (struct parser_fault){ 400, llhttp_get_error_reason(&p->llhttp) };
	if (error == HPE_PAUSED_H2_UPGRADE ||
	    (error == HPE_INVALID_VERSION && other_version(p)))
		p->fault.status = 505;
	if (error == HPE_INVALID_METHOD && token_byte(*at))
		p->fault = (struct parser_fault){ 501, "no such method" };
	if (p->fault.reason == NULL || p->fault.reason[0] == '\0')
		p->fault.reason = "it is not HTTP";
	return PARSER_BAD;
}

/* How much of the input llhttp may see, so that no head grows over its limit. */
static size_t
allowance(const struct parser *p, size_t length)
{
	if (p->head_done || length <= p->limit - p->taken)
		return length;
	return p->limit - p->taken;
}

/* Whether the body came with so much framing that it can only be meant to cost us. */
static bool
framing_excessive(const struct parser *p)
{
	return p->head_done && p->taken > p->body + p->limit + p->body * FRAMING_PER_BYTE;
}

/* One call of llhttp, which stops early for an event and at the limit of the head. */
static enum parser_event
step(struct parser *p, text *input)
{
	const char *at = input->length == 0 ? "" : input->at;
	size_t length = allowance(p, input->length);
	llhttp_errno_t error;

	if (p->fault.status != 0)
		return PARSER_BAD;
	if (p->head_done && !p->head.chunked && p->body == p->head.length)
		return PARSER_END;
	if (length == 0 && input->length > 0) {
		(void)fail(
		    p, p->line_done ? 431 : 414, "the head of the request is too long");
		return PARSER_BAD;
	}
	p->event = PARSER_MORE;
	if (llhttp_get_errno(&p->llhttp) == HPE_PAUSED)
		llhttp_resume(&p->llhttp);
	error = llhttp_execute(&p->llhttp, at, length);
	if (error == HPE_PAUSED)
		length = (size_t)(llhttp_get_error_pos(&p->llhttp) - at);
	else if (error != HPE_OK)
		return broken(p, error);
	p->taken = p->event == PARSER_HEAD ? 0 : p->taken + length;
	if (input->length > 0)
		*input = (text){ input->at + length, input->length - length };
	if (framing_excessive(p)) {
		(void)fail(p, 400, "the body has far more framing than content");
		return PARSER_BAD;
	}
	return p->event;
}

enum parser_event
parser_next(struct parser *p, text *input, text *out_piece)
{
	enum parser_event event;

	do
		event = step(p, input);
	while (event == PARSER_MORE && input->length > 0);
	*out_piece = p->piece;
	return event;
}

const struct parser_head *
parser_head(const struct parser *p)
{
	return &p->head;
}

struct parser_fault
parser_fault(const struct parser *p)
{
	return p->fault;
}
