/* SPDX-License-Identifier: Apache-2.0 */
#include "http/parser.h"
#include "http/request.h"

#include <stdlib.h>

/*
 * Reads a stream of requests twice: whole, and in pieces whose sizes the first byte of
 * the input decides.  Both must find the same requests, or the same fault.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD_LIMIT = 2048 };

struct reading {
	struct parser *parser;
	uint64_t digest; /* of everything that was found */
	bool over;
};

static void
digest(struct reading *reading, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < size; i++)
		reading->digest = (reading->digest ^ at[i]) * UINT64_C(0x100000001b3);
}

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_value(text value)
{
	for (size_t i = 0; i < value.length; i++)
		must((unsigned char)value.at[i] >= ' ' || value.at[i] == '\t');
}

static void
take_head(struct reading *reading)
{
	const struct parser_head *head = parser_head(reading->parser);
	struct http_request request = { 0 };
	struct request_framing framing;
	struct parser_fault fault = request_read(&request, head, &framing);
	text host = http_header(&request, "host");

	digest(reading, &fault.status, sizeof(fault.status));
	reading->over = fault.status != 0;
	for (size_t i = 0; i < head->field_count; i++) {
		check_value(head->fields[i].name);
		check_value(head->fields[i].value);
		digest(reading, head->fields[i].name.at, head->fields[i].name.length);
		digest(reading, head->fields[i].value.at, head->fields[i].value.length);
	}
	if (fault.status != 0)
		return;
	must(framing.minor == 0 || host.at != NULL);
	must(!framing.chunked || http_header(&request, "content-length").at == NULL);
	digest(reading, request.path.at, request.path.length);
	digest(reading, request.query.at, request.query.length);
}

static void
read_piece(struct reading *reading, const uint8_t *data, size_t size)
{
	/* Of its own, so that reading behind it is seen. */
	char *copy = malloc(size);
	text input = { copy, size };
	text piece = { NULL, 0 };
	enum parser_event event = PARSER_END;

	must(copy != NULL);
	memcpy(copy, data, size);
	while (!reading->over && event != PARSER_MORE) {
		event = parser_next(reading->parser, &input, &piece);
		if (event == PARSER_HEAD) {
			take_head(reading);
		} else if (event == PARSER_BODY) {
			must(piece.length > 0 && piece.at >= copy);
			must(piece.at + piece.length <= input.at);
			digest(reading, piece.at, piece.length);
		} else if (event == PARSER_END) {
			digest(reading, "\n", 1);
			parser_begin(reading->parser, HEAD_LIMIT);
			event = input.length == 0 ? PARSER_MORE : PARSER_END;
		} else if (event == PARSER_BAD) {
			int status = parser_fault(reading->parser).status;

			/* Which of two faults is seen first may depend on the pieces. */
			must(status >= 400 && status <= 505);
			digest(reading, "!", 1);
			reading->over = true;
		}
	}
	must(reading->over || input.length == 0);
	free(copy);
}

static uint64_t
read_all(const uint8_t *data, size_t size, uint32_t seed)
{
	struct reading reading = { .parser = parser_new() };

	parser_begin(reading.parser, HEAD_LIMIT);
	while (size > 0 && !reading.over) {
		size_t part = size;

		if (seed != 0) {
			seed = seed * 1664525 + 1013904223;
			part = 1 + (seed >> 16) % (1 + seed % 40);
		}
		if (part > size)
			part = size;
		read_piece(&reading, data, part);
		data += part;
		size -= part;
	}
	parser_free(reading.parser);
	return reading.digest;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	must(read_all(data + 1, size - 1, 0) ==
	     read_all(data + 1, size - 1, data[0] + 1U));
	return 0;
}
