/* SPDX-License-Identifier: Apache-2.0 */
#include "model/campaign.h"

#include "base/url.h"
#include "model/day_parting.h"
#include "model/organization.h"
#include "model/status.h"

#define F(member, kind, ...) FIELD(struct campaign, member, kind, __VA_ARGS__)

enum { MOST_DOLLARS = 1000000000 };

static const char *const bidding_strategies[] = { "CPM", "CPM_PACED", "CPM_OPTIMIZED",
	"CPC", NULL };
static const char *const pacings[] = { "daily", "lifetime", NULL };
static const char *const targets[] = { "geo", "industries", "job_titles", "ip_addresses",
	NULL };

static const struct field fields[] = {
	F(id, ID, .flags = FIELD_READ_ONLY, .doc = "Campaign number."),
	F(name, TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 255,
	    .doc = "Campaign name.", .example = "My Awesome Campaign"),
	F(organization_id, ID, .flags = FIELD_ONCE, .doc = "Whose it is."),
	F(user_defined_status, CHOICE, .choices = status_names, .initial = "active",
	    .doc = "Campaign status."),
	F(archived_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_READ_ONLY,
	    .doc = "When it was archived; null while it is not."),
	F(worthy_of_dsp, BOOL, .initial = "false", .flags = FIELD_COMPUTED,
	    .doc = "Whether the DSP may spend on it now."),
	F(worthy_of_dsp_description, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Why not: every reason, joined by \"; \".  Empty when it may."),
	F(destination_url, TEXT, .flags = FIELD_NULLABLE, .max = URL_MAX,
	    .doc = "Destination URL for people who click your ad.",
	    .example = "http://listenloop.com"),
	F(accounts_count, INT, .flags = FIELD_NULLABLE | FIELD_COUNTER,
	    .doc =
		"How many accounts it has that are not archived; null until the first."),
	F(accounts_with_impression_count, INT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "How many of its accounts saw the ad; null until the first."),
	F(last_user_stopped_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_READ_ONLY,
	    .doc = "When its status last left active."),
	F(start_date, DATE, .flags = FIELD_NULLABLE,
	    .doc = "First day of the campaign, in the organization's time zone."),
	F(end_date, DATE, .flags = FIELD_NULLABLE,
	    .doc = "Last day of the campaign, in the organization's time zone."),
	F(daily_budget, MONEY, .initial = "15.0", .max = DOLLARS(MOST_DOLLARS),
	    .doc = "Daily max spend budget."),
	F(bw_lifetime_budget, MONEY, .initial = "10000.0", .max = DOLLARS(MOST_DOLLARS),
	    .doc = "Campaign entire life budget."),
	F(user_defined_aggressiveness, INT, .flags = FIELD_NULLABLE, .min = 1, .max = 10,
	    .doc = "Campaign aggressiveness."),
	F(user_defined_cpm, MONEY, .initial = "25.0", .max = DOLLARS(MOST_DOLLARS),
	    .doc = "Campaign CPM bid."),
	F(created_at, INSTANT, .flags = FIELD_ONCE, .doc = "When it was made."),
	F(updated_at, INSTANT, .flags = FIELD_READ_ONLY,
	    .doc = "When it was last changed."),
	F(frequency_cap_impressions, INT, .initial = "20", .min = 1, .max = 1000,
	    .doc = "Campaign frequency cap."),
	F(frequency_cap_duration, INT, .initial = "3600", .min = 60, .max = 2592000,
	    .doc = "Campaign frequency cap duration, in seconds."),
	F(billing_type, TEXT, .initial = "monthly_recurring", .flags = FIELD_COMPUTED,
	    .doc = "How it is billed."),
	F(worthy_of_wpe, BOOL, .initial = "false", .flags = FIELD_COMPUTED,
	    .doc = "Whether web page personalization can work."),
	F(worthy_of_wpe_description, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Why not; null while never asked."),
	F(wizard_type, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "The wizard that made it."),
	F(ctc_enabled, BOOL, .initial = "false",
	    .doc = "Is Clickers to Contacts feature enabled."),
	F(targeting_strategy, FLAGS, .choices = targets,
	    .initial = "{\"geo\":true,\"industries\":true,\"job_titles\":true}",
	    .doc = "What narrows the audience.  Keys that are given are merged."),
	F(bidding_strategy, CHOICE, .choices = bidding_strategies, .initial = "CPM",
	    .doc = "Campaign bidding strategy."),
	F(pacing, CHOICE, .choices = pacings, .initial = "daily",
	    .doc = "Campaign pacing type."),
	F(ecpc_target, MONEY, .initial = "0.02", .max = DOLLARS(MOST_DOLLARS),
	    .doc = "Campaign eCPC target."),
	F(max_bid, MONEY, .initial = "0.02", .max = DOLLARS(MOST_DOLLARS),
	    .doc = "Campaign max CPM bid."),
	F(clicks_count, INT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Clicks; null until the first."),
	F(impressions_count, INT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Impressions; null until the first."),
	F(turned_on_accounts_count, INT, .initial = "0", .flags = FIELD_COUNTER,
	    .doc = "How many of its accounts are active."),
	F(ctr, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Clicks by impressions; null while there are none."),
	F(page_views_count, INT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Page views of its accounts; null until the first."),
	F(personalization_c_page_views_count, INT,
	    .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Personalized page views; null until the first."),
	F(conversion_c_page_views_count, INT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Conversions; null until the first."),
	F(conversion_rate, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Conversions by page views; null while there are none."),
	F(targetable_accounts_count, INT, .initial = "0", .flags = FIELD_COMPUTED,
	    .doc = "How many of its accounts have a known network."),
	F(archived_accounts_count, INT, .initial = "0",
	    .flags = FIELD_COUNTER | FIELD_HIDDEN),
	F(version, INT, .initial = "1", .flags = FIELD_COUNTER | FIELD_HIDDEN),
};

enum { BY_ID, PAGE };

static const struct resource_select selects[] = {
	[BY_ID] = { "campaign.by_id", "ii", "WHERE id = $1 AND organization_id = $2" },
	[PAGE] = { "campaign.page", "iii",
	    "WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3" },
};

const struct resource campaign_resource = {
	.name = "campaign",
	.title = "Campaign",
	.table = "campaigns",
	.size = sizeof(struct campaign),
	.fields = fields,
	.field_count = COUNT(fields),
	.selects = selects,
	.select_count = COUNT(selects),
};

static const struct query touch = { "campaign.touch", "ii",
	"UPDATE campaigns SET version = version + 1"
	" WHERE id = $1 AND organization_id = $2" };

static const struct query versions = { "campaign.versions", "ii",
	"SELECT campaigns.version, organizations.version FROM campaigns"
	" JOIN organizations ON organizations.id = campaigns.organization_id"
	" WHERE campaigns.id = $1 AND campaigns.organization_id = $2" };

static const struct query one_more = { "campaign.one_more", "i",
	"UPDATE organizations SET campaigns_count = coalesce(campaigns_count, 0) + 1,"
	" version = version + 1 WHERE id = $1" };

static const struct query switched = { "campaign.switched", "i",
	"UPDATE organizations SET version = version + 1 WHERE id = $1" };

static const struct query count = { "campaign.count", "iiii",
	"UPDATE campaigns SET accounts_count = coalesce(accounts_count, 0) + $1,"
	" turned_on_accounts_count = turned_on_accounts_count + $2,"
	" archived_accounts_count = archived_accounts_count + $3 WHERE id = $4" };

const struct query *const campaign_queries[] = { &touch, &versions, &one_more, &switched,
	&count, NULL };

void
campaign_init(const struct scope *scope, struct campaign *out)
{
	resource_init(scope->model->campaign, &out->row);
}

static bool
is_null(const struct campaign *campaign, const void *member)
{
	return resource_is_null(&campaign_resource, &campaign->row, member);
}

static bool
is_given(const struct campaign *campaign, const void *member)
{
	return resource_is_given(&campaign_resource, &campaign->row, member);
}

void
campaign_check(
    const struct scope *scope, struct campaign *campaign, struct problems *problems)
{
	const char *reason;
	text url;

	if (is_given(campaign, &campaign->destination_url) &&
	    !is_null(campaign, &campaign->destination_url)) {
		if (url_normalize(scope->model->suffixes, scope->arena,
			campaign->destination_url, &url, &reason) == OK)
			campaign->destination_url = url;
		else
			problems_add(problems, "destination_url", "%s", reason);
	}
	if (!is_null(campaign, &campaign->start_date) &&
	    !is_null(campaign, &campaign->end_date) &&
	    campaign->end_date.days < campaign->start_date.days)
		problems_add(problems, "end_date", "must not be before start_date");
}

/* What follows from a change of status, `from` being the status before. */
static void
follow_status(const struct scope *scope, enum status from, struct campaign *campaign)
{
	const struct resource *resource = &campaign_resource;

	if (from == STATUS_ACTIVE && campaign->user_defined_status != STATUS_ACTIVE) {
		campaign->last_user_stopped_at = scope->now;
		resource_set(resource, &campaign->row, &campaign->last_user_stopped_at);
	}
	if (from != STATUS_ARCHIVED && campaign->user_defined_status == STATUS_ARCHIVED) {
		campaign->archived_at = scope->now;
		resource_set(resource, &campaign->row, &campaign->archived_at);
	}
	if (campaign->user_defined_status != STATUS_ARCHIVED)
		resource_set_null(resource, &campaign->row, &campaign->archived_at);
}

enum result
campaign_create(const struct scope *scope, struct campaign *campaign)
{
	enum result r;

	campaign->organization_id = scope->organization_id;
	campaign->created_at = campaign->updated_at = scope->now;
	resource_set(&campaign_resource, &campaign->row, &campaign->organization_id);
	resource_set(&campaign_resource, &campaign->row, &campaign->created_at);
	resource_set(&campaign_resource, &campaign->row, &campaign->updated_at);
	if (campaign->user_defined_status == STATUS_ARCHIVED) {
		campaign->archived_at = scope->now;
		resource_set(&campaign_resource, &campaign->row, &campaign->archived_at);
	}
	r = resource_insert(
	    scope->model->campaign, scope->db, scope->arena, &campaign->row);
	if (r != OK)
		return r;
	campaign->id = db_last_id(scope->db);
	r = db_run(scope->db, &one_more, ARGS(db_int(scope->organization_id)));
	if (r != OK)
		return r;
	return day_parting_create_all(scope, campaign->id);
}

enum result
campaign_find(const struct scope *scope, int64_t id, struct campaign *out)
{
	struct db_row row;
	enum result r;

	r = db_one(scope->db, scope->arena, &scope->model->campaign->selects[BY_ID],
	    ARGS(db_int(id), db_int(scope->organization_id)), &row);
	if (r != OK)
		return r;
	return resource_load(scope->model->campaign, &row, &out->row);
}

enum result
campaign_touch(const struct scope *scope, int64_t id)
{
	enum result r;

	r = db_run(scope->db, &touch, ARGS(db_int(id), db_int(scope->organization_id)));
	if (r != OK)
		return r;
	return db_changes(scope->db) == 1 ? OK : NOT_FOUND;
}

enum result
campaign_edit(const struct scope *scope, const struct campaign *before,
    struct campaign *campaign, bool more)
{
	enum result r;

	follow_status(scope, before->user_defined_status, campaign);
	if (!more && resource_equal(&campaign_resource, &before->row, &campaign->row))
		return OK;
	campaign->updated_at = scope_moment(scope, before->updated_at);
	r = resource_update(
	    scope->model->campaign, scope->db, scope->arena, &campaign->row);
	if (r != OK || before->user_defined_status == campaign->user_defined_status)
		return r;
	return db_run(scope->db, &switched, ARGS(db_int(scope->organization_id)));
}

enum result
campaign_versions(const struct scope *scope, int64_t id, struct campaign_versions *out)
{
	struct db_row row;
	enum result r;

	r = db_one(scope->db, scope->arena, &versions,
	    ARGS(db_int(id), db_int(scope->organization_id)), &row);
	if (r != OK)
		return r;
	*out = (struct campaign_versions){ db_row_int(&row, 0), db_row_int(&row, 1) };
	return OK;
}

enum result
campaign_list(const struct scope *scope, int64_t after, int64_t limit,
    struct campaign **out, size_t *out_count)
{
	struct campaign *campaigns;
	struct db_rows rows;
	enum result r;

	r = db_all(scope->db, scope->arena, &scope->model->campaign->selects[PAGE],
	    ARGS(db_int(scope->organization_id), db_int(after), db_int(limit)), &rows);
	if (r != OK)
		return r;
	campaigns = NEW_ARRAY(scope->arena, struct campaign, rows.count);
	for (size_t i = 0; i < rows.count && r == OK; i++)
		r = resource_load(
		    scope->model->campaign, &rows.rows[i], &campaigns[i].row);
	*out = campaigns;
	*out_count = rows.count;
	return r;
}

static void
add_reason(const struct scope *scope, struct campaign *campaign, text reason)
{
	text *all = &campaign->worthy_of_dsp_description;

	*all = all->length == 0
	           ? reason
	           : arena_print(scope->arena, "%.*s; %.*s", (int)all->length, all->at,
			 (int)reason.length, reason.at);
}

static void
judge_dates(const struct scope *scope, struct campaign *campaign)
{
	date today = instant_date(scope->now, scope->zone);
	char day[DATE_MAX];

	if (!is_null(campaign, &campaign->start_date) &&
	    today.days < campaign->start_date.days) {
		date_print(campaign->start_date, day);
		add_reason(scope, campaign,
		    arena_print(scope->arena, "Campaign starts on %s", day));
	}
	if (!is_null(campaign, &campaign->end_date) &&
	    today.days > campaign->end_date.days) {
		date_print(campaign->end_date, day);
		add_reason(scope, campaign,
		    arena_print(scope->arena, "Campaign ended on %s", day));
	}
}

void
campaign_judge(const struct scope *scope, const struct organization *organization,
    struct campaign *campaign)
{
	campaign->worthy_of_dsp_description = TEXT("");
	resource_set(
	    &campaign_resource, &campaign->row, &campaign->worthy_of_dsp_description);
	if (is_null(campaign, &campaign->destination_url))
		add_reason(scope, campaign, TEXT("No destination Url"));
	if (campaign->user_defined_status == STATUS_PAUSED)
		add_reason(scope, campaign, TEXT("Campaign is paused"));
	if (campaign->user_defined_status == STATUS_ARCHIVED)
		add_reason(scope, campaign, TEXT("Campaign is archived"));
	judge_dates(scope, campaign);
	if (organization->user_defined_status != STATUS_ACTIVE)
		add_reason(scope, campaign, TEXT("Organization is not active"));
	if (organization_trial_over(scope, organization) &&
	    organization->credits.micros <= 0)
		add_reason(scope, campaign, TEXT("Out of credits"));
	campaign->worthy_of_dsp = campaign->worthy_of_dsp_description.length == 0;
}

enum result
campaign_count(const struct scope *scope, int64_t id, struct campaign_counts change)
{
	return db_run(scope->db, &count,
	    ARGS(db_int(change.accounts), db_int(change.turned_on),
		db_int(change.archived), db_int(id)));
}
