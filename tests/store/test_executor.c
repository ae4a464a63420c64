/* SPDX-License-Identifier: Apache-2.0 */
#include "api/executor.h"

#include "store.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>

enum { SUBMITTERS = 4, EACH = 50 };

/* A store with an executor, and the worker of a server that its writes come back to. */
struct bench {
	struct store *store;
	struct executor *executor;
	struct http_handler handler;
	struct http_server *server;
	struct http_worker *worker;
	pthread_t worker_thread;
	sem_t done; /* raised once by each write that is told */
};

/* What a write waits in, so that what is submitted meanwhile is one transaction. */
struct gate {
	sem_t reached;
	sem_t open;
};

/* A write that makes an owner and then has this result. */
struct owner_write {
	struct write write; /* first */
	struct bench *bench;
	char name[32];
	enum result makes;
	struct gate *gate; /* before it does anything; NULL: none */
	enum result told;
	atomic_int times;
	bool on_worker;
};

static void *
start(void *context, struct http_worker *worker, unsigned index)
{
	struct bench *bench = context;

	(void)index;
	bench->worker = worker;
	bench->worker_thread = pthread_self();
	return bench;
}

static void
serve(void *context, struct http_request *request)
{
	struct http_response response = { .status = 204 };

	(void)context;
	http_respond(request, &response);
}

static int
bench_open(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct http_options options = {
		.host = "127.0.0.1",
		.workers = 1,
		.limits = http_limits_default,
	};

	assert_non_null(bench);
	store_open_tables((void **)&bench->store);
	bench->handler = (struct http_handler){
		.context = bench, .request = serve, .worker_start = start
	};
	options.handler = &bench->handler;
	sem_init(&bench->done, 0, 0);
	assert_int_equal(http_server_start(&options, &bench->server), OK);
	bench->executor = executor_new(store_connect(bench->store, DB_WRITE));
	*state = bench;
	return 0;
}

static int
bench_close(void **state)
{
	struct bench *bench = *state;
	void *store = bench->store;

	executor_free(bench->executor);
	http_server_stop(bench->server, 1000);
	http_server_free(bench->server);
	sem_destroy(&bench->done);
	free(bench);
	return store_close(&store);
}

static enum result
run(struct write *write, struct db *db)
{
	struct owner_write *w = (struct owner_write *)write;
	enum result r;

	if (w->gate != NULL) {
		sem_post(&w->gate->reached);
		sem_wait(&w->gate->open);
	}
	r = create_owner(db, w->name);
	return r != OK ? r : w->makes;
}

static void
done(struct write *write, enum result r)
{
	struct owner_write *w = (struct owner_write *)write;

	w->told = r;
	w->on_worker = pthread_equal(pthread_self(), w->bench->worker_thread);
	atomic_fetch_add(&w->times, 1);
	sem_post(&w->bench->done);
}

static void
submit(struct bench *bench, struct owner_write *w, const char *name, enum result makes)
{
	w->bench = bench;
	w->makes = makes;
	w->write = (struct write){ .run = run, .done = done, .worker = bench->worker };
	snprintf(w->name, sizeof(w->name), "%s", name);
	executor_submit(bench->executor, &w->write);
}

static void
wait_for(struct bench *bench, int count)
{
	while (count-- > 0)
		sem_wait(&bench->done);
}

static void
assert_told(const struct owner_write *w, enum result r)
{
	assert_int_equal(w->times, 1);
	assert_int_equal(w->told, r);
	assert_true(w->on_worker);
}

static int64_t
owners(struct bench *bench)
{
	return count_owners(bench->store, bench->store->reader);
}

static void
hold(struct bench *bench, struct owner_write *holder, struct gate *gate)
{
	sem_init(&gate->reached, 0, 0);
	sem_init(&gate->open, 0, 0);
	holder->gate = gate;
	submit(bench, holder, "holder", OK);
	sem_wait(&gate->reached);
}

static void
gate_clear(struct gate *gate)
{
	sem_destroy(&gate->reached);
	sem_destroy(&gate->open);
}

static void
test_one(void **state)
{
	struct bench *bench = *state;
	struct owner_write w = { .times = 0 };
	uint64_t before = executor_commits(bench->executor);

	submit(bench, &w, "a", OK);
	wait_for(bench, 1);
	assert_told(&w, OK);
	assert_int_equal(owners(bench), 1);
	assert_int_equal(executor_commits(bench->executor), before + 1);
}

/* Those that fail are undone alone, in the transaction of the others. */
static void
test_a_group(void **state)
{
	static const struct {
		const char *name;
		enum result makes;
		enum result told;
	} cases[] = {
		{ "a", OK, OK },
		{ "b", INVALID, INVALID },
		{ "a", OK, CONFLICT },
		{ "c", NOT_FOUND, NOT_FOUND },
		{ "b", OK, OK },
		{ "d", BROKEN, BROKEN },
		{ "e", BUSY, BUSY },
		{ "f", OK, OK },
	};
	struct bench *bench = *state;
	struct owner_write holder = { .times = 0 }, writes[COUNT(cases)] = { 0 };
	uint64_t before = executor_commits(bench->executor);
	struct gate gate;

	hold(bench, &holder, &gate);
	for (size_t i = 0; i < COUNT(cases); i++)
		submit(bench, &writes[i], cases[i].name, cases[i].makes);
	sem_post(&gate.open);
	wait_for(bench, COUNT(cases) + 1);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_told(&writes[i], cases[i].told);
	assert_int_equal(executor_commits(bench->executor), before + 2);
	assert_int_equal(owners(bench), 4);
	gate_clear(&gate);
}

