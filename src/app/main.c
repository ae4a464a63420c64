/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include "base/arena.h"
#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command {
	const char *name; /* one word or two */
	int words;
	int (*run)(struct arena *arena, int argc, char **argv);
	const char *help;
} commands[] = {
	{ "serve", 1, command_serve, "run the server" },
	{ "organization create", 2, command_organization_create,
	    "make an organization, its first user and an API key" },
	{ "organization list", 2, command_organization_list, "list the organizations" },
	{ "user create", 2, command_user_create, "add a user to an organization" },
	{ "user list", 2, command_user_list, "list the users" },
	{ "user password", 2, command_user_password, "set a user's password" },
	{ "key create", 2, command_key_create, "make another API key for a user" },
	{ "key list", 2, command_key_list,
	    "list the API keys (never the keys themselves)" },
	{ "key revoke", 2, command_key_revoke, "end an API key, at once" },
	{ "openapi", 1, command_openapi, "print the API document (OpenAPI 3.1)" },
	{ "version", 1, command_version, "print the version" },
};

static void
print_usage(FILE *to)
{
	fprintf(to, "Usage: listenloop COMMAND [OPTION...]\n\nCommands:\n");
	for (size_t i = 0; i < COUNT(commands); i++)
		fprintf(to, "  %-22s %s\n", commands[i].name, commands[i].help);
	fprintf(to, "\nlistenloop COMMAND --help tells more of each.\n");
}

static const struct command *
find(int argc, char **argv)
{
	const char *word = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
	char two[64] = "";

	if (argc > 2)
		snprintf(two, sizeof two, "%s %s", argv[1], argv[2]);
	for (size_t i = 0; i < COUNT(commands); i++)
		if (strcmp(commands[i].name, commands[i].words == 1 ? word : two) == 0)
			return &commands[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	const struct command *command;
	struct arena arena;
	int status;

	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		print_usage(stdout);
		return EXIT_SUCCESS;
	}
	command = find(argc, argv);
	if (command == NULL) {
		fprintf(stderr, "listenloop: there is no command \"%s%s%s\"\n\n", argv[1],
		    argc > 2 ? " " : "", argc > 2 ? argv[2] : "");
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (secret_start() != OK)
		return EXIT_FAILURE;
	arena_init(&arena);
	status = command->run(&arena, argc - command->words, argv + command->words);
	arena_clear(&arena);
	return status;
}
