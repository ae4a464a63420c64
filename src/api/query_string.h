/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_QUERY_STRING_H
#define API_QUERY_STRING_H

#include "base/arena.h"

/*
 * The first parameter of that name in the query of a URL ("limit=10&cursor=c7"), decoded
 * as the WHATWG URL standard's application/x-www-form-urlencoded parser does; { NULL, 0 }
 * if there is none.  A broken percent escape stays as it is.
 */
text query_string_find(struct arena *arena, text query, text name);

#endif
