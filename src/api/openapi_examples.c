/* SPDX-License-Identifier: Apache-2.0 */
#include "api/openapi.h"

#include "api/accounts.h"
#include "api/campaign_view.h"
#include "api/session_view.h"

/*
 * The examples are those of the published API reference: rows with its values, written
 * by the code that writes the answers.
 */
enum { FIRST_DAY_PARTING = 27 };

static const instant campaign_created = { 1529492270906 }; /* 2018-06-20 06:57:50.906 */
static const instant account_created = { 1529502816885 };  /* 2018-06-20 09:53:36.885 */
static const instant joined = { 1524040088932 };           /* 2018-04-18 04:28:08.932 */
static const instant user_created = { 1524040089062 };
static const instant first_sign_in = { 1524040089068 };
static const instant second_sign_in = { 1524040116058 };
static const instant user_updated = { 1524040116062 };

static void
campaign_example(const struct zone *zone, struct arena *arena, struct json_writer *writer)
{
	static const int64_t ids[] = { 1 };
	const struct campaign_ids active = { ids, 1 };
	struct day_parting ranges[DAY_PARTING_DAYS];
	struct campaign campaign;
	struct campaign_view view = {
		.campaign = &campaign,
		.active_ids = &active,
		.day_partings = ranges,
		.day_parting_count = DAY_PARTING_DAYS,
	};

	for (int day = 0; day < DAY_PARTING_DAYS; day++)
		ranges[day] = (struct day_parting){ FIRST_DAY_PARTING + day, day, 4, 20 };
	resource_init(resource_plan_new(&campaign_resource, arena), &campaign.row);
	campaign.id = campaign.organization_id = 1;
	campaign.name = TEXT("My Awesome Campaign");
	campaign.worthy_of_dsp_description = TEXT("No destination Url");
	campaign.created_at = campaign.updated_at = campaign_created;
	resource_set(&campaign_resource, &campaign.row, &campaign.id);
	resource_set(&campaign_resource, &campaign.row, &campaign.organization_id);
	resource_set(&campaign_resource, &campaign.row, &campaign.name);
	resource_set(
	    &campaign_resource, &campaign.row, &campaign.worthy_of_dsp_description);
	resource_set(&campaign_resource, &campaign.row, &campaign.created_at);
	resource_set(&campaign_resource, &campaign.row, &campaign.updated_at);
	campaign_view_print(&view, zone, writer);
}

static void
account_example(const struct zone *zone, struct arena *arena, struct json_writer *writer)
{
	struct account account;

	resource_init(resource_plan_new(&account_resource, arena), &account.row);
	account.id = account.account_id = account.campaign_id = 1;
	account.name = TEXT("Example");
	account.domain = TEXT("example.com");
	account.created_at = account.updated_at = account_created;
	resource_set(&account_resource, &account.row, &account.id);
	resource_set(&account_resource, &account.row, &account.account_id);
	resource_set(&account_resource, &account.row, &account.campaign_id);
	resource_set(&account_resource, &account.row, &account.name);
	resource_set(&account_resource, &account.row, &account.domain);
	resource_set(&account_resource, &account.row, &account.created_at);
	resource_set(&account_resource, &account.row, &account.updated_at);
	account_print(&account, zone, writer);
}

static void
fill_organization(const struct zone *zone, struct arena *arena, struct organization *out)
{
	const struct resource *resource = &organization_resource;
	date end = instant_date(joined, zone);

	resource_init(resource_plan_new(resource, arena), &out->row);
	end.days += (int32_t)out->trial_days;
	out->id = 1;
	out->created_at = out->updated_at = joined;
	out->public_key = TEXT("PUBLIC_KEY");
	out->creator_email = TEXT("email@example.com");
	out->next_charge_date = date_begin(end, zone);
	resource_set(resource, &out->row, &out->id);
	resource_set(resource, &out->row, &out->created_at);
	resource_set(resource, &out->row, &out->updated_at);
	resource_set(resource, &out->row, &out->public_key);
	resource_set(resource, &out->row, &out->creator_email);
	resource_set(resource, &out->row, &out->next_charge_date);
}

static void
fill_user(struct arena *arena, struct user *out)
{
	const struct resource *resource = &user_resource;

	resource_init(resource_plan_new(resource, arena), &out->row);
	out->id = out->organization_id = 1;
	out->email = TEXT("email@example.com");
	out->creator = true;
	out->sign_in_count = 2;
	out->current_sign_in_at = second_sign_in;
	out->last_sign_in_at = first_sign_in;
	out->current_sign_in_ip =
	    (struct ipaddr){ .family = 4, .bytes = { [12] = 127, [15] = 1 } };
	out->last_sign_in_ip = out->current_sign_in_ip;
	out->created_at = user_created;
	out->updated_at = user_updated;
	resource_set(resource, &out->row, &out->id);
	resource_set(resource, &out->row, &out->organization_id);
	resource_set(resource, &out->row, &out->email);
	resource_set(resource, &out->row, &out->current_sign_in_at);
	resource_set(resource, &out->row, &out->last_sign_in_at);
	resource_set(resource, &out->row, &out->current_sign_in_ip);
	resource_set(resource, &out->row, &out->last_sign_in_ip);
	resource_set(resource, &out->row, &out->created_at);
	resource_set(resource, &out->row, &out->updated_at);
}

static void
session_example(const struct zone *zone, struct arena *arena, struct json_writer *writer)
{
	const struct user_summary user = {
		.id = 1,
		.email = TEXT("email@example.com"),
		.last_sign_in_at = first_sign_in,
		.signed_in = true,
		.creator = true,
	};
	struct session_view view = {
		.token = TEXT("YOUR_API_KEY"),
		.users = &user,
		.user_count = 1,
	};

	fill_user(arena, &view.user);
	fill_organization(zone, arena, &view.organization);
	session_view_print(&view, zone, writer);
}

static const struct {
	const char *schema;
	void (*write)(
	    const struct zone *zone, struct arena *arena, struct json_writer *writer);
} examples[] = {
	{ "Campaign", campaign_example },
	{ "Account", account_example },
	{ "Session", session_example },
};

bool
openapi_example(const char *schema, struct arena *arena, struct json_writer *writer)
{
	struct zone *zone;
	size_t i = 0;

	while (i < COUNT(examples) && strcmp(examples[i].schema, schema) != 0)
		i++;
	if (i == COUNT(examples) || zone_open("America/New_York", &zone) != OK)
		return false;
	json_key(writer, "examples");
	json_array_begin(writer);
	examples[i].write(zone, arena, writer);
	json_array_end(writer);
	zone_close(zone);
	return true;
}
