/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_CAMPAIGN_ITEM_H
#define MODEL_CAMPAIGN_ITEM_H

#include "model/model.h"

/*
 * The lists inside a campaign.  An entry has a name, which the list holds once; one of
 * the two lists of criteria also has a rule for page URLs.
 */
enum campaign_list {
	LIST_JOB_TITLES,
	LIST_INVENTORIES,
	LIST_GEO_OPTIMIZATIONS,
	LIST_DEVICE_TYPES,
	LIST_CARRIERS,
	LIST_PERSONALIZATION_CRITERIA,
	LIST_CONVERSION_CRITERIA,
	LIST_SALESFORCE_LISTS,
	LISTS,
};

enum { CAMPAIGN_ITEMS_MAX = 1000 }; /* entries of one list */

/* "job_titles" ..., ended by NULL. */
extern const char *const campaign_list_names[];

/* How a criterion's url is compared with a page's. */
enum match {
	MATCH_EXACT,
	MATCH_PREFIX,
	MATCH_CONTAINS,
	MATCH_REGEX,
};

struct campaign_item {
	struct row row;
	int64_t id;
	unsigned list;
	text name;
	int64_t campaign_id;
	int64_t organization_id;
	unsigned match;
	text url;
	instant created_at;
	instant updated_at;
};

extern const struct resource campaign_item_resource;

/* Whether the entries of a list are criteria: have match and url. */
bool campaign_list_has_rules(enum campaign_list list);

/* Fills an entry with the defaults. */
void campaign_item_init(
    const struct scope *scope, enum campaign_list list, struct campaign_item *out);

/* Checks the rules between fields. */
void campaign_item_check(struct campaign_item *item, struct problems *problems);

/* The entries of all lists of a campaign, by list (not in the order of the enum) and id.
 */
MUST_USE enum result campaign_item_all(const struct scope *scope, int64_t campaign_id,
    struct campaign_item **out, size_t *out_count);

/* The entries of one list, by id. */
MUST_USE enum result campaign_item_list(const struct scope *scope, int64_t campaign_id,
    enum campaign_list list, struct campaign_item **out, size_t *out_count);

/*
 * Adds entries; a name that the list has already is left as it is.  INVALID, with a
 * problem, when the list would grow over CAMPAIGN_ITEMS_MAX.
 */
MUST_USE enum result campaign_item_create(const struct scope *scope, int64_t campaign_id,
    struct campaign_item *items, size_t count, struct problems *problems);

/* NOT_FOUND when that list of that campaign has no such entry. */
MUST_USE enum result campaign_item_delete(
    const struct scope *scope, int64_t campaign_id, enum campaign_list list, int64_t id);

extern const struct query *const campaign_item_queries[];

#endif
