/* SPDX-License-Identifier: Apache-2.0 */
#include "resource/kind.h"

#include "resource/kind_schema.h"

#include <inttypes.h>
#include <string.h>

#define NO_PROBLEM ((text){ NULL, 0 })

/* A range, of plain numbers or of money, whose limits read best as dollars. */
static text
range_problem(const struct field *field, int64_t value, struct arena *arena)
{
	char limit[MONEY_MAX];
	bool low = value < field->min;
	int64_t bound = low ? field->min : field->max;

	if ((field->min == 0 && field->max == 0) || (!low && value <= field->max))
		return NO_PROBLEM;
	if (field->kind != KIND_MONEY)
		return arena_print(
		    arena, "must be at %s %" PRId64, low ? "least" : "most", bound);
	if (bound % DOLLARS(1) == 0)
		return arena_print(arena, "must be at %s %" PRId64,
		    low ? "least" : "most", bound / DOLLARS(1));
	money_print((money){ bound }, limit);
	return arena_print(arena, "must be at %s %s", low ? "least" : "most", limit);
}

static text
int_read(
    const struct field *field, const struct json *value, void *slot, struct arena *arena)
{
	int64_t number;

	if (json_kind(value) != JSON_NUMBER)
		return TEXT("must be an integer");
	if (json_integer(value, &number) != OK)
		return TEXT("must be an integer that fits 64 bits");
	*(int64_t *)slot = number;
	return range_problem(field, number, arena);
}

static void
int_write(const struct field *field UNUSED, const void *slot,
    const struct zone *zone UNUSED, struct json_writer *writer)
{
	json_int(writer, *(const int64_t *)slot);
}

static struct db_value
int_bind(const struct field *field UNUSED, const void *slot, struct arena *arena UNUSED)
{
	int64_t number;

	memcpy(&number, slot, sizeof number);
	return db_int(number);
}

static bool
int_load(const struct field *field UNUSED, const struct db_value *value, void *slot)
{
	memcpy(slot, &value->integer, sizeof(int64_t));
	return value->type == DB_INT;
}

static text
bool_read(const struct field *field UNUSED, const struct json *value, void *slot,
    struct arena *arena UNUSED)
{
	if (json_kind(value) != JSON_BOOL)
		return TEXT("must be true or false");
	*(bool *)slot = json_true(value);
	return NO_PROBLEM;
}

static void
bool_write(const struct field *field UNUSED, const void *slot,
    const struct zone *zone UNUSED, struct json_writer *writer)
{
	json_bool(writer, *(const bool *)slot);
}

static struct db_value
bool_bind(const struct field *field UNUSED, const void *slot, struct arena *arena UNUSED)
{
	return db_bool(*(const bool *)slot);
}

static bool
bool_load(const struct field *field UNUSED, const struct db_value *value, void *slot)
{
	*(bool *)slot = value->integer != 0;
	return value->type == DB_INT;
}

static text
text_read(
    const struct field *field, const struct json *value, void *slot, struct arena *arena)
{
	text string;
	size_t characters;

	if (json_kind(value) != JSON_STRING)
		return TEXT("must be a string");
	string = json_string(value);
	if (memchr(string.at, '\0', string.length) != NULL)
		return TEXT("must not hold a NUL character");
	characters = text_characters(string);
	if (characters < (size_t)field->min)
		return arena_print(arena, "must have at least %" PRId64 " character%s",
		    field->min, field->min == 1 ? "" : "s");
	if (field->max != 0 && characters > (size_t)field->max)
		return arena_print(
		    arena, "must have at most %" PRId64 " characters", field->max);
	*(text *)slot = string;
	return NO_PROBLEM;
}

static void
text_write(const struct field *field UNUSED, const void *slot,
    const struct zone *zone UNUSED, struct json_writer *writer)
{
	json_text(writer, *(const text *)slot);
}

static struct db_value
text_bind(const struct field *field UNUSED, const void *slot, struct arena *arena UNUSED)
{
	return db_text(*(const text *)slot);
}

static bool
text_load(const struct field *field UNUSED, const struct db_value *value, void *slot)
{
	*(text *)slot = value->text;
	return value->type == DB_TEXT;
}

