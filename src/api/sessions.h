/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SESSIONS_H
#define API_SESSIONS_H

#include "api/call.h"

/*
 * Signing in, with the key in the headers or the password in the body.  session_begin
 * finds out who it is (a password takes long to check: on another thread) and then has
 * sessions_create run, which counts it and shows the user.
 */
void session_begin(struct call *call);
enum result sessions_create(struct call *call);

#endif
