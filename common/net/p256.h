/*
 * p256.h - keys on the curve P-256, of VAPID and of each push message.
 */
#pragma once

#include <glib.h>
#include <openssl/evp.h>

#define JR_P256_POINT 65 /* bytes of an uncompressed point */
#define JR_P256_SECRET 32

/* A new one; NULL when the system has no random numbers. */
EVP_PKEY *jr_p256_new(void);

/* The key whose private part is @secret; NULL: there is none such. */
EVP_PKEY *jr_p256_of_secret(const guint8 secret[JR_P256_SECRET]);

/* The public key at @point; NULL: it is not on the curve. */
EVP_PKEY *jr_p256_of_point(const guint8 point[JR_P256_POINT]);

/* The private key, of any kind, in @pem; NULL: it is none, or has a
 * passphrase. */
EVP_PKEY *jr_pem_key(const char *pem);

/* The same, but NULL for what is not of this curve, or has the public part of
 * another. */
EVP_PKEY *jr_p256_of_pem(const char *pem);

/* @key's public part. */
void jr_p256_point(const EVP_PKEY *key, guint8 point[JR_P256_POINT]);

/* @key in PEM; a secret; owned. */
char *jr_p256_pem(const EVP_PKEY *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
