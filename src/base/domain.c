/* SPDX-License-Identifier: Apache-2.0 */
#include "base/domain.h"

#include "base/ipaddr.h"
#include "base/log.h"

#include <idn2.h>
#include <libpsl.h>
#include <stdlib.h>

enum { LABEL_MAX = 63 };

static const char not_domain[] = "is not a domain";
static const char bare_suffix[] = "is a public suffix";
static const char ip_address[] = "is an IP address";

/* The text: libpsl looks it up in half the time that its compiled form takes. */
static const char system_list[] = "/usr/share/publicsuffix/public_suffix_list.dat";

struct suffixes {
	psl_ctx_t *list;
};

static psl_ctx_t *
list_load(const char *path)
{
	psl_ctx_t *list;

	if (path != NULL)
		return psl_load_file(path);
	list = psl_load_file(system_list);
	return list == NULL ? psl_latest(NULL) : list;
}

enum result
suffixes_open(const char *path, struct suffixes **out)
{
	const char *name = path == NULL ? "of the system" : path;
	psl_ctx_t *list = list_load(path);
	struct suffixes *suffixes;

	if (list == NULL) {
		log_error("public suffix list %s cannot be read", name);
		return BROKEN;
	}
	/* A compiled list has no count (-1). */
	if (psl_suffix_count(list) == 0) {
		log_error("public suffix list %s holds no rule", name);
		psl_free(list);
		return BROKEN;
	}
	suffixes = malloc(sizeof(*suffixes));
	if (suffixes == NULL)
		abort();
	suffixes->list = list;
	*out = suffixes;
	return OK;
}

