/* SPDX-License-Identifier: Apache-2.0 */
#include "model/user.h"

#include "model/api_key.h"

#define F(member, kind, ...) FIELD(struct user, member, kind, __VA_ARGS__)

static const struct field fields[] = {
	F(id, ID, .flags = FIELD_READ_ONLY, .doc = "User number."),
	F(email, TEXT, .flags = FIELD_ONCE, .max = 255, .doc = "E-mail.",
	    .example = "email@example.com"),
	F(first_name, TEXT, .initial = "", .max = 255, .doc = "First name."),
	F(last_name, TEXT, .initial = "", .max = 255, .doc = "Last name."),
	F(organization_id, ID, .flags = FIELD_ONCE, .doc = "The user's organization."),
	F(creator, BOOL, .flags = FIELD_ONCE, .initial = "false",
	    .doc = "Whether the user made the organization."),
	F(reset_password_token, TEXT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "Always null: no token is ever shown."),
	F(reset_password_sent_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "When a new password was last asked for."),
	F(remember_created_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_COMPUTED,
	    .doc = "When the user last chose to be remembered."),
	F(sign_in_count, INT, .initial = "0", .flags = FIELD_COUNTER,
	    .doc = "How many times the user signed in."),
	F(current_sign_in_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_COUNTER,
	    .doc = "When the user last signed in."),
	F(last_sign_in_at, INSTANT, .flags = FIELD_NULLABLE | FIELD_COUNTER,
	    .doc = "When the user signed in before that."),
	F(current_sign_in_ip, IPADDR, .flags = FIELD_NULLABLE | FIELD_COUNTER,
	    .doc = "From where the user last signed in."),
	F(last_sign_in_ip, IPADDR, .flags = FIELD_NULLABLE | FIELD_COUNTER,
	    .doc = "From where the user signed in before that."),
	F(created_at, INSTANT, .flags = FIELD_ONCE, .doc = "When the user was made."),
	F(updated_at, INSTANT, .flags = FIELD_READ_ONLY,
	    .doc = "When the user was last changed."),
	F(password_hash, TEXT, .flags = FIELD_NULLABLE | FIELD_HIDDEN | FIELD_COUNTER),
};

enum { BY_ID };

static const struct resource_select selects[] = {
	[BY_ID] = { "user.by_id", "ii", "WHERE id = $1 AND organization_id = $2" },
};

const struct resource user_resource = {
	.name = "user",
	.title = "User",
	.table = "users",
	.size = sizeof(struct user),
	.fields = fields,
	.field_count = COUNT(fields),
	.selects = selects,
	.select_count = COUNT(selects),
};

static const struct query by_email = { "user.by_email", "t",
	"SELECT users.id, users.organization_id, users.password_hash,"
	" organizations.time_zone FROM users"
	" JOIN organizations ON organizations.id = users.organization_id"
	" WHERE users.email = $1" };

static const struct query signed_in = { "user.signed_in", "itii",
	"UPDATE users SET sign_in_count = sign_in_count + 1,"
	" last_sign_in_at = coalesce(current_sign_in_at, $1), current_sign_in_at = $1,"
	" last_sign_in_ip = coalesce(current_sign_in_ip, $2), current_sign_in_ip = $2,"
	" updated_at = $1 WHERE id = $3 AND organization_id = $4" };

static const struct query set_password = { "user.set_password", "tiii",
	"UPDATE users SET password_hash = $1, updated_at = $2"
	" WHERE id = $3 AND organization_id = $4" };

static const struct query of_organization = { "user.of_organization", "i",
	"SELECT id, email, last_sign_in_at, creator FROM users"
	" WHERE organization_id = $1 ORDER BY id" };

static const struct query everybody = {
	"user.everybody", "",
	"SELECT id, organization_id, email, creator, sign_in_count FROM users ORDER BY id"
};

static const struct query one_more = { "user.one_more", "i",
	"UPDATE organizations SET team_members_count = coalesce(team_members_count, 0) + "
	"1,"
	" version = version + 1 WHERE id = $1" };

const struct query *const user_queries[] = { &by_email, &signed_in, &set_password,
	&of_organization, &everybody, &one_more, NULL };

text
user_email(struct arena *arena, text email)
{
	text copy = arena_copy(arena, email);
	char *at = (char *)(uintptr_t)copy.at;

	for (size_t i = 0; i < copy.length; i++)
		if (at[i] >= 'A' && at[i] <= 'Z')
			at[i] = (char)(at[i] - 'A' + 'a');
	return copy;
}

