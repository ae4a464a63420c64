/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the operator sets: by a flag, else an environment variable, else the
 * configuration file, else the default.  Texts live as long as the arena they were read
 * into.
 */
struct config {
	char *data;         /* directory that holds everything */
	char *listen;       /* "127.0.0.1:8080" */
	char *suffixes;     /* public suffix list; NULL: the system's */
	int64_t workers;    /* threads that serve; 0: one a core */
	int64_t rate_limit; /* requests a second a key; 0: no limit */
};

/* An option of one command alone: a flag, with or without a value. */
struct config_flag {
	const char *name; /* "email" */
	char **value;     /* NULL for a flag without a value */
	bool *given;
	const char *argument; /* "EMAIL"; NULL for a flag without a value */
	const char *help;
};

/* What a command line may hold. */
struct config_command {
	const char *usage;   /* "organization create --email EMAIL" */
	const char *summary; /* what it does */
	const struct config_flag *flags;
	size_t flag_count;
	int operands; /* how many words beside flags there must be */
};

/*
 * Reads a command line (argv[0] being the command's name), the environment and the file.
 * INVALID, with a message on standard error, for what cannot be; NOT_FOUND when --help
 * was asked for and printed.  *operands points into argv.
 */
MUST_USE enum result config_read(const struct config_command *command,
    struct arena *arena, int argc, char **argv, struct config *out, char ***out_operands);

#endif
