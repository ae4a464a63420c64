/* SPDX-License-Identifier: Apache-2.0 */
#include "model/organization.h"

#include "base/log.h"
#include "model/status.h"

#define F(member, kind, ...) FIELD(struct organization, member, kind, __VA_ARGS__)

static const struct field fields[] = {
	F(id, ID, .flags = FIELD_READ_ONLY, .doc = "Organization number."),
	F(user_defined_status, CHOICE, .choices = status_names, .initial = "active",
	    .flags = FIELD_READ_ONLY, .doc = "Organization status."),
	F(last_paused_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_READ_ONLY,
	    .doc = "When it was last paused."),
	F(worthy_of_dsp, BOOL, .initial = "false", .flags = FIELD_COMPUTED,
	    .doc = "Whether it has credits to spend."),
	F(worthy_of_dsp_description, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Why it has none."),
	F(credits, MONEY, .initial = "0.0", .flags = FIELD_COUNTER,
	    .doc = "What is left to spend, in dollars."),
	F(charge_software_fee, BOOL, .initial = "false", .flags = FIELD_COMPUTED,
	    .doc = "Whether a fee is charged for the software: never by this server."),
	F(last_started_processing_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "When delivery data was last begun to be processed."),
	F(last_successfully_processed_at, INSTANT,
	    .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "When delivery data was last processed."),
	F(campaigns_count, INT, .flags = FIELD_NULLABLE | FIELD_COUNTER,
	    .doc = "How many campaigns it has; null until the first."),
	F(team_members_count, INT, .flags = FIELD_NULLABLE | FIELD_COUNTER,
	    .doc = "How many users it has beside its creator; null until the first."),
	F(payment_method, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "How it pays."),
	F(auto_refill, BOOL, .initial = "true", .flags = FIELD_COMPUTED,
	    .doc = "Whether credits are bought when they run out."),
	F(created_at, INSTANT, .flags = FIELD_ONCE, .doc = "When it was made."),
	F(updated_at, INSTANT, .flags = FIELD_READ_ONLY,
	    .doc = "When it was last changed."),
	F(last_archived_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_READ_ONLY,
	    .doc = "When it was last archived."),
	F(public_key, TEXT, .flags = FIELD_ONCE, .doc = "The key that the tag carries."),
	F(ip_lookup_credits_allotted, INT, .initial = "500", .flags = FIELD_READ_ONLY,
	    .doc = "How many accounts may be looked up."),
	F(ip_lookup_credits_used, INT, .initial = "0", .flags = FIELD_COUNTER,
	    .doc = "How many were."),
	F(update_bw_blocked_domain_list, BOOL, .initial = "true", .flags = FIELD_COMPUTED,
	    .doc = "Whether the DSP's list of blocked domains is kept up to date."),
	F(trial_days, INT, .initial = "14", .flags = FIELD_READ_ONLY,
	    .doc = "How many days the trial lasts."),
	F(next_charge_date, INSTANT, .flags = FIELD_COMPUTED,
	    .doc = "The midnight at which the trial ends."),
	F(last_charged_at_date, INSTANT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "When it was last charged."),
	F(fee_per_account, MONEY, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "What an account costs."),
	F(ctc_enabled, BOOL, .initial = "false", .flags = FIELD_READ_ONLY,
	    .doc = "Whether Clickers to Contacts is enabled."),
	F(loop_js_added, BOOL, .initial = "false", .flags = FIELD_READ_ONLY,
	    .doc = "Whether the tag was seen."),
	F(page_views_a_minute, INT, .initial = "100",
	    .flags = FIELD_READ_ONLY | FIELD_HIDDEN),
	F(min_charge_amount, MONEY, .initial = "500.0", .flags = FIELD_READ_ONLY,
	    .doc = "The least that is charged at once."),
	F(creator_email, TEXT, .flags = FIELD_ONCE, .doc = "The e-mail of who made it."),
	F(logo_url, TEXT, .flags = FIELD_NULLABLE, .max = 2048, .doc = "Its logo."),
	F(name, TEXT, .flags = FIELD_NULLABLE, .max = 255, .doc = "Its name."),
	F(domain, TEXT, .flags = FIELD_NULLABLE, .max = 255, .doc = "Its domain."),
	F(time_zone, TEXT, .initial = "America/New_York", .flags = FIELD_HIDDEN),
	F(version, INT, .initial = "1", .flags = FIELD_HIDDEN | FIELD_COUNTER),
};

enum { BY_ID };

static const struct resource_select selects[] = {
	[BY_ID] = { "organization.by_id", "i", "WHERE id = $1" },
};

const struct resource organization_resource = {
	.name = "organization",
	.title = "Organization",
	.table = "organizations",
	.size = sizeof(struct organization),
	.fields = fields,
	.field_count = COUNT(fields),
	.selects = selects,
	.select_count = COUNT(selects),
};

static const struct query campaign_ids = { "organization.campaign_ids", "i",
	"SELECT id FROM campaigns WHERE organization_id = $1 ORDER BY id" };

static const struct query active_campaign_ids = { "organization.active_campaign_ids", "i",
	"SELECT id FROM campaigns WHERE organization_id = $1"
	" AND user_defined_status = 'active' ORDER BY id" };

static const struct query everybody = {
	"organization.everybody", "",
	"SELECT id, name, creator_email, campaigns_count FROM organizations ORDER BY id"
};

const struct query *const organization_queries[] = { &campaign_ids, &active_campaign_ids,
	&everybody, NULL };

enum result
organization_create(struct scope *scope, text creator_email, text name, text time_zone,
    struct organization *out)
{
	const struct resource *resource = &organization_resource;
	char public_key[SECRET_PUBLIC_LENGTH + 1];
	struct zone *zone;
	enum result r;

	resource_init(scope->model->organization, &out->row);
	if (time_zone.at != NULL) {
		r = zone_open(arena_copy(scope->arena, time_zone).at, &zone);
		if (r != OK) {
			log_error("there is no time zone %.*s", (int)time_zone.length,
			    time_zone.at);
			return INVALID;
		}
		zone_close(zone);
		out->time_zone = time_zone;
	}
	secret_public(public_key);
	out->public_key = arena_copy(scope->arena, text_of(public_key));
	out->creator_email = creator_email;
	out->created_at = out->updated_at = scope->now;
	resource_set(resource, &out->row, &out->public_key);
	resource_set(resource, &out->row, &out->creator_email);
	resource_set(resource, &out->row, &out->created_at);
	resource_set(resource, &out->row, &out->updated_at);
	if (name.at != NULL) {
		out->name = name;
		resource_set(resource, &out->row, &out->name);
	}
	r = resource_insert(
	    scope->model->organization, scope->db, scope->arena, &out->row);
	if (r != OK)
		return r;
	out->id = scope->organization_id = db_last_id(scope->db);
	return OK;
}

static date
trial_end(const struct scope *scope, const struct organization *organization)
{
	date day = instant_date(organization->created_at, scope->zone);

	day.days += (int32_t)organization->trial_days;
	return day;
}

enum result
organization_find(const struct scope *scope, struct organization *out)
{
	struct db_row row;
	enum result r;

	r = db_one(scope->db, scope->arena, &scope->model->organization->selects[BY_ID],
	    ARGS(db_int(scope->organization_id)), &row);
	if (r != OK)
		return r;
	r = resource_load(scope->model->organization, &row, &out->row);
	if (r != OK)
		return r;
	out->worthy_of_dsp = out->credits.micros > 0;
	out->next_charge_date = date_begin(trial_end(scope, out), scope->zone);
	resource_set(&organization_resource, &out->row, &out->next_charge_date);
	return OK;
}

bool
organization_trial_over(
    const struct scope *scope, const struct organization *organization)
{
	return instant_date(scope->now, scope->zone).days >=
	       trial_end(scope, organization).days;
}

static enum result
load_ids(const struct scope *scope, const struct query *query, struct campaign_ids *out)
{
	struct db_rows rows;
	int64_t *ids;
	enum result r;

	r = db_all(
	    scope->db, scope->arena, query, ARGS(db_int(scope->organization_id)), &rows);
	if (r != OK)
		return r;
	ids = NEW_ARRAY(scope->arena, int64_t, rows.count);
	for (size_t i = 0; i < rows.count; i++)
		ids[i] = db_row_int(&rows.rows[i], 0);
	*out = (struct campaign_ids){ ids, rows.count };
	return OK;
}

enum result
organization_campaigns(const struct scope *scope, struct campaign_ids *out)
{
	return load_ids(scope, &campaign_ids, out);
}

enum result
organization_active_campaigns(const struct scope *scope, struct campaign_ids *out)
{
	return load_ids(scope, &active_campaign_ids, out);
}

enum result
organization_list(struct db *db, struct arena *arena, struct db_rows *out)
{
	return db_all(db, arena, &everybody, NO_ARGS, out);
}