static void
test_none_of_a_group(void **state)
{
	struct bench *bench = *state;
	struct owner_write a = { .times = 0 }, b = { .times = 0 };

	submit(bench, &a, "a", INVALID);
	wait_for(bench, 1);
	assert_told(&a, INVALID);
	assert_int_equal(owners(bench), 0);
	submit(bench, &b, "a", OK);
	wait_for(bench, 1);
	assert_told(&b, OK);
}

struct submitter {
	struct bench *bench;
	unsigned number;
	pthread_t thread;
	struct owner_write writes[EACH];
};

static void *
submit_many(void *argument)
{
	struct submitter *submitter = argument;
	char name[32];

	for (unsigned i = 0; i < EACH; i++) {
		snprintf(name, sizeof(name), "%u-%u", submitter->number, i);
		submit(submitter->bench, &submitter->writes[i], name,
		    i % 3 == 0 ? INVALID : OK);
	}
	return NULL;
}

static void
test_submitters_at_once(void **state)
{
	struct bench *bench = *state;
	struct submitter *all = calloc(SUBMITTERS, sizeof(*all));

	assert_non_null(all);
	for (unsigned i = 0; i < SUBMITTERS; i++) {
		all[i].bench = bench;
		all[i].number = i;
		assert_int_equal(
		    pthread_create(&all[i].thread, NULL, submit_many, &all[i]), 0);
	}
	for (unsigned i = 0; i < SUBMITTERS; i++)
		pthread_join(all[i].thread, NULL);
	wait_for(bench, SUBMITTERS * EACH);
	for (unsigned i = 0; i < SUBMITTERS; i++)
		for (unsigned j = 0; j < EACH; j++)
			assert_told(&all[i].writes[j], j % 3 == 0 ? INVALID : OK);
	assert_int_equal(owners(bench), SUBMITTERS * (EACH - (EACH + 2) / 3));
	assert_true(executor_commits(bench->executor) <= SUBMITTERS * EACH);
	free(all);
}

/* When a write is told done, others see it. */
static void
test_told_after_the_commit(void **state)
{
	struct bench *bench = *state;

	for (int i = 0; i < 20; i++) {
		struct owner_write w = { .times = 0 };
		uint64_t before = executor_commits(bench->executor);
		char name[32];

		snprintf(name, sizeof(name), "%d", i);
		submit(bench, &w, name, OK);
		wait_for(bench, 1);
		assert_true(executor_commits(bench->executor) > before);
		assert_int_equal(owners(bench), i + 1);
	}
}

static void
limit_files(long long bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < 0 ? limit.rlim_max : (rlim_t)bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
test_a_commit_that_fails(void **state)
{
	struct bench *bench = *state;
	struct owner_write first = { .times = 0 }, holder = { .times = 0 };
	struct owner_write a = { .times = 0 }, b = { .times = 0 }, c = { .times = 0 };
	struct owner_write after = { .times = 0 };
	struct gate gate;

	submit(bench, &first, "before", OK);
	wait_for(bench, 1);
	hold(bench, &holder, &gate);
	submit(bench, &a, "a", OK);
	submit(bench, &b, "b", INVALID);
	submit(bench, &c, "c", OK);
	limit_files(store_size(bench->store, "-wal") + 100);
	sem_post(&gate.open);
	wait_for(bench, 4);
	limit_files(-1);
	assert_told(&holder, BUSY);
	assert_told(&a, BUSY);
	assert_told(&b, INVALID);
	assert_told(&c, BUSY);
	assert_int_equal(owners(bench), 1);
	submit(bench, &after, "a", OK);
	wait_for(bench, 1);
	assert_told(&after, OK);
	assert_int_equal(owners(bench), 2);
	gate_clear(&gate);
}

/* Another process has the write lock for longer than is waited. */
static void
test_a_database_that_is_held(void **state)
{
	struct bench *bench = *state;
	struct owner_write a = { .times = 0 };

	assert_int_equal(db_begin(bench->store->writer), OK);
	submit(bench, &a, "a", OK);
	wait_for(bench, 1);
	db_end(bench->store->writer);
	assert_told(&a, BUSY);
	assert_int_equal(owners(bench), 0);
}

static void *
free_executor(void *argument)
{
	struct bench *bench = argument;

	executor_free(bench->executor);
	return NULL;
}

static void
test_free_finishes(void **state)
{
	struct bench *bench = *state;
	struct owner_write holder = { .times = 0 }, writes[20] = { 0 };
	pthread_t thread;
	struct gate gate;
	char name[32];

	hold(bench, &holder, &gate);
	for (size_t i = 0; i < COUNT(writes); i++) {
		snprintf(name, sizeof(name), "%zu", i);
		submit(bench, &writes[i], name, OK);
	}
	assert_int_equal(pthread_create(&thread, NULL, free_executor, bench), 0);
	usleep(20000);
	sem_post(&gate.open);
	pthread_join(thread, NULL);
	bench->executor = NULL;
	wait_for(bench, COUNT(writes) + 1);
	for (size_t i = 0; i < COUNT(writes); i++)
		assert_told(&writes[i], OK);
	assert_int_equal(owners(bench), COUNT(writes) + 1);
	gate_clear(&gate);
}

#define BENCH_TEST(function)                                                             \
	cmocka_unit_test_setup_teardown(function, bench_open, bench_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_one),
		BENCH_TEST(test_a_group),
		BENCH_TEST(test_none_of_a_group),
		BENCH_TEST(test_submitters_at_once),
		BENCH_TEST(test_told_after_the_commit),
		BENCH_TEST(test_a_commit_that_fails),
		BENCH_TEST(test_a_database_that_is_held),
		BENCH_TEST(test_free_finishes),
	};

	signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
