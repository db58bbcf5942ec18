/*
 * files.h - the workflow files: as they are now, and as they were for
 * those who set out by an earlier version.
 */
#pragma once

#include "flow/flow.h"
#include "rules/workflow.h"
#include "store/log.h"

typedef struct _JrJourneyFiles JrJourneyFiles;

/*
 * Read all *.yaml of the configured folder (`workflows`, beside jr.yaml).
 * NULL and JR_ERROR_CONFIG "FILE:LINE:COLUMN: …" at the first that is wrong,
 * or when two have one name.  Owned.
 */
JrJourneyFiles *jr_journey_files_load(const JrFlow *flow, GError **error);
void jr_journey_files_free(JrJourneyFiles *files);

/* No workflow at all, for who asks for snippets only.  Owned. */
JrJourneyFiles *jr_journey_files_none(const JrFlow *flow);

/* A JrSnippetFn, whose data is a JrJourneyFiles: snippets/NAME.liquid. */
const char *jr_journey_files_snippet(gpointer files, const char *name);

/*
 * The same for --check: each file that is wrong is told to @wrong, and what is
 * right is loaded.  NULL only when the folder itself cannot be read.
 */
typedef void (*JrJourneyWrongFn)(gpointer user, const GError *error);
JrJourneyFiles *jr_journey_files_check(const JrFlow *flow,
				       JrJourneyWrongFn wrong, gpointer user,
				       GError **error);

/* All there are, JrWorkflow * in the order of their files; borrowed. */
const GPtrArray *jr_journey_files_all(const JrJourneyFiles *files);

/* The one named @name, or NULL. */
const JrWorkflow *jr_journey_files_find(const JrJourneyFiles *files,
					const char *name);

/* The same; NULL and JR_ERROR_CONFIG, with the name it may have been. */
const JrWorkflow *jr_journey_files_want(const JrJourneyFiles *files,
					const char *name, GError **error);

/* Those with a trigger of @kind; borrowed; never NULL. */
const GPtrArray *jr_journey_files_of_kind(const JrJourneyFiles *files,
					  JrTriggerKind kind);

/* Those that a log row of @kind and @name may start, or NULL; borrowed. */
const GPtrArray *jr_journey_files_started_by(const JrJourneyFiles *files,
					     JrLogKind kind, const char *name);

/*
 * Keep the text of each under its hash, so that whoever sets out by it can go
 * on by it.  In a write transaction; *@n is how many were new.
 */
gboolean jr_journey_files_keep(JrJourneyFiles *files, gint64 now_s, guint *n,
			       GError **error);

/* Whether the store has all of them already. */
gboolean jr_journey_files_kept(JrJourneyFiles *files, gboolean *kept,
			       GError **error);

/*
 * The workflow @name as it was by @hash.  Whether it is enabled is what the
 * file says now: without a file it is not.
 * Borrowed.  NULL and JR_ERROR_IO, or JR_ERROR_CONFIG when this jr no longer
 * reads that version.
 */
const JrWorkflow *jr_journey_files_version(JrJourneyFiles *files,
					   const char *name, const char *hash,
					   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrJourneyFiles, jr_journey_files_free)
