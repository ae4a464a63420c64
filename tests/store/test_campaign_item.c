/* SPDX-License-Identifier: Apache-2.0 */
#include "model/campaign_item.h"

#include "tenant.h"

static int64_t
new_campaign(const struct scope *scope)
{
	return tenant_campaign(scope, "{\"name\":\"a\"}").id;
}

static struct campaign_item
item_of(const struct scope *scope, enum campaign_list list, const char *name)
{
	struct campaign_item item;

	campaign_item_init(scope, list, &item);
	item.name = text_of(name);
	resource_set(&campaign_item_resource, &item.row, &item.name);
	return item;
}

static void
add(const struct scope *scope, int64_t campaign_id, enum campaign_list list,
    const char *name)
{
	struct campaign_item item = item_of(scope, list, name);
	struct problems problems;

	problems_init(&problems, scope->arena);
	assert_int_equal(
	    campaign_item_create(scope, campaign_id, &item, 1, &problems), OK);
}

/* "CIO, CTO" */
static const char *
listed(const struct scope *scope, int64_t campaign_id, enum campaign_list list)
{
	struct campaign_item *items;
	text all = TEXT("");
	size_t count;

	assert_int_equal(
	    campaign_item_list(scope, campaign_id, list, &items, &count), OK);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(items[i].list, list);
		assert_int_equal(items[i].campaign_id, campaign_id);
		assert_int_equal(items[i].organization_id, scope->organization_id);
		all = arena_print(scope->arena, "%s%s%.*s", all.at, i > 0 ? ", " : "",
		    (int)items[i].name.length, items[i].name.at);
	}
	return all.at;
}

static void
test_names_are_held_once(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope), second = new_campaign(scope);

	add(scope, campaign, LIST_JOB_TITLES, "CIO");
	add(scope, campaign, LIST_JOB_TITLES, "cio");
	add(scope, campaign, LIST_CARRIERS, "CIO");
	add(scope, campaign, LIST_JOB_TITLES, "CIO");
	add(scope, second, LIST_JOB_TITLES, "CTO");
	add(scope, campaign, LIST_JOB_TITLES, "CEO ");
	add(scope, campaign, LIST_JOB_TITLES, "CEO");
	assert_string_equal(
	    listed(scope, campaign, LIST_JOB_TITLES), "CIO, cio, CEO , CEO");
	assert_string_equal(listed(scope, campaign, LIST_CARRIERS), "CIO");
	assert_string_equal(listed(scope, campaign, LIST_INVENTORIES), "");
	assert_string_equal(listed(scope, second, LIST_JOB_TITLES), "CTO");
}

static void
test_many_at_once(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope);
	struct campaign_item items[] = {
		item_of(scope, LIST_GEO_OPTIMIZATIONS, "US"),
		item_of(scope, LIST_GEO_OPTIMIZATIONS, "DE"),
		item_of(scope, LIST_GEO_OPTIMIZATIONS, "US"),
	};
	struct problems problems;
	struct campaign_item *all;
	size_t count;

	problems_init(&problems, scope->arena);
	assert_int_equal(
	    campaign_item_create(scope, campaign, items, COUNT(items), &problems), OK);
	assert_string_equal(listed(scope, campaign, LIST_GEO_OPTIMIZATIONS), "US, DE");
	add(scope, campaign, LIST_CARRIERS, "T");
	assert_int_equal(campaign_item_all(scope, campaign, &all, &count), OK);
	assert_int_equal(count, 3);
	assert_int_equal(all[0].list, LIST_CARRIERS);
	assert_text(all[1].name, "US");
	assert_int_equal(all[0].created_at.ms, TENANT_NOW.ms);
	assert_int_equal(all[0].updated_at.ms, TENANT_NOW.ms);
	assert_true(resource_is_null(&campaign_item_resource, &all[0].row, &all[0].url));
}

static void
test_a_full_list(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope);
	struct campaign_item *items =
	    NEW_ARRAY(scope->arena, struct campaign_item, CAMPAIGN_ITEMS_MAX);
	struct campaign_item more = item_of(scope, LIST_JOB_TITLES, "one more");
	struct problems problems;

	for (int i = 0; i < CAMPAIGN_ITEMS_MAX; i++)
		items[i] = item_of(
		    scope, LIST_JOB_TITLES, arena_print(scope->arena, "%d", i).at);
	problems_init(&problems, scope->arena);
	assert_int_equal(
	    campaign_item_create(scope, campaign, items, CAMPAIGN_ITEMS_MAX, &problems),
	    OK);
	assert_int_equal(
	    campaign_item_create(scope, campaign, &items[5], 1, &problems), OK);
	add(scope, campaign, LIST_CARRIERS, "another list");
	assert_int_equal(db_savepoint(scope->db), OK);
	assert_int_equal(
	    campaign_item_create(scope, campaign, &more, 1, &problems), INVALID);
	db_rollback(scope->db);
	assert_int_equal(problems.count, 1);
	assert_string_equal(problems.first->attribute, "job_titles");
	assert_text(problems.first->message, "must have at most 1000 entries");
}