static text
money_read(
    const struct field *field, const struct json *value, void *slot, struct arena *arena)
{
	text digits;

	if (json_kind(value) == JSON_NUMBER)
		digits = json_number(value);
	else if (json_kind(value) == JSON_STRING)
		digits = json_string(value);
	else
		return TEXT("must be an amount");
	if (money_parse(digits, (money *)slot) != OK)
		return TEXT("must be an amount with at most six decimals");
	return range_problem(field, ((money *)slot)->micros, arena);
}

static void
money_write(const struct field *field UNUSED, const void *slot,
    const struct zone *zone UNUSED, struct json_writer *writer)
{
	char digits[MONEY_MAX];

	json_text(writer, (text){ digits, money_print(*(const money *)slot, digits) });
}

static bool
choice_find(const struct field *field, text source, unsigned *out)
{
	for (unsigned i = 0; field->choices[i] != NULL; i++)
		if (text_equal(source, text_of(field->choices[i]))) {
			*out = i;
			return true;
		}
	return false;
}

static text
choice_list(const struct field *field, struct arena *arena)
{
	text list = text_of(field->choices[0]);

	for (size_t i = 1; field->choices[i] != NULL; i++)
		list = arena_print(arena, "%s, %s", list.at, field->choices[i]);
	return list;
}

static text
choice_read(
    const struct field *field, const struct json *value, void *slot, struct arena *arena)
{
	if (json_kind(value) == JSON_STRING &&
	    choice_find(field, json_string(value), (unsigned *)slot))
		return NO_PROBLEM;
	return arena_print(arena, "must be one of %s", choice_list(field, arena).at);
}

static void
choice_write(const struct field *field, const void *slot, const struct zone *zone UNUSED,
    struct json_writer *writer)
{
	json_text(writer, text_of(field->choices[*(const unsigned *)slot]));
}

static struct db_value
choice_bind(const struct field *field, const void *slot, struct arena *arena UNUSED)
{
	return db_text(text_of(field->choices[*(const unsigned *)slot]));
}

static bool
choice_load(const struct field *field, const struct db_value *value, void *slot)
{
	return value->type == DB_TEXT &&
	       choice_find(field, value->text, (unsigned *)slot);
}

static text
flags_read(
    const struct field *field, const struct json *value, void *slot, struct arena *arena)
{
	struct flags *flags = slot;
	struct json_walk walk = { .of = value };
	unsigned bit;

	if (json_kind(value) != JSON_OBJECT)
		return TEXT("must be an object of booleans");
	while (json_next(&walk)) {
		if (!choice_find(field, walk.key, &bit))
			return arena_print(
			    arena, "may only hold %s", choice_list(field, arena).at);
		if (json_kind(walk.value) != JSON_BOOL)
			return arena_print(
			    arena, "%s must be true or false", field->choices[bit]);
		flags->given |= 1U << bit;
		flags->value &= ~(1U << bit);
		flags->value |= (json_true(walk.value) ? 1U : 0U) << bit;
	}
	return NO_PROBLEM;
}

static void
flags_write(const struct field *field, const void *slot, const struct zone *zone UNUSED,
    struct json_writer *writer)
{
	const struct flags *flags = slot;

	json_object_begin(writer);
	for (unsigned i = 0; field->choices[i] != NULL; i++)
		if (flags->given >> i & 1) {
			json_key(writer, field->choices[i]);
			json_bool(writer, flags->value >> i & 1);
		}
	json_object_end(writer);
}

static struct db_value
flags_bind(const struct field *field UNUSED, const void *slot, struct arena *arena UNUSED)
{
	const struct flags *flags = slot;

	return db_int((int64_t)((uint64_t)flags->given << 32 | flags->value));
}

static bool
flags_load(const struct field *field UNUSED, const struct db_value *value, void *slot)
{
	*(struct flags *)slot = (struct flags){
		.given = (uint32_t)((uint64_t)value->integer >> 32),
		.value = (uint32_t)value->integer,
	};
	return value->type == DB_INT;
}

static void
instant_write(const struct field *field UNUSED, const void *slot, const struct zone *zone,
    struct json_writer *writer)
{
	char when[INSTANT_MAX];

	json_text(
	    writer, (text){ when, instant_print(*(const instant *)slot, zone, when) });
}

