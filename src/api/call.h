/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CALL_H
#define API_CALL_H

#include "api/executor.h"
#include "api/identity_cache.h"
#include "api/service.h"
#include "base/problem.h"
#include "http/http.h"
#include "model/model.h"
#include "json/json.h"

struct route;
struct api_worker;
struct account_upload;

enum { CALL_IDS = 2, CALL_HEADERS = 6 };

/*
 * A request on its way through the API, and the answer that it gets.  Lives in the
 * request's arena.  A handler is a plain function that gets it with everything filled in,
 * runs in a transaction, and returns what became of it; where and when it runs is not its
 * business.
 */
struct call {
	struct http_request *request;
	struct api_worker *worker;
	const struct service *service;
	const struct route *route;
	int64_t ids[CALL_IDS]; /* the numbers in the path */
	unsigned list;         /* the list in the path: enum campaign_list */
	const struct known_identity *identity; /* copied; NULL on open routes */
	text token;
	struct scope scope;
	const struct json *body; /* NULL when there was none */
	struct problems problems;
	struct ignored_keys ignored;
	int64_t conflict_id; /* with CONFLICT: what is there already */
	int refused;         /* a status that no result stands for, 400 say; 0: none */
	text refusal;        /* with it: why */
	text note;           /* added to what an error says */
	struct http_response response;
	struct http_header headers[CALL_HEADERS];
	struct account_upload *upload; /* of add_list */
	struct write write;
};

/* Refuses with a status that no result stands for; returns INVALID for the handler to
 * return. */
MUST_USE enum result call_refuse(struct call *call, int status, const char *format, ...)
    PRINTF_LIKE(3, 4);

/*
 * The object under the root key of the body: {"campaign": {...}}.  INVALID, refused with
 * 400, when there is none.
 */
MUST_USE enum result call_input(
    struct call *call, const char *key, const struct json **out);

/* Takes on who somebody is. */
void call_become(struct call *call, const struct known_identity *known);

/* Takes on who the key and e-mail in the headers stand for.  False: the call has its
 * answer. */
bool call_authenticate(struct call *call);

/* Hands the call to the executor, which runs its handler and sends its answer. */
void call_write(struct call *call);

/* A parameter of the query, decoded; { NULL, 0 } if it is not there. */
text call_parameter(struct call *call, const char *name);

#endif
