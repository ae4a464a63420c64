/* SPDX-License-Identifier: Apache-2.0 */
#include "api/sessions.h"

#include "api/reply.h"
#include "api/worker.h"
#include "model/api_key.h"
#include "model/organization.h"
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

/* What the answer shows beside the user. */
struct session_view {
	struct organization organization;
	struct db_rows users;
	struct db_rows campaign_ids;
};

static void
print_users(
    const struct db_rows *users, const struct zone *zone, struct json_writer *writer)
{
	json_key(writer, "users");
	json_array_begin(writer);
	for (size_t i = 0; i < users->count; i++) {
		const struct db_row *row = &users->rows[i];
		char when[INSTANT_MAX];

		json_object_begin(writer);
		json_key(writer, "id");
		json_int(writer, db_row_int(row, 0));
		json_key(writer, "email");
		json_text(writer, db_row_text(row, 1));
		json_key(writer, "last_sign_in_at");
		if (db_row_is_null(row, 2))
			json_null(writer);
		else
			json_text(writer,
			    (text){ when, instant_print((instant){ db_row_int(row, 2) },
					      zone, when) });
		json_key(writer, "creator");
		json_bool(writer, db_row_bool(row, 3));
		json_object_end(writer);
	}
	json_array_end(writer);
}

static void
print_empty(struct json_writer *writer, const char *key)
{
	json_key(writer, key);
	json_array_begin(writer);
	json_array_end(writer);
}

/* The members of an organization that stand for what this server does not have. */
static void
print_absent(struct json_writer *writer)
{
	static const char *const nulls[] = { "payment_information", "salesforce",
		"beeswax_advertiser" };
	static const char *const lists[] = { "organization_basics",
		"payment_transactions", "organization_brand_safety_segments" };

	for (size_t i = 0; i < COUNT(nulls); i++) {
		json_key(writer, nulls[i]);
		json_null(writer);
	}
	for (size_t i = 0; i < COUNT(lists); i++)
		print_empty(writer, lists[i]);
	json_key(writer, "lastSavedWizardProgress");
	json_raw(writer,
	    TEXT("{\"status\":true,\"exception\":null,\"message\":null,\"data\":{},"
		 "\"errors\":[]}"));
}

static void
print_organization(const struct call *call, const struct session_view *view,
    struct json_writer *writer)
{
	const struct organization *organization = &view->organization;

	json_key(writer, "organization");
	json_object_begin(writer);
	resource_write(
	    &organization_resource, &organization->row, call->scope.zone, writer);
	json_key(writer, "rate_limiting");
	json_object_begin(writer);
	json_key(writer, "page_view");
	json_int(writer, organization->page_views_a_minute);
	json_object_end(writer);
	print_users(&view->users, call->scope.zone, writer);
	json_key(writer, "campaigns");
	json_array_begin(writer);
	for (size_t i = 0; i < view->campaign_ids.count; i++)
		json_int(writer, db_row_int(&view->campaign_ids.rows[i], 0));
	json_array_end(writer);
	print_absent(writer);
	json_object_end(writer);
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
	struct user user;
	enum result r;

	r = user_signed_in(&call->scope, user_id, &call->request->peer);
	if (r != OK)
		return r;
	r = user_find(&call->scope, user_id, &user);
	if (r != OK)
		return r;
	r = organization_find(&call->scope, &view.organization);
	if (r != OK)
		return r;
	r = organization_campaigns(&call->scope, &view.campaign_ids);
	if (r != OK)
		return r;
	r = user_list(&call->scope, &view.users);
	if (r != OK)
		return r;
	r = token_to_show(call, user_id);
	if (r != OK)
		return r;
	json_object_begin(writer);
	resource_write(&user_resource, &user.row, call->scope.zone, writer);
	json_key(writer, "authentication_token");
	json_text(writer, call->token);
	print_organization(call, &view, writer);
	json_object_end(writer);
	reply_json(call, 200, json_writer_finish(writer));
	return OK;
}
