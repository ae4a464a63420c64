/* SPDX-License-Identifier: Apache-2.0 */
#include "api/account_upload.h"
#include "api/query_string.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/sessions.h"
#include "api/worker.h"

#include "base/log.h"

#include <assert.h>

enum result
call_refuse(struct call *call, int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	call->refused = status;
	call->refusal = arena_vprint(call->request->arena, format, args);
	va_end(args);
	return INVALID;
}

enum result
call_input(struct call *call, const char *key, const struct json **out)
{
	const struct json *value;

	if (call->body == NULL)
		return call_refuse(call, 400,
		    "The body is empty: it must be a JSON object {\"%s\": ...}.", key);
	value = json_member(call->body, key);
	if (value == NULL || json_kind(value) != JSON_OBJECT)
		return call_refuse(call, 400,
		    "The body must be a JSON object with an object \"%s\" in it.", key);
	*out = value;
	return OK;
}

text
call_parameter(struct call *call, const char *name)
{
	return query_string_find(
	    call->request->arena, call->request->query, text_of(name));
}

static struct call *
call_new(const struct service *service, struct http_request *request)
{
	struct call *call = NEW(request->arena, struct call);

	call->request = request;
	call->worker = http_worker_user(request->worker);
	call->service = service;
	call->scope.model = service->model;
	call->scope.arena = request->arena;
	call->scope.now = instant_now();
	call->response.status = 200;
	problems_init(&call->problems, request->arena);
	request->user = call;
	return call;
}

/* A route for the call, or the answer that there is none. */
static bool
find_route(struct call *call)
{
	text allow;

	call->route = route_find(call, &allow);
	if (call->route != NULL)
		return true;
	if (allow.at == NULL) {
		reply_error(call, 404, TEXT("Not found."));
	} else if (call->request->method == HTTP_OPTIONS) {
		call->response = (struct http_response){ .status = 204 };
		reply_header(call, "Allow", allow);
	} else {
		reply_error(call, 405, TEXT("This path has no such method."));
		reply_header(call, "Allow", allow);
	}
	return false;
}

static void
refuse_stranger(struct call *call)
{
	reply_error(call, 401, TEXT("You need to sign in or sign up before continuing."));
}

/* Takes on who the key and the e-mail in the headers stand for, or answers. */
static bool
authenticate(struct call *call)
{
	text email = http_header(call->request, "X-User-Email");
	enum result r;

	call->token = http_header(call->request, "X-User-Token");
	r = identity_cache_find(call->worker->identities, call->worker->db,
	    call->request->arena, email, call->token, &call->identity);
	if (r == DENIED) {
		refuse_stranger(call);
		return false;
	}
	if (r != OK) {
		reply_result(call, r);
		return false;
	}
	call_become(call, call->identity);
	return true;
}

void
call_become(struct call *call, const struct known_identity *known)
{
	struct known_identity *copy = NEW(call->request->arena, struct known_identity);

	/* The cache may forget it while the call waits for the executor. */
	*copy = *known;
	call->identity = copy;
	call->scope.organization_id = copy->identity.organization_id;
	call->scope.zone = copy->zone;
}

static bool
within_rate(struct call *call)
{
	int64_t wait;

	if (call->service->requests == NULL)
		return true;
	wait = rate_limit_take(call->service->requests,
	    (uint64_t)call->identity->identity.key_id, call->scope.now);
	if (wait == 0)
		return true;
	reply_error(call, 429, TEXT("Too many requests with this key."));
	reply_header(call, "Retry-After",
	    arena_print(call->request->arena, "%lld", (long long)(wait + 999) / 1000));
	return false;
}

/* A type of JSON: application/json, text/json or anything that ends in +json. */
static bool
is_json(text type)
{
	const char *end = memchr(type.at, ';', type.length);

	if (end != NULL)
		type.length = (size_t)(end - type.at);
	while (type.length > 0 && type.at[type.length - 1] == ' ')
		type.length--;
	return text_equal_nocase(type, TEXT("application/json")) ||
	       text_equal_nocase(type, TEXT("text/json")) ||
	       (type.length > 5 &&
		   text_equal_nocase(
		       (text){ type.at + type.length - 5, 5 }, TEXT("+json")));
}

static bool
check_type(struct call *call)
{
	text type = http_header(call->request, "Content-Type");

	if (type.at == NULL || is_json(type))
		return true;
	reply_error(call, 415,
	    TEXT("The body must be JSON: send Content-Type: application/json."));
	return false;
}

