/*
 * doc.h - documents of our own: jansson's json_t, freed by g_autoptr(json_t).
 */
#pragma once

#include "base/val.h"

#include <jansson.h>

/* @val as a document, to be put into another; NULL is a null.  New reference.
 */
json_t *jr_doc_of_val(const JrVal *val);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
