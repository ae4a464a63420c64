/* SPDX-License-Identifier: Apache-2.0 */
#include "api/session_view.h"

enum result
session_view_load(const struct scope *scope, int64_t user_id, struct session_view *out)
{
	struct user_summary *users;
	enum result r;

	r = user_find(scope, user_id, &out->user);
	if (r != OK)
		return r;
	r = organization_find(scope, &out->organization);
	if (r != OK)
		return r;
	r = organization_campaigns(scope, &out->campaigns);
	if (r != OK)
		return r;
	r = user_list(scope, &users, &out->user_count);
	out->users = users;
	return r;
}

static void
print_user(
    const struct user_summary *user, const struct zone *zone, struct json_writer *writer)
{
	char when[INSTANT_MAX];

	json_object_begin(writer);
	json_key(writer, "id");
	json_int(writer, user->id);
	json_key(writer, "email");
	json_text(writer, user->email);
	json_key(writer, "last_sign_in_at");
	if (user->signed_in)
		json_text(writer,
		    (text){ when, instant_print(user->last_sign_in_at, zone, when) });
	else
		json_null(writer);
	json_key(writer, "creator");
	json_bool(writer, user->creator);
	json_object_end(writer);
}

/* The members of an organization that stand for what this server does not have. */
static void
print_absent(struct json_writer *writer)
{
	static const struct {
		const char *key;
		const char *value;
	} members[] = {
		{ "organization_basics", "[]" },
		{ "payment_information", "null" },
		{ "salesforce", "null" },
		{ "payment_transactions", "[]" },
		{ "lastSavedWizardProgress",
		    "{\"status\":true,\"exception\":null,\"message\":null,\"data\":{},"
		    "\"errors\":[]}" },
		{ "organization_brand_safety_segments", "[]" },
		{ "beeswax_advertiser", "null" },
	};

	for (size_t i = 0; i < COUNT(members); i++) {
		json_key(writer, members[i].key);
		json_raw(writer, text_of(members[i].value));
	}
}

static void
print_organization(
    const struct session_view *view, const struct zone *zone, struct json_writer *writer)
{
	json_object_begin(writer);
	resource_write(&organization_resource, &view->organization.row, zone, writer);
	json_key(writer, "rate_limiting");
	json_object_begin(writer);
	json_key(writer, "page_view");
	json_int(writer, view->organization.page_views_a_minute);
	json_object_end(writer);
	json_key(writer, "users");
	json_array_begin(writer);
	for (size_t i = 0; i < view->user_count; i++)
		print_user(&view->users[i], zone, writer);
	json_array_end(writer);
	json_key(writer, "campaigns");
	json_array_begin(writer);
	for (size_t i = 0; i < view->campaigns.count; i++)
		json_int(writer, view->campaigns.ids[i]);
	json_array_end(writer);
	print_absent(writer);
	json_object_end(writer);
}

void
session_view_print(
    const struct session_view *view, const struct zone *zone, struct json_writer *writer)
{
	json_object_begin(writer);
	resource_write(&user_resource, &view->user.row, zone, writer);
	json_key(writer, "authentication_token");
	json_text(writer, view->token);
	json_key(writer, "organization");
	print_organization(view, zone, writer);
	json_object_end(writer);
}
