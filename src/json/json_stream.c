/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json_stream.h"

#include "json/json_position.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

enum { REST_MAX = 64 * 1024 };

/* What may come next.  FAILED is 0, so that it is what a rule leaves out. */
enum state {
	FAILED,
	START,
	FIRST_KEY,
	NEXT_KEY,
	COLON,
	KEY_VALUE,   /* the value of KEY */
	OTHER_VALUE, /* that of another member */
	FIRST_ELEMENT,
	NEXT_ELEMENT,
	AFTER_ELEMENT,
	AFTER_VALUE,
	ENDED,
	IN_KEY, /* from here on: inside a value whose bytes are gathered */
	IN_ELEMENT,
	IN_OTHER,
};

/* What a byte between values leads to, and what any other byte does: begin a value. */
struct rule {
	struct {
		char byte;
		enum state to;
	} moves[2];
	enum state value;
};

static const struct rule rules[] = {
	[START] = { .moves = { { '{', FIRST_KEY } } },
	[FIRST_KEY] = { .moves = { { '"', IN_KEY }, { '}', ENDED } } },
	[NEXT_KEY] = { .moves = { { '"', IN_KEY } } },
	[COLON] = { .moves = { { ':', KEY_VALUE } } },
	[KEY_VALUE] = { .moves = { { '[', FIRST_ELEMENT } }, .value = IN_OTHER },
	[OTHER_VALUE] = { .value = IN_OTHER },
	[FIRST_ELEMENT] = { .moves = { { ']', AFTER_VALUE } }, .value = IN_ELEMENT },
	[NEXT_ELEMENT] = { .value = IN_ELEMENT },
	[AFTER_ELEMENT] = { .moves = { { ',', NEXT_ELEMENT }, { ']', AFTER_VALUE } } },
	[AFTER_VALUE] = { .moves = { { ',', NEXT_KEY }, { '}', ENDED } } },
	[ENDED] = { .value = FAILED },
};

/* Where the search for the end of a value is. */
enum mode {
	IN_SCALAR,
	IN_NEST, /* between brackets, or before the first byte of a nested value or string
	          */
	IN_STRING,
	IN_ESCAPE,
};

struct bytes {
	char *at;
	size_t length;
	size_t size;
};

struct json_stream {
	struct arena memory;  /* as old as the stream */
	struct arena scratch; /* for what is parsed only to be checked */
	text key;
	size_t element_max;
	size_t rest_left; /* how many bytes may still come that are not elements */

	enum state state;
	enum mode mode;
	unsigned depth; /* of the value being gathered */
	unsigned depth_max;
	struct bytes carry; /* the value's bytes from earlier pieces */

	/* All keys as a document, one a line, and where each stood. */
	struct bytes keys;
	struct bytes places;
	bool is_key;
	bool found;
	bool is_array;

	const char *counted; /* `here` is the position of this byte of the piece */
	struct json_position here;
	struct json_position begun; /* where the value begins */
	struct json_error error;
};

enum {
	BLANK = 1,
	ENDS_SCALAR = 2,
	ENDS_STRING = 4,
	ENDS_NEST = 8,
};

static const uint8_t classes[UINT8_MAX + 1] = {
	[' '] = BLANK | ENDS_SCALAR,
	['\t'] = BLANK | ENDS_SCALAR,
	['\n'] = BLANK | ENDS_SCALAR,
	['\r'] = BLANK | ENDS_SCALAR,
	[','] = ENDS_SCALAR,
	['"'] = ENDS_STRING | ENDS_NEST,
	['\\'] = ENDS_STRING,
	['['] = ENDS_NEST,
	['{'] = ENDS_NEST,
	[']'] = ENDS_NEST | ENDS_SCALAR,
	['}'] = ENDS_NEST | ENDS_SCALAR,
};

struct json_stream *
json_stream_new(const char *key, size_t element_max)
{
	struct json_stream *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	arena_init(&s->memory);
	arena_init(&s->scratch);
	s->key = arena_copy(&s->memory, text_of(key));
	s->element_max = element_max;
	s->rest_left = REST_MAX;
	s->state = START;
	s->here = (struct json_position){ 1, 1 };
	return s;
}

void
json_stream_free(struct json_stream *s)
{
	if (s == NULL)
		return;
	arena_clear(&s->memory);
	arena_clear(&s->scratch);
	free(s);
}

static text
gathered(const struct bytes *bytes)
{
	return (text){ bytes->at, bytes->length };
}

static void
append(struct json_stream *s, struct bytes *bytes, text more)
{
	size_t size = bytes->size == 0 ? 256 : bytes->size;
	char *larger;

	while (size - bytes->length < more.length)
		size *= 2;
	if (size > bytes->size) {
		larger = arena_alloc_raw(&s->memory, size);
		if (bytes->length > 0)
			memcpy(larger, bytes->at, bytes->length);
		bytes->at = larger;
		bytes->size = size;
	}
	memcpy(bytes->at + bytes->length, more.at, more.length);
	bytes->length += more.length;
}

