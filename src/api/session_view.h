/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SESSION_VIEW_H
#define API_SESSION_VIEW_H

#include "model/organization.h"
#include "model/user.h"
#include "json/json.h"

/* What the answer of a sign-in shows: the user, and the user's organization. */
struct session_view {
	struct user user;
	text token; /* { NULL, 0 }: the user has none */
	struct organization organization;
	const struct user_summary *users;
	size_t user_count;
	struct campaign_ids campaigns;
};

/* Loads all but the token. */
MUST_USE enum result session_view_load(
    const struct scope *scope, int64_t user_id, struct session_view *out);

void session_view_print(
    const struct session_view *view, const struct zone *zone, struct json_writer *writer);

#endif
