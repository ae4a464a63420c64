/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PASSWORD_PASSES = 2,
	PASSWORD_MEMORY = 19 << 20,
	BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

static const char token_prefix[3] = { 'l', 'l', '_' };

/* Of a random password that nobody knows, with the parameters above. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$ZnnlzPaQoxV90y1ZZlQZow$"
			     "EqPW8eZxwUFas7PyaxS96a1sJ4DSDOr4thV1tkKkyGs";

static_assert(SECRET_HASH_SIZE <= crypto_generichash_BYTES_MAX, "hash is too long");
static_assert(SECRET_KEY_SIZE == crypto_kdf_KEYBYTES, "key has another size");

enum result
secret_start(void)
{
	if (sodium_init() >= 0)
		return OK;
	log_error("libsodium finds no source of random numbers");
	return BROKEN;
}

/* Makes the names in a file's directory survive a crash. */
static bool
directory_sync(const char *path)
{
	char copy[PATH_MAX];
	int fd;
	bool synced;

	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy))
		return false;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	synced = fsync(fd) == 0;
	close(fd);
	return synced;
}

/* The key is far below what a file system writes in one piece: a short write is an error.
 */
static bool
key_write(int fd)
{
	struct secret_key key;
	bool written;

	secret_random(key.bytes, sizeof(key.bytes));
	written = write(fd, key.bytes, sizeof(key.bytes)) == (ssize_t)sizeof(key.bytes);
	sodium_memzero(&key, sizeof(key));
	return written && fsync(fd) == 0;
}

/* Makes the file unless another process is faster: link(2) never replaces a file. */
static enum result
key_create(const char *path)
{
	char temporary[PATH_MAX];
	int length = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	bool made;
	int fd;

	if ((size_t)length >= sizeof(temporary)) {
		log_error("key file %s: the path is too long", path);
		return BROKEN;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		log_error("key file %s cannot be made: %s", path, strerror(errno));
		return BROKEN;
	}
	made = key_write(fd) && (link(temporary, path) == 0 || errno == EEXIST) &&
	       unlink(temporary) == 0 && directory_sync(path);
	if (!made) {
		log_error("key file %s cannot be made: %s", path, strerror(errno));
		unlink(temporary);
	}
	close(fd);
	return made ? OK : BROKEN;
}

static enum result
key_read(int fd, const char *path, struct secret_key *out)
{
	struct stat status;

	if (fstat(fd, &status) != 0) {
		log_error("key file %s cannot be read: %s", path, strerror(errno));
		return BROKEN;
	}
	if (!S_ISREG(status.st_mode) || status.st_size != SECRET_KEY_SIZE) {
		log_error("key file %s is not a file of %d bytes", path, SECRET_KEY_SIZE);
		return BROKEN;
	}
	if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		log_warning(
		    "key file %s can be used by others: its mode should be 0600", path);
	if (read(fd, out->bytes, sizeof(out->bytes)) != (ssize_t)sizeof(out->bytes)) {
		log_error("key file %s cannot be read in full", path);
		return BROKEN;
	}
	return OK;
}

