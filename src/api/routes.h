/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include "api/call.h"

/* Who may call. */
enum access {
	OPEN,    /* anybody */
	SIGN_IN, /* anybody with a key, or a password in the body */
	MEMBER,  /* anybody with a key */
};

/* Where a handler runs: in a worker's snapshot, or in a transaction of the executor. */
enum place { READ, WRITE };

/* What body a request has. */
enum body_use {
	NO_BODY,
	JSON_BODY,
	LIST_BODY, /* a list of accounts of any length, read as it arrives */
};

struct resource;

struct route {
	enum http_method method;
	const char *pattern; /* "/campaigns/{id}" */
	enum access access;
	enum place place;
	enum body_use body;
	enum result (*handler)(struct call *call);
	const char *operation; /* name in the API document */
	const char *doc;
	const char *input; /* schema of the body in the API document; NULL: no body */
	const char
	    *answer; /* schema of the answer; NULL: no body.  "Campaign[]": an array */
	int status;  /* of the answer */
};

/* The whole API. */
extern const struct route routes[];
extern const size_t routes_count;

/*
 * Finds the route of a request and fills the numbers in its path.  NULL when there is
 * none; then *out_allow says which methods the path has: { NULL, 0 } if it is no path at
 * all.
 */
const struct route *route_find(struct call *call, text *out_allow);

#endif