static void
test_delete(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	int64_t campaign = new_campaign(scope), second = new_campaign(scope), id;
	struct campaign_item *items;
	size_t count;

	add(scope, campaign, LIST_CARRIERS, "A");
	add(scope, campaign, LIST_CARRIERS, "B");
	assert_int_equal(
	    campaign_item_list(scope, campaign, LIST_CARRIERS, &items, &count), OK);
	id = items[0].id;
	assert_int_equal(
	    campaign_item_delete(scope, campaign, LIST_JOB_TITLES, id), NOT_FOUND);
	assert_int_equal(
	    campaign_item_delete(scope, second, LIST_CARRIERS, id), NOT_FOUND);
	assert_int_equal(
	    campaign_item_delete(&other, campaign, LIST_CARRIERS, id), NOT_FOUND);
	assert_int_equal(campaign_item_delete(scope, campaign, LIST_CARRIERS, id), OK);
	assert_int_equal(
	    campaign_item_delete(scope, campaign, LIST_CARRIERS, id), NOT_FOUND);
	assert_string_equal(listed(scope, campaign, LIST_CARRIERS), "B");
	add(scope, campaign, LIST_CARRIERS, "A");
	assert_string_equal(listed(scope, campaign, LIST_CARRIERS), "B, A");
}

static void
test_check(void **state)
{
	static const struct {
		const char *json;
		enum campaign_list list;
		const char *problem; /* NULL: none */
		unsigned match;
	} cases[] = {
		{ "{\"name\":\"a\"}", LIST_CARRIERS, NULL, 0 },
		{ "{\"name\":\"a\",\"match\":\"exact\"}", LIST_CARRIERS,
		    "match is only for criteria", 0 },
		{ "{\"name\":\"a\",\"url\":\"/x\"}", LIST_SALESFORCE_LISTS,
		    "url is only for criteria", 0 },
		{ "{\"name\":\"a\"}", LIST_CONVERSION_CRITERIA, NULL, 0 },
		{ "{\"name\":\"a\",\"match\":\"prefix\"}", LIST_CONVERSION_CRITERIA,
		    "url is required with match", 0 },
		{ "{\"name\":\"a\",\"url\":\"/x\"}", LIST_CONVERSION_CRITERIA, NULL,
		    MATCH_EXACT },
		{ "{\"name\":\"a\",\"url\":\"/x\",\"match\":\"contains\"}",
		    LIST_PERSONALIZATION_CRITERIA, NULL, MATCH_CONTAINS },
		{ "{\"name\":\"a\",\"url\":\"^/(a|b)$\",\"match\":\"regex\"}",
		    LIST_PERSONALIZATION_CRITERIA, NULL, MATCH_REGEX },
		{ "{\"name\":\"a\",\"url\":\"(\",\"match\":\"regex\"}",
		    LIST_PERSONALIZATION_CRITERIA, "url is not a regular expression", 0 },
		{ "{\"name\":\"a\",\"url\":\"(\",\"match\":\"prefix\"}",
		    LIST_PERSONALIZATION_CRITERIA, NULL, MATCH_PREFIX },
		{ "{\"name\":\"a\",\"match\":\"like\"}", LIST_CONVERSION_CRITERIA,
		    "match must be one of exact, prefix, contains, regex", 0 },
		{ "{\"name\":\"\"}", LIST_CARRIERS, "name must have at least 1 character",
		    0 },
		{ "{\"name\":null}", LIST_CARRIERS, "name must not be null", 0 },
	};
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct campaign_item item;
		struct problems problems;

		print_message(
		    "%s in %s\n", cases[i].json, campaign_list_names[cases[i].list]);
		problems_init(&problems, scope->arena);
		campaign_item_init(scope, cases[i].list, &item);
		tenant_read(
		    scope, &campaign_item_resource, &item.row, cases[i].json, &problems);
		if (problems.count == 0)
			campaign_item_check(&item, &problems);
		assert_int_equal(problems.count, cases[i].problem == NULL ? 0 : 1);
		if (cases[i].problem == NULL)
			assert_int_equal(item.match, cases[i].match);
		else
			assert_text(
			    arena_print(scope->arena, "%s %s", problems.first->attribute,
				problems.first->message.at),
			    cases[i].problem);
	}
}

static void
test_rules_are_stored(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope);
	struct campaign_item item, *items;
	struct problems problems;
	size_t count;

	problems_init(&problems, scope->arena);
	campaign_item_init(scope, LIST_CONVERSION_CRITERIA, &item);
	tenant_read(scope, &campaign_item_resource, &item.row,
	    "{\"name\":\"signed up\",\"url\":\"/welcome\",\"match\":\"prefix\"}",
	    &problems);
	campaign_item_check(&item, &problems);
	assert_int_equal(campaign_item_create(scope, campaign, &item, 1, &problems), OK);
	assert_int_equal(
	    campaign_item_list(scope, campaign, LIST_CONVERSION_CRITERIA, &items, &count),
	    OK);
	assert_int_equal(count, 1);
	assert_int_equal(items[0].match, MATCH_PREFIX);
	assert_text(items[0].url, "/welcome");
}

static void
test_lists(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LISTS; i++) {
		assert_non_null(campaign_list_names[i]);
		assert_int_equal(campaign_list_has_rules(i),
		    strstr(campaign_list_names[i], "_criteria") != NULL);
	}
	assert_null(campaign_list_names[LISTS]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_names_are_held_once),
		TENANT_TEST(test_many_at_once),
		TENANT_TEST(test_a_full_list),
		TENANT_TEST(test_delete),
		TENANT_TEST(test_check),
		TENANT_TEST(test_rules_are_stored),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
