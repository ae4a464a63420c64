/* SPDX-License-Identifier: Apache-2.0 */
#include "api/identity_cache.h"

#include "tenant.h"

#include "model/user.h"

/* A cache of a worker that reads, and two keys in the store. */
struct desk {
	struct tenant *tenant;
	struct zones *zones;
	struct identity_cache *cache;
	int64_t user;
	text token;
	text other_token;
};

static int64_t
create_user(const struct scope *scope, const char *email, text *out_token)
{
	struct problems problems;
	struct user user;

	problems_init(&problems, scope->arena);
	assert_int_equal(
	    user_create(scope, text_of(email), (text){ NULL, 0 }, true, &problems, &user),
	    OK);
	assert_int_equal(api_key_create(scope, user.id, TEXT("a"), out_token), OK);
	return user.id;
}

static int
desk_open(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	struct scope other;

	assert_non_null(desk);
	tenant_open((void **)&desk->tenant);
	other = tenant_other(desk->tenant);
	desk->user = create_user(&desk->tenant->scope, "Ann@example.com", &desk->token);
	create_user(&other, "bob@example.com", &desk->other_token);
	tenant_commit(desk->tenant);
	desk->zones = zones_new();
	desk->cache = identity_cache_new(desk->tenant->model, desk->zones);
	*state = desk;
	return 0;
}

static int
desk_close(void **state)
{
	struct desk *desk = *state;
	void *tenant = desk->tenant;

	identity_cache_free(desk->cache);
	identity_cache_free(NULL);
	zones_free(desk->zones);
	free(desk);
	return tenant_close(&tenant);
}

/* Begins a snapshot, asks, and ends it. */
static enum result
ask(struct desk *desk, text email, text token, const struct known_identity **out)
{
	struct store *store = desk->tenant->store;
	enum result r;

	assert_int_equal(db_begin(store->reader), OK);
	assert_int_equal(
	    identity_cache_check(desk->cache, store->reader, &store->arena), OK);
	r = identity_cache_find(
	    desk->cache, store->reader, &store->arena, email, token, out);
	db_end(store->reader);
	return r;
}

static void
test_who(void **state)
{
	struct desk *desk = *state;
	const text none = { NULL, 0 }, ann = TEXT("ann@example.com");
	const struct {
		const char *name;
		text email;
		text token;
		enum result r;
	} cases[] = {
		{ "right", ann, desk->token, OK },
		{ "in another case", TEXT("ANN@EXAMPLE.COM"), desk->token, OK },
		{ "somebody else's e-mail", TEXT("bob@example.com"), desk->token,
		    DENIED },
		{ "somebody else's key", ann, desk->other_token, DENIED },
		{ "the beginning of the e-mail", TEXT("ann@example.co"), desk->token,
		    DENIED },
		{ "no e-mail", none, desk->token, DENIED },
		{ "an empty e-mail", TEXT(""), desk->token, DENIED },
		{ "no key", ann, none, DENIED },
		{ "an empty key", ann, TEXT(""), DENIED },
		{ "nothing", none, none, DENIED },
		{ "another key", ann, TEXT("ll_0000000000"), DENIED },
		{ "the beginning of the key", ann,
		    { desk->token.at, desk->token.length - 1 }, DENIED },
		{ "right again", ann, desk->token, OK },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct known_identity *known = NULL;

		print_message("%s\n", cases[i].name);
		assert_int_equal(
		    ask(desk, cases[i].email, cases[i].token, &known), cases[i].r);
		if (cases[i].r != OK)
			continue;
		assert_int_equal(known->identity.user_id, desk->user);
		assert_text(known->identity.email, "ann@example.com");
		assert_text(known->identity.time_zone, "America/New_York");
		assert_ptr_equal(
		    known->zone, zones_find(desk->zones, TEXT("America/New_York")));
	}
}

static void
test_revoked(void **state)
{
	struct desk *desk = *state;
	const struct known_identity *known;
	const text ann = TEXT("ann@example.com");
	int64_t key;

	assert_int_equal(ask(desk, ann, desk->token, &known), OK);
	key = known->identity.key_id;
	assert_int_equal(api_key_revoke(desk->tenant->scope.db, key, TENANT_NOW), OK);
	assert_int_equal(ask(desk, ann, desk->token, &known), OK); /* not committed */
	tenant_commit(desk->tenant);
	assert_int_equal(ask(desk, ann, desk->token, &known), DENIED);
	assert_int_equal(
	    ask(desk, TEXT("bob@example.com"), desk->other_token, &known), OK);
}

static void
test_new_key(void **state)
{
	struct desk *desk = *state;
	const struct known_identity *known;
	const text ann = TEXT("ann@example.com");
	text token;

	assert_int_equal(
	    api_key_create(&desk->tenant->scope, desk->user, TEXT("second"), &token), OK);
	assert_int_equal(ask(desk, ann, token, &known), DENIED);
	tenant_commit(desk->tenant);
	assert_int_equal(ask(desk, ann, token, &known), OK);
	assert_int_equal(ask(desk, ann, desk->token, &known), OK);
}

/* What is remembered is not asked for again until the version moves, and then it is. */
static void
test_version(void **state)
{
	static const struct query rename = { "test.rename", "",
		"UPDATE users SET email = 'eve@example.com'"
		" WHERE email = 'ann@example.com'" };
	struct desk *desk = *state;
	const struct known_identity *known;
	const text ann = TEXT("ann@example.com"), eve = TEXT("eve@example.com");

	assert_int_equal(ask(desk, ann, desk->token, &known), OK);
	assert_int_equal(db_run(desk->tenant->scope.db, &rename, NO_ARGS), OK);
	tenant_commit(desk->tenant);
	assert_int_equal(ask(desk, ann, desk->token, &known), OK);
	assert_int_equal(api_key_changed(desk->tenant->scope.db), OK);
	tenant_commit(desk->tenant);
	assert_int_equal(ask(desk, ann, desk->token, &known), DENIED);
	assert_int_equal(ask(desk, eve, desk->token, &known), OK);
}

#define DESK_TEST(function)                                                              \
	cmocka_unit_test_setup_teardown(function, desk_open, desk_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(test_who),
		DESK_TEST(test_revoked),
		DESK_TEST(test_new_key),
		DESK_TEST(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
