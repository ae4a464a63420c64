/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_CAMPAIGN_H
#define MODEL_CAMPAIGN_H

#include "model/model.h"

struct organization;

/* What is advertised, when, on what budget, to which accounts. */
struct campaign {
	struct row row;
	int64_t id;
	text name;
	int64_t organization_id;
	unsigned user_defined_status; /* STATUS_* of model/status.h */
	instant archived_at;
	bool worthy_of_dsp;
	text worthy_of_dsp_description;
	text destination_url;
	int64_t accounts_count;
	int64_t accounts_with_impression_count;
	instant last_user_stopped_at;
	date start_date;
	date end_date;
	money daily_budget;
	money bw_lifetime_budget;
	int64_t user_defined_aggressiveness;
	money user_defined_cpm;
	instant created_at;
	instant updated_at;
	int64_t frequency_cap_impressions;
	int64_t frequency_cap_duration;
	text billing_type;
	bool worthy_of_wpe;
	text worthy_of_wpe_description;
	text wizard_type;
	bool ctc_enabled;
	struct flags targeting_strategy;
	unsigned bidding_strategy;
	unsigned pacing;
	money ecpc_target;
	money max_bid;
	int64_t clicks_count;
	int64_t impressions_count;
	int64_t turned_on_accounts_count;
	text ctr;
	int64_t page_views_count;
	int64_t personalization_c_page_views_count;
	int64_t conversion_c_page_views_count;
	text conversion_rate;
	int64_t targetable_accounts_count;
	int64_t archived_accounts_count;
	int64_t version;
};

extern const struct resource campaign_resource;

/* Fills a campaign with the defaults. */
void campaign_init(const struct scope *scope, struct campaign *out);

/*
 * Brings what a user gave into its stored form, and checks the rules between fields.
 */
void campaign_check(
    const struct scope *scope, struct campaign *campaign, struct problems *problems);

/* Stores a new campaign with its seven day-partings. */
MUST_USE enum result campaign_create(
    const struct scope *scope, struct campaign *campaign);

/* NOT_FOUND also when it is another organization's. */
MUST_USE enum result campaign_find(
    const struct scope *scope, int64_t id, struct campaign *out);

/*
 * Marks a campaign as changed, which also keeps others from changing it until the
 * transaction ends.  The first step of every change.  NOT_FOUND as campaign_find.
 */
MUST_USE enum result campaign_touch(const struct scope *scope, int64_t id);

/*
 * Stores an edit: what differs between `before`, as it was found, and `campaign`.
 * Moves the fields that follow from it.  `more` says that something beside the
 * campaign's own fields changed with it.
 */
MUST_USE enum result campaign_edit(const struct scope *scope,
    const struct campaign *before, struct campaign *campaign, bool more);

/*
 * What the answer of a campaign depends on beside the time: changes with every change
 * to it.  NOT_FOUND as campaign_find.  A fraction of the cost of campaign_find.
 */
struct campaign_versions {
	int64_t campaign;
	int64_t organization;
};
MUST_USE enum result campaign_versions(
    const struct scope *scope, int64_t id, struct campaign_versions *out);

/* At most `limit` campaigns with ids greater than `after`, ascending. */
MUST_USE enum result campaign_list(const struct scope *scope, int64_t after,
    int64_t limit, struct campaign **out, size_t *out_count);

/* May the DSP spend on it now?  Fills worthy_of_dsp and its description. */
void campaign_judge(const struct scope *scope, const struct organization *organization,
    struct campaign *campaign);

/* Moves the kept counts of a campaign's accounts. */
struct campaign_counts {
	int64_t accounts; /* not archived */
	int64_t turned_on;
	int64_t archived;
};
MUST_USE enum result campaign_count(
    const struct scope *scope, int64_t id, struct campaign_counts change);

extern const struct query *const campaign_queries[];

#endif
