/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CAMPAIGN_ITEMS_H
#define API_CAMPAIGN_ITEMS_H

#include "api/call.h"

/* Handlers of the routes of the eight lists inside a campaign. */
enum result campaign_items_index(struct call *call);
enum result campaign_items_create(struct call *call);
enum result campaign_items_destroy(struct call *call);

#endif
