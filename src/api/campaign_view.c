/* SPDX-License-Identifier: Apache-2.0 */
#include "api/campaign_view.h"

enum result
campaign_surroundings_load(const struct scope *scope, struct campaign_surroundings *out)
{
	enum result r;

	r = organization_find(scope, &out->organization);
	if (r != OK)
		return r;
	return organization_active_campaigns(scope, &out->active_ids);
}

/* The organization's active campaigns and this one, ascending. */
static void
print_organization(const struct campaign_view *view, struct json_writer *writer)
{
	int64_t own = view->campaign->id;
	bool written = false;

	json_key(writer, "organization");
	json_object_begin(writer);
	json_key(writer, "id");
	json_int(writer, view->campaign->organization_id);
	json_key(writer, "campaigns");
	json_array_begin(writer);
	for (size_t i = 0; i < view->active_ids->count; i++) {
		int64_t id = view->active_ids->ids[i];

		if (!written && own < id)
			json_int(writer, own);
		written |= own <= id;
		json_int(writer, id);
	}
	if (!written)
		json_int(writer, own);
	json_array_end(writer);
	json_object_end(writer);
}

static void
print_day_partings(const struct campaign_view *view, struct json_writer *writer)
{
	json_key(writer, "day_partings");
	json_array_begin(writer);
	for (size_t i = 0; i < view->day_parting_count; i++) {
		const struct day_parting *range = &view->day_partings[i];

		json_object_begin(writer);
		json_key(writer, "id");
		json_int(writer, range->id);
		json_key(writer, "day");
		json_text(writer, text_of(day_parting_days[range->day]));
		json_key(writer, "from_hour");
		json_int(writer, range->from_hour);
		json_key(writer, "to_hour");
		json_int(writer, range->to_hour);
		json_object_end(writer);
	}
	json_array_end(writer);
}

static void
print_list(const struct campaign_view *view, enum campaign_list list,
    const struct zone *zone, struct json_writer *writer)
{
	json_key(writer, campaign_list_names[list]);
	json_array_begin(writer);
	for (size_t i = 0; i < view->item_count; i++) {
		if (view->items[i].list != list)
			continue;
		json_object_begin(writer);
		resource_write(
		    &campaign_item_resource, &view->items[i].row, zone, writer);
		json_object_end(writer);
	}
	json_array_end(writer);
}

void
campaign_view_print(
    const struct campaign_view *view, const struct zone *zone, struct json_writer *writer)
{
	json_object_begin(writer);
	resource_write(&campaign_resource, &view->campaign->row, zone, writer);
	print_organization(view, writer);
	for (enum campaign_list list = 0; list < LISTS; list++)
		print_list(view, list, zone, writer);
	print_day_partings(view, writer);
	json_object_end(writer);
}

enum result
campaign_view_write(const struct scope *scope, const struct campaign_surroundings *around,
    struct campaign *campaign, struct json_writer *writer)
{
	struct campaign_view view = {
		.campaign = campaign,
		.organization = &around->organization,
		.active_ids = &around->active_ids,
	};
	struct day_parting *ranges;
	struct campaign_item *items;
	enum result r;

	r = day_parting_list(scope, campaign->id, &ranges, &view.day_parting_count);
	if (r != OK)
		return r;
	r = campaign_item_all(scope, campaign->id, &items, &view.item_count);
	if (r != OK)
		return r;
	view.day_partings = ranges;
	view.items = items;
	campaign_judge(scope, &around->organization, campaign);
	campaign_view_print(&view, scope->zone, writer);
	return OK;
}
