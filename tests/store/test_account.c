/* SPDX-License-Identifier: Apache-2.0 */
#include "model/account.h"

#include "tenant.h"

#include "model/status.h"

static bool
is_null(const struct account *account, const void *member)
{
	return resource_is_null(&account_resource, &account->row, member);
}

static int64_t
new_campaign(const struct scope *scope)
{
	return tenant_campaign(scope, "{\"name\":\"a\"}").id;
}

/* Edits a stored account as a PUT does; the result, and in *out what is stored then. */
static enum result
edit(const struct scope *scope, int64_t campaign_id, int64_t id, const char *json,
    struct account *out)
{
	struct account before, after;
	struct problems problems;
	enum result r;

	problems_init(&problems, scope->arena);
	assert_int_equal(account_find(scope, campaign_id, id, &before), OK);
	after = before;
	tenant_read(scope, &account_resource, &after.row, json, &problems);
	account_check(scope, &after, &problems);
	assert_int_equal(problems_result(&problems), OK);
	assert_int_equal(db_savepoint(scope->db), OK);
	r = account_edit(scope, &before, &after);
	if (r == OK)
		assert_int_equal(db_release(scope->db), OK);
	else
		db_rollback(scope->db);
	assert_int_equal(
	    account_find(scope, campaign_id, r == OK ? id : after.id, out), OK);
	tenant_assert_counts(scope, campaign_id);
	return r;
}

static void
test_new(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope);
	struct account a = tenant_add_account(scope, campaign,
	    "{\"domain\":\"https://WWW.Example.co.uk/x\",\"postal_code\":\"10001\","
	    "\"wpe_text_2\":\"Hi\"}");

	assert_text(a.domain, "example.co.uk");
	assert_text(a.name, "Example");
	assert_text(a.postal_code, "10001");
	assert_text(a.wpe_text_2, "Hi");
	assert_true(is_null(&a, &a.wpe_text_1));
	assert_int_equal(a.source, SOURCE_USER);
	assert_int_equal(a.user_defined_status, STATUS_ACTIVE);
	assert_int_equal(a.kick_fire_lookup_status, LOOKUP_PENDING);
	assert_int_equal(a.campaign_id, campaign);
	assert_int_equal(a.created_at.ms, TENANT_NOW.ms);
	assert_true(is_null(&a, &a.last_user_paused_at));
	tenant_assert_counts(scope, campaign);
}

static void
test_default_names(void **state)
{
	static const struct {
		const char *domain;
		const char *name;
	} cases[] = {
		{ "example.com", "Example" },
		{ "3m.com", "3m" },
		{ "foo-bar.co.uk", "Foo-bar" },
		{ "xn--mnchen-3ya.de", "Xn--mnchen-3ya" },
		{ "a.b", "A" },
	};
	char out[DOMAIN_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_text(
		    account_default_name(text_of(cases[i].domain), out), cases[i].name);
}

static void
test_check(void **state)
{
	static const struct {
		const char *json;
		const char *problem;
	} cases[] = {
		{ "{\"domain\":\"co.uk\"}", "is a public suffix" },
		{ "{\"domain\":\"192.0.2.1\"}", "is an IP address" },
		{ "{\"domain\":\"\"}", "is not a domain" },
		{ "{\"domain\":null}", "must not be null" },
		{ "{\"domain\":\"m\xc3\xbcnchen.de\"}", NULL },
		{ "{\"name\":\"no domain\"}", NULL }, /* resource_require tells */
	};
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct problems problems;
		struct account account;

		print_message("%s\n", cases[i].json);
		problems_init(&problems, scope->arena);
		account_init(scope, &account);
		tenant_read(
		    scope, &account_resource, &account.row, cases[i].json, &problems);
		account_check(scope, &account, &problems);
		assert_int_equal(problems.count, cases[i].problem == NULL ? 0 : 1);
		if (cases[i].problem != NULL)
			assert_text(problems.first->message, cases[i].problem);
	}
}

/* An organization knows a company once; a campaign holds it once. */
static void
test_twins(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	int64_t first = new_campaign(scope), second = new_campaign(scope);
	int64_t third = new_campaign(&other);
	struct account a, b, c;
	bool restored;

	a = tenant_add_account(
	    scope, first, "{\"domain\":\"example.com\",\"postal_code\":\"1\"}");
	b = tenant_add_account(
	    scope, second, "{\"domain\":\"example.com\",\"name\":\"Renamed\"}");
	c = tenant_add_account(&other, third, "{\"domain\":\"example.com\"}");
	assert_int_equal(a.account_id, b.account_id);
	assert_int_not_equal(a.id, b.id);
	assert_int_not_equal(a.account_id, c.account_id);
	assert_text(b.postal_code, "1");
	assert_text(c.name, "Example");
	assert_int_equal(account_find(scope, first, a.id, &a), OK);
	assert_text(a.name, "Renamed");
	b = tenant_account(scope, "{\"domain\":\"example.com\"}");
	assert_int_equal(account_create(scope, first, &b, &restored), CONFLICT);
	assert_int_equal(b.id, a.id);
	assert_false(restored);
	tenant_assert_counts(scope, first);
}

