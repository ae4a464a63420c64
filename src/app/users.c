/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "app/node.h"
#include "app/password.h"

#include "model/organization.h"
#include "model/user.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static enum result
create(struct node *node, int64_t organization_id, const char *email)
{
	struct organization organization;
	struct problems problems;
	struct scope scope;
	struct user user;
	enum result r;

	problems_init(&problems, &node->arena);
	r = node_begin(node, organization_id, (text){ NULL, 0 }, &scope);
	if (r == OK)
		r = organization_find(&scope, &organization);
	if (r == NOT_FOUND)
		fprintf(stderr, "listenloop: there is no organization %" PRId64 "\n",
		    organization_id);
	if (r != OK)
		return r;
	r = user_create(
	    &scope, text_of(email), (text){ NULL, 0 }, false, &problems, &user);
	if (problems.count > 0)
		fprintf(stderr, "listenloop: %s %s\n", problems.first->attribute,
		    problems.first->message.at);
	else if (r == CONFLICT)
		fprintf(stderr, "listenloop: there is a user %s already\n", email);
	if (r == OK)
		r = node_commit(node);
	if (r == OK)
		printf("User %" PRId64 ": %s\n"
		       "Give them a key with: listenloop key create %s\n",
		    user.id, user.email.at, user.email.at);
	return r;
}

int
command_user_create(struct arena *arena, int argc, char **argv)
{
	char *organization = NULL, *end = NULL;
	const struct config_flag flags[] = {
		{ "organization", &organization, NULL, "ID", "whose user it is to be" },
	};
	const struct config_command command = {
		.usage = "user create EMAIL --organization ID [OPTION...]",
		.summary = "Adds a user to an organization.",
		.flags = flags,
		.flag_count = COUNT(flags),
		.operands = 1,
	};
	struct node node = { 0 };
	struct config config;
	char **operands;
	int64_t id;
	enum result r;

	r = config_read(&command, arena, argc, argv, &config, &operands);
	if (r != OK)
		return r == NOT_FOUND ? EXIT_SUCCESS : EXIT_USAGE;
	id = organization == NULL ? 0 : strtoll(organization, &end, 10);
	if (id <= 0 || *end != '\0') {
		fprintf(stderr,
		    "listenloop: --organization must be a number\n"
		    "Usage: listenloop %s\n",
		    command.usage);
		return EXIT_USAGE;
	}
	if (node_open(&config, &node) != OK)
		return EXIT_FAILURE;
	r = create(&node, id, operands[0]);
	node_close(&node);
	return r == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static enum result
list(struct node *node, char **operands UNUSED, void *context UNUSED)
{
	struct db_rows rows;
	enum result r;

	r = user_list_all(node->db, &node->arena, &rows);
	for (size_t i = 0; r == OK && i < rows.count; i++)
		printf("%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%s\n",
		    db_row_int(&rows.rows[i], 0), db_row_int(&rows.rows[i], 1),
		    db_row_int(&rows.rows[i], 4), db_row_text(&rows.rows[i], 2).at);
	return r;
}

int
command_user_list(struct arena *arena, int argc, char **argv)
{
	const struct config_command command = {
		.usage = "user list [OPTION...]",
		.summary = "Lists the users: number, organization, sign-ins, e-mail.",
	};

	return node_run(&command, arena, argc, argv, list, NULL);
}

static enum result
set_password(struct node *node, char **operands, void *context UNUSED)
{
	const char *email = operands[0];
	struct user_name user;
	struct scope scope;
	text password;
	enum result r;

	r = user_by_email(node->db, &node->arena, text_of(email), &user);
	if (r == NOT_FOUND)
		fprintf(stderr, "listenloop: there is no user %s\n", email);
	if (r != OK)
		return r;
	r = password_read(&node->arena, &password);
	if (r != OK)
		return r;
	password = secret_password_hash(&node->arena, password);
	r = node_begin(node, user.organization_id, user.time_zone, &scope);
	if (r == OK)
		r = user_set_password(&scope, user.id, password);
	if (r == OK)
		r = node_commit(node);
	if (r == OK)
		printf("The password of %s is set.\n", email);
	return r;
}

int
command_user_password(struct arena *arena, int argc, char **argv)
{
	const struct config_command command = {
		.usage = "user password EMAIL [OPTION...]",
		.summary =
		    "Sets a user's password, which is asked for, or read as a line from "
		    "standard input.",
		.operands = 1,
	};

	return node_run(&command, arena, argc, argv, set_password, NULL);
}
