/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CAMPAIGN_VIEW_H
#define API_CAMPAIGN_VIEW_H

#include "model/campaign.h"
#include "model/campaign_item.h"
#include "model/day_parting.h"
#include "model/organization.h"
#include "json/json.h"

/* What a campaign's answer shows beside the campaign itself. */
struct campaign_view {
	struct campaign *campaign;
	const struct organization *organization;
	const struct campaign_ids *active_ids; /* of the organization's campaigns */
	const struct day_parting *day_partings;
	size_t day_parting_count;
	const struct campaign_item *items;
	size_t item_count;
};

/* What all campaigns of an organization share. */
struct campaign_surroundings {
	struct organization organization;
	struct campaign_ids active_ids;
};
MUST_USE enum result campaign_surroundings_load(
    const struct scope *scope, struct campaign_surroundings *out);

/* Loads the rest of a campaign, judges it, and writes it as an object. */
MUST_USE enum result campaign_view_write(const struct scope *scope,
    const struct campaign_surroundings *around, struct campaign *campaign,
    struct json_writer *writer);

/* Writes a view that is loaded. */
void campaign_view_print(const struct campaign_view *view, const struct zone *zone,
    struct json_writer *writer);

#endif
