/* SPDX-License-Identifier: Apache-2.0 */
#include "api/campaign_items.h"

#include "api/page.h"
#include "api/reply.h"
#include "model/campaign.h"
#include "model/campaign_item.h"

/* "campaign": {"id": 1, "job_titles": [1, 2]} */
static void
print_campaign(
    const struct campaign_item *items, size_t count, struct json_writer *writer)
{
	json_key(writer, "campaign");
	json_object_begin(writer);
	json_key(writer, "id");
	json_int(writer, items[0].campaign_id);
	json_key(writer, campaign_list_names[items[0].list]);
	json_array_begin(writer);
	for (size_t i = 0; i < count; i++)
		json_int(writer, items[i].id);
	json_array_end(writer);
	json_object_end(writer);
}

/* Answers with entries from..to of a list. */
static void
reply_items(struct call *call, const struct campaign_item *items, size_t count,
    size_t from, size_t to)
{
	struct json_writer *writer = json_writer_new(call->scope.arena);

	json_array_begin(writer);
	for (size_t i = from; i < to; i++) {
		json_object_begin(writer);
		resource_write(
		    &campaign_item_resource, &items[i].row, call->scope.zone, writer);
		print_campaign(items, count, writer);
		json_object_end(writer);
	}
	json_array_end(writer);
	reply_json(call, 200, json_writer_finish(writer));
}

enum result
campaign_items_index(struct call *call)
{
	struct campaign_item *items;
	struct campaign campaign;
	size_t count, from = 0, to;
	struct page page;
	enum result r;

	r = page_read(call, &page);
	if (r != OK)
		return r;
	r = campaign_find(&call->scope, call->ids[0], &campaign);
	if (r != OK)
		return r;
	r = campaign_item_list(&call->scope, campaign.id, call->list, &items, &count);
	if (r != OK)
		return r;
	/* A list is short: it is read whole, and every entry shows the ids of all. */
	while (from < count && items[from].id <= page.after)
		from++;
	to = count - from > (size_t)page.limit ? from + (size_t)page.limit : count;
	reply_items(call, items, count, from, to);
	page_headers(call, &page, (int64_t)count, to<count, to> 0 ? items[to - 1].id : 0);
	return OK;
}

/* An entry: a name, or an object with a name and more. */
static void
read_item(struct call *call, const struct json *value, struct campaign_item *out)
{
	campaign_item_init(&call->scope, call->list, out);
	if (json_kind(value) == JSON_OBJECT) {
		resource_read(&campaign_item_resource, value, &out->row, &call->problems,
		    &call->ignored);
		resource_require(&campaign_item_resource, &out->row, &call->problems);
		campaign_item_check(out, &call->problems);
		return;
	}
	resource_read_member(
	    &campaign_item_resource, &out->name, value, &out->row, &call->problems);
}

/* The entries under the key that is the list's name with "_list" behind it. */
static enum result
read_items(struct call *call, struct campaign_item **out, size_t *out_count)
{
	const char *list = campaign_list_names[call->list];
	const char *key = arena_print(call->scope.arena, "%s_list", list).at;
	const struct json *value =
	    call->body == NULL ? NULL : json_member(call->body, key);
	struct json_walk walk = { .of = value };
	size_t count = 0;

	if (value == NULL)
		return call_refuse(call, 400,
		    "The body must be a JSON object with an array \"%s\" in it.", key);
	if (json_kind(value) != JSON_ARRAY) {
		problems_add(&call->problems, key, "must be an array");
		return INVALID;
	}
	while (json_next(&walk))
		count++;
	if (count > CAMPAIGN_ITEMS_MAX) {
		problems_add(&call->problems, key, "must have at most %d entries",
		    CAMPAIGN_ITEMS_MAX);
		return INVALID;
	}
	*out = NEW_ARRAY(call->scope.arena, struct campaign_item, count);
	*out_count = count;
	walk = (struct json_walk){ .of = value };
	for (size_t i = 0; json_next(&walk); i++)
		read_item(call, walk.value, &(*out)[i]);
	return problems_result(&call->problems);
}

enum result
campaign_items_create(struct call *call)
{
	struct campaign_item *before, *given = NULL, *after;
	size_t before_count, given_count = 0, after_count;
	bool all = text_equal(call_parameter(call, "return"), TEXT("all"));
	enum result r;

	r = campaign_touch(&call->scope, call->ids[0]);
	if (r != OK)
		return r;
	r = read_items(call, &given, &given_count);
	if (r != OK)
		return r;
	r = campaign_item_list(
	    &call->scope, call->ids[0], call->list, &before, &before_count);
	if (r != OK)
		return r;
	if (given_count > 0) {
		r = campaign_item_create(
		    &call->scope, call->ids[0], given, given_count, &call->problems);
		if (r != OK)
			return r;
	}
	if (!all) {
		reply_items(call, before, before_count, 0, before_count);
		return OK;
	}
	r = campaign_item_list(
	    &call->scope, call->ids[0], call->list, &after, &after_count);
	if (r != OK)
		return r;
	reply_items(call, after, after_count, 0, after_count);
	return OK;
}

enum result
campaign_items_destroy(struct call *call)
{
	enum result r;

	r = campaign_touch(&call->scope, call->ids[0]);
	if (r != OK)
		return r;
	r = campaign_item_delete(&call->scope, call->ids[0], call->list, call->ids[1]);
	if (r != OK)
		return r;
	call->response.status = 204;
	return OK;
}
