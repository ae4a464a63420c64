/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_REPLY_H
#define API_REPLY_H

#include "api/call.h"

/*
 * Answers.  This is the only place that knows which HTTP status a result becomes, and
 * what an error looks like.
 */

/* An answer with a JSON document, which lives as long as the call. */
void reply_json(struct call *call, int status, text document);

/* Another header; name and value live as long as the call. */
void reply_header(struct call *call, const char *name, text value);

/* A path that a new resource is found at: "/campaigns/7". */
void reply_location(struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);

/* Makes the answer of a handler's result; what it made itself stays if that is OK. */
void reply_result(struct call *call, enum result r);

/* An error with a status of HTTP's own: 401, 404, 405 ... */
void reply_error(struct call *call, int status, text detail);

/* Sends the answer; the call is gone afterwards. */
void reply_send(struct call *call);

/* The body and headers of an error outside any call, for a request that could not be
 * read. */
void reply_refusal(
    struct http_request *request, int status, text detail, struct http_response *out);

#endif
