/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 8 };

struct directory {
	char path[64];
	char key[96];
};

static int
make_directory(void **state)
{
	struct directory *directory = calloc(1, sizeof(*directory));

	if (directory == NULL)
		return -1;
	snprintf(directory->path, sizeof(directory->path), "/tmp/test_secret.XXXXXX");
	if (mkdtemp(directory->path) == NULL)
		return -1;
	snprintf(directory->key, sizeof(directory->key), "%s/key", directory->path);
	*state = directory;
	return 0;
}

static int
remove_directory(void **state)
{
	struct directory *directory = *state;

	unlink(directory->key);
	/* Fails, and the test with it, if a temporary file was left behind. */
	if (rmdir(directory->path) != 0)
		return -1;
	free(directory);
	return 0;
}

static void
file_write(const char *path, size_t size, mode_t mode)
{
	uint8_t bytes[SECRET_KEY_SIZE + 1] = { 1, 2, 3 };
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
test_key_is_made_once(void **state)
{
	const struct directory *directory = *state;
	const struct secret_key none = { { 0 } };
	struct secret_key first, second;
	struct stat status;

	assert_int_equal(secret_key_open(directory->key, &first), OK);
	assert_int_equal(stat(directory->key, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(status.st_size, SECRET_KEY_SIZE);
	assert_int_equal(status.st_nlink, 1);
	assert_int_equal(secret_key_open(directory->key, &second), OK);
	assert_memory_equal(&first, &second, sizeof(first));
	assert_memory_not_equal(&first, &none, sizeof(first));
}

static void
send_key(const char *path, int begin, int to)
{
	struct secret_key key;
	char byte;

	/* Ends when the parent closes its side: all begin at once. */
	if (read(begin, &byte, 1) != 0 || secret_key_open(path, &key) != OK)
		_exit(1);
	_exit(write(to, &key, sizeof(key)) == (ssize_t)sizeof(key) ? 0 : 1);
}

static void
test_processes_agree(void **state)
{
	const struct directory *directory = *state;
	struct secret_key key, other;
	int begin[2], keys[2];

	assert_int_equal(pipe(begin), 0);
	assert_int_equal(pipe(keys), 0);
	for (int i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid != 0)
			continue;
		close(begin[1]);
		send_key(directory->key, begin[0], keys[1]);
	}
	close(begin[0]);
	close(begin[1]);
	close(keys[1]);
	assert_int_equal(read(keys[0], &key, sizeof(key)), sizeof(key));
	for (int i = 1; i < PROCESSES; i++) {
		assert_int_equal(read(keys[0], &other, sizeof(other)), sizeof(other));
		assert_memory_equal(&key, &other, sizeof(key));
	}
	close(keys[0]);
	for (int i = 0; i < PROCESSES; i++)
		assert_true(wait(NULL) > 0);
}

static void
test_bad_key_files(void **state)
{
	const struct directory *directory = *state;
	char path[128];
	struct secret_key key;

	file_write(directory->key, 0, 0600);
	assert_int_equal(secret_key_open(directory->key, &key), BROKEN);
	file_write(directory->key, SECRET_KEY_SIZE - 1, 0600);
	assert_int_equal(secret_key_open(directory->key, &key), BROKEN);
	file_write(directory->key, SECRET_KEY_SIZE + 1, 0600);
	assert_int_equal(secret_key_open(directory->key, &key), BROKEN);
	assert_int_equal(secret_key_open(directory->path, &key), BROKEN);
	snprintf(path, sizeof(path), "%s/none/key", directory->path);
	assert_int_equal(secret_key_open(path, &key), BROKEN);
	unlink(directory->key);
	assert_int_equal(mkfifo(directory->key, 0600), 0);
	assert_int_equal(secret_key_open(directory->key, &key), BROKEN);
}

static void
test_open_mode_is_only_a_warning(void **state)
{
	const struct directory *directory = *state;
	struct secret_key key;

	file_write(directory->key, SECRET_KEY_SIZE, 0644);
	assert_int_equal(secret_key_open(directory->key, &key), OK);
	assert_int_equal(key.bytes[2], 3);
}

static bool
is_url_safe(const char *string)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_";

	return string[strspn(string, alphabet)] == '\0';
}

static void
test_tokens(void **state)
{
	char token[SECRET_TOKEN_LENGTH + 1], other[SECRET_TOKEN_LENGTH + 1];
	char public[SECRET_PUBLIC_LENGTH + 1], second[SECRET_PUBLIC_LENGTH + 1];

	(void)state;
	secret_token(token);
	secret_token(other);
	assert_int_equal(strlen(token), SECRET_TOKEN_LENGTH);
	assert_memory_equal(token, "ll_", 3);
	assert_true(is_url_safe(token));
	assert_string_not_equal(token, other);
	secret_public(public);
	secret_public(second);
	assert_int_equal(strlen(public), SECRET_PUBLIC_LENGTH);
	assert_true(is_url_safe(public));
	assert_string_not_equal(public, second);
}

static void
test_hash(void **state)
{
	const struct secret_key key = { { 1 } }, other = { { 2 } };
	char a[2 * SECRET_HASH_SIZE + 1], b[2 * SECRET_HASH_SIZE + 1];

	(void)state;
	secret_hash(&key, TEXT("token"), a);
	assert_int_equal(strlen(a), 2 * SECRET_HASH_SIZE);
	assert_int_equal(strspn(a, "0123456789abcdef"), 2 * SECRET_HASH_SIZE);
	secret_hash(&key, TEXT("token"), b);
	assert_string_equal(a, b);
	secret_hash(&key, TEXT("tokem"), b);
	assert_string_not_equal(a, b);
	secret_hash(&other, TEXT("token"), b);
	assert_string_not_equal(a, b);
	secret_hash(&key, (text){ NULL, 0 }, a);
	secret_hash(&key, TEXT(""), b);
	assert_string_equal(a, b);
}

/* Computed with Python's hashlib.blake2b: stored hashes must outlive every version. */
static void
test_hash_is_stable(void **state)
{
	struct secret_key key;
	char hash[2 * SECRET_HASH_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(key.bytes); i++)
		key.bytes[i] = (uint8_t)i;
	secret_hash(&key, TEXT("ll_test"), hash);
	assert_string_equal(
	    hash, "c10a099091c23c04bf95b6960a7e5c78685e818376bff765289f01b7d74f2a1b");
}

static void
test_equal(void **state)
{
	(void)state;
	assert_true(secret_equal(TEXT("abc"), TEXT("abc")));
	assert_true(secret_equal(TEXT(""), (text){ NULL, 0 }));
	assert_false(secret_equal(TEXT("abc"), TEXT("abd")));
	assert_false(secret_equal(TEXT("abc"), TEXT("ab")));
	assert_false(secret_equal(TEXT("a\0c"), TEXT("a\0d")));
}

static void
test_sealing(void **state)
{
	static const char *const plains[] = {
		"", "x", "an API key of somebody else",
		"a longer one, with every length of padding that base64 can have: ....."
	};
	const struct secret_key key = { { 1 } };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(plains); i++) {
		text sealed = secret_seal(&key, &arena, text_of(plains[i]));
		text again = secret_seal(&key, &arena, text_of(plains[i]));
		text plain = { NULL, 0 };

		assert_true(is_url_safe(sealed.at));
		assert_int_equal(strlen(sealed.at), sealed.length);
		assert_false(text_equal(sealed, again));
		assert_int_equal(secret_unseal(&key, &arena, sealed, &plain), OK);
		assert_string_equal(plain.at, plains[i]);
		assert_int_equal(plain.length, strlen(plains[i]));
	}
	arena_clear(&arena);
}

