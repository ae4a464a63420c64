/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes.h"

#include "api/account_upload.h"
#include "api/accounts.h"
#include "api/campaign_items.h"
#include "api/campaigns.h"
#include "api/openapi.h"
#include "api/sessions.h"
#include "model/campaign_item.h"

#include <assert.h>

/* clang-format off */
const struct route routes[] = {
	{ HTTP_POST, "/users/sign_in", SIGN_IN, WRITE, JSON_BODY, sessions_create,
	  "signIn", "Sign in", "SignInInput", "Session", 200 },

	{ HTTP_GET, "/campaigns", MEMBER, READ, NO_BODY, campaigns_index,
	  "listCampaigns", "List campaigns", NULL, "Campaign[]", 200 },
	{ HTTP_POST, "/campaigns", MEMBER, WRITE, JSON_BODY, campaigns_create,
	  "createCampaign", "Create a campaign", "CampaignInput", "Campaign", 201 },
	{ HTTP_GET, "/campaigns/{id}", MEMBER, READ, NO_BODY, campaigns_show,
	  "showCampaign", "Show a campaign", NULL, "Campaign", 200 },
	{ HTTP_PUT, "/campaigns/{id}", MEMBER, WRITE, JSON_BODY, campaigns_edit,
	  "editCampaign", "Edit a campaign", "CampaignInput", "Campaign", 200 },
	{ HTTP_DELETE, "/campaigns/{id}", MEMBER, WRITE, NO_BODY, campaigns_archive,
	  "archiveCampaign", "Archive a campaign", NULL, "Campaign", 200 },

	{ HTTP_GET, "/campaigns/{id}/accounts", MEMBER, READ, NO_BODY, accounts_index,
	  "listAccounts", "List a campaign's accounts", NULL, "Account[]", 200 },
	{ HTTP_POST, "/campaigns/{id}/accounts", MEMBER, WRITE, JSON_BODY, accounts_create,
	  "createAccount", "Create an account, or restore an archived one",
	  "AccountInput", "Account", 201 },
	{ HTTP_POST, "/campaigns/{id}/accounts/add_list", MEMBER, WRITE, LIST_BODY, NULL,
	  "addAccounts", "Add a list of accounts", "AccountListInput", "AccountListAnswer", 200 },
	{ HTTP_GET, "/campaigns/{id}/accounts/{id}", MEMBER, READ, NO_BODY, accounts_show,
	  "showAccount", "Show an account", NULL, "Account", 200 },
	{ HTTP_PUT, "/campaigns/{id}/accounts/{id}", MEMBER, WRITE, JSON_BODY, accounts_edit,
	  "editAccount", "Edit an account", "AccountInput", "Account", 200 },
	{ HTTP_DELETE, "/campaigns/{id}/accounts/{id}", MEMBER, WRITE, NO_BODY, accounts_archive,
	  "archiveAccount", "Archive an account", NULL, "Account", 200 },

	{ HTTP_GET, "/campaigns/{id}/{list}", MEMBER, READ, NO_BODY, campaign_items_index,
	  "list", "List the entries", NULL, "CampaignItem[]", 200 },
	{ HTTP_POST, "/campaigns/{id}/{list}/create_bulk", MEMBER, WRITE, JSON_BODY,
	  campaign_items_create, "create",
	  "Add entries; the answer is those that were there before", "{list}Input",
	  "CampaignItem[]", 200 },
	{ HTTP_DELETE, "/campaigns/{id}/{list}/{id}", MEMBER, WRITE, NO_BODY,
	  campaign_items_destroy, "destroy", "Remove an entry", NULL, NULL, 204 },

	{ HTTP_GET, "/openapi.json", OPEN, READ, NO_BODY, openapi_show,
	  "showOpenapi", "This document", NULL, "Document", 200 },
};
/* clang-format on */

const size_t routes_count = COUNT(routes);

static const char *const method_names[] = {
	[HTTP_GET] = "GET, HEAD",
	[HTTP_POST] = "POST",
	[HTTP_PUT] = "PUT, PATCH",
	[HTTP_DELETE] = "DELETE",
};

/* A plain decimal number from 1 to 2^63 - 1, at the start of *path, which moves past it.
 */
static bool
take_id(text *path, int64_t *out)
{
	uint64_t id = 0;
	size_t n = 0;

	while (n < path->length && path->at[n] >= '0' && path->at[n] <= '9' && n < 19)
		id = id * 10 + (uint64_t)(path->at[n++] - '0');
	if (n == 0 || path->at[0] == '0' || id > INT64_MAX)
		return false;
	*out = (int64_t)id;
	*path = (text){ path->at + n, path->length - n };
	return true;
}

static bool
take_list(text *path, unsigned *out)
{
	for (unsigned i = 0; i < LISTS; i++) {
		size_t length = strlen(campaign_list_names[i]);

		if (path->length < length ||
		    memcmp(path->at, campaign_list_names[i], length) != 0 ||
		    (path->length > length && path->at[length] != '/'))
			continue;
		*out = i;
		*path = (text){ path->at + length, path->length - length };
		return true;
	}
	return false;
}

static bool
take_character(text *path, char c)
{
	if (path->length == 0 || *path->at != c)
		return false;
	*path = (text){ path->at + 1, path->length - 1 };
	return true;
}

static bool
matches(struct call *call, const char *pattern)
{
	text path = call->request->path;
	size_t ids = 0;

	while (*pattern != '\0') {
		size_t length = 1;
		bool taken;

		if (*pattern != '{') {
			taken = take_character(&path, *pattern);
		} else if (strncmp(pattern, "{id}", 4) == 0) {
			taken = take_id(&path, &call->ids[ids++]);
			length = 4;
		} else {
			assert(strncmp(pattern, "{list}", 6) == 0);
			taken = take_list(&path, &call->list);
			length = 6;
		}
		if (!taken)
			return false;
		pattern += length;
	}
	return path.length == 0;
}

const struct route *
route_find(struct call *call, text *out_allow)
{
	enum http_method method = call->request->method;
	text allow = { NULL, 0 };

	if (method == HTTP_HEAD)
		method = HTTP_GET;
	if (method == HTTP_PATCH)
		method = HTTP_PUT;
	for (size_t i = 0; i < COUNT(routes); i++) {
		if (!matches(call, routes[i].pattern))
			continue;
		if (routes[i].method == method)
			return &routes[i];
		allow = arena_print(call->request->arena, "%s%s%s",
		    allow.at == NULL ? "" : allow.at, allow.at == NULL ? "" : ", ",
		    method_names[routes[i].method]);
	}
	if (allow.at != NULL)
		allow = arena_print(call->request->arena, "%s, OPTIONS", allow.at);
	*out_allow = allow;
	return NULL;
}