static void
test_restored(void **state)
{
	struct tenant *tenant = *state;
	struct scope scope = tenant->scope;
	int64_t campaign = new_campaign(&scope);
	struct account a = tenant_add_account(&scope, campaign,
	    "{\"domain\":\"example.com\",\"wpe_text_1\":\"one\",\"wpe_text_2\":\"two\"}");
	struct account b;
	bool restored;

	assert_int_equal(
	    edit(&scope, campaign, a.id, "{\"user_defined_status\":\"archived\"}", &a),
	    OK);
	scope.now.ms += 1000;
	b = tenant_account(&scope,
	    "{\"domain\":\"example.com\",\"name\":\"Again\",\"wpe_text_2\":\"new\"}");
	assert_int_equal(account_create(&scope, campaign, &b, &restored), OK);
	assert_true(restored);
	assert_int_equal(b.id, a.id);
	assert_int_equal(account_find(&scope, campaign, a.id, &a), OK);
	assert_int_equal(a.user_defined_status, STATUS_ACTIVE);
	assert_text(a.name, "Again");
	assert_text(a.wpe_text_1, "one");
	assert_text(a.wpe_text_2, "new");
	assert_int_equal(a.created_at.ms, TENANT_NOW.ms);
	assert_int_equal(a.updated_at.ms, TENANT_NOW.ms + 1000);
	tenant_assert_counts(&scope, campaign);
}

/* Every way between the statuses, with the counts that follow. */
static void
test_statuses(void **state)
{
	static const char *const statuses[] = { "active", "paused", "archived" };
	static const int orders[][7] = { { 0, 1, 2, 0, 2, 1, 0 }, { 1, 0, 1, 1, 2, 2, 1 },
		{ 2, 1, 2, 0, 1, 0, 2 } };
	struct tenant *tenant = *state;
	struct scope scope = tenant->scope;
	int64_t campaign = new_campaign(&scope);

	for (size_t i = 0; i < COUNT(orders); i++) {
		struct account a = tenant_add_account(&scope, campaign,
		    arena_print(scope.arena,
			"{\"domain\":\"d%zu.com\",\"user_defined_status\":\"%s\"}", i,
			statuses[orders[i][0]])
			.at);

		tenant_assert_counts(&scope, campaign);
		for (size_t j = 1; j < COUNT(orders[i]); j++) {
			bool pauses = orders[i][j] == STATUS_PAUSED &&
			              orders[i][j - 1] != STATUS_PAUSED;

			scope.now.ms += 1000;
			assert_int_equal(edit(&scope, campaign, a.id,
					     arena_print(scope.arena,
						 "{\"user_defined_status\":\"%s\"}",
						 statuses[orders[i][j]])
						 .at,
					     &a),
			    OK);
			assert_int_equal(a.user_defined_status, orders[i][j]);
			if (!is_null(&a, &a.last_user_paused_at))
				assert_int_equal(
				    a.last_user_paused_at.ms == scope.now.ms, pauses);
			else
				assert_false(pauses);
		}
	}
}

static void
test_edit(void **state)
{
	struct tenant *tenant = *state;
	struct scope scope = tenant->scope;
	int64_t campaign = new_campaign(&scope);
	struct account a = tenant_add_account(
	    &scope, campaign, "{\"domain\":\"example.com\",\"wpe_text_1\":\"one\"}");

	scope.now.ms += 1000;
	assert_int_equal(
	    edit(&scope, campaign, a.id,
		"{\"domain\":\"www.example.com\",\"wpe_text_1\":\"one\"}", &a),
	    OK);
	assert_int_equal(a.updated_at.ms, TENANT_NOW.ms);
	assert_int_equal(edit(&scope, campaign, a.id,
			     "{\"wpe_text_1\":null,\"wpe_text_5\":\"\","
			     "\"postal_code\":\"X\",\"name\":\"N\"}",
			     &a),
	    OK);
	assert_true(is_null(&a, &a.wpe_text_1));
	assert_text(a.wpe_text_5, "");
	assert_text(a.postal_code, "X");
	assert_text(a.name, "N");
	assert_int_equal(a.updated_at.ms, TENANT_NOW.ms + 1000);
	assert_int_equal(edit(&scope, campaign, a.id, "{\"postal_code\":null}", &a), OK);
	assert_true(is_null(&a, &a.postal_code));
	assert_int_equal(a.updated_at.ms, TENANT_NOW.ms + 1001);
}

