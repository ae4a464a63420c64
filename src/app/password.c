/* SPDX-License-Identifier: Apache-2.0 */
#include "app/password.h"

#include "base/secret.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { SHORTEST = 8 };

static enum result
read_line(struct arena *arena, const char *prompt, text *out)
{
	bool terminal = isatty(STDIN_FILENO);
	char line[SECRET_PASSWORD_MAX + 2];
	struct termios before, silent;
	bool got;

	if (terminal) {
		fprintf(stderr, "%s: ", prompt);
		tcgetattr(STDIN_FILENO, &before);
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	}
	got = fgets(line, sizeof line, stdin) != NULL;
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		(void)fputc('\n', stderr);
	}
	if (!got) {
		fprintf(stderr, "listenloop: there is no password on standard input\n");
		return INVALID;
	}
	line[strcspn(line, "\r\n")] = '\0';
	*out = arena_copy(arena, text_of(line));
	explicit_bzero(line, sizeof line);
	return OK;
}

enum result
password_read(struct arena *arena, text *out)
{
	text again;
	enum result r;

	r = read_line(arena, "New password", out);
	if (r != OK)
		return r;
	if (!text_valid(*out) || text_characters(*out) < SHORTEST ||
	    out->length > SECRET_PASSWORD_MAX) {
		fprintf(stderr, "listenloop: a password has %d characters to %d bytes\n",
		    SHORTEST, SECRET_PASSWORD_MAX);
		return INVALID;
	}
	if (!isatty(STDIN_FILENO))
		return OK;
	r = read_line(arena, "Again", &again);
	if (r == OK && !text_equal(*out, again)) {
		fprintf(stderr, "listenloop: the two differ\n");
		return INVALID;
	}
	return r;
}
