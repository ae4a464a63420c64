/* SPDX-License-Identifier: Apache-2.0 */
#include "model/account_batch.h"

#include "model/campaign.h"
#include "model/status.h"

#include <assert.h>
#include <stdlib.h>

#define F(member, key, kind, ...)                                                        \
	FIELD_AS(struct account_entry, member, key, kind, __VA_ARGS__)
#define WPE(n)                                                                           \
	F(wpe_text_##n, "wpeText" #n, TEXT, .flags = FIELD_NULLABLE, .max = 255,         \
	    .doc = "WPE custom text #" #n)

static const struct field fields[] = {
	F(company_name, "companyName", TEXT, .flags = FIELD_NULLABLE, .max = 255,
	    .doc = "Account name", .example = "Example"),
	F(domain_name, "domainName", TEXT, .flags = FIELD_REQUIRED, .max = 2048,
	    .doc = "Account domain", .example = "www.example.com"),
	F(zip_code, "zipCode", TEXT, .flags = FIELD_NULLABLE, .max = 255,
	    .doc = "Account postal code", .example = "10001"),
	WPE(1),
	WPE(2),
	WPE(3),
	WPE(4),
	WPE(5),
};

const struct resource account_entry_resource = {
	.name = "account_list",
	.title = "AccountEntry",
	.size = sizeof(struct account_entry),
	.fields = fields,
	.field_count = COUNT(fields),
};

enum { TEXTS = 8, ABSENT = 0xffff };

/* A packed entry: the lengths, then the characters of domain, name, postal code and
 * texts. */
struct record {
	uint32_t index;
	uint16_t length[TEXTS];
	char characters[];
};

struct account_batch {
	struct arena arena;
	struct record **records;
	size_t count;
	size_t capacity;
};

/* What the columns of the staged relation are: the texts of a record, in their order. */
static const struct query known = { "account_batch.known", "i",
	"SELECT staged.position FROM staged"
	" JOIN accounts ON accounts.organization_id = $1 AND accounts.domain = staged.c1"
	" ORDER BY staged.position" };

static const struct query insert_companies = { "account_batch.insert_companies", "ii",
	"INSERT INTO accounts (organization_id, domain, name, postal_code,"
	" kick_fire_lookup_status, created_at)"
	" SELECT $1, c1, c2, c3, 'pending', $2 FROM staged" };

static const struct query insert_all = {
	"account_batch.insert_all", "iii",
	"INSERT INTO campaign_accounts (organization_id, campaign_id, account_id, source,"
	" user_defined_status, wpe_text_1, wpe_text_2, wpe_text_3, wpe_text_4, "
	"wpe_text_5,"
	" created_at, updated_at)"
	" SELECT $1, $2, accounts.id, 'list', 'active', c4, c5, c6, c7, c8, $3, $3"
	" FROM staged"
	" JOIN accounts ON accounts.organization_id = $1 AND accounts.domain = staged.c1"
};

static const struct query insert = { "account_batch.insert", "iiittttti",
	"INSERT INTO campaign_accounts (organization_id, campaign_id, account_id, source,"
	" user_defined_status, wpe_text_1, wpe_text_2, wpe_text_3, wpe_text_4, "
	"wpe_text_5,"
	" created_at, updated_at)"
	" VALUES ($1, $2, $3, 'list', 'active', $4, $5, $6, $7, $8, $9, $9)" };

static const struct query stored = { "account_batch.stored", "iit",
	"SELECT accounts.id, accounts.name, accounts.postal_code, campaign_accounts.id,"
	" campaign_accounts.user_defined_status, campaign_accounts.wpe_text_1,"
	" campaign_accounts.wpe_text_2, campaign_accounts.wpe_text_3,"
	" campaign_accounts.wpe_text_4, campaign_accounts.wpe_text_5,"
	" campaign_accounts.updated_at FROM accounts"
	" LEFT JOIN campaign_accounts ON campaign_accounts.campaign_id = $1"
	" AND campaign_accounts.account_id = accounts.id"
	" WHERE accounts.organization_id = $2 AND accounts.domain = $3" };

static const struct query update_company = { "account_batch.update_company", "tti",
	"UPDATE accounts SET name = $1, postal_code = $2 WHERE id = $3" };

static const struct query update = { "account_batch.update", "ttttttii",
	"UPDATE campaign_accounts SET user_defined_status = $1, wpe_text_1 = $2,"
	" wpe_text_2 = $3, wpe_text_3 = $4, wpe_text_4 = $5, wpe_text_5 = $6,"
	" updated_at = $7 WHERE id = $8" };

const struct query *const account_batch_queries[] = { &known, &insert_companies,
	&insert_all, &insert, &stored, &update_company, &update, NULL };

struct account_batch *
account_batch_new(void)
{
	struct account_batch *batch = calloc(1, sizeof *batch);

	if (batch == NULL)
		abort();
	arena_init(&batch->arena);
	return batch;
}

void
account_batch_free(struct account_batch *batch)
{
	if (batch == NULL)
		return;
	arena_clear(&batch->arena);
	free(batch->records);
	free(batch);
}

void
account_batch_add(struct account_batch *batch, const struct account_entry *entry)
{
	const text texts[TEXTS] = { entry->domain_name, entry->company_name,
		entry->zip_code, entry->wpe_text_1, entry->wpe_text_2, entry->wpe_text_3,
		entry->wpe_text_4, entry->wpe_text_5 };
	struct record *record;
	size_t size = 0;
	char *at;

	for (size_t i = 0; i < TEXTS; i++)
		size += texts[i].length;
	record = arena_alloc_raw(&batch->arena, sizeof *record + size);
	record->index = (uint32_t)batch->count;
	at = record->characters;
	for (size_t i = 0; i < TEXTS; i++) {
		assert(texts[i].length < ABSENT);
		record->length[i] =
		    texts[i].at == NULL ? ABSENT : (uint16_t)texts[i].length;
		if (texts[i].length > 0)
			memcpy(at, texts[i].at, texts[i].length);
		at += texts[i].length;
	}
	if (batch->count == batch->capacity) {
		batch->capacity = batch->capacity == 0 ? 1024 : 2 * batch->capacity;
		batch->records =
		    realloc(batch->records, batch->capacity * sizeof(struct record *));
		if (batch->records == NULL)
			abort();
	}
	batch->records[batch->count++] = record;
}

size_t
account_batch_count(const struct account_batch *batch)
{
	return batch->count;
}

size_t
account_batch_size(const struct account_batch *batch)
{
	return arena_held(&batch->arena) + batch->capacity * sizeof(struct record *);
}

static int
compare(const void *a, const void *b)
{
	const struct record *x = *(struct record *const *)a,
			    *y = *(struct record *const *)b;
	int order = text_compare(
	    (text){ x->characters, x->length[0] }, (text){ y->characters, y->length[0] });

	if (order != 0)
		return order;
	return x->index < y->index ? -1 : x->index > y->index;
}

void
account_batch_sort(struct account_batch *batch)
{
	if (batch->count > 1)
		qsort(batch->records, batch->count, sizeof *batch->records, compare);
}

void
account_batch_reset(struct account_batch *batch)
{
	arena_reset(&batch->arena);
	batch->count = 0;
}

static void
unpack(const struct record *record, text out[static TEXTS])
{
	const char *at = record->characters;

	for (size_t i = 0; i < TEXTS; i++) {
		out[i] = (text){ NULL, 0 };
		if (record->length[i] == ABSENT)
			continue;
		out[i] = (text){ at, record->length[i] };
		at += record->length[i];
	}
}

static enum result
store_new(
    const struct scope *scope, int64_t campaign_id, int64_t account_id, const text *texts)
{
	return db_run(scope->db, &insert,
	    ARGS(db_int(scope->organization_id), db_int(campaign_id), db_int(account_id),
		db_text(texts[3]), db_text(texts[4]), db_text(texts[5]),
		db_text(texts[6]), db_text(texts[7]), db_int(scope->now.ms)));
}

/* What is stored, with what was given over it; whether that differs. */
static bool
merge(const text *given, const struct db_row *row, const size_t *columns, size_t count,
    struct db_value *out)
{
	bool differs = false;

	for (size_t i = 0; i < count; i++) {
		text old = db_row_text(row, columns[i]);

		out[i] = db_text(given[i].at == NULL ? old : given[i]);
		if (given[i].at != NULL && !(old.at != NULL && text_equal(given[i], old)))
			differs = true;
	}
	return differs;
}

/* An entry whose company the organization has already, and the campaign perhaps. */
static enum result
store_known(const struct scope *scope, int64_t campaign_id, const text *texts,
    struct account_batch_counts *counts, struct campaign_counts *change)
{
	static const size_t company[] = { 1, 2 }, own[] = { 5, 6, 7, 8, 9 };
	struct db_value values[2], wpe[ACCOUNT_TEXTS];
	bool differs, archived;
	struct db_row row;
	enum result r;

	r = db_one(scope->db, scope->arena, &stored,
	    ARGS(db_int(campaign_id), db_int(scope->organization_id), db_text(texts[0])),
	    &row);
	if (r != OK)
		return r;
	differs = merge(&texts[1], &row, company, COUNT(company), values);
	if (differs) {
		r = db_run(scope->db, &update_company,
		    ARGS(values[0], values[1], db_int(db_row_int(&row, 0))));
		if (r != OK)
			return r;
	}
	if (db_row_is_null(&row, 3)) {
		counts->added++;
		change->accounts++;
		change->turned_on++;
		return store_new(scope, campaign_id, db_row_int(&row, 0), texts);
	}
	archived = text_equal(db_row_text(&row, 4), TEXT("archived"));
	differs |= merge(&texts[3], &row, own, COUNT(own), wpe) || archived;
	counts->updated += differs;
	counts->unchanged += !differs;
	if (!differs)
		return OK;
	change->accounts += archived;
	change->turned_on += archived;
	change->archived -= archived;
	return db_run(scope->db, &update,
	    ARGS(db_text(archived ? TEXT("active") : db_row_text(&row, 4)), wpe[0],
		wpe[1], wpe[2], wpe[3], wpe[4],
		db_int(scope_moment(scope, (instant){ db_row_int(&row, 10) }).ms),
		db_int(db_row_int(&row, 3))));
}

static void
read_staged(const void *rows, size_t position, text out[DB_STAGE_COLUMNS])
{
	unpack(((struct record *const *)rows)[position], out);
}

/* Records whose company is new, each domain once. */
struct unknown {
	struct record **records;
	size_t count;
	char label[DOMAIN_MAX];
};

/* As read_staged, with the name that a company gets that came without one. */
static void
read_unknown(const void *rows, size_t position, text out[DB_STAGE_COLUMNS])
{
	struct unknown *unknown = (struct unknown *)(uintptr_t)rows;

	unpack(unknown->records[position], out);
	if (out[1].at == NULL)
		out[1] = account_default_name(out[0], unknown->label);
}

static bool
same_domain(const struct record *a, const struct record *b)
{
	return text_equal(
	    (text){ a->characters, a->length[0] }, (text){ b->characters, b->length[0] });
}

/*
 * Parts the records in those whose company the organization does not know and the
 * others, which come after them: the known ones, and the later ones of a domain that is
 * new.
 */
static enum result
part_records(const struct scope *scope, struct record *const *records, size_t count,
    struct unknown *unknown, struct record **others, size_t *out_others)
{
	const struct db_stage stage = { records, count, read_staged };
	struct db_rows rows;
	size_t next = 0, n = 0;
	enum result r;

	r = db_stage(scope->db, &stage);
	if (r != OK)
		return r;
	r = db_all(
	    scope->db, scope->arena, &known, ARGS(db_int(scope->organization_id)), &rows);
	if (r != OK)
		return r;
	for (size_t i = 0; i < count; i++) {
		bool is_known =
		    next < rows.count && (size_t)db_row_int(&rows.rows[next], 0) == i;

		next += is_known;
		if (is_known || (i > 0 && same_domain(records[i], records[i - 1])))
			others[n++] = records[i];
		else
			unknown->records[unknown->count++] = records[i];
	}
	*out_others = n;
	return OK;
}

static enum result
store_unknown(const struct scope *scope, int64_t campaign_id, struct unknown *unknown,
    struct account_batch_counts *counts, struct campaign_counts *change)
{
	const struct db_stage stage = { unknown, unknown->count, read_unknown };
	enum result r;

	if (unknown->count == 0)
		return OK;
	r = db_stage(scope->db, &stage);
	if (r == OK)
		r = db_run(scope->db, &insert_companies,
		    ARGS(db_int(scope->organization_id), db_int(scope->now.ms)));
	if (r == OK)
		r = db_run(scope->db, &insert_all,
		    ARGS(db_int(scope->organization_id), db_int(campaign_id),
			db_int(scope->now.ms)));
	if (r != OK)
		return r;
	counts->added += (int64_t)unknown->count;
	change->accounts += (int64_t)unknown->count;
	change->turned_on += (int64_t)unknown->count;
	return OK;
}

enum result
account_batch_store(const struct scope *scope, int64_t campaign_id,
    const struct account_batch *batch, size_t from, size_t to,
    struct account_batch_counts *counts)
{
	size_t count = to - from, other_count = 0;
	struct campaign_counts change = { 0 };
	struct unknown unknown = { 0 };
	struct record **others;
	text texts[TEXTS];
	enum result r;

	assert(from <= to && to <= batch->count);
	unknown.records = NEW_ARRAY(scope->arena, struct record *, count);
	others = NEW_ARRAY(scope->arena, struct record *, count);
	r = part_records(
	    scope, batch->records + from, count, &unknown, others, &other_count);
	if (r == OK)
		r = store_unknown(scope, campaign_id, &unknown, counts, &change);
	for (size_t i = 0; i < other_count && r == OK; i++) {
		unpack(others[i], texts);
		r = store_known(scope, campaign_id, texts, counts, &change);
	}
	if (r != OK)
		return r;
	return campaign_count(scope, campaign_id, change);
}