static enum json_stream_event
fail(struct json_stream *s, struct json_position where, const char *message)
{
	s->state = FAILED;
	s->error = (struct json_error){
		.line = where.line,
		.column = where.column,
		.message = arena_copy(&s->memory, text_of(message)).at,
	};
	return JSON_STREAM_ERROR;
}

/* Brings `here` up to this byte of the piece. */
static void
count_to(struct json_stream *s, const char *at)
{
	json_position_pass(&s->here, (text){ s->counted, (size_t)(at - s->counted) });
	s->counted = at;
}

/* Where in the document an error in the value lies. */
static struct json_position
place(const struct json_stream *s, const struct json_error *error)
{
	if (error->line > 1)
		return (struct json_position){ s->begun.line + error->line - 1,
			error->column };
	return (
	    struct json_position){ s->begun.line, s->begun.column + error->column - 1 };
}

/* Parses the value, or fails. */
static enum result
parse(struct json_stream *s, struct arena *arena, text value, const struct json **out)
{
	struct json_error error;
	enum result r = json_parse(arena, value, out, &error);

	if (r != OK)
		fail(s, place(s, &error), error.message);
	return r;
}

static void
begin_value(struct json_stream *s, const char *at)
{
	bool scalar = *at != '"' && *at != '[' && *at != '{';

	count_to(s, at);
	s->begun = s->here;
	s->carry.length = 0;
	s->mode = scalar ? IN_SCALAR : IN_NEST;
	s->depth = 0;
	s->depth_max = JSON_DEPTH - (s->state == IN_ELEMENT ? 2 : 1);
}

/* All keys are there: INVALID if one repeats an earlier one. */
static enum result
end_keys(struct json_stream *s)
{
	const struct json *ignored;
	struct json_error error;
	struct json_position where;

	if (s->keys.length == 0)
		return OK;
	append(s, &s->keys, TEXT("}"));
	if (json_parse(&s->scratch, gathered(&s->keys), &ignored, &error) == OK)
		return OK;
	memcpy(&where, s->places.at + (error.line - 1) * sizeof(where), sizeof(where));
	fail(s, where, error.message);
	return INVALID;
}

static void
end_key(struct json_stream *s, text source, const struct json *key)
{
	s->is_key = text_equal(json_string(key), s->key);
	if (s->is_key && s->found) {
		fail(s, s->begun,
		    arena_print(&s->memory, "duplicate key \"%s\"", s->key.at).at);
		return;
	}
	s->found |= s->is_key;
	append(s, &s->keys, s->keys.length == 0 ? TEXT("{") : TEXT(",\n"));
	append(s, &s->keys, source);
	append(s, &s->keys, TEXT(":0"));
	append(s, &s->places, (text){ (const char *)&s->begun, sizeof(s->begun) });
	s->state = COLON;
}

/* The value is whole. */
static enum json_stream_event
end_value(struct json_stream *s, struct arena *arena, text value, const struct json **out)
{
	const struct json *checked;
	bool is_key = s->state == IN_KEY;

	if (s->state == IN_ELEMENT) {
		s->state = AFTER_ELEMENT;
		return parse(s, arena, value, out) == OK ? JSON_STREAM_ELEMENT
		                                         : JSON_STREAM_ERROR;
	}
	s->rest_left -= value.length;
	s->state = AFTER_VALUE;
	if (parse(s, &s->scratch, value, &checked) == OK && is_key)
		end_key(s, value, checked);
	arena_reset(&s->scratch);
	return s->state == FAILED ? JSON_STREAM_ERROR : JSON_STREAM_MORE;
}

/*
 * A quote that is missing turns strings inside out, and then what follows looks like one
 * long value.  So an error that is clear of the cut is what to report, if there is one.
 */
static enum json_stream_event
too_long(struct json_stream *s, text more, size_t max)
{
	enum { TOKEN_MAX = 12 }; /* "\ud83d\ude00" cut short */
	struct json_position cut = s->begun;
	struct json_position where;
	const struct json *ignored;
	struct json_error error;
	text message;

	append(s, &s->carry, (text){ more.at, max - s->carry.length });
	json_position_pass(&cut, gathered(&s->carry));
	if (json_parse(&s->scratch, gathered(&s->carry), &ignored, &error) != OK) {
		where = place(s, &error);
		if (where.line < cut.line || where.column + TOKEN_MAX < cut.column)
			return fail(s, where, error.message);
	}
	if (s->state == IN_ELEMENT)
		message =
		    arena_print(&s->memory, "an element is longer than %zu bytes", max);
	else
		message = arena_print(
		    &s->memory, "more than %d bytes beside \"%s\"", REST_MAX, s->key.at);
	return fail(s, s->begun, message.at);
}

static const char *
skip_to(const char *at, const char *end, unsigned stops)
{
	while (at < end && (classes[(unsigned char)*at] & stops) == 0)
		at++;
	return at;
}

