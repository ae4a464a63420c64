/* SPDX-License-Identifier: Apache-2.0 */
#include "api/openapi.h"

#include "api/reply.h"
#include "api/routes.h"
#include "model/campaign_item.h"

enum { PATH_MAX_TEXT = 96 };

static void
member(struct json_writer *writer, const char *key, const char *value)
{
	json_key(writer, key);
	json_text(writer, text_of(value));
}

/* A route with its list named: what a path of the document is. */
struct operation {
	const struct route *route;
	const char *list; /* NULL: the route has none */
	char path[PATH_MAX_TEXT];
};

/* How the document calls the numbers in a path: the last one is "id". */
static void
name_path(struct operation *operation)
{
	const char *pattern = operation->route->pattern, *last = strstr(pattern, "{id}");
	char *out = operation->path;

	while (last != NULL && strstr(last + 1, "{id}") != NULL)
		last = strstr(last + 1, "{id}");
	while (*pattern != '\0') {
		const char *word = NULL;
		size_t length = 0;

		if (strncmp(pattern, "{list}", 6) == 0) {
			word = operation->list;
			length = 6;
		} else if (strncmp(pattern, "{id}", 4) == 0) {
			word =
			    pattern == last && last[4] == '\0' ? "{id}" : "{campaign_id}";
			length = 4;
		}
		if (word == NULL) {
			*out++ = *pattern++;
			continue;
		}
		out = stpcpy(out, word);
		pattern += length;
	}
	*out = '\0';
}

static void
parameter(struct json_writer *writer, const char *name, const char *in, const char *type,
    const char *doc)
{
	json_object_begin(writer);
	member(writer, "name", name);
	member(writer, "in", in);
	if (strcmp(in, "path") == 0) {
		json_key(writer, "required");
		json_bool(writer, true);
	}
	member(writer, "description", doc);
	json_key(writer, "schema");
	json_object_begin(writer);
	member(writer, "type", type);
	json_object_end(writer);
	json_object_end(writer);
}

static bool
is_array(const struct route *route)
{
	return route->answer != NULL && strchr(route->answer, '[') != NULL;
}

static void
write_parameters(const struct operation *operation, struct json_writer *writer)
{
	const struct route *route = operation->route;
	bool paged = is_array(route) && route->method == HTTP_GET;

	json_key(writer, "parameters");
	json_array_begin(writer);
	if (strstr(operation->path, "{campaign_id}") != NULL)
		parameter(writer, "campaign_id", "path", "integer", "Campaign number.");
	if (strstr(operation->path, "{id}") != NULL)
		parameter(writer, "id", "path", "integer", "Number.");
	if (paged) {
		parameter(writer, "limit", "query", "integer",
		    "Most entries of the answer: 1 to 1,000, 100 if it is not given.");
		parameter(writer, "cursor", "query", "string",
		    "Where to go on: from the Link header of the page before.");
	}
	if (operation->list != NULL && route->method == HTTP_POST)
		parameter(writer, "return", "query", "string",
		    "\"all\" answers with the whole list as it is afterwards.");
	json_array_end(writer);
}

static void
reference(
    struct json_writer *writer, struct arena *arena, const char *schema, size_t length)
{
	json_object_begin(writer);
	json_key(writer, "$ref");
	json_text(
	    writer, arena_print(arena, "#/components/schemas/%.*s", (int)length, schema));
	json_object_end(writer);
}

static void
write_schema(
    const char *schema, bool array, struct arena *arena, struct json_writer *writer)
{
	size_t length = strcspn(schema, "[");

	json_object_begin(writer);
	json_key(writer, "schema");
	if (array) {
		json_object_begin(writer);
		member(writer, "type", "array");
		json_key(writer, "items");
		reference(writer, arena, schema, length);
		json_object_end(writer);
	} else {
		reference(writer, arena, schema, length);
	}
	json_object_end(writer);
}

static void
write_content(
    const char *schema, bool array, struct arena *arena, struct json_writer *writer)
{
	json_key(writer, "content");
	json_object_begin(writer);
	json_key(writer, "application/json");
	write_schema(schema, array, arena, writer);
	if (strcmp(schema, "Error") == 0) {
		json_key(writer, "application/problem+json");
		write_schema(schema, array, arena, writer);
	}
	json_object_end(writer);
}

