#include "base/hash.h"

#include <string.h>

#define SHA256_BYTES 32

/* Spread the bits of @h: MurmurHash3's finish (smhasher, public domain). */
static guint64 finish(guint64 h)
{
	h = (h ^ (h >> 33)) * G_GUINT64_CONSTANT(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * G_GUINT64_CONSTANT(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}

guint64 jr_hash64(const void *data, gsize len)
{
	const guint8 *byte = data;
	guint64 h = G_GUINT64_CONSTANT(0xcbf29ce484222325);

	for (gsize i = 0; i < len; i++)
		h = (h ^ byte[i]) * G_GUINT64_CONSTANT(0x100000001b3);
	return finish(h);
}

void jr_sha256(const void *data, gsize len, char hex[JR_SHA256_SIZE])
{
	g_autofree char *sum =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, len);

	memcpy(hex, sum, JR_SHA256_SIZE);
}

static void add_part(GChecksum *sum, const char *part)
{
	gsize len = strlen(part);
	guint64 size = GUINT64_TO_BE((guint64)len);

	g_checksum_update(sum, (const guint8 *)&size, sizeof size);
	g_checksum_update(sum, (const guint8 *)part, (gssize)len);
}

char *jr_hash_id(const char *prefix, const char *const *parts)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	GString *id = g_string_new(prefix);
	guint8 bytes[SHA256_BYTES];
	gsize size = sizeof bytes;

	for (; *parts; parts++)
		add_part(sum, *parts);
	g_checksum_get_digest(sum, bytes, &size);
	for (guint i = 0; i < 26; i++) {
		guint bit = 5 * i; /* the first of five, most significant */
		guint two = (guint)bytes[bit / 8] << 8 | bytes[bit / 8 + 1];

		g_string_append_c(id, digits[two >> (11 - bit % 8) & 31]);
	}
	return g_string_free(id, FALSE);
}

double jr_hash_bucket(const char *salt, const char *key)
{
	guint64 h = jr_hash64(salt, strlen(salt));

	/* Mixed on both sides: else salts alike would give draws alike. */
	h = finish(h + finish(jr_hash64(key, strlen(key))));
	return (double)(h >> 11) * 0x1p-53;
}
