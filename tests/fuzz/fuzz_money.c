/* SPDX-License-Identifier: Apache-2.0 */
#include "base/money.h"

#include <stdbool.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What is printed is read as the same amount, and there is no shorter way to print it. */
static void
check_print(money amount)
{
	char printed[MONEY_MAX];
	size_t length = money_print(amount, printed);
	const char *point = strchr(printed, '.');
	money back;

	must(length == strlen(printed) && length < MONEY_MAX);
	must(point != NULL && point[1] != '\0' && strlen(point) <= 7);
	must(point[2] == '\0' || printed[length - 1] != '0');
	must(money_parse((text){ printed, length }, &back) == OK);
	must(back.micros == amount.micros);
}

static bool
has_only(text source, const char *characters)
{
	for (size_t i = 0; i < source.length; i++)
		if (source.at[i] == '\0' || strchr(characters, source.at[i]) == NULL)
			return false;
	return true;
}

/* What floating point makes of a number that was taken is nearly the same. */
static void
check_value(text source, money amount)
{
	char string[64];
	long double micros;
	long double off;

	must(source.length > 0 && has_only(source, "0123456789+-.eE"));
	if (source.length >= sizeof(string))
		return;
	memcpy(string, source.at, source.length);
	string[source.length] = '\0';
	micros = strtold(string, NULL) * 1e6L;
	off = micros - (long double)amount.micros;
	must(off > -0.5L - 1e-15L * 9.3e18L && off < 0.5L + 1e-15L * 9.3e18L);
	if (amount.micros > -1000000000000 && amount.micros < 1000000000000)
		must(off > -0.001L && off < 0.001L);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	text source = { (const char *)data, size };
	money amount = { 0 };

	if (money_parse(source, &amount) == OK) {
		check_value(source, amount);
		check_print(amount);
	}
	if (size >= sizeof(amount.micros)) {
		memcpy(&amount.micros, data, sizeof(amount.micros));
		check_print(amount);
	}
	return 0;
}
