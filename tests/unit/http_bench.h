/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HTTP_BENCH_H
#define TESTS_HTTP_BENCH_H

#include "http_client.h"
#include "http_echo.h"

#include <setjmp.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

enum { WAIT = 5000 };

/* A server for one test. */
struct bench {
	struct echo echo;
	struct http_handler handler;
	struct http_server *server;
	uint16_t port;
};

static inline void
bench_open_at(struct bench *bench, const struct http_limits *limits, const char *host,
    unsigned workers)
{
	struct http_options options = {
		.host = host,
		.workers = workers,
		.limits = *limits,
		.handler = &bench->handler,
	};

	memset(bench, 0, sizeof(*bench));
	bench->echo.big = malloc(ECHO_BIG);
	assert_non_null(bench->echo.big);
	memset(bench->echo.big, 'b', ECHO_BIG);
	bench->handler = echo_handler(&bench->echo);
	assert_int_equal(http_server_start(&options, &bench->server), OK);
	bench->port = http_server_port(bench->server);
	assert_int_equal(bench->echo.started, workers);
}

static inline void
bench_open(struct bench *bench)
{
	bench_open_at(bench, &http_limits_default, "127.0.0.1", 1);
}

/* Whatever happened, each request that was begun came to exactly one end. */
static inline void
bench_close(struct bench *bench, unsigned drain_ms)
{
	struct echo *echo = &bench->echo;

	http_server_stop(bench->server, drain_ms);
	http_server_free(bench->server);
	assert_int_equal(echo->told, echo->passed + echo->early + echo->gone);
	assert_int_equal(echo->started, echo->stopped);
	assert_true(echo->idle > 0);
	free(echo->big);
}

static inline int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void
expect_answer(struct client *client, int status, const char *body, bool closes)
{
	struct answer answer = client_answer(client, WAIT, false);

	assert_int_equal(answer.status, status);
	if (body != NULL)
		assert_string_equal(answer.body, body);
	assert_int_equal(answer.close, closes);
	if (closes)
		assert_true(client_ended(client, WAIT));
}

static inline void
ask(uint16_t port, const char *request, int status, const char *body, bool closes)
{
	struct client client;

	client_open(&client, port);
	client_say(&client, request);
	expect_answer(&client, status, body, closes);
	client_close(&client);
}

static const struct http_limits short_limits = {
	.headers = 4096,
	.body = 65536,
	.stream = 1 << 24,
	.connections = 1000,
	.idle_ms = 600,
	.headers_ms = 800,
	.request_ms = 1000,
	.stream_rate = 100000,
	.write_ms = 600,
};

#endif
