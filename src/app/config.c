/* SPDX-License-Identifier: Apache-2.0 */
#include "app/config.h"

#include "base/log.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS = 6, FLAGS_MAX = 8, GROUP_NAME = 64 };

/* An option of every command, with all the names that it goes by. */
struct option {
	const char *name; /* --name, and name in the file */
	const char *environment;
	const char *initial;
	const char *argument;
	const char *help;
};

static const struct option options[OPTIONS] = {
	{ "data", "LISTENLOOP_DATA", "./data", "DIR", "directory that holds everything" },
	{ "listen", "LISTENLOOP_LISTEN", "127.0.0.1:8080", "HOST:PORT",
	    "address to listen on; port 0 picks a free one" },
	{ "suffixes", "LISTENLOOP_SUFFIXES", NULL, "FILE",
	    "public suffix list (default: the system's)" },
	{ "workers", "LISTENLOOP_WORKERS", "0", "N",
	    "threads that serve (0: one for each core)" },
	{ "rate-limit", "LISTENLOOP_RATE_LIMIT", "1000", "N",
	    "requests a second for a key (0: no limit)" },
	{ "log-level", "LISTENLOOP_LOG_LEVEL", "info", "LEVEL",
	    "debug, info, warning or error" },
};

enum { DATA, LISTEN, SUFFIXES, WORKERS, RATE_LIMIT, LOG_LEVEL };

static const char *const log_levels[] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARNING] = "warning",
	[LOG_ERROR] = "error",
};

static GOptionEntry
common_entry(const struct option *option, char **value)
{
	return (GOptionEntry){
		.long_name = option->name,
		.arg = G_OPTION_ARG_STRING,
		.arg_data = value,
		.description = option->help,
		.arg_description = option->argument,
	};
}

static GOptionEntry
own_entry(const struct config_flag *flag, gboolean *given)
{
	return (GOptionEntry){
		.long_name = flag->name,
		.arg = flag->value != NULL ? G_OPTION_ARG_STRING : G_OPTION_ARG_NONE,
		.arg_data = flag->value != NULL ? (void *)flag->value : (void *)given,
		.description = flag->help,
		.arg_description = flag->argument,
	};
}

/* What is set by flags: values of the common options, the file's name, and the rest. */
struct flags {
	char *values[OPTIONS];
	char *file;
	gboolean help;
	gboolean given[FLAGS_MAX];
};

static GOptionContext *
make_context(const struct config_command *command, struct flags *flags)
{
	GOptionEntry entries[OPTIONS + FLAGS_MAX + 3] = { 0 };
	GOptionContext *context;
	size_t n = 0;

	for (size_t i = 0; i < command->flag_count; i++)
		entries[n++] = own_entry(&command->flags[i], &flags->given[i]);
	for (size_t i = 0; i < OPTIONS; i++)
		entries[n++] = common_entry(&options[i], &flags->values[i]);
	entries[n++] = (GOptionEntry){
		.long_name = "config",
		.arg = G_OPTION_ARG_FILENAME,
		.arg_data = &flags->file,
		.description =
		    "configuration file: a group [listenloop] with these names",
		.arg_description = "FILE",
	};
	entries[n++] = (GOptionEntry){
		.long_name = "help",
		.short_name = 'h',
		.arg = G_OPTION_ARG_NONE,
		.arg_data = &flags->help,
		.description = "print this",
	};
	context = g_option_context_new(NULL);
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	return context;
}

static void
print_help(const struct config_command *command)
{
	printf("Usage: listenloop %s\n\n%s\n", command->usage, command->summary);
	if (command->flag_count > 0)
		printf("\nOptions:\n");
	for (size_t i = 0; i < command->flag_count; i++) {
		char left[GROUP_NAME];

		snprintf(left, sizeof left, "--%s %s", command->flags[i].name,
		    command->flags[i].argument != NULL ? command->flags[i].argument : "");
		printf("  %-22s %s\n", left, command->flags[i].help);
	}
	printf("\nOptions of every command, with their environment variables and "
	       "defaults:\n");
	for (size_t i = 0; i < OPTIONS; i++) {
		char left[GROUP_NAME];

		snprintf(
		    left, sizeof left, "--%s %s", options[i].name, options[i].argument);
		printf("  %-22s %s [%s%s%s]\n", left, options[i].help,
		    options[i].environment, options[i].initial != NULL ? ", " : "",
		    options[i].initial != NULL ? options[i].initial : "");
	}
	printf("  %-22s %s\n  %-22s %s\n", "--config FILE",
	    "configuration file: a group [listenloop] with these names "
	    "[LISTENLOOP_CONFIG]",
	    "-h, --help", "print this");
}

static enum result
complain(const struct config_command *command, const char *what)
{
	fprintf(stderr, "listenloop: %s\nUsage: listenloop %s\n", what, command->usage);
	return INVALID;
}

