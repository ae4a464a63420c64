/* SPDX-License-Identifier: Apache-2.0 */
#include "http/request.h"

#include <string.h>

static const struct {
	const char *name;
	enum http_method method;
} methods[] = {
	{ "GET", HTTP_GET },
	{ "POST", HTTP_POST },
	{ "PUT", HTTP_PUT },
	{ "HEAD", HTTP_HEAD },
	{ "PATCH", HTTP_PATCH },
	{ "DELETE", HTTP_DELETE },
	{ "OPTIONS", HTTP_OPTIONS },
};

static enum http_method
method_of(const char *name)
{
	for (size_t i = 0; i < COUNT(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	return HTTP_OTHER;
}

static struct parser_fault
fault(int status, const char *reason)
{
	return (struct parser_fault){ status, reason };
}

static bool
digits(text value)
{
	for (size_t i = 0; i < value.length; i++)
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
	return value.length > 0;
}

static bool
letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
host_valid(text value)
{
	for (size_t i = 0; i < value.length; i++)
		if (!letter_or_digit(value.at[i]) &&
		    (value.at[i] == '\0' ||
			strchr("-._~!$&'()*+;=:[]%", value.at[i]) == NULL))
			return false;
	return true;
}

/* How often each field that must not be doubled was seen. */
struct seen {
	unsigned host;
	unsigned length;
	unsigned encoding;
};

static struct parser_fault
check_host(text value, struct seen *seen)
{
	if (seen->host++ > 0 || !host_valid(value))
		return fault(400, "the Host header is doubled or no host");
	return fault(0, NULL);
}

static struct parser_fault
check_expect(text value, struct request_framing *out)
{
	if (!text_equal_nocase(value, TEXT("100-continue")))
		return fault(417, "only 100-continue may be expected");
	out->expects_continue = true;
	return fault(0, NULL);
}

static struct parser_fault
check_length(text value, struct seen *seen)
{
	if (seen->length++ > 0 || !digits(value))
		return fault(400, "the Content-Length header is doubled or no number");
	return fault(0, NULL);
}

static struct parser_fault
check_encoding(text value, struct seen *seen)
{
	if (seen->encoding++ > 0)
		return fault(400, "the Transfer-Encoding header is doubled");
	if (!text_equal_nocase(value, TEXT("chunked")))
		return fault(501, "the only transfer encoding is chunked");
	return fault(0, NULL);
}

static struct parser_fault
check_field(struct http_header field, unsigned minor, struct seen *seen,
    struct request_framing *out)
{
	if (text_equal_nocase(field.name, TEXT("Host")))
		return check_host(field.value, seen);
	if (minor > 0 && text_equal_nocase(field.name, TEXT("Expect")))
		return check_expect(field.value, out);
	if (text_equal_nocase(field.name, TEXT("Content-Length")))
		return check_length(field.value, seen);
	if (text_equal_nocase(field.name, TEXT("Transfer-Encoding")))
		return check_encoding(field.value, seen);
	return fault(0, NULL);
}

static struct parser_fault
check_fields(const struct parser_head *head, struct request_framing *out)
{
	struct seen seen = { 0 };

	for (size_t i = 0; i < head->field_count; i++) {
		struct parser_fault f =
		    check_field(head->fields[i], head->minor, &seen, out);

		if (f.status != 0)
			return f;
	}
	if (head->minor > 0 && seen.host == 0)
		return fault(400, "the Host header is missing");
	if (seen.encoding > 0 && (seen.length > 0 || head->minor == 0 || !head->chunked))
		return fault(400, "the length of the body is told in two ways");
	out->chunked = head->chunked;
	out->length = head->length;
	out->has_body = head->chunked || head->length > 0;
	out->keep_alive = head->keep_alive;
	out->minor = head->minor;
	return fault(0, NULL);
}

/* "http://host/path" is the same as "/path". */
static text
without_origin(text target)
{
	static const text schemes[] = { { "http://", 7 }, { "https://", 8 } };

	for (size_t i = 0; i < COUNT(schemes); i++) {
		text scheme = { target.at, schemes[i].length };

		if (target.length < scheme.length ||
		    !text_equal_nocase(scheme, schemes[i]))
			continue;
		target =
		    (text){ target.at + scheme.length, target.length - scheme.length };
		while (target.length > 0 && strchr("/?#", target.at[0]) == NULL) {
			target.at++;
			target.length--;
		}
		return target;
	}
	return target;
}

static struct parser_fault
read_target(struct http_request *request, text target)
{
	const char *mark;

	for (size_t i = 0; i < target.length; i++)
		if ((unsigned char)target.at[i] <= ' ' || target.at[i] == 0x7f)
			return fault(400, "the target holds a control character");
	if (text_equal(target, TEXT("*")) && request->method != HTTP_OPTIONS)
		return fault(400, "only OPTIONS may ask for *");
	target = without_origin(target);
	mark = target.length == 0 ? NULL : memchr(target.at, '?', target.length);
	request->path = target;
	request->query = (text){ NULL, 0 };
	if (mark != NULL) {
		request->path.length = (size_t)(mark - target.at);
		request->query =
		    (text){ mark + 1, target.length - request->path.length - 1 };
	}
	if (request->path.length == 0)
		request->path = TEXT("/");
	return fault(0, NULL);
}

struct parser_fault
request_read(struct http_request *request, const struct parser_head *head,
    struct request_framing *out)
{
	struct parser_fault f;

	*out = (struct request_framing){ 0 };
	request->method = method_of(head->method);
	request->headers = head->fields;
	request->header_count = head->field_count;
	f = read_target(request, head->target);
	if (f.status != 0)
		return f;
	return check_fields(head, out);
}

void
request_name(struct http_request *request, uint64_t random, uint64_t count)
{
	static const char hex[] = "0123456789abcdef";
	uint64_t mixed = (count ^ random) * UINT64_C(0x9e3779b97f4a7c15);

	mixed ^= mixed >> 32;
	for (size_t i = 0; i < 16; i++) {
		request->id[i] = hex[(random >> (60 - 4 * i)) & 15];
		request->id[16 + i] = hex[(mixed >> (60 - 4 * i)) & 15];
	}
	request->id[32] = '\0';
}

text
http_header(const struct http_request *request, const char *name)
{
	text wanted = text_of(name);

	for (size_t i = 0; i < request->header_count; i++)
		if (text_equal_nocase(request->headers[i].name, wanted))
			return request->headers[i].value;
	return (text){ NULL, 0 };
}
