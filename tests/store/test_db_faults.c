/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static const struct query owner_returning = { "owner.returning", "t",
	"INSERT INTO owners (name) VALUES ($1) RETURNING id, name" };

/* How many of the next syncs fail, the disk being sick.  The linker gives us the calls.
 */
static int syncs_to_fail;

int
fdatasync(int descriptor)
{
	if (syncs_to_fail > 0) {
		syncs_to_fail--;
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, descriptor);
}

static void
limit_files(long long bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < 0 ? limit.rlim_max : (rlim_t)bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The connections can go on by themselves, and nothing that was refused is there. */
static void
assert_recovers(struct store *s, int64_t expected)
{
	struct db_row row;
	text found;

	assert_int_equal(count_owners(s, s->reader), expected);
	assert_int_equal(count_owners(s, s->writer), expected);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(db_one(s->writer, &s->arena, &owner_returning,
			     ARGS(db_text(TEXT("after"))), &row),
	    OK);
	assert_int_equal(db_commit(s->writer), OK);
	assert_int_equal(count_owners(s, s->reader), expected + 1);
	assert_int_equal(db_check(s->reader, &s->arena, &found), OK);
	assert_true(text_equal(found, TEXT("ok")));
}

static void
test_a_full_database(void **state)
{
	struct store *s = *state;
	enum result r;

	assert_int_equal(db_script(s->writer, "PRAGMA max_page_count = 20"), OK);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "a"), OK);
	assert_int_equal(create_things(s->writer, 1000), BUSY);
	r = db_commit(s->writer);
	assert_true(r == OK || r == BUSY);
	assert_int_equal(count_owners(s, s->reader), r == OK ? 1 : 0);
	assert_int_equal(db_script(s->writer, "PRAGMA max_page_count = 100000"), OK);
	assert_recovers(s, r == OK ? 1 : 0);
}

static void
test_a_commit_that_finds_no_room(void **state)
{
	struct store *s = *state;

	assert_int_equal(create_owner(s->writer, "before"), OK);
	limit_files(store_size(s, "-wal") + 100);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(db_begin(s->writer), OK);
		assert_int_equal(create_owner(s->writer, "refused"), OK);
		assert_int_equal(db_commit(s->writer), BUSY);
		assert_int_equal(count_owners(s, s->reader), 1);
	}
	assert_int_equal(create_owner(s->writer, "refused"), BUSY);
	limit_files(-1);
	assert_recovers(s, 1);
}

/* Without a reader the shared memory is made anew, for which there is no room either. */
static void
test_a_file_that_cannot_be_opened_again(void **state)
{
	struct store *s = *state;

	assert_int_equal(create_owner(s->writer, "before"), OK);
	db_close(s->reader);
	limit_files(1024);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "refused"), OK);
	assert_int_equal(db_commit(s->writer), BUSY);
	assert_int_equal(db_begin(s->writer), BUSY);
	assert_int_equal(create_owner(s->writer, "refused"), BUSY);
	assert_int_equal(db_script(s->writer, "DELETE FROM owners"), BUSY);
	assert_int_equal(db_prepare(s->writer, &owner_returning), BUSY);
	assert_int_equal(db_checkpoint(s->writer, true), OK);
	assert_int_equal(db_changes(s->writer), 0);
	assert_int_equal(db_last_id(s->writer), 0);
	db_end(s->writer);
	limit_files(-1);
	s->reader = store_connect(s, DB_READ);
	assert_recovers(s, 1);
}

/* A transaction larger than the cache writes before its commit, and dies of it. */
static void
test_a_transaction_that_dies(void **state)
{
	struct store *s = *state;

	assert_int_equal(create_owner(s->writer, "before"), OK);
	limit_files(store_size(s, "-wal") + 65536);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "lost"), OK);
	assert_int_equal(db_savepoint(s->writer), OK);
	assert_int_equal(create_things(s->writer, 5000), BUSY);
	assert_int_equal(create_owner(s->writer, "late"), BUSY);
	db_rollback(s->writer);
	assert_int_equal(db_savepoint(s->writer), BUSY);
	assert_int_equal(create_owner(s->writer, "later"), BUSY);
	assert_int_equal(db_script(s->writer, "DELETE FROM owners"), BUSY);
	assert_int_equal(db_commit(s->writer), BUSY);
	limit_files(-1);
	assert_recovers(s, 1);
	limit_files(store_size(s, "-wal") + 65536);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(db_savepoint(s->writer), OK);
	assert_int_equal(create_things(s->writer, 5000), BUSY);
	assert_int_equal(db_release(s->writer), BUSY);
	db_end(s->writer);
	limit_files(-1);
	assert_int_equal(create_owner(s->writer, "again"), OK);
}

