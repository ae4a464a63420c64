/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "app/node.h"

#include "model/api_key.h"
#include "model/organization.h"
#include "model/user.h"
#include "json/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static text
created_json(struct arena *arena, const struct organization *organization,
    const struct user *user, text token)
{
	struct json_writer *writer = json_writer_new(arena);

	json_object_begin(writer);
	json_key(writer, "organization_id");
	json_int(writer, organization->id);
	json_key(writer, "user_id");
	json_int(writer, user->id);
	json_key(writer, "email");
	json_text(writer, user->email);
	json_key(writer, "api_key");
	json_text(writer, token);
	json_object_end(writer);
	return json_writer_finish(writer);
}

struct creation {
	char *email, *name, *time_zone;
	bool json;
};

static enum result
create(struct node *node, const struct creation *creation)
{
	text zone = text_of(creation->time_zone), token;
	struct organization organization;
	struct problems problems;
	struct scope scope;
	struct user user;
	enum result r;

	problems_init(&problems, &node->arena);
	r = node_begin(node, 0, (text){ NULL, 0 }, &scope);
	if (r == OK)
		r = organization_create(&scope,
		    user_email(&node->arena, text_of(creation->email)),
		    text_of(creation->name), zone, &organization);
	if (r == OK)
		r = user_create(&scope, text_of(creation->email), (text){ NULL, 0 }, true,
		    &problems, &user);
	if (r == OK)
		r = api_key_create(&scope, user.id, TEXT("first"), &token);
	if (r == OK)
		r = node_commit(node);
	if (problems.count > 0)
		fprintf(stderr, "listenloop: %s %s\n", problems.first->attribute,
		    problems.first->message.at);
	else if (r == CONFLICT)
		fprintf(
		    stderr, "listenloop: there is a user %s already\n", creation->email);
	if (r != OK)
		return r;
	if (creation->json) {
		text document = created_json(&node->arena, &organization, &user, token);

		printf("%.*s\n", (int)document.length, document.at);
	} else {
		printf("Organization %" PRId64 " with user %" PRId64 "\n"
		       "E-mail:  %s\nAPI key: %s\n",
		    organization.id, user.id, user.email.at, token.at);
	}
	return OK;
}

int
command_organization_create(struct arena *arena, int argc, char **argv)
{
	struct creation creation = { 0 };
	const struct config_flag flags[] = {
		{ "email", &creation.email, NULL, "EMAIL", "e-mail of its first user" },
		{ "name", &creation.name, NULL, "NAME", "its name" },
		{ "time-zone", &creation.time_zone, NULL, "ZONE",
		    "its time zone (default: America/New_York)" },
		{ "json", NULL, &creation.json, NULL, "print JSON" },
	};
	const struct config_command command = {
		.usage = "organization create --email EMAIL [OPTION...]",
		.summary =
		    "Makes an organization, its first user and an API key, which is "
		    "shown only now.",
		.flags = flags,
		.flag_count = COUNT(flags),
	};
	struct node node = { 0 };
	struct config config;
	char **operands;
	enum result r;

	r = config_read(&command, arena, argc, argv, &config, &operands);
	if (r != OK)
		return r == NOT_FOUND ? EXIT_SUCCESS : EXIT_USAGE;
	if (creation.email == NULL) {
		fprintf(stderr, "listenloop: --email is missing\nUsage: listenloop %s\n",
		    command.usage);
		return EXIT_USAGE;
	}
	if (node_open(&config, &node) != OK)
		return EXIT_FAILURE;
	r = create(&node, &creation);
	node_close(&node);
	return r == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum result
list(struct node *node, char **operands UNUSED, void *context UNUSED)
{
	struct db_rows rows;
	enum result r;

	r = organization_list(node->db, &node->arena, &rows);
	for (size_t i = 0; r == OK && i < rows.count; i++) {
		const struct db_row *row = &rows.rows[i];

		printf("%" PRId64 "\t%" PRId64 "\t%s\t%s\n", db_row_int(row, 0),
		    db_row_is_null(row, 3) ? 0 : db_row_int(row, 3),
		    db_row_text(row, 2).at,
		    db_row_is_null(row, 1) ? "" : db_row_text(row, 1).at);
	}
	return r;
}

int
command_organization_list(struct arena *arena, int argc, char **argv)
{
	const struct config_command command = {
		.usage = "organization list [OPTION...]",
		.summary = "Lists the organizations: number, campaigns, creator, name.",
	};

	return node_run(&command, arena, argc, argv, list, NULL);
}
