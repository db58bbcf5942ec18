/*
 * files_impl.h - the inside of workflow files; for files.c and versions.c
 * alone.
 */
#pragma once

#include "flow/journey/files.h"

#define JR_WORKFLOW_ARENA (16 * 1024 * 1024) /* bytes of one, parsed */

struct _JrJourneyFiles {
	const JrFlow *flow;
	const char *folder, *snippets; /* paths, of flow->config */
	GPtrArray *all;		       /* JrWorkflow *, owned, by name */
	GPtrArray *texts;	       /* of each of these */
	GPtrArray *of_kind[JR_TRIGGER_LAST + 1]; /* of these, by trigger */
	GHashTable *named;			 /* name to JrWorkflow * */
	GHashTable *starters; /* "KIND:NAME" to GPtrArray of JrWorkflow * */
	GHashTable *versions; /* hash to Version * */
	GHashTable *snippet_texts; /* name to text; NULL: there is none */
	gboolean kept; /* known to be in the store, which loses none */
};

/* Parse @text as a workflow; @path is for messages.  Owned. */
JrWorkflow *jr_journey_files_parse(JrJourneyFiles *files, const char *path,
				   const char *text, gsize len, GError **error);

/* Free a value of files->versions. */
void jr_journey_version_free(gpointer data);
