/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ACCOUNT_UPLOAD_H
#define API_ACCOUNT_UPLOAD_H

#include "api/call.h"

/*
 * POST /campaigns/{id}/accounts/add_list: a list of accounts of any length, read as it
 * arrives.  One of up to UPLOAD_WHOLE entries is one transaction, whole or absent.  A
 * longer one is gathered in batches of bounded memory, which are sorted and stored in
 * pieces, so that others are served meanwhile; the body is held back while a batch is
 * stored.
 */
enum { UPLOAD_WHOLE = 10000 };

/* Begins one for a call that was admitted.  False: the call has its answer. */
bool account_upload_begin(struct call *call);

/* Takes a piece of the body. */
void account_upload_take(struct call *call, text piece);

/* The body is whole: stores what is left and answers. */
void account_upload_end(struct call *call);

/* The client went away before the body was whole. */
void account_upload_abandon(struct call *call);

#endif
