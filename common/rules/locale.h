/*
 * locale.h - which variant of a text a person gets.
 *
 * Source: RFC 4647, section 3.4 (lookup): ever shorter prefixes of what is
 * wanted, case and "_" for "-" overlooked.
 */
#pragma once

#include <glib.h>

/*
 * The place in @have (@n tags such as "fr", "pt-BR") of the best for @wanted:
 * itself, or its longest prefix; a bare language takes its first region.  -1
 * when none fits or @wanted is NULL.
 */
int jr_locale_pick(const char *const *have, guint n, const char *wanted);
