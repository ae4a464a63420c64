/* SPDX-License-Identifier: Apache-2.0 */
#include "model/organization.h"

#include "tenant.h"

#include "model/status.h"

#define ORGANIZATION(member)                                                             \
	(&organization_resource), &organization.row, (&organization.member)

static void
test_defaults(void **state)
{
	struct tenant *tenant = *state;
	struct organization organization;

	assert_int_equal(organization_find(&tenant->scope, &organization), OK);
	assert_int_equal(organization.id, tenant->scope.organization_id);
	assert_int_equal(organization.user_defined_status, STATUS_ACTIVE);
	assert_int_equal(organization.created_at.ms, TENANT_NOW.ms);
	assert_int_equal(organization.updated_at.ms, TENANT_NOW.ms);
	assert_int_equal(organization.trial_days, 14);
	assert_int_equal(organization.credits.micros, 0);
	assert_int_equal(organization.public_key.length, SECRET_PUBLIC_LENGTH);
	assert_int_equal(organization.version, 1);
	assert_text(organization.name, "Example");
	assert_text(organization.creator_email, "owner@example.com");
	assert_text(organization.time_zone, "America/New_York");
	assert_true(resource_is_null(ORGANIZATION(campaigns_count)));
	assert_true(resource_is_null(ORGANIZATION(team_members_count)));
	assert_true(resource_is_null(ORGANIZATION(last_archived_at)));
	assert_true(resource_is_null(ORGANIZATION(domain)));
	assert_false(resource_is_null(ORGANIZATION(next_charge_date)));
}

static void
test_worth(void **state)
{
	static const struct query charge = { "test.charge", "ii",
		"UPDATE organizations SET credits = $1 WHERE id = $2" };
	static const struct {
		int64_t credits;
		bool worthy;
	} cases[] = { { -1, false }, { 0, false }, { 1, true }, { DOLLARS(500), true } };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	struct organization organization;

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(
		    db_run(scope->db, &charge,
			ARGS(db_int(cases[i].credits), db_int(scope->organization_id))),
		    OK);
		assert_int_equal(organization_find(scope, &organization), OK);
		assert_int_equal(organization.credits.micros, cases[i].credits);
		assert_int_equal(organization.worthy_of_dsp, cases[i].worthy);
	}
}

static void
test_a_zone_of_its_own(void **state)
{
	static const struct {
		const char *zone;
		enum result r;
	} cases[] = {
		{ "Asia/Kolkata", OK },
		{ "UTC", OK },
		{ "Mars/Phobos", INVALID },
		{ "../../etc/passwd", INVALID },
		{ "", INVALID },
	};
	struct tenant *tenant = *state;
	struct organization organization;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scope scope = tenant->scope;

		assert_int_equal(
		    organization_create(&scope, TEXT("a@b"), (text){ NULL, 0 },
			text_of(cases[i].zone), &organization),
		    cases[i].r);
		if (cases[i].r != OK)
			continue;
		assert_int_equal(organization_find(&scope, &organization), OK);
		assert_text(organization.time_zone, cases[i].zone);
		assert_true(resource_is_null(ORGANIZATION(name)));
	}
}

/* The trial ends at a midnight of the organization's zone, whatever its clocks do. */
static void
test_the_end_of_the_trial(void **state)
{
	/* In New York clocks went forward on 2024-03-10 and back on 2024-11-03. */
	static const struct {
		const char *name;
		int64_t created;
		int64_t end;
	} cases[] = {
		{ "noon of 2024-05-15", 1715788800000, 1716955200000 },
		{ "last moment of 2024-05-15", 1715831999999, 1716955200000 },
		{ "first moment of 2024-05-16", 1715832000000, 1717041600000 },
		{ "over the spring", 1709269200000, 1710475200000 },
		{ "over the autumn", 1729828800000, 1731042000000 },
	};
	struct tenant *tenant = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scope scope = tenant->scope;
		struct organization organization;

		print_message("%s\n", cases[i].name);
		scope.now.ms = cases[i].created;
		assert_int_equal(organization_create(&scope, TEXT("a@b"), TEXT("A"),
				     (text){ NULL, 0 }, &organization),
		    OK);
		assert_int_equal(organization_find(&scope, &organization), OK);
		assert_int_equal(organization.next_charge_date.ms, cases[i].end);
		assert_false(organization_trial_over(&scope, &organization));
		scope.now.ms = cases[i].end - 1;
		assert_false(organization_trial_over(&scope, &organization));
		scope.now.ms = cases[i].end;
		assert_true(organization_trial_over(&scope, &organization));
	}
}

static void
test_its_campaigns(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	struct organization organization;
	struct campaign_ids ids;
	int64_t first, second;

	assert_int_equal(organization_campaigns(scope, &ids), OK);
	assert_int_equal(ids.count, 0);
	first = tenant_campaign(scope, "{\"name\":\"a\"}").id;
	tenant_campaign(&other, "{\"name\":\"b\"}");
	second =
	    tenant_campaign(scope, "{\"name\":\"c\",\"user_defined_status\":\"paused\"}")
		.id;
	assert_int_equal(organization_campaigns(scope, &ids), OK);
	assert_int_equal(ids.count, 2);
	assert_int_equal(ids.ids[0], first);
	assert_int_equal(ids.ids[1], second);
	assert_int_equal(organization_active_campaigns(scope, &ids), OK);
	assert_int_equal(ids.count, 1);
	assert_int_equal(ids.ids[0], first);
	assert_int_equal(organization_find(scope, &organization), OK);
	assert_int_equal(organization.campaigns_count, 2);
	assert_int_equal(organization.version, 3);
	assert_int_equal(organization_find(&other, &organization), OK);
	assert_int_equal(organization.campaigns_count, 1);
}

static void
test_everybody(void **state)
{
	struct tenant *tenant = *state;
	struct scope other = tenant_other(tenant);
	struct db_rows rows;

	tenant_campaign(&other, "{\"name\":\"a\"}");
	assert_int_equal(organization_list(other.db, other.arena, &rows), OK);
	assert_int_equal(rows.count, 2);
	assert_int_equal(db_row_int(&rows.rows[0], 0), tenant->scope.organization_id);
	assert_text(db_row_text(&rows.rows[0], 1), "Example");
	assert_true(db_row_is_null(&rows.rows[0], 3));
	assert_int_equal(db_row_int(&rows.rows[1], 0), other.organization_id);
	assert_true(db_row_is_null(&rows.rows[1], 1));
	assert_text(db_row_text(&rows.rows[1], 2), "other@example.com");
	assert_int_equal(db_row_int(&rows.rows[1], 3), 1);
}

static void
test_one_that_is_not_there(void **state)
{
	struct tenant *tenant = *state;
	struct organization organization;
	struct scope scope = tenant->scope;

	scope.organization_id = 999;
	assert_int_equal(organization_find(&scope, &organization), NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_defaults),
		TENANT_TEST(test_worth),
		TENANT_TEST(test_a_zone_of_its_own),
		TENANT_TEST(test_the_end_of_the_trial),
		TENANT_TEST(test_its_campaigns),
		TENANT_TEST(test_everybody),
		TENANT_TEST(test_one_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