/* What a moved account does not say of its new company is that company's own. */
static void
test_move(void **state)
{
	static const struct {
		const char *json;
		const char *name;
		const char *postal_code;
	} cases[] = {
		{ "{\"domain\":\"new.com\"}", "New", NULL },
		{ "{\"domain\":\"new.com\",\"name\":\"Old Inc\"}", "Old Inc", NULL },
		{ "{\"domain\":\"new.com\",\"postal_code\":\"2\"}", "New", "2" },
		{ "{\"domain\":\"known.com\"}", "Known Inc", "9" },
		{ "{\"domain\":\"known.com\",\"name\":\"K\",\"postal_code\":\"8\"}", "K",
		    "8" },
	};
	struct tenant *tenant = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scope scope = tenant_other(tenant);
		int64_t campaign = new_campaign(&scope);
		struct account a, moved;

		print_message("%s\n", cases[i].json);
		tenant_add_account(&scope, new_campaign(&scope),
		    "{\"domain\":\"known.com\",\"name\":\"Known Inc\","
		    "\"postal_code\":\"9\"}");
		a = tenant_add_account(&scope, campaign,
		    "{\"domain\":\"old.com\",\"name\":\"Old Inc\",\"postal_code\":\"1\","
		    "\"wpe_text_1\":\"kept\"}");
		assert_int_equal(edit(&scope, campaign, a.id, cases[i].json, &moved), OK);
		assert_int_equal(moved.id, a.id);
		assert_int_not_equal(moved.account_id, a.account_id);
		assert_text(moved.name, cases[i].name);
		assert_text(moved.postal_code, cases[i].postal_code);
		assert_text(moved.wpe_text_1, "kept");
	}
}

static void
test_move_onto_a_twin(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope);
	struct account a, b, c;

	a = tenant_add_account(scope, campaign, "{\"domain\":\"a.com\"}");
	b = tenant_add_account(scope, campaign, "{\"domain\":\"b.com\"}");
	assert_int_equal(
	    edit(scope, campaign, b.id, "{\"domain\":\"a.com\"}", &c), CONFLICT);
	assert_int_equal(c.id, a.id);
	assert_int_equal(account_find(scope, campaign, b.id, &c), OK);
	assert_text(c.domain, "b.com");
}

static void
test_found_only_where_it_is(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	int64_t campaign = new_campaign(scope), second = new_campaign(scope);
	struct account a = tenant_add_account(scope, campaign, "{\"domain\":\"a.com\"}");
	struct account *all;
	size_t count;

	assert_int_equal(account_find(scope, second, a.id, &a), NOT_FOUND);
	assert_int_equal(account_find(&other, campaign, a.id, &a), NOT_FOUND);
	assert_int_equal(account_find(scope, campaign, a.id + 1, &a), NOT_FOUND);
	assert_int_equal(account_list(&other, campaign, 0, 10, &all, &count), OK);
	assert_int_equal(count, 0);
	assert_int_equal(account_list(scope, second, 0, 10, &all, &count), OK);
	assert_int_equal(count, 0);
}

static void
test_pages(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = new_campaign(scope), after = 0;
	struct account *page;
	size_t count;

	for (int i = 0; i < 7; i++)
		tenant_add_account(scope, campaign,
		    arena_print(scope->arena, "{\"domain\":\"d%d.com\"}", 9 - i).at);
	for (size_t left = 7; left > 0; left -= count) {
		assert_int_equal(
		    account_list(scope, campaign, after, 3, &page, &count), OK);
		assert_int_equal(count, left < 3 ? left : 3);
		for (size_t i = 0; i < count; i++) {
			assert_true(page[i].id > after);
			after = page[i].id;
		}
	}
	assert_int_equal(account_list(scope, campaign, after, 3, &page, &count), OK);
	assert_int_equal(count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_new),
		cmocka_unit_test(test_default_names),
		TENANT_TEST(test_check),
		TENANT_TEST(test_twins),
		TENANT_TEST(test_restored),
		TENANT_TEST(test_statuses),
		TENANT_TEST(test_edit),
		TENANT_TEST(test_move),
		TENANT_TEST(test_move_onto_a_twin),
		TENANT_TEST(test_found_only_where_it_is),
		TENANT_TEST(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