static void
write_input(
    const struct operation *operation, struct arena *arena, struct json_writer *writer)
{
	const struct route *route = operation->route;
	const char *schema = route->input;

	if (schema == NULL)
		return;
	if (operation->list != NULL)
		schema = arena_print(arena, "%s_input", operation->list).at;
	json_key(writer, "requestBody");
	json_object_begin(writer);
	json_key(writer, "required");
	json_bool(writer, route->access != SIGN_IN);
	write_content(schema, false, arena, writer);
	json_object_end(writer);
}

static void
write_header(
    struct json_writer *writer, const char *name, const char *type, const char *doc)
{
	json_key(writer, name);
	json_object_begin(writer);
	member(writer, "description", doc);
	json_key(writer, "schema");
	json_object_begin(writer);
	member(writer, "type", type);
	json_object_end(writer);
	json_object_end(writer);
}

static void
write_success(const struct operation *operation, int status, struct arena *arena,
    struct json_writer *writer)
{
	const struct route *route = operation->route;

	json_key(writer, arena_print(arena, "%d", status).at);
	json_object_begin(writer);
	member(writer, "description", route->doc);
	if (status == 201 || (is_array(route) && route->method == HTTP_GET)) {
		json_key(writer, "headers");
		json_object_begin(writer);
		if (status == 201) {
			write_header(
			    writer, "Location", "string", "Path of what was made.");
		} else {
			write_header(writer, "X-Total-Count", "integer",
			    "How many there are on all pages.");
			write_header(writer, "Link", "string",
			    "With rel=\"next\": the next page.");
		}
		json_object_end(writer);
	}
	if (route->answer != NULL)
		write_content(route->answer, is_array(route), arena, writer);
	json_object_end(writer);
}

/* Which errors an operation has, beside those that every one may have ("default"). */
static bool
may_fail(const struct operation *operation, int status)
{
	const struct route *route = operation->route;

	switch (status) {
	case 400:
	case 413:
	case 415: return route->body != NO_BODY;
	case 401: return route->access != OPEN;
	case 404: return strchr(operation->path, '{') != NULL;
	case 409:
		return route->input != NULL && strcmp(route->input, "AccountInput") == 0;
	case 422:
		return (route->body != NO_BODY && route->access == MEMBER) ||
		       (is_array(route) && route->method == HTTP_GET);
	case 429: return route->access != OPEN;
	default: return false;
	}
}

static void
write_responses(
    const struct operation *operation, struct arena *arena, struct json_writer *writer)
{
	static const struct {
		int status;
		const char *doc;
	} errors[] = {
		{ 400, "The body cannot be read, or lacks its root key." },
		{ 401, "The key and the e-mail are not those of one user." },
		{ 404, "There is none, or it is not yours." },
		{ 409,
		    "The campaign holds that domain already: errors.id is its number." },
		{ 413, "The body is too large." },
		{ 415, "The body is of another type than JSON." },
		{ 422, "Something in the request is wrong: errors says what." },
		{ 429, "Too many requests: Retry-After says when to go on." },
	};

	json_key(writer, "responses");
	json_object_begin(writer);
	write_success(operation, operation->route->status, arena, writer);
	if (strcmp(operation->route->operation, "createAccount") == 0)
		write_success(operation, 200, arena, writer);
	for (size_t i = 0; i < COUNT(errors); i++) {
		if (!may_fail(operation, errors[i].status))
			continue;
		json_key(writer, arena_print(arena, "%d", errors[i].status).at);
		json_object_begin(writer);
		member(writer, "description", errors[i].doc);
		write_content("Error", false, arena, writer);
		json_object_end(writer);
	}
	json_key(writer, "default");
	json_object_begin(writer);
	member(writer, "description", "Any other error.");
	write_content("Error", false, arena, writer);
	json_object_end(writer);
	json_object_end(writer);
}

