/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever a campaign is made of, it is refused with problems, or what is written of it
 * reads back as the same campaign, without any.
 */
#include "model/campaign.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What the nouns need, without a data directory. */
static const struct model *
model(void)
{
	static struct model model;

	if (model.campaign == NULL) {
		must(suffixes_open(NULL, &model.suffixes) == OK);
		arena_init(&model.arena);
		model.campaign = resource_plan_new(&campaign_resource, &model.arena);
	}
	return &model;
}

static const struct zone *
zone(void)
{
	static struct zone *zone;

	if (zone == NULL)
		must(zone_open("America/New_York", &zone) == OK);
	return zone;
}

/* Reads a campaign as a request does; how many problems it has. */
static size_t
read_campaign(const struct scope *scope, const struct json *object, struct campaign *out)
{
	struct ignored_keys ignored = { 0 };
	struct problems problems;

	problems_init(&problems, scope->arena);
	campaign_init(scope, out);
	resource_read(&campaign_resource, object, &out->row, &problems, &ignored);
	campaign_check(scope, out, &problems);
	resource_require(&campaign_resource, &out->row, &problems);
	for (const struct problem *p = problems.first; p != NULL; p = p->next)
		must(p->message.length > 0 && text_valid(p->message));
	must(ignored.count <= COUNT(ignored.keys));
	return problems.count;
}

static text
write_campaign(const struct scope *scope, const struct campaign *campaign)
{
	struct json_writer *writer = json_writer_new(scope->arena);

	json_object_begin(writer);
	resource_write(&campaign_resource, &campaign->row, scope->zone, writer);
	json_object_end(writer);
	return json_writer_finish(writer);
}

static void
check(const struct scope *scope, text source)
{
	const struct json *object;
	struct campaign first, second;
	struct json_error error;
	text written;

	if (json_parse(scope->arena, source, &object, &error) != OK)
		return;
	if (read_campaign(scope, object, &first) > 0)
		return;
	written = write_campaign(scope, &first);
	must(json_parse(scope->arena, written, &object, &error) == OK);
	must(read_campaign(scope, object, &second) == 0);
	must(resource_equal(&campaign_resource, &first.row, &second.row));
	must(text_equal(written, write_campaign(scope, &second)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct scope scope = {
		.model = model(),
		.arena = &arena,
		.zone = zone(),
		.organization_id = 1,
	};

	arena_init(&arena);
	check(&scope, (text){ (const char *)data, size });
	arena_clear(&arena);
	return 0;
}
