/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

/* A subcommand: takes its words, from its own name on, and returns the exit status. */
int command_serve(int argc, char **argv);
int command_organization_create(int argc, char **argv);
int command_organization_list(int argc, char **argv);
int command_user_create(int argc, char **argv);
int command_user_list(int argc, char **argv);
int command_user_password(int argc, char **argv);
int command_key_create(int argc, char **argv);
int command_key_list(int argc, char **argv);
int command_key_revoke(int argc, char **argv);
int command_openapi(int argc, char **argv);
int command_version(int argc, char **argv);

/* Exit statuses: a wrong command line is 2, as with most programs. */
enum { EXIT_USAGE = 2 };

#endif