static void
copy_file(struct store *s, const char *suffix, const char *to_suffix)
{
	char from[320], to[320], command[800];

	store_path(s, suffix, from);
	store_path(s, to_suffix, to);
	snprintf(command, sizeof(command), "cp '%s' '%s'", from, to);
	assert_int_equal(system(command), 0);
}

/* What a machine that stops now finds when it starts again. */
static int64_t
count_after_crash(struct store *s)
{
	struct store copy = *s;
	int64_t count;

	copy_file(s, "", ".copy");
	copy_file(s, "-wal", ".copy-wal");
	snprintf(copy.url, sizeof(copy.url), "sqlite:%s/store.db.copy", s->directory);
	copy.writer = store_connect(&copy, DB_WRITE);
	count = count_owners(s, copy.writer);
	db_close(copy.writer);
	return count;
}

/* The refused commit lies in the log, whole; it must not come back. */
static void
test_a_commit_that_cannot_be_synced(void **state)
{
	struct store *s = *state;

	assert_int_equal(create_owner(s->writer, "before"), OK);
	assert_int_equal(count_after_crash(s), 1);
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "refused"), OK);
	syncs_to_fail = 1;
	assert_int_equal(db_commit(s->writer), BROKEN);
	assert_int_equal(syncs_to_fail, 0);
	assert_int_equal(count_after_crash(s), 1);
	assert_recovers(s, 1);
	assert_int_equal(count_after_crash(s), 2);
}

/* Nor when the disk is sick for a while, nor outside a transaction. */
static void
test_syncs_that_fail_again(void **state)
{
	struct store *s = *state;

	assert_int_equal(create_owner(s->writer, "before"), OK);
	syncs_to_fail = 5;
	assert_int_equal(db_begin(s->writer), OK);
	assert_int_equal(create_owner(s->writer, "refused"), OK);
	assert_int_equal(db_commit(s->writer), BROKEN);
	assert_int_equal(create_owner(s->writer, "refused too"), BROKEN);
	syncs_to_fail = 0;
	assert_int_equal(count_owners(s, s->reader), 1);
	assert_recovers(s, 1);
	assert_int_equal(count_after_crash(s), 2);
}

static void
test_a_checkpoint_that_cannot_be_synced(void **state)
{
	struct store *s = *state;

	assert_int_equal(create_owner(s->writer, "before"), OK);
	assert_int_equal(create_things(s->writer, 5000), OK);
	syncs_to_fail = 1;
	assert_int_equal(db_checkpoint(s->writer, true), BROKEN);
	assert_int_equal(syncs_to_fail, 0);
	assert_recovers(s, 1);
	assert_int_equal(count_after_crash(s), 2);
}

static void
test_a_directory_that_is_read_only(void **state)
{
	struct store *s = *state;
	char url[340] = "sqlite:";
	struct db_options options = {
		.url = url, .access = DB_WRITE, .cache_kib = STORE_CACHE_KIB
	};
	struct db *db;

	if (geteuid() == 0)
		skip();
	store_path(s, ".other", url + strlen(url));
	assert_int_equal(chmod(s->directory, 0500), 0);
	assert_int_equal(db_open(&options, &db), BROKEN);
	assert_int_equal(chmod(s->directory, 0700), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_full_database),
		STORE_TEST(test_a_commit_that_finds_no_room),
		STORE_TEST(test_a_file_that_cannot_be_opened_again),
		STORE_TEST(test_a_transaction_that_dies),
		STORE_TEST(test_a_commit_that_cannot_be_synced),
		STORE_TEST(test_syncs_that_fail_again),
		STORE_TEST(test_a_checkpoint_that_cannot_be_synced),
		STORE_TEST(test_a_directory_that_is_read_only),
	};

	signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
