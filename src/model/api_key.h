/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_API_KEY_H
#define MODEL_API_KEY_H

#include "model/model.h"

/* What an API key stands for. */
struct identity {
	int64_t key_id;
	int64_t user_id;
	int64_t organization_id;
	text email;     /* of the user, lower case */
	text time_zone; /* of the organization */
};

/* Makes a key for a user of the scope's organization; the token is shown this once. */
MUST_USE enum result api_key_create(
    const struct scope *scope, int64_t user_id, text name, text *out_token);

/* Whose key it is, by the keyed hash of its token.  NOT_FOUND when revoked, too. */
MUST_USE enum result api_key_find(
    struct db *db, struct arena *arena, text token_hash, struct identity *out);

/* A key of the user that is not revoked, unsealed; NOT_FOUND if there is none. */
MUST_USE enum result api_key_of_user(
    const struct scope *scope, int64_t user_id, text *out_token);

/* Ends a key at once.  NOT_FOUND when there is none, or it is revoked already. */
MUST_USE enum result api_key_revoke(struct db *db, int64_t id, instant now);

/* Everybody's: id, user's e-mail, name, created_at, revoked_at. */
MUST_USE enum result api_key_list(
    struct db *db, struct arena *arena, struct db_rows *out);

/*
 * A number that moves with every change to who may sign in and to what an identity
 * holds.  api_key_changed moves it; every such change must call it.
 */
MUST_USE enum result api_key_version(struct db *db, struct arena *arena, int64_t *out);
MUST_USE enum result api_key_changed(struct db *db);

extern const struct query *const api_key_queries[];

#endif
