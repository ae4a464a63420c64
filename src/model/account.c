/* SPDX-License-Identifier: Apache-2.0 */
#include "model/account.h"

#include "model/campaign.h"
#include "model/status.h"

#define F(member, kind, ...) FIELD(struct account, member, kind, __VA_ARGS__)

static const char *const sources[] = {
	[SOURCE_USER] = "user",
	[SOURCE_LIST] = "list",
	[SOURCE_SALESFORCE] = "salesforce",
	[SOURCE_API] = "api",
	NULL,
};

static const char *const lookup_statuses[] = {
	[LOOKUP_PENDING] = "pending",
	[LOOKUP_FOUND] = "found",
	[LOOKUP_NOT_FOUND] = "not_found",
	[LOOKUP_NO_CREDITS] = "no_credits",
	[LOOKUP_FAILED] = "failed",
	NULL,
};

#define CA(name) .column = "campaign_accounts." name
#define A(name)  .column = "accounts." name
#define WPE(n)                                                                           \
	F(wpe_text_##n, TEXT, CA("wpe_text_" #n), .flags = FIELD_NULLABLE, .max = 255,   \
	    .doc = "Web page personalization text " #n ".")

static const struct field fields[] = {
	F(id, ID, CA("id"), .flags = FIELD_READ_ONLY,
	    .doc = "Number of the account in this campaign."),
	F(account_id, ID, CA("account_id"), .flags = FIELD_READ_ONLY,
	    .doc =
		"Number of the account in the organization: the same in all campaigns."),
	F(name, TEXT, A("name"), .min = 1, .max = 255,
	    .doc = "Account name.  At first the domain's first label.",
	    .example = "Example"),
	F(domain, TEXT, A("domain"), .flags = FIELD_REQUIRED, .max = 2048,
	    .doc = "Account domain.  Anything with one in it: a URL, a host name.",
	    .example = "example.com"),
	F(source, CHOICE, CA("source"), .choices = sources, .initial = "user",
	    .flags = FIELD_READ_ONLY, .doc = "How it came into the campaign."),
	F(created_at, INSTANT, CA("created_at"), .flags = FIELD_READ_ONLY,
	    .doc = "When it came into the campaign."),
	F(updated_at, INSTANT, CA("updated_at"), .flags = FIELD_READ_ONLY,
	    .doc = "When it was last changed."),
	F(user_defined_status, CHOICE, CA("user_defined_status"), .choices = status_names,
	    .initial = "active", .doc = "Account status."),
	F(worthy_of_dsp, BOOL, .initial = "false", .flags = FIELD_COMPUTED,
	    .doc = "Whether the DSP may spend on it now."),
	F(worthy_of_dsp_description, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Why not; null until its networks were looked up."),
	F(targeting_update_needed, BOOL, .initial = "false", .flags = FIELD_COMPUTED,
	    .doc = "Whether what the DSP holds is older than what is wanted."),
	F(last_user_paused_at, INSTANT, CA("last_user_paused_at"),
	    .flags = FIELD_NULLABLE | FIELD_READ_ONLY, .doc = "When it was last paused."),
	F(setup_third_party_last_ran_at, INSTANT,
	    .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "When it was last brought to the DSP."),
	F(campaign_id, ID, CA("campaign_id"), .flags = FIELD_READ_ONLY,
	    .doc = "The campaign it is in."),
	WPE(1),
	WPE(2),
	WPE(3),
	WPE(4),
	WPE(5),
	F(ip_addresses_count, INT, .initial = "0", .flags = FIELD_COMPUTED,
	    .doc = "How many addresses are known for it."),
	F(kick_fire_lookup_status, CHOICE, A("kick_fire_lookup_status"),
	    .choices = lookup_statuses, .initial = "pending", .flags = FIELD_READ_ONLY,
	    .doc = "How the look-up of its networks stands."),
	F(last_kick_fire_looked_up_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "When its networks were last looked up."),
	F(logo_url, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED, .doc = "Its logo."),
	F(postal_code, TEXT, A("postal_code"), .flags = FIELD_NULLABLE | FIELD_WRITE_ONLY,
	    .max = 255, .doc = "Postal code; shown in account_locations.",
	    .example = "10001"),
};

enum { BY_ID, PAGE };

static const struct resource_select selects[] = {
	[BY_ID] = { "account.by_id", "iii",
	    "WHERE campaign_accounts.id = $1 AND campaign_accounts.campaign_id = $2"
	    " AND campaign_accounts.organization_id = $3" },
	[PAGE] = { "account.page", "iiii",
	    "WHERE campaign_accounts.campaign_id = $1 AND campaign_accounts.id > $2"
	    " AND campaign_accounts.organization_id = $3"
	    " ORDER BY campaign_accounts.id LIMIT $4" },
};

const struct resource account_resource = {
	.name = "account",
	.title = "Account",
	.from = "campaign_accounts JOIN accounts ON accounts.id = "
		"campaign_accounts.account_id",
	.size = sizeof(struct account),
	.fields = fields,
	.field_count = COUNT(fields),
	.selects = selects,
	.select_count = COUNT(selects),
};

static const struct query insert_company = { "account.insert_company", "itttti",
	"INSERT INTO accounts (organization_id, domain, name, postal_code,"
	" kick_fire_lookup_status, created_at) VALUES ($1, $2, $3, $4, $5, $6)"
	" ON CONFLICT (organization_id, domain) DO NOTHING" };

static const struct query company_by_domain = { "account.company_by_domain", "it",
	"SELECT id, name, postal_code FROM accounts"
	" WHERE organization_id = $1 AND domain = $2" };

static const struct query update_company = { "account.update_company", "ttii",
	"UPDATE accounts SET name = $1, postal_code = $2"
	" WHERE id = $3 AND organization_id = $4" };

static const struct query insert = { "account.insert", "iiittitttttii",
	"INSERT INTO campaign_accounts (organization_id, campaign_id, account_id, source,"
	" user_defined_status, last_user_paused_at, wpe_text_1, wpe_text_2, wpe_text_3,"
	" wpe_text_4, wpe_text_5, created_at, updated_at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
	" ON CONFLICT (campaign_id, account_id) DO NOTHING" };

static const struct query by_company = { "account.by_company", "ii",
	"SELECT id FROM campaign_accounts WHERE campaign_id = $1 AND account_id = $2" };

static const struct query update = { "account.update", "ititttttii",
	"UPDATE campaign_accounts SET account_id = $1, user_defined_status = $2,"
	" last_user_paused_at = $3, wpe_text_1 = $4, wpe_text_2 = $5, wpe_text_3 = $6,"
	" wpe_text_4 = $7, wpe_text_5 = $8, updated_at = $9 WHERE id = $10" };

const struct query *const account_queries[] = { &insert_company, &company_by_domain,
	&update_company, &insert, &by_company, &update, NULL };

void
account_init(const struct scope *scope, struct account *out)
{
	resource_init(scope->model->account, &out->row);
}

static bool
is_null(const struct account *account, const void *member)
{
	return resource_is_null(&account_resource, &account->row, member);
}

static bool
is_given(const struct account *account, const void *member)
{
	return resource_is_given(&account_resource, &account->row, member);
}

/* A nullable text as a parameter. */
static struct db_value
nullable(const struct account *account, const text *member)
{
	return is_null(account, member) ? db_null() : db_text(*member);
}

void
account_check(
    const struct scope *scope, struct account *account, struct problems *problems)
{
	char domain[DOMAIN_MAX];
	const char *reason;
	size_t length;

	if (is_null(account, &account->domain) || !is_given(account, &account->domain))
		return;
	if (domain_parse(scope->model->suffixes, account->domain, domain, &length,
		&reason) != OK) {
		problems_add(problems, "domain", "%s", reason);
		return;
	}
	account->domain = arena_copy(scope->arena, (text){ domain, length });
}

text
account_default_name(text domain, char out[static DOMAIN_MAX])
{
	const char *dot = memchr(domain.at, '.', domain.length);
	size_t length = dot == NULL ? domain.length : (size_t)(dot - domain.at);

	memcpy(out, domain.at, length);
	if (out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
	return (text){ out, length };
}

/*
 * Finds or makes the organization's account of a domain and sets account_id.  A name or
 * postal code that was given replaces what is known; one that was not is taken from it.
 */
static enum result
join_company(const struct scope *scope, struct account *account)
{
	bool named = !is_null(account, &account->name);
	bool located = !is_null(account, &account->postal_code);
	char label[DOMAIN_MAX];
	struct db_row row;
	text name;
	enum result r;

	name = named ? account->name : account_default_name(account->domain, label);
	r = db_run(scope->db, &insert_company,
	    ARGS(db_int(scope->organization_id), db_text(account->domain), db_text(name),
		nullable(account, &account->postal_code),
		db_text(text_of(lookup_statuses[LOOKUP_PENDING])),
		db_int(scope->now.ms)));
	if (r != OK)
		return r;
	if (db_changes(scope->db) == 1) {
		account->account_id = db_last_id(scope->db);
		return OK;
	}
	r = db_one(scope->db, scope->arena, &company_by_domain,
	    ARGS(db_int(scope->organization_id), db_text(account->domain)), &row);
	if (r != OK)
		return r;
	account->account_id = db_row_int(&row, 0);
	if (!named && !located)
		return OK;
	return db_run(scope->db, &update_company,
	    ARGS(db_text(named ? account->name : db_row_text(&row, 1)),
		db_text(located ? account->postal_code : db_row_text(&row, 2)),
		db_int(account->account_id), db_int(scope->organization_id)));
}

/* How a campaign's counts move when an account's status does; -1: it was not there. */
static struct campaign_counts
counts_change(int from, int to)
{
	return (struct campaign_counts){
		.accounts =
		    (to != STATUS_ARCHIVED) - (from >= 0 && from != STATUS_ARCHIVED),
		.turned_on = (to == STATUS_ACTIVE) - (from == STATUS_ACTIVE),
		.archived = (to == STATUS_ARCHIVED) - (from == STATUS_ARCHIVED),
	};
}

static void
follow_status(const struct scope *scope, enum status from, struct account *account)
{
	if (from == STATUS_PAUSED || account->user_defined_status != STATUS_PAUSED)
		return;
	account->last_user_paused_at = scope->now;
	resource_set(&account_resource, &account->row, &account->last_user_paused_at);
}

/* The number of the campaign's account of that company, into account->id. */
static enum result
find_twin(const struct scope *scope, int64_t campaign_id, struct account *account)
{
	struct db_row row;
	enum result r;

	r = db_one(scope->db, scope->arena, &by_company,
	    ARGS(db_int(campaign_id), db_int(account->account_id)), &row);
	if (r == OK)
		account->id = db_row_int(&row, 0);
	return r;
}

/* The fields of the campaign's own that were given, over what is stored. */
static void
merge_given(const struct account *given, struct account *into)
{
	const text *from[ACCOUNT_TEXTS] = { &given->wpe_text_1, &given->wpe_text_2,
		&given->wpe_text_3, &given->wpe_text_4, &given->wpe_text_5 };
	text *to[ACCOUNT_TEXTS] = { &into->wpe_text_1, &into->wpe_text_2,
		&into->wpe_text_3, &into->wpe_text_4, &into->wpe_text_5 };

	into->user_defined_status = given->user_defined_status;
	for (size_t i = 0; i < ACCOUNT_TEXTS; i++)
		if (!is_null(given, from[i])) {
			*to[i] = *from[i];
			resource_set(&account_resource, &into->row, to[i]);
		}
}

static enum result
restore(const struct scope *scope, int64_t campaign_id, struct account *account,
    bool *out_restored)
{
	struct account before, after;
	enum result r;

	r = find_twin(scope, campaign_id, account);
	if (r != OK)
		return r == NOT_FOUND ? BROKEN : r;
	r = account_find(scope, campaign_id, account->id, &before);
	if (r != OK)
		return r;
	if (before.user_defined_status != STATUS_ARCHIVED)
		return CONFLICT;
	after = before;
	merge_given(account, &after);
	*out_restored = true;
	return account_edit(scope, &before, &after);
}

enum result
account_create(const struct scope *scope, int64_t campaign_id, struct account *account,
    bool *out_restored)
{
	enum result r;

	*out_restored = false;
	r = join_company(scope, account);
	if (r != OK)
		return r;
	r = db_run(scope->db, &insert,
	    ARGS(db_int(scope->organization_id), db_int(campaign_id),
		db_int(account->account_id), db_text(text_of(sources[account->source])),
		db_text(text_of(status_names[account->user_defined_status])),
		is_null(account, &account->last_user_paused_at)
		    ? db_null()
		    : db_int(account->last_user_paused_at.ms),
		nullable(account, &account->wpe_text_1),
		nullable(account, &account->wpe_text_2),
		nullable(account, &account->wpe_text_3),
		nullable(account, &account->wpe_text_4),
		nullable(account, &account->wpe_text_5), db_int(scope->now.ms),
		db_int(scope->now.ms)));
	if (r != OK)
		return r;
	if (db_changes(scope->db) == 0)
		return restore(scope, campaign_id, account, out_restored);
	account->id = db_last_id(scope->db);
	return campaign_count(
	    scope, campaign_id, counts_change(-1, (int)account->user_defined_status));
}

enum result
account_find(
    const struct scope *scope, int64_t campaign_id, int64_t id, struct account *out)
{
	struct db_row row;
	enum result r;

	r = db_one(scope->db, scope->arena, &scope->model->account->selects[BY_ID],
	    ARGS(db_int(id), db_int(campaign_id), db_int(scope->organization_id)), &row);
	if (r != OK)
		return r;
	return resource_load(scope->model->account, &row, &out->row);
}

/* Moves a campaign account to the company of another domain, which has a name and a place
 * of its own. */
static enum result
move_company(
    const struct scope *scope, const struct account *before, struct account *account)
{
	struct account twin;
	enum result r;

	if (!is_given(account, &account->name))
		resource_set_null(&account_resource, &account->row, &account->name);
	if (!is_given(account, &account->postal_code))
		resource_set_null(
		    &account_resource, &account->row, &account->postal_code);
	r = join_company(scope, account);
	if (r != OK)
		return r;
	twin = *account;
	r = find_twin(scope, before->campaign_id, &twin);
	if (r == NOT_FOUND)
		return OK;
	account->id = twin.id;
	return r == OK ? CONFLICT : r;
}

static enum result
edit_company(
    const struct scope *scope, const struct account *before, struct account *account)
{
	if (!text_equal(account->domain, before->domain))
		return move_company(scope, before, account);
	return db_run(scope->db, &update_company,
	    ARGS(db_text(account->name), nullable(account, &account->postal_code),
		db_int(account->account_id), db_int(scope->organization_id)));
}

enum result
account_edit(
    const struct scope *scope, const struct account *before, struct account *account)
{
	enum result r;

	follow_status(scope, before->user_defined_status, account);
	if (resource_equal(&account_resource, &before->row, &account->row))
		return OK;
	r = edit_company(scope, before, account);
	if (r != OK)
		return r;
	account->updated_at = scope_moment(scope, before->updated_at);
	r = db_run(scope->db, &update,
	    ARGS(db_int(account->account_id),
		db_text(text_of(status_names[account->user_defined_status])),
		is_null(account, &account->last_user_paused_at)
		    ? db_null()
		    : db_int(account->last_user_paused_at.ms),
		nullable(account, &account->wpe_text_1),
		nullable(account, &account->wpe_text_2),
		nullable(account, &account->wpe_text_3),
		nullable(account, &account->wpe_text_4),
		nullable(account, &account->wpe_text_5), db_int(account->updated_at.ms),
		db_int(account->id)));
	if (r != OK || before->user_defined_status == account->user_defined_status)
		return r;
	return campaign_count(scope, before->campaign_id,
	    counts_change(
		(int)before->user_defined_status, (int)account->user_defined_status));
}

enum result
account_list(const struct scope *scope, int64_t campaign_id, int64_t after, int64_t limit,
    struct account **out, size_t *out_count)
{
	struct account *accounts;
	struct db_rows rows;
	enum result r;

	r = db_all(scope->db, scope->arena, &scope->model->account->selects[PAGE],
	    ARGS(db_int(campaign_id), db_int(after), db_int(scope->organization_id),
		db_int(limit)),
	    &rows);
	if (r != OK)
		return r;
	accounts = NEW_ARRAY(scope->arena, struct account, rows.count);
	for (size_t i = 0; i < rows.count && r == OK; i++)
		r = resource_load(scope->model->account, &rows.rows[i], &accounts[i].row);
	*out = accounts;
	*out_count = rows.count;
	return r;
}
