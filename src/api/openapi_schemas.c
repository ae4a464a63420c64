/* SPDX-License-Identifier: Apache-2.0 */
#include "api/openapi.h"

#include "model/account_batch.h"
#include "model/campaign.h"
#include "model/campaign_item.h"
#include "model/organization.h"
#include "model/user.h"

/*
 * What answers hold beside the fields of their resource: JSON schemas, written out
 * because nothing else declares them.
 */
#define ID                 "{\"type\":\"integer\",\"format\":\"int64\"}"
#define IDS                "{\"type\":\"array\",\"items\":" ID "}"
#define STRING             "{\"type\":\"string\"}"
#define NOTHING            "{\"type\":\"array\",\"maxItems\":0}"
#define REF(of)            "{\"$ref\":\"#/components/schemas/" of "\"}"
#define OBJECT(properties) "{\"type\":\"object\",\"properties\":{" properties "}}"
#define ARRAY(items)       "{\"type\":\"array\",\"items\":" items "}"

struct extra {
	const char *key;
	const char *schema;
};

static const struct extra campaign_extras[] = {
	{ "organization",
	    "{\"type\":\"object\",\"description\":\"The organization, and its active "
	    "campaigns and this one.\",\"properties\":{\"id\":" ID ",\"campaigns\":" IDS
	    "},\"required\":[\"id\",\"campaigns\"]}" },
	{ "job_titles", ARRAY(REF("CampaignItem")) },
	{ "inventories", ARRAY(REF("CampaignItem")) },
	{ "geo_optimizations", ARRAY(REF("CampaignItem")) },
	{ "device_types", ARRAY(REF("CampaignItem")) },
	{ "carriers", ARRAY(REF("CampaignItem")) },
	{ "personalization_criteria", ARRAY(REF("CampaignItem")) },
	{ "conversion_criteria", ARRAY(REF("CampaignItem")) },
	{ "salesforce_lists", ARRAY(REF("CampaignItem")) },
	{ "day_partings", ARRAY(REF("DayParting")) },
};

static const struct extra account_extras[] = {
	{ "account_locations", ARRAY(OBJECT("\"postal_code\":" STRING)) },
	{ "account_industries", ARRAY("{}") },
	{ "campaign", OBJECT("\"id\":" ID) },
	{ "beeswax_line_item", "{\"type\":\"null\"}" },
};

static const struct extra session_extras[] = {
	{ "authentication_token", "{\"type\":[\"string\",\"null\"]}" },
	{ "organization", REF("Organization") },
};

static const struct extra organization_extras[] = {
	{ "rate_limiting", OBJECT("\"page_view\":" ID) },
	{ "users", ARRAY(OBJECT(
		       "\"id\":" ID ",\"email\":" STRING
		       ",\"last_sign_in_at\":{\"type\":[\"string\",\"null\"],"
		       "\"format\":\"date-time\"},\"creator\":{\"type\":\"boolean\"}")) },
	{ "campaigns", IDS },
	{ "organization_basics", NOTHING },
	{ "payment_information", "{\"type\":\"null\"}" },
	{ "salesforce", "{\"type\":\"null\"}" },
	{ "payment_transactions", NOTHING },
	{ "lastSavedWizardProgress", "{\"type\":\"object\"}" },
	{ "organization_brand_safety_segments", NOTHING },
	{ "beeswax_advertiser", "{\"type\":\"null\"}" },
};

