/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_USER_H
#define MODEL_USER_H

#include "model/model.h"

/* A person of one organization. */
struct user {
	struct row row;
	int64_t id;
	text email; /* lower case */
	text first_name;
	text last_name;
	int64_t organization_id;
	bool creator;
	text reset_password_token;
	instant reset_password_sent_at;
	instant remember_created_at;
	int64_t sign_in_count;
	instant current_sign_in_at;
	instant last_sign_in_at;
	struct ipaddr current_sign_in_ip;
	struct ipaddr last_sign_in_ip;
	instant created_at;
	instant updated_at;
	text password_hash;
};

extern const struct resource user_resource;

/*
 * Makes a user of the scope's organization.  INVALID, with a problem, for what is no
 * e-mail address; CONFLICT when somebody has it.
 */
MUST_USE enum result user_create(const struct scope *scope, text email,
    text password_hash, bool creator, struct problems *problems, struct user *out);

/* A user of the scope's organization, with what user_resource shows.  NOT_FOUND also for
 * another one's. */
MUST_USE enum result user_find(const struct scope *scope, int64_t id, struct user *out);

/* Any organization's user by e-mail, in any case: only for signing in and for operators.
 */
struct user_name {
	int64_t id;
	int64_t organization_id;
	text password_hash; /* { NULL, 0 }: none, cannot sign in by password */
	text time_zone;     /* the organization's */
};
MUST_USE enum result user_by_email(
    struct db *db, struct arena *arena, text email, struct user_name *out);

/*
 * Moves sign_in_count and the four fields of the last and the current sign-in.  NOT_FOUND
 * as user_find.
 */
MUST_USE enum result user_signed_in(
    const struct scope *scope, int64_t id, const struct ipaddr *from);

/* NOT_FOUND as user_find. */
MUST_USE enum result user_set_password(
    const struct scope *scope, int64_t id, text password_hash);

/* The users of the scope's organization, by id, with what an organization shows of them.
 */
struct user_summary {
	int64_t id;
	text email;
	instant last_sign_in_at;
	bool signed_in; /* else there is no last_sign_in_at */
	bool creator;
};
MUST_USE enum result user_list(
    const struct scope *scope, struct user_summary **out, size_t *out_count);

/* Everybody: id, organization_id, email, creator, sign_in_count. */
MUST_USE enum result user_list_all(
    struct db *db, struct arena *arena, struct db_rows *out);

/* An address in the form it is stored and compared in: ASCII letters in lower case. */
text user_email(struct arena *arena, text email);

extern const struct query *const user_queries[];

#endif
