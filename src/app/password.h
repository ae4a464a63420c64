/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_PASSWORD_H
#define APP_PASSWORD_H

#include "base/arena.h"

/*
 * Asks for a password twice, without echo, when standard input is a terminal; else reads
 * one line.  INVALID, with a message, for one under 8 characters or over
 * SECRET_PASSWORD_MAX bytes, or two that differ.
 */
MUST_USE enum result password_read(struct arena *arena, text *out);

#endif
