#include "net/base64url.h"

#include <string.h>

char *jr_base64url(const void *bytes, gsize len)
{
	char *text = g_base64_encode(bytes, len);

	g_strdelimit(text, "+", '-');
	g_strdelimit(text, "/", '_');
	text[strcspn(text, "=")] = '\0';
	return text;
}

guint8 *jr_base64url_decode(const char *text, gsize len, gsize *n)
{
	g_autoptr(GString) base64 = g_string_new_len(text, (gssize)len);

	while (base64->len > 0 && base64->str[base64->len - 1] == '=')
		g_string_truncate(base64, base64->len - 1);
	for (gsize i = 0; i < base64->len; i++) {
		char c = base64->str[i];

		if (!g_ascii_isalnum(c) && c != '-' && c != '_')
			return NULL;
		base64->str[i] = c == '-' ? '+' : c == '_' ? '/' : c;
	}
	if (base64->len % 4 == 1)
		return NULL;
	while (base64->len % 4)
		g_string_append_c(base64, '=');
	return g_base64_decode(base64->str, n);
}
