/* SPDX-License-Identifier: Apache-2.0 */
#include "model/user.h"

#include "tenant.h"

#include "model/api_key.h"

static const text no_text = { NULL, 0 };

static int64_t
identities(const struct scope *scope)
{
	int64_t version;

	assert_int_equal(api_key_version(scope->db, scope->arena, &version), OK);
	return version;
}

static enum result
create(const struct scope *scope, const char *email, bool creator, struct user *out)
{
	struct problems problems;
	enum result r;

	problems_init(&problems, scope->arena);
	r = user_create(scope, text_of(email), no_text, creator, &problems, out);
	assert_int_equal(problems.count, r == INVALID ? 1 : 0);
	return r;
}

static void
test_new(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t before = identities(scope);
	struct user user, found;

	assert_int_equal(create(scope, "Ann@Example.COM", true, &user), OK);
	assert_int_equal(user_find(scope, user.id, &found), OK);
	assert_int_equal(found.id, user.id);
	assert_int_equal(found.organization_id, scope->organization_id);
	assert_text(found.email, "ann@example.com");
	assert_text(found.first_name, "");
	assert_true(found.creator);
	assert_int_equal(found.sign_in_count, 0);
	assert_int_equal(found.created_at.ms, TENANT_NOW.ms);
	assert_true(
	    resource_is_null(&user_resource, &found.row, &found.current_sign_in_at));
	assert_true(resource_is_null(&user_resource, &found.row, &found.last_sign_in_ip));
	assert_true(resource_is_null(&user_resource, &found.row, &found.password_hash));
	assert_true(identities(scope) > before);
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *email;
		enum result r;
	} cases[] = {
		{ "a@b", OK },
		{ "a@b", CONFLICT },
		{ "A@B", CONFLICT },
		{ "o'neill+tag@example.com", OK },
		{ "m\xc3\xbcnchen@example.com", OK },
		{ "M\xc3\x9cNCHEN@example.com", OK }, /* only ASCII has its case taken */
		{ "", INVALID },
		{ "a", INVALID },
		{ "@b", INVALID },
		{ "a@", INVALID },
		{ "a@b@c", INVALID },
		{ "a b@c", INVALID },
		{ "a@b\r\nBcc: c@d", INVALID },
		{ "a@b\x7f", INVALID },
		{ "a\xff@b", INVALID },
	};
	struct tenant *tenant = *state;
	struct scope other = tenant_other(tenant);
	struct user user;

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("%s\n", cases[i].email);
		assert_int_equal(
		    create(&tenant->scope, cases[i].email, false, &user), cases[i].r);
		if (cases[i].r == OK)
			assert_int_equal(
			    create(&other, cases[i].email, false, &user), CONFLICT);
	}
}

static void
test_longest_address(void **state)
{
	struct tenant *tenant = *state;
	char email[256];
	struct user user;

	memset(email, 'a', sizeof(email));
	email[1] = '@';
	email[255] = '\0';
	assert_int_equal(create(&tenant->scope, email, false, &user), INVALID);
	email[254] = '\0';
	assert_int_equal(create(&tenant->scope, email, false, &user), OK);
}

static void
test_team_is_counted(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	struct organization organization;
	struct user user;

	assert_int_equal(create(scope, "a@b", true, &user), OK);
	assert_int_equal(organization_find(scope, &organization), OK);
	assert_true(resource_is_null(
	    &organization_resource, &organization.row, &organization.team_members_count));
	assert_int_equal(create(scope, "c@d", false, &user), OK);
	assert_int_equal(create(scope, "e@f", false, &user), OK);
	assert_int_equal(create(scope, "e@f", false, &user), CONFLICT);
	assert_int_equal(organization_find(scope, &organization), OK);
	assert_int_equal(organization.team_members_count, 2);
	assert_int_equal(organization.version, 3);
}

static void
test_by_email(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	struct user_name name;
	struct user user;

	assert_int_equal(create(scope, "Ann@Example.com", true, &user), OK);
	assert_int_equal(
	    user_by_email(scope->db, scope->arena, TEXT("aNN@example.COM"), &name), OK);
	assert_int_equal(name.id, user.id);
	assert_int_equal(name.organization_id, scope->organization_id);
	assert_text(name.password_hash, NULL);
	assert_text(name.time_zone, "America/New_York");
	assert_int_equal(user_set_password(scope, user.id, TEXT("$argon2id$x")), OK);
	assert_int_equal(
	    user_by_email(scope->db, scope->arena, TEXT("ann@example.com"), &name), OK);
	assert_text(name.password_hash, "$argon2id$x");
	assert_int_equal(
	    user_by_email(scope->db, scope->arena, TEXT("ann@example.org"), &name),
	    NOT_FOUND);
	assert_int_equal(
	    user_by_email(scope->db, scope->arena, no_text, &name), NOT_FOUND);
}

