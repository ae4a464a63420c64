/* SPDX-License-Identifier: Apache-2.0 */
#include "base/money.h"

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
		int64_t micros;
		const char *printed;
	} cases[] = {
		{ "0", 0, "0.0" },
		{ "-0", 0, "0.0" },
		{ "0.0", 0, "0.0" },
		{ "0e99999999999999999999", 0, "0.0" },
		{ "0.000e-99999999999999999999", 0, "0.0" },
		{ "15", 15000000, "15.0" },
		{ "15.0", 15000000, "15.0" },
		{ "15.00", 15000000, "15.0" },
		{ "100", 100000000, "100.0" },
		{ "1050", 1050000000, "1050.0" },
		{ "0.02", 20000, "0.02" },
		{ "0.1", 100000, "0.1" },
		{ "0.10", 100000, "0.1" },
		{ "0.000001", 1, "0.000001" },
		{ "0.0000010000000000", 1, "0.000001" },
		{ "-0.5", -500000, "-0.5" },
		{ "-1.5e3", -1500000000, "-1500.0" },
		{ "1.5E+3", 1500000000, "1500.0" },
		{ "1e0", 1000000, "1.0" },
		{ "1e-6", 1, "0.000001" },
		{ "10e-7", 1, "0.000001" },
		{ "1000000000000000000000000e-24", 1000000, "1.0" },
		{ "0.000000000000000000000001e24", 1000000, "1.0" },
		{ "123456.789012", 123456789012, "123456.789012" },
		{ "9223372036854.775807", INT64_MAX, "9223372036854.775807" },
		{ "9223372036854775807e-6", INT64_MAX, "9223372036854.775807" },
		{ "-9223372036854.775807", -INT64_MAX, "-9223372036854.775807" },
		{ "-9223372036854.775808", INT64_MIN, "-9223372036854.775808" },
	};
	char printed[MONEY_MAX];
	money amount;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (money_parse(text_of(cases[i].source), &amount) != OK ||
		    amount.micros != cases[i].micros)
			fail_msg("%s: read", cases[i].source);
		if (money_print(amount, printed) != strlen(cases[i].printed) ||
		    strcmp(printed, cases[i].printed) != 0)
			fail_msg("%s: printed %s", cases[i].source, printed);
	}
}

static void
refuses(void **state)
{
	static const char *const cases[] = { "", "-", "+1", ".5", "1.", "-.5", "01",
		"-01", "00", " 1", "1 ", "1.5.", "1.e1", "1e", "1e+", "1e-", "1e1.5",
		"1e 5", "0x10", "1,5", "--1", "1-", "NaN", "Infinity", "null", "\"1\"",
		"1_000", "$1", "0.0000001", "1e-7", "1.0000001", "0.1234567",
		"9223372036854.775808", "-9223372036854.775809", "9223372036855", "1e13",
		"1e400", "1e99999999999999999999", "1e-99999999999999999999",
		"18446744073709551616", "18446744073709.551616",
		"99999999999999999999999999", "0.12345678901234567890123" };
	money amount = { 42 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (money_parse(text_of(cases[i]), &amount) != INVALID ||
		    amount.micros != 42)
			fail_msg("%s", cases[i]);
	assert_int_equal(money_parse((text){ "1\0", 2 }, &amount), INVALID);
	assert_int_equal(money_parse((text){ NULL, 0 }, &amount), INVALID);
}

/* The end of a text is its length, not what follows in memory. */
static void
ends_at_its_length(void **state)
{
	money amount;

	(void)state;
	assert_int_equal(money_parse((text){ "12345", 2 }, &amount), OK);
	assert_int_equal(amount.micros, DOLLARS(12));
	assert_int_equal(money_parse((text){ "1.5", 2 }, &amount), INVALID);
	assert_int_equal(money_parse((text){ "1e5", 2 }, &amount), INVALID);
	assert_int_equal(money_parse((text){ "-5", 1 }, &amount), INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(refuses),
		cmocka_unit_test(ends_at_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
