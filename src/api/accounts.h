/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ACCOUNTS_H
#define API_ACCOUNTS_H

#include "api/call.h"
#include "model/account.h"

/* Handlers of the routes under /campaigns/{id}/accounts. */
enum result accounts_index(struct call *call);
enum result accounts_create(struct call *call);
enum result accounts_show(struct call *call);
enum result accounts_edit(struct call *call);
enum result accounts_archive(struct call *call);

/* Writes an account as an object. */
void account_print(
    const struct account *account, const struct zone *zone, struct json_writer *writer);

#endif
