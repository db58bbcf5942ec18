/* Workflows as they were for those who set out by them. */
#include "base/error.h"
#include "flow/journey/files_impl.h"
#include "store/enrolments.h"

#include <string.h>

/* A workflow as it was by one hash, and as it may be run now. */
typedef struct {
	JrWorkflow *workflow;
	JrWorkflow now; /* a view: its approval is what the file says now */
} Version;

void jr_journey_version_free(gpointer data)
{
	Version *version = data;

	jr_workflow_free(version->workflow);
	g_free(version);
}

gboolean jr_journey_files_keep(JrJourneyFiles *files, gint64 now_s, guint *n,
			       GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(JR_WORKFLOW_ARENA);

	*n = 0;
	for (guint i = 0; i < files->all->len; i++) {
		const JrWorkflow *workflow = files->all->pdata[i];
		JrVersion version = { .hash = workflow->hash }, old;
		gboolean found = FALSE;

		jr_arena_reset(arena);
		if (!jr_version_get(files->flow->db, workflow->hash, arena,
				    &old, &found, error))
			return FALSE;
		if (found)
			continue;
		version.workflow = workflow->name;
		version.text = files->texts->pdata[i];
		version.first_s = now_s;
		version.aims = workflow->goal.name != NULL;
		if (!jr_version_put(files->flow->db, &version, error))
			return FALSE;
		(*n)++;
	}
	return TRUE;
}

gboolean jr_journey_files_kept(JrJourneyFiles *files, gboolean *kept,
			       GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(JR_WORKFLOW_ARENA);

	*kept = TRUE;
	if (files->kept)
		return TRUE;
	for (guint i = 0; *kept && i < files->all->len; i++) {
		const JrWorkflow *workflow = files->all->pdata[i];
		JrVersion old;

		jr_arena_reset(arena);
		if (!jr_version_get(files->flow->db, workflow->hash, arena,
				    &old, kept, error))
			return FALSE;
	}
	files->kept = *kept;
	return TRUE;
}

/* The text of @hash from the store, as a workflow. */
static JrWorkflow *parse_stored(JrJourneyFiles *files, const char *name,
				const char *hash, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(JR_WORKFLOW_ARENA);
	g_autofree char *where = g_strdup_printf("%s@%.12s", name, hash);
	JrVersion version;
	gboolean found = FALSE;

	if (!jr_version_get(files->flow->db, hash, arena, &version, &found,
			    error))
		return NULL;
	if (!found) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "the state lacks version %.12s of workflow '%s'",
			    hash, name);
		return NULL;
	}
	return jr_journey_files_parse(files, where, version.text,
				      strlen(version.text), error);
}

const JrWorkflow *jr_journey_files_version(JrJourneyFiles *files,
					   const char *name, const char *hash,
					   GError **error)
{
	const JrWorkflow *now = jr_journey_files_find(files, name);
	Version *version = g_hash_table_lookup(files->versions, hash);

	if (now && strcmp(now->hash, hash) == 0)
		return now;
	if (version)
		return &version->now;
	version = g_new0(Version, 1);
	version->workflow = parse_stored(files, name, hash, error);
	if (!version->workflow) {
		g_free(version);
		return NULL;
	}
	version->now = *version->workflow;
	version->now.enabled = now && now->enabled;
	g_hash_table_insert(files->versions, g_strdup(hash), version);
	return &version->now;
}
