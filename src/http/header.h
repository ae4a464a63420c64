/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_HEADER_H
#define HTTP_HEADER_H

#include "base/text.h"

struct http_header {
	text name; /* as it was sent; compare without case */
	text value;
};

#endif