/* Schemas that no resource makes. */
static const struct extra plain_schemas[] = {
	{ "DayParting",
	    "{\"type\":\"object\",\"description\":\"Hours of a day in which the "
	    "campaign "
	    "may run, in the organization's time zone: from_hour <= hour < "
	    "to_hour.\","
	    "\"properties\":{\"id\":" ID ",\"day\":{\"enum\":[\"sunday\",\"monday\","
	    "\"tuesday\",\"wednesday\",\"thursday\",\"friday\",\"saturday\"]},"
	    "\"from_hour\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":23},"
	    "\"to_hour\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":24}},"
	    "\"required\":[\"day\",\"from_hour\",\"to_hour\"]}" },
	{ "SignInInput",
	    OBJECT("\"user\":{\"type\":\"object\",\"description\":"
		   "\"Instead of the two "
		   "headers.\",\"properties\":{\"email\":" STRING ",\"password\":" STRING
		   "},\"required\":[\"email\",\"password\"]}") },
	{ "AccountListInput",
	    "{\"type\":\"object\",\"properties\":{\"account_list\":" ARRAY(
		REF("AccountEntry")) "},\"required\":[\"account_list\"]}" },
	{ "AccountListAnswer",
	    "{\"type\":\"object\",\"properties\":{\"status\":{\"type\":"
	    "\"boolean\"},"
	    "\"exception\":{\"type\":\"null\"},\"message\":" STRING ",\"data\":" OBJECT(
		"\"received\":" ID ",\"added\":" ID ",\"updated\":" ID
		",\"unchanged\":" ID
		",\"rejected\":" ID) ",\"errors\":" ARRAY(OBJECT("\"index\":" ID
								 ",\"domainName\""
								 ":{\"type\":["
								 "\"string\","
								 "\"null\"]},"
								 "\"error\""
								 ":" STRING)) "},"
									      "\""
									      "re"
									      "qu"
									      "ir"
									      "ed"
									      "\""
									      ":["
									      "\""
									      "st"
									      "at"
									      "us"
									      "\""
									      ","
									      "\""
									      "ex"
									      "ce"
									      "pt"
									      "io"
									      "n"
									      "\""
									      ","
									      "\""
									      "me"
									      "ss"
									      "ag"
									      "e"
									      "\""
									      ","
									      "\""
									      "da"
									      "ta"
									      "\""
									      ","
									      "\""
									      "er"
									      "ro"
									      "rs"
									      "\""
									      "]"
									      "}" },
	{ "Error",
	    "{\"type\":\"object\",\"description\":\"An error, as RFC 9457 and as "
	    "Rails "
	    "clients read it.\",\"properties\":{\"type\":" STRING ",\"title\":" STRING
	    ",\"status\":{\"type\":\"integer\"},\"detail\":" STRING ",\"error\":" STRING
	    ",\"errors\":{\"type\":\"object\","
	    "\"additionalProperties\":{\"type\":\"array\"}},"
	    "\"request_id\":" STRING "},\"required\":[\"type\",\"title\",\"status\","
	    "\"detail\",\"error\",\"errors\",\"request_id\"]}" },
	{ "Document", "{\"type\":\"object\",\"description\":\"OpenAPI 3.1.\"}" },
};

/* A resource whose answers are a schema of their own. */
static const struct answer {
	const char *name;
	const struct resource *resource;
	const struct extra *extras;
	size_t extra_count;
} answers[] = {
	{ "Campaign", &campaign_resource, campaign_extras, COUNT(campaign_extras) },
	{ "Account", &account_resource, account_extras, COUNT(account_extras) },
	{ "Session", &user_resource, session_extras, COUNT(session_extras) },
	{ "Organization", &organization_resource, organization_extras,
	    COUNT(organization_extras) },
};

/* A resource whose input is a schema of its own, under its root key. */
static const struct {
	const char *name;
	const struct resource *resource;
	const char *more; /* a member beside its fields */
	const char *more_schema;
} inputs[] = {
	{ "CampaignInput", &campaign_resource, "day_partings", ARRAY(REF("DayParting")) },
	{ "AccountInput", &account_resource, NULL, NULL },
};

static void
object_begin(struct json_writer *writer, const char *key)
{
	json_key(writer, key);
	json_object_begin(writer);
}

static void
schema_begin(struct json_writer *writer, const char *name)
{
	object_begin(writer, name);
	json_key(writer, "type");
	json_text(writer, TEXT("object"));
}

