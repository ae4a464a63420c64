/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESOURCE_FIELD_H
#define RESOURCE_FIELD_H

#include "base/instant.h"
#include "base/ipaddr.h"
#include "base/money.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a field holds.  Each kind has one C type, one JSON form and one SQL form:
 *
 *   kind      C type          JSON                        SQL
 *   ID        int64_t         number                      BIGINT
 *   INT       int64_t         number                      BIGINT
 *   BOOL      bool            true, false                 BIGINT 0, 1
 *   TEXT      text            string                      TEXT
 *   MONEY     money           string "15.0" (also number) BIGINT millionths
 *   CHOICE    unsigned        string, one of choices      TEXT
 *   FLAGS     struct flags    object of booleans          BIGINT, two bits a choice
 *   INSTANT   instant         string, RFC 3339            BIGINT milliseconds
 *   DATE      date            string "2030-01-02"         BIGINT days
 *   IPADDR    struct ipaddr   object family, addr,        TEXT
 *                             mask_addr
 */
enum kind {
	KIND_ID,
	KIND_INT,
	KIND_BOOL,
	KIND_TEXT,
	KIND_MONEY,
	KIND_CHOICE,
	KIND_FLAGS,
	KIND_INSTANT,
	KIND_DATE,
	KIND_IPADDR,
};

/* Named booleans, each true, false or not there.  Bit n is for choice n. */
struct flags {
	uint32_t given;
	uint32_t value;
};

#define C_TYPE_ID      int64_t
#define C_TYPE_INT     int64_t
#define C_TYPE_BOOL    bool
#define C_TYPE_TEXT    text
#define C_TYPE_MONEY   money
#define C_TYPE_CHOICE  unsigned
#define C_TYPE_FLAGS   struct flags
#define C_TYPE_INSTANT instant
#define C_TYPE_DATE    date
#define C_TYPE_IPADDR  struct ipaddr

enum {
	FIELD_REQUIRED = 1 << 0,  /* must be given when a row is created */
	FIELD_NULLABLE = 1 << 1,  /* may be null */
	FIELD_READ_ONLY = 1 << 2, /* input is ignored, and said so */
	FIELD_COMPUTED = 1 << 3,  /* not stored: filled in after loading; read-only */
	FIELD_COUNTER = 1 << 4, /* stored, but changed by its own statements; read-only */
	FIELD_HIDDEN = 1 << 5,  /* stored, never in JSON */
	FIELD_WRITE_ONLY = 1 << 6, /* input that JSON answers do not repeat */
	FIELD_ONCE =
	    1 << 7, /* stored when the row is created and never changed; read-only */
};

#define FIELD_NOT_INPUT                                                                  \
	(FIELD_READ_ONLY | FIELD_COMPUTED | FIELD_COUNTER | FIELD_HIDDEN | FIELD_ONCE)

struct field {
	const char *key;    /* in JSON */
	const char *column; /* in SQL; NULL: as key */
	size_t offset;
	enum kind kind;
	unsigned flags;
	const char *
	    initial; /* the default, as JSON without the quotes of a string; NULL: null */
	int64_t min,
	    max; /* of a number, micros of money, characters of a text; both 0: any */
	const char *const *choices; /* ended by NULL */
	const char *doc;
	const char *example; /* for the API document, written like initial */
};

/*
 * Every row struct begins with this.  A bit stands for the field of that index in the
 * resource's table.
 */
struct row {
	uint64_t given; /* came with the input: makes an edit partial */
	uint64_t null;  /* is null */
};

/*
 * Declares a member of a row struct as a field.  A member whose C type does not fit the
 * kind does not compile.
 */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot be in parentheses. */
#define FIELD_HOLDS(type, member, want)                                                  \
	(0 * sizeof(_Generic(((type *)0)->member, want : 0)))
/* NOLINTEND(bugprone-macro-parentheses) */
#define FIELD(type, member, k, ...) FIELD_AS(type, member, #member, k, __VA_ARGS__)
#define FIELD_AS(type, member, name, k, ...)                                             \
	{                                                                                \
		.key = name, .kind = KIND_##k,                                           \
		.offset =                                                                \
		    offsetof(type, member) + FIELD_HOLDS(type, member, C_TYPE_##k),      \
		__VA_ARGS__                                                              \
	}

static inline bool
field_is_null(const struct row *row, size_t index)
{
	return row->null >> index & 1;
}

static inline bool
field_is_given(const struct row *row, size_t index)
{
	return row->given >> index & 1;
}

static inline void *
field_slot(const struct field *field, struct row *row)
{
	return (char *)row + field->offset;
}

static inline const void *
field_value(const struct field *field, const struct row *row)
{
	return (const char *)row + field->offset;
}

#endif
