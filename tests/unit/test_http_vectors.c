/* SPDX-License-Identifier: Apache-2.0 */
#include "http_client.h"

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

/*
 * Raw requests, and what must become of each.  The status is that of the first answer; 0
 * means that the server must wait for more.  Whoever is refused is also cut off, because
 * nobody knows where the next request would begin.
 */
struct vector {
	const char *name;
	text raw;
	int status;
	char fill; /* so many of it follow, and then the rest */
	size_t count;
	text rest;
	bool closes;      /* also a good one: the client wishes it */
	const char *body; /* of the answer: "METHOD path query length" */
};

/* The status, which comes behind the bytes, is the member behind raw. */
#define V(title, bytes, ...)                                                             \
	{                                                                                \
		.name = title, .raw = { bytes, sizeof(bytes) - 1 }, __VA_ARGS__          \
	}
#define REST(bytes) .rest = { bytes, sizeof(bytes) - 1 }
#define HOST        "Host: a\r\n"
#define GET         "GET / HTTP/1.1\r\n" HOST
#define POST        "POST / HTTP/1.1\r\n" HOST
#define CHUNKED     POST "Transfer-Encoding: chunked\r\n\r\n"

static const struct vector vectors[] = {
	V("plain", GET "\r\n", 200, .body = "GET / - 0"),
	V("query", "GET /a/b?c=d&e HTTP/1.1\r\n" HOST "\r\n", 200,
	    .body = "GET /a/b c=d&e 0"),
	V("empty query", "GET /a? HTTP/1.1\r\n" HOST "\r\n", 200, .body = "GET /a  0"),
	V("escapes stay", "GET /%2e%00/%zz HTTP/1.1\r\n" HOST "\r\n", 200,
	    .body = "GET /%2e%00/%zz - 0"),
	V("lower-case header", "GET / HTTP/1.1\r\nhost: a\r\n\r\n", 200),
	V("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 200),
	V("host with port", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200),
	V("empty header", GET "X:\r\n\r\n", 200),
	V("blanks around value", GET "X: \t a b \t \r\n\r\n", 200),
	V("obs-text in value", GET "X: \xc3\xa4\r\n\r\n", 200),
	V("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200, .closes = true),
	V("HTTP/1.0 keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
	V("connection close", GET "Connection: close\r\n\r\n", 200, .closes = true),
	V("connection list with close", GET "Connection: x, Close\r\n\r\n", 200,
	    .closes = true),
	V("body", POST "Content-Length: 3\r\n\r\nabc", 200, .body = "POST / - 3"),
	V("body of GET", GET "Content-Length: 3\r\n\r\nabc", 200, .body = "GET / - 3"),
	V("zero length", POST "Content-Length: 0\r\n\r\n", 200, .body = "POST / - 0"),
	V("leading zeros in length", POST "Content-Length: 0003\r\n\r\nabc", 200,
	    .body = "POST / - 3"),
	V("POST without length", POST "\r\n", 200, .body = "POST / - 0"),
	V("chunks", CHUNKED "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", 200,
	    .body = "POST / - 13"),
	V("chunk extension", CHUNKED "3;a=b;c=\"d\"\r\nabc\r\n0;x\r\n\r\n", 200,
	    .body = "POST / - 3"),
	V("trailers", CHUNKED "3\r\nabc\r\n0\r\nX-T: 1\r\nHost: b\r\n\r\n", 200,
	    .body = "POST / - 3"),
	V("zeros before chunk size", CHUNKED "0003\r\nabc\r\n0\r\n\r\n", 200,
	    .body = "POST / - 3"),
	V("CRLF before request", "\r\n\r\n" GET "\r\n", 200),
	V("absolute form", "GET http://b:8/p?q HTTP/1.1\r\n" HOST "\r\n", 200,
	    .body = "GET /p q 0"),
	V("absolute form without path", "GET http://b HTTP/1.1\r\n" HOST "\r\n", 200,
	    .body = "GET / - 0"),
	V("absolute form, query only", "GET HTTPS://b?q HTTP/1.1\r\n" HOST "\r\n", 200,
	    .body = "GET / q 0"),
	V("asterisk", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 200, .body = "OPTIONS * - 0"),
	V("CONNECT", "CONNECT b:443 HTTP/1.1\r\n" HOST "\r\n", 200,
	    .body = "OTHER b:443 - 0"),
	V("TRACE", "TRACE / HTTP/1.1\r\n" HOST "\r\n", 200, .body = "OTHER / - 0"),
	V("PROPFIND", "PROPFIND / HTTP/1.1\r\n" HOST "\r\n", 200, .body = "OTHER / - 0"),
	V("upgrade to h2c",
	    GET "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
		"AAA\r\n\r\n",
	    200),
	V("upgrade with body",
	    POST
	    "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\nabc",
	    200, .body = "POST / - 3"),
	V("expect", POST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", 100),
	V("expect without body", POST "Expect: 100-continue\r\n\r\n", 200),
	V("expect of HTTP/1.0",
	    "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na", 200,
	    .closes = true),

	V("nothing", "", 0),
	V("half a line", "GET / HT", 0),
	V("half a head", GET "X: y", 0),
	V("no empty line", GET, 0),
	V("half a body", POST "Content-Length: 5\r\n\r\nabc", 0),
	V("no last chunk", CHUNKED "3\r\nabc\r\n", 0),
	V("no end of trailers", CHUNKED "0\r\nX: y\r\n", 0),
	V("only empty lines", "\r\n\r\n\r\n", 0),

	V("no host", "GET / HTTP/1.1\r\n\r\n", 400),
	V("two hosts", GET HOST "\r\n", 400),
	V("two other hosts", GET "host: b\r\n\r\n", 400),
	V("two hosts of HTTP/1.0", "GET / HTTP/1.0\r\n" HOST HOST "\r\n", 400),
	V("host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
	V("host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
	V("host with user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
	V("CL.TE",
	    POST "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
	    400),
	V("TE.CL", POST "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n",
	    400),
	V("TE.CL zero",
	    POST "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n", 400),
	V("TE.TE",
	    POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
	    -1),
	V("TE.TE chunked last",
	    POST "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    -1),
	V("TE twice",
	    POST
	    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    -1),
	V("TE list", POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", -1),
	V("TE gzip, chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
	    -1),
	V("TE chunked, gzip", POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
	    -1),
	V("TE identity", POST "Transfer-Encoding: identity\r\n\r\n", -1),
	V("TE xchunked", POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", -1),
	V("TE chunkedx", POST "Transfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n", -1),
	V("TE quoted", POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", -1),
	V("TE with comma", POST "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n", -1),
	V("TE with vertical tab",
	    POST "Transfer-Encoding: \x0b"
		 "chunked\r\n\r\n0\r\n\r\n",
	    400),
	V("TE with NUL", POST "Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n", 400),
	V("TE empty", POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n", -1),
	V("TE on next line", POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
	V("TE of HTTP/1.0",
	    "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
	V("blank before TE colon", POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
	    400),
	V("blank before TE", POST " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
	V("TE after bare CR", POST "X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    400),
	V("TE after bare LF", POST "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    400),
	V("CL twice, same", POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
	    400),
	V("CL twice, other", POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
	    400),
	V("CL list", POST "Content-Length: 3, 3\r\n\r\nabc", 400),
	V("CL negative", POST "Content-Length: -3\r\n\r\nabc", 400),
	V("CL plus", POST "Content-Length: +3\r\n\r\nabc", 400),
	V("CL hexadecimal", POST "Content-Length: 0x3\r\n\r\nabc", 400),
	V("CL fraction", POST "Content-Length: 3.0\r\n\r\nabc", 400),
	V("CL with blank", POST "Content-Length: 3 3\r\n\r\nabc", 400),
	V("CL empty", POST "Content-Length:\r\n\r\n", 400),
	V("CL letters", POST "Content-Length: abc\r\n\r\n", 400),
	V("CL 2^64", POST "Content-Length: 18446744073709551616\r\n\r\n", 400),
	V("CL 2^64 + 3", POST "Content-Length: 18446744073709551619\r\n\r\nabc", 400),
	V("CL 2^64 - 1", POST "Content-Length: 18446744073709551615\r\n\r\n", 413),
	V("CL over the limit", POST "Content-Length: 65537\r\n\r\n", 413),
	V("CL with NUL", POST "Content-Length: 3\0\r\n\r\nabc", 400),
	V("CL_ alike", POST "Content_Length: 3\r\n\r\n", 200),
	V("chunk size missing", CHUNKED "\r\nabc\r\n", 400),
	V("chunk size letters", CHUNKED "xyz\r\nabc\r\n", 400),
	V("chunk size negative", CHUNKED "-3\r\nabc\r\n", 400),
	V("chunk size plus", CHUNKED "+3\r\nabc\r\n", 400),
	V("chunk size 0x", CHUNKED "0x3\r\nabc\r\n0\r\n\r\n", 400),
	V("chunk size blank before", CHUNKED " 3\r\nabc\r\n0\r\n\r\n", 400),
	V("chunk size blank behind", CHUNKED "3 \r\nabc\r\n0\r\n\r\n", 400),
	V("chunk size underscore", CHUNKED "1_0\r\nabc\r\n", 400),
	V("chunk size 2^64", CHUNKED "10000000000000000\r\nabc\r\n", 400),
	V("chunk size 2^64 + 3", CHUNKED "10000000000000003\r\nabc\r\n0\r\n\r\n", 400),
	V("chunk too long", CHUNKED "3\r\nabcd\r\n0\r\n\r\n", 400),
	V("chunk too short", CHUNKED "4\r\nabc\r\n0\r\n\r\n", 400),
	V("chunk without CRLF", CHUNKED "3\r\nabc0\r\n\r\n", 400),
	V("chunk line with bare LF", CHUNKED "3\nabc\r\n0\r\n\r\n", 400),
	V("chunk data with bare LF", CHUNKED "3\r\nabc\n0\r\n\r\n", 400),
	V("chunk line with bare CR", CHUNKED "3\rabc\r\n0\r\n\r\n", 400),
	V("chunk extension with LF", CHUNKED "3;a\nbc\r\nabc\r\n0\r\n\r\n", 400),
	V("chunk extension with CR", CHUNKED "3;a\rbc\r\nabc\r\n0\r\n\r\n", 400),
	V("chunk extension with NUL", CHUNKED "3;a\0\r\nabc\r\n0\r\n\r\n", 400),
	V("trailer with blank before colon", CHUNKED "0\r\nX : y\r\n\r\n", 400),
	V("trailer with bare LF", CHUNKED "0\r\nX: y\n\r\n\r\n", 400),
	V("end of chunks with bare LF", CHUNKED "0\r\n\n", 400),
	V("long chunk extension", CHUNKED "1;", 400, .fill = 'x', .count = 5000),
	V("many zeros in chunk size", CHUNKED "", 400, .fill = '0', .count = 5000),
	V("long trailers", CHUNKED "0\r\nX: ", 400, .fill = 'x', .count = 5000),
	V("chunks over the limit", CHUNKED "10001\r\n", 413, .fill = 'x', .count = 65537,
	    REST("\r\n0\r\n\r\n")),
	V("chunks at the limit", CHUNKED "10000\r\n", 200, .fill = 'x', .count = 65536,
	    REST("\r\n0\r\n\r\n"), .body = "POST / - 65536"),
	V("body at the limit", POST "Content-Length: 65536\r\n\r\n", 200, .fill = 'x',
	    .count = 65536, .body = "POST / - 65536"),

	V("NUL in value", GET "X: a\0b\r\n\r\n", 400),
	V("NUL in name", GET "X\0: a\r\n\r\n", 400),
	V("NUL in target", "GET /\0 HTTP/1.1\r\n" HOST "\r\n", 400),
	V("tab in target", "GET /a\tb HTTP/1.1\r\n" HOST "\r\n", 400),
	V("DEL in target", "GET /a\x7f HTTP/1.1\r\n" HOST "\r\n", 400),
	V("form feed in target", "GET /a\fb HTTP/1.1\r\n" HOST "\r\n", 400),
	V("control in value", GET "X: a\x01\r\n\r\n", 400),
	V("DEL in value", GET "X: a\x7f\r\n\r\n", 400),
	V("escape in value", GET "X: \x1b[2J\r\n\r\n", 400),
	V("bare LF after line", "GET / HTTP/1.1\n" HOST "\r\n", 400),
	V("bare LF after header", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
	V("bare LF at the end", GET "\n", 400),
	V("bare LFs only", "GET / HTTP/1.1\nHost: a\n\n", 400),
	V("bare LF before request", "\n" GET "\r\n", 400),
	V("bare CR before request", "\r" GET "\r\n", 400),
	V("bare CR after line", "GET / HTTP/1.1\rHost: a\r\n\r\n", -1),
	V("bare CR in value", GET "X: a\rb\r\n\r\n", 400),
	V("bare CR at the end", GET "\rX", 400),
	V("obs-fold", GET "X: a\r\n b\r\n\r\n", 400),
	V("obs-fold with tab", GET "X: a\r\n\tb\r\n\r\n", 400),
	V("obs-fold of first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
	V("blank before colon", GET "X : a\r\n\r\n", 400),
	V("tab before colon", GET "X\t: a\r\n\r\n", 400),
	V("blank in name", GET "X Y: a\r\n\r\n", 400),
	V("no colon", GET "X\r\n\r\n", 400),
	V("no name", GET ": a\r\n\r\n", 400),
	V("bracket in name", GET "X[: a\r\n\r\n", 400),
	V("non-ASCII name", GET "\xc3\xa4: a\r\n\r\n", 400),

	V("HTTP/2.0", "GET / HTTP/2.0\r\n" HOST "\r\n", 505),
	V("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", -1),
	V("HTTP/0.9 line", "GET /\r\n\r\n", -1),
	V("HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", 505),
	V("HTTP/1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 505),
	V("HTTP/3.0", "GET / HTTP/3.0\r\n" HOST "\r\n", 505),
	V("HTTP/1.10", "GET / HTTP/1.10\r\n" HOST "\r\n", -1),
	V("HTTP/01.1", "GET / HTTP/01.1\r\n" HOST "\r\n", -1),
	V("HTTP/1", "GET / HTTP/1\r\n" HOST "\r\n", -1),
	V("HTTP/1,1", "GET / HTTP/1,1\r\n" HOST "\r\n", -1),
	V("http/1.1", "GET / http/1.1\r\n" HOST "\r\n", 400),
	V("HTTPS/1.1", "GET / HTTPS/1.1\r\n" HOST "\r\n", 400),
	V("ICE/1.0", "GET / ICE/1.0\r\n" HOST "\r\n", 400),
	V("RTSP/1.0 is taken for HTTP", "OPTIONS / RTSP/1.0\r\n" HOST "\r\n", 200,
	    .closes = true),
	V("RTSP method", "DESCRIBE / RTSP/1.0\r\n" HOST "\r\n", 200, .closes = true,
	    .body = "OTHER / - 0"),
	V("two blanks before version", "GET /  HTTP/1.1\r\n" HOST "\r\n", 200,
	    .body = "GET / - 0"),
	V("two blanks before target", "GET  / HTTP/1.1\r\n" HOST "\r\n", 200,
	    .body = "GET / - 0"),
	V("tab before target", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400),
	V("blank behind version", "GET / HTTP/1.1 \r\n" HOST "\r\n", 400),
	V("blank before method", " GET / HTTP/1.1\r\n" HOST "\r\n", 400),
	V("words behind version", "GET / HTTP/1.1 x\r\n" HOST "\r\n", 400),
	V("blank in target", "GET /a b HTTP/1.1\r\n" HOST "\r\n", 400),
	V("no target", "GET HTTP/1.1\r\n" HOST "\r\n", 400),
	V("asterisk of GET", "GET * HTTP/1.1\r\n" HOST "\r\n", 400),
	V("lower-case method", "get / HTTP/1.1\r\n" HOST "\r\n", 501),
	V("unknown method", "BREW / HTTP/1.1\r\n" HOST "\r\n", 501),
	V("method with more", "GETS / HTTP/1.1\r\n" HOST "\r\n", 501),
	V("no method", "/ HTTP/1.1\r\n" HOST "\r\n", 400),
	V("TLS hello", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 400),
	V("SSH hello", "SSH-2.0-OpenSSH_9.2\r\n", 501),
	V("zeros", "\0\0\0\0", 400),
	V("an answer", "HTTP/1.1 200 OK\r\n\r\n", 501),
	V("unknown expectation", POST "Expect: 200-ok\r\nContent-Length: 1\r\n\r\na",
	    417),
	V("expect over the limit",
	    POST "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n", 413),

	V("long target", "GET /", 414, .fill = 'a', .count = 5000,
	    REST(" HTTP/1.1\r\n" HOST "\r\n")),
	V("endless target", "GET /", 414, .fill = 'a', .count = 100000),
	V("long name", GET, 431, .fill = 'a', .count = 5000, REST(": b\r\n\r\n")),
	V("long value", GET "X: ", 431, .fill = 'a', .count = 5000, REST("\r\n\r\n")),
	V("endless value", GET "X: ", 431, .fill = 'a', .count = 200000),
	V("long blanks", GET "X:", 431, .fill = ' ', .count = 5000, REST("a\r\n\r\n")),
	V("long enough", GET "X: ", 200, .fill = 'a', .count = 3900, REST("\r\n\r\n")),
};

static struct http_server *server;

static void
on_request(void *context, struct http_request *request)
{
	static const char *const names[] = { "OTHER", "GET", "HEAD", "POST", "PUT",
		"PATCH", "DELETE", "OPTIONS" };
	struct http_response response = { .status = 200 };
	text query = request->query.at == NULL ? TEXT("-") : request->query;

	(void)context;
	response.body = arena_print(request->arena, "%s %.*s %.*s %zu",
	    names[request->method], (int)request->path.length, request->path.at,
	    (int)query.length, query.at, request->body.length);
	http_respond(request, &response);
}

static const struct http_handler handler = { .request = on_request };

static int
start(void **state)
{
	struct http_options options = {
		.host = "127.0.0.1",
		.workers = 1,
		.handler = &handler,
		.limits = http_limits_default,
	};

	(void)state;
	options.limits.headers = 4096;
	options.limits.body = 65536;
	return http_server_start(&options, &server) == OK ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	http_server_stop(server, 1000);
	http_server_free(server);
	return 0;
}

static void
send_vector(struct client *client, const struct vector *v, bool drip)
{
	char *fill = malloc(v->count + 1);

	assert_non_null(fill);
	memset(fill, v->fill, v->count);
	for (size_t i = 0; drip && i < v->raw.length; i++)
		if (!client_send(client, (text){ v->raw.at + i, 1 }))
			break;
	/* A send may fail: the server may have refused it and gone already. */
	(void)((drip || client_send(client, v->raw)) &&
	       client_send(client, (text){ fill, v->count }) &&
	       client_send(client, v->rest));
	free(fill);
}

static bool
refused(int status)
{
	return status >= 400 && status <= 505;
}

/* Whether the vector fares as it should; otherwise says how it fared. */
static bool
fares_well(const struct vector *v, bool drip)
{
	struct client client;
	struct answer a;
	bool well;

	client_open(&client, http_server_port(server));
	send_vector(&client, v, drip);
	a = client_answer(&client, v->status == 0 ? 30 : 3000, false);
	well = v->status == -1 ? refused(a.status) : a.status == v->status;
	if (a.status == 100)
		a = client_answer(&client, 3000, false);
	if (a.status == 200 && v->status != 0) {
		well = well && a.close == v->closes;
		well = well && (v->body == NULL || strcmp(v->body, a.body) == 0);
	}
	if (refused(a.status) || v->closes) {
		well = well && a.close && client_ended(&client, 3000);
	} else if (v->status != 0) {
		client_say(&client, "PUT /next HTTP/1.1\r\nHost: a\r\n\r\n");
		a = client_answer(&client, 3000, false);
		well = well && a.status == 200 && strcmp(a.body, "PUT /next - 0") == 0;
	}
	if (!well)
		print_error("%s%s: status %d, wanted %d, close %d, \"%s\"\n", v->name,
		    drip ? " (dripping)" : "", a.status, v->status, a.close, a.body);
	client_close(&client);
	return well;
}

static void
test_vectors(void **state)
{
	unsigned failures = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++)
		failures += !fares_well(&vectors[i], false);
	assert_int_equal(failures, 0);
}

static void
test_dripping_vectors(void **state)
{
	unsigned failures = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++)
		failures += !fares_well(&vectors[i], true);
	assert_int_equal(failures, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_dripping_vectors),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
