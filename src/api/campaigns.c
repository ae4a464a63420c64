/* SPDX-License-Identifier: Apache-2.0 */
#include "api/campaigns.h"

#include "api/campaign_view.h"
#include "api/page.h"
#include "api/reply.h"
#include "api/worker.h"
#include "model/status.h"

/* The campaign as it is now, as the answer. */
static enum result
reply_campaign(struct call *call, int status, int64_t id)
{
	struct json_writer *writer = json_writer_new(call->scope.arena);
	struct campaign_surroundings around;
	struct campaign campaign;
	enum result r;

	r = campaign_find(&call->scope, id, &campaign);
	if (r != OK)
		return r;
	r = campaign_surroundings_load(&call->scope, &around);
	if (r != OK)
		return r;
	r = campaign_view_write(&call->scope, &around, &campaign, writer);
	if (r != OK)
		return r;
	reply_json(call, status, json_writer_finish(writer));
	return OK;
}

enum result
campaigns_show(struct call *call)
{
	struct campaign_stamp stamp = {
		.id = call->ids[0],
		.organization_id = call->scope.organization_id,
		.day = instant_date(call->scope.now, call->scope.zone),
	};
	struct document *document;
	enum result r;

	r = campaign_versions(&call->scope, stamp.id, &stamp.versions);
	if (r != OK)
		return r;
	document = campaign_cache_find(call->worker->campaigns, &stamp);
	if (document != NULL) {
		reply_json(call, 200, document_text(document));
		call->response.release = document_release;
		call->response.owner = document;
		return OK;
	}
	r = reply_campaign(call, 200, stamp.id);
	if (r == OK)
		campaign_cache_keep(call->worker->campaigns, &stamp, call->response.body);
	return r;
}

enum result
campaigns_index(struct call *call)
{
	struct json_writer *writer = json_writer_new(call->scope.arena);
	struct campaign_surroundings around;
	struct campaign *campaigns;
	struct page page;
	size_t count;
	bool more;
	enum result r;

	r = page_read(call, &page);
	if (r != OK)
		return r;
	r = campaign_surroundings_load(&call->scope, &around);
	if (r != OK)
		return r;
	r = campaign_list(&call->scope, page.after, page.limit + 1, &campaigns, &count);
	if (r != OK)
		return r;
	more = count > (size_t)page.limit;
	count -= more;
	json_array_begin(writer);
	for (size_t i = 0; i < count && r == OK; i++)
		r = campaign_view_write(&call->scope, &around, &campaigns[i], writer);
	if (r != OK)
		return r;
	json_array_end(writer);
	reply_json(call, 200, json_writer_finish(writer));
	page_headers(call, &page, around.organization.campaigns_count, more,
	    count > 0 ? campaigns[count - 1].id : 0);
	return OK;
}

static bool
is_hour(const struct json *value, int64_t least, int64_t most, int *out)
{
	int64_t hour;

	if (value == NULL || json_kind(value) != JSON_NUMBER ||
	    json_integer(value, &hour) != OK || hour < least || hour > most)
		return false;
	*out = (int)hour;
	return true;
}

/* One of "day_partings": {"day": "monday", "from_hour": 9, "to_hour": 17}. */
static void
read_day_parting(
    const struct json *value, struct day_parting *out, struct problems *problems)
{
	const struct json *day = json_member(value, "day");
	int n = 0;

	if (day != NULL && json_kind(day) == JSON_STRING)
		while (n < DAY_PARTING_DAYS &&
		       !text_equal(json_string(day), text_of(day_parting_days[n])))
			n++;
	else
		n = DAY_PARTING_DAYS;
	if (n == DAY_PARTING_DAYS)
		problems_add(problems, "day_partings",
		    "must each have a day, one of sunday, monday, tuesday, wednesday, "
		    "thursday, friday, saturday");
	out->day = n;
	if (!is_hour(json_member(value, "from_hour"), 0, 23, &out->from_hour) ||
	    !is_hour(json_member(value, "to_hour"), 1, 24, &out->to_hour) ||
	    out->from_hour >= out->to_hour)
		problems_add(problems, "day_partings",
		    "must each have 0 <= from_hour < to_hour <= 24");
}

