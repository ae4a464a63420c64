/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/result.h"

/*
 * The log: one line on standard error for each entry, with time and level.  Control
 * characters in a message are escaped ("\x0a"), so that no input can forge a line, and
 * what is over 2,000 bytes is cut.  Any thread; errno stays.  Secrets never go in here.
 */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Entries below the level are dropped.  At first LOG_INFO. */
void log_set_level(enum log_level level);

void log_entry(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

#define log_debug(...)   log_entry(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)    log_entry(LOG_INFO, __VA_ARGS__)
#define log_warning(...) log_entry(LOG_WARNING, __VA_ARGS__)
#define log_error(...)   log_entry(LOG_ERROR, __VA_ARGS__)

#endif
