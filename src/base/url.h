/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "base/arena.h"

struct suffixes;

enum { URL_MAX = 2048 }; /* characters, not bytes */

/*
 * Checks where an advertisement may lead: http or https, a public host name (one that
 * has a registrable domain: no IP address, no "localhost", no bare suffix), an optional
 * port from 1 to 65535, path, query and fragment; at most URL_MAX characters after the
 * scheme was added.  A text without a scheme gets "http://" before it; else it is kept
 * byte for byte.  Either way *out is a copy in the arena.
 *
 * INVALID for anything else (javascript:, data:, a user part, broken UTF-8, control
 * characters, blanks, backslashes, double quotes, angle brackets), with a literal in
 * *out_reason that reads on from the attribute's name ("must not hold a user name").  A
 * broken percent escape behind the host is let through, as browsers do.
 */
MUST_USE enum result url_normalize(const struct suffixes *suffixes, struct arena *arena,
    text source, text *out, const char **out_reason);

#endif