/* One @ with something on both sides and nothing that could break a header or a line. */
static bool
is_email(text email)
{
	const char *at = memchr(email.at, '@', email.length);
	size_t local;

	if (at == NULL || email.length > 254 || !text_valid(email))
		return false;
	local = (size_t)(at - email.at);
	if (local == 0 || local + 1 == email.length ||
	    memchr(at + 1, '@', email.length - local - 1) != NULL)
		return false;
	for (size_t i = 0; i < email.length; i++)
		if ((unsigned char)email.at[i] <= ' ' || email.at[i] == 0x7f)
			return false;
	return true;
}

enum result
user_create(const struct scope *scope, text email, text password_hash, bool creator,
    struct problems *problems, struct user *out)
{
	enum result r;

	if (!is_email(email)) {
		problems_add(problems, "email", "is not an e-mail address");
		return INVALID;
	}
	resource_init(scope->model->user, &out->row);
	out->email = user_email(scope->arena, email);
	out->organization_id = scope->organization_id;
	out->creator = creator;
	out->created_at = out->updated_at = scope->now;
	out->password_hash = password_hash;
	resource_set(&user_resource, &out->row, &out->email);
	resource_set(&user_resource, &out->row, &out->organization_id);
	resource_set(&user_resource, &out->row, &out->created_at);
	resource_set(&user_resource, &out->row, &out->updated_at);
	resource_set(&user_resource, &out->row, &out->password_hash);
	r = resource_insert(scope->model->user, scope->db, scope->arena, &out->row);
	if (r != OK)
		return r;
	out->id = db_last_id(scope->db);
	if (!creator) {
		r = db_run(scope->db, &one_more, ARGS(db_int(scope->organization_id)));
		if (r != OK)
			return r;
	}
	return api_key_changed(scope->db);
}

enum result
user_find(const struct scope *scope, int64_t id, struct user *out)
{
	struct db_row row;
	enum result r;

	r = db_one(scope->db, scope->arena, &scope->model->user->selects[BY_ID],
	    ARGS(db_int(id), db_int(scope->organization_id)), &row);
	if (r != OK)
		return r;
	return resource_load(scope->model->user, &row, &out->row);
}

enum result
user_by_email(struct db *db, struct arena *arena, text email, struct user_name *out)
{
	struct db_row row;
	enum result r;

	r = db_one(db, arena, &by_email, ARGS(db_text(user_email(arena, email))), &row);
	if (r != OK)
		return r;
	*out = (struct user_name){
		.id = db_row_int(&row, 0),
		.organization_id = db_row_int(&row, 1),
		.password_hash = db_row_text(&row, 2),
		.time_zone = db_row_text(&row, 3),
	};
	return OK;
}

enum result
user_signed_in(const struct scope *scope, int64_t id, const struct ipaddr *from)
{
	char addr[IPADDR_MAX];
	text printed = { addr, ipaddr_print(from, addr) };
	enum result r;

	r = db_run(scope->db, &signed_in,
	    ARGS(db_int(scope->now.ms), db_text(printed), db_int(id),
		db_int(scope->organization_id)));
	if (r != OK)
		return r;
	return db_changes(scope->db) == 1 ? OK : NOT_FOUND;
}

enum result
user_set_password(const struct scope *scope, int64_t id, text password_hash)
{
	enum result r;

	r = db_run(scope->db, &set_password,
	    ARGS(db_text(password_hash), db_int(scope->now.ms), db_int(id),
		db_int(scope->organization_id)));
	if (r != OK)
		return r;
	return db_changes(scope->db) == 1 ? OK : NOT_FOUND;
}

enum result
user_list(const struct scope *scope, struct user_summary **out, size_t *out_count)
{
	struct user_summary *users;
	struct db_rows rows;
	enum result r;

	r = db_all(scope->db, scope->arena, &of_organization,
	    ARGS(db_int(scope->organization_id)), &rows);
	if (r != OK)
		return r;
	users = NEW_ARRAY(scope->arena, struct user_summary, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		const struct db_row *row = &rows.rows[i];

		users[i].id = db_row_int(row, 0);
		users[i].email = db_row_text(row, 1);
		users[i].signed_in = !db_row_is_null(row, 2);
		if (users[i].signed_in)
			users[i].last_sign_in_at.ms = db_row_int(row, 2);
		users[i].creator = db_row_bool(row, 3);
	}
	*out = users;
	*out_count = rows.count;
	return OK;
}

enum result
user_list_all(struct db *db, struct arena *arena, struct db_rows *out)
{
	return db_all(db, arena, &everybody, NO_ARGS, out);
}
