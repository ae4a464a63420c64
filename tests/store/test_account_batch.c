/* SPDX-License-Identifier: Apache-2.0 */
#include "model/account_batch.h"

#include "tenant.h"

#include "model/status.h"

static const text no_text = { NULL, 0 };

/* Domain, name, postal code, first text; NULL: not given. */
struct sent {
	const char *domain;
	const char *name;
	const char *zip;
	const char *wpe;
};

static text
optional(const char *string)
{
	return string == NULL ? no_text : text_of(string);
}

static struct account_batch *
batch_of(const struct sent *sent, size_t count)
{
	struct account_batch *batch = account_batch_new();

	for (size_t i = 0; i < count; i++) {
		struct account_entry entry = {
			.domain_name = text_of(sent[i].domain),
			.company_name = optional(sent[i].name),
			.zip_code = optional(sent[i].zip),
			.wpe_text_1 = optional(sent[i].wpe),
		};

		account_batch_add(batch, &entry);
	}
	assert_int_equal(account_batch_count(batch), count);
	account_batch_sort(batch);
	return batch;
}

static void
assert_stored(const struct scope *scope, int64_t campaign_id, const struct sent *sent,
    size_t count, struct account_batch_counts expected)
{
	struct account_batch *batch = batch_of(sent, count);
	struct account_batch_counts counts = { 0 };

	assert_int_equal(
	    account_batch_store(scope, campaign_id, batch, 0, count, &counts), OK);
	assert_int_equal(counts.added, expected.added);
	assert_int_equal(counts.updated, expected.updated);
	assert_int_equal(counts.unchanged, expected.unchanged);
	tenant_assert_counts(scope, campaign_id);
	account_batch_free(batch);
}

#define ASSERT_STORED(scope, campaign, sent, ...)                                        \
	assert_stored(scope, campaign, sent, COUNT(sent),                                \
	    (struct account_batch_counts){ __VA_ARGS__ })

static struct account
account_of(const struct scope *scope, int64_t campaign_id, const char *domain)
{
	struct account *all;
	size_t count;

	assert_int_equal(account_list(scope, campaign_id, 0, 10000, &all, &count), OK);
	for (size_t i = 0; i < count; i++)
		if (text_equal(all[i].domain, text_of(domain)))
			return all[i];
	fail_msg("%s is not there", domain);
	return (struct account){ .id = 0 };
}

static void
assert_account(const struct scope *scope, int64_t campaign_id, const struct sent *as)
{
	struct account a = account_of(scope, campaign_id, as->domain);

	assert_text(a.name, as->name);
	assert_text(a.postal_code, as->zip);
	assert_text(a.wpe_text_1, as->wpe);
}

static void
test_added(void **state)
{
	static const struct sent list[] = {
		{ "b.com", "Bee", "10001", "hello" },
		{ "a.com", NULL, NULL, NULL },
		{ "c.com", "", "", "" },
	};
	static const struct sent found[] = { { "b.com", "Bee", "10001", "hello" },
		{ "a.com", "A", NULL, NULL }, { "c.com", "", "", "" } };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = tenant_campaign(scope, "{\"name\":\"a\"}").id;
	struct account a;

	ASSERT_STORED(scope, campaign, list, 3, 0, 0);
	for (size_t i = 0; i < COUNT(found); i++)
		assert_account(scope, campaign, &found[i]);
	a = account_of(scope, campaign, "a.com");
	assert_int_equal(a.source, SOURCE_LIST);
	assert_int_equal(a.kick_fire_lookup_status, LOOKUP_PENDING);
	assert_int_equal(a.user_defined_status, STATUS_ACTIVE);
	assert_int_equal(a.created_at.ms, TENANT_NOW.ms);
	assert_true(a.id < account_of(scope, campaign, "b.com").id);
}

