/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "app/node.h"

#include "api/openapi.h"
#include "api/service.h"
#include "base/log.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	DRAIN_MS = 10000,
	FAILURES_A_MINUTE = 20, /* of signing in, from one address */
	HOST_MAX = 256,
	KEEP_BYTES = 8 * 1024 * 1024,
	GROW_BYTES = 1024 * 1024,
};

static const struct config_command serve = {
	.usage = "serve [OPTION...]",
	.summary =
	    "Runs the server until SIGTERM or SIGINT, which let the requests under "
	    "way be answered.",
};

/* "127.0.0.1:8080", "[::1]:8080" or "localhost:0". */
static bool
parse_listen(const char *listen, char host[static HOST_MAX], uint16_t *out_port)
{
	const char *colon = strrchr(listen, ':');
	size_t length;
	char *end;
	long port;

	if (colon == NULL)
		return false;
	port = strtol(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port > UINT16_MAX)
		return false;
	length = (size_t)(colon - listen);
	if (length >= 2 && listen[0] == '[' && listen[length - 1] == ']') {
		listen++;
		length -= 2;
	}
	if (length == 0 || length >= HOST_MAX)
		return false;
	memcpy(host, listen, length);
	host[length] = '\0';
	*out_port = (uint16_t)port;
	return true;
}

static int
wait_for_end(const sigset_t *signals)
{
	int number;

	while (sigwait(signals, &number) != 0)
		continue;
	return number;
}

static enum result
run_server(struct service *service, const struct config *config, const sigset_t *signals)
{
	struct http_handler handler = service_handler(service);
	struct http_options options = {
		.workers = (unsigned)config->workers,
		.limits = http_limits_default,
		.handler = &handler,
	};
	struct http_server *server;
	char host[HOST_MAX];
	enum result r;

	if (!parse_listen(config->listen, host, &options.port))
		return INVALID;
	options.host = host;
	if (options.workers == 0)
		options.workers = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	r = http_server_start(&options, &server);
	if (r != OK)
		return r;
	printf(strchr(host, ':') != NULL ? "listening on http://[%s]:%u\n"
					 : "listening on http://%s:%u\n",
	    host, http_server_port(server));
	(void)fflush(stdout);
	log_info("stopping on signal %d", wait_for_end(signals));
	http_server_stop(server, DRAIN_MS);
	executor_free(service->executor);
	http_server_free(server);
	return OK;
}

int
command_serve(struct arena *arena, int argc, char **argv)
{
	struct service service = { 0 };
	struct config config;
	char host[HOST_MAX];
	uint16_t port;
	struct node node = { 0 };
	sigset_t signals;
	char **operands;
	enum result r;

	r = config_read(&serve, arena, argc, argv, &config, &operands);
	if (r != OK)
		return r == NOT_FOUND ? EXIT_SUCCESS : EXIT_USAGE;
	if (!parse_listen(config.listen, host, &port)) {
		fprintf(stderr,
		    "listenloop: listen must be HOST:PORT, not \"%s\"\n"
		    "Usage: listenloop %s\n",
		    config.listen, serve.usage);
		return EXIT_USAGE;
	}
	/* Blocked before there are other threads, so that only sigwait gets them. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	/* Memory that every list needs again is kept, not given back and asked for anew.
	 */
	mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
	mallopt(M_TOP_PAD, GROW_BYTES);
	if (node_open(&config, &node) != OK)
		return EXIT_FAILURE;
	service.model = node.model;
	service.database_url = node.database_url;
	service.zones = node.zones;
	service.openapi = openapi_document(arena);
	service.failures = rate_limit_new(FAILURES_A_MINUTE, 60000, FAILURES_A_MINUTE);
	if (config.rate_limit > 0)
		service.requests =
		    rate_limit_new(config.rate_limit, 1000, 2 * config.rate_limit);
	service.executor = executor_new(node.db);
	node.db = NULL;
	r = run_server(&service, &config, &signals);
	rate_limit_free(service.requests);
	rate_limit_free(service.failures);
	node_close(&node);
	return r == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
