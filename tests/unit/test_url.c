/* SPDX-License-Identifier: Apache-2.0 */
#include "base/url.h"

#include "base/domain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct accepted {
	const char *source;
	const char *url; /* NULL: the source itself */
};

static const struct accepted accepted[] = {
	{ "listenloop.com", "http://listenloop.com" },
	{ "example.com:8080/x", "http://example.com:8080/x" },
	{ "example.com/x:y@z", "http://example.com/x:y@z" },
	{ "example.com?to=https://example.org",
	    "http://example.com?to=https://example.org" },
	{ "example.com#x", "http://example.com#x" },
	{ "münchen.de", "http://münchen.de" },
	{ "http.example.com", "http://http.example.com" },
	{ "https://example.com/landing?utm=1", NULL },
	{ "HTTP://Example.com", NULL },
	{ "hTTpS://EXAMPLE.com", NULL },
	{ "http://example.com", NULL },
	{ "http://example.com.", NULL },
	{ "http://example.com:1", NULL },
	{ "http://example.com:65535/", NULL },
	{ "http://example.com:080", NULL },
	{ "http://example.com?", NULL },
	{ "http://a.b.example.co.uk/a/../b", NULL },
	{ "https://example.com/%zz%", NULL },
	{ "https://example.com/a'(b)*!$&+,;=[]{}|^`~", NULL },
	{ "https://example.com/http://example.org/", NULL },
	{ "https://example.com//x", NULL },
	{ "https://MÜNCHEN.de/straße?x=食#狮", NULL },
	{ "https://xn--mnchen-3ya.de/", NULL },
	{ "https://foo.github.io/", NULL },
};

struct refused {
	const char *name;
	text source;
	const char *reason;
};

#define WEB     "must be an http or https URL"
#define USER    "must not hold a user name"
#define HOST    "must have a public host name"
#define PORT    "must have a port from 1 to 65535"
#define CONTROL "must not hold control characters"
#define BLANK   "must not hold blanks, quotes, backslashes or angle brackets"
#define UTF8    "must be valid UTF-8"
#define T(literal)                                                                       \
	{                                                                                \
		literal, sizeof(literal) - 1                                             \
	}

static const struct refused refused[] = {
	{ "no text", { NULL, 0 }, WEB },
	{ "empty", T(""), WEB },
	{ "javascript", T("javascript:alert(1)"), WEB },
	{ "javascript, a number", T("javascript:1"), HOST },
	{ "javascript with slashes", T("javascript://example.com/%0aalert(1)"), WEB },
	{ "data", T("data:text/html,x"), WEB },
	{ "ftp", T("ftp://x.com"), WEB },
	{ "one slash", T("http:/example.com"), WEB },
	{ "no slash", T("http:example.com"), WEB },
	{ "mailto", T("mailto:joe@example.com"), USER },
	{ "user", T("http://user@example.com"), USER },
	{ "user and password", T("http://user:pass@example.com"), USER },
	{ "user without a scheme", T("user:pass@example.com"), USER },
	{ "empty user", T("http://@example.com"), USER },
	{ "scheme only", T("http://"), HOST },
	{ "no host", T("http:///x"), HOST },
	{ "no host but a port", T("http://:80"), HOST },
	{ "no scheme but slashes", T("//example.com"), HOST },
	{ "path", T("/x"), HOST },
	{ "localhost", T("http://localhost"), HOST },
	{ "localhost and port", T("localhost:8080"), HOST },
	{ "word", T("x"), HOST },
	{ "IPv4", T("http://10.0.0.1"), HOST },
	{ "IPv4 as a number", T("http://2130706433"), HOST },
	{ "IPv4 hexadecimal", T("http://0x7f000001/"), HOST },
	{ "IPv6", T("http://[::1]/"), HOST },
	{ "IPv6 and port", T("http://[::1]:80/"), HOST },
	{ "IPv6 without brackets", T("http://2001:db8::1/"), HOST },
	{ "suffix", T("http://co.uk"), HOST },
	{ "underscore", T("http://a_b.example.com"), HOST },
	{ "percent in host", T("http://ex%61mple.com"), HOST },
	{ "mapped to a slash", T("http://example.com／x"), HOST },
	{ "port 0", T("http://example.com:0"), PORT },
	{ "port 65536", T("http://example.com:65536"), PORT },
	{ "port huge", T("http://example.com:18446744073709551617"), PORT },
	{ "port empty", T("http://example.com:/"), PORT },
	{ "port of letters", T("http://example.com:http/"), PORT },
	{ "port signed", T("http://example.com:+80/"), PORT },
	{ "two ports", T("http://example.com:80:80/"), PORT },
	{ "port and letters, no scheme", T("example.com:80x"), PORT },
	{ "blank", T("http://example.com/a b"), BLANK },
	{ "blank first", T(" http://example.com"), BLANK },
	{ "quote", T("http://example.com/\""), BLANK },
	{ "backslash", T("http://example.com\\@example.org"), BLANK },
	{ "tag", T("http://example.com/<b>"), BLANK },
	{ "tab", T("java\tscript:alert(1)"), CONTROL },
	{ "newline", T("http://example.com/\n"), CONTROL },
	{ "return", T("http://example.com/\r"), CONTROL },
	{ "delete", T("http://example.com/\x7f"), CONTROL },
	{ "C1", T("http://example.com/\xc2\x85"), CONTROL },
	{ "NUL", T("http://example.com\0/"), UTF8 },
	{ "broken UTF-8", T("http://example.com/\xff"), UTF8 },
	{ "cut UTF-8", T("http://example.com/\xc2"), UTF8 },
};

