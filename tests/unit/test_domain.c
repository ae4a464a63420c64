/* SPDX-License-Identifier: Apache-2.0 */
#include "base/domain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

struct vector {
	const char *source;
	const char *domain; /* NULL: there is none */
};

/*
 * The public-suffix project's own vectors (test_psl.txt, public domain).  Domains are
 * in A-labels here, as domain_parse gives them.
 */
static const struct vector vectors[] = {
	{ "", NULL },
	{ "COM", NULL },
	{ "example.COM", "example.com" },
	{ "WwW.example.COM", "example.com" },
	{ ".com", NULL },
	{ ".example", NULL },
	{ ".example.com", NULL },
	{ ".example.example", NULL },
	{ "example", NULL },
	{ "example.example", "example.example" },
	{ "b.example.example", "example.example" },
	{ "a.b.example.example", "example.example" },
	{ "biz", NULL },
	{ "domain.biz", "domain.biz" },
	{ "b.domain.biz", "domain.biz" },
	{ "a.b.domain.biz", "domain.biz" },
	{ "com", NULL },
	{ "example.com", "example.com" },
	{ "b.example.com", "example.com" },
	{ "a.b.example.com", "example.com" },
	{ "uk.com", NULL },
	{ "example.uk.com", "example.uk.com" },
	{ "b.example.uk.com", "example.uk.com" },
	{ "a.b.example.uk.com", "example.uk.com" },
	{ "test.ac", "test.ac" },
	{ "mm", NULL },
	{ "c.mm", NULL },
	{ "b.c.mm", "b.c.mm" },
	{ "a.b.c.mm", "b.c.mm" },
	{ "jp", NULL },
	{ "test.jp", "test.jp" },
	{ "www.test.jp", "test.jp" },
	{ "ac.jp", NULL },
	{ "test.ac.jp", "test.ac.jp" },
	{ "www.test.ac.jp", "test.ac.jp" },
	{ "kyoto.jp", NULL },
	{ "test.kyoto.jp", "test.kyoto.jp" },
	{ "ide.kyoto.jp", NULL },
	{ "b.ide.kyoto.jp", "b.ide.kyoto.jp" },
	{ "a.b.ide.kyoto.jp", "b.ide.kyoto.jp" },
	{ "c.kobe.jp", NULL },
	{ "b.c.kobe.jp", "b.c.kobe.jp" },
	{ "a.b.c.kobe.jp", "b.c.kobe.jp" },
	{ "city.kobe.jp", "city.kobe.jp" },
	{ "www.city.kobe.jp", "city.kobe.jp" },
	{ "ck", NULL },
	{ "test.ck", NULL },
	{ "b.test.ck", "b.test.ck" },
	{ "a.b.test.ck", "b.test.ck" },
	{ "www.ck", "www.ck" },
	{ "www.www.ck", "www.ck" },
	{ "us", NULL },
	{ "test.us", "test.us" },
	{ "www.test.us", "test.us" },
	{ "ak.us", NULL },
	{ "test.ak.us", "test.ak.us" },
	{ "www.test.ak.us", "test.ak.us" },
	{ "k12.ak.us", NULL },
	{ "test.k12.ak.us", "test.k12.ak.us" },
	{ "www.test.k12.ak.us", "test.k12.ak.us" },
	{ "食狮.com.cn", "xn--85x722f.com.cn" },
	{ "食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn" },
	{ "www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn" },
	{ "shishi.公司.cn", "shishi.xn--55qx5d.cn" },
	{ "公司.cn", NULL },
	{ "食狮.中国", "xn--85x722f.xn--fiqs8s" },
	{ "www.食狮.中国", "xn--85x722f.xn--fiqs8s" },
	{ "shishi.中国", "shishi.xn--fiqs8s" },
	{ "中国", NULL },
	{ "xn--85x722f.com.cn", "xn--85x722f.com.cn" },
	{ "xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn" },
	{ "www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn" },
	{ "shishi.xn--55qx5d.cn", "shishi.xn--55qx5d.cn" },
	{ "xn--55qx5d.cn", NULL },
	{ "xn--85x722f.xn--fiqs8s", "xn--85x722f.xn--fiqs8s" },
	{ "www.xn--85x722f.xn--fiqs8s", "xn--85x722f.xn--fiqs8s" },
	{ "shishi.xn--fiqs8s", "shishi.xn--fiqs8s" },
	{ "xn--fiqs8s", NULL },
};

