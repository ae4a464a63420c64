/* SPDX-License-Identifier: Apache-2.0 */
#include "api/accounts.h"

#include "api/page.h"
#include "api/reply.h"
#include "model/campaign.h"
#include "model/status.h"

static void
print_locations(const struct account *account, struct json_writer *writer)
{
	json_key(writer, "account_locations");
	json_array_begin(writer);
	if (!resource_is_null(&account_resource, &account->row, &account->postal_code)) {
		json_object_begin(writer);
		json_key(writer, "postal_code");
		json_text(writer, account->postal_code);
		json_object_end(writer);
	}
	json_array_end(writer);
}

void
account_print(
    const struct account *account, const struct zone *zone, struct json_writer *writer)
{
	json_object_begin(writer);
	resource_write(&account_resource, &account->row, zone, writer);
	print_locations(account, writer);
	json_key(writer, "account_industries");
	json_array_begin(writer);
	json_array_end(writer);
	json_key(writer, "campaign");
	json_object_begin(writer);
	json_key(writer, "id");
	json_int(writer, account->campaign_id);
	json_object_end(writer);
	json_key(writer, "beeswax_line_item");
	json_null(writer);
	json_object_end(writer);
}

/* The account as it is now, as the answer. */
static enum result
reply_account(struct call *call, int status, int64_t campaign_id, int64_t id)
{
	struct json_writer *writer = json_writer_new(call->scope.arena);
	struct account account;
	enum result r;

	r = account_find(&call->scope, campaign_id, id, &account);
	if (r != OK)
		return r;
	account_print(&account, call->scope.zone, writer);
	reply_json(call, status, json_writer_finish(writer));
	return OK;
}

enum result
accounts_show(struct call *call)
{
	return reply_account(call, 200, call->ids[0], call->ids[1]);
}

enum result
accounts_index(struct call *call)
{
	struct json_writer *writer = json_writer_new(call->scope.arena);
	struct campaign campaign;
	struct account *accounts;
	struct page page;
	size_t count;
	bool more;
	enum result r;

	r = page_read(call, &page);
	if (r != OK)
		return r;
	r = campaign_find(&call->scope, call->ids[0], &campaign);
	if (r != OK)
		return r;
	r = account_list(
	    &call->scope, campaign.id, page.after, page.limit + 1, &accounts, &count);
	if (r != OK)
		return r;
	more = count > (size_t)page.limit;
	count -= more;
	json_array_begin(writer);
	for (size_t i = 0; i < count; i++)
		account_print(&accounts[i], call->scope.zone, writer);
	json_array_end(writer);
	reply_json(call, 200, json_writer_finish(writer));
	page_headers(call, &page,
	    campaign.accounts_count + campaign.archived_accounts_count, more,
	    count > 0 ? accounts[count - 1].id : 0);
	return OK;
}

static enum result
read_account(struct call *call, struct account *account)
{
	const struct json *object;
	enum result r;

	r = call_input(call, "account", &object);
	if (r != OK)
		return r;
	resource_read(
	    &account_resource, object, &account->row, &call->problems, &call->ignored);
	account_check(&call->scope, account, &call->problems);
	return OK;
}

/* The campaign holds the domain already, as account->id. */
static enum result
refuse_twin(struct call *call, const struct account *account)
{
	problems_add(&call->problems, "domain", "is already in this campaign");
	call->conflict_id = account->id;
	return CONFLICT;
}

enum result
accounts_create(struct call *call)
{
	struct account account;
	bool restored;
	enum result r;

	r = campaign_touch(&call->scope, call->ids[0]);
	if (r != OK)
		return r;
	account_init(&call->scope, &account);
	r = read_account(call, &account);
	if (r != OK)
		return r;
	resource_require(&account_resource, &account.row, &call->problems);
	r = problems_result(&call->problems);
	if (r != OK)
		return r;
	r = account_create(&call->scope, call->ids[0], &account, &restored);
	if (r == CONFLICT)
		return refuse_twin(call, &account);
	if (r != OK)
		return r;
	reply_location(call, "/campaigns/%lld/accounts/%lld", (long long)call->ids[0],
	    (long long)account.id);
	return reply_account(call, restored ? 200 : 201, call->ids[0], account.id);
}

enum result
accounts_edit(struct call *call)
{
	struct account before, account;
	enum result r;

	r = campaign_touch(&call->scope, call->ids[0]);
	if (r != OK)
		return r;
	r = account_find(&call->scope, call->ids[0], call->ids[1], &before);
	if (r != OK)
		return r;
	account = before;
	r = read_account(call, &account);
	if (r != OK)
		return r;
	r = problems_result(&call->problems);
	if (r != OK)
		return r;
	r = account_edit(&call->scope, &before, &account);
	if (r == CONFLICT)
		return refuse_twin(call, &account);
	if (r != OK)
		return r;
	return reply_account(call, 200, call->ids[0], call->ids[1]);
}

enum result
accounts_archive(struct call *call)
{
	struct account before, account;
	enum result r;

	r = campaign_touch(&call->scope, call->ids[0]);
	if (r != OK)
		return r;
	r = account_find(&call->scope, call->ids[0], call->ids[1], &before);
	if (r != OK)
		return r;
	account = before;
	account.user_defined_status = STATUS_ARCHIVED;
	r = account_edit(&call->scope, &before, &account);
	if (r != OK)
		return r;
	return reply_account(call, 200, call->ids[0], call->ids[1]);
}
