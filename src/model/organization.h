/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_ORGANIZATION_H
#define MODEL_ORGANIZATION_H

#include "model/model.h"

/* A tenant: who advertises and pays. */
struct organization {
	struct row row;
	int64_t id;
	unsigned user_defined_status; /* STATUS_* of model/status.h */
	instant last_paused_at;
	bool worthy_of_dsp;
	text worthy_of_dsp_description;
	money credits;
	bool charge_software_fee;
	instant last_started_processing_at;
	instant last_successfully_processed_at;
	int64_t campaigns_count;
	int64_t team_members_count;
	text payment_method;
	bool auto_refill;
	instant created_at;
	instant updated_at;
	instant last_archived_at;
	text public_key;
	int64_t ip_lookup_credits_allotted;
	int64_t ip_lookup_credits_used;
	bool update_bw_blocked_domain_list;
	int64_t trial_days;
	instant next_charge_date;
	instant last_charged_at_date;
	money fee_per_account;
	bool ctc_enabled;
	bool loop_js_added;
	int64_t page_views_a_minute;
	money min_charge_amount;
	text creator_email;
	text logo_url;
	text name;
	text domain;
	text time_zone;
	int64_t version;
};

extern const struct resource organization_resource;

/* Makes an organization.  INVALID (with a log line) for an unknown time zone. */
MUST_USE enum result organization_create(struct scope *scope, text creator_email,
    text name, text time_zone, struct organization *out);

/* The scope's own organization, with its computed fields. */
MUST_USE enum result organization_find(
    const struct scope *scope, struct organization *out);

/* Whether the trial is over, at the scope's time. */
bool organization_trial_over(
    const struct scope *scope, const struct organization *organization);

/* Ids of an organization's campaigns, ascending. */
struct campaign_ids {
	const int64_t *ids;
	size_t count;
};

/* Of all its campaigns. */
MUST_USE enum result organization_campaigns(
    const struct scope *scope, struct campaign_ids *out);

/* Of those that are active. */
MUST_USE enum result organization_active_campaigns(
    const struct scope *scope, struct campaign_ids *out);

/* Every organization there is: id, name, creator's e-mail, campaigns_count. */
MUST_USE enum result organization_list(
    struct db *db, struct arena *arena, struct db_rows *out);

extern const struct query *const organization_queries[];

#endif
