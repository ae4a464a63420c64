/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SERVICE_H
#define API_SERVICE_H

#include "api/executor.h"
#include "api/rate_limit.h"
#include "base/zones.h"
#include "model/model.h"

/* What all workers of the server share.  Made by the application, constant from then on.
 */
struct service {
	const struct model *model;
	const char *database_url;
	struct executor *executor;
	struct zones *zones;
	struct rate_limit *requests; /* a key; NULL: no limit */
	struct rate_limit *failures; /* of signing in, an address */
	text openapi;                /* the API document */
};

/* The handler that makes an HTTP server of a service. */
struct http_handler service_handler(struct service *service);

#endif
