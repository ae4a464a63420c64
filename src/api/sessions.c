/* SPDX-License-Identifier: Apache-2.0 */
#include "api/sessions.h"

#include "api/reply.h"
#include "api/session_view.h"
#include "api/worker.h"
#include "model/api_key.h"
#include "model/user.h"

/* A password that is being checked. */
struct attempt {
	struct http_job job;
	struct call *call;
	text password;
	struct user_name user; /* id 0: nobody has that e-mail */
	bool right;
};

static uint64_t
address_number(const struct ipaddr *addr)
{
	uint64_t high, low;

	/* An IPv6 subscriber has a /64: all of it is one address. */
	memcpy(&high, addr->bytes, sizeof high);
	memcpy(&low, addr->bytes + 8, sizeof low);
	return addr->family == 6 ? high ^ UINT64_C(0x6) : low;
}

/* Whether too many attempts failed from there; then the call has its answer. */
static bool
is_throttled(struct call *call)
{
	int64_t wait = rate_limit_look(call->service->failures,
	    address_number(&call->request->peer), call->scope.now);

	if (wait == 0)
		return false;
	reply_error(call, 429, TEXT("Too many failed attempts to sign in."));
	reply_header(call, "Retry-After",
	    arena_print(call->request->arena, "%lld", (long long)(wait + 999) / 1000));
	return true;
}

static void
count_failure(struct call *call)
{
	(void)rate_limit_take(call->service->failures,
	    address_number(&call->request->peer), call->scope.now);
}

static void
check_password(struct http_job *job)
{
	struct attempt *attempt = (struct attempt *)(void *)job;
	bool known = attempt->user.id != 0 && attempt->user.password_hash.at != NULL;

	attempt->right = secret_password_check(
	    known ? attempt->user.password_hash.at : NULL, attempt->password);
}

static void
password_checked(struct http_job *job)
{
	struct attempt *attempt = (struct attempt *)(void *)job;
	struct call *call = attempt->call;
	struct known_identity known = {
		.identity = {
			.user_id = attempt->user.id,
			.organization_id = attempt->user.organization_id,
		},
	};

	if (!attempt->right) {
		count_failure(call);
		reply_error(call, 401, TEXT("Invalid Email or password."));
		reply_send(call);
		return;
	}
	known.zone = zones_find(call->service->zones, attempt->user.time_zone);
	call_become(call, &known);
	call_write(call);
}

static text
string_member(const struct json *object, const char *key)
{
	const struct json *value = json_member(object, key);

	if (value == NULL || json_kind(value) != JSON_STRING)
		return (text){ NULL, 0 };
	return json_string(value);
}

static void
begin_password(struct call *call, const struct json *user)
{
	struct attempt *attempt = NEW(call->request->arena, struct attempt);
	text email = string_member(user, "email");
	enum result r = NOT_FOUND;

	attempt->call = call;
	attempt->password = string_member(user, "password");
	if (email.at != NULL && text_valid(email))
		r = user_by_email(
		    call->worker->db, call->request->arena, email, &attempt->user);
	if (r != OK && r != NOT_FOUND) {
		reply_result(call, r);
		reply_send(call);
		return;
	}
	attempt->job.work = check_password;
	attempt->job.done = password_checked;
	http_work(call->request->worker, &attempt->job);
}

void
session_begin(struct call *call)
{
	const struct json *user =
	    call->body == NULL ? NULL : json_member(call->body, "user");
	bool keyed = http_header(call->request, "X-User-Token").at != NULL;

	if (is_throttled(call)) {
		reply_send(call);
	} else if (!keyed && user != NULL) {
		begin_password(call, user);
	} else if (call_authenticate(call)) {
		call_write(call);
	} else {
		if (call->response.status == 401)
			count_failure(call);
		reply_send(call);
	}
}

/* The token that the user sent, or with a password one of the user's own. */
static enum result
token_to_show(struct call *call, int64_t user_id)
{
	enum result r;

	if (call->token.length > 0)
		return OK;
	r = api_key_of_user(&call->scope, user_id, &call->token);
	return r == NOT_FOUND ? OK : r;
}

enum result
sessions_create(struct call *call)
{
	struct json_writer *writer = json_writer_new(call->scope.arena);
	int64_t user_id = call->identity->identity.user_id;
	struct session_view view;
	enum result r;

	r = user_signed_in(&call->scope, user_id, &call->request->peer);
	if (r != OK)
		return r;
	r = token_to_show(call, user_id);
	if (r != OK)
		return r;
	r = session_view_load(&call->scope, user_id, &view);
	if (r != OK)
		return r;
	view.token = call->token;
	session_view_print(&view, call->scope.zone, writer);
	reply_json(call, 200, json_writer_finish(writer));
	return OK;
}
