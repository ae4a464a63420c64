/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http.h"

#include "base/log.h"
#include "http/worker.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	BACKLOG = 1024,
	/* Descriptors for everything that is no connection: databases, logs, loops. */
	OTHER_FILES = 256,
};

const struct http_limits http_limits_default = {
	.headers = 16UL * 1024,
	.body = 1024UL * 1024,
	.stream = 256UL * 1024 * 1024,
	.connections = 10000,
	.idle_ms = 60000,
	.headers_ms = 10000,
	.request_ms = 30000,
	.stream_rate = 64 * 1024,
	.write_ms = 30000,
};

struct http_server {
	struct worker_shared shared;
	uint16_t port;
	unsigned worker_count;
	unsigned running; /* the first so many workers have a thread */
	struct http_worker workers[];
};

static void
fit_connections(struct http_limits *limits)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	if (files.rlim_cur < files.rlim_max) {
		rlim_t before = files.rlim_cur;

		files.rlim_cur = files.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &files) != 0)
			files.rlim_cur = before;
	}
	if (files.rlim_cur == RLIM_INFINITY ||
	    files.rlim_cur >= (rlim_t)limits->connections + OTHER_FILES)
		return;
	limits->connections = files.rlim_cur > 2UL * OTHER_FILES
	                          ? (unsigned)files.rlim_cur - OTHER_FILES
	                          : (unsigned)files.rlim_cur / 2;
	log_warning("only %u connections fit in the limit of open files, %llu",
	    limits->connections, (unsigned long long)files.rlim_cur);
}

static int
listen_at(const struct addrinfo *address, bool shared)
{
	int on = 1;
	int off = 0;
	int fd = socket(
	    address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	int error;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (shared)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	/* Accepted sockets inherit it. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (address->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static uint16_t
port_of(int fd)
{
	union {
		struct sockaddr_in6 in6;
		struct sockaddr_in in;
		struct sockaddr any;
	} address = { 0 };
	socklen_t size = sizeof(address);

	if (getsockname(fd, &address.any, &size) != 0)
		return 0;
	return ntohs(address.any.sa_family == AF_INET6 ? address.in6.sin6_port
						       : address.in.sin_port);
}

/* Opens a socket that listens, on the first of the host's addresses that lets it. */
static enum result
open_listener(const char *host, uint16_t port, bool shared, int *out)
{
	const struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *addresses;
	char service[8];
	int error;

	snprintf(service, sizeof(service), "%u", (unsigned)port);
	error = getaddrinfo(host, service, &hints, &addresses);
	if (error != 0) {
		log_error("the address \"%s\" is unknown: %s", host == NULL ? "" : host,
		    gai_strerror(error));
		return BROKEN;
	}
	*out = -1;
	for (const struct addrinfo *a = addresses; a != NULL && *out < 0; a = a->ai_next)
		*out = listen_at(a, shared);
	error = errno;
	freeaddrinfo(addresses);
	if (*out >= 0)
		return OK;
	log_error(
	    "cannot listen on %s port %u: %s", host, (unsigned)port, strerror(error));
	return BROKEN;
}

static enum result
open_workers(struct http_server *server, const struct http_options *options)
{
	bool shared = options->workers > 1;

	server->port = options->port;
	/* A shared port could be shared with another server by mistake: see if it is
	 * free. */
	if (shared && server->port != 0) {
		enum result r;
		int probe;

		r = open_listener(options->host, server->port, false, &probe);
		if (r != OK)
			return r;
		close(probe);
	}
	for (unsigned i = 0; i < options->workers; i++) {
		enum result r;
		int fd;

		r = open_listener(options->host, server->port, shared, &fd);
		if (r != OK)
			return r;
		server->port = port_of(fd);
		r = worker_open(&server->workers[i], &server->shared, fd);
		server->worker_count++;
		if (r != OK)
			return r;
		server->workers[i].index = i;
	}
	return OK;
}

/* Signals are the main thread's: the workers inherit a mask that holds them all off. */
static enum result
run_workers(struct http_server *server)
{
	enum result r = OK;
	sigset_t all;
	sigset_t before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (r == OK && server->running < server->worker_count) {
		r = worker_run(&server->workers[server->running]);
		if (r == OK)
			server->running++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	for (unsigned i = 0; i < server->running; i++)
		while (sem_wait(&server->shared.started) != 0)
			;
	return r;
}

enum result
http_server_start(const struct http_options *options, struct http_server **out)
{
	struct http_server *server;
	enum result r;

	assert(options->workers > 0);
	server =
	    calloc(1, sizeof(*server) + options->workers * sizeof(server->workers[0]));
	if (server == NULL)
		abort();
	(void)signal(SIGPIPE, SIG_IGN);
	server->shared.limits = options->limits;
	server->shared.handler = options->handler;
	atomic_init(&server->shared.connections, 0);
	sem_init(&server->shared.started, 0, 0);
	fit_connections(&server->shared.limits);
	r = open_workers(server, options);
	if (r == OK)
		r = run_workers(server);
	if (r != OK) {
		http_server_stop(server, 0);
		http_server_free(server);
		return r;
	}
	*out = server;
	return OK;
}

uint16_t
http_server_port(const struct http_server *server)
{
	return server->port;
}

void
http_server_stop(struct http_server *server, unsigned drain_ms)
{
	for (unsigned i = 0; i < server->running; i++)
		worker_stop(&server->workers[i], drain_ms);
	while (server->running > 0)
		pthread_join(server->workers[--server->running].thread, NULL);
}

void
http_server_free(struct http_server *server)
{
	if (server == NULL)
		return;
	assert(server->running == 0);
	for (unsigned i = 0; i < server->worker_count; i++)
		worker_close(&server->workers[i]);
	sem_destroy(&server->shared.started);
	free(server);
}