struct accepted {
	const char *name;
	const char *source;
	const char *domain;
};

#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define N249                                                                             \
	L63 "." L63 "." L63 "."                                                          \
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcde"

static const struct accepted accepted[] = {
	{ "case and trailing dot", "WWW.Example.COM.", "example.com" },
	{ "path and query", "https://example.com/a?b", "example.com" },
	{ "everything", "http://user:pw@www.example.co.uk:8080/x#y", "example.co.uk" },
	{ "no scheme but slashes", "//example.com/x", "example.com" },
	{ "other scheme", "git+ssh://example.com", "example.com" },
	{ "scheme in capitals", "HTTPS://example.com", "example.com" },
	{ "e-mail address", "joe@example.com", "example.com" },
	{ "mailto", "mailto:joe@example.com", "example.com" },
	{ "two @", "http://a@b@example.com", "example.com" },
	{ "@ in path", "example.com/@joe", "example.com" },
	{ "colon in path", "example.com/a:b", "example.com" },
	{ "scheme in query", "example.com?to=http://example.org", "example.com" },
	{ "fragment", "example.com#a", "example.com" },
	{ "backslash", "http://example.com\\@example.org", "example.com" },
	{ "port", "foo.co.uk:443", "foo.co.uk" },
	{ "empty port", "foo.co.uk:", "foo.co.uk" },
	{ "blanks around", " \t example.com\r\n", "example.com" },
	{ "blank in path", "example.com/a b", "example.com" },
	{ "IDN", "münchen.de", "xn--mnchen-3ya.de" },
	{ "IDN in capitals", "MÜNCHEN.de", "xn--mnchen-3ya.de" },
	{ "IDN decomposed", "mu\xcc\x88nchen.de", "xn--mnchen-3ya.de" },
	{ "A-label", "XN--MNCHEN-3YA.de", "xn--mnchen-3ya.de" },
	{ "sharp s stays", "straße.de", "xn--strae-oqa.de" },
	{ "full-width letters", "ｅｘａｍｐｌｅ.com", "example.com" },
	{ "full-width dot", "www．example．com", "example.com" },
	{ "ideographic dots", "www。example。com。", "example.com" },
	{ "soft hyphen goes", "exam\xc2\xadple.com", "example.com" },
	{ "right to left", "אבג.com", "xn--4dbcd.com" },
	{ "private section", "foo.github.io", "foo.github.io" },
	{ "below private section", "www.foo.github.io", "foo.github.io" },
	{ "unlisted", "www.example.example", "example.example" },
	{ "hyphens in 3 and 4", "r3---sn.com", "r3---sn.com" },
	{ "digits", "a.123.com", "123.com" },
	{ "0x not at the end", "0x7f.com", "0x7f.com" },
	{ "63-character label", L63 ".com", L63 ".com" },
	{ "253-character name", N249 ".com",
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklm"
	    "nopqrstuvwxyzabcde.com" },
	{ "253 and a dot", N249 ".com.",
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst"
	    "uvwxyzabcde.com" },
	{ "many labels", "a.b.c.d.e.f.g.h.i.j.k.l.example.co.uk", "example.co.uk" },
};

struct refused {
	const char *name;
	text source;
	const char *reason;
};

#define SUFFIX  "is a public suffix"
#define ADDRESS "is an IP address"
#define NOTHING "is not a domain"
#define T(literal)                                                                       \
	{                                                                                \
		literal, sizeof(literal) - 1                                             \
	}

