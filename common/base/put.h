/*
 * put.h - records as text at once, member by member: for those of which there
 * are many, so that no document is made of each.
 */
#pragma once

#include "base/val.h"

/* Begin a member of the map that is being written at the end of @line: a comma
 * unless it is the first, and @key, which needs no escapes. */
void jr_put_key(GString *line, const char *key);

/* The same of a @key that may need escapes. */
void jr_put_any_key(GString *line, const char *key, gsize len);

/* Add a member.  None is added for a @text that is NULL, or no UTF-8: what a
 * provider said may be anything. */
void jr_put_text(GString *line, const char *key, const char *text);
void jr_put_int(GString *line, const char *key, gint64 num);
