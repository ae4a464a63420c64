/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "api/call.h"

/* The API document, OpenAPI 3.1, made from the routes and the resources. */
text openapi_document(struct arena *arena);

/* Handler of /openapi.json. */
enum result openapi_show(struct call *call);

#endif
