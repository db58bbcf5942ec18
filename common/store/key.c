#include "store/key.h"
#include "store/stmt.h"

#include <string.h>

void jr_key(JrDb *db, const char *use, const char *value,
	    char hex[JR_SHA256_SIZE])
{
	const char *secret = jr_db_secret(db);
	g_autofree char *text = g_strconcat(use, ":", value, NULL);
	g_autofree char *mac = NULL;

	g_assert(*secret); /* a store that may only be read has one, too */
	mac = g_compute_hmac_for_string(G_CHECKSUM_SHA256,
					(const guchar *)secret, strlen(secret),
					text, -1);
	memcpy(hex, mac, JR_SHA256_SIZE);
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
