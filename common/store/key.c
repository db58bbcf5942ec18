#include "store/key.h"
#include "store/conn.h"

#include <string.h>

/* The secret worked in, which is half of the work. */
static GHmac *keyed(JrDb *db)
{
	const char *secret = jr_db_secret(db);

	g_assert(*secret); /* a store that may only be read has one, too */
	if (!db->mac)
		db->mac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)secret,
				     strlen(secret));
	return g_hmac_copy(db->mac);
}

/*
 * Whoever looks at a number asks for its consent, whether it is suppressed, and
 * writes it down: the last one is remembered.
 */
void jr_key(JrDb *db, const char *use, const char *value,
	    char hex[JR_SHA256_SIZE])
{
	g_autofree char *text = g_strconcat(use, ":", value, NULL);
	g_autoptr(GHmac) mac = NULL;

	if (g_strcmp0(text, db->last_text) != 0) {
		mac = keyed(db);
		g_hmac_update(mac, (const guchar *)text, (gssize)strlen(text));
		g_strlcpy(db->last_key, g_hmac_get_string(mac), JR_SHA256_SIZE);
		g_free(db->last_text);
		db->last_text = g_steal_pointer(&text);
	}
	memcpy(hex, db->last_key, JR_SHA256_SIZE);
}

void jr_digest_text(GString *out, const char *text)
{
	if (text)
		g_string_append_printf(out, "%" G_GSIZE_FORMAT ":%s",
				       strlen(text), text);
	else
		g_string_append_c(out, '-');
}

void jr_digest_int(GString *out, gint64 number)
{
	g_string_append_printf(out, "%" G_GINT64_FORMAT ";", number);
}
