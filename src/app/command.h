/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

struct arena;

/*
 * A subcommand: takes its words, from its own name on, and returns the exit status.  The
 * arena lives as long as the program.
 */
int command_serve(struct arena *arena, int argc, char **argv);
int command_organization_create(struct arena *arena, int argc, char **argv);
int command_organization_list(struct arena *arena, int argc, char **argv);
int command_user_create(struct arena *arena, int argc, char **argv);
int command_user_list(struct arena *arena, int argc, char **argv);
int command_user_password(struct arena *arena, int argc, char **argv);
int command_key_create(struct arena *arena, int argc, char **argv);
int command_key_list(struct arena *arena, int argc, char **argv);
int command_key_revoke(struct arena *arena, int argc, char **argv);
int command_openapi(struct arena *arena, int argc, char **argv);
int command_version(struct arena *arena, int argc, char **argv);

/* Exit statuses: a wrong command line is 2, as with most programs. */
enum { EXIT_USAGE = 2 };

#endif
