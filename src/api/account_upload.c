/* SPDX-License-Identifier: Apache-2.0 */
#include "api/account_upload.h"

#include "api/entry_errors.h"
#include "api/reply.h"
#include "api/worker.h"
#include "model/account_batch.h"
#include "model/campaign.h"
#include "json/json_stream.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	ENTRY_MAX = 64 * 1024, /* bytes of one entry's JSON */
	BATCH_ENTRIES = 65536, /* entries that are gathered before they are stored, */
	BATCH_BYTES = 8 * 1024 * 1024, /* or bytes of them */
	PIECE_ENTRIES = 5000,          /* entries of a long list in one transaction */
	SCRATCH_ENTRIES = 256, /* entries read before the scratch memory is reused */
};

/*
 * Lives on its own, not with the request: the client may go away while a piece is being
 * stored.  Then call is NULL.
 */
struct account_upload {
	struct call *call;
	const struct service *service;
	struct scope scope; /* its arena is `work` */
	int64_t campaign_id;
	struct json_stream *stream;
	struct account_batch *batch;
	struct arena scratch; /* of the entries being read */
	struct arena work;    /* of the piece being stored */
	struct entry_errors errors;
	int64_t received;
	struct account_batch_counts counts; /* of what is stored */
	struct account_batch_counts piece;  /* of the piece being stored */
	size_t stored;                      /* of the sorted batch */
	char *rest;                         /* what came behind a full batch */
	size_t rest_length;
	bool ended; /* the body is whole */
	bool storing;
	struct write write;
};

static void
upload_free(struct account_upload *upload)
{
	json_stream_free(upload->stream);
	account_batch_free(upload->batch);
	arena_clear(&upload->scratch);
	arena_clear(&upload->work);
	entry_errors_clear(&upload->errors);
	free(upload->rest);
	free(upload);
}

bool
account_upload_begin(struct call *call)
{
	struct campaign_versions versions;
	struct account_upload *upload;
	enum result r;

	call->scope.db = call->worker->db;
	r = campaign_versions(&call->scope, call->ids[0], &versions);
	if (r != OK) {
		reply_result(call, r);
		return false;
	}
	upload = calloc(1, sizeof *upload);
	if (upload == NULL)
		abort();
	upload->call = call;
	upload->service = call->service;
	arena_init(&upload->scratch);
	arena_init(&upload->work);
	entry_errors_init(&upload->errors);
	upload->scope = call->scope;
	upload->scope.arena = &upload->work;
	upload->campaign_id = call->ids[0];
	upload->stream = json_stream_new("account_list", ENTRY_MAX);
	upload->batch = account_batch_new();
	call->upload = upload;
	return true;
}

/* Answers, and ends the upload. */
static void
finish(struct account_upload *upload)
{
	struct call *call = upload->call;

	upload_free(upload);
	call->upload = NULL;
	reply_send(call);
}

/* What can be said of a list that failed on the way. */
static text
so_far(const struct account_upload *upload)
{
	int64_t stored =
	    upload->counts.added + upload->counts.updated + upload->counts.unchanged;

	if (stored == 0)
		return TEXT("Nothing was stored.");
	return arena_print(upload->call->request->arena,
	    "%" PRId64 " of its entries are stored; sending it again is harmless.",
	    stored);
}

static void
fail_unreadable(struct account_upload *upload)
{
	const struct json_error *error = json_stream_error(upload->stream);
	struct call *call = upload->call;

	reply_error(call, 400,
	    arena_print(call->request->arena,
		"The body is not valid JSON: %s at line %zu, column %zu.  %s",
		error->message, error->line, error->column, so_far(upload).at));
	finish(upload);
}

/* Remembers a key of an entry that was not taken, once. */
static void
note_ignored(struct account_upload *upload, const struct ignored_keys *ignored)
{
	struct ignored_keys *all = &upload->call->ignored;

	for (size_t i = 0; i < ignored->count; i++) {
		size_t known = 0;

		while (
		    known < all->count && !text_equal(all->keys[known], ignored->keys[i]))
			known++;
		if (known == all->count && known < COUNT(all->keys))
			all->keys[all->count++] =
			    arena_copy(upload->call->request->arena, ignored->keys[i]);
	}
}

static bool
is_blank(text t)
{
	for (size_t i = 0; i < t.length; i++)
		if (t.at[i] != ' ' && t.at[i] != '\t')
			return false;
	return true;
}