/* Every member of an answer is always there, and there are no others. */
static void
write_required(const struct answer *answer, struct json_writer *writer)
{
	const struct resource *resource = answer->resource;

	json_key(writer, "required");
	json_array_begin(writer);
	for (size_t i = 0; i < resource->field_count; i++)
		if (!(resource->fields[i].flags & (FIELD_HIDDEN | FIELD_WRITE_ONLY)))
			json_text(writer, text_of(resource->fields[i].key));
	for (size_t i = 0; i < answer->extra_count; i++)
		json_text(writer, text_of(answer->extras[i].key));
	json_array_end(writer);
	json_key(writer, "additionalProperties");
	json_bool(writer, false);
}

static void
write_answer(const struct answer *answer, struct arena *arena, struct json_writer *writer)
{
	schema_begin(writer, answer->name);
	object_begin(writer, "properties");
	resource_schema(answer->resource, writer, arena);
	for (size_t i = 0; i < answer->extra_count; i++) {
		json_key(writer, answer->extras[i].key);
		json_raw(writer, text_of(answer->extras[i].schema));
	}
	json_object_end(writer);
	write_required(answer, writer);
	openapi_example(answer->name, arena, writer);
	json_object_end(writer);
}

static void
write_inputs(struct arena *arena, struct json_writer *writer)
{
	for (size_t i = 0; i < COUNT(inputs); i++) {
		const char *root = inputs[i].resource->name;

		schema_begin(writer, inputs[i].name);
		object_begin(writer, "properties");
		schema_begin(writer, root);
		object_begin(writer, "properties");
		resource_input_schema(inputs[i].resource, writer, arena);
		if (inputs[i].more != NULL) {
			json_key(writer, inputs[i].more);
			json_raw(writer, text_of(inputs[i].more_schema));
		}
		json_object_end(writer);
		json_object_end(writer);
		json_object_end(writer);
		json_key(writer, "required");
		json_array_begin(writer);
		json_text(writer, text_of(root));
		json_array_end(writer);
		json_object_end(writer);
	}
}

/* {"job_titles_list": ["CIO", {"name": "CTO"}]} */
static void
write_item_inputs(struct arena *arena, struct json_writer *writer)
{
	for (size_t i = 0; i < LISTS; i++) {
		const char *list = campaign_list_names[i];
		const char *key = arena_print(arena, "%s_list", list).at;

		schema_begin(writer, arena_print(arena, "%s_input", list).at);
		object_begin(writer, "properties");
		json_key(writer, key);
		json_raw(writer,
		    TEXT(ARRAY("{\"oneOf\":[{\"type\":\"string\",\"minLength\":1,"
			       "\"maxLength\":255}," REF("CampaignItemInput") "]}")));
		json_object_end(writer);
		json_key(writer, "required");
		json_array_begin(writer);
		json_text(writer, text_of(key));
		json_array_end(writer);
		json_object_end(writer);
	}
}

static void
write_items(struct arena *arena, struct json_writer *writer)
{
	schema_begin(writer, "CampaignItem");
	object_begin(writer, "properties");
	resource_schema(&campaign_item_resource, writer, arena);
	json_key(writer, "campaign");
	json_raw(writer, TEXT("{\"type\":\"object\"}"));
	json_object_end(writer);
	json_object_end(writer);
	schema_begin(writer, "CampaignItemInput");
	object_begin(writer, "properties");
	resource_input_schema(&campaign_item_resource, writer, arena);
	json_object_end(writer);
	json_key(writer, "required");
	json_raw(writer, TEXT("[\"name\"]"));
	json_object_end(writer);
	schema_begin(writer, "AccountEntry");
	object_begin(writer, "properties");
	resource_input_schema(&account_entry_resource, writer, arena);
	json_object_end(writer);
	json_key(writer, "required");
	json_raw(writer, TEXT("[\"domainName\"]"));
	json_object_end(writer);
}

void
openapi_schemas(struct arena *arena, struct json_writer *writer)
{
	for (size_t i = 0; i < COUNT(answers); i++)
		write_answer(&answers[i], arena, writer);
	write_inputs(arena, writer);
	write_items(arena, writer);
	write_item_inputs(arena, writer);
	for (size_t i = 0; i < COUNT(plain_schemas); i++) {
		json_key(writer, plain_schemas[i].key);
		json_raw(writer, text_of(plain_schemas[i].schema));
	}
}