/* A key that the file has and we do not know is a mistake that should be seen. */
static enum result
check_keys(GKeyFile *file, const char *name)
{
	gchar **keys = g_key_file_get_keys(file, "listenloop", NULL, NULL);
	enum result r = OK;

	for (gchar **key = keys; key != NULL && *key != NULL; key++) {
		size_t i = 0;

		while (i < OPTIONS && strcmp(options[i].name, *key) != 0)
			i++;
		if (i == OPTIONS) {
			fprintf(stderr, "listenloop: %s: there is no option \"%s\"\n",
			    name, *key);
			r = INVALID;
		}
	}
	g_strfreev(keys);
	return r;
}

/* The file's value for each option that has none yet. */
static enum result
read_file(const char *name, char **values)
{
	GKeyFile *file = g_key_file_new();
	GError *error = NULL;
	enum result r = OK;

	if (!g_key_file_load_from_file(file, name, G_KEY_FILE_NONE, &error)) {
		fprintf(stderr, "listenloop: cannot read %s: %s\n", name, error->message);
		g_error_free(error);
		r = INVALID;
	} else {
		r = check_keys(file, name);
	}
	for (size_t i = 0; i < OPTIONS && r == OK; i++)
		if (values[i] == NULL)
			values[i] = g_key_file_get_string(
			    file, "listenloop", options[i].name, NULL);
	g_key_file_free(file);
	return r;
}

static enum result
fill_values(struct flags *flags)
{
	const char *file =
	    flags->file != NULL ? flags->file : g_getenv("LISTENLOOP_CONFIG");
	enum result r = OK;

	for (size_t i = 0; i < OPTIONS; i++)
		if (flags->values[i] == NULL)
			flags->values[i] = g_strdup(g_getenv(options[i].environment));
	if (file != NULL)
		r = read_file(file, flags->values);
	for (size_t i = 0; i < OPTIONS; i++)
		if (flags->values[i] == NULL)
			flags->values[i] = g_strdup(options[i].initial);
	return r;
}

static enum result
read_number(
    const struct config_command *command, size_t option, const char *value, int64_t *out)
{
	char message[GROUP_NAME * 2];
	char *end;

	*out = strtoll(value, &end, 10);
	if (*value != '\0' && *end == '\0' && *out >= 0 && *out <= 1000000000)
		return OK;
	snprintf(message, sizeof message, "%s must be a number from 0 on, not \"%s\"",
	    options[option].name, value);
	return complain(command, message);
}

static enum result
read_values(const struct config_command *command, char *const *values, struct config *out)
{
	enum result r;
	size_t level = 0;

	r = read_number(command, WORKERS, values[WORKERS], &out->workers);
	if (r != OK)
		return r;
	r = read_number(command, RATE_LIMIT, values[RATE_LIMIT], &out->rate_limit);
	if (r != OK)
		return r;
	while (level < COUNT(log_levels) &&
	       strcmp(log_levels[level], values[LOG_LEVEL]) != 0)
		level++;
	if (level == COUNT(log_levels))
		return complain(
		    command, "log-level must be debug, info, warning or error");
	log_set_level((enum log_level)level);
	out->data = values[DATA];
	out->listen = values[LISTEN];
	out->suffixes = values[SUFFIXES];
	return OK;
}

/* Moves a text that GLib allocated into the arena. */
static void
keep(struct arena *arena, char **value)
{
	char *allocated = *value;

	if (allocated == NULL)
		return;
	*value = (char *)(uintptr_t)arena_copy(arena, text_of(allocated)).at;
	g_free(allocated);
}

static enum result
parse_line(
    const struct config_command *command, struct flags *flags, int *argc, char ***argv)
{
	GOptionContext *context = make_context(command, flags);
	GError *error = NULL;
	enum result r = OK;

	if (!g_option_context_parse(context, argc, argv, &error)) {
		r = complain(command, error->message);
		g_error_free(error);
	} else if (flags->help) {
		print_help(command);
		r = NOT_FOUND;
	} else if (*argc - 1 != command->operands) {
		r = complain(command, *argc - 1 > command->operands
					  ? "there are too many words"
					  : "a word is missing");
	}
	g_option_context_free(context);
	return r;
}

enum result
config_read(const struct config_command *command, struct arena *arena, int argc,
    char **argv, struct config *out, char ***out_operands)
{
	struct flags flags = { 0 };
	enum result r;

	r = parse_line(command, &flags, &argc, &argv);
	if (r == OK)
		r = fill_values(&flags);
	for (size_t i = 0; i < OPTIONS; i++)
		keep(arena, &flags.values[i]);
	keep(arena, &flags.file);
	for (size_t i = 0; i < command->flag_count; i++) {
		if (command->flags[i].value != NULL)
			keep(arena, command->flags[i].value);
		else
			*command->flags[i].given = flags.given[i];
	}
	if (r != OK)
		return r;
	*out_operands = argv + 1;
	return read_values(command, flags.values, out);
}
