/*
 * form.h - application/x-www-form-urlencoded, as requests and webhooks have it.
 *
 * Source: the WHATWG URL standard, 5; a space is written "%20" and read as
 * "+", too.
 */
#pragma once

#include <glib.h>

/* Add "name=value" to @form, after a "&" where it is not the first. */
void jr_form_add(GString *form, const char *name, const char *value);

typedef struct {
	char *name, *value; /* UTF-8 without NUL */
} JrFormField;

/*
 * The fields of @len bytes of @text in their order, JrFormField each, which
 * the array owns.  NULL and JR_ERROR_INPUT: over @max fields, an escape that
 * is none, a NUL, or no UTF-8.
 */
GArray *jr_form_parse(const char *text, gsize len, guint max, GError **error);

/* The value of the first field @name; NULL when there is none.  Borrowed. */
const char *jr_form_get(const GArray *fields, const char *name);