static const struct refused refused[] = {
	{ "suffix", T("co.uk"), SUFFIX },
	{ "suffix in a URL", T("https://CO.UK./"), SUFFIX },
	{ "top-level domain", T("com"), SUFFIX },
	{ "private suffix", T("github.io"), SUFFIX },
	{ "IDN suffix", T("公司.cn"), SUFFIX },
	{ "IPv4", T("192.0.2.1"), ADDRESS },
	{ "IPv4 and port", T("192.0.2.1:80"), ADDRESS },
	{ "IPv4 with a dot", T("192.0.2.1."), ADDRESS },
	{ "IPv4 in a URL", T("http://192.0.2.1/x"), ADDRESS },
	{ "IPv4 hexadecimal", T("0x7f.1"), ADDRESS },
	{ "IPv4 hexadecimal end", T("127.0x1"), ADDRESS },
	{ "IPv4 hexadecimal, empty", T("127.0X"), ADDRESS },
	{ "IPv4 short", T("127.1"), ADDRESS },
	{ "IPv4 octal", T("0177.0.0.01"), ADDRESS },
	{ "IPv4 as a number", T("2130706433"), ADDRESS },
	{ "IPv4 full-width", T("１２７.0.0.1"), ADDRESS },
	{ "name and number", T("example.com.1"), ADDRESS },
	{ "IPv6", T("2001:db8::1"), ADDRESS },
	{ "IPv6 in brackets", T("[2001:db8::1]"), ADDRESS },
	{ "IPv6 and port", T("http://[2001:db8::1]:80/"), ADDRESS },
	{ "IPv6 loopback", T("::1"), ADDRESS },
	{ "IPv6 of an IPv4", T("::ffff:192.0.2.1"), ADDRESS },
	{ "bracket", T("[2001:db8::1"), NOTHING },
	{ "no text", { NULL, 0 }, NOTHING },
	{ "empty", T(""), NOTHING },
	{ "blanks", T(" \t\r\n"), NOTHING },
	{ "dot", T("."), NOTHING },
	{ "two dots", T(".."), NOTHING },
	{ "scheme", T("http://"), NOTHING },
	{ "no host", T("http:///x"), NOTHING },
	{ "port only", T(":80"), NOTHING },
	{ "@", T("@"), NOTHING },
	{ "words", T("not a domain"), NOTHING },
	{ "one label", T("localhost"), NOTHING },
	{ "one label and a dot", T("localhost."), NOTHING },
	{ "empty label", T("a..b"), NOTHING },
	{ "two trailing dots", T("example.com.."), NOTHING },
	{ "hyphen first", T("-a.com"), NOTHING },
	{ "hyphen last", T("a-.com"), NOTHING },
	{ "underscore", T("a_b.com"), NOTHING },
	{ "star", T("*.example.com"), NOTHING },
	{ "percent", T("ex%61mple.com"), NOTHING },
	{ "port of letters", T("example.com:http"), NOTHING },
	{ "port too long", T("example.com:123456"), NOTHING },
	{ "64-character label", T("a" L63 ".com"), NOTHING },
	{ "64-character IDN label", T("ä" L63 ".com"), NOTHING },
	{ "254-character name", T("a" N249 ".com"), NOTHING },
	{ "254-character name with a dot", T("a" N249 ".com."), NOTHING },
	{ "NUL", T("exa\0mple.com"), NOTHING },
	{ "NUL last", T("example.com\0"), NOTHING },
	{ "NUL in path", T("example.com/\0"), NOTHING },
	{ "control character", T("exa\x01mple.com"), NOTHING },
	{ "newline", T("exa\nmple.com"), NOTHING },
	{ "delete", T("exa\x7fmple.com"), NOTHING },
	{ "blank", T("exa mple.com"), NOTHING },
	{ "no-break space", T("exa\xc2\xa0mple.com"), NOTHING },
	{ "broken UTF-8", T("m\xfcnchen.de"), NOTHING },
	{ "overlong dot",
	    T("example\xc0\xae"
	      "com"),
	    NOTHING },
	{ "surrogate", T("\xed\xa0\x80.com"), NOTHING },
	{ "cut UTF-8", T("example.com\xc3"), NOTHING },
	{ "broken UTF-8 in path", T("example.com/\xff"), NOTHING },
	{ "mapped to a slash", T("℀.com"), NOTHING },
	{ "full-width slash", T("example.com／x"), NOTHING },
	{ "full-width @", T("joe＠example.com"), NOTHING },
	{ "emoji", T("i❤.ws"), NOTHING },
	{ "not an A-label", T("xn--zzzzzzzzzzzz999999.com"), NOTHING },
	{ "A-label of nothing", T("xn--.com"), NOTHING },
	{ "A-label of ASCII", T("xn--abc-.com"), NOTHING },
	{ "A-label of a capital", T("xn--mnchen-psa.de"), NOTHING },
	{ "A-label of an emoji", T("xn--i-7iq.ws"), NOTHING },
	{ "A-label with hyphen last", T("xn--mnchen-3ya-.de"), NOTHING },
	{ "broken A-label below", T("xn--.example.com"), NOTHING },
};

