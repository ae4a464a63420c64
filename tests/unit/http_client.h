/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* A client that sends whatever bytes a test wants, and waits at most some seconds. */
struct client {
	int fd;
	size_t length; /* of what was received and not taken yet */
	char bytes[64 * 1024];
};

struct answer {
	int status; /* 0: none came, -1: the connection ended before */
	bool close;
	size_t length;
	char head[2048];
	char body[16 * 1024]; /* its beginning, with a NUL */
};

static inline void
client_open(struct client *client, uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client->length = 0;
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0 ||
	    connect(client->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		abort();
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static inline void
client_close(struct client *client)
{
	close(client->fd);
	client->fd = -1;
}

static inline bool
client_send(struct client *client, text bytes)
{
	while (bytes.length > 0) {
		ssize_t sent = send(client->fd, bytes.at, bytes.length, MSG_NOSIGNAL);

		if (sent < 0)
			return false;
		bytes = (text){ bytes.at + sent, bytes.length - (size_t)sent };
	}
	return true;
}

static inline bool
client_say(struct client *client, const char *string)
{
	return client_send(client, text_of(string));
}

/* More bytes: 1 some, 0 the end (or a reset), -1 none within the time. */
static inline int
client_fill(struct client *client, int wait_ms)
{
	struct pollfd poll_fd = { .fd = client->fd, .events = POLLIN };
	ssize_t got;

	if (poll(&poll_fd, 1, wait_ms) <= 0)
		return -1;
	got = recv(client->fd, client->bytes + client->length,
	    sizeof(client->bytes) - client->length, 0);
	if (got <= 0)
		return 0;
	client->length += (size_t)got;
	return 1;
}

static inline void
client_take(struct client *client, size_t length)
{
	memmove(client->bytes, client->bytes + length, client->length - length);
	client->length -= length;
}

static inline const char *
answer_header(const struct answer *answer, const char *name)
{
	const char *at = strcasestr(answer->head, name);

	return at == NULL ? NULL : at + strlen(name);
}

/* Reads one answer; without a body if it is to HEAD. */
static inline struct answer
client_answer(struct client *client, int wait_ms, bool to_head)
{
	struct answer answer = { 0 };
	char *end = NULL;
	size_t left;
	size_t head;
	int more = 1;

	while ((end = memmem(client->bytes, client->length, "\r\n\r\n", 4)) == NULL) {
		more = client_fill(client, wait_ms);
		if (more <= 0) {
			answer.status = more == 0 ? -1 : 0;
			return answer;
		}
	}
	head = (size_t)(end - client->bytes) + 4;
	memcpy(answer.head, client->bytes,
	    head < sizeof(answer.head) ? head : sizeof(answer.head) - 1);
	client_take(client, head);
	answer.status = atoi(answer.head + strlen("HTTP/1.1 "));
	answer.close = answer_header(&answer, "\r\nConnection: close") != NULL;
	if (answer_header(&answer, "\r\nContent-Length: ") != NULL && !to_head)
		answer.length =
		    (size_t)atol(answer_header(&answer, "\r\nContent-Length: "));
	for (left = answer.length; left > 0;) {
		size_t part = client->length < left ? client->length : left;
		size_t seen = answer.length - left;

		if (part == 0 && client_fill(client, wait_ms) <= 0) {
			answer.status = -1;
			return answer;
		}
		if (seen + part < sizeof(answer.body))
			memcpy(answer.body + seen, client->bytes, part);
		client_take(client, part);
		left -= part;
	}
	return answer;
}

/* Whether the server ends the connection, with nothing more sent. */
static inline bool
client_ended(struct client *client, int wait_ms)
{
	return client->length == 0 && client_fill(client, wait_ms) == 0;
}

#endif
