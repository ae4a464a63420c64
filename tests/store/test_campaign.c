/* SPDX-License-Identifier: Apache-2.0 */
#include "model/campaign.h"

#include "tenant.h"

#include "model/status.h"

static bool
is_null(const struct campaign *campaign, const void *member)
{
	return resource_is_null(&campaign_resource, &campaign->row, member);
}

/* Edits a stored campaign as a PUT does. */
static void
edit(const struct scope *scope, int64_t id, const char *json)
{
	struct campaign before, after;
	struct problems problems;

	problems_init(&problems, scope->arena);
	assert_int_equal(campaign_touch(scope, id), OK);
	assert_int_equal(campaign_find(scope, id, &before), OK);
	after = before;
	tenant_read(scope, &campaign_resource, &after.row, json, &problems);
	campaign_check(scope, &after, &problems);
	assert_int_equal(problems_result(&problems), OK);
	assert_int_equal(campaign_edit(scope, &before, &after, false), OK);
}

static struct campaign_versions
versions_of(const struct scope *scope, int64_t id)
{
	struct campaign_versions versions;

	assert_int_equal(campaign_versions(scope, id, &versions), OK);
	return versions;
}

static void
test_defaults(void **state)
{
	struct tenant *tenant = *state;
	struct campaign campaign =
	    tenant_campaign(&tenant->scope, "{\"name\":\"My Awesome Campaign\"}");

	assert_text(campaign.name, "My Awesome Campaign");
	assert_int_equal(campaign.organization_id, tenant->scope.organization_id);
	assert_int_equal(campaign.user_defined_status, STATUS_ACTIVE);
	assert_int_equal(campaign.daily_budget.micros, DOLLARS(15));
	assert_int_equal(campaign.bw_lifetime_budget.micros, DOLLARS(10000));
	assert_int_equal(campaign.user_defined_cpm.micros, DOLLARS(25));
	assert_int_equal(campaign.ecpc_target.micros, 20000);
	assert_int_equal(campaign.max_bid.micros, 20000);
	assert_int_equal(campaign.frequency_cap_impressions, 20);
	assert_int_equal(campaign.frequency_cap_duration, 3600);
	assert_int_equal(campaign.targeting_strategy.given, 7);
	assert_int_equal(campaign.targeting_strategy.value, 7);
	assert_int_equal(campaign.turned_on_accounts_count, 0);
	assert_int_equal(campaign.version, 1);
	assert_true(is_null(&campaign, &campaign.accounts_count));
	assert_true(is_null(&campaign, &campaign.archived_at));
	assert_true(is_null(&campaign, &campaign.last_user_stopped_at));
	assert_true(is_null(&campaign, &campaign.start_date));
	assert_true(is_null(&campaign, &campaign.destination_url));
	assert_int_equal(campaign.created_at.ms, TENANT_NOW.ms);
}

static void
test_check(void **state)
{
	static const struct {
		const char *json;
		const char *problem; /* NULL: none */
		const char *url;
	} cases[] = {
		{ "{\"destination_url\":\"listenloop.com\"}", NULL,
		    "http://listenloop.com" },
		{ "{\"destination_url\":null}", NULL, NULL },
		{ "{\"destination_url\":\"javascript:alert(1)\"}", "destination_url",
		    NULL },
		{ "{\"start_date\":\"2030-01-02\",\"end_date\":\"2030-01-02\"}", NULL,
		    NULL },
		{ "{\"start_date\":\"2030-01-02\",\"end_date\":\"2030-01-01\"}",
		    "end_date", NULL },
		{ "{\"start_date\":\"2030-01-02\"}", NULL, NULL },
		{ "{\"end_date\":\"2001-01-02\"}", NULL, NULL },
	};
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct campaign campaign;
		struct problems problems;

		print_message("%s\n", cases[i].json);
		problems_init(&problems, scope->arena);
		campaign_init(scope, &campaign);
		tenant_read(
		    scope, &campaign_resource, &campaign.row, cases[i].json, &problems);
		campaign_check(scope, &campaign, &problems);
		assert_int_equal(problems.count, cases[i].problem == NULL ? 0 : 1);
		if (cases[i].problem != NULL)
			assert_string_equal(problems.first->attribute, cases[i].problem);
		else
			assert_text(campaign.destination_url, cases[i].url);
	}
}

static void
test_statuses(void **state)
{
	static const struct {
		const char *json;
		int64_t stopped; /* seconds from the start; -1: null */
		int64_t archived;
		bool switched; /* what the organization shows of it changed */
	} steps[] = {
		{ "{\"name\":\"b\"}", -1, -1, false },
		{ "{\"user_defined_status\":\"active\"}", -1, -1, false },
		{ "{\"user_defined_status\":\"paused\"}", 3, -1, true },
		{ "{\"user_defined_status\":\"archived\"}", 3, 4, true },
		{ "{\"user_defined_status\":\"archived\"}", 3, 4, false },
		{ "{\"user_defined_status\":\"active\"}", 3, -1, true },
		{ "{\"user_defined_status\":\"archived\"}", 7, 7, true },
		{ "{\"user_defined_status\":\"paused\"}", 7, -1, true },
	};
	struct tenant *tenant = *state;
	struct scope scope = tenant->scope;
	int64_t id = tenant_campaign(&scope, "{\"name\":\"a\"}").id;

	for (size_t i = 0; i < COUNT(steps); i++) {
		struct campaign_versions before = versions_of(&scope, id), after;
		struct campaign c;

		print_message("%zu: %s\n", i, steps[i].json);
		scope.now.ms += 1000;
		edit(&scope, id, steps[i].json);
		assert_int_equal(campaign_find(&scope, id, &c), OK);
		assert_int_equal(
		    is_null(&c, &c.last_user_stopped_at), steps[i].stopped < 0);
		assert_int_equal(is_null(&c, &c.archived_at), steps[i].archived < 0);
		if (steps[i].stopped >= 0)
			assert_int_equal(c.last_user_stopped_at.ms,
			    TENANT_NOW.ms + 1000 * steps[i].stopped);
		if (steps[i].archived >= 0)
			assert_int_equal(
			    c.archived_at.ms, TENANT_NOW.ms + 1000 * steps[i].archived);
		after = versions_of(&scope, id);
		assert_int_equal(after.campaign, before.campaign + 1);
		assert_int_equal(
		    after.organization, before.organization + steps[i].switched);
	}
}

