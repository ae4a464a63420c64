/* SPDX-License-Identifier: Apache-2.0 */
#include "http_bench.h"

#include <fcntl.h>
#include <sys/resource.h>

static const char get[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/* A stream may last as long as it is fast enough, or held back by the handler. */
static void
test_fast_stream(void **state)
{
	char *part = calloc(1, 10000);
	struct bench bench;
	struct client client;

	(void)state;
	assert_non_null(part);
	bench_open_at(&bench, &short_limits, "127.0.0.1", 1);
	client_open(&client, bench.port);
	client_say(&client,
	    "POST /slow-stream HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n");
	for (int i = 0; i < 50; i++) {
		assert_true(client_send(&client, (text){ part, 10000 }));
		usleep(45000);
	}
	expect_answer(&client, 200, "500000 0", false);
	client_close(&client);
	free(part);
	bench_close(&bench, 1000);
}

/* A client that does not read is cut off, one that reads slowly is not. */
static void
test_slow_reader(void **state)
{
	int64_t start = now_ms();
	struct bench bench;
	struct client clients[2];
	size_t got = 0;

	(void)state;
	bench_open_at(&bench, &short_limits, "127.0.0.1", 1);
	for (int i = 0; i < 2; i++) {
		client_open(&clients[i], bench.port);
		client_say(&clients[i], "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
	}
	while (got < ECHO_BIG) {
		clients[0].length = 0;
		assert_int_equal(client_fill(&clients[0], WAIT), 1);
		got += clients[0].length;
		if (now_ms() - start < 2000)
			usleep(20000);
		if (now_ms() - start > 1500)
			assert_true(bench.echo.released >= 1);
	}
	client_close(&clients[0]);
	client_close(&clients[1]);
	bench_close(&bench, 1000);
	assert_int_equal(bench.echo.released, 2);
}

static void
leave(struct client *client, bool reset)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (reset)
		setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	client_close(client);
}

static const char *const left[] = {
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET",
	"POST /thread HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
	"POST /job HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
	"POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
	"POST /mid HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
	"POST /denied HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
	"GET /big HTTP/1.1\r\nHost: a\r\n\r\n",
};

/* bench_close checks that every request came to one end. */
static void
test_leaving(void **state)
{
	struct bench bench;
	struct client client;

	(void)state;
	bench_open(&bench);
	for (size_t i = 0; i < COUNT(left); i++) {
		for (size_t length = 0; length <= strlen(left[i]); length++) {
			client_open(&client, bench.port);
			client_send(&client, (text){ left[i], length });
			if (length % 3 == 0)
				usleep(300);
			leave(&client, length % 2 == 0);
		}
	}
	ask(bench.port, get, 200, "", false);
	bench_close(&bench, 1000);
}

/* Some clients close their sending side right behind the request. */
static void
test_half_closed(void **state)
{
	static const char *const paths[] = { "/", "/thread", "/stream", "/big" };
	struct bench bench;
	struct client client;
	char request[100];

	(void)state;
	bench_open(&bench);
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct answer answer;

		client_open(&client, bench.port);
		snprintf(request, sizeof(request),
		    "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
		    paths[i]);
		client_say(&client, request);
		shutdown(client.fd, SHUT_WR);
		answer = client_answer(&client, WAIT, false);
		assert_int_equal(answer.status, 200);
		assert_true(client_ended(&client, WAIT));
		client_close(&client);
	}
	bench_close(&bench, 1000);
}

static void
test_many_idle(void **state)
{
	enum { MANY = 2000 };
	struct client *idle = malloc(MANY * sizeof(*idle));
	struct bench bench;

	(void)state;
	assert_non_null(idle);
	bench_open(&bench);
	for (int i = 0; i < MANY; i++) {
		client_open(&idle[i], bench.port);
		if (i % 2 == 0)
			client_say(&idle[i], "GET / HTTP/1.1\r\nHo");
	}
	for (int i = 0; i < 50; i++)
		ask(bench.port, get, 200, "", false);
	for (int i = 0; i < MANY; i += 2) {
		client_say(&idle[i], "st: a\r\n\r\n");
		expect_answer(&idle[i], 200, "", false);
	}
	for (int i = 0; i < MANY; i++)
		client_close(&idle[i]);
	free(idle);
	bench_close(&bench, 1000);
}

static void
test_connection_limit(void **state)
{
	struct http_limits limits = http_limits_default;
	struct client clients[6];
	struct bench bench;

	(void)state;
	limits.connections = 4;
	bench_open_at(&bench, &limits, "127.0.0.1", 1);
	for (int i = 0; i < 6; i++) {
		client_open(&clients[i], bench.port);
		client_say(&clients[i], get);
	}
	for (int i = 0; i < 4; i++)
		expect_answer(&clients[i], 200, "", false);
	assert_int_equal(client_answer(&clients[4], 400, false).status, 0);
	client_close(&clients[0]);
	expect_answer(&clients[4], 200, "", false);
	client_close(&clients[1]);
	expect_answer(&clients[5], 200, "", false);
	for (int i = 2; i < 6; i++)
		client_close(&clients[i]);
	bench_close(&bench, 1000);
}