static void
test_foreign_seals(void **state)
{
	const struct secret_key key = { { 1 } }, other = { { 2 } };
	struct arena arena;
	text sealed, out;
	char *changed;

	(void)state;
	arena_init(&arena);
	sealed = secret_seal(&key, &arena, TEXT("plain"));
	assert_int_equal(secret_unseal(&other, &arena, sealed, &out), BROKEN);
	for (size_t i = 0; i < sealed.length; i++) {
		changed = arena_alloc(&arena, sealed.length + 1);
		memcpy(changed, sealed.at, sealed.length);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_int_equal(
		    secret_unseal(&key, &arena, text_of(changed), &out), BROKEN);
		sealed.length--;
		assert_int_equal(secret_unseal(&key, &arena, sealed, &out), BROKEN);
		sealed.length++;
	}
	assert_int_equal(secret_unseal(&key, &arena, (text){ NULL, 0 }, &out), BROKEN);
	assert_int_equal(secret_unseal(&key, &arena, TEXT("****"), &out), BROKEN);
	assert_int_equal(secret_unseal(&key, &arena, TEXT("AAAA"), &out), BROKEN);
	arena_clear(&arena);
}

static void
test_passwords(void **state)
{
	char longest[SECRET_PASSWORD_MAX + 1];
	struct arena arena;
	text hash, again;

	(void)state;
	arena_init(&arena);
	hash = secret_password_hash(&arena, TEXT("correct horse"));
	again = secret_password_hash(&arena, TEXT("correct horse"));
	assert_memory_equal(hash.at, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
	assert_int_equal(strlen(hash.at), hash.length);
	assert_false(text_equal(hash, again));
	assert_true(secret_password_check(hash.at, TEXT("correct horse")));
	assert_false(secret_password_check(hash.at, TEXT("correct horsf")));
	assert_false(secret_password_check(hash.at, (text){ NULL, 0 }));
	assert_false(secret_password_check(NULL, TEXT("correct horse")));
	assert_false(secret_password_check("", TEXT("correct horse")));
	assert_false(secret_password_check("$argon2id$", TEXT("correct horse")));
	memset(longest, 'x', sizeof(longest));
	hash = secret_password_hash(&arena, (text){ longest, SECRET_PASSWORD_MAX });
	assert_true(
	    secret_password_check(hash.at, (text){ longest, SECRET_PASSWORD_MAX }));
	assert_false(
	    secret_password_check(hash.at, (text){ longest, SECRET_PASSWORD_MAX + 1 }));
	arena_clear(&arena);
}

static int
start(void **state)
{
	(void)state;
	return secret_start() == OK ? 0 : -1;
}

#define IN_DIRECTORY(test)                                                               \
	cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(test_key_is_made_once),
		IN_DIRECTORY(test_processes_agree),
		IN_DIRECTORY(test_bad_key_files),
		IN_DIRECTORY(test_open_mode_is_only_a_warning),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_hash_is_stable),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_sealing),
		cmocka_unit_test(test_foreign_seals),
		cmocka_unit_test(test_passwords),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
