/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_EXECUTOR_H
#define API_EXECUTOR_H

#include "db/db.h"
#include "http/http.h"

/*
 * Carries out writes.  One thread takes everything that waits into one transaction, each
 * write a savepoint of its own, and tells their workers only after COMMIT returned
 * success: a durable answer for a share of an fsync (group commit).
 */
struct executor;

/* A write.  It belongs to the executor from executor_submit until done was called. */
struct write {
	/* On the executor's thread, in a savepoint: undone unless it returns OK. */
	enum result (*run)(struct write *write, struct db *db);
	/* On the worker.  OK: run's effects are on disk.  Else there are none. */
	void (*done)(struct write *write, enum result r);
	struct http_worker *worker;

	struct http_task task; /* private, as what follows */
	enum result result;
	struct write *next;
};

/* Takes a connection, of the write kind, which it closes in the end. */
struct executor *executor_new(struct db *db);

/* Finishes what was submitted, and ends the thread. */
void executor_free(struct executor *executor);

/* From any thread. */
void executor_submit(struct executor *executor, struct write *write);

/*
 * Moves with every commit, before its writes are told done.  A snapshot that was begun at
 * the present value sees all that was ever told.
 */
uint64_t executor_commits(const struct executor *executor);

#endif
