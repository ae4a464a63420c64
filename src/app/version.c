/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include "app/config.h"

#include "api/openapi.h"

#include <stdio.h>
#include <stdlib.h>

int
command_version(struct arena *arena, int argc, char **argv)
{
	const struct config_command command = {
		.usage = "version",
		.summary = "Prints the version.",
	};
	struct config config;
	char **operands;
	enum result r;

	r = config_read(&command, arena, argc, argv, &config, &operands);
	if (r != OK)
		return r == NOT_FOUND ? EXIT_SUCCESS : EXIT_USAGE;
	printf("listenloop %s\n", VERSION);
	return EXIT_SUCCESS;
}

int
command_openapi(struct arena *arena, int argc, char **argv)
{
	const struct config_command command = {
		.usage = "openapi",
		.summary = "Prints the API document, OpenAPI 3.1.",
	};
	struct config config;
	char **operands;
	text document;
	enum result r;

	r = config_read(&command, arena, argc, argv, &config, &operands);
	if (r != OK)
		return r == NOT_FOUND ? EXIT_SUCCESS : EXIT_USAGE;
	document = openapi_document(arena);
	printf("%.*s\n", (int)document.length, document.at);
	return EXIT_SUCCESS;
}