static text
date_read(const struct field *field UNUSED, const struct json *value, void *slot,
    struct arena *arena UNUSED)
{
	if (json_kind(value) != JSON_STRING ||
	    date_parse(json_string(value), (date *)slot) != OK)
		return TEXT("must be a date like 2030-01-02");
	return NO_PROBLEM;
}

static void
date_write(const struct field *field UNUSED, const void *slot,
    const struct zone *zone UNUSED, struct json_writer *writer)
{
	char day[DATE_MAX];

	json_text(writer, (text){ day, date_print(*(const date *)slot, day) });
}

static struct db_value
date_bind(const struct field *field UNUSED, const void *slot, struct arena *arena UNUSED)
{
	return db_int(((const date *)slot)->days);
}

static bool
date_load(const struct field *field UNUSED, const struct db_value *value, void *slot)
{
	if (value->type != DB_INT || value->integer < INT32_MIN ||
	    value->integer > INT32_MAX)
		return false;
	((date *)slot)->days = (int32_t)value->integer;
	return true;
}

/* The form that the published API shows: a Ruby IPAddr's members. */
static void
ipaddr_write(const struct field *field UNUSED, const void *slot,
    const struct zone *zone UNUSED, struct json_writer *writer)
{
	const struct ipaddr *addr = slot;
	char number[IPADDR_NUMBER_MAX];
	bool v4 = addr->family == 4;

	json_object_begin(writer);
	json_key(writer, "family");
	json_int(writer, v4 ? 2 : 10); /* AF_INET and AF_INET6 of Linux */
	json_key(writer, "addr");
	json_raw(writer, (text){ number, ipaddr_print_number(addr, number) });
	json_key(writer, "mask_addr");
	json_raw(writer,
	    v4 ? TEXT("4294967295") : TEXT("340282366920938463463374607431768211455"));
	json_object_end(writer);
}

static struct db_value
ipaddr_bind(const struct field *field UNUSED, const void *slot, struct arena *arena)
{
	char printed[IPADDR_MAX];
	size_t length = ipaddr_print(slot, printed);

	return db_text(arena_copy(arena, (text){ printed, length }));
}

static bool
ipaddr_load(const struct field *field UNUSED, const struct db_value *value, void *slot)
{
	return value->type == DB_TEXT && ipaddr_parse(value->text, slot) == OK;
}

/*
 * Kinds that are one number inside are bound and loaded alike.  An instant and an address
 * are never input.
 */
static const struct kind_ops kinds[] = {
	[KIND_ID] = { sizeof(int64_t), int_read, int_write, int_bind, int_load,
	    kind_schema_int },
	[KIND_INT] = { sizeof(int64_t), int_read, int_write, int_bind, int_load,
	    kind_schema_int },
	[KIND_BOOL] = { sizeof(bool), bool_read, bool_write, bool_bind, bool_load,
	    kind_schema_bool },
	[KIND_TEXT] = { sizeof(text), text_read, text_write, text_bind, text_load,
	    kind_schema_text },
	[KIND_MONEY] = { sizeof(money), money_read, money_write, int_bind, int_load,
	    kind_schema_money },
	[KIND_CHOICE] = { sizeof(unsigned), choice_read, choice_write, choice_bind,
	    choice_load, kind_schema_choice },
	[KIND_FLAGS] = { sizeof(struct flags), flags_read, flags_write, flags_bind,
	    flags_load, kind_schema_flags },
	[KIND_INSTANT] = { sizeof(instant), NULL, instant_write, int_bind, int_load,
	    kind_schema_instant },
	[KIND_DATE] = { sizeof(date), date_read, date_write, date_bind, date_load,
	    kind_schema_date },
	[KIND_IPADDR] = { sizeof(struct ipaddr), NULL, ipaddr_write, ipaddr_bind,
	    ipaddr_load, kind_schema_ipaddr },
};

const struct kind_ops *
kind_ops(enum kind kind)
{
	return &kinds[kind];
}

text
kind_literal(const struct field *field, const char *value, struct arena *arena)
{
	switch (field->kind) {
	case KIND_ID:
	case KIND_INT:
	case KIND_BOOL:
	case KIND_FLAGS:
	case KIND_IPADDR: return text_of(value);
	default: return arena_print(arena, "\"%s\"", value);
	}
}
