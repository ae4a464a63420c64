/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant.h"

#include "model/account_batch.h"
#include "model/api_key.h"
#include "model/campaign_item.h"
#include "model/day_parting.h"
#include "model/user.h"

enum { QUERIES_MAX = 256 };

struct seen {
	const struct query *queries[QUERIES_MAX];
	size_t count;
};

/* A query can be prepared, and its name in a log says which one it is. */
static void
try_query(struct tenant *tenant, struct seen *seen, const struct query *query)
{
	print_message("%s\n", query->name);
	assert_int_equal(db_prepare(tenant->store->writer, query), OK);
	assert_non_null(strchr(query->name, '.'));
	for (size_t i = 0; i < seen->count; i++)
		assert_string_not_equal(query->name, seen->queries[i]->name);
	assert_true(seen->count < QUERIES_MAX);
	seen->queries[seen->count++] = query;
}

static void
test_every_list(void **state)
{
	const struct query *const *const lists[] = {
		account_batch_queries,
		account_queries,
		api_key_queries,
		campaign_item_queries,
		campaign_queries,
		day_parting_queries,
		organization_queries,
		user_queries,
	};
	struct seen seen = { .count = 0 };

	for (size_t i = 0; i < COUNT(lists); i++) {
		assert_non_null(lists[i][0]);
		for (size_t j = 0; lists[i][j] != NULL; j++)
			try_query(*state, &seen, lists[i][j]);
	}
}

static void
test_every_plan(void **state)
{
	struct tenant *tenant = *state;
	const struct model *model = tenant->model;
	const struct resource_plan *const plans[] = { model->organization, model->user,
		model->campaign, model->item, model->account };
	struct seen seen = { .count = 0 };

	for (size_t i = 0; i < COUNT(plans); i++) {
		const struct resource *resource = plans[i]->resource;

		if (resource->table != NULL) {
			try_query(tenant, &seen, &plans[i]->insert);
			try_query(tenant, &seen, &plans[i]->update);
		}
		assert_true(resource->select_count > 0);
		for (size_t j = 0; j < resource->select_count; j++)
			try_query(tenant, &seen, &plans[i]->selects[j]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TENANT_TEST(test_every_list),
		TENANT_TEST(test_every_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
