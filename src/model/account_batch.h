/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_ACCOUNT_BATCH_H
#define MODEL_ACCOUNT_BATCH_H

#include "model/account.h"

/*
 * Many accounts on their way into a campaign: entries of a list, packed into little
 * memory, sorted by domain before they are stored, which makes storing them several
 * times as fast.
 */
struct account_batch;

/* An entry.  A text is { NULL, 0 } when it was not given, and keeps what is stored. */
struct account_entry {
	struct row row;
	text company_name;
	text domain_name;
	text zip_code;
	text wpe_text_1;
	text wpe_text_2;
	text wpe_text_3;
	text wpe_text_4;
	text wpe_text_5;
};

/* The keys of an entry's JSON: companyName, domainName ... */
extern const struct resource account_entry_resource;

/* What became of entries that were stored. */
struct account_batch_counts {
	int64_t added;
	int64_t updated;
	int64_t unchanged;
};

struct account_batch *account_batch_new(void);
void account_batch_free(struct account_batch *batch);

/* Copies an entry in, whose domain_name is a registrable domain.  The order of the calls
 * is kept among entries of one domain. */
void account_batch_add(struct account_batch *batch, const struct account_entry *entry);

size_t account_batch_count(const struct account_batch *batch);

/* Bytes of memory that the entries take. */
size_t account_batch_size(const struct account_batch *batch);

/* Sorts; to be called before account_batch_store. */
void account_batch_sort(struct account_batch *batch);

/* Forgets the entries. */
void account_batch_reset(struct account_batch *batch);

/*
 * Stores entries from..to of the sorted batch in a campaign that was touched, and adds
 * to *counts.
 */
MUST_USE enum result account_batch_store(const struct scope *scope, int64_t campaign_id,
    const struct account_batch *batch, size_t from, size_t to,
    struct account_batch_counts *counts);

extern const struct query *const account_batch_queries[];

#endif
