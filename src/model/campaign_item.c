/* SPDX-License-Identifier: Apache-2.0 */
#include "model/campaign_item.h"

#include <glib.h>

#define F(member, kind, ...) FIELD(struct campaign_item, member, kind, __VA_ARGS__)

const char *const campaign_list_names[] = {
	[LIST_JOB_TITLES] = "job_titles",
	[LIST_INVENTORIES] = "inventories",
	[LIST_GEO_OPTIMIZATIONS] = "geo_optimizations",
	[LIST_DEVICE_TYPES] = "device_types",
	[LIST_CARRIERS] = "carriers",
	[LIST_PERSONALIZATION_CRITERIA] = "personalization_criteria",
	[LIST_CONVERSION_CRITERIA] = "conversion_criteria",
	[LIST_SALESFORCE_LISTS] = "salesforce_lists",
	[LISTS] = NULL,
};

static const char *const matches[] = {
	[MATCH_EXACT] = "exact",
	[MATCH_PREFIX] = "prefix",
	[MATCH_CONTAINS] = "contains",
	[MATCH_REGEX] = "regex",
	NULL,
};

static const struct field fields[] = {
	F(id, ID, .flags = FIELD_READ_ONLY, .doc = "Number of the entry."),
	F(list, CHOICE, .choices = campaign_list_names, .flags = FIELD_HIDDEN,
	    .initial = "job_titles"),
	F(name, TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 255,
	    .doc = "Name; a list holds it once.", .example = "CIO"),
	F(campaign_id, ID, .flags = FIELD_ONCE, .doc = "The campaign it belongs to."),
	F(organization_id, ID, .flags = FIELD_HIDDEN | FIELD_ONCE),
	F(match, CHOICE, .choices = matches, .flags = FIELD_NULLABLE,
	    .doc = "Criteria only: how url is compared with a page's URL."),
	F(url, TEXT, .flags = FIELD_NULLABLE, .min = 1, .max = 2048,
	    .doc = "Criteria only: the URL, its part, or a regular expression."),
	F(created_at, INSTANT, .flags = FIELD_ONCE, .doc = "When it was made."),
	F(updated_at, INSTANT, .flags = FIELD_READ_ONLY,
	    .doc = "When it was last changed."),
};

enum { BY_CAMPAIGN, BY_LIST };

static const struct resource_select selects[] = {
	[BY_CAMPAIGN] = { "campaign_item.by_campaign", "i",
	    "WHERE campaign_id = $1 ORDER BY list, id" },
	[BY_LIST] = { "campaign_item.by_list", "it",
	    "WHERE campaign_id = $1 AND list = $2 ORDER BY id" },
};

const struct resource campaign_item_resource = {
	.name = "item",
	.title = "CampaignItem",
	.table = "campaign_items",
	.size = sizeof(struct campaign_item),
	.fields = fields,
	.field_count = COUNT(fields),
	.selects = selects,
	.select_count = COUNT(selects),
};

static const struct query exists = {
	"campaign_item.exists", "itt",
	"SELECT id FROM campaign_items WHERE campaign_id = $1 AND list = $2 AND name = $3"
};

static const struct query how_many = { "campaign_item.how_many", "it",
	"SELECT count(*) FROM campaign_items WHERE campaign_id = $1 AND list = $2" };

static const struct query delete = { "campaign_item.delete", "iiti",
	"DELETE FROM campaign_items"
	" WHERE id = $1 AND campaign_id = $2 AND list = $3 AND organization_id = $4" };

const struct query *const campaign_item_queries[] = { &exists, &how_many, &delete, NULL };

bool
campaign_list_has_rules(enum campaign_list list)
{
	return list == LIST_PERSONALIZATION_CRITERIA || list == LIST_CONVERSION_CRITERIA;
}

void
campaign_item_init(
    const struct scope *scope, enum campaign_list list, struct campaign_item *out)
{
	resource_init(scope->model->item, &out->row);
	out->list = list;
}

static bool
is_null(const struct campaign_item *item, const void *member)
{
	return resource_is_null(&campaign_item_resource, &item->row, member);
}

static bool
is_regex(text pattern)
{
	gchar *copy = g_strndup(pattern.at, pattern.length);
	GRegex *regex = g_regex_new(copy, 0, 0, NULL);
	bool good = regex != NULL;

	if (regex != NULL)
		g_regex_unref(regex);
	g_free(copy);
	return good;
}

