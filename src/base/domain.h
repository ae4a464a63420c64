/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DOMAIN_H
#define BASE_DOMAIN_H

#include "base/arena.h"

enum {
	DOMAIN_MAX = 254,         /* the longest name in ASCII, with its NUL */
	DOMAIN_SOURCE_MAX = 2048, /* bytes of the longest text that is looked at */
};

/* The public suffix list.  Safe from any thread, never changes. */
struct suffixes;

/*
 * Loads the list from a file (the public-suffix project's text, or its compiled DAFSA:
 * smaller, loads faster, is looked up in more slowly), or with NULL the system's or else
 * the one built into libpsl.  BROKEN when there is none, it cannot be read or holds no
 * rule.
 */
MUST_USE enum result suffixes_open(const char *path, struct suffixes **out);
void suffixes_close(struct suffixes *suffixes);

/*
 * Makes the registrable domain ("example.co.uk": ASCII, lower case, IDNA 2008 A-labels)
 * out of whatever a person pastes: a host name in any case and script (UTS 46 maps it),
 * with a trailing dot, a scheme, a user part, a port, a path, a query or a fragment, or
 * blanks around it.  An e-mail address stands for the domain behind its "@".
 *
 * Rules of the list's private section count, so "foo.github.io" is registrable.  A name
 * that no rule of the list matches falls under the algorithm's default rule "*": its last
 * label is the suffix, so "www.example.example" gives "example.example".
 *
 * INVALID when there is no registrable domain in it, with a literal in *out_reason that
 * reads on from the attribute's name:
 * - "is an IP address": also every form that browsers take for one ("127.1", "0x7f.1"),
 *   that is, whatever has a number as its last label;
 * - "is a public suffix": nothing but a suffix that the list knows;
 * - "is not a domain": one label, an empty, too long or malformed label (underscores
 *   too), control characters, broken UTF-8, or more than DOMAIN_SOURCE_MAX bytes.
 * What is in *out is then undefined.
 */
MUST_USE enum result domain_parse(const struct suffixes *suffixes, text source,
    char out[static DOMAIN_MAX], size_t *out_length, const char **out_reason);

#endif