static void
write_security(const struct route *route, struct json_writer *writer)
{
	json_key(writer, "security");
	json_array_begin(writer);
	if (route->access != MEMBER) {
		json_object_begin(writer);
		json_object_end(writer);
	}
	if (route->access != OPEN) {
		json_object_begin(writer);
		json_key(writer, "token");
		json_array_begin(writer);
		json_array_end(writer);
		json_key(writer, "email");
		json_array_begin(writer);
		json_array_end(writer);
		json_object_end(writer);
	}
	json_array_end(writer);
}

static void
write_operation(const struct operation *operation, const char *method, const char *suffix,
    struct arena *arena, struct json_writer *writer)
{
	const struct route *route = operation->route;

	json_key(writer, method);
	json_object_begin(writer);
	json_key(writer, "operationId");
	json_text(writer, arena_print(arena, "%s%s%s%s", route->operation,
			      operation->list != NULL ? "_" : "",
			      operation->list != NULL ? operation->list : "", suffix));
	member(writer, "summary", route->doc);
	write_security(route, writer);
	write_parameters(operation, writer);
	write_input(operation, arena, writer);
	write_responses(operation, arena, writer);
	json_object_end(writer);
}

static void
write_method(
    const struct operation *operation, struct arena *arena, struct json_writer *writer)
{
	static const char *const methods[] = {
		[HTTP_GET] = "get",
		[HTTP_POST] = "post",
		[HTTP_PUT] = "put",
		[HTTP_DELETE] = "delete",
	};
	enum http_method method = operation->route->method;

	write_operation(operation, methods[method], "", arena, writer);
	if (method == HTTP_PUT)
		write_operation(operation, "patch", "ByPatch", arena, writer);
}

/* The operations of a path stand beside each other in the table, so one walk does. */
static void
write_routes(const char *list, struct arena *arena, struct json_writer *writer)
{
	struct operation operation = { .list = list };
	const char *open = NULL;

	for (size_t i = 0; i < routes_count; i++) {
		const struct route *route = &routes[i];

		if ((strstr(route->pattern, "{list}") != NULL) != (list != NULL))
			continue;
		if (open == NULL || strcmp(open, route->pattern) != 0) {
			if (open != NULL)
				json_object_end(writer);
			open = route->pattern;
			operation.route = route;
			name_path(&operation);
			json_key(writer, operation.path);
			json_object_begin(writer);
		}
		operation.route = route;
		write_method(&operation, arena, writer);
	}
	json_object_end(writer);
}

static void
write_scheme(
    struct json_writer *writer, const char *name, const char *header, const char *doc)
{
	json_key(writer, name);
	json_object_begin(writer);
	member(writer, "type", "apiKey");
	member(writer, "in", "header");
	member(writer, "name", header);
	member(writer, "description", doc);
	json_object_end(writer);
}

static void
write_components(struct arena *arena, struct json_writer *writer)
{
	json_key(writer, "components");
	json_object_begin(writer);
	json_key(writer, "securitySchemes");
	json_object_begin(writer);
	write_scheme(writer, "token", "X-User-Token", "Your API key.");
	write_scheme(writer, "email", "X-User-Email", "Your e-mail.");
	json_object_end(writer);
	json_key(writer, "schemas");
	json_object_begin(writer);
	openapi_schemas(arena, writer);
	json_object_end(writer);
	json_object_end(writer);
}

text
openapi_document(struct arena *arena)
{
	struct json_writer *writer = json_writer_new(arena);

	json_object_begin(writer);
	member(writer, "openapi", "3.1.0");
	json_key(writer, "info");
	json_object_begin(writer);
	member(writer, "title", "listenloop");
	member(writer, "version", VERSION);
	member(writer, "description",
	    "Account-based advertising.  The ListenLoop API, and what its users need "
	    "beside it.");
	json_object_end(writer);
	json_key(writer, "paths");
	json_object_begin(writer);
	write_routes(NULL, arena, writer);
	for (size_t i = 0; i < LISTS; i++)
		write_routes(campaign_list_names[i], arena, writer);
	json_object_end(writer);
	write_components(arena, writer);
	json_object_end(writer);
	return json_writer_finish(writer);
}

enum result
openapi_show(struct call *call)
{
	reply_json(call, 200, call->service->openapi);
	return OK;
}