struct fixture {
	struct suffixes *suffixes;
	struct arena arena;
};

static void
expect_url(struct fixture *f, text source, text expected)
{
	const char *reason = NULL;
	text out;

	if (url_normalize(f->suffixes, &f->arena, source, &out, &reason) != OK)
		fail_msg("%.*s: %s", (int)source.length, source.at, reason);
	if (!text_equal(out, expected))
		fail_msg("%.*s: %s", (int)source.length, source.at, out.at);
	assert_ptr_not_equal(out.at, source.at);
	assert_int_equal(out.at[out.length], '\0');
}

static void
test_accepted(void **state)
{
	for (size_t i = 0; i < COUNT(accepted); i++) {
		const struct accepted *a = &accepted[i];
		const char *url = a->url == NULL ? a->source : a->url;

		expect_url(*state, text_of(a->source), text_of(url));
		expect_url(*state, text_of(url), text_of(url));
	}
}

static void
expect_reason(struct fixture *f, const char *name, text source, const char *expected)
{
	const char *reason = NULL;
	text out;

	if (url_normalize(f->suffixes, &f->arena, source, &out, &reason) != INVALID)
		fail_msg("%s: taken as %s", name, out.at);
	if (strcmp(reason, expected) != 0)
		fail_msg("%s: %s, not %s", name, reason, expected);
}

static void
test_refused(void **state)
{
	for (size_t i = 0; i < COUNT(refused); i++)
		expect_reason(
		    *state, refused[i].name, refused[i].source, refused[i].reason);
}

static void
test_length(void **state)
{
	static const char long_reason[] = "must have at most 2048 characters";
	static const char scheme[] = "http://";
	const size_t prefix = strlen(scheme);
	char source[3 * URL_MAX] = "http://example.com/";
	const size_t fixed = strlen(source);
	size_t at = fixed;

	memset(source + at, 'x', sizeof(source) - at);
	expect_url(*state, (text){ source, URL_MAX }, (text){ source, URL_MAX });
	expect_reason(*state, "too long", (text){ source, URL_MAX + 1 }, long_reason);
	expect_url(*state, (text){ source + prefix, URL_MAX - prefix },
	    (text){ source, URL_MAX });
	expect_reason(*state, "too long with the scheme",
	    (text){ source + prefix, URL_MAX - prefix + 1 }, long_reason);
	for (size_t i = fixed; i < URL_MAX; i++) {
		memcpy(source + at, "ä", strlen("ä"));
		at += strlen("ä");
	}
	expect_url(*state, (text){ source, at }, (text){ source, at });
	expect_reason(
	    *state, "too many characters", (text){ source, at + 1 }, long_reason);
}

static int
set_up(void **state)
{
	static struct fixture fixture;

	arena_init(&fixture.arena);
	if (suffixes_open(NULL, &fixture.suffixes) != OK)
		return -1;
	*state = &fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	suffixes_close(fixture->suffixes);
	arena_clear(&fixture->arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
