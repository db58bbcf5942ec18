/*
 * hash.h - numbers and names derived from data: the same for the same data, on
 * every machine and in every version.  They are stored: never change them.
 */
#pragma once

#include <glib.h>

/* 64 bits of @len bytes, well mixed; not for secrets.  FNV-1a and a finish. */
guint64 jr_hash64(const void *data, gsize len);

/* SHA-256 in lower-case hex: 64 characters and a NUL. */
#define JR_SHA256_SIZE 65
void jr_sha256(const void *data, gsize len, char hex[JR_SHA256_SIZE]);

/*
 * An id from texts: @prefix and 26 characters (130 bits, Crockford's base 32,
 * lower case) of the SHA-256 over @parts, each with its length, so that
 * ("ab","c") and ("a","bc") differ.  @parts ends with NULL.  Owned.
 */
char *jr_hash_id(const char *prefix, const char *const *parts);

/*
 * A stable draw in [0, 1) for @salt and @key: the same person keeps the same
 * one for the same experiment, and no two experiments share theirs.
 */
double jr_hash_bucket(const char *salt, const char *key);
