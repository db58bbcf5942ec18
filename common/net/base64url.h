/*
 * base64url.h - bytes as JWTs and browsers write them: RFC 4648, 5, without
 * padding.
 */
#pragma once

#include <glib.h>

/* Owned. */
char *jr_base64url(const void *bytes, gsize len);

/*
 * The bytes that @len characters of @text are, *@n of them; owned.  Padding at
 * the end does no harm.  NULL: it is no base64url.
 */
guint8 *jr_base64url_decode(const char *text, gsize len, gsize *n);