void
campaign_item_check(struct campaign_item *item, struct problems *problems)
{
	bool rules = campaign_list_has_rules(item->list);
	bool match = !is_null(item, &item->match), url = !is_null(item, &item->url);

	if (!rules && match)
		problems_add(problems, "match", "is only for criteria");
	if (!rules && url)
		problems_add(problems, "url", "is only for criteria");
	if (rules && match && !url)
		problems_add(problems, "url", "is required with match");
	if (rules && url && !match) {
		item->match = MATCH_EXACT;
		resource_set(&campaign_item_resource, &item->row, &item->match);
	}
	if (rules && match && url && item->match == MATCH_REGEX && !is_regex(item->url))
		problems_add(problems, "url", "is not a regular expression");
}

static enum result
load_all(const struct scope *scope, const struct db_rows *rows,
    struct campaign_item **out, size_t *out_count)
{
	struct campaign_item *items;
	enum result r = OK;

	items = NEW_ARRAY(scope->arena, struct campaign_item, rows->count);
	for (size_t i = 0; i < rows->count && r == OK; i++)
		r = resource_load(scope->model->item, &rows->rows[i], &items[i].row);
	*out = items;
	*out_count = rows->count;
	return r;
}

enum result
campaign_item_all(const struct scope *scope, int64_t campaign_id,
    struct campaign_item **out, size_t *out_count)
{
	struct db_rows rows;
	enum result r;

	r = db_all(scope->db, scope->arena, &scope->model->item->selects[BY_CAMPAIGN],
	    ARGS(db_int(campaign_id)), &rows);
	if (r != OK)
		return r;
	return load_all(scope, &rows, out, out_count);
}

enum result
campaign_item_list(const struct scope *scope, int64_t campaign_id,
    enum campaign_list list, struct campaign_item **out, size_t *out_count)
{
	struct db_rows rows;
	enum result r;

	r = db_all(scope->db, scope->arena, &scope->model->item->selects[BY_LIST],
	    ARGS(db_int(campaign_id), db_text(text_of(campaign_list_names[list]))),
	    &rows);
	if (r != OK)
		return r;
	return load_all(scope, &rows, out, out_count);
}

static enum result
create_one(const struct scope *scope, int64_t campaign_id, struct campaign_item *item,
    bool *out_added)
{
	const struct resource *resource = &campaign_item_resource;
	struct db_row row;
	enum result r;

	*out_added = false;
	r = db_one(scope->db, scope->arena, &exists,
	    ARGS(db_int(campaign_id), db_text(text_of(campaign_list_names[item->list])),
		db_text(item->name)),
	    &row);
	if (r != NOT_FOUND)
		return r;
	item->campaign_id = campaign_id;
	item->organization_id = scope->organization_id;
	item->created_at = item->updated_at = scope->now;
	resource_set(resource, &item->row, &item->campaign_id);
	resource_set(resource, &item->row, &item->organization_id);
	resource_set(resource, &item->row, &item->created_at);
	resource_set(resource, &item->row, &item->updated_at);
	*out_added = true;
	return resource_insert(scope->model->item, scope->db, scope->arena, &item->row);
}

enum result
campaign_item_create(const struct scope *scope, int64_t campaign_id,
    struct campaign_item *items, size_t count, struct problems *problems)
{
	text list = text_of(campaign_list_names[items[0].list]);
	struct db_row row;
	int64_t total;
	enum result r;

	r = db_one(scope->db, scope->arena, &how_many,
	    ARGS(db_int(campaign_id), db_text(list)), &row);
	if (r != OK)
		return r;
	total = db_row_int(&row, 0);
	for (size_t i = 0; i < count && r == OK; i++) {
		bool added;

		r = create_one(scope, campaign_id, &items[i], &added);
		total += added;
	}
	if (r == OK && total > CAMPAIGN_ITEMS_MAX) {
		problems_add(problems, list.at, "must have at most %d entries",
		    CAMPAIGN_ITEMS_MAX);
		return INVALID;
	}
	return r;
}

enum result
campaign_item_delete(
    const struct scope *scope, int64_t campaign_id, enum campaign_list list, int64_t id)
{
	enum result r;

	r = db_run(scope->db, &delete,
	    ARGS(db_int(id), db_int(campaign_id),
		db_text(text_of(campaign_list_names[list])),
		db_int(scope->organization_id)));
	if (r != OK)
		return r;
	return db_changes(scope->db) == 1 ? OK : NOT_FOUND;
}