static void
test_again(void **state)
{
	static const struct {
		const char *name;
		struct sent sent;
		struct account_batch_counts counts;
		struct sent found;
		int64_t moved; /* milliseconds that updated_at moved */
	} steps[] = {
		{ "the same", { "a.com", "A", "1", "x" }, { 0, 0, 1 },
		    { "a.com", "A", "1", "x" }, 0 },
		{ "nothing given", { "a.com", NULL, NULL, NULL }, { 0, 0, 1 },
		    { "a.com", "A", "1", "x" }, 0 },
		{ "another name", { "a.com", "Aye", NULL, NULL }, { 0, 1, 0 },
		    { "a.com", "Aye", "1", "x" }, 1 },
		{ "another place", { "a.com", NULL, "2", NULL }, { 0, 1, 0 },
		    { "a.com", "Aye", "2", "x" }, 2 },
		{ "another text", { "a.com", NULL, NULL, "y" }, { 0, 1, 0 },
		    { "a.com", "Aye", "2", "y" }, 3 },
		{ "an empty text", { "a.com", NULL, NULL, "" }, { 0, 1, 0 },
		    { "a.com", "Aye", "2", "" }, 4 },
		{ "new", { "b.com", NULL, NULL, NULL }, { 1, 0, 0 },
		    { "b.com", "B", NULL, NULL }, 0 },
	};
	static const struct sent first[] = { { "a.com", "A", "1", "x" } };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = tenant_campaign(scope, "{\"name\":\"a\"}").id;

	ASSERT_STORED(scope, campaign, first, 1, 0, 0);
	for (size_t i = 0; i < COUNT(steps); i++) {
		print_message("%s\n", steps[i].name);
		assert_stored(scope, campaign, &steps[i].sent, 1, steps[i].counts);
		assert_account(scope, campaign, &steps[i].found);
		assert_int_equal(
		    account_of(scope, campaign, steps[i].found.domain).updated_at.ms,
		    TENANT_NOW.ms + steps[i].moved);
	}
}

/* Entries of one domain are taken in the order they came in: the last one stays. */
static void
test_duplicates_inside(void **state)
{
	static const struct sent list[] = {
		{ "a.com", "One", NULL, NULL },
		{ "b.com", NULL, NULL, NULL },
		{ "a.com", "Two", "1", NULL },
		{ "b.com", NULL, NULL, NULL },
		{ "a.com", NULL, NULL, "x" },
	};
	static const struct sent found = { "a.com", "Two", "1", "x" };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = tenant_campaign(scope, "{\"name\":\"a\"}").id;

	ASSERT_STORED(scope, campaign, list, 2, 2, 1);
	assert_account(scope, campaign, &found);
}

static void
set_status(
    const struct scope *scope, int64_t campaign_id, const char *domain, unsigned status)
{
	struct account before = account_of(scope, campaign_id, domain), after = before;

	after.user_defined_status = status;
	assert_int_equal(account_edit(scope, &before, &after), OK);
}

static void
test_archived_come_back(void **state)
{
	static const struct sent list[] = { { "a.com", NULL, NULL, NULL },
		{ "b.com", NULL, NULL, NULL }, { "c.com", NULL, NULL, "x" } };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = tenant_campaign(scope, "{\"name\":\"a\"}").id;

	ASSERT_STORED(scope, campaign, list, 3, 0, 0);
	set_status(scope, campaign, "a.com", STATUS_ARCHIVED);
	set_status(scope, campaign, "b.com", STATUS_PAUSED);
	tenant_assert_counts(scope, campaign);
	ASSERT_STORED(scope, campaign, list, 0, 1, 2);
	assert_int_equal(
	    account_of(scope, campaign, "a.com").user_defined_status, STATUS_ACTIVE);
	assert_int_equal(
	    account_of(scope, campaign, "b.com").user_defined_status, STATUS_PAUSED);
}

/* Companies that the organization has of another campaign, but not another's. */
static void
test_companies_are_shared(void **state)
{
	static const struct sent first[] = { { "a.com", "Aye", "1", "x" } };
	static const struct sent second[] = { { "a.com", NULL, "2", NULL },
		{ "b.com", NULL, NULL, NULL } };
	static const struct sent found = { "a.com", "Aye", "2", NULL };
	static const struct sent strange = { "a.com", "A", "2", NULL };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope, other = tenant_other(tenant);
	int64_t a = tenant_campaign(scope, "{\"name\":\"a\"}").id;
	int64_t b = tenant_campaign(scope, "{\"name\":\"b\"}").id;
	int64_t c = tenant_campaign(&other, "{\"name\":\"c\"}").id;

	ASSERT_STORED(scope, a, first, 1, 0, 0);
	ASSERT_STORED(scope, b, second, 2, 0, 0);
	ASSERT_STORED(&other, c, second, 2, 0, 0);
	assert_account(scope, b, &found);
	assert_account(&other, c, &strange);
	assert_int_equal(account_of(scope, a, "a.com").account_id,
	    account_of(scope, b, "a.com").account_id);
	tenant_assert_counts(scope, a);
}