static struct ipaddr
address(const char *source)
{
	struct ipaddr addr;

	assert_int_equal(ipaddr_parse(text_of(source), &addr), OK);
	return addr;
}

static void
assert_address(const struct ipaddr *addr, const char *expected)
{
	struct ipaddr other = address(expected);

	assert_memory_equal(addr, &other, sizeof(other));
}

/* The first time is both the present and the last one; from then on they differ. */
static void
test_signing_in(void **state)
{
	struct tenant *tenant = *state;
	struct scope scope = tenant->scope;
	struct ipaddr first = address("192.0.2.1"), second = address("2001:db8::1");
	struct user user;

	assert_int_equal(create(&scope, "a@b", true, &user), OK);
	scope.now.ms += 1000;
	assert_int_equal(user_signed_in(&scope, user.id, &first), OK);
	assert_int_equal(user_find(&scope, user.id, &user), OK);
	assert_int_equal(user.sign_in_count, 1);
	assert_int_equal(user.current_sign_in_at.ms, TENANT_NOW.ms + 1000);
	assert_int_equal(user.last_sign_in_at.ms, TENANT_NOW.ms + 1000);
	assert_address(&user.current_sign_in_ip, "192.0.2.1");
	assert_address(&user.last_sign_in_ip, "192.0.2.1");
	scope.now.ms += 1000;
	assert_int_equal(user_signed_in(&scope, user.id, &second), OK);
	assert_int_equal(user_find(&scope, user.id, &user), OK);
	assert_int_equal(user.sign_in_count, 2);
	assert_int_equal(user.current_sign_in_at.ms, TENANT_NOW.ms + 2000);
	assert_int_equal(user.last_sign_in_at.ms, TENANT_NOW.ms + 1000);
	assert_address(&user.current_sign_in_ip, "2001:db8::1");
	assert_address(&user.last_sign_in_ip, "192.0.2.1");
	assert_int_equal(user.updated_at.ms, TENANT_NOW.ms + 2000);
}

/* Nothing of one organization can be reached on behalf of another. */
static void
test_somebody_elses(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	struct ipaddr from = address("192.0.2.1");
	struct user user;

	assert_int_equal(create(scope, "a@b", true, &user), OK);
	assert_int_equal(user_find(&other, user.id, &user), NOT_FOUND);
	assert_int_equal(user_signed_in(&other, user.id, &from), NOT_FOUND);
	assert_int_equal(user_set_password(&other, user.id, TEXT("x")), NOT_FOUND);
	assert_int_equal(user_signed_in(scope, 999, &from), NOT_FOUND);
	assert_int_equal(user_find(scope, user.id, &user), OK);
	assert_int_equal(user.sign_in_count, 0);
	assert_true(resource_is_null(&user_resource, &user.row, &user.password_hash));
}

static void
test_lists(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	struct ipaddr from = address("192.0.2.1");
	struct user_summary *users;
	struct user a, b, c;
	struct db_rows rows;
	size_t count;

	assert_int_equal(create(scope, "z@a", true, &a), OK);
	assert_int_equal(create(&other, "y@a", true, &b), OK);
	assert_int_equal(create(scope, "x@a", false, &c), OK);
	assert_int_equal(user_signed_in(scope, c.id, &from), OK);
	assert_int_equal(user_list(scope, &users, &count), OK);
	assert_int_equal(count, 2);
	assert_int_equal(users[0].id, a.id);
	assert_true(users[0].creator);
	assert_false(users[0].signed_in);
	assert_text(users[1].email, "x@a");
	assert_false(users[1].creator);
	assert_true(users[1].signed_in);
	assert_int_equal(users[1].last_sign_in_at.ms, TENANT_NOW.ms);
	assert_int_equal(user_list_all(scope->db, scope->arena, &rows), OK);
	assert_int_equal(rows.count, 3);
	assert_int_equal(db_row_int(&rows.rows[1], 1), other.organization_id);
	assert_text(db_row_text(&rows.rows[1], 2), "y@a");
	assert_int_equal(db_row_int(&rows.rows[2], 4), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_new),
		TENANT_TEST(test_addresses),
		TENANT_TEST(test_longest_address),
		TENANT_TEST(test_team_is_counted),
		TENANT_TEST(test_by_email),
		TENANT_TEST(test_signing_in),
		TENANT_TEST(test_somebody_elses),
		TENANT_TEST(test_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
