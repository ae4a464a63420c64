/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "base/arena.h"

enum { URL_MAX = 2048 };

/*
 * Checks where an advertisement may lead: http or https, a public host name (one that
 * has a registrable domain: no IP address, no "localhost", no bare suffix), an optional
 * port, path, query and fragment; at most URL_MAX characters after the scheme was added.  A text
 * without a scheme gets "http://" before it; else it is kept byte for byte.  INVALID for
 * anything else (javascript:, data:, a user part, control characters, blanks, backslashes, a broken
 * percent escape is allowed as browsers do), with a reason that reads on from the attribute's name.
 */
struct suffixes;
MUST_USE enum result url_normalize(const struct suffixes *suffixes, struct arena *arena,
    text source, text *out, const char **out_reason);

#endif
