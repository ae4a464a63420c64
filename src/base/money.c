/* SPDX-License-Identifier: Apache-2.0 */
#include "base/money.h"

#include <stdbool.h>

enum {
	DECIMALS = 6,
	EXPONENT_LIMIT =
	    1000000000, /* no text is so long that it could make up for more */
};

/*
 * The significant digits of a decimal number: all that were read are worth
 * digits * 10^zeros, with no zero at the end of digits.
 */
struct decimal {
	uint64_t digits;
	int64_t zeros;
	bool too_long;
};

static bool
is_digit(const char *at, const char *end)
{
	return at < end && *at >= '0' && *at <= '9';
}

/* Digits that are zero wait until another one follows, so that 1e9 zeros cost nothing. */
static void
add_digit(struct decimal *number, unsigned digit)
{
	if (digit == 0) {
		number->zeros += number->digits != 0;
		return;
	}
	for (number->zeros++; number->zeros > 0 && !number->too_long; number->zeros--)
		number->too_long =
		    __builtin_mul_overflow(number->digits, 10, &number->digits);
	number->too_long |=
	    __builtin_add_overflow(number->digits, digit, &number->digits);
}

static const char *
read_digits(const char *at, const char *end, struct decimal *number)
{
	for (; is_digit(at, end); at++)
		add_digit(number, (unsigned)(*at - '0'));
	return at;
}

/* Reads what follows the "e"; NULL if it is not an exponent. */
static const char *
read_exponent(const char *at, const char *end, int64_t *out)
{
	bool negative = at < end && *at == '-';
	int64_t value = 0;

	if (at < end && (*at == '-' || *at == '+'))
		at++;
	if (!is_digit(at, end))
		return NULL;
	for (; is_digit(at, end); at++)
		if (value < EXPONENT_LIMIT)
			value = value * 10 + (*at - '0');
	*out = negative ? -value : value;
	return at;
}

/* Reads the number after its sign; false if it is not one. */
static bool
read_number(const char *at, const char *end, struct decimal *number)
{
	const char *begin = at;
	int64_t exponent = 0;
	int64_t decimals = 0;

	at = read_digits(at, end, number);
	if (at == begin || (*begin == '0' && at > begin + 1))
		return false;
	if (at < end && *at == '.') {
		begin = at + 1;
		at = read_digits(begin, end, number);
		decimals = at - begin;
		if (decimals == 0)
			return false;
	}
	if (at < end && (*at == 'e' || *at == 'E'))
		at = read_exponent(at + 1, end, &exponent);
	number->zeros += exponent - decimals;
	return at == end;
}

enum result
money_parse(text source, money *out)
{
	bool negative = source.length > 0 && source.at[0] == '-';
	struct decimal number = { 0 };
	uint64_t micros;

	if (source.length == 0 ||
	    !read_number(source.at + negative, source.at + source.length, &number))
		return INVALID;
	micros = number.digits;
	number.zeros += DECIMALS;
	if (number.too_long || (micros != 0 && number.zeros < 0))
		return INVALID;
	for (; micros != 0 && number.zeros > 0; number.zeros--)
		if (__builtin_mul_overflow(micros, 10, &micros))
			return INVALID;
	if (micros > (uint64_t)INT64_MAX + negative)
		return INVALID;
	/* Negated as unsigned: the least amount has no positive counterpart. */
	out->micros = (int64_t)(negative ? -micros : micros);
	return OK;
}

size_t
money_print(money amount, char out[static MONEY_MAX])
{
	bool negative = amount.micros < 0;
	uint64_t left = negative ? -(uint64_t)amount.micros : (uint64_t)amount.micros;
	char digits[MONEY_MAX];
	char *begin = digits + sizeof(digits);
	int decimals = DECIMALS;
	size_t length;

	for (; decimals > 1 && left % 10 == 0; decimals--)
		left /= 10;
	for (; decimals > 0; decimals--, left /= 10)
		*--begin = (char)('0' + left % 10);
	*--begin = '.';
	do {
		*--begin = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (negative)
		*--begin = '-';
	length = (size_t)(digits + sizeof(digits) - begin);
	memcpy(out, begin, length);
	out[length] = '\0';
	return length;
}
