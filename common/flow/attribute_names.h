/*
 * attribute_names.h - attributes that expressions ask for and nobody has.
 *
 * A slip of the hand in a name is no error: the attribute may come tomorrow.
 * But whoever looks at all people knows which names there are.
 */
#pragma once

#include "lang/expr.h"

typedef struct _JrAttributeNames JrAttributeNames;

JrAttributeNames *jr_attribute_names_new(void);
void jr_attribute_names_free(JrAttributeNames *names);

/* @expr, which outlives @names, asks for some. */
void jr_attribute_names_ask(JrAttributeNames *names, const JrExpr *expr);

/* Somebody has @attributes, a map. */
void jr_attribute_names_see(JrAttributeNames *names, const JrVal *attributes);

/* An attribute that nobody has, where it stands, and the nearest that somebody
 * has; or NULL. */
typedef struct {
	const char *path;
	guint line, column;
	const char *nearest;
} JrAttributeUnknown;
typedef void (*JrAttributeUnknownFn)(const JrAttributeUnknown *unknown,
				     gpointer user);

/* Tell @each of those that were not seen; of none when nobody was. */
void jr_attribute_names_tell(const JrAttributeNames *names,
			     JrAttributeUnknownFn each, gpointer user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrAttributeNames, jr_attribute_names_free)
