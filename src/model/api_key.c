/* SPDX-License-Identifier: Apache-2.0 */
#include "model/api_key.h"

static const struct query insert = { "api_key.insert", "iittti",
	"INSERT INTO api_keys"
	" (organization_id, user_id, name, token_hash, token_sealed, created_at)"
	" VALUES ($1, $2, $3, $4, $5, $6)" };

static const struct query by_hash = { "api_key.by_hash", "t",
	"SELECT api_keys.id, users.id, users.organization_id, users.email,"
	" organizations.time_zone FROM api_keys"
	" JOIN users ON users.id = api_keys.user_id"
	" JOIN organizations ON organizations.id = users.organization_id"
	" WHERE api_keys.token_hash = $1 AND api_keys.revoked_at IS NULL" };

static const struct query sealed = { "api_key.sealed", "ii",
	"SELECT token_sealed FROM api_keys WHERE user_id = $1 AND organization_id = $2"
	" AND revoked_at IS NULL ORDER BY id LIMIT 1" };

static const struct query revoke = { "api_key.revoke", "ii",
	"UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL" };

static const struct query all = { "api_key.all", "",
	"SELECT api_keys.id, users.email, api_keys.name, api_keys.created_at,"
	" api_keys.revoked_at FROM api_keys JOIN users ON users.id = api_keys.user_id"
	" ORDER BY api_keys.id" };

static const struct query version = { "api_key.version", "",
	"SELECT value FROM settings WHERE name = 'identities'" };

static const struct query changed = { "api_key.changed", "",
	"UPDATE settings SET value = value + 1 WHERE name = 'identities'" };

const struct query *const api_key_queries[] = { &insert, &by_hash, &sealed, &revoke, &all,
	&version, &changed, NULL };

enum result
api_key_create(const struct scope *scope, int64_t user_id, text name, text *out_token)
{
	char token[SECRET_TOKEN_LENGTH + 1], hash[2 * SECRET_HASH_SIZE + 1];
	text token_sealed;
	enum result r;

	secret_token(token);
	secret_hash(&scope->model->secret, text_of(token), hash);
	token_sealed = secret_seal(&scope->model->secret, scope->arena, text_of(token));
	r = db_run(scope->db, &insert,
	    ARGS(db_int(scope->organization_id), db_int(user_id), db_text(name),
		db_text(text_of(hash)), db_text(token_sealed), db_int(scope->now.ms)));
	if (r != OK)
		return r;
	*out_token = arena_copy(scope->arena, text_of(token));
	return api_key_changed(scope->db);
}

enum result
api_key_find(struct db *db, struct arena *arena, text token_hash, struct identity *out)
{
	struct db_row row;
	enum result r;

	r = db_one(db, arena, &by_hash, ARGS(db_text(token_hash)), &row);
	if (r != OK)
		return r;
	*out = (struct identity){
		.key_id = db_row_int(&row, 0),
		.user_id = db_row_int(&row, 1),
		.organization_id = db_row_int(&row, 2),
		.email = db_row_text(&row, 3),
		.time_zone = db_row_text(&row, 4),
	};
	return OK;
}

enum result
api_key_of_user(const struct scope *scope, int64_t user_id, text *out_token)
{
	struct db_row row;
	enum result r;

	r = db_one(scope->db, scope->arena, &sealed,
	    ARGS(db_int(user_id), db_int(scope->organization_id)), &row);
	if (r != OK)
		return r;
	return secret_unseal(
	    &scope->model->secret, scope->arena, db_row_text(&row, 0), out_token);
}

enum result
api_key_revoke(struct db *db, int64_t id, instant now)
{
	enum result r;

	r = db_run(db, &revoke, ARGS(db_int(now.ms), db_int(id)));
	if (r != OK)
		return r;
	return db_changes(db) == 1 ? api_key_changed(db) : NOT_FOUND;
}

enum result
api_key_list(struct db *db, struct arena *arena, struct db_rows *out)
{
	return db_all(db, arena, &all, NO_ARGS, out);
}

enum result
api_key_version(struct db *db, struct arena *arena, int64_t *out)
{
	struct db_row row;
	enum result r;

	r = db_one(db, arena, &version, NO_ARGS, &row);
	if (r == OK)
		*out = db_row_int(&row, 0);
	return r;
}

enum result
api_key_changed(struct db *db)
{
	return db_run(db, &changed, NO_ARGS);
}
