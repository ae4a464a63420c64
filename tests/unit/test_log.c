/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { OUTPUT_MAX = 16384, STAMP = sizeof("2018-06-20T06:57:50.906Z") - 1 };

struct capture {
	FILE *file;
	int saved;
};

/* Standard error goes to a file until capture_end. */
static struct capture
capture_begin(void)
{
	struct capture c = { .file = tmpfile(), .saved = dup(STDERR_FILENO) };

	assert_non_null(c.file);
	assert_int_equal(dup2(fileno(c.file), STDERR_FILENO), STDERR_FILENO);
	return c;
}

static size_t
capture_end(struct capture c, char out[static OUTPUT_MAX])
{
	size_t length;

	dup2(c.saved, STDERR_FILENO);
	close(c.saved);
	rewind(c.file);
	length = fread(out, 1, OUTPUT_MAX - 1, c.file);
	fclose(c.file);
	out[length] = '\0';
	return length;
}

static void
escapes(void **state)
{
	static const struct {
		const char *name;
		const char *message;
		const char *written;
	} cases[] = {
		{ "plain", "campaign 7: paused", "campaign 7: paused" },
		{ "empty", "", "" },
		{ "new line", "a\n2030-01-01 error b", "a\\x0a2030-01-01 error b" },
		{ "return", "a\rb", "a\\x0db" },
		{ "escape", "\x1B[31m", "\\x1b[31m" },
		{ "delete", "\x7F", "\\x7f" },
		{ "UTF-8", "\xC3\xA9\xE2\x82\xAC", "\xC3\xA9\xE2\x82\xAC" },
		{ "no-break space", "\xC2\xA0", "\xC2\xA0" },
		{ "C1", "\xC2\x9B\x33m", "\\xc2\\x9b3m" },
		{ "C1 at the end", "a\xC2\x85", "a\\xc2\\x85" },
		{ "not UTF-8", "\xC3\xA9\xFF", "\\xc3\\xa9\\xff" },
		{ "cut UTF-8", "a\xC2", "a\\xc2" },
	};
	char output[OUTPUT_MAX];
	struct capture c;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[128];

		snprintf(expected, sizeof(expected), " warning %s\n", cases[i].written);
		c = capture_begin();
		log_warning("%s", cases[i].message);
		if (capture_end(c, output) < STAMP ||
		    strcmp(output + STAMP, expected) != 0)
			fail_msg("%s: %s", cases[i].name, output);
	}
}

static void
stamps(void **state)
{
	static const char pattern[] = "0000-00-00T00:00:00.000Z";
	char output[OUTPUT_MAX];
	struct capture c = capture_begin();

	(void)state;
	log_info("x");
	assert_int_equal(capture_end(c, output), STAMP + sizeof(" info x\n") - 1);
	for (size_t i = 0; i < STAMP; i++) {
		if (pattern[i] == '0')
			assert_in_range(output[i], '0', '9');
		else
			assert_int_equal(output[i], pattern[i]);
	}
}

static void
levels(void **state)
{
	char output[OUTPUT_MAX];
	struct capture c = capture_begin();

	(void)state;
	log_debug("at first not %d", 1);
	log_info("first");
	log_set_level(LOG_ERROR);
	log_warning("not %d", 2);
	log_error("second");
	log_set_level(LOG_DEBUG);
	log_debug("third");
	log_set_level(LOG_INFO);
	capture_end(c, output);
	assert_null(strstr(output, "not"));
	assert_non_null(strstr(output, " info first\n"));
	assert_non_null(strstr(output, " error second\n"));
	assert_non_null(strstr(output, " debug third\n"));
}

/* Cut between characters wherever the limit falls, so that the rest stays readable. */
static void
long_messages(void **state)
{
	char message[6001];
	char output[OUTPUT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(message) - 1; i++)
		message[i] = "\xE2\x82\xAC"[i % 3];
	message[sizeof(message) - 1] = '\0';
	for (int padding = 0; padding < 3; padding++) {
		struct capture c = capture_begin();
		size_t length;

		log_info("%.*s%s", padding, "ab", message);
		length = capture_end(c, output);
		assert_in_range(length, 2000, 2100);
		assert_true(text_valid((text){ output, length }));
		assert_string_equal(output + length - 4, "...\n");
		assert_null(strchr(output, '\\'));
	}
}

static void
keeps_errno(void **state)
{
	char output[OUTPUT_MAX];
	struct capture c = capture_begin();

	(void)state;
	errno = ENOENT;
	log_info("%s", "x");
	assert_int_equal(errno, ENOENT);
	capture_end(c, output);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),
		cmocka_unit_test(stamps),
		cmocka_unit_test(levels),
		cmocka_unit_test(long_messages),
		cmocka_unit_test(keeps_errno),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
