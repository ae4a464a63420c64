/* SPDX-License-Identifier: Apache-2.0 */
#include "model/api_key.h"

#include "tenant.h"

#include "model/user.h"

static int64_t
create_user(const struct scope *scope, const char *email)
{
	struct problems problems;
	struct user user;

	problems_init(&problems, scope->arena);
	assert_int_equal(
	    user_create(scope, text_of(email), (text){ NULL, 0 }, true, &problems, &user),
	    OK);
	return user.id;
}

static enum result
find(const struct scope *scope, text token, struct identity *out)
{
	char hash[2 * SECRET_HASH_SIZE + 1];

	secret_hash(&scope->model->secret, token, hash);
	return api_key_find(scope->db, scope->arena, text_of(hash), out);
}

static int64_t
version_of(const struct scope *scope)
{
	int64_t version;

	assert_int_equal(api_key_version(scope->db, scope->arena, &version), OK);
	return version;
}

static void
test_new(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t user = create_user(scope, "Ann@example.com"), before = version_of(scope);
	struct identity identity;
	text token, shown;

	assert_int_equal(api_key_create(scope, user, TEXT("laptop"), &token), OK);
	assert_true(version_of(scope) > before);
	assert_int_equal(token.length, SECRET_TOKEN_LENGTH);
	assert_memory_equal(token.at, "ll_", 3);
	assert_int_equal(find(scope, token, &identity), OK);
	assert_int_equal(identity.user_id, user);
	assert_int_equal(identity.organization_id, scope->organization_id);
	assert_text(identity.email, "ann@example.com");
	assert_text(identity.time_zone, "America/New_York");
	assert_int_equal(api_key_of_user(scope, user, &shown), OK);
	assert_true(text_equal(shown, token));
	assert_int_equal(find(scope, TEXT("ll_wrong"), &identity), NOT_FOUND);
	assert_int_equal(find(scope, TEXT(""), &identity), NOT_FOUND);
}

/* The table holds neither the token nor anything that it is found by without our key. */
static void
test_token_is_not_stored(void **state)
{
	static const struct query stored = { "test.stored", "t",
		"SELECT count(*) FROM api_keys"
		" WHERE instr(token_hash || token_sealed || name, $1) > 0" };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	struct secret_key strange = { .bytes = { 1 } };
	char hash[2 * SECRET_HASH_SIZE + 1];
	struct identity identity;
	struct db_row row;
	text token;

	assert_int_equal(
	    api_key_create(scope, create_user(scope, "a@b"), TEXT("a"), &token), OK);
	assert_int_equal(
	    db_one(scope->db, scope->arena, &stored, ARGS(db_text(token)), &row), OK);
	assert_int_equal(db_row_int(&row, 0), 0);
	secret_hash(&strange, token, hash);
	assert_int_equal(
	    api_key_find(scope->db, scope->arena, text_of(hash), &identity), NOT_FOUND);
}

static void
test_revoked(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t user = create_user(scope, "a@b"), before;
	struct identity first, second;
	text token, other, shown;

	assert_int_equal(api_key_create(scope, user, TEXT("one"), &token), OK);
	assert_int_equal(api_key_create(scope, user, TEXT("two"), &other), OK);
	assert_false(text_equal(token, other));
	assert_int_equal(find(scope, token, &first), OK);
	assert_int_equal(find(scope, other, &second), OK);
	before = version_of(scope);
	assert_int_equal(api_key_revoke(scope->db, first.key_id, TENANT_NOW), OK);
	assert_true(version_of(scope) > before);
	assert_int_equal(find(scope, token, &first), NOT_FOUND);
	assert_int_equal(find(scope, other, &second), OK);
	assert_int_equal(api_key_of_user(scope, user, &shown), OK);
	assert_true(text_equal(shown, other));
	before = version_of(scope);
	assert_int_equal(api_key_revoke(scope->db, first.key_id, TENANT_NOW), NOT_FOUND);
	assert_int_equal(api_key_revoke(scope->db, 999, TENANT_NOW), NOT_FOUND);
	assert_int_equal(version_of(scope), before);
	assert_int_equal(api_key_revoke(scope->db, second.key_id, TENANT_NOW), OK);
	assert_int_equal(api_key_of_user(scope, user, &shown), NOT_FOUND);
}

static void
test_somebody_elses(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	int64_t user = create_user(scope, "a@b");
	text token, shown;

	assert_int_equal(api_key_create(scope, user, TEXT("one"), &token), OK);
	assert_int_equal(api_key_of_user(&other, user, &shown), NOT_FOUND);
	assert_int_equal(api_key_create(scope, 999, TEXT("nobody's"), &token), CONFLICT);
}

static void
test_list(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	struct db_rows rows;
	text token;

	assert_int_equal(
	    api_key_create(scope, create_user(scope, "a@b"), TEXT("one"), &token), OK);
	assert_int_equal(
	    api_key_create(&other, create_user(&other, "c@d"), TEXT("two"), &token), OK);
	assert_int_equal(api_key_revoke(scope->db, 1, TENANT_NOW), OK);
	assert_int_equal(api_key_list(scope->db, scope->arena, &rows), OK);
	assert_int_equal(rows.count, 2);
	assert_text(db_row_text(&rows.rows[0], 1), "a@b");
	assert_text(db_row_text(&rows.rows[0], 2), "one");
	assert_int_equal(db_row_int(&rows.rows[0], 4), TENANT_NOW.ms);
	assert_text(db_row_text(&rows.rows[1], 1), "c@d");
	assert_int_equal(db_row_int(&rows.rows[1], 3), TENANT_NOW.ms);
	assert_true(db_row_is_null(&rows.rows[1], 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_new),
		TENANT_TEST(test_token_is_not_stored),
		TENANT_TEST(test_revoked),
		TENANT_TEST(test_somebody_elses),
		TENANT_TEST(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