/* Many, stored in pieces, in the order of their domains. */
static void
test_pieces(void **state)
{
	enum { MANY = 3000, PIECE = 700 };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = tenant_campaign(scope, "{\"name\":\"a\"}").id;
	struct account_batch *batch = account_batch_new();
	struct account_batch_counts counts = { 0 };
	struct account *all;
	size_t count;

	for (unsigned i = 0; i < MANY; i++) {
		struct account_entry entry = { .domain_name = arena_print(scope->arena,
						   "d%u.com", i * 7919 % MANY) };

		account_batch_add(batch, &entry);
	}
	assert_true(account_batch_size(batch) > MANY * 20);
	account_batch_sort(batch);
	for (size_t at = 0; at < MANY; at += PIECE)
		assert_int_equal(account_batch_store(scope, campaign, batch, at,
				     at + PIECE < MANY ? at + PIECE : MANY, &counts),
		    OK);
	assert_int_equal(counts.added, MANY);
	tenant_assert_counts(scope, campaign);
	assert_int_equal(account_list(scope, campaign, 0, MANY + 1, &all, &count), OK);
	assert_int_equal(count, MANY);
	for (size_t i = 1; i < count; i++)
		assert_true(text_compare(all[i - 1].domain, all[i].domain) < 0);
	account_batch_reset(batch);
	assert_int_equal(account_batch_count(batch), 0);
	account_batch_sort(batch);
	account_batch_free(batch);
	account_batch_free(NULL);
}

/* The longest that an entry's rules let through: four bytes a character. */
static void
test_long_texts(void **state)
{
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	int64_t campaign = tenant_campaign(scope, "{\"name\":\"a\"}").id;
	struct account_batch *batch = account_batch_new();
	struct account_batch_counts counts = { 0 };
	char longest[255 * 4 + 1] = "";
	struct account_entry entry;
	struct account a;

	for (size_t i = 0; i < 255; i++)
		memcpy(longest + 4 * i, "\xf0\x9f\x98\x80", 5);
	entry = (struct account_entry){
		.domain_name = TEXT("a.com"),
		.company_name = text_of(longest),
		.zip_code = text_of(longest),
		.wpe_text_5 = text_of(longest),
	};
	account_batch_add(batch, &entry);
	account_batch_sort(batch);
	assert_int_equal(account_batch_store(scope, campaign, batch, 0, 1, &counts), OK);
	a = account_of(scope, campaign, "a.com");
	assert_text(a.name, longest);
	assert_text(a.postal_code, longest);
	assert_text(a.wpe_text_5, longest);
	assert_true(resource_is_null(&account_resource, &a.row, &a.wpe_text_4));
	account_batch_free(batch);
}

/*
 * A plan that reads the staged rows once for each row of a table takes hours where this
 * one takes a second; small tests would not notice.
 */
static void
test_staged_rows_are_the_outer_loop(void **state)
{
	static const struct db_value args[] = { { DB_INT, { 1 } }, { DB_INT, { 1 } },
		{ DB_INT, { 1 } } };
	struct tenant *tenant = *state;
	struct scope *scope = &tenant->scope;
	size_t seen = 0;

	for (size_t i = 0; account_batch_queries[i] != NULL; i++) {
		/* In the arena: a connection knows a statement by its address. */
		struct query *explain = NEW(scope->arena, struct query);
		struct db_rows rows;

		*explain = *account_batch_queries[i];
		if (strstr(explain->sql, "FROM staged") == NULL)
			continue;
		seen++;
		explain->sql =
		    arena_print(scope->arena, "EXPLAIN QUERY PLAN %s", explain->sql).at;
		assert_int_equal(db_all(scope->db, scope->arena, explain, args,
				     strlen(explain->types), &rows),
		    OK);
		assert_true(rows.count > 0);
		assert_non_null(strstr(db_row_text(&rows.rows[0], 3).at, "SCAN staged"));
	}
	assert_int_equal(seen, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_added),
		TENANT_TEST(test_again),
		TENANT_TEST(test_duplicates_inside),
		TENANT_TEST(test_archived_come_back),
		TENANT_TEST(test_companies_are_shared),
		TENANT_TEST(test_pieces),
		TENANT_TEST(test_long_texts),
		TENANT_TEST(test_staged_rows_are_the_outer_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