/* "is not a domain", or with another attribute "companyName must be a string". */
static text
entry_message(const struct problems *problems)
{
	text all = TEXT("");

	for (const struct problem *p = problems->first; p != NULL; p = p->next) {
		bool domain = strcmp(p->attribute, "domainName") == 0;

		all = arena_print(problems->arena, "%s%s%s%s%.*s", all.at,
		    all.length > 0 ? "; " : "", domain ? "" : p->attribute,
		    domain ? "" : " ", (int)p->message.length, p->message.at);
	}
	return all;
}

static text
sent_domain(const struct json *value)
{
	const struct json *domain = json_member(value, "domainName");

	if (domain == NULL || json_kind(domain) != JSON_STRING)
		return (text){ NULL, 0 };
	return json_string(domain);
}

static void
read_domain(struct account_upload *upload, struct account_entry *entry,
    char domain[static DOMAIN_MAX], struct problems *problems)
{
	const char *reason;
	size_t length;

	if (entry->domain_name.at == NULL) {
		problems_add(problems, "domainName", "has no domainName");
		return;
	}
	if (domain_parse(upload->scope.model->suffixes, entry->domain_name, domain,
		&length, &reason) != OK)
		problems_add(problems, "domainName", "%s", reason);
	else
		entry->domain_name = (text){ domain, length };
}

static void
take_entry(struct account_upload *upload, const struct json *value)
{
	struct account_entry entry = { .row = { 0 } };
	struct ignored_keys ignored = { 0 };
	int64_t index = upload->received++;
	struct problems problems;
	char domain[DOMAIN_MAX];

	if (json_kind(value) != JSON_OBJECT) {
		entry_errors_add(
		    &upload->errors, index, (text){ NULL, 0 }, TEXT("must be an object"));
		return;
	}
	problems_init(&problems, &upload->scratch);
	resource_read(&account_entry_resource, value, &entry.row, &problems, &ignored);
	if (ignored.count > 0)
		note_ignored(upload, &ignored);
	if (problems.count == 0)
		read_domain(upload, &entry, domain, &problems);
	if (problems.count > 0) {
		entry_errors_add(
		    &upload->errors, index, sent_domain(value), entry_message(&problems));
		return;
	}
	if (is_blank(entry.company_name))
		entry.company_name = (text){ NULL, 0 };
	account_batch_add(upload->batch, &entry);
}

static bool
is_full(const struct account_upload *upload)
{
	size_t count = account_batch_count(upload->batch);

	return count > UPLOAD_WHOLE &&
	       (count >= BATCH_ENTRIES ||
		   account_batch_size(upload->batch) >= BATCH_BYTES);
}

static void store_next(struct account_upload *upload);

static void
store_batch(struct account_upload *upload)
{
	account_batch_sort(upload->batch);
	upload->stored = 0;
	store_next(upload);
}

enum reading {
	READ_ALL,    /* the bytes are spent */
	READ_FULL,   /* the batch is full, and being stored */
	READ_FAILED, /* the call has its answer, and the upload is gone */
};

static enum reading
read_entries(struct account_upload *upload, text *bytes)
{
	const struct json *value;

	while (bytes->length > 0) {
		if (upload->received % SCRATCH_ENTRIES == 0)
			arena_reset(&upload->scratch);
		switch (
		    json_stream_take(upload->stream, &upload->scratch, bytes, &value)) {
		case JSON_STREAM_MORE:
		case JSON_STREAM_END: break;
		case JSON_STREAM_ELEMENT: take_entry(upload, value); break;
		case JSON_STREAM_ERROR: fail_unreadable(upload); return READ_FAILED;
		}
		if (is_full(upload)) {
			store_batch(upload);
			return READ_FULL;
		}
	}
	return READ_ALL;
}

/* Keeps what came behind a full batch until that is stored. */
static void
keep_rest(struct account_upload *upload, text bytes)
{
	upload->rest = malloc(bytes.length + 1);
	if (upload->rest == NULL)
		abort();
	if (bytes.length > 0)
		memcpy(upload->rest, bytes.at, bytes.length);
	upload->rest_length = bytes.length;
}

void
account_upload_take(struct call *call, text piece)
{
	struct account_upload *upload = call->upload;

	if (read_entries(upload, &piece) == READ_FULL) {
		keep_rest(upload, piece);
		http_pause(call->request);
	}
}

/* A batch is stored: goes on with what came behind it. */
static void
go_on(struct account_upload *upload)
{
	struct http_request *request = upload->call->request;
	char *rest = upload->rest;
	text bytes = { rest, upload->rest_length };

	account_batch_reset(upload->batch);
	upload->rest = NULL;
	switch (read_entries(upload, &bytes)) {
	case READ_ALL: http_resume(request); break;
	case READ_FULL: keep_rest(upload, bytes); break;
	case READ_FAILED: break;
	}
	free(rest);
}

