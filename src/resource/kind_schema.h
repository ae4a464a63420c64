/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESOURCE_KIND_SCHEMA_H
#define RESOURCE_KIND_SCHEMA_H

#include "resource/field.h"
#include "json/json.h"

/*
 * The JSON schema of a field, a function a kind: its members, in an object that is open.
 */
void kind_schema_int(const struct field *field, struct json_writer *writer);
void kind_schema_bool(const struct field *field, struct json_writer *writer);
void kind_schema_text(const struct field *field, struct json_writer *writer);
void kind_schema_money(const struct field *field, struct json_writer *writer);
void kind_schema_choice(const struct field *field, struct json_writer *writer);
void kind_schema_flags(const struct field *field, struct json_writer *writer);
void kind_schema_instant(const struct field *field, struct json_writer *writer);
void kind_schema_date(const struct field *field, struct json_writer *writer);
void kind_schema_ipaddr(const struct field *field, struct json_writer *writer);

#endif