static void
expect_domain(
    const struct suffixes *suffixes, const char *name, text source, const char *domain)
{
	char out[DOMAIN_MAX];
	const char *reason = NULL;
	size_t length = 0;

	if (domain_parse(suffixes, source, out, &length, &reason) != OK)
		fail_msg("%s: %s", name, reason);
	if (strcmp(out, domain) != 0)
		fail_msg("%s: %s, not %s", name, out, domain);
	assert_int_equal(length, strlen(domain));
}

static void
expect_reason(
    const struct suffixes *suffixes, const char *name, text source, const char *expected)
{
	char out[DOMAIN_MAX];
	const char *reason = NULL;
	size_t length = 0;

	if (domain_parse(suffixes, source, out, &length, &reason) != INVALID)
		fail_msg("%s: taken as %s", name, out);
	if (expected != NULL && strcmp(reason, expected) != 0)
		fail_msg("%s: %s, not %s", name, reason, expected);
}

static void
test_vectors(void **state)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];

		if (v->domain == NULL)
			expect_reason(*state, v->source, text_of(v->source), NULL);
		else
			expect_domain(*state, v->source, text_of(v->source), v->domain);
	}
}

static void
test_accepted(void **state)
{
	for (size_t i = 0; i < COUNT(accepted); i++)
		expect_domain(*state, accepted[i].name, text_of(accepted[i].source),
		    accepted[i].domain);
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
	char source[DOMAIN_SOURCE_MAX + 1];

	memset(source, 'x', sizeof(source));
	memcpy(source, "example.com/", strlen("example.com/"));
	expect_domain(
	    *state, "longest", (text){ source, DOMAIN_SOURCE_MAX }, "example.com");
	expect_reason(
	    *state, "too long", (text){ source, DOMAIN_SOURCE_MAX + 1 }, NOTHING);
	/* The longest host that the mapping sees. */
	memset(source, 'x', sizeof(source));
	memcpy(source, "ä", strlen("ä"));
	expect_reason(*state, "long IDN", (text){ source, DOMAIN_SOURCE_MAX }, NOTHING);
}

static void
test_list_of_our_own(void **state)
{
	static const char rules[] =
	    "// rules\ncom\nco.test\n*.wild.test\n!own.wild.test\n";
	char path[] = "/tmp/test_domain.XXXXXX";
	int fd = mkstemp(path);
	struct suffixes *suffixes;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, rules, strlen(rules)), strlen(rules));
	close(fd);
	assert_int_equal(suffixes_open(path, &suffixes), OK);
	unlink(path);
	expect_domain(suffixes, "listed", TEXT("a.b.co.test"), "b.co.test");
	expect_domain(suffixes, "wild", TEXT("a.b.c.wild.test"), "b.c.wild.test");
	expect_domain(suffixes, "exception", TEXT("a.own.wild.test"), "own.wild.test");
	expect_domain(suffixes, "not listed here", TEXT("a.co.uk"), "co.uk");
	expect_reason(suffixes, "suffix", TEXT("co.test"), SUFFIX);
	expect_reason(suffixes, "not listed, one label", TEXT("uk"), NOTHING);
	suffixes_close(suffixes);
}

static void
test_no_list(void **state)
{
	struct suffixes *suffixes = NULL;

	(void)state;
	assert_int_equal(suffixes_open("/nonexistent/list", &suffixes), BROKEN);
	assert_int_equal(suffixes_open("/dev/null", &suffixes), BROKEN);
	assert_int_equal(suffixes_open("/", &suffixes), BROKEN);
	assert_null(suffixes);
	suffixes_close(NULL);
}

static int
open_list(void **state)
{
	struct suffixes *suffixes;

	if (suffixes_open(NULL, &suffixes) != OK)
		return -1;
	*state = suffixes;
	return 0;
}

static int
close_list(void **state)
{
	suffixes_close(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_list_of_our_own),
		cmocka_unit_test(test_no_list),
	};

	return cmocka_run_group_tests(tests, open_list, close_list);
}
