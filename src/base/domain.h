/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DOMAIN_H
#define BASE_DOMAIN_H

#include "base/arena.h"

enum { DOMAIN_MAX = 254 }; /* the longest name in ASCII, with its NUL */

/* The public suffix list.  Safe from any thread, never changes. */
struct suffixes;

/*
 * Loads the list from a file in the public-suffix project's format, or with NULL the
 * newest one the system has.  BROKEN when there is none or it cannot be read.
 */
MUST_USE enum result suffixes_open(const char *path, struct suffixes **out);
void suffixes_close(struct suffixes *suffixes);

/*
 * Makes the registrable domain ("example.co.uk", ASCII lower case, IDNA 2008 A-labels,
 * UTS 46 mapping) out of whatever a person pastes: a host name in any case, with
 * a trailing dot, a scheme, user part, port, path, query or fragment, or blanks around it.  INVALID
 * when there is none in it: an IP address, a bare public suffix, a name with one label,
 * a label or name that is too long, characters that no host name has, or more than 2,048 bytes.
 * The rule "*" is not applied: a name under an unlisted top-level domain is INVALID only if
 * the name has one label.  On INVALID *out_reason is a literal that reads on from the attribute's name
 * ("is not a domain", "is a public suffix", "is an IP address").
 */
MUST_USE enum result domain_parse(const struct suffixes *suffixes, text source,
    char out[static DOMAIN_MAX], size_t *out_length, const char **out_reason);

#endif
