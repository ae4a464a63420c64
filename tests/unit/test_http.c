/* SPDX-License-Identifier: Apache-2.0 */
#include "http_bench.h"

static const struct exchange_case {
	const char *name;
	const char *request;
	int status;
	const char *body;
	bool closes;
} exchanges[] = {
	{ "echo", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 200,
	    "abc", false },
	{ "chunks",
	    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
	    "chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
	    200, "abc", false },
	{ "204", "GET /empty HTTP/1.1\r\nHost: a\r\n\r\n", 204, "", false },
	{ "thread", "PATCH /thread HTTP/1.1\r\nHost: a\r\n\r\n", 200, "errand", false },
	{ "job", "DELETE /job HTTP/1.1\r\nHost: a\r\n\r\n", 200, "errand", false },
	{ "peer", "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n", 200, "4 127.1", false },
	{ "stream", "POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\naa",
	    200, "2 194", false },
	{ "stream of chunks",
	    "POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
	    "chunked\r\n\r\n1\r\na\r\n1\r\na\r\n0\r\n\r\n",
	    200, "2 194", false },
	{ "stream of nothing", "POST /stream HTTP/1.1\r\nHost: a\r\n\r\n", 200, "0 0",
	    false },
	{ "denied", "GET /denied HTTP/1.1\r\nHost: a\r\n\r\n", 401, "denied", false },
	{ "denied, body dropped",
	    "POST /denied HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 401,
	    "denied", false },
	{ "denied, large body",
	    "POST /denied HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\nabc", 401,
	    "denied", true },
	{ "denied, chunks",
	    "POST /denied HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 401,
	    "denied", true },
	{ "denied, unsent body",
	    "POST /denied HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
	    "3\r\n\r\n",
	    401, "denied", true },
	{ "answered in the middle",
	    "POST /mid HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", 409,
	    "enough", true },
	{ "stream over the limit",
	    "POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 300000000\r\n\r\n", 413,
	    NULL, true },
	{ "bad chunk in a stream",
	    "POST /slow-stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
	    "chunked\r\n\r\n1\r\naX",
	    400, NULL, true },
};

static void
test_exchanges(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench);
	for (size_t i = 0; i < COUNT(exchanges); i++) {
		const struct exchange_case *e = &exchanges[i];

		print_message("  %s\n", e->name);
		ask(bench.port, e->request, e->status, e->body, e->closes);
	}
	bench_close(&bench, 1000);
}