/* The body as JSON into call->body, or an answer. */
static bool
read_body(struct call *call)
{
	struct json_error error;

	if (call->route->body != JSON_BODY || call->request->body.length == 0)
		return true;
	if (!check_type(call))
		return false;
	if (json_parse(call->request->arena, call->request->body, &call->body, &error) ==
	    OK)
		return true;
	reply_error(call, 400,
	    arena_print(call->request->arena,
		"The body is not valid JSON: %s at line %zu, column %zu.", error.message,
		error.line, error.column));
	return false;
}

static enum result
run_write(struct write *write, struct db *db)
{
	struct call *call =
	    (struct call *)(void *)((char *)write - offsetof(struct call, write));

	call->scope.db = db;
	return call->route->handler(call);
}

static void
write_done(struct write *write, enum result r)
{
	struct call *call =
	    (struct call *)(void *)((char *)write - offsetof(struct call, write));

	reply_result(call, r);
	reply_send(call);
}

void
call_write(struct call *call)
{
	call->write = (struct write){
		.run = run_write,
		.done = write_done,
		.worker = call->request->worker,
	};
	executor_submit(call->service->executor, &call->write);
}

static void
call_read(struct call *call)
{
	call->scope.db = call->worker->db;
	reply_result(call, call->route->handler(call));
	reply_send(call);
}

/* All that comes before a handler.  False: the call has its answer. */
static bool
admit(struct call *call)
{
	enum result r;

	if (!find_route(call))
		return false;
	if (call->route->access == OPEN)
		return true;
	r = api_worker_read(call->worker);
	if (r != OK) {
		reply_result(call, r);
		return false;
	}
	if (call->route->access == SIGN_IN)
		return true;
	return authenticate(call) && within_rate(call);
}

/*
 * Headers are read.  A list's body is taken as it comes, if who sends it may; all other
 * bodies are small, and what there is to say is said when they are whole.
 */
static enum http_body
on_headers(void *context, struct http_request *request)
{
	struct call *call = call_new(context, request);
	text allow;

	call->route = route_find(call, &allow);
	if (call->route == NULL || call->route->body != LIST_BODY)
		return HTTP_BODY_WHOLE;
	if (admit(call) && check_type(call) && account_upload_begin(call))
		return HTTP_BODY_STREAM;
	reply_send(call);
	return HTTP_BODY_NONE;
}

static void
on_body(void *context UNUSED, struct http_request *request, text piece)
{
	struct call *call = request->user;

	account_upload_take(call, piece);
}

static void
on_request(void *context UNUSED, struct http_request *request)
{
	struct call *call = request->user;

	if (call->upload != NULL) {
		account_upload_end(call);
		return;
	}
	if (!admit(call) || !read_body(call)) {
		reply_send(call);
		return;
	}
	if (call->route->access == SIGN_IN)
		session_begin(call);
	else if (call->route->place == WRITE)
		call_write(call);
	else
		call_read(call);
}

bool
call_authenticate(struct call *call)
{
	return authenticate(call) && within_rate(call);
}

static void
on_gone(void *context UNUSED, struct http_request *request)
{
	struct call *call = request->user;

	if (call != NULL && call->upload != NULL)
		account_upload_abandon(call);
}

static void
on_refuse(void *context UNUSED, struct http_request *request, int status,
    const char *reason, struct http_response *response)
{
	text detail = arena_print(request->arena, "The request was refused: %s.", reason);

	reply_refusal(request, status, detail, response);
}

static void *
on_worker_start(void *context, struct http_worker *worker UNUSED, unsigned index UNUSED)
{
	return api_worker_new(context);
}

static void
on_worker_stop(void *context UNUSED, struct http_worker *worker UNUSED, void *user)
{
	api_worker_free(user);
}

static void
on_worker_idle(void *context UNUSED, struct http_worker *worker UNUSED, void *user)
{
	api_worker_rest(user);
}

struct http_handler
service_handler(struct service *service)
{
	return (struct http_handler){
		.context = service,
		.headers = on_headers,
		.body = on_body,
		.request = on_request,
		.gone = on_gone,
		.refuse = on_refuse,
		.worker_start = on_worker_start,
		.worker_stop = on_worker_stop,
		.worker_idle = on_worker_idle,
	};
}