void
suffixes_close(struct suffixes *suffixes)
{
	if (suffixes == NULL)
		return;
	psl_free(suffixes->list);
	free(suffixes);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static text
trim(text source)
{
	while (source.length > 0 && is_blank(source.at[0])) {
		source.at++;
		source.length--;
	}
	while (source.length > 0 && is_blank(source.at[source.length - 1]))
		source.length--;
	return source;
}

static bool
is_ascii(text source)
{
	unsigned char all = 0;

	for (size_t i = 0; i < source.length; i++)
		all |= (unsigned char)source.at[i];
	return all < 0x80;
}

static bool
has_controls(text source)
{
	bool found = false;

	for (size_t i = 0; i < source.length; i++)
		found |= (unsigned char)source.at[i] < 0x20 || source.at[i] == 0x7f;
	return found;
}

/* A letter, digit or hyphen in lower case; NUL for anything else. */
static char
host_char(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
		return c;
	return '\0';
}

/* The length of "scheme://" or "//" at the beginning. */
static size_t
scheme_length(text source)
{
	size_t at = 0;

	while (at < source.length &&
	       (host_char(source.at[at]) || source.at[at] == '.' || source.at[at] == '+'))
		at++;
	if (at > 0 && at < source.length && source.at[at] == ':')
		at++;
	else
		at = 0;
	if (source.length - at < 2 || memcmp(source.at + at, "//", 2) != 0)
		return 0;
	return at + 2;
}

/* The host and its port, without what may stand before and behind them. */
static text
authority_find(text source)
{
	size_t begin = scheme_length(source);
	size_t end;

	/* Browsers end the authority at a backslash too. */
	for (end = begin; end < source.length; end++) {
		char c = source.at[end];

		if (c == '/' || c == '?' || c == '#' || c == '\\')
			break;
		if (c == '@')
			begin = end + 1;
	}
	return (text){ source.at + begin, end - begin };
}

static bool
is_ipv6(text authority)
{
	struct ipaddr addr;
	const char *end;

	if (authority.at[0] == '[') {
		end = memchr(authority.at, ']', authority.length);
		if (end == NULL)
			return false;
		authority.at++;
		authority.length = (size_t)(end - authority.at);
	}
	return ipaddr_parse(authority, &addr) == OK && addr.family == 6;
}

/* A port says nothing about the name, so that it looks like one is enough. */
static bool
is_port(text digits)
{
	for (size_t i = 0; i < digits.length; i++)
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
	return digits.length <= 5;
}

/* Whether a label that begins with "xn--" is what its own U-label encodes to. */
static bool
is_a_label(const char *label, size_t length)
{
	char copy[LABEL_MAX + 1];
	char *mapped = NULL;
	bool same;

	memcpy(copy, label, length);
	copy[length] = '\0';
	if (idn2_to_ascii_8z(copy, &mapped, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) !=
	    IDN2_OK)
		return false;
	same = strcmp(mapped, copy) == 0;
	idn2_free(mapped);
	return same;
}

static bool
label_valid(const char *label, size_t length)
{
	if (length == 0 || length > LABEL_MAX)
		return false;
	if (label[0] == '-' || label[length - 1] == '-')
		return false;
	return length < 4 || memcmp(label, "xn--", 4) != 0 || is_a_label(label, length);
}

/* Copies an ASCII host name in lower case, without its trailing dot. */
static bool
name_copy(text host, char out[static DOMAIN_MAX])
{
	size_t begin = 0;

	if (host.length > 0 && host.at[host.length - 1] == '.')
		host.length--;
	if (host.length == 0 || host.length >= DOMAIN_MAX)
		return false;
	for (size_t i = 0; i < host.length; i++) {
		out[i] = host_char(host.at[i]);
		if (out[i] != '\0')
			continue;
		if (host.at[i] != '.' || !label_valid(out + begin, i - begin))
			return false;
		out[i] = '.';
		begin = i + 1;
	}
	out[host.length] = '\0';
	return label_valid(out + begin, host.length - begin);
}

/* The same for a name in any script. */
static bool
name_map(text host, char out[static DOMAIN_MAX])
{
	char copy[DOMAIN_SOURCE_MAX + 1];
	char *mapped = NULL;
	bool valid;

	memcpy(copy, host.at, host.length);
	copy[host.length] = '\0';
	if (idn2_to_ascii_8z(copy, &mapped, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) !=
	    IDN2_OK)
		return false;
	/* The mapping may bring in any ASCII, for instance "a/c" out of U+2100. */
	valid = name_copy(text_of(mapped), out);
	idn2_free(mapped);
	return valid;
}

/* The URL standard's "ends in a number": such a host is an IPv4 address or nothing. */
static bool
ends_in_number(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *label = dot == NULL ? name : dot + 1;

	if (label[0] < '0' || label[0] > '9')
		return false;
	if (label[0] == '0' && label[1] == 'x')
		return label[2 + strspn(label + 2, "0123456789abcdef")] == '\0';
	return label[strspn(label, "0123456789")] == '\0';
}

/* Puts the host's name in lower-case ASCII in *out; NULL, or why there is none. */
static const char *
host_read(text authority, char out[static DOMAIN_MAX])
{
	const char *colon;
	text port;

	if (authority.length == 0)
		return not_domain;
	colon = memrchr(authority.at, ':', authority.length);
	if (colon != NULL) {
		if (is_ipv6(authority))
			return ip_address;
		port.at = colon + 1;
		port.length = (size_t)(authority.at + authority.length - port.at);
		if (!is_port(port))
			return not_domain;
		authority.length = (size_t)(colon - authority.at);
	}
	if (!(is_ascii(authority) ? name_copy(authority, out) : name_map(authority, out)))
		return not_domain;
	return ends_in_number(out) ? ip_address : NULL;
}

enum result
domain_parse(const struct suffixes *suffixes, text source, char out[static DOMAIN_MAX],
    size_t *out_length, const char **out_reason)
{
	const int listed = PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE;
	const char *found;

	*out_reason = not_domain;
	if (source.length > DOMAIN_SOURCE_MAX)
		return INVALID;
	source = trim(source);
	if (source.length == 0)
		return INVALID;
	if (has_controls(source) || (!is_ascii(source) && !text_valid(source)))
		return INVALID;
	*out_reason = host_read(authority_find(source), out);
	if (*out_reason != NULL)
		return INVALID;
	found = psl_registrable_domain(suffixes->list, out);
	if (found == NULL) {
		*out_reason = psl_is_public_suffix2(suffixes->list, out, listed)
		                  ? bare_suffix
		                  : not_domain;
		return INVALID;
	}
	*out_length = strlen(found);
	memmove(out, found, *out_length + 1);
	return OK;
}
