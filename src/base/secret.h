/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	SECRET_KEY_SIZE = 32,
	SECRET_HASH_SIZE = 32,
	SECRET_TOKEN_LENGTH = 46,  /* "ll_" and 43 characters of base64url: 256 bits */
	SECRET_PUBLIC_LENGTH = 22, /* 128 bits */
	SECRET_PASSWORD_MAX = 1024,
};

/* The server's own key.  Everything sealed or hashed with it is worthless without it. */
struct secret_key {
	uint8_t bytes[SECRET_KEY_SIZE];
};

/* Must be called once before anything else here.  BROKEN if there is no random source. */
MUST_USE enum result secret_start(void);

/*
 * Reads the key from a file, or makes the file (mode 0600, written and synced before
 * it gets its name, so that two processes agree) when there is none.  BROKEN for a file
 * that is not exactly a key; one that others may read is taken, with a warning.
 */
MUST_USE enum result secret_key_open(const char *path, struct secret_key *out);

/* A new random API key, URL-safe, with a NUL. */
void secret_token(char out[static SECRET_TOKEN_LENGTH + 1]);

/* A new random name that is no secret (an organization's public key), with a NUL. */
void secret_public(char out[static SECRET_PUBLIC_LENGTH + 1]);

void secret_random(void *out, size_t size);

/* The keyed hash (BLAKE2b) that an API key is found by, as lower-case hexadecimal. */
void secret_hash(
    const struct secret_key *key, text token, char out[static 2 * SECRET_HASH_SIZE + 1]);

/*
 * Whether two texts are equal, in a time that tells nothing about where they differ, only
 * whether their lengths do.
 */
bool secret_equal(text a, text b);

/*
 * Seals a text (XSalsa20-Poly1305, random nonce) as URL-safe base64; opens what was
 * sealed, with a NUL behind it that its length does not count.  secret_unseal is BROKEN
 * for anything that was not sealed with this key.
 */
text secret_seal(const struct secret_key *key, struct arena *arena, text plain);
MUST_USE enum result secret_unseal(
    const struct secret_key *key, struct arena *arena, text sealed, text *out);

/*
 * argon2id with the parameters OWASP names (19 MiB, 2 passes), as a text with a NUL that
 * holds salt and parameters.  Takes tens of milliseconds: never on a thread that others
 * wait for.  A password has at most SECRET_PASSWORD_MAX bytes: hashing a longer one is a
 * mistake of the caller, and a longer one matches nothing.  secret_password_check with a
 * NULL hash takes as long and is false.
 */
text secret_password_hash(struct arena *arena, text password);
bool secret_password_check(const char *hash, text password);

#endif