/* updated_at moves with each change, even within a millisecond, and only then. */
static void
test_moment_of_an_edit(void **state)
{
	struct tenant *tenant = *state;
	struct scope scope = tenant->scope;
	struct campaign c = tenant_campaign(&scope, "{\"name\":\"a\"}"), before;

	edit(&scope, c.id, "{\"name\":\"b\"}");
	assert_int_equal(campaign_find(&scope, c.id, &c), OK);
	assert_int_equal(c.updated_at.ms, TENANT_NOW.ms + 1);
	edit(&scope, c.id, "{\"name\":\"c\"}");
	assert_int_equal(campaign_find(&scope, c.id, &c), OK);
	assert_int_equal(c.updated_at.ms, TENANT_NOW.ms + 2);
	scope.now.ms += 5000;
	edit(&scope, c.id, "{\"name\":\"c\",\"pacing\":\"daily\",\"end_date\":null}");
	assert_int_equal(campaign_find(&scope, c.id, &c), OK);
	assert_int_equal(c.updated_at.ms, TENANT_NOW.ms + 2);
	before = c;
	assert_int_equal(campaign_edit(&scope, &before, &c, true), OK);
	assert_int_equal(campaign_find(&scope, c.id, &c), OK);
	assert_int_equal(c.updated_at.ms, TENANT_NOW.ms + 5000);
	assert_int_equal(c.created_at.ms, TENANT_NOW.ms);
}

static void
test_flags_are_merged(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	struct campaign c =
	    tenant_campaign(scope, "{\"name\":\"a\",\"targeting_strategy\":{\"ip_"
				   "addresses\":true,\"geo\":false}}");

	assert_int_equal(c.targeting_strategy.given, 15);
	assert_int_equal(c.targeting_strategy.value, 14);
	edit(scope, c.id, "{\"targeting_strategy\":{\"job_titles\":false}}");
	assert_int_equal(campaign_find(scope, c.id, &c), OK);
	assert_int_equal(c.targeting_strategy.given, 15);
	assert_int_equal(c.targeting_strategy.value, 10);
}

static void
test_counters(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	struct campaign c = tenant_campaign(scope, "{\"name\":\"a\"}");
	int64_t other = tenant_campaign(scope, "{\"name\":\"b\"}").id;

	assert_int_equal(
	    campaign_count(scope, c.id, (struct campaign_counts){ 3, 2, 1 }), OK);
	edit(scope, c.id, "{\"name\":\"still counted\"}");
	assert_int_equal(
	    campaign_count(scope, c.id, (struct campaign_counts){ -1, -2, 1 }), OK);
	assert_int_equal(campaign_find(scope, c.id, &c), OK);
	assert_int_equal(c.accounts_count, 2);
	assert_int_equal(c.turned_on_accounts_count, 0);
	assert_int_equal(c.archived_accounts_count, 2);
	assert_int_equal(campaign_find(scope, other, &c), OK);
	assert_true(is_null(&c, &c.accounts_count));
}

static void
test_somebody_elses(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	int64_t id = tenant_campaign(scope, "{\"name\":\"a\"}").id;
	struct campaign_versions versions = versions_of(scope, id);
	struct campaign campaign;

	assert_int_equal(campaign_find(&other, id, &campaign), NOT_FOUND);
	assert_int_equal(campaign_touch(&other, id), NOT_FOUND);
	assert_int_equal(campaign_versions(&other, id, &versions), NOT_FOUND);
	assert_int_equal(campaign_touch(scope, id + 1), NOT_FOUND);
	assert_int_equal(versions_of(scope, id).campaign, 1);
}

static void
test_pages(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	struct campaign *campaigns;
	int64_t ids[3];
	size_t count;

	for (size_t i = 0; i < COUNT(ids); i++) {
		ids[i] = tenant_campaign(scope, "{\"name\":\"a\"}").id;
		tenant_campaign(&other, "{\"name\":\"b\"}");
	}
	assert_int_equal(campaign_list(scope, 0, 100, &campaigns, &count), OK);
	assert_int_equal(count, 3);
	assert_int_equal(campaign_list(scope, 0, 2, &campaigns, &count), OK);
	assert_int_equal(count, 2);
	assert_int_equal(campaigns[0].id, ids[0]);
	assert_int_equal(campaigns[1].id, ids[1]);
	assert_int_equal(campaign_list(scope, ids[1], 2, &campaigns, &count), OK);
	assert_int_equal(count, 1);
	assert_int_equal(campaigns[0].id, ids[2]);
	assert_int_equal(campaign_list(scope, INT64_MAX, 2, &campaigns, &count), OK);
	assert_int_equal(count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_defaults),
		TENANT_TEST(test_check),
		TENANT_TEST(test_statuses),
		TENANT_TEST(test_moment_of_an_edit),
		TENANT_TEST(test_flags_are_merged),
		TENANT_TEST(test_counters),
		TENANT_TEST(test_somebody_elses),
		TENANT_TEST(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
