/*
 * doc.h - documents of our own: jansson's json_t, freed by g_autoptr(json_t).
 */
#pragma once

#include "base/val.h"

#include <jansson.h>

/* @val as a document, to be put into another; NULL is a null.  New reference.
 */
json_t *jr_doc_of_val(const JrVal *val);

/*
 * Write @doc as compact JSON at the end of @out, keys as they were put there,
 * reals in the fewest digits that read back the same (jansson's own are 17).
 */
void jr_doc_write(const json_t *doc, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
