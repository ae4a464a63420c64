/* SPDX-License-Identifier: Apache-2.0 */
#include "api/executor.h"

#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* How long after the last write the log is tidied. */
enum { LEISURE_MS = 50 };

struct executor {
	struct db *db;
	pthread_t thread;
	pthread_mutex_t lock; /* of the three that follow */
	pthread_cond_t waiting;
	struct write *first, **last;
	bool stopping;
	bool tidy; /* of the thread's own: nothing was written since a checkpoint at
	              leisure */
	_Atomic uint64_t commits;
};

static void
checkpoint(struct executor *executor, bool leisure)
{
	if (db_checkpoint(executor->db, leisure) != OK)
		log_warning("the write-ahead log could not be moved into the database; "
			    "trying again after the next write");
}

/* Some writes came and went, and then none for a while: tidies up. */
static void
rest(struct executor *executor)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LEISURE_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	if (pthread_cond_timedwait(&executor->waiting, &executor->lock, &until) == 0)
		return;
	pthread_mutex_unlock(&executor->lock);
	checkpoint(executor, true);
	executor->tidy = true;
	pthread_mutex_lock(&executor->lock);
}

/* Everything that waits, or NULL when there is nothing and will be nothing. */
static struct write *
take_all(struct executor *executor)
{
	struct write *batch;

	pthread_mutex_lock(&executor->lock);
	while (executor->first == NULL && !executor->stopping) {
		if (executor->tidy)
			pthread_cond_wait(&executor->waiting, &executor->lock);
		else
			rest(executor);
	}
	batch = executor->first;
	executor->first = NULL;
	executor->last = &executor->first;
	pthread_mutex_unlock(&executor->lock);
	return batch;
}

/* A write that is alone in its transaction needs no savepoint: all of it is undone. */
static enum result
run_alone(struct db *db, struct write *write)
{
	enum result r = write->run(write, db);

	if (r == OK)
		return db_commit(db);
	db_end(db);
	return r;
}

static enum result
run_one(struct db *db, struct write *write)
{
	enum result r;

	r = db_savepoint(db);
	if (r != OK)
		return r;
	r = write->run(write, db);
	if (r == OK)
		return db_release(db);
	db_rollback(db);
	return r;
}

static void
run_together(struct db *db, struct write *batch)
{
	enum result committed = OK;
	bool any = false;

	for (struct write *write = batch; write != NULL; write = write->next) {
		write->result = run_one(db, write);
		any |= write->result == OK;
	}
	if (any)
		committed = db_commit(db);
	else
		db_end(db);
	if (committed != OK)
		for (struct write *write = batch; write != NULL; write = write->next)
			if (write->result == OK)
				write->result = committed;
}

static void
run_batch(struct executor *executor, struct write *batch)
{
	enum result begun = db_begin(executor->db);

	if (begun != OK)
		for (struct write *write = batch; write != NULL; write = write->next)
			write->result = begun;
	else if (batch->next == NULL)
		batch->result = run_alone(executor->db, batch);
	else
		run_together(executor->db, batch);
	atomic_fetch_add_explicit(&executor->commits, 1, memory_order_release);
}

static void
tell(struct http_task *task)
{
	struct write *write =
	    (struct write *)(void *)((char *)task - offsetof(struct write, task));

	write->done(write, write->result);
}

static void *
run(void *argument)
{
	struct executor *executor = argument;
	struct write *batch;

	while ((batch = take_all(executor)) != NULL) {
		run_batch(executor, batch);
		while (batch != NULL) {
			struct write *next = batch->next;

			batch->task.run = tell;
			http_post(batch->worker, &batch->task);
			batch = next;
		}
		executor->tidy = false;
		checkpoint(executor, false);
	}
	return NULL;
}

struct executor *
executor_new(struct db *db)
{
	struct executor *executor = calloc(1, sizeof *executor);
	pthread_condattr_t attributes;

	if (executor == NULL)
		abort();
	executor->db = db;
	executor->tidy = true;
	executor->last = &executor->first;
	pthread_mutex_init(&executor->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&executor->waiting, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&executor->thread, NULL, run, executor) != 0)
		abort();
	return executor;
}

void
executor_free(struct executor *executor)
{
	if (executor == NULL)
		return;
	pthread_mutex_lock(&executor->lock);
	executor->stopping = true;
	pthread_cond_signal(&executor->waiting);
	pthread_mutex_unlock(&executor->lock);
	pthread_join(executor->thread, NULL);
	pthread_cond_destroy(&executor->waiting);
	pthread_mutex_destroy(&executor->lock);
	db_close(executor->db);
	free(executor);
}

void
executor_submit(struct executor *executor, struct write *write)
{
	write->next = NULL;
	pthread_mutex_lock(&executor->lock);
	*executor->last = write;
	executor->last = &write->next;
	pthread_cond_signal(&executor->waiting);
	pthread_mutex_unlock(&executor->lock);
}

uint64_t
executor_commits(const struct executor *executor)
{
	return atomic_load_explicit(&executor->commits, memory_order_acquire);
}
