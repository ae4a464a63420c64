/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	MESSAGE_MAX = 2048,
	ESCAPED_MAX = 4, /* "\x1b" */
	PREFIX_MAX = 64,
};

/* The one thing that is not handed down: a log must work before and after all else. */
static _Atomic enum log_level lowest = LOG_INFO;

static const char *const level_names[] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARNING] = "warning",
	[LOG_ERROR] = "error",
};

void
log_set_level(enum log_level level)
{
	atomic_store_explicit(&lowest, level, memory_order_relaxed);
}

static size_t
print_prefix(enum log_level level, char out[static PREFIX_MAX])
{
	struct timespec now;
	struct tm tm;
	size_t length;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	length = strftime(out, PREFIX_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	length += (size_t)snprintf(out + length, PREFIX_MAX - length, ".%03dZ %s ",
	    (int)(now.tv_nsec / 1000000), level_names[level]);
	return length;
}

/* Prints a message that may be cut; never in the middle of a character. */
PRINTF_LIKE(1, 0)
static text
print_message(const char *format, va_list args, char out[static MESSAGE_MAX])
{
	int printed = vsnprintf(out, MESSAGE_MAX, format, args);
	size_t length = printed < 0 ? 0 : (size_t)printed;

	if (length >= MESSAGE_MAX) {
		length = MESSAGE_MAX - sizeof("...");
		while (length > 0 && ((unsigned char)out[length] & 0xC0) == 0x80)
			length--;
		memcpy(out + length, "...", sizeof("..."));
		length += 3;
	}
	return (text){ out, length };
}

/*
 * Bytes that a terminal or a reader of lines may act upon: ASCII controls, and
 * U+0080 to U+009F, whose second byte follows 0xC2.
 */
static bool
must_escape(text message, size_t i, bool valid)
{
	unsigned char c = (unsigned char)message.at[i];

	if (c < 0x20 || c == 0x7F)
		return true;
	if (c < 0x80)
		return false;
	if (!valid)
		return true;
	if (c == 0xC2)
		return (unsigned char)message.at[i + 1] < 0xA0;
	return c < 0xA0 && (unsigned char)message.at[i - 1] == 0xC2;
}

static size_t
escape(text message, char *out)
{
	static const char digits[] = "0123456789abcdef";
	bool valid = text_valid(message);
	char *end = out;

	for (size_t i = 0; i < message.length; i++) {
		unsigned char c = (unsigned char)message.at[i];

		if (!must_escape(message, i, valid)) {
			*end++ = (char)c;
			continue;
		}
		*end++ = '\\';
		*end++ = 'x';
		*end++ = digits[c >> 4];
		*end++ = digits[c & 15];
	}
	return (size_t)(end - out);
}

void
log_entry(enum log_level level, const char *format, ...)
{
	char line[PREFIX_MAX + MESSAGE_MAX * ESCAPED_MAX + 1];
	char message[MESSAGE_MAX];
	int saved = errno;
	ssize_t written;
	size_t length;
	va_list args;
	text t;

	if (level < atomic_load_explicit(&lowest, memory_order_relaxed))
		return;
	va_start(args, format);
	t = print_message(format, args, message);
	va_end(args);
	length = print_prefix(level, line);
	length += escape(t, line + length);
	line[length++] = '\n';
	/* One write, so that threads do not mix their lines. */
	written = write(STDERR_FILENO, line, length);
	(void)written; /* nobody is left to tell */
	errno = saved;
}