static void
read_day_partings(const struct json *value, struct arena *arena, struct day_parting **out,
    size_t *out_count, struct problems *problems)
{
	struct day_parting *ranges =
	    NEW_ARRAY(arena, struct day_parting, DAY_PARTING_MAX);
	struct json_walk walk = { .of = value };
	size_t count = 0, before = problems->count;

	*out = ranges;
	*out_count = 0;
	if (json_kind(value) != JSON_ARRAY) {
		problems_add(problems, "day_partings", "must be an array");
		return;
	}
	while (json_next(&walk) && problems->count == before) {
		if (count == DAY_PARTING_MAX)
			problems_add(problems, "day_partings",
			    "must have at most %d ranges", DAY_PARTING_MAX);
		else
			read_day_parting(walk.value, &ranges[count++], problems);
	}
	if (problems->count == before)
		day_parting_check(ranges, count, problems);
	*out_count = count;
}

/*
 * Reads the campaign's attributes over what it has, day_partings apart.  They are no
 * field: a member of their own, which resource_read would call unknown.
 */
struct campaign_input {
	struct campaign *campaign;
	struct day_parting *ranges;
	size_t range_count;
};

static bool
is_day_partings(text key)
{
	return text_equal(key, TEXT("day_partings"));
}

static void
forget_ignored(struct ignored_keys *ignored, bool (*known)(text key))
{
	size_t kept = 0;

	for (size_t i = 0; i < ignored->count; i++)
		if (!known(ignored->keys[i]))
			ignored->keys[kept++] = ignored->keys[i];
	ignored->count = kept;
}

static enum result
read_campaign(struct call *call, struct campaign_input *input)
{
	const struct json *object, *ranges;
	enum result r;

	r = call_input(call, "campaign", &object);
	if (r != OK)
		return r;
	resource_read(&campaign_resource, object, &input->campaign->row, &call->problems,
	    &call->ignored);
	forget_ignored(&call->ignored, is_day_partings);
	ranges = json_member(object, "day_partings");
	if (ranges != NULL)
		read_day_partings(ranges, call->scope.arena, &input->ranges,
		    &input->range_count, &call->problems);
	campaign_check(&call->scope, input->campaign, &call->problems);
	return OK;
}

enum result
campaigns_create(struct call *call)
{
	struct campaign campaign;
	struct campaign_input input = { .campaign = &campaign };
	bool changed;
	enum result r;

	campaign_init(&call->scope, &campaign);
	r = read_campaign(call, &input);
	if (r != OK)
		return r;
	resource_require(&campaign_resource, &campaign.row, &call->problems);
	r = problems_result(&call->problems);
	if (r != OK)
		return r;
	r = campaign_create(&call->scope, &campaign);
	if (r != OK)
		return r;
	r = day_parting_edit(
	    &call->scope, campaign.id, input.ranges, input.range_count, &changed);
	if (r != OK)
		return r;
	reply_location(call, "/campaigns/%lld", (long long)campaign.id);
	return reply_campaign(call, 201, campaign.id);
}

enum result
campaigns_edit(struct call *call)
{
	struct campaign before, campaign;
	struct campaign_input input = { .campaign = &campaign };
	bool changed;
	enum result r;

	r = campaign_touch(&call->scope, call->ids[0]);
	if (r != OK)
		return r;
	r = campaign_find(&call->scope, call->ids[0], &before);
	if (r != OK)
		return r;
	campaign = before;
	r = read_campaign(call, &input);
	if (r != OK)
		return r;
	r = problems_result(&call->problems);
	if (r != OK)
		return r;
	r = day_parting_edit(
	    &call->scope, campaign.id, input.ranges, input.range_count, &changed);
	if (r != OK)
		return r;
	r = campaign_edit(&call->scope, &before, &campaign, changed);
	if (r != OK)
		return r;
	return reply_campaign(call, 200, campaign.id);
}

enum result
campaigns_archive(struct call *call)
{
	struct campaign before, campaign;
	enum result r;

	r = campaign_touch(&call->scope, call->ids[0]);
	if (r != OK)
		return r;
	r = campaign_find(&call->scope, call->ids[0], &before);
	if (r != OK)
		return r;
	campaign = before;
	campaign.user_defined_status = STATUS_ARCHIVED;
	r = campaign_edit(&call->scope, &before, &campaign, false);
	if (r != OK)
		return r;
	return reply_campaign(call, 200, campaign.id);
}
