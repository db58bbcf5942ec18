/*
 * list.h - a list of people in a file of its own: an id or an e-mail
 * address on each line; blank lines, and what follows a #, do not count.
 */
#pragma once

#include "base/hash.h"
#include "store/people.h"

typedef struct _JrSegmentList JrSegmentList;

/* Read the file at @path.  NULL and JR_ERROR_CONFIG: it cannot be read, it is
 * too long, or a line is no text; with its number.  Owned. */
JrSegmentList *jr_segment_list_load(const char *path, GError **error);
/* The same of @len bytes of @text, which a NUL follows and which it takes;
 * @path is for messages. */
JrSegmentList *jr_segment_list_parse(char *text, gsize len, const char *path,
				     GError **error);
void jr_segment_list_free(JrSegmentList *list);

/* What the list is known by: the SHA-256 of those who are on it. */
const char *jr_segment_list_digest(const JrSegmentList *list);

gboolean jr_segment_list_has(const JrSegmentList *list,
			     const JrIdentity *identity);

/* Append to @people (gint64) all on it who are known, each once, in rising
 * order. */
gboolean jr_segment_list_people(const JrSegmentList *list, JrDb *db,
				GArray *people, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSegmentList, jr_segment_list_free)
