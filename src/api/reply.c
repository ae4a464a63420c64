/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"

#include <assert.h>

/* Reason phrases of RFC 9110 and RFC 6585. */
static const struct title {
	int status;
	const char *title;
} titles[] = {
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

static const struct {
	int status;
	const char *detail; /* NULL: the problems say it */
} statuses[] = {
	[INVALID] = { 422, NULL },
	[NOT_FOUND] = { 404, "Not found." },
	[CONFLICT] = { 409, "It clashes with what is there." },
	[DENIED] = { 403, "You may not do this." },
	[BUSY] = { 503, "The server cannot do this right now.  Try again shortly." },
	[BROKEN] = { 500, "Something went wrong on the server." },
};

static const struct http_header no_store = { { "Cache-Control", 13 }, { "no-store", 8 } };
static const struct http_header json_type = { { "Content-Type", 12 },
	{ "application/json; charset=utf-8", 31 } };
static const struct http_header problem_type = { { "Content-Type", 12 },
	{ "application/problem+json; charset=utf-8", 39 } };
static const struct http_header retry_soon = { { "Retry-After", 11 }, { "1", 1 } };

static text
title_of(int status)
{
	for (size_t i = 0; i < COUNT(titles); i++)
		if (titles[i].status == status)
			return text_of(titles[i].title);
	assert(false && "a status without a title");
	return TEXT("Error");
}

static void
add_header(struct call *call, struct http_header header)
{
	assert(call->response.header_count < CALL_HEADERS);
	call->headers[call->response.header_count++] = header;
	call->response.headers = call->headers;
}

void
reply_header(struct call *call, const char *name, text value)
{
	add_header(call, (struct http_header){ text_of(name), value });
}

void
reply_json(struct call *call, int status, text document)
{
	call->response.status = status;
	call->response.body = document;
	add_header(call, json_type);
	add_header(call, no_store);
}

void
reply_location(struct call *call, const char *format, ...)
{
	va_list args;
	text path;

	va_start(args, format);
	path = arena_vprint(call->scope.arena, format, args);
	va_end(args);
	reply_header(call, "Location", path);
}

/* All messages of one attribute, which may not stand beside each other in the list. */
static void
write_messages(const struct problem *first, struct json_writer *writer)
{
	json_key(writer, first->attribute);
	json_array_begin(writer);
	for (const struct problem *p = first; p != NULL; p = p->next)
		if (strcmp(p->attribute, first->attribute) == 0)
			json_text(writer, p->message);
	json_array_end(writer);
}

static void
write_errors(
    const struct problems *problems, int64_t conflict_id, struct json_writer *writer)
{
	json_key(writer, "errors");
	json_object_begin(writer);
	for (const struct problem *p = problems->first; p != NULL; p = p->next) {
		const struct problem *same = problems->first;

		while (strcmp(same->attribute, p->attribute) != 0)
			same = same->next;
		if (same == p)
			write_messages(p, writer);
	}
	if (conflict_id != 0) {
		json_key(writer, "id");
		json_array_begin(writer);
		json_int(writer, conflict_id);
		json_array_end(writer);
	}
	json_object_end(writer);
}

/* "daily_budget must be at least 0; name is required" */
static text
all_problems(const struct problems *problems)
{
	text all = TEXT("");

	for (const struct problem *p = problems->first; p != NULL; p = p->next)
		all = arena_print(problems->arena, "%.*s%s%s %.*s", (int)all.length,
		    all.at, all.length > 0 ? "; " : "", p->attribute,
		    (int)p->message.length, p->message.at);
	return all;
}

struct error {
	int status;
	text detail;
	const struct problems *problems;
	int64_t conflict_id;
};

static text
error_document(struct http_request *request, const struct error *error)
{
	struct json_writer *writer = json_writer_new(request->arena);

	json_object_begin(writer);
	json_key(writer, "type");
	json_text(writer, TEXT("about:blank"));
	json_key(writer, "title");
	json_text(writer, title_of(error->status));
	json_key(writer, "status");
	json_int(writer, error->status);
	json_key(writer, "detail");
	json_text(writer, error->detail);
	json_key(writer, "error");
	json_text(writer, error->detail);
	write_errors(error->problems, error->conflict_id, writer);
	json_key(writer, "request_id");
	json_text(writer, text_of(request->id));
	json_object_end(writer);
	return json_writer_finish(writer);
}

/* Whether the client asks for RFC 9457's media type by name. */
static bool
wants_problem(const struct http_request *request)
{
	text accept = http_header(request, "Accept");

	return accept.length > 0 &&
	       memmem(accept.at, accept.length, "application/problem+json", 24) != NULL;
}

static void
reply_problems(struct call *call, const struct error *error)
{
	call->response = (struct http_response){
		.status = error->status,
		.body = error_document(call->request, error),
	};
	add_header(call, wants_problem(call->request) ? problem_type : json_type);
	add_header(call, no_store);
	if (error->status == 503)
		add_header(call, retry_soon);
}

void
reply_error(struct call *call, int status, text detail)
{
	struct problems none;

	problems_init(&none, call->request->arena);
	reply_problems(call, &(struct error){ status, detail, &none, 0 });
}

void
reply_result(struct call *call, enum result r)
{
	struct error error = { .problems = &call->problems };

	if (r == OK)
		return;
	if (r == INVALID && call->refused != 0) {
		reply_error(call, call->refused, call->refusal);
		return;
	}
	error.status = statuses[r].status;
	error.conflict_id = r == CONFLICT ? call->conflict_id : 0;
	error.detail = (r == INVALID || r == CONFLICT) && call->problems.count > 0
	                   ? all_problems(&call->problems)
	                   : text_of(statuses[r].detail);
	if (call->note.length > 0)
		error.detail = arena_print(
		    call->request->arena, "%s  %s", error.detail.at, call->note.at);
	if (r != INVALID && r != CONFLICT)
		problems_init(&call->problems, call->request->arena);
	reply_problems(call, &error);
}

/*
 * Names what was not taken, in characters that no header can be broken with.
 */
static void
name_ignored(struct call *call)
{
	struct arena *arena = call->request->arena;
	text all = TEXT("");

	for (size_t i = 0; i < call->ignored.count && all.length < 1024; i++) {
		text key = call->ignored.keys[i];
		size_t length = key.length < 64 ? key.length : 64;
		char *copy;

		all = arena_print(arena, "%.*s%s%.*s", (int)all.length, all.at,
		    all.length > 0 ? ", " : "", (int)length, key.at);
		copy = (char *)(uintptr_t)all.at + all.length - length;
		for (size_t c = 0; c < length; c++)
			if (copy[c] <= ' ' || copy[c] > '~' || copy[c] == ',')
				copy[c] = '?';
	}
	if (all.length > 0)
		reply_header(call, "X-Ignored-Attributes", all);
}

void
reply_send(struct call *call)
{
	if (call->response.status < 300)
		name_ignored(call);
	http_respond(call->request, &call->response);
}

void
reply_refusal(
    struct http_request *request, int status, text detail, struct http_response *out)
{
	struct http_header *headers = NEW_ARRAY(request->arena, struct http_header, 2);
	struct problems none;

	problems_init(&none, request->arena);
	headers[0] = wants_problem(request) ? problem_type : json_type;
	headers[1] = no_store;
	out->body = error_document(request, &(struct error){ status, detail, &none, 0 });
	out->headers = headers;
	out->header_count = 2;
}
