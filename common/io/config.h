/*
 * config.h - where jr.yaml is, and the places that it names.
 *
 * What its keys mean, and which there are, is rules/policy.h's business; this
 * module finds the file, reads it, and resolves paths.  The manual is
 * jr-config(5).
 */
#pragma once

#include "base/val.h"

typedef struct _JrConfig {
	char *file;	  /* its path; NULL: there is none, all is default */
	char *folder;	  /* where relative paths in it begin; "." */
	const JrVal *doc; /* all of it, a map, perhaps empty */

	/* Places.  A relative path in jr.yaml begins at @folder. */
	char *state;	 /* --state, $JR_STATE, `state`, jr.db; or a URL */
	char *workflows; /* folder of workflow files: `workflows` */
	char *segments;	 /* `segments`, segments.yaml */
	char *snippets;	 /* folder of Liquid snippets: `snippets` */
	char *rejects;	 /* `rejects`, rejects.ndjson */

	JrArena *arena; /* doc's */
} JrConfig;

/*
 * Read @file, or when that is NULL $JR_CONFIG, or ./jr.yaml if it is there, or
 * nothing.  @state, unless NULL, wins over what else names the state.  A text
 * in it whose key ends in "_file" is a path, and made to begin at the folder.
 * NULL and JR_ERROR_CONFIG with file and line.  Owned by the caller.
 */
JrConfig *jr_config_load(const char *file, const char *state, GError **error);
void jr_config_free(JrConfig *config);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrConfig, jr_config_free)