/* Takes a byte that matters in a nested value or string; true if it is the last one. */
static bool
turn(struct json_stream *s, char c)
{
	if (s->mode == IN_STRING) {
		s->mode = c == '"' ? IN_NEST : IN_ESCAPE;
		return c == '"' && s->depth == 0;
	}
	if (c == '"')
		s->mode = IN_STRING;
	else if (c == '[' || c == '{')
		s->depth++;
	else
		return --s->depth == 0;
	return false;
}

/* Behind the value's last byte, or at the end of the piece, or at a bracket too deep. */
static const char *
scan(struct json_stream *s, const char *at, const char *end, bool *out_whole)
{
	static const uint8_t stops[] = {
		[IN_SCALAR] = ENDS_SCALAR,
		[IN_NEST] = ENDS_NEST,
		[IN_STRING] = ENDS_STRING,
	};

	*out_whole = false;
	while (at < end && !*out_whole) {
		if (s->mode == IN_ESCAPE) {
			s->mode = IN_STRING;
			at++;
			continue;
		}
		at = skip_to(at, end, stops[s->mode]);
		if (at == end)
			break;
		if (s->mode == IN_SCALAR) {
			*out_whole = true;
			break;
		}
		*out_whole = turn(s, *at);
		if (s->depth > s->depth_max)
			break;
		at++;
	}
	return at;
}

static enum json_stream_event
take_value(
    struct json_stream *s, struct arena *arena, text *left, const struct json **out)
{
	size_t max = s->state == IN_ELEMENT ? s->element_max : s->rest_left;
	text value = { left->at, 0 };
	bool whole;
	const char *at = scan(s, left->at, left->at + left->length, &whole);

	value.length = (size_t)(at - left->at);
	left->at = at;
	left->length -= value.length;
	if (s->depth > s->depth_max) {
		count_to(s, at);
		return fail(s, s->here, "nested deeper than 32");
	}
	if (value.length > max - s->carry.length)
		return too_long(s, value, max);
	if (!whole || s->carry.length > 0) {
		append(s, &s->carry, value);
		value = gathered(&s->carry);
	}
	return whole ? end_value(s, arena, value, out) : JSON_STREAM_MORE;
}

static const char *
refusal(const struct json_stream *s, char c)
{
	if (s->state != START)
		return "unexpected character";
	if (c == '\xEF' && s->here.line == 1 && s->here.column == 1)
		return "begins with a byte-order mark";
	return "must be an object";
}

/* Where a byte between values leads; FAILED if it may not stand here. */
static enum state
next_state(const struct json_stream *s, char c)
{
	const struct rule *rule = &rules[s->state];
	uint8_t class = classes[(unsigned char)c];

	if ((class & BLANK) != 0)
		return s->state;
	for (size_t i = 0; i < COUNT(rule->moves); i++)
		if (rule->moves[i].byte == c)
			return rule->moves[i].to;
	return (class & ENDS_SCALAR) == 0 ? rule->value : FAILED;
}

/* Takes a byte between values, unless a value begins with it. */
static enum json_stream_event
take_byte(struct json_stream *s, text *left)
{
	enum state to = next_state(s, *left->at);

	if (to == FAILED) {
		count_to(s, left->at);
		return fail(s, s->here, refusal(s, *left->at));
	}
	if (to == KEY_VALUE && !s->is_key)
		to = OTHER_VALUE;
	if (to == FIRST_ELEMENT)
		s->is_array = true;
	if (to == ENDED && s->state != ENDED && end_keys(s) != OK)
		return JSON_STREAM_ERROR;
	s->state = to;
	if (to >= IN_KEY) {
		begin_value(s, left->at);
		return JSON_STREAM_MORE;
	}
	left->at++;
	left->length--;
	return JSON_STREAM_MORE;
}

enum json_stream_event
json_stream_take(
    struct json_stream *s, struct arena *arena, text *source, const struct json **out)
{
	enum json_stream_event event = JSON_STREAM_MORE;

	s->counted = source->at;
	if (s->state == FAILED)
		return JSON_STREAM_ERROR;
	while (source->length > 0 && event == JSON_STREAM_MORE)
		event = s->state >= IN_KEY ? take_value(s, arena, source, out)
		                           : take_byte(s, source);
	count_to(s, source->at);
	if (event == JSON_STREAM_MORE && s->state == ENDED)
		return JSON_STREAM_END;
	return event;
}

enum result
json_stream_finish(struct json_stream *s)
{
	const struct json *ignored;

	if (s->state == ENDED)
		return OK;
	if (s->state == START)
		fail(s, (struct json_position){ 1, 1 }, "is empty");
	/* What is wrong in half a value may be more than that it is not whole. */
	if (s->state >= IN_KEY &&
	    parse(s, &s->scratch, gathered(&s->carry), &ignored) != OK)
		return INVALID;
	if (s->state != FAILED)
		fail(s, s->here, "unexpected end");
	return INVALID;
}

const struct json_error *
json_stream_error(const struct json_stream *s)
{
	assert(s->state == FAILED);
	return &s->error;
}

bool
json_stream_found(const struct json_stream *s)
{
	return s->found;
}

bool
json_stream_is_array(const struct json_stream *s)
{
	return s->is_array;
}
