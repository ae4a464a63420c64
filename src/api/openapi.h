/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "api/call.h"

/*
 * The API document, OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.0.  It is made from
 * the routes and the resources that serve the requests, so that it cannot say anything
 * else than they do.
 */
text openapi_document(struct arena *arena);

/* Handler of /openapi.json. */
enum result openapi_show(struct call *call);

/* Its components.schemas, as members of an object that is open. */
void openapi_schemas(struct arena *arena, struct json_writer *writer);

/*
 * The example of a schema, made by the code that makes the answers; false, and nothing
 * written, if it has none.
 */
bool openapi_example(const char *schema, struct arena *arena, struct json_writer *writer);

#endif
