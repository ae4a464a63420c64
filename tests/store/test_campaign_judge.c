/* SPDX-License-Identifier: Apache-2.0 */
#include "model/campaign.h"

#include "tenant.h"

#include "model/status.h"

#define URL "\"name\":\"a\",\"destination_url\":\"http://a.com\""

/* Midnights of New York: the beginnings of 2024-05-16 and 2024-05-29 (end of trial). */
static const int64_t midnight = 1715832000000;
static const int64_t trial_end = 1716955200000;

/* What keeps the DSP from spending on a campaign, at a moment; "" when nothing does. */
static const char *
judged(struct tenant *tenant, const char *json, int64_t now)
{
	struct scope scope = tenant->scope;
	struct problems problems;
	struct campaign campaign;

	scope.now.ms = now;
	problems_init(&problems, scope.arena);
	campaign_init(&scope, &campaign);
	tenant_read(&scope, &campaign_resource, &campaign.row, json, &problems);
	assert_int_equal(problems.count, 0);
	campaign_judge(&scope, &tenant->organization, &campaign);
	assert_false(resource_is_null(
	    &campaign_resource, &campaign.row, &campaign.worthy_of_dsp_description));
	assert_int_equal(
	    campaign.worthy_of_dsp, campaign.worthy_of_dsp_description.length == 0);
	return arena_copy(scope.arena, campaign.worthy_of_dsp_description).at;
}

static void
test_reasons(void **state)
{
	static const struct {
		const char *json;
		int64_t now;
		const char *reasons;
	} cases[] = {
		{ "{" URL "}", 0, "" },
		{ "{\"name\":\"a\"}", 0, "No destination Url" },
		{ "{" URL ",\"user_defined_status\":\"paused\"}", 0,
		    "Campaign is paused" },
		{ "{" URL ",\"user_defined_status\":\"archived\"}", 0,
		    "Campaign is archived" },
		{ "{" URL ",\"start_date\":\"2024-05-15\",\"end_date\":\"2024-05-15\"}",
		    0, "" },
		{ "{" URL ",\"start_date\":\"2024-05-16\"}", midnight - 1,
		    "Campaign starts on 2024-05-16" },
		{ "{" URL ",\"start_date\":\"2024-05-16\"}", midnight, "" },
		{ "{" URL ",\"end_date\":\"2024-05-15\"}", midnight - 1, "" },
		{ "{" URL ",\"end_date\":\"2024-05-15\"}", midnight,
		    "Campaign ended on 2024-05-15" },
		{ "{" URL "}", trial_end - 1, "" },
		{ "{" URL "}", trial_end, "Out of credits" },
		{ "{\"user_defined_status\":\"paused\",\"end_date\":\"2024-05-15\"}",
		    trial_end,
		    "No destination Url; Campaign is paused; Campaign ended on "
		    "2024-05-15; Out of credits" },
		{ "{\"user_defined_status\":\"archived\",\"start_date\":\"2024-06-15\"}",
		    trial_end,
		    "No destination Url; Campaign is archived; Campaign starts on "
		    "2024-06-15; Out of credits" },
	};
	struct tenant *tenant = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t now = cases[i].now == 0 ? TENANT_NOW.ms : cases[i].now;

		print_message("%s\n", cases[i].json);
		assert_string_equal(judged(tenant, cases[i].json, now), cases[i].reasons);
	}
}

static void
test_organization(void **state)
{
	struct tenant *tenant = *state;
	struct organization *organization = &tenant->organization;

	organization->user_defined_status = STATUS_PAUSED;
	assert_string_equal(judged(tenant, "{\"name\":\"a\"}", trial_end),
	    "No destination Url; Organization is not active; Out of credits");
	organization->user_defined_status = STATUS_ACTIVE;
	organization->credits.micros = 1;
	assert_string_equal(judged(tenant, "{" URL "}", trial_end), "");
	organization->credits.micros = -1;
	assert_string_equal(judged(tenant, "{" URL "}", trial_end), "Out of credits");
	organization->trial_days = 15;
	assert_string_equal(judged(tenant, "{" URL "}", trial_end), "");
	organization->trial_days = 0;
	assert_string_equal(judged(tenant, "{" URL "}", TENANT_NOW.ms), "Out of credits");
}

/* Dates are those of the organization's zone, wherever the sun stands. */
static void
test_zones(void **state)
{
	static const struct {
		const char *zone;
		int64_t now; /* around 2024-05-16 */
		const char *reasons;
	} cases[] = {
		{ "UTC", 1715817600000 - 1, "" },
		{ "UTC", 1715817600000, "Campaign ended on 2024-05-15" },
		{ "Pacific/Kiritimati", 1715767200000 - 1, "" },
		{ "Pacific/Kiritimati", 1715767200000, "Campaign ended on 2024-05-15" },
		{ "Pacific/Pago_Pago", 1715857200000 - 1, "" },
		{ "Pacific/Pago_Pago", 1715857200000, "Campaign ended on 2024-05-15" },
		{ "Asia/Kolkata", 1715797800000 - 1, "" },
		{ "Asia/Kolkata", 1715797800000, "Campaign ended on 2024-05-15" },
	};
	struct tenant *tenant = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zone *zone;

		print_message("%s\n", cases[i].zone);
		assert_int_equal(zone_open(cases[i].zone, &zone), OK);
		tenant->scope.zone = zone;
		assert_string_equal(
		    judged(tenant, "{" URL ",\"end_date\":\"2024-05-15\"}", cases[i].now),
		    cases[i].reasons);
		zone_close(zone);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_reasons),
		TENANT_TEST(test_organization),
		TENANT_TEST(test_zones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
