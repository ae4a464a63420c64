/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STORE_TENANT_H
#define TESTS_STORE_TENANT_H

#include "store.h"

#include "db/migrate.h"
#include "model/account.h"
#include "model/campaign.h"
#include "model/model.h"
#include "model/organization.h"
#include "json/json.h"

#define HOURS(n) ((int64_t)(n)*3600 * 1000)
#define DAYS(n)  HOURS(24 * (int64_t)(n))

/* 2024-05-15T12:00:00Z, in New York 08:00. */
#define TENANT_NOW ((instant){ 1715774400000 })

/*
 * A store with the newest schema and one organization, on whose behalf a test does things
 * in a write transaction that is open from the start.
 */
struct tenant {
	struct store *store;
	struct model *model;
	struct zone *zone;
	struct organization organization;
	struct scope scope;
};

/* Another organization in the same store and transaction. */
static inline struct scope
tenant_other(const struct tenant *tenant)
{
	struct scope scope = tenant->scope;
	struct organization organization;

	assert_int_equal(organization_create(&scope, TEXT("other@example.com"),
			     (text){ NULL, 0 }, (text){ NULL, 0 }, &organization),
	    OK);
	return scope;
}

/* A cmocka set-up: *state is a struct tenant. */
static inline int
tenant_open(void **state)
{
	struct tenant *tenant = calloc(1, sizeof(*tenant));
	struct store *store;

	assert_non_null(tenant);
	store_open((void **)&tenant->store);
	store = tenant->store;
	assert_int_equal(secret_start(), OK);
	assert_int_equal(migrate(store->writer, migrations, migrations_count), OK);
	assert_int_equal(model_open(store->directory, NULL, &tenant->model), OK);
	assert_int_equal(zone_open("America/New_York", &tenant->zone), OK);
	tenant->scope = (struct scope){
		.model = tenant->model,
		.db = store->writer,
		.arena = &store->arena,
		.zone = tenant->zone,
		.now = TENANT_NOW,
	};
	assert_int_equal(db_begin(store->writer), OK);
	assert_int_equal(organization_create(&tenant->scope, TEXT("owner@example.com"),
			     TEXT("Example"), (text){ NULL, 0 }, &tenant->organization),
	    OK);
	*state = tenant;
	return 0;
}

static inline int
tenant_close(void **state)
{
	struct tenant *tenant = *state;
	void *store = tenant->store;
	char path[320];

	db_end(tenant->store->writer);
	snprintf(path, sizeof(path), "%s/secret.key", tenant->store->directory);
	assert_int_equal(unlink(path), 0);
	zone_close(tenant->zone);
	model_close(tenant->model);
	free(tenant);
	return store_close(&store);
}

/* What was done so far is on disk, and a new transaction is open. */
static inline void
tenant_commit(const struct tenant *tenant)
{
	assert_int_equal(db_commit(tenant->store->writer), OK);
	assert_int_equal(db_begin(tenant->store->writer), OK);
}

/* Reads a JSON object into a row, as a request does. */
static inline void
tenant_read(const struct scope *scope, const struct resource *resource, struct row *row,
    const char *source, struct problems *problems)
{
	struct ignored_keys ignored = { 0 };
	const struct json *object;
	struct json_error error;

	assert_int_equal(json_parse(scope->arena, text_of(source), &object, &error), OK);
	resource_read(resource, object, row, problems, &ignored);
}

/* A campaign of these attributes: "{\"name\":\"a\"}". */
static inline struct campaign
tenant_campaign(const struct scope *scope, const char *source)
{
	struct campaign campaign;
	struct problems problems;

	problems_init(&problems, scope->arena);
	campaign_init(scope, &campaign);
	tenant_read(scope, &campaign_resource, &campaign.row, source, &problems);
	campaign_check(scope, &campaign, &problems);
	assert_int_equal(problems_result(&problems), OK);
	assert_int_equal(campaign_create(scope, &campaign), OK);
	assert_int_equal(campaign_find(scope, campaign.id, &campaign), OK);
	return campaign;
}

/* An account of these attributes that is not stored yet. */
static inline struct account
tenant_account(const struct scope *scope, const char *source)
{
	struct account account;
	struct problems problems;

	problems_init(&problems, scope->arena);
	account_init(scope, &account);
	tenant_read(scope, &account_resource, &account.row, source, &problems);
	account_check(scope, &account, &problems);
	assert_int_equal(problems_result(&problems), OK);
	return account;
}

/* The account of these attributes, new in a campaign. */
static inline struct account
tenant_add_account(const struct scope *scope, int64_t campaign_id, const char *source)
{
	struct account account = tenant_account(scope, source);
	bool restored;

	assert_int_equal(account_create(scope, campaign_id, &account, &restored), OK);
	assert_int_equal(account_find(scope, campaign_id, account.id, &account), OK);
	return account;
}

/* The kept counts of a campaign's accounts are what counting them gives. */
static inline void
tenant_assert_counts(const struct scope *scope, int64_t campaign_id)
{
	static const struct query counted = { "test.counted", "i",
		"SELECT coalesce(sum(user_defined_status <> 'archived'), 0),"
		" coalesce(sum(user_defined_status = 'active'), 0),"
		" coalesce(sum(user_defined_status = 'archived'), 0)"
		" FROM campaign_accounts WHERE campaign_id = $1" };
	struct campaign campaign;
	struct db_row row;

	assert_int_equal(campaign_find(scope, campaign_id, &campaign), OK);
	assert_int_equal(
	    db_one(scope->db, scope->arena, &counted, ARGS(db_int(campaign_id)), &row),
	    OK);
	assert_int_equal(campaign.accounts_count, db_row_int(&row, 0));
	assert_int_equal(campaign.turned_on_accounts_count, db_row_int(&row, 1));
	assert_int_equal(campaign.archived_accounts_count, db_row_int(&row, 2));
}

/* A text is these characters; NULL: it is no text. */
static inline void
assert_text(text t, const char *expected)
{
	if (expected == NULL) {
		assert_null(t.at);
		return;
	}
	assert_int_equal(t.length, strlen(expected));
	assert_memory_equal(t.at, expected, t.length);
}

#define TENANT_TEST(function)                                                            \
	cmocka_unit_test_setup_teardown(function, tenant_open, tenant_close)

#endif
