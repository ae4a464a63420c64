/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of accounts, in pieces whose sizes the first byte decides, on its way from bytes
 * to rows: what is stored is what was counted, and storing it again adds nothing.
 */
#include "db/migrate.h"
#include "model/account_batch.h"
#include "model/campaign.h"
#include "model/organization.h"
#include "json/json_stream.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ENTRY_MAX = 4096, CACHE_KIB = 4096 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Where the lists go: a campaign in a database, which never keeps them. */
struct bench {
	struct model model;
	struct zone *zone;
	struct db *db;
	char directory[64];
};

static struct scope
scope_of(const struct bench *bench, struct arena *arena)
{
	return (struct scope){
		.model = &bench->model,
		.db = bench->db,
		.arena = arena,
		.zone = bench->zone,
		.now = { 1715774400000 },
		.organization_id = 1,
	};
}

static void
make_campaign(const struct bench *bench)
{
	struct organization organization;
	struct campaign campaign;
	struct arena arena;
	struct scope scope = scope_of(bench, &arena);

	arena_init(&arena);
	must(db_begin(bench->db) == OK);
	must(organization_create(
		 &scope, TEXT("a@b"), TEXT("A"), (text){ NULL, 0 }, &organization) == OK);
	campaign_init(&scope, &campaign);
	campaign.name = TEXT("a");
	resource_set(&campaign_resource, &campaign.row, &campaign.name);
	must(campaign_create(&scope, &campaign) == OK && campaign.id == 1);
	must(db_commit(bench->db) == OK);
	arena_clear(&arena);
}

static void
bench_open(struct bench *bench)
{
	static const char *const names[] = { "", "-wal", "-shm" };
	struct model *model = &bench->model;
	char url[128];

	snprintf(bench->directory, sizeof(bench->directory), "/tmp/fuzz-list-XXXXXX");
	must(mkdtemp(bench->directory) != NULL);
	snprintf(url, sizeof(url), "sqlite:%s/fuzz.db", bench->directory);
	must(secret_start() == OK && zone_open("UTC", &bench->zone) == OK);
	must(db_open(
		 &(struct db_options){
		     .url = url, .access = DB_WRITE, .cache_kib = CACHE_KIB },
		 &bench->db) == OK);
	must(migrate(bench->db, migrations, migrations_count) == OK);
	must(suffixes_open(NULL, &model->suffixes) == OK);
	arena_init(&model->arena);
	model->organization = resource_plan_new(&organization_resource, &model->arena);
	model->campaign = resource_plan_new(&campaign_resource, &model->arena);
	model->account = resource_plan_new(&account_resource, &model->arena);
	make_campaign(bench);
	/* The process may be killed at any time: nothing of it is to stay. */
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(url, sizeof(url), "%s/fuzz.db%s", bench->directory, names[i]);
		(void)unlink(url);
	}
	(void)rmdir(bench->directory);
}

static void
take_entry(const struct bench *bench, const struct json *value, struct arena *arena,
    struct account_batch *batch)
{
	struct account_entry entry = { .row = { 0 } };
	struct ignored_keys ignored = { 0 };
	struct problems problems;
	char domain[DOMAIN_MAX];
	const char *reason;
	size_t length;

	if (json_kind(value) != JSON_OBJECT)
		return;
	problems_init(&problems, arena);
	resource_read(&account_entry_resource, value, &entry.row, &problems, &ignored);
	resource_require(&account_entry_resource, &entry.row, &problems);
	if (problems.count > 0)
		return;
	if (domain_parse(
		bench->model.suffixes, entry.domain_name, domain, &length, &reason) != OK)
		return;
	entry.domain_name = (text){ domain, length };
	account_batch_add(batch, &entry);
}

static void
read_list(
    const struct bench *bench, text source, uint32_t seed, struct account_batch *batch)
{
	struct json_stream *stream = json_stream_new("account_list", ENTRY_MAX);
	enum json_stream_event event = JSON_STREAM_MORE;
	const struct json *value;
	struct arena arena;

	arena_init(&arena);
	while (source.length > 0 && event != JSON_STREAM_ERROR) {
		text piece = { source.at, 1 + (seed >> 16) % 60 };

		seed = seed * 1664525 + 1013904223;
		if (piece.length > source.length)
			piece.length = source.length;
		source.at += piece.length;
		source.length -= piece.length;
		while ((event = json_stream_take(stream, &arena, &piece, &value)) ==
		       JSON_STREAM_ELEMENT) {
			take_entry(bench, value, &arena, batch);
			arena_reset(&arena);
		}
	}
	arena_clear(&arena);
	json_stream_free(stream);
}

static struct account_batch_counts
store(const struct bench *bench, const struct account_batch *batch)
{
	struct account_batch_counts counts = { 0 };
	size_t count = account_batch_count(batch), half = count / 2;
	struct arena arena;
	struct scope scope = scope_of(bench, &arena);

	arena_init(&arena);
	must(campaign_touch(&scope, 1) == OK);
	must(account_batch_store(&scope, 1, batch, 0, half, &counts) == OK);
	must(account_batch_store(&scope, 1, batch, half, count, &counts) == OK);
	must(counts.added + counts.updated + counts.unchanged == (int64_t)count);
	arena_clear(&arena);
	return counts;
}

static void
check_accounts(const struct bench *bench, int64_t expected)
{
	struct campaign campaign;
	struct account *accounts;
	struct arena arena;
	struct scope scope = scope_of(bench, &arena);
	size_t count;

	arena_init(&arena);
	must(campaign_find(&scope, 1, &campaign) == OK);
	must(campaign.accounts_count == expected);
	must(campaign.turned_on_accounts_count == expected);
	must(account_list(&scope, 1, 0, INT64_MAX, &accounts, &count) == OK);
	must((int64_t)count == expected);
	for (size_t i = 0; i < count; i++) {
		char domain[DOMAIN_MAX];
		const char *reason;
		size_t length;

		must(domain_parse(bench->model.suffixes, accounts[i].domain, domain,
			 &length, &reason) == OK);
		must(text_equal(accounts[i].domain, (text){ domain, length }));
	}
	arena_clear(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bench bench;
	struct account_batch *batch;
	int64_t added;

	if (bench.db == NULL)
		bench_open(&bench);
	if (size == 0)
		return 0;
	batch = account_batch_new();
	read_list(
	    &bench, (text){ (const char *)data + 1, size - 1 }, data[0] * 65537U, batch);
	account_batch_sort(batch);
	if (account_batch_count(batch) > 0) {
		must(db_begin(bench.db) == OK);
		added = store(&bench, batch).added;
		check_accounts(&bench, added);
		must(store(&bench, batch).added == 0);
		check_accounts(&bench, added);
		db_end(bench.db);
	}
	account_batch_free(batch);
	return 0;
}
