/* SPDX-License-Identifier: Apache-2.0 */
#include "http/response.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 425, "Too Early" },
	{ 426, "Upgrade Required" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
	{ 507, "Insufficient Storage" },
};

/* More than the status line and all fields of our own together. */
enum { FIXED_MAX = 320 };

static const char *
reason_of(int status)
{
	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

static bool
bodyless(int status)
{
	return status < 200 || status == 204 || status == 304;
}

static char *
put(char *at, const char *source, size_t length)
{
	if (length > 0)
		memcpy(at, source, length);
	return at + length;
}

static char *
put_text(char *at, text source)
{
	return put(at, source.at, source.length);
}

static char *
put_number(char *at, size_t number)
{
	char digits[24];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return put(at, digits + first, sizeof(digits) - first);
}

static bool
one_line(text value)
{
	return value.length == 0 || (memchr(value.at, '\r', value.length) == NULL &&
					memchr(value.at, '\n', value.length) == NULL);
}

static size_t
room_for(const struct http_response *response)
{
	size_t room = FIXED_MAX;

	for (size_t i = 0; i < response->header_count; i++) {
		/* Whoever lets input into a header's value must have looked at it. */
		assert(one_line(response->headers[i].name));
		assert(one_line(response->headers[i].value));
		room += response->headers[i].name.length +
		        response->headers[i].value.length + 4;
	}
	return room;
}

text
response_head(struct http_request *request, const struct http_response *response,
    const struct response_frame *frame)
{
	char *head = arena_alloc_raw(request->arena, room_for(response));
	char *at = put_text(head, TEXT("HTTP/1.1 "));

	assert(response->status >= 200 && response->status <= 999);
	at = put_number(at, (size_t)response->status);
	*at++ = ' ';
	at = put_text(at, text_of(reason_of(response->status)));
	at = put_text(at, TEXT("\r\nDate: "));
	at = put(at, frame->date, RESPONSE_DATE_LENGTH);
	if (!bodyless(response->status)) {
		at = put_text(at, TEXT("\r\nContent-Length: "));
		at = put_number(at, response->body.length);
	}
	if (frame->close)
		at = put_text(at, TEXT("\r\nConnection: close"));
	else if (frame->say_keep_alive)
		at = put_text(at, TEXT("\r\nConnection: keep-alive"));
	at = put_text(at, TEXT("\r\nX-Request-Id: "));
	at = put(at, request->id, 32);
	at = put_text(at, TEXT("\r\nX-Content-Type-Options: nosniff\r\n"));
	for (size_t i = 0; i < response->header_count; i++) {
		at = put_text(at, response->headers[i].name);
		at = put_text(at, TEXT(": "));
		at = put_text(at, response->headers[i].value);
		at = put_text(at, TEXT("\r\n"));
	}
	at = put_text(at, TEXT("\r\n"));
	return (text){ head, (size_t)(at - head) };
}

text
response_body(const struct http_request *request, const struct http_response *response)
{
	if (request->method == HTTP_HEAD || bodyless(response->status))
		return (text){ NULL, 0 };
	return response->body;
}

void
response_date(int64_t seconds, char out[static RESPONSE_DATE_LENGTH + 1])
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t when = (time_t)seconds;
	char line[128];
	struct tm tm;

	gmtime_r(&when, &tm);
	snprintf(line, sizeof(line), "%s, %02d %s %04d %02d:%02d:%02d GMT",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
	memcpy(out, line, RESPONSE_DATE_LENGTH);
	out[RESPONSE_DATE_LENGTH] = '\0';
}
