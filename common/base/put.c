#include "base/put.h"

#include <string.h>

static void begin_member(GString *line)
{
	if (line->str[line->len - 1] != '{')
		g_string_append_c(line, ',');
}

void jr_put_key(GString *line, const char *key)
{
	begin_member(line);
	g_string_append_c(line, '"');
	g_string_append(line, key);
	g_string_append(line, "\":");
}

void jr_put_any_key(GString *line, const char *key, gsize len)
{
	begin_member(line);
	jr_val_write_text(key, len, line);
	g_string_append_c(line, ':');
}

void jr_put_text(GString *line, const char *key, const char *text)
{
	gsize len = text ? strlen(text) : 0;

	if (!text || !g_utf8_validate(text, (gssize)len, NULL))
		return;
	jr_put_key(line, key);
	jr_val_write_text(text, len, line);
}

void jr_put_int(GString *line, const char *key, gint64 num)
{
	const JrVal val = jr_val_int(num);

	jr_put_key(line, key);
	jr_val_write(&val, line);
}
