/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model.h"

#include "base/log.h"
#include "model/account.h"
#include "model/campaign.h"
#include "model/campaign_item.h"
#include "model/organization.h"
#include "model/status.h"
#include "model/user.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>

const char *const status_names[] = {
	[STATUS_ACTIVE] = "active",
	[STATUS_PAUSED] = "paused",
	[STATUS_ARCHIVED] = "archived",
	NULL,
};

enum result
model_open(const char *data_dir, const char *suffix_file, struct model **out)
{
	struct model *model;
	enum result r;

	if (g_mkdir_with_parents(data_dir, 0700) != 0) {
		log_error(
		    "cannot make the data directory %s: %s", data_dir, strerror(errno));
		return BROKEN;
	}
	model = calloc(1, sizeof *model);
	if (model == NULL)
		abort();
	arena_init(&model->arena);
	r = suffixes_open(suffix_file, &model->suffixes);
	if (r != OK)
		goto free_model;
	r = secret_key_open(
	    arena_print(&model->arena, "%s/secret.key", data_dir).at, &model->secret);
	if (r != OK)
		goto close_suffixes;
	model->organization = resource_plan_new(&organization_resource, &model->arena);
	model->user = resource_plan_new(&user_resource, &model->arena);
	model->campaign = resource_plan_new(&campaign_resource, &model->arena);
	model->item = resource_plan_new(&campaign_item_resource, &model->arena);
	model->account = resource_plan_new(&account_resource, &model->arena);
	*out = model;
	return OK;

close_suffixes:
	suffixes_close(model->suffixes);
free_model:
	arena_clear(&model->arena);
	free(model);
	return r;
}

void
model_close(struct model *model)
{
	if (model == NULL)
		return;
	suffixes_close(model->suffixes);
	arena_clear(&model->arena);
	free(model);
}

instant
scope_moment(const struct scope *scope, instant before)
{
	return scope->now.ms > before.ms ? scope->now : (instant){ before.ms + 1 };
}