static int64_t
micros(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

/* Without descriptors the server waits, neither spinning nor giving up. */
static void
test_no_descriptors(void **state)
{
	static int taken[4096];
	struct rusage before;
	struct rusage after;
	struct rlimit files;
	struct client client;
	struct bench bench;
	size_t count = 0;
	rlim_t soft;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &files);
	bench_open(&bench);
	soft = files.rlim_cur;
	files.rlim_cur = 200;
	setrlimit(RLIMIT_NOFILE, &files);
	client_open(&client, bench.port);
	client_say(&client, get);
	expect_answer(&client, 200, "", false);
	client_close(&client);
	usleep(50000);
	client.fd = socket(AF_INET, SOCK_STREAM, 0);
	while (count < COUNT(taken) && (taken[count] = open("/dev/null", O_RDONLY)) >= 0)
		count++;
	close(client.fd);
	client_open(&client, bench.port);
	client_say(&client, get);
	getrusage(RUSAGE_SELF, &before);
	assert_int_equal(client_answer(&client, 700, false).status, 0);
	getrusage(RUSAGE_SELF, &after);
	/* One that spun would have worked for all of the 700 ms. */
	assert_true(micros(after.ru_utime) - micros(before.ru_utime) < 350000);
	assert_in_range(after.ru_nvcsw - before.ru_nvcsw, 0, 50);
	while (count > 0)
		close(taken[--count]);
	expect_answer(&client, 200, "", false);
	client_close(&client);
	files.rlim_cur = soft;
	setrlimit(RLIMIT_NOFILE, &files);
	bench_close(&bench, 1000);
}

struct stopping {
	struct bench *bench;
	unsigned drain_ms;
};

static void *
stop(void *argument)
{
	struct stopping *stopping = argument;

	http_server_stop(stopping->bench->server, stopping->drain_ms);
	return NULL;
}

static void
test_drain(void **state)
{
	int64_t start;
	struct client idle;
	struct client slow;
	struct client part;
	struct client fresh[20];
	struct bench bench;
	struct stopping stopping = { &bench, 3000 };
	pthread_t thread;

	(void)state;
	bench_open_at(&bench, &http_limits_default, "127.0.0.1", 2);
	client_open(&idle, bench.port);
	client_say(&idle, get);
	expect_answer(&idle, 200, "", false);
	client_open(&slow, bench.port);
	client_say(&slow, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
	client_open(&part, bench.port);
	client_say(&part, "GET / HTTP/1.1\r\nHos");
	usleep(20000);
	start = now_ms();
	for (size_t i = 0; i < COUNT(fresh); i++) {
		client_open(&fresh[i], bench.port);
		if (i % 2 == 0)
			client_say(&fresh[i], get);
	}
	pthread_create(&thread, NULL, stop, &stopping);
	assert_true(client_ended(&idle, 200));
	client_say(&part, "t: a\r\n\r\n");
	for (size_t i = 1; i < COUNT(fresh); i += 2)
		client_say(&fresh[i], get);
	/* The even ones may have been answered just before. */
	for (size_t i = 0; i < COUNT(fresh); i++) {
		struct answer answer = client_answer(&fresh[i], WAIT, false);

		assert_int_equal(answer.status, 200);
		assert_true(answer.close || i % 2 == 0);
		assert_true(client_ended(&fresh[i], WAIT));
	}
	expect_answer(&part, 200, "", true);
	expect_answer(&slow, 200, "errand", true);
	for (size_t i = 0; i < COUNT(fresh); i++)
		client_close(&fresh[i]);
	client_close(&part);
	client_close(&slow);
	client_close(&idle);
	pthread_join(thread, NULL);
	assert_in_range(now_ms() - start, 300, 1500);
	bench_close(&bench, 0);
}

/* When the time is over, clients are cut off, but requests still have their answers
 * awaited. */
static void
test_short_drain(void **state)
{
	struct client clients[4];
	struct bench bench;

	(void)state;
	bench_open(&bench);
	for (size_t i = 0; i < COUNT(clients); i++)
		client_open(&clients[i], bench.port);
	client_say(&clients[0], "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
	client_say(&clients[1], "GET / HTTP/1.1\r\n");
	client_say(&clients[2],
	    "POST /slow-stream HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
	client_say(&clients[3], "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
	usleep(50000);
	bench_close(&bench, 50);
	assert_int_equal(bench.echo.passed, 2);
	assert_int_equal(bench.echo.gone, 1);
	assert_int_equal(bench.echo.released, 1);
	for (size_t i = 0; i < COUNT(clients); i++)
		client_close(&clients[i]);
}

static void
test_hosts(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "0.0.0.0", "::" };
	struct http_options bad = {
		.host = "192.0.2.1",
		.workers = 1,
		.limits = http_limits_default,
	};
	struct http_handler handler = { 0 };
	struct http_server *server;
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++) {
		bench_open_at(&bench, &http_limits_default, hosts[i], 3);
		if (strcmp(hosts[i], "localhost") != 0)
			for (int k = 0; k < 20; k++)
				ask(bench.port, "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n",
				    200, "4 127.1", false);
		bench_close(&bench, 1000);
	}
	bad.handler = &handler;
	assert_int_equal(http_server_start(&bad, &server), BROKEN);
	bench_open(&bench);
	bad.host = "127.0.0.1";
	bad.port = bench.port;
	assert_int_equal(http_server_start(&bad, &server), BROKEN);
	bench_close(&bench, 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fast_stream),
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_half_closed),
		cmocka_unit_test(test_many_idle),
		cmocka_unit_test(test_connection_limit),
		cmocka_unit_test(test_no_descriptors),
		cmocka_unit_test(test_drain),
		cmocka_unit_test(test_short_drain),
		cmocka_unit_test(test_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
