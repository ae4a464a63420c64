/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CAMPAIGNS_H
#define API_CAMPAIGNS_H

#include "api/call.h"
#include "model/campaign.h"

struct organization;

/* Handlers of the routes under /campaigns. */
enum result campaigns_index(struct call *call);
enum result campaigns_create(struct call *call);
enum result campaigns_show(struct call *call);
enum result campaigns_edit(struct call *call);
enum result campaigns_archive(struct call *call);

#endif
