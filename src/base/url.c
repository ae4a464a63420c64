/* SPDX-License-Identifier: Apache-2.0 */
#include "base/url.h"

#include "base/domain.h"

#include <stdint.h>

static const char not_web[] = "must be an http or https URL";

static size_t
scheme_length(text source)
{
	const text schemes[] = { TEXT("http://"), TEXT("https://") };

	for (size_t i = 0; i < COUNT(schemes); i++) {
		text begin = { source.at, schemes[i].length };

		if (source.length >= begin.length && text_equal_nocase(begin, schemes[i]))
			return begin.length;
	}
	return 0;
}

/* What is wrong with the characters, whatever they mean; NULL if nothing. */
static const char *
characters_problem(text source)
{
	if (!text_valid(source))
		return "must be valid UTF-8";
	for (size_t i = 0; i < source.length; i++) {
		unsigned char c = (unsigned char)source.at[i];

		if (c < 0x20 || c == 0x7f)
			return "must not hold control characters";
		/* In valid UTF-8 a byte always follows: U+0080 to U+009F are these two.
		 */
		if (c == 0xc2 && (unsigned char)source.at[i + 1] < 0xa0)
			return "must not hold control characters";
		if (strchr(" \"<>\\", c) != NULL)
			return "must not hold blanks, quotes, backslashes or angle "
			       "brackets";
	}
	return NULL;
}

static bool
port_valid(text digits)
{
	uint32_t port = 0;

	for (size_t i = 0; i < digits.length; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		port = port * 10 + (uint32_t)(digits.at[i] - '0');
		if (port > UINT16_MAX)
			return false;
	}
	return port > 0;
}

static text
authority_find(text source, size_t begin)
{
	size_t end = begin;

	while (end < source.length && strchr("/?#", source.at[end]) == NULL)
		end++;
	return (text){ source.at + begin, end - begin };
}

/*
 * The text behind the first colon, { NULL, 0 } without one.  The host ends at the first
 * because an IPv6 address, the only host with another, is refused anyway.
 */
static text
port_cut(text *authority)
{
	const char *colon = memchr(authority->at, ':', authority->length);
	text port;

	if (colon == NULL)
		return (text){ NULL, 0 };
	port.at = colon + 1;
	port.length = (size_t)(authority->at + authority->length - port.at);
	authority->length = (size_t)(colon - authority->at);
	return port;
}

static const char *
authority_problem(const struct suffixes *suffixes, text authority, bool has_scheme)
{
	char domain[DOMAIN_MAX];
	const char *ignored;
	size_t length;
	text port;

	if (memchr(authority.at, '@', authority.length) != NULL)
		return "must not hold a user name";
	port = port_cut(&authority);
	/* "example.com:80" has a port, "javascript:alert(1)" has a scheme. */
	if (!has_scheme && port.at != NULL &&
	    (port.length == 0 || port.at[0] < '0' || port.at[0] > '9'))
		return not_web;
	if (domain_parse(suffixes, authority, domain, &length, &ignored) != OK)
		return "must have a public host name";
	if (port.at != NULL && !port_valid(port))
		return "must have a port from 1 to 65535";
	return NULL;
}

static const char *
url_problem(const struct suffixes *suffixes, text source)
{
	size_t scheme = scheme_length(source);
	size_t added = scheme == 0 ? strlen("http://") : 0;
	const char *problem;

	if (source.length == 0)
		return not_web;
	problem = characters_problem(source);
	if (problem != NULL)
		return problem;
	if (text_characters(source) + added > URL_MAX)
		return "must have at most 2048 characters";
	return authority_problem(suffixes, authority_find(source, scheme), scheme != 0);
}

enum result
url_normalize(const struct suffixes *suffixes, struct arena *arena, text source,
    text *out, const char **out_reason)
{
	*out_reason = url_problem(suffixes, source);
	if (*out_reason != NULL)
		return INVALID;
	if (scheme_length(source) != 0)
		*out = arena_copy(arena, source);
	else
		*out = arena_print(arena, "http://%.*s", (int)source.length, source.at);
	return OK;
}