static void
print_data(const struct account_upload *upload, struct json_writer *writer)
{
	const struct {
		const char *key;
		int64_t value;
	} members[] = {
		{ "received", upload->received },
		{ "added", upload->counts.added },
		{ "updated", upload->counts.updated },
		{ "unchanged", upload->counts.unchanged },
		{ "rejected", upload->errors.count },
	};

	json_key(writer, "data");
	json_object_begin(writer);
	for (size_t i = 0; i < COUNT(members); i++) {
		json_key(writer, members[i].key);
		json_int(writer, members[i].value);
	}
	json_object_end(writer);
}

static void
answer(struct account_upload *upload)
{
	struct arena *arena = upload->call->request->arena;
	struct json_writer *writer = json_writer_new(arena);

	json_object_begin(writer);
	json_key(writer, "status");
	json_bool(writer, true);
	json_key(writer, "exception");
	json_null(writer);
	json_key(writer, "message");
	json_text(
	    writer, arena_print(arena, "%" PRId64 " account%s added",
			upload->counts.added, upload->counts.added == 1 ? "" : "s"));
	print_data(upload, writer);
	entry_errors_print(&upload->errors, writer);
	json_object_end(writer);
	reply_json(upload->call, 200, json_writer_finish(writer));
	finish(upload);
}

static struct account_upload *
upload_of(struct write *write)
{
	return (struct account_upload *)(void *)((char *)write -
						 offsetof(struct account_upload, write));
}

/* Where the piece ends that begins at what is stored. */
static size_t
piece_end(const struct account_upload *upload)
{
	size_t count = account_batch_count(upload->batch);
	bool whole = upload->received - upload->errors.count <= UPLOAD_WHOLE;

	if (whole || count - upload->stored < PIECE_ENTRIES)
		return count;
	return upload->stored + PIECE_ENTRIES;
}

static enum result
store_piece(struct write *write, struct db *db)
{
	struct account_upload *upload = upload_of(write);
	enum result r;

	upload->scope.db = db;
	upload->scope.now = instant_now();
	upload->piece = (struct account_batch_counts){ 0 };
	r = campaign_touch(&upload->scope, upload->campaign_id);
	if (r == OK)
		r = account_batch_store(&upload->scope, upload->campaign_id,
		    upload->batch, upload->stored, piece_end(upload), &upload->piece);
	arena_reset(&upload->work);
	return r;
}

static void
piece_stored(struct write *write, enum result r)
{
	struct account_upload *upload = upload_of(write);

	upload->storing = false;
	if (upload->call == NULL) {
		upload_free(upload);
		return;
	}
	if (r != OK) {
		upload->call->note = so_far(upload);
		reply_result(upload->call, r);
		finish(upload);
		return;
	}
	upload->stored = piece_end(upload);
	upload->counts.added += upload->piece.added;
	upload->counts.updated += upload->piece.updated;
	upload->counts.unchanged += upload->piece.unchanged;
	if (upload->stored < account_batch_count(upload->batch))
		store_next(upload);
	else if (upload->ended)
		answer(upload);
	else
		go_on(upload);
}

static void
store_next(struct account_upload *upload)
{
	upload->storing = true;
	upload->write = (struct write){
		.run = store_piece,
		.done = piece_stored,
		.worker = upload->call->request->worker,
	};
	executor_submit(upload->service->executor, &upload->write);
}

void
account_upload_end(struct call *call)
{
	struct account_upload *upload = call->upload;

	upload->ended = true;
	if (json_stream_finish(upload->stream) != OK) {
		fail_unreadable(upload);
	} else if (!json_stream_found(upload->stream)) {
		reply_error(call, 400,
		    TEXT("The body must be a JSON object with an array \"account_list\" "
			 "in it."));
		finish(upload);
	} else if (!json_stream_is_array(upload->stream)) {
		problems_add(&call->problems, "account_list", "must be an array");
		reply_result(call, INVALID);
		finish(upload);
	} else if (account_batch_count(upload->batch) > 0) {
		store_batch(upload);
	} else {
		answer(upload);
	}
}

void
account_upload_abandon(struct call *call)
{
	struct account_upload *upload = call->upload;

	call->upload = NULL;
	upload->call = NULL;
	if (!upload->storing)
		upload_free(upload);
}
