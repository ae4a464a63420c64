/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "app/node.h"

#include "model/api_key.h"
#include "model/user.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static enum result
create(struct node *node, char **operands, void *context)
{
	const char *email = operands[0], *name = *(char **)context;
	struct user_name user;
	struct scope scope;
	text token;
	enum result r;

	r = user_by_email(node->db, &node->arena, text_of(email), &user);
	if (r == NOT_FOUND)
		fprintf(stderr, "listenloop: there is no user %s\n", email);
	if (r != OK)
		return r;
	r = node_begin(node, user.organization_id, user.time_zone, &scope);
	if (r == OK)
		r = api_key_create(
		    &scope, user.id, name == NULL ? TEXT("key") : text_of(name), &token);
	if (r == OK)
		r = node_commit(node);
	if (r == OK)
		printf("%s\n", token.at);
	return r;
}

int
command_key_create(struct arena *arena, int argc, char **argv)
{
	char *name = NULL;
	const struct config_flag flags[] = {
		{ "name", &name, NULL, "NAME", "what the key is for" },
	};
	const struct config_command command = {
		.usage = "key create EMAIL [OPTION...]",
		.summary =
		    "Makes another API key for a user and prints it: it is shown only "
		    "now.",
		.flags = flags,
		.flag_count = COUNT(flags),
		.operands = 1,
	};

	return node_run(&command, arena, argc, argv, create, &name);
}

static enum result
list(struct node *node, char **operands UNUSED, void *context UNUSED)
{
	struct db_rows rows;
	char when[INSTANT_MAX];
	enum result r;

	r = api_key_list(node->db, &node->arena, &rows);
	for (size_t i = 0; r == OK && i < rows.count; i++) {
		const struct db_row *row = &rows.rows[i];

		instant_print((instant){ db_row_int(row, 3) },
		    zones_find(node->zones, TEXT("UTC")), when);
		printf("%" PRId64 "\t%s\t%s\t%s\t%s\n", db_row_int(row, 0),
		    db_row_is_null(row, 4) ? "active" : "revoked", when,
		    db_row_text(row, 1).at, db_row_text(row, 2).at);
	}
	return r;
}

int
command_key_list(struct arena *arena, int argc, char **argv)
{
	const struct config_command command = {
		.usage = "key list [OPTION...]",
		.summary =
		    "Lists the API keys: number, state, made at (UTC), user, name.",
	};

	return node_run(&command, arena, argc, argv, list, NULL);
}

static enum result
revoke(struct node *node, int64_t id)
{
	struct scope scope;
	enum result r;

	r = node_begin(node, 0, (text){ NULL, 0 }, &scope);
	if (r == OK)
		r = api_key_revoke(node->db, id, scope.now);
	if (r == NOT_FOUND)
		fprintf(stderr, "listenloop: there is no active key %" PRId64 "\n", id);
	if (r == OK)
		r = node_commit(node);
	if (r == OK)
		printf("Key %" PRId64 " is revoked.\n", id);
	return r;
}

int
command_key_revoke(struct arena *arena, int argc, char **argv)
{
	const struct config_command command = {
		.usage = "key revoke ID [OPTION...]",
		.summary = "Ends an API key, at once, also in a running server.  "
			   "\"key list\" tells the numbers.",
		.operands = 1,
	};
	struct node node = { 0 };
	struct config config;
	char **operands, *end;
	int64_t id;
	enum result r;

	r = config_read(&command, arena, argc, argv, &config, &operands);
	if (r != OK)
		return r == NOT_FOUND ? EXIT_SUCCESS : EXIT_USAGE;
	id = strtoll(operands[0], &end, 10);
	if (id <= 0 || *end != '\0') {
		fprintf(stderr, "listenloop: ID must be a number\nUsage: listenloop %s\n",
		    command.usage);
		return EXIT_USAGE;
	}
	if (node_open(&config, &node) != OK)
		return EXIT_FAILURE;
	r = revoke(&node, id);
	node_close(&node);
	return r == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
