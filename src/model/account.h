/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "model/model.h"

enum { ACCOUNT_TEXTS = 5 };

/* How an account came into a campaign. */
enum account_source {
	SOURCE_USER,
	SOURCE_LIST,
	SOURCE_SALESFORCE,
	SOURCE_API,
};

enum lookup_status {
	LOOKUP_PENDING,
	LOOKUP_FOUND,
	LOOKUP_NOT_FOUND,
	LOOKUP_NO_CREDITS,
	LOOKUP_FAILED,
};

/*
 * An account in one campaign: what the organization knows of the company (account_id,
 * name, domain, postal_code; the same in all its campaigns) and what is of this
 * campaign alone (the rest).
 */
struct account {
	struct row row;
	int64_t id;
	int64_t account_id;
	text name;
	text domain;
	unsigned source;
	instant created_at;
	instant updated_at;
	unsigned user_defined_status; /* STATUS_* of model/status.h */
	bool worthy_of_dsp;
	text worthy_of_dsp_description;
	bool targeting_update_needed;
	instant last_user_paused_at;
	instant setup_third_party_last_ran_at;
	int64_t campaign_id;
	text wpe_text_1;
	text wpe_text_2;
	text wpe_text_3;
	text wpe_text_4;
	text wpe_text_5;
	int64_t ip_addresses_count;
	unsigned kick_fire_lookup_status;
	instant last_kick_fire_looked_up_at;
	text logo_url;
	text postal_code;
};

extern const struct resource account_resource;

/* Fills an account with the defaults. */
void account_init(const struct scope *scope, struct account *out);

/* Brings the domain into its registrable form; adds a problem if it has none. */
void account_check(
    const struct scope *scope, struct account *account, struct problems *problems);

/*
 * Puts a checked account into a campaign that was touched.  When the campaign holds the
 * domain already: CONFLICT, with the existing one's number in account->id, unless it is
 * archived there: then it is restored with what was given, and *out_restored is true.
 */
MUST_USE enum result account_create(const struct scope *scope, int64_t campaign_id,
    struct account *account, bool *out_restored);

/* NOT_FOUND also when it is in another campaign or another organization's. */
MUST_USE enum result account_find(
    const struct scope *scope, int64_t campaign_id, int64_t id, struct account *out);

/*
 * Stores an edit in a campaign that was touched: what differs between `before`, as it
 * was found, and `account`.  CONFLICT, with that one's number in account->id, when the
 * campaign holds the new domain already.
 */
MUST_USE enum result account_edit(
    const struct scope *scope, const struct account *before, struct account *account);

/* At most `limit` accounts of a campaign with ids greater than `after`, ascending. */
MUST_USE enum result account_list(const struct scope *scope, int64_t campaign_id,
    int64_t after, int64_t limit, struct account **out, size_t *out_count);

/* The name of a company that came without one: the domain's first label, capitalised. */
text account_default_name(text domain, char out[static DOMAIN_MAX]);

extern const struct query *const account_queries[];

#endif