static void
test_head_and_framing(void **state)
{
	struct bench bench;
	struct client client;
	struct answer a;
	struct answer b;

	(void)state;
	bench_open(&bench);
	client_open(&client, bench.port);
	client_say(&client, "HEAD /peer HTTP/1.1\r\nHost: a\r\n\r\n");
	a = client_answer(&client, WAIT, true);
	assert_int_equal(a.status, 200);
	assert_non_null(answer_header(&a, "\r\nContent-Length: 7\r\n"));
	assert_non_null(answer_header(&a, "\r\nContent-Type: text/plain\r\n"));
	assert_non_null(answer_header(&a, "\r\nX-Content-Type-Options: nosniff\r\n"));
	assert_non_null(answer_header(&a, "\r\nDate: "));
	client_say(&client, "GET /empty HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	b = client_answer(&client, WAIT, false);
	assert_int_equal(b.status, 204);
	assert_null(answer_header(&b, "\r\nContent-Length"));
	assert_non_null(answer_header(&b, "\r\nConnection: keep-alive\r\n"));
	assert_memory_not_equal(answer_header(&a, "\r\nX-Request-Id: "),
	    answer_header(&b, "\r\nX-Request-Id: "), 32);
	client_close(&client);
	bench_close(&bench, 1000);
}

static void
test_pipeline(void **state)
{
	static const char *const paths[] = { "/", "/thread", "/job", "/stream" };
	struct bench bench;
	struct client client;
	char *all = malloc(100 * 100);
	size_t length = 0;

	(void)state;
	assert_non_null(all);
	bench_open(&bench);
	client_open(&client, bench.port);
	for (int i = 0; i < 100; i++)
		length += (size_t)sprintf(all + length,
		    "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n%03d\r\n",
		    paths[i % 7 < 4 ? i % 7 : 0], i);
	client_send(&client, (text){ all, length });
	for (int i = 0; i < 100; i++) {
		char body[16];
		const char *path = paths[i % 7 < 4 ? i % 7 : 0];

		snprintf(body, sizeof(body), "%03d", i);
		expect_answer(&client, 200, strcmp(path, "/") == 0 ? body : NULL, false);
	}
	client_close(&client);
	free(all);
	bench_close(&bench, 1000);
}

static void
test_fields(void **state)
{
	struct bench bench;
	struct client client;

	(void)state;
	bench_open(&bench);
	for (int fields = 100; fields <= 101; fields++) {
		client_open(&client, bench.port);
		client_say(&client, "GET / HTTP/1.1\r\nHost: a\r\n");
		for (int i = 1; i < fields; i++)
			client_say(&client, "X: y\r\n");
		client_say(&client, "\r\n");
		expect_answer(&client, fields == 100 ? 200 : 431, NULL, fields > 100);
		client_close(&client);
	}
	bench_close(&bench, 1000);
}

static void
test_expect(void **state)
{
	struct bench bench;
	struct client client;

	(void)state;
	bench_open(&bench);
	client_open(&client, bench.port);
	client_say(&client, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n"
			    "Content-Length: 2\r\n\r\n");
	expect_answer(&client, 100, NULL, false);
	assert_int_equal(client_answer(&client, 50, false).status, 0);
	client_say(&client, "ab");
	expect_answer(&client, 200, "ab", false);
	client_close(&client);
	bench_close(&bench, 1000);
}

/* A refused client that goes on sending sees the answer, not a reset. */
static void
test_refused_upload(void **state)
{
	struct bench bench;
	struct client client;
	char *part = calloc(1, 65536);

	(void)state;
	assert_non_null(part);
	bench_open(&bench);
	client_open(&client, bench.port);
	client_say(
	    &client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n");
	for (int i = 0; i < 10; i++)
		assert_true(client_send(&client, (text){ part, 65536 }));
	expect_answer(&client, 413, NULL, true);
	client_close(&client);
	assert_int_equal(bench.echo.refused, 413);
	free(part);
	bench_close(&bench, 1000);
}

static void
test_large_stream(void **state)
{
	struct bench bench;
	struct client client;
	char *part = malloc(1024 * 1024);

	(void)state;
	assert_non_null(part);
	memset(part, 1, 1024 * 1024);
	bench_open(&bench);
	client_open(&client, bench.port);
	client_say(&client,
	    "POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 8388608\r\n\r\n");
	for (int i = 0; i < 8; i++)
		assert_true(client_send(&client, (text){ part, 1024 * 1024 }));
	expect_answer(&client, 200, "8388608 8388608", false);
	client_close(&client);
	free(part);
	bench_close(&bench, 1000);
}

static void
test_large_answer(void **state)
{
	struct bench bench;
	struct client client;
	struct answer answer;

	(void)state;
	bench_open(&bench);
	client_open(&client, bench.port);
	client_say(&client,
	    "GET /big HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
	usleep(50000);
	answer = client_answer(&client, WAIT, false);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.length, ECHO_BIG);
	expect_answer(&client, 200, "", false);
	assert_int_equal(bench.echo.released, 1);
	client_say(&client, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(client_fill(&client, WAIT), 1);
	client_close(&client);
	bench_close(&bench, 1000);
	assert_int_equal(bench.echo.released, 2);
}

/* Sends piece by piece and says after how long the server had enough, and with which
 * status. */
static int
drip(uint16_t port, const char *first, char byte, unsigned every_ms, int64_t *out_ms)
{
	int64_t start = now_ms();
	struct client client;
	struct answer a = { 0 };

	client_open(&client, port);
	client_say(&client, first);
	while (a.status == 0 && now_ms() - start < WAIT) {
		a = client_answer(&client, (int)every_ms, false);
		if (a.status == 0 && byte != '\0')
			client_send(&client, (text){ &byte, 1 });
	}
	*out_ms = now_ms() - start;
	if (a.status > 0)
		assert_true(a.close && client_ended(&client, WAIT));
	client_close(&client);
	return a.status;
}

static const struct {
	const char *name;
	const char *first;
	char byte;
	int status;
	int after_ms;
} drips[] = {
	{ "nothing at all", "", '\0', -1, 600 },
	{ "empty lines", "\r\n\r\n", '\0', -1, 600 },
	{ "idle after a request", "GET /empty HTTP/1.0\r\n\r\n", '\0', 204, 0 },
	{ "part of the headers", "GET / HTTP/1.1\r\nX: ", '\0', 408, 800 },
	{ "headers drip", "GET / HTTP/1.1\r\nX: ", 'x', 408, 800 },
	{ "body drips", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n", 'x',
	    408, 1000 },
	{ "stream drips",
	    "POST /slow-stream HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n", 'x',
	    408, 1000 },
	{ "dropped body drips",
	    "POST /denied HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
	    "999\r\n\r\n",
	    'x', 401, 0 },
};

static void
test_deadlines(void **state)
{
	struct bench bench;

	(void)state;
	bench_open_at(&bench, &short_limits, "127.0.0.1", 1);
	for (size_t i = 0; i < COUNT(drips); i++) {
		int64_t took;
		int status = drip(bench.port, drips[i].first, drips[i].byte, 20, &took);

		print_message("  %s: %d after %d ms\n", drips[i].name, status, (int)took);
		assert_int_equal(status, drips[i].status);
		assert_in_range(took, drips[i].after_ms == 0 ? 0 : drips[i].after_ms - 20,
		    drips[i].after_ms + 600);
	}
	bench_close(&bench, 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exchanges),
		cmocka_unit_test(test_head_and_framing),
		cmocka_unit_test(test_pipeline),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_expect),
		cmocka_unit_test(test_refused_upload),
		cmocka_unit_test(test_large_stream),
		cmocka_unit_test(test_large_answer),
		cmocka_unit_test(test_deadlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
