/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "http/http.h"

enum { RESPONSE_DATE_LENGTH = 29 }; /* "Sun, 06 Nov 1994 08:49:37 GMT" */

/* What the head of an answer depends on beside the answer. */
struct response_frame {
	const char *date; /* RESPONSE_DATE_LENGTH characters */
	bool close;
	bool say_keep_alive; /* to HTTP/1.0, where it is not the rule */
};

/* The head of an answer, up to and with the empty line, in the request's arena. */
text response_head(struct http_request *request, const struct http_response *response,
    const struct response_frame *frame);

/* The bytes that follow the head: none for HEAD, 1xx, 204 and 304. */
text response_body(
    const struct http_request *request, const struct http_response *response);

void response_date(int64_t seconds, char out[static RESPONSE_DATE_LENGTH + 1]);

#endif