enum result
secret_key_open(const char *path, struct secret_key *out)
{
	enum result r;
	int fd;

	/* Not to hang on a pipe, which key_read then refuses. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		r = key_create(path);
		if (r != OK)
			return r;
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd < 0) {
		log_error("key file %s cannot be opened: %s", path, strerror(errno));
		return BROKEN;
	}
	r = key_read(fd, path, out);
	close(fd);
	return r;
}

void
secret_token(char out[static SECRET_TOKEN_LENGTH + 1])
{
	uint8_t bytes[32];
	const size_t prefix = sizeof(token_prefix);

	secret_random(bytes, sizeof(bytes));
	memcpy(out, token_prefix, prefix);
	sodium_bin2base64(
	    out + prefix, SECRET_TOKEN_LENGTH + 1 - prefix, bytes, sizeof(bytes), BASE64);
	sodium_memzero(bytes, sizeof(bytes));
}

void
secret_public(char out[static SECRET_PUBLIC_LENGTH + 1])
{
	uint8_t bytes[16];

	secret_random(bytes, sizeof(bytes));
	sodium_bin2base64(out, SECRET_PUBLIC_LENGTH + 1, bytes, sizeof(bytes), BASE64);
}

void
secret_random(void *out, size_t size)
{
	randombytes_buf(out, size);
}

void
secret_hash(
    const struct secret_key *key, text token, char out[static 2 * SECRET_HASH_SIZE + 1])
{
	uint8_t hash[SECRET_HASH_SIZE];

	crypto_generichash(hash, sizeof(hash), (const uint8_t *)token.at, token.length,
	    key->bytes, sizeof(key->bytes));
	sodium_bin2hex(out, 2 * SECRET_HASH_SIZE + 1, hash, sizeof(hash));
}

bool
secret_equal(text a, text b)
{
	if (a.length != b.length)
		return false;
	return a.length == 0 || sodium_memcmp(a.at, b.at, a.length) == 0;
}

/* Sealing has a key of its own, so that no key serves two algorithms. */
static void
sealing_key(const struct secret_key *key, uint8_t out[static crypto_secretbox_KEYBYTES])
{
	crypto_kdf_derive_from_key(
	    out, crypto_secretbox_KEYBYTES, 1, "sealing_", key->bytes);
}

text
secret_seal(const struct secret_key *key, struct arena *arena, text plain)
{
	const size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	const size_t size = overhead + plain.length;
	const size_t print_size = sodium_base64_ENCODED_LEN(size, BASE64);
	uint8_t *box = arena_alloc_raw(arena, size);
	char *print = arena_alloc_raw(arena, print_size);
	uint8_t sealing[crypto_secretbox_KEYBYTES];

	sealing_key(key, sealing);
	secret_random(box, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES,
	    (const uint8_t *)plain.at, plain.length, box, sealing);
	sodium_memzero(sealing, sizeof(sealing));
	sodium_bin2base64(print, print_size, box, size, BASE64);
	return (text){ print, print_size - 1 };
}

static bool
box_open(const struct secret_key *key, const uint8_t *box, size_t size, uint8_t *out)
{
	uint8_t sealing[crypto_secretbox_KEYBYTES];
	int failed;

	sealing_key(key, sealing);
	failed = crypto_secretbox_open_easy(out, box + crypto_secretbox_NONCEBYTES,
	    size - crypto_secretbox_NONCEBYTES, box, sealing);
	sodium_memzero(sealing, sizeof(sealing));
	return failed == 0;
}

enum result
secret_unseal(const struct secret_key *key, struct arena *arena, text sealed, text *out)
{
	const size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	uint8_t *box = arena_alloc_raw(arena, sealed.length + 1);
	uint8_t *plain;
	size_t size = 0;

	if (sealed.length == 0 ||
	    sodium_base642bin(box, sealed.length, sealed.at, sealed.length, NULL, &size,
		NULL, BASE64) != 0 ||
	    size < overhead)
		goto foreign;
	plain = arena_alloc(arena, size - overhead + 1);
	if (!box_open(key, box, size, plain))
		goto foreign;
	*out = (text){ (const char *)plain, size - overhead };
	return OK;

foreign:
	log_error("a sealed value was not sealed with this key");
	return BROKEN;
}

text
secret_password_hash(struct arena *arena, text password)
{
	char *hash = arena_alloc(arena, crypto_pwhash_STRBYTES);

	assert(password.length <= SECRET_PASSWORD_MAX);
	if (crypto_pwhash_str(hash, password.length == 0 ? "" : password.at,
		password.length, PASSWORD_PASSES, PASSWORD_MEMORY) != 0)
		abort();
	return text_of(hash);
}

bool
secret_password_check(const char *hash, text password)
{
	const char *compared = hash == NULL ? nobody : hash;
	char padded[crypto_pwhash_STRBYTES] = { 0 };
	bool matches;

	if (strlen(compared) >= sizeof(padded) || password.length > SECRET_PASSWORD_MAX)
		return false;
	memcpy(padded, compared, strlen(compared));
	matches = crypto_pwhash_str_verify(padded,
		      password.length == 0 ? "" : password.at, password.length) == 0;
	return matches && hash != NULL;
}
