/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ipaddr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
reads(void **state)
{
	static const struct {
		const char *source;
		const char *printed;
		const char *number;
	} cases[] = {
		{ "0.0.0.0", "0.0.0.0", "0" },
		{ "0.0.0.1", "0.0.0.1", "1" },
		{ "192.0.2.1", "192.0.2.1", "3221225985" },
		{ "10.20.100.109", "10.20.100.109", "169108589" },
		{ "255.255.255.255", "255.255.255.255", "4294967295" },
		{ "::", "::", "0" },
		{ "::1", "::1", "1" },
		{ "1::", "1::", "5192296858534827628530496329220096" },
		{ "2001:db8::1", "2001:db8::1",
		    "42540766411282592856903984951653826561" },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1",
		    "42540766411282592856903984951653826561" },
		{ "2001:0db8::0001", "2001:db8::1",
		    "42540766411282592856903984951653826561" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
		    "42540766411282592875351010504635121665" },
		{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
		    "42540766411282592875351010504635121665" },
		{ "2001:0:0:1::1", "2001:0:0:1::1",
		    "42540488161975842778997100499009798145" },
		{ "2001:db8:0:0:1::1", "2001:db8::1:0:0:1",
		    "42540766411282592856904266426630537217" },
		{ "1:0:0:2:0:0:0:3", "1:0:0:2::3", "5192296858534864522018643748323331" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0",
		    "5192455318486707404433266433261568" },
		{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8",
		    "158459951879775902770104041480" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", "281473902969345" },
		{ "::ffff:c000:201", "::ffff:192.0.2.1", "281473902969345" },
		{ "::192.0.2.1", "::c000:201", "3221225985" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221",
		    "524413980667603649783483184533471777" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "340282366920938463463374607431768211455" },
		{ "1111:2222:3333:4444:5555:6666:255.255.255.255",
		    "1111:2222:3333:4444:5555:6666:ffff:ffff",
		    "22685837286468424649968941049210470399" },
	};
	char printed[IPADDR_MAX];
	char number[IPADDR_NUMBER_MAX];
	struct ipaddr addr;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (ipaddr_parse(text_of(cases[i].source), &addr) != OK)
			fail_msg("%s: refused", cases[i].source);
		if (ipaddr_print(&addr, printed) != strlen(cases[i].printed) ||
		    strcmp(printed, cases[i].printed) != 0)
			fail_msg("%s: printed %s", cases[i].source, printed);
		if (ipaddr_print_number(&addr, number) != strlen(cases[i].number) ||
		    strcmp(number, cases[i].number) != 0)
			fail_msg("%s: number %s", cases[i].source, number);
	}
}

static void
refuses(void **state)
{
	static const char *const cases[] = { "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256",
		"01.2.3.4", "1.2.3.04", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4:80",
		"1.2.3.4/32", "1..3.4", "1.2.3.", ".1.2.3", "0x1.2.3.4", "-1.2.3.4",
		"16909060", "1.2.3.4\n", ":", ":::", "1", "::1%eth0", "fe80::1%1",
		"[::1]", "[::1]:80", "::1/64", "1::2::3", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "12345::", "::g",
		"1:2:3:4:5:6:7:8::", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "::1.2.3",
		"::1.2.3.256", "1.2.3.4::", "::1.2.3.4:5", " ::1", "example.com",
		"1111:2222:3333:4444:5555:6666:255.255.255.2555" };
	struct ipaddr addr = { .family = 9 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (ipaddr_parse(text_of(cases[i]), &addr) != INVALID || addr.family != 9)
			fail_msg("%s", cases[i]);
	assert_int_equal(ipaddr_parse((text){ "1.2.3.4\0", 8 }, &addr), INVALID);
	assert_int_equal(ipaddr_parse((text){ NULL, 0 }, &addr), INVALID);
}

static void
bytes(void **state)
{
	static const struct ipaddr v4 = { 4, { [12] = 192, 0, 2, 1 } };
	static const struct ipaddr v6 = { 6, { 0x20, 0x01, 0x0D, 0xB8, [15] = 1 } };
	static const struct ipaddr none = { 0 };
	char printed[IPADDR_MAX];
	struct ipaddr addr;

	(void)state;
	memset(&addr, 0xFF, sizeof(addr));
	assert_int_equal(ipaddr_parse((text){ "192.0.2.123", 9 }, &addr), OK);
	assert_memory_equal(&addr, &v4, sizeof(addr));
	memset(&addr, 0xFF, sizeof(addr));
	assert_int_equal(ipaddr_parse(TEXT("2001:db8::1"), &addr), OK);
	assert_memory_equal(&addr, &v6, sizeof(addr));
	assert_int_equal(ipaddr_print(&none, printed), 0);
	assert_string_equal(printed, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(refuses),
		cmocka_unit_test(bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
